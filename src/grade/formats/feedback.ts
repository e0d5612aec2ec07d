/**
 * `feedback/<learner>.md`: what one can send to a learner. Hidden checks are only counted; remarks, and what is wrong on the
 * instructor's side, are not in it.
 */
import type { Verdict } from '../../check.ts';
import { code, inline, table } from '../../lib/markdown.ts';
import { sumOf } from '../../lib/points.ts';
import { counted } from '../../lib/words.ts';
import { finding, utc } from '../../report/blocks.ts';
import type { Result } from '../../run/result.ts';
import type { CheckGrade, ClassInfo, Graded, Row, Ungraded } from '../grade.ts';
import type { Learner } from '../learner.ts';
import { isTheirs, nothingTold, why } from './trouble.ts';
import {
  accountOf,
  isOpenView,
  type KnownCheck,
  knownChecks,
  publicAndHidden,
  sentence,
  VERDICT_WORDS,
} from './view.ts';

/** @param result what the verification told in full; without it, findings are named by their codes only */
export function feedback(info: ClassInfo, row: Row, result?: Result): string {
  const views = knownChecks(info, row.grade, result);
  const { grade } = row;
  const parts = [
    `# ${inline(info.lab.title)}`,
    identity(row, result),
    ...(grade.status === 'graded' ? gradedSummary(info, grade, views) : ungradedSummary(row.learner, grade)),
    ...steps(publicAndHidden(views).shown),
  ];
  return `${parts.join('\n\n')}\n`;
}

function identity(row: Row, result: Result | undefined): string {
  const { learner, grade } = row;
  const account = accountOf(row);
  const region = result?.cloud.region;
  return table(
    ['Feedback', ''],
    [
      ['Learner', learner.name ? `${inline(learner.name)} (${code(learner.id)})` : code(learner.id)],
      ...(account ? [['Account', code(account)]] : []),
      ...(region ? [['Region', code(region)]] : []),
      [grade.checks?.length ? 'Looked at' : 'Tried', utc(Date.parse(grade.gradedAt))],
    ],
  );
}

function gradedSummary(info: ClassInfo, grade: Graded, views: readonly KnownCheck[]): readonly string[] {
  const { points, percent, passed } = grade;
  const reaches = passed ? 'reaches' : 'does not reach';
  return [
    `**${points.earned} of ${points.possible} points (${percent} %)**: this ${reaches} the pass mark of ${info.passMark} %.`,
    grade.cloud ? checksSummary(views) : 'Checks: none, as your account could not be looked at.',
    ...(grade.late ? [lateText(grade.late)] : []),
    ...overrideTexts(info, grade),
  ];
}

function checksSummary(views: readonly KnownCheck[]): string {
  const { shown, hidden } = publicAndHidden(views);
  const { earned, possible } = sumOf(shown);
  const passed = shown.filter(({ grade }) => grade?.verdict === 'pass').length;
  const seen = `Checks: ${passed} of ${shown.length} passed, ${earned} of ${possible} points.`;
  if (!hidden) return seen;
  const { checks, points } = hidden;
  return `${seen} Beside these, grading runs ${counted(checks, 'hidden check')}: ${points.earned} of ${points.possible} points.`;
}

function lateText({ finishedAt, days, points }: NonNullable<Graded['late']>): string {
  return `Late: finished ${utc(Date.parse(finishedAt))}, ${counted(days, 'day')} after the due time. ${points} points are taken off for it.`;
}

function overrideTexts(info: ClassInfo, { overrides }: Graded): readonly string[] {
  return overrides.map(({ check, points, reason }) => {
    const column = info.columns.find((candidate) => candidate.check === check);
    const what =
      check === undefined
        ? 'The whole grade'
        : column && !column.hidden
          ? `The check “${inline(column.title)}”`
          : 'A hidden check';
    return `${what} was set to ${points} points by hand: ${inline(reason)}`;
  });
}

const OPEN: readonly Verdict[] = ['unknown', 'waiting'];

function ungradedSummary(learner: Learner, grade: Ungraded): readonly string[] {
  return [
    '**This could not be graded. It is not a zero:** no points were given or taken, and it will be graded again. Keep what you have built until then.',
    ...(grade.checks ? partlyTold(grade, grade.checks) : nothingTold(learner, grade)),
  ];
}

function partlyTold(grade: Ungraded, checks: readonly CheckGrade[]): readonly string[] {
  // The reason may tell what a hidden check is about.
  const isSecret = checks.some(({ hidden, verdict }) => hidden && OPEN.includes(verdict));
  return [
    isSecret || !isTheirs(grade.code)
      ? 'Why: some checks could not be told. Of those that are shown, it stands below why.'
      : why(grade),
    'What to do: if a reason names something in your account that you can mend (a permission, a role, an instance that is stopped), mend it and tell your instructor; otherwise wait to hear from them.',
    'What could be told all the same:',
  ];
}

function steps(views: readonly KnownCheck[]): readonly string[] {
  const byStep = Map.groupBy(views, ({ column }) => column.step);
  return [...byStep.values()].flatMap((checks) => {
    const { earned, possible } = sumOf(checks);
    return [
      `## ${inline(checks[0]?.column.stepTitle ?? '')}`,
      `${earned} of ${possible} points${checks.some(isOpenView) ? ', as far as could be told' : ''}.`,
      ...checks.flatMap(check),
    ];
  });
}

function check(view: KnownCheck): readonly string[] {
  const { column, grade, points, override, result } = view;
  const verdict = VERDICT_WORDS[grade?.verdict ?? 'unknown'];
  const score = `${isOpenView(view) ? '–' : points.earned} of ${points.possible} points`;
  const byHand = override ? ' (set by hand)' : '';
  const found = result
    ? result.findings.map((each) => ({ code: each.code, text: finding(each) }))
    : (grade?.codes ?? []).map((name) => ({ code: name, text: `Found: ${code(name)}` }));
  const others = found.some((each) => !isTheirs(each.code)) ? ['That is for a reason that is not yours.'] : [];
  return [
    `### ${inline(result?.title ?? column.title)}`,
    sentence(`${verdict}, ${score}${byHand}`),
    ...found.filter((each) => isTheirs(each.code)).map(({ text }) => text),
    ...others,
  ];
}
