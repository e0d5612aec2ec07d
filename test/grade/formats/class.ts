/** A small class, and as many learners as a test asks for. */
import type { Evidence, Verdict } from '../../../src/check.ts';
import type { CheckGrade, ClassInfo, Graded, Row, Ungraded } from '../../../src/grade/grade.ts';
import type { Learner } from '../../../src/grade/learner.ts';
import type { Result } from '../../../src/run/result.ts';

export const info: ClassInfo = {
  lab: { id: 'small', version: '1.2.3', digest: 'sha256:0123abcd', title: 'A small lab' },
  columns: [
    column('vpcs', 'network', 'Set up networks', 20),
    column('routes', 'network', 'Set up networks', 20),
    column('ping', 'traffic', 'Send packets', 40),
    { ...column('secret', 'traffic', 'Send packets', 20), hidden: true },
  ],
  possible: 100,
  passMark: 60,
};

function column(check: string, step: string, stepTitle: string, possible: number) {
  return { check, title: `Title of ${check}`, step, stepTitle, possible, hidden: false };
}

export function learner(id: string, more: Partial<Learner> = {}): Learner {
  return { id, name: `Name of ${id}`, entry: { kind: 'profile', profile: id }, columns: {}, ...more };
}

/** Of `vpcs`, `routes`, `ping` and `secret`. */
export type Verdicts = readonly [Verdict, Verdict, Verdict, Verdict];
export const ALL_PASS: Verdicts = ['pass', 'pass', 'pass', 'pass'];

export function checks(verdicts: Verdicts): readonly CheckGrade[] {
  return info.columns.map(({ check, possible, hidden }, index) => {
    const verdict = verdicts[index] ?? 'unknown';
    const earned = verdict === 'pass' ? possible : verdict === 'partial' ? possible / 8 : 0;
    const codes = verdict === 'pass' ? [] : [`${check.toUpperCase()}_${verdict.toUpperCase()}`];
    return { id: check, verdict, points: { earned, possible }, hidden, codes };
  });
}

export function graded(id: string, verdicts: Verdicts, more: Partial<Graded> = {}): Row {
  const told = checks(verdicts);
  const earned = told.reduce((sum, { points }) => sum + points.earned, 0);
  return {
    learner: learner(id),
    grade: {
      status: 'graded',
      learner: id,
      submittedAt: '2026-11-23T10:00:00.123Z',
      gradedAt: '2026-11-24T10:00:00.456Z',
      cloud: { kind: 'aws', account: '111122223333', region: 'us-east-1' },
      resources: {},
      checks: told,
      points: { earned, possible: 100 },
      percent: earned,
      passed: earned >= 60,
      overrides: [],
      remarks: [],
      ...more,
    },
  };
}

/** The whole was set by hand, for an account that nobody could enter. */
export function byHand(id: string, points: number, more: Partial<Graded> = {}): Row {
  const reason = 'Shown in class';
  const { grade } = graded(id, ALL_PASS, {
    checks: [],
    points: { earned: points, possible: 100 },
    percent: points,
    passed: points >= 60,
    overrides: [{ learner: id, points, reason }],
    ...more,
  });
  const { cloud: _, ...shut } = grade as Graded;
  return { learner: learner(id, { account: '444455556666' }), grade: shut };
}

export function ungraded(id: string, more: Partial<Ungraded> = {}): Row {
  return {
    learner: learner(id, { account: '444455556666' }),
    grade: {
      status: 'unknown',
      learner: id,
      submittedAt: '2026-11-23T10:00:00.123Z',
      gradedAt: '2026-11-24T10:00:00.456Z',
      code: 'ACCESS_DENIED',
      reason: 'The role may not be assumed.',
      ...more,
    },
  };
}

/** The verification that a row was graded by; `text` stands wherever a cloud's own words could. */
export function resultOf(row: Row, text = 'No route leads there.', evidence: readonly Evidence[] = []): Result {
  const told = new Map(row.grade.checks?.map((check) => [check.id, check]));
  return {
    schema: 'labproof/result/v1',
    lab: { id: 'small', version: '1.2.3', digest: 'sha256:0123abcd' },
    cloud: { kind: 'aws', account: '111122223333', region: 'us-east-1' },
    verdict: 'fail',
    points: { earned: 0, possible: 100 },
    resources: {},
    steps: ['network', 'traffic'].map((id) => ({
      id,
      title: id,
      verdict: 'fail',
      points: { earned: 0, possible: 0 },
      checks: info.columns
        .filter(({ step }) => step === id)
        .map(({ check, title, possible }) => ({
          id: check,
          use: `network/${check}`,
          title,
          verdict: told.get(check)?.verdict ?? 'unknown',
          points: told.get(check)?.points ?? { earned: 0, possible },
          durationMs: 1500,
          findings: (told.get(check)?.codes ?? []).map((code) => ({
            code,
            severity: 'error',
            message: `${check}: ${text}`,
            resources: ['rtb-0a'],
            expected: `expected ${text}`,
            actual: `actual ${text}`,
            fix: {
              console: `console ${text}`,
              command: `aws ec2 create-route ${text}`,
              docs: 'https://docs.aws.example/x',
            },
          })),
          evidence,
        })),
    })),
    calls: { total: 0, byOperation: {} },
    startedAt: '2026-11-24T10:00:00.456Z',
    durationMs: 2500,
  };
}

/** The same, with every finding as the engine tells of a check that another holds up. */
export function heldUp(result: Result, message: string): Result {
  const findings = [{ code: 'BLOCKED', severity: 'info', message, resources: [] }] as const;
  const steps = result.steps.map((step) => ({ ...step, checks: step.checks.map((check) => ({ ...check, findings })) }));
  return { ...result, steps };
}

/** Text made to break out of wherever it is put. */
export const HOSTILE = [
  '=HYPERLINK("https://evil.example","click")',
  "=cmd|' /C calc'!A0",
  '<script>alert(1)</script>',
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"onmouseover="alert(1)',
  '![x](https://evil.example/p.png) [y](javascript:alert(1))',
  '```\n\n# 100 of 100 points\n\n```',
  '\u001b[2J\u001b]0;title\u0007\u009b31mred',
  '\u202egnp.exe \u200f\u2066x',
  'one\ntwo\r\nthree,"four";five',
  ']]>&amp;&#0;\u0000\ufffe',
  '\u2028\u2029<!--',
  '\ud800',
  'A'.repeat(10_000),
];
