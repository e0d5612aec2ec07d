/** `junit.xml`: the class for the test tab of a CI system. A suite a learner and step, a case a check. */

import { sumOf } from '../../lib/points.ts';
import { junitStream, type NamedResult } from '../../report/junit.ts';
import type { CheckResult, Result, StepResult } from '../../run/result.ts';
import type { ClassInfo, Graded, Row, Ungraded } from '../grade.ts';
import { knownChecks, wholeOverride } from './view.ts';

/** A learner's line of the books with what the verification told in full, where it told anything. */
export interface FullRow extends Row {
  readonly result?: Result | undefined;
}

/** The document in pieces, so that one learner's full result is held at a time. */
export function junit(info: ClassInfo, rows: Iterable<FullRow> | AsyncIterable<FullRow>): AsyncGenerator<string> {
  return junitStream(namedResults(info, rows));
}

async function* namedResults(
  info: ClassInfo,
  rows: Iterable<FullRow> | AsyncIterable<FullRow>,
): AsyncGenerator<NamedResult> {
  for await (const { learner, grade, result } of rows) {
    yield {
      name: learner.id,
      result: grade.status === 'graded' ? gradedResult(info, grade, result) : ungradedResult(info, grade, result),
      properties:
        grade.status === 'graded'
          ? {
              'grade.earned': grade.points.earned,
              'grade.possible': grade.points.possible,
              'grade.passed': String(grade.passed),
              'grade.late-days': grade.late?.days ?? 0,
            }
          : { 'grade.status': grade.status },
    };
  }
}

/** The verdicts are the checks'; the points are the rubric's and those given by hand. */
function gradedResult(info: ClassInfo, grade: Graded, result?: Result): Result {
  if (!grade.cloud) return byHandResult(info, grade);
  const checks = knownChecks(info, grade, result);
  const steps = Map.groupBy(checks, ({ column }) => column.step);
  return {
    ...emptyResult(info, grade.gradedAt, result),
    cloud: grade.cloud,
    points: grade.points,
    steps: [...steps].map(([id, views]): StepResult => {
      const told = views.map(({ column, grade: graded, points, result: full }): CheckResult => {
        const verdict = graded?.verdict ?? 'unknown';
        const findings = full?.findings ?? graded?.codes.map((code) => findingOf(code, code)) ?? [];
        return {
          id: column.check,
          use: full?.use ?? column.check,
          title: full?.title ?? column.title,
          verdict,
          points,
          durationMs: full?.durationMs ?? 0,
          findings,
          evidence: [],
        };
      });
      const verdict = told.every((check) => check.verdict === 'pass')
        ? 'pass'
        : (told.find((check) => check.verdict !== 'pass')?.verdict ?? 'unknown');
      return {
        id,
        title: views[0]?.column.stepTitle ?? id,
        verdict,
        points: sumOf(told),
        checks: told,
      };
    }),
  };
}

/** One case, as nothing was looked at: it passes where the learner does. */
function byHandResult(info: ClassInfo, { points, passed, overrides, gradedAt }: Graded): Result {
  const { reason = '' } = wholeOverride(overrides) ?? {};
  const message = `Set to ${points.earned} of ${points.possible} points by hand: ${reason}`;
  const verdict = passed ? 'pass' : 'fail';
  return oneCase(info, gradedAt, {
    title: 'Graded by hand',
    verdict,
    points,
    findings: [findingOf('BY_HAND', message)],
  });
}

/** One case that is an error: nothing of it can be mistaken for a failure of the learner, or for a pass. */
function ungradedResult(info: ClassInfo, { code, reason, gradedAt }: Ungraded, result?: Result): Result {
  const points = { earned: 0, possible: info.possible };
  const findings = [findingOf(code, reason)];
  return oneCase(
    info,
    gradedAt,
    { title: 'This account could be graded', verdict: 'unknown', points, findings },
    result,
  );
}

function oneCase(
  info: ClassInfo,
  gradedAt: string,
  told: Pick<CheckResult, 'title' | 'verdict' | 'points' | 'findings'>,
  result?: Result,
): Result {
  const check: CheckResult = { id: 'graded', use: 'graded', durationMs: 0, evidence: [], ...told };
  const { verdict, points } = told;
  return {
    ...emptyResult(info, gradedAt, result),
    steps: [{ id: 'grading', title: 'Grading', verdict, points, checks: [check] }],
  };
}

function emptyResult({ lab, possible }: ClassInfo, gradedAt: string, result: Result | undefined): Result {
  return {
    schema: 'labproof/result/v1',
    lab,
    cloud: result?.cloud ?? { kind: 'aws', account: '', region: '' },
    verdict: 'unknown',
    points: { earned: 0, possible },
    resources: {},
    steps: [],
    calls: { total: 0, byOperation: {} },
    startedAt: result?.startedAt ?? gradedAt,
    durationMs: 0,
  };
}

function findingOf(code: string, message: string): CheckResult['findings'][number] {
  return { code, severity: 'error', message, resources: [] };
}
