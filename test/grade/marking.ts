/** A lab of three checks, and looks at an account that give them any verdicts. */
import type { Verdict } from '../../src/check.ts';
import type { Attempt } from '../../src/grade/attempt.ts';
import type { Facts } from '../../src/grade/facts.ts';
import type { Lab } from '../../src/lab/schema.ts';
import type { CheckResult, Result } from '../../src/run/result.ts';

const POINTS = { vpcs: 10, routes: 20, ping: 30 } as const;
type CheckId = keyof typeof POINTS;
const IDS = Object.keys(POINTS) as readonly CheckId[];

const uses = IDS.map((id) => ({
  id,
  use: `network/${id}`,
  with: {},
  points: POINTS[id],
  after: id === 'ping' ? ['routes'] : [],
}));

export const smallLab: Lab = {
  format: 1,
  id: 'small',
  title: 'A small lab',
  version: '1.0.0',
  summary: 'Small.',
  minutes: 1,
  cost: 'Nothing.',
  resources: {
    vpc1: { kind: 'vpc', label: 'VPC 1' },
    flowLog: { kind: 'flowLog', label: 'the flow log' },
    logGroup: { kind: 'logGroup', label: 'the log group' },
  } as unknown as Lab['resources'],
  steps: [{ id: 'network', title: 'Networks', checks: uses }] as unknown as Lab['steps'],
  questions: [],
  file: '/labs/small/lab.yaml',
  digest: 'sha256:small',
};

/** Everything passes but what is told; `partial` earns half. */
export function attemptOf(verdicts: Partial<Record<CheckId, Verdict>> = {}, facts: Facts = {}): Attempt {
  const checks = IDS.map((id) => checkResult(id, verdicts[id] ?? 'pass'));
  const points = { earned: 0, possible: 60 };
  const result: Result = {
    schema: 'labproof/result/v1',
    lab: { id: 'small', version: '1.0.0', digest: 'sha256:small' },
    cloud: { kind: 'aws', account: '111122223333', region: 'us-east-1' },
    verdict: 'pass',
    points,
    resources: { vpc1: 'vpc-0123456789abcdef0' },
    steps: [{ id: 'network', title: 'Networks', verdict: 'pass', points, checks }],
    calls: { total: 1, byOperation: {} },
    startedAt: '2026-11-23T10:00:00.000Z',
    durationMs: 5,
  };
  return { ok: true, result, facts };
}

function checkResult(id: CheckId, verdict: Verdict): CheckResult {
  const possible = POINTS[id];
  const error = {
    code: `${id.toUpperCase()}_WRONG`,
    severity: 'error',
    message: `${id} is wrong.`,
    resources: [],
  } as const;
  const info = { code: 'BY_THE_WAY', severity: 'info', message: 'By the way.', resources: [] } as const;
  return {
    id,
    use: `network/${id}`,
    title: `Title of ${id}`,
    verdict,
    points: { earned: verdict === 'pass' ? possible : verdict === 'partial' ? possible / 2 : 0, possible },
    durationMs: 1,
    findings: verdict === 'pass' ? [info] : [error, info],
    evidence: [],
  };
}
