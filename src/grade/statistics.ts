/** What a class came to, counted. Who could not be graded is in no mean and no distribution. */
import { rounded } from '../lib/points.ts';
import type { ClassInfo, Column, Graded, Row } from './grade.ts';

export interface Summary {
  readonly learners: number;
  readonly graded: number;
  readonly passed: number;
  /** Of the percents of those graded; absent where nobody is. */
  readonly mean?: number;
  readonly median?: number;
}

/** Percents from this to below the next ten; the last holds 100 too. */
export interface Bin {
  readonly from: number;
  readonly learners: number;
}

export interface CommonFinding {
  readonly code: string;
  readonly learners: number;
  /** A learner's checks may tell it more than once. */
  readonly times: number;
}

export interface CheckCount {
  readonly column: Column;
  readonly passed: number;
  readonly notPassed: number;
  /** Could not be told, or AWS had not finished, or the learner could not be graded at all. */
  readonly open: number;
}

export function summaryOf(rows: readonly Row[]): Summary {
  const percents = gradedOf(rows)
    .map(({ percent }) => percent)
    .toSorted((one, other) => one - other);
  const half = Math.floor(percents.length / 2);
  const upper = percents[half];
  const lower = percents[percents.length % 2 === 0 ? half - 1 : half];
  return {
    learners: rows.length,
    graded: percents.length,
    passed: gradedOf(rows).filter(({ passed }) => passed).length,
    ...(upper !== undefined &&
      lower !== undefined && {
        mean: rounded(percents.reduce((sum, percent) => sum + percent, 0) / percents.length),
        median: rounded((upper + lower) / 2),
      }),
  };
}

export function distributionOf(rows: readonly Row[]): readonly Bin[] {
  const learners = new Array<number>(10).fill(0);
  for (const { percent } of gradedOf(rows)) {
    const bin = Math.max(0, Math.min(9, Math.floor(percent / 10)));
    learners[bin] = (learners[bin] ?? 0) + 1;
  }
  return learners.map((count, index) => ({ from: index * 10, learners: count }));
}

/** The commonest first. */
export function commonFindings(rows: readonly Row[]): readonly CommonFinding[] {
  const found = new Map<string, { learners: number; times: number }>();
  for (const row of rows) {
    for (const [code, told] of Map.groupBy(codesOf(row), (each) => each)) {
      const { learners, times } = found.get(code) ?? { learners: 0, times: 0 };
      found.set(code, { learners: learners + 1, times: times + told.length });
    }
  }
  return [...found]
    .map(([code, counts]) => ({ code, ...counts }))
    .toSorted(
      (one, other) => other.learners - one.learners || other.times - one.times || (one.code < other.code ? -1 : 1),
    );
}

/** What a learner's checks told that did not pass, once for each of them; or why nothing could be graded. */
export function codesOf({ grade }: Row): readonly string[] {
  if (grade.status !== 'graded') return [grade.code];
  return grade.checks.flatMap(({ verdict, codes }) => (verdict === 'pass' ? [] : [...new Set(codes)]));
}

export function checkCounts(info: ClassInfo, rows: readonly Row[]): readonly CheckCount[] {
  const verdicts = Map.groupBy(
    gradedOf(rows).flatMap(({ checks }) => checks),
    ({ id }) => id,
  );
  return info.columns.map((column) => {
    const told = verdicts.get(column.check) ?? [];
    const passed = told.filter(({ verdict }) => verdict === 'pass').length;
    const notPassed = told.filter(({ verdict }) => ['partial', 'fail', 'blocked'].includes(verdict)).length;
    return { column, passed, notPassed, open: rows.length - passed - notPassed };
  });
}

function gradedOf(rows: readonly Row[]): readonly Graded[] {
  return rows.flatMap(({ grade }) => (grade.status === 'graded' ? [grade] : []));
}
