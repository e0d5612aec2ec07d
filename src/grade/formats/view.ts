/** What the formats share: a check of the lab beside what became of it for one learner, and how things are said. */
import type { Verdict } from '../../check.ts';
import { sumOf } from '../../lib/points.ts';
import type { CheckResult, Points, Result } from '../../run/result.ts';
import type { CheckGrade, ClassInfo, Column, Grade, Override } from '../grade.ts';
import { isOpen } from '../seen.ts';

export interface CheckView {
  readonly column: Column;
  /** Where the check stands: `2.1` is the first of the second step. */
  readonly number: string;
  /** Absent where nothing is known of this check. */
  readonly grade?: CheckGrade;
  readonly override?: Override;
  /** With what was decided by hand. */
  readonly points?: Points;
  /** In full, as the verification told it. */
  readonly result?: CheckResult;
}

/** Every check of the lab, in the lab's order. */
export function checksOf(info: ClassInfo, grade: Grade, result?: Result): readonly CheckView[] {
  const grades = new Map(grade.checks?.map((check) => [check.id, check]));
  const results = new Map(result?.steps.flatMap(({ checks }) => checks).map((check) => [check.id, check]));
  const overrides = new Map(overridesOf(grade).map((override) => [override.check, override]));
  const numbers = numbersOf(info.columns);
  return info.columns.map((column) => {
    const graded = grades.get(column.check);
    const override = overrides.get(column.check);
    const told = results.get(column.check);
    const points = graded?.points ?? (override && { earned: 0, possible: column.possible });
    return {
      column,
      number: numbers.get(column.check) ?? '',
      ...(graded && { grade: graded }),
      ...(points && { points: { ...points, ...(override && { earned: override.points }) } }),
      ...(override && { override }),
      ...(told && { result: told }),
    };
  });
}

export interface KnownCheck extends CheckView {
  readonly points: Points;
}

/** The checks that something is known of, in the lab's order: none where nobody could enter the account. */
export function knownChecks(info: ClassInfo, grade: Grade, result?: Result): readonly KnownCheck[] {
  return checksOf(info, grade, result).flatMap((view) => (view.points ? [{ ...view, points: view.points }] : []));
}

/** The checks that a learner may see, and how many there are beside them with how many points. */
export function publicAndHidden(views: readonly KnownCheck[]): {
  readonly shown: readonly KnownCheck[];
  readonly hidden: { readonly checks: number; readonly passed: boolean; readonly points: Points } | undefined;
} {
  const hidden = views.filter(({ column }) => column.hidden);
  return {
    shown: views.filter(({ column }) => !column.hidden).map((view) => namingNone(view, hidden)),
    hidden:
      hidden.length === 0
        ? undefined
        : {
            checks: hidden.length,
            passed: hidden.every(({ grade }) => grade?.verdict === 'pass'),
            points: sumOf(hidden),
          },
  };
}

/** What comes after a hidden check would tell its title. */
function namingNone(view: KnownCheck, hidden: readonly KnownCheck[]): KnownCheck {
  if (!view.result) return view;
  const titles = hidden.flatMap(({ column, result }) => [column.title, result?.title ?? column.title]);
  const findings = view.result.findings.map((finding) => ({
    ...finding,
    message: titles.reduce((text, title) => text.replaceAll(`"${title}"`, 'a hidden check'), finding.message),
  }));
  return { ...view, result: { ...view.result, findings } };
}

export function overridesOf(grade: Grade): readonly Override[] {
  return grade.status === 'graded' ? grade.overrides : [];
}

/** The account that was graded; of one that nobody could enter, the roster's. */
export function accountOf({ learner, grade }: { learner: { account?: string }; grade: Grade }): string {
  return (grade.status === 'graded' && grade.cloud ? grade.cloud.account : learner.account) ?? '';
}

/** Neither points nor none: it could not be told, and nobody decided. */
export function isOpenView({ grade, override }: CheckView): boolean {
  return !override && (grade === undefined || isOpen(grade));
}

/** What somebody decided about the whole grade. */
export function wholeOverride(overrides: readonly Override[]): Override | undefined {
  return overrides.find(({ check }) => check === undefined);
}

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  pass: 'passed',
  partial: 'passed in part',
  fail: 'failed',
  waiting: 'not finished by AWS when it was graded',
  blocked: 'not looked at, as a check that it comes after has not passed',
  unknown: 'could not be told',
};

export function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

function numbersOf(columns: readonly Column[]): ReadonlyMap<string, string> {
  const steps = new Map<string, number>();
  return new Map(
    columns.map(({ check, step }) => {
      const place = (steps.get(step) ?? 0) + 1;
      steps.set(step, place);
      return [check, `${[...steps.keys()].indexOf(step) + 1}.${place}`];
    }),
  );
}
