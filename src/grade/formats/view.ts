/** What the formats share: a check of the lab beside what became of it for one learner, and how things are said. */
import type { Verdict } from '../../check.ts';
import { safe } from '../../lib/terminal-text.ts';
import type { CheckResult, Points, Result } from '../../run/result.ts';
import type { CheckGrade, ClassInfo, Column, Grade, Override } from '../grade.ts';

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
    return {
      column,
      number: numbers.get(column.check) ?? '',
      ...(graded && { grade: graded, points: { ...graded.points, ...(override && { earned: override.points }) } }),
      ...(override && { override }),
      ...(told && { result: told }),
    };
  });
}

/** The checks that a learner may see, and how many there are beside them with how many points. */
export function publicAndHidden(views: readonly CheckView[]): {
  readonly shown: readonly CheckView[];
  readonly hidden: { readonly checks: number; readonly passed: boolean; readonly points: Points } | undefined;
} {
  const hidden = views.filter(({ column }) => column.hidden);
  return {
    shown: views.filter(({ column }) => !column.hidden),
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

export function sumOf(views: readonly CheckView[]): Points {
  return {
    earned: rounded(views.reduce((sum, { points }) => sum + (points?.earned ?? 0), 0)),
    possible: rounded(views.reduce((sum, { column, points }) => sum + (points?.possible ?? column.possible), 0)),
  };
}

export function overridesOf(grade: Grade): readonly Override[] {
  return grade.status === 'graded' ? grade.overrides : [];
}

/** The account that was graded; of one that could not be, the roster's. */
export function accountOf({ learner, grade }: { learner: { account?: string }; grade: Grade }): string {
  return (grade.status === 'graded' ? grade.cloud.account : learner.account) ?? '';
}

/** Two decimals, as all points have. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** `1 check`, `4 checks`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** One line for people, whatever the text holds. */
export function line(text: string): string {
  return safe(text).replace(/\s+/g, ' ').trim();
}

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  pass: 'passed',
  partial: 'passed in part',
  fail: 'failed',
  waiting: 'not finished by AWS when it was graded',
  blocked: 'not looked at, as a check that it comes after has not passed',
  unknown: 'could not be told',
};

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
