/** `result.json` of Classroom 50 (foundation50/classroom50, wiki "Advanced Autograding", `classroom50/result/v1`). */
import type { Points } from '../../run/result.ts';
import type { ClassInfo, Graded, Row } from '../grade.ts';
import { type CheckView, checksOf, counted, line, publicAndHidden } from './view.ts';

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
 * Classroom 50 takes whole points only: each is rounded to the nearest (a half up) in such a way that the tests still make
 * their sum; the exact points stand beside them. Undefined where the learner could not be graded: there is no result that
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
    tests: [...tests(checksOf(info, grade)), ...notes(grade)],
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
function tests(views: readonly CheckView[]): readonly Test[] {
  const { shown, hidden } = publicAndHidden(views);
  const entries = [
    ...shown.map(({ column, grade, points }) => ({
      name: line(column.title) || column.check,
      passed: grade?.verdict === 'pass',
      points: points ?? { earned: 0, possible: column.possible },
      verdict: grade?.verdict ?? 'unknown',
    })),
    ...(hidden ? [{ name: counted(hidden.checks, 'hidden check'), passed: hidden.passed, points: hidden.points }] : []),
  ];
  const scores = wholes(entries.map(({ points }) => points.earned));
  const maxima = wholes(entries.map(({ points }) => points.possible));
  return entries.map(({ name, ...entry }, index) => ({
    'test-name': name,
    score: Math.min(scores[index] ?? 0, maxima[index] ?? 0),
    'max-score': maxima[index] ?? 0,
    ...entry,
  }));
}

/** Why the score is not the tests' sum: tests worth nothing, as there is no other place to say it. */
function notes({ late, overrides }: Graded): readonly Test[] {
  const worthless = { passed: false, score: 0, 'max-score': 0 };
  const whole = overrides.find(({ check }) => check === undefined);
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
    sum = Math.round((sum + value) * 100) / 100;
    return Math.round(sum) - before;
  });
}

/** `2026-06-01T14:32:01Z`, as its own examples are. */
function toSecond(time: string): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
