/** From a look at an account to a grade, by the rubric. Pure: grading again from what was recorded gives the same. */
import type { Lab } from '../lab/schema.ts';
import { matches } from '../model/iam/glob.ts';
import type { CheckResult, Points } from '../run/result.ts';
import type { Attempt } from './attempt.ts';
import { type Facts, finishedAt } from './facts.ts';
import type { CheckGrade, ClassInfo, Grade, Graded, Late, Override } from './grade.ts';
import type { Learner } from './learner.ts';
import type { Rubric } from './rubric.ts';

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
export function classInfo({ lab, rubric }: Marking): ClassInfo {
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

export function gradeOf(learner: Learner, seen: Attempt, marking: Marking, times: Times): Grade {
  const mine = marking.overrides.filter((override) => override.learner === learner.id);
  const whole = mine.find(({ check }) => check === undefined);
  const common = { learner: learner.id, ...times };
  if (!seen.ok) return { status: 'unknown', ...common, code: seen.code, reason: seen.reason };

  const { result, facts } = seen;
  const checks = result.steps.flatMap((step) => step.checks).map((check) => checkGrade(check, marking.rubric, mine));
  const open = result.steps
    .flatMap((step) => step.checks)
    .filter(
      ({ id, verdict }) =>
        (verdict === 'unknown' || verdict === 'waiting') && !whole && !mine.some(({ check }) => check === id),
    );
  const [first] = open;
  if (first) return { status: 'unknown', ...common, ...whyOpen(first, open.length), checks };

  const possible = rounded(checks.reduce((sum, { points }) => sum + points.possible, 0));
  const sum = rounded(checks.reduce((total, { points }) => total + points.earned, 0));
  const late = whole ? undefined : lateness(facts, marking.rubric, { earned: sum, possible });
  const earned = whole ? whole.points : rounded(sum - (late?.points ?? 0));
  const percent = possible === 0 ? 100 : rounded((earned / possible) * 100);
  return {
    status: 'graded',
    ...common,
    cloud: result.cloud,
    resources: result.resources,
    checks,
    points: { earned, possible },
    percent,
    passed: percent >= marking.rubric.pass,
    ...(late && { late }),
    overrides: mine,
    remarks: notOwn(learner, facts, marking),
  } satisfies Graded;
}

function checkGrade(
  { id, verdict, points, findings }: CheckResult,
  rubric: Rubric,
  mine: readonly Override[],
): CheckGrade {
  const rule = rubric.checks[id];
  const possible = rule?.points ?? points.possible;
  const share = points.possible === 0 ? Number(verdict === 'pass') : points.earned / points.possible;
  const override = mine.find(({ check }) => check === id);
  return {
    id,
    verdict,
    points: { earned: override?.points ?? rounded(possible * share), possible },
    hidden: rule?.hidden ?? false,
    codes: [...new Set(findings.filter(({ severity }) => severity !== 'info').map(({ code }) => code))],
  };
}

/** Most often one cause leaves many checks open: the first of them in the lab's order tells it. */
function whyOpen(
  { title, findings, verdict }: CheckResult,
  count: number,
): { readonly code: string; readonly reason: string } {
  const [finding] = findings;
  const more = count > 1 ? ` (and ${count - 1} more)` : '';
  return {
    code: finding?.code ?? verdict.toUpperCase(),
    reason: `"${title}"${more} could not be told: ${finding?.message ?? verdict}`,
  };
}

/** In days begun after the due time, of what was earned at most. */
function lateness(facts: Facts, { late }: Rubric, { earned, possible }: Points): Late | undefined {
  const finished = finishedAt(facts);
  if (!late || finished === undefined) return undefined;
  const days = Math.ceil((finished - Date.parse(late.due)) / DAY_MS);
  if (days <= 0) return undefined;
  const share = Math.min(days * late.perDay, late.most) / 100;
  return { finishedAt: new Date(finished).toISOString(), days, points: Math.min(rounded(possible * share), earned) };
}

/** What the rubric asks of this very learner, and is otherwise. For a person to judge. */
function notOwn(learner: Learner, facts: Facts, { rubric, lab }: Marking): readonly string[] {
  return Object.entries(rubric.own).flatMap(([resource, wanted]) => {
    const label = lab.resources[resource]?.label ?? resource;
    const { cidrs, name } = facts[resource] ?? {};
    const cidr = wanted.cidr && filled(wanted.cidr, learner);
    const pattern = wanted.name && filled(wanted.name, learner);
    return [
      ...(cidr && !cidrs?.includes(cidr)
        ? [`${label}: the block should be ${cidr}, and is ${cidrs?.join(', ') ?? 'not there'}.`]
        : []),
      ...(pattern && !(name !== undefined && matches(pattern.toLowerCase(), name.toLowerCase()))
        ? [`${label}: the Name tag should be like ${pattern}, and is ${name ?? 'not there'}.`]
        : []),
    ];
  });
}

function filled(text: string, { id, name = '', account = '', columns }: Learner): string {
  const values: Readonly<Record<string, string>> = { ...columns, learner: id, name, account };
  return text.replace(/\$\{([^}]+)\}/g, (whole, key: string) =>
    Object.hasOwn(values, key) ? (values[key] ?? '') : whole,
  );
}

function rounded(points: number): number {
  return Math.round(points * 100) / 100;
}
