/**
 * `results.json` as Gradescope's autograder reads it (gradescope-autograders.readthedocs.io, "Autograder Specifications").
 */
import { safe } from '../../lib/terminal-text.ts';
import { counted, line } from '../../lib/words.ts';
import { findingText } from '../../report/junit.ts';
import type { Result } from '../../run/result.ts';
import type { ClassInfo, Graded, Row } from '../grade.ts';
import {
  accountOf,
  type KnownCheck,
  knownChecks,
  publicAndHidden,
  sentence,
  VERDICT_WORDS,
  wholeOverride,
} from './view.ts';

interface Test {
  readonly name: string;
  readonly number: string;
  readonly score?: number;
  readonly max_score?: number;
  readonly status: 'passed' | 'failed';
  readonly output: string;
  readonly tags?: readonly string[];
  readonly visibility: 'visible' | 'after_published' | 'hidden';
  readonly extra_data?: Readonly<Record<string, unknown>>;
}

/**
 * Undefined where the learner could not be graded: Gradescope knows only points, and shows a submission without this file
 * as an autograder that failed, not as a zero.
 */
export function gradescope(info: ClassInfo, { learner, grade }: Row, result?: Result): string | undefined {
  if (grade.status !== 'graded') return undefined;
  const views = knownChecks(info, grade, result);
  const document = {
    // Holds even where it is not the tests' sum: lateness, decisions by hand.
    score: grade.points.earned,
    ...(result && { execution_time: result.durationMs / 1000 }),
    output: summary(info, grade),
    output_format: 'text',
    test_output_format: 'text',
    test_name_format: 'text',
    tests: [...publicAndHidden(views).shown.map(visible), ...hiddenTests(info, views)],
    extra_data: {
      learner: learner.id,
      lab: info.lab,
      account: accountOf({ learner, grade }),
      percent: grade.percent,
      passed: grade.passed,
      gradedAt: grade.gradedAt,
      late: grade.late ?? null,
      overrides: grade.overrides.length,
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function summary(info: ClassInfo, { points, percent, passed, late, overrides }: Graded): string {
  const whole = wholeOverride(overrides);
  return [
    `${points.earned} of ${points.possible} points (${percent} %). ${passed ? 'This reaches' : 'This does not reach'} the pass mark of ${info.passMark} %.`,
    ...(late ? [`Late by ${counted(late.days, 'day')}: ${late.points} points are taken off.`] : []),
    ...(whole ? [`The whole grade was set to ${whole.points} points by hand: ${line(whole.reason)}`] : []),
  ].join('\n');
}

function visible(view: KnownCheck): Test {
  const { earned, possible } = view.points;
  return { ...told(view), score: earned, max_score: possible, visibility: 'visible' };
}

/**
 * Learners hear of hidden checks only how many there are and their points, once grades are published: a `hidden` test
 * must not count (the specification, "Controlling Test Case Visibility"), so one test counts for all of them, and what each
 * of them said is beside it, for instructors, without points.
 */
function hiddenTests(info: ClassInfo, views: readonly KnownCheck[]): readonly Test[] {
  const { hidden } = publicAndHidden(views);
  if (!hidden) return [];
  const number = new Set(info.columns.map(({ step }) => step)).size + 1;
  const sum: Test = {
    name: counted(hidden.checks, 'hidden check'),
    number: `${number}`,
    score: hidden.points.earned,
    max_score: hidden.points.possible,
    status: hidden.passed ? 'passed' : 'failed',
    output: 'Run at grading only.',
    visibility: 'after_published',
  };
  const each = views
    .filter(({ column }) => column.hidden)
    .map((view, index): Test => ({ ...told(view), number: `${number}.${index + 1}`, visibility: 'hidden' }));
  return [sum, ...each];
}

/** Gradescope has two statuses: what did not pass is `failed`, and the output and `extra_data` say what it was. */
function told({ column, number, grade, override, result }: KnownCheck): Omit<Test, 'visibility'> {
  const verdict = grade?.verdict ?? 'unknown';
  const said = result ? result.findings.map(findingText) : (grade?.codes ?? []);
  return {
    name: line(result?.title ?? column.title),
    number,
    status: verdict === 'pass' ? 'passed' : 'failed',
    output: [
      sentence(VERDICT_WORDS[verdict]),
      ...(override ? [`Set to ${override.points} points by hand: ${line(override.reason)}`] : []),
      ...said.map(safe),
    ].join('\n\n'),
    tags: [column.step],
    extra_data: { check: column.check, verdict, codes: grade?.codes ?? [], points: grade?.points ?? null },
  };
}
