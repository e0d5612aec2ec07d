/** `result.json` of Classroom 50 (foundation50/classroom50, wiki "Advanced Autograding", `classroom50/result/v1`). */
import { rounded } from '../../lib/points.ts';
import { counted, line } from '../../lib/words.ts';
import type { Points } from '../../run/result.ts';
import type { ClassInfo, Graded, Row } from '../grade.ts';
import { type KnownCheck, knownChecks, publicAndHidden, wholeOverride } from './view.ts';

/** What only the place where it runs knows: which submission this is about. */
const PLACES = {
  classroom: 'CLASSROOM',
  assignment: 'ASSIGNMENT',
  submission: 'SUBMISSION_TAG',
  commit: 'COMMIT_URL',
  release: 'RELEASE_URL',
  review: 'REVIEW_URL',
} as const;

/**
 * Names of the submission come from the roster's columns of the fields' names (`classroom`, `commit` …), else from the variables that
 * Classroom 50 sets (`CLASSROOM`, `COMMIT_URL` …). What neither tells is left out, never made up.
 *
 * Classroom 50 takes whole points only: what the tests make together is rounded to the nearest (a half up), and shared among
 * them; the exact points stand beside them. Undefined where the learner could not be graded: there is no result that
 * says so, and a missing one is shown as an error, not as a zero.
 */
export function classroom50(
  info: ClassInfo,
  { learner, grade }: Row,
  environment: Readonly<Record<string, string | undefined>> = {},
): string | undefined {
  if (grade.status !== 'graded') return undefined;
  const places = Object.entries(PLACES).flatMap(([field, variable]) => {
    const told = learner.columns[field] || environment[variable];
    return told ? [[field, line(told)] as const] : [];
  });
  const possible = Math.round(grade.points.possible);
  const document = {
    schema: 'classroom50/result/v1',
    ...Object.fromEntries(places),
    // The runner stamps this and the owner itself: an account has no commit whose date it could be.
    datetime: toSecond(grade.submittedAt),
    graded_at: toSecond(grade.gradedAt),
    score: Math.min(possible, Math.max(0, Math.round(grade.points.earned))),
    'max-score': possible,
    points: grade.points,
    tests: [...tests(knownChecks(info, grade)), ...notes(grade)],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

interface Test {
  readonly 'test-name': string;
  readonly passed: boolean;
  readonly score: number;
  readonly 'max-score': number;
  /** Not rounded. */
  readonly points?: Points;
  readonly verdict?: string;
}

/** The file is an asset of the learner's own release: hidden checks are one test. */
function tests(views: readonly KnownCheck[]): readonly Test[] {
  const { shown, hidden } = publicAndHidden(views);
  const entries = [
    ...shown.map(({ column, grade, points }) => ({
      name: line(column.title) || column.check,
      passed: grade?.verdict === 'pass',
      points,
      verdict: grade?.verdict ?? 'unknown',
    })),
    ...(hidden ? [{ name: counted(hidden.checks, 'hidden check'), passed: hidden.passed, points: hidden.points }] : []),
  ];
  const maxima = wholes(entries.map(({ points }) => points.possible));
  const scores = shares(entries.map(({ points }, index) => ({ earned: points.earned, most: maxima[index] ?? 0 })));
  return entries.map(({ name, ...entry }, index) => ({
    'test-name': name,
    score: scores[index] ?? 0,
    'max-score': maxima[index] ?? 0,
    ...entry,
  }));
}

/** Why the score is not the tests' sum: tests worth nothing, as there is no other place to say it. */
function notes({ late, overrides }: Graded): readonly Test[] {
  const worthless = { passed: false, score: 0, 'max-score': 0 };
  const whole = wholeOverride(overrides);
  return [
    ...(late ? [{ 'test-name': `Late by ${counted(late.days, 'day')}: ${late.points} points off`, ...worthless }] : []),
    ...(whole
      ? [{ 'test-name': `Set to ${whole.points} points by hand: ${line(whole.reason)}`, ...worthless, passed: true }]
      : []),
  ];
}

/** Rounds each in such a way that the sum of the first so many is the rounded sum of the first so many. */
function wholes(values: readonly number[]): readonly number[] {
  let sum = 0;
  return values.map((value) => {
    const before = Math.round(sum);
    sum = rounded(sum + value);
    return Math.round(sum) - before;
  });
}

/**
 * The rounded sum of what was earned, shared by largest remainder: each has its whole points, and those that are left go
 * one by one to whoever has lost the most and is below its maximum; to the first of them where some lost the same.
 * @param parts Each has earned at most what was possible, whose rounded sum the maxima make.
 */
function shares(parts: readonly { readonly earned: number; readonly most: number }[]): readonly number[] {
  const shared = parts.map((part) => ({ ...part, score: Math.floor(part.earned) }));
  const lost = ({ earned, score }: { earned: number; score: number }) => rounded(earned - score);
  const total = Math.round(rounded(parts.reduce((sum, { earned }) => sum + earned, 0)));
  for (let left = shared.reduce((rest, { score }) => rest - score, total); left > 0; left -= 1) {
    const [next] = shared.filter(({ score, most }) => score < most).toSorted((one, other) => lost(other) - lost(one));
    if (next) next.score += 1;
  }
  return shared.map(({ score }) => score);
}

/** `2026-06-01T14:32:01Z`, as its own examples are. */
function toSecond(time: string): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
