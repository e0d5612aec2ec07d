/** A small lab, walked and solved: what a write-up is made of. */
import type { Evidence } from '../../src/check.ts';
import type { Lab } from '../../src/lab/schema.ts';
import type { CheckResult, Result } from '../../src/run/result.ts';
import type { Session } from '../../src/run/session.ts';

export const BEGUN = Date.UTC(2026, 10, 23, 9, 0, 0);
export const PASSED = Date.UTC(2026, 10, 23, 9, 20, 5);
export const VERIFIED = Date.UTC(2026, 10, 23, 10, 0, 0);
export const NOW = Date.UTC(2026, 10, 23, 10, 1, 0);

const call = { call: 'ec2:CreateVpc', why: 'Two networks', input: {} };
const about = {
  goal: 'Reach the goal.',
  why: 'It matters.',
  console: ['Click.'],
  hints: ['Look.', 'Look there.', 'Look at the route table.'],
  solution: [call],
};

export const lab: Lab = {
  format: 1,
  id: 'small',
  title: 'A small lab',
  version: '1.2.3',
  digest: 'sha256:0123abcd',
  file: '/labs/small/lab.yaml',
  summary: 'Two networks and a ping.',
  minutes: 5,
  cost: 'Nothing.',
  resources: { vpc1: { kind: 'vpc', label: 'VPC 1' }, vpc2: { kind: 'vpc', label: 'VPC 2' } },
  steps: [
    {
      ...about,
      id: 'ping',
      title: 'Ping',
      checks: [
        { id: 'unanswered', use: 'ping/private-unanswered', with: {}, points: 5, after: [] },
        { id: 'routes', use: 'network/peering-routes', title: 'Routes both ways', with: {}, points: 10, after: [] },
      ],
      questions: [
        {
          id: 'predict-ping',
          kind: 'choice',
          when: 'before',
          prompt: 'Will the ping be answered?',
          options: ['Yes', 'No'],
          answer: 1,
          explanation: 'No route leads to the other network.',
        },
        {
          id: 'what-routes',
          kind: 'text',
          prompt: 'Why did you update the route tables?',
          stem: 'I updated both route tables so that …',
          sample: 'I updated both route tables so that packets find the way.',
        },
      ],
    },
    {
      ...about,
      id: 'records',
      title: 'Records',
      checks: [
        {
          id: 'recorded',
          use: 'flow-logs/ping-recorded',
          title: 'The ping is in the flow log',
          with: {},
          points: 5,
          after: ['routes'],
        },
      ],
      questions: [],
    },
  ],
  questions: [{ id: 'what-vpc', kind: 'text', prompt: 'What is Amazon VPC?', sample: 'A network of one’s own.' }],
};

export const silence: Evidence = {
  kind: 'terminal',
  title: 'ping on i-0aa11',
  content:
    'PING 10.2.6.209 (10.2.6.209) 56(84) bytes of data.\n\n--- 10.2.6.209 ping statistics ---\n5 packets transmitted, 0 received, 100% packet loss, time 4085ms\n',
};
export const tableBefore: Evidence = {
  kind: 'table',
  title: 'Route table rtb-0aa',
  content: 'Destination | Target | State\n10.1.0.0/16 | local | active\n0.0.0.0/0 | igw-0aa | active',
};
export const tableAfter: Evidence = {
  ...tableBefore,
  content: `${tableBefore.content}\n10.2.0.0/16 | pcx-0aa | active`,
};
const record: Evidence = {
  kind: 'record',
  title: 'A record of eni-0aa11',
  content:
    '2 123456789012 eni-0aa11 10.1.5.112 10.2.6.209 0 0 1 5 420 1795427000 1795427004 ACCEPT OK\n\nField | Value | Meaning\nprotocol | 1 | ICMP\nbytes | 420 | five packets of 84 bytes',
};

export function checkResult(id: string, title: string, points: number, evidence: readonly Evidence[]): CheckResult {
  return {
    id,
    use: `x/${id}`,
    title,
    verdict: 'pass',
    points: { earned: points, possible: points },
    durationMs: 1,
    findings: [],
    evidence,
  };
}

export const result: Result = {
  schema: 'labproof/result/v1',
  lab: { id: 'small', version: '1.2.3', digest: 'sha256:0123abcd' },
  cloud: { kind: 'sandbox', account: '123456789012', region: 'eu-west-3' },
  verdict: 'pass',
  points: { earned: 20, possible: 20 },
  resources: { vpc1: 'vpc-0aa', vpc2: 'vpc-0bb' },
  steps: [
    {
      id: 'ping',
      title: 'Ping',
      verdict: 'pass',
      points: { earned: 15, possible: 15 },
      checks: [
        checkResult('unanswered', 'The first ping has no answer', 5, [silence, tableAfter]),
        checkResult('routes', 'Routes both ways', 10, [tableAfter]),
      ],
    },
    {
      id: 'records',
      title: 'Records',
      verdict: 'pass',
      points: { earned: 5, possible: 5 },
      checks: [checkResult('recorded', 'The ping is in the flow log', 5, [record])],
    },
  ],
  calls: { total: 3, byOperation: { 'ec2:DescribeVpcs': 3 } },
  startedAt: new Date(VERIFIED).toISOString(),
  durationMs: 12,
};

export const session: Session = {
  schema: 1,
  lab: 'small',
  cloud: { kind: 'sandbox', account: '123456789012', region: 'eu-west-3' },
  step: 'records',
  hints: {},
  answers: {
    'predict-ping': { value: 0, at: BEGUN + 60_000 },
    'what-routes': { value: 'I updated both route tables so that packets find the way.\n\nBoth ways.', at: PASSED },
    'what-vpc': { value: 'A network of my own.', at: PASSED },
  },
  passed: {
    unanswered: { at: PASSED, evidence: [silence, tableBefore] },
    routes: { at: PASSED + 60_000, evidence: [tableAfter] },
    recorded: { at: VERIFIED, evidence: [record] },
  },
  startedAt: BEGUN,
};
