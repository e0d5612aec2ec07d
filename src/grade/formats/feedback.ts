/** `feedback/<learner>.md`: what one can send to a learner. Hidden checks are only counted, remarks are not in it. */
import type { Verdict } from '../../check.ts';
import { code, inline, table } from '../../lib/markdown.ts';
import { finding, utc } from '../../report/blocks.ts';
import type { Result } from '../../run/result.ts';
import type { ClassInfo, Graded, Row, Ungraded } from '../grade.ts';
import { accountOf, type CheckView, checksOf, counted, publicAndHidden, sumOf, VERDICT_WORDS } from './view.ts';

/** @param result what the verification told in full; without it, findings are named by their codes only */
export function feedback(info: ClassInfo, row: Row, result?: Result): string {
  const views = checksOf(info, row.grade, result);
  const { grade } = row;
  const parts = [
    `# ${inline(info.lab.title)}`,
    identity(row),
    ...(grade.status === 'graded' ? gradedSummary(info, grade, views) : ungradedSummary(grade)),
    ...(grade.checks ? steps(publicAndHidden(views).shown) : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

function identity(row: Row): string {
  const { learner, grade } = row;
  const account = accountOf(row);
  return table(
    ['Feedback', ''],
    [
      ['Learner', learner.name ? `${inline(learner.name)} (${code(learner.id)})` : code(learner.id)],
      ...(account ? [['Account', code(account)]] : []),
      ['Looked at', utc(Date.parse(grade.gradedAt))],
    ],
  );
}

function gradedSummary(info: ClassInfo, grade: Graded, views: readonly CheckView[]): readonly string[] {
  const { points, percent, passed } = grade;
  const reaches = passed ? 'reaches' : 'does not reach';
  return [
    `**${points.earned} of ${points.possible} points (${percent} %)**: this ${reaches} the pass mark of ${info.passMark} %.`,
    checksSummary(views),
    ...(grade.late ? [lateText(grade.late)] : []),
    ...overrideTexts(info, grade),
  ];
}

function checksSummary(views: readonly CheckView[]): string {
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

function ungradedSummary({ code: name, reason, checks }: Ungraded): readonly string[] {
  return [
    '**This could not be graded. It is not a zero:** no points were given or taken, and it will be graded again.',
    // The reason may tell what a hidden check is about.
    checks?.some(({ hidden, verdict }) => hidden && OPEN.includes(verdict))
      ? 'Why: some checks could not be told. Of those that are shown, it stands below why.'
      : `Why: ${inline(reason)} (${code(name)})`,
    'What to do: if the reason names something in your account that you can mend (a permission, a role, an instance that is stopped), mend it and tell your instructor; otherwise wait to hear from them. Keep what you have built until then.',
    ...(checks ? ['What could be told all the same:'] : []),
  ];
}

function steps(views: readonly CheckView[]): readonly string[] {
  const byStep = Map.groupBy(views, ({ column }) => column.step);
  return [...byStep.values()].flatMap((checks) => {
    const { earned, possible } = sumOf(checks);
    return [
      `## ${inline(checks[0]?.column.stepTitle ?? '')}`,
      `${earned} of ${possible} points.`,
      ...checks.flatMap(check),
    ];
  });
}

function check({ column, grade, points, override, result }: CheckView): readonly string[] {
  const verdict = grade ? VERDICT_WORDS[grade.verdict] : 'could not be told';
  const score = points ? `, ${points.earned} of ${points.possible} points` : '';
  const byHand = override ? ' (set by hand)' : '';
  const findings = result ? result.findings.map(finding) : (grade?.codes ?? []).map((name) => `Found: ${code(name)}`);
  return [`### ${inline(result?.title ?? column.title)}`, `${sentence(verdict)}${score}${byHand}.`, ...findings];
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
