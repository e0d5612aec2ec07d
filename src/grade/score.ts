/** From what was seen of an account to a grade, by the rubric and what was decided by hand. */
import type { Lab } from '../lab/schema.ts';
import { rounded, sumOf } from '../lib/points.ts';
import type { Points } from '../run/result.ts';
import { type Facts, finishedAt } from './facts.ts';
import type { CheckGrade, ClassInfo, Grade, Graded, Late, Override } from './grade.ts';
import type { Learner } from './learner.ts';
import { remarksOf } from './remarks.ts';
import type { Rubric } from './rubric.ts';
import { type CheckSeen, isOpen, type Seen } from './seen.ts';

export interface Marking {
  readonly lab: Lab;
  readonly rubric: Rubric;
  readonly overrides: readonly Override[];
}

export interface Times {
  /** ISO 8601. */
  readonly submittedAt: string;
  readonly gradedAt: string;
}

const DAY_MS = 24 * 60 * 60_000;

/** What the class's books are about. */
export function classInfo({ lab, rubric }: Pick<Marking, 'lab' | 'rubric'>): ClassInfo {
  const columns = lab.steps.flatMap((step) =>
    step.checks.map(({ id, title, use, points }) => ({
      check: id,
      title: title ?? use,
      step: step.id,
      stepTitle: step.title,
      possible: rubric.checks[id]?.points ?? points,
      hidden: rubric.checks[id]?.hidden ?? false,
    })),
  );
  return {
    lab: { id: lab.id, version: lab.version, digest: lab.digest, title: lab.title },
    columns,
    possible: rounded(columns.reduce((sum, { possible }) => sum + possible, 0)),
    passMark: rubric.pass,
  };
}

/** Pure: another rubric, or another decision, needs no other look. */
export function gradeOf(learner: Learner, seen: Seen, marking: Marking, times: Times): Grade {
  const mine = marking.overrides.filter((override) => override.learner === learner.id);
  const whole = mine.find(({ check }) => check === undefined);
  const common = { learner: learner.id, ...times };
  if (!seen.ok && !whole) return { status: 'unknown', ...common, code: seen.code, reason: seen.reason };

  const told = seen.ok ? seen.checks : [];
  if (seen.ok && !isWhole(told, marking.lab))
    return { status: 'unknown', ...common, code: 'OTHER_LAB', reason: 'What was seen is not what this lab checks.' };
  const checks = told.map((check) => checkGrade(check, marking.rubric, mine));
  const open = told.filter((check) => isOpen(check) && !whole && !mine.some(({ check: id }) => check.id === id));
  const [first] = open;
  if (first) return { status: 'unknown', ...common, ...whyOpen(first, open.length), checks };

  const facts = seen.ok ? seen.facts : {};
  const { possible } = classInfo(marking);
  const sum = sumOf(checks).earned;
  const late = whole ? undefined : lateness(facts, marking, { earned: sum, possible });
  const earned = whole ? whole.points : rounded(sum - (late?.points ?? 0));
  const percent = possible === 0 ? 100 : rounded((earned / possible) * 100);
  return {
    status: 'graded',
    ...common,
    ...(seen.ok && { cloud: seen.cloud }),
    resources: seen.ok ? seen.resources : {},
    checks,
    points: { earned, possible },
    percent,
    passed: percent >= marking.rubric.pass,
    ...(late && { late }),
    overrides: mine,
    remarks: seen.ok ? remarksOf(learner, seen, { ...marking, overrides: mine }) : [],
  } satisfies Graded;
}

function isWhole(checks: readonly CheckSeen[], { steps }: Lab): boolean {
  const ids = steps.flatMap((step) => step.checks).map(({ id }) => id);
  return checks.length === ids.length && checks.every(({ id }, index) => id === ids[index]);
}

function checkGrade({ id, verdict, points, codes }: CheckSeen, rubric: Rubric, mine: readonly Override[]): CheckGrade {
  const rule = rubric.checks[id];
  const possible = rule?.points ?? points.possible;
  const share = points.possible === 0 ? Number(verdict === 'pass') : points.earned / points.possible;
  const override = mine.find(({ check }) => check === id);
  return {
    id,
    verdict,
    points: { earned: override?.points ?? rounded(possible * share), possible },
    hidden: rule?.hidden ?? false,
    codes,
  };
}

/** Most often one cause leaves many checks open: the first of them in the lab's order tells it. */
function whyOpen(
  { title, why, verdict }: CheckSeen,
  count: number,
): { readonly code: string; readonly reason: string } {
  const more = count > 1 ? ` (and ${count - 1} more)` : '';
  return {
    code: why?.code ?? verdict.toUpperCase(),
    reason: `"${title}"${more} could not be told: ${why?.message ?? verdict}`,
  };
}

/** In days begun after the due time, of what was earned at most. */
function lateness(facts: Facts, { lab, rubric: { late } }: Marking, { earned, possible }: Points): Late | undefined {
  const finished = finishedAt(facts, lab);
  if (!late || finished === undefined) return undefined;
  const days = Math.ceil((finished - Date.parse(late.due)) / DAY_MS);
  if (days <= 0) return undefined;
  const share = Math.min(days * late.perDay, late.most) / 100;
  return { finishedAt: new Date(finished).toISOString(), days, points: Math.min(rounded(possible * share), earned) };
}
