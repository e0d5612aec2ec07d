/** A small lab, and a walk over it whose work is done by hand: steps pass when they were solved. */
import type { Finding, Verdict } from '../../src/check.ts';
import { type Lab, labSchema, type Step } from '../../src/lab/schema.ts';
import type { CheckResult, Result, StepResult } from '../../src/run/result.ts';
import { newSession, type Session } from '../../src/run/session.ts';
import { createWalk, type Walk, type WalkWork } from '../../src/run/walk.ts';

export const cloud = { kind: 'sandbox', account: '123456789012', region: 'us-east-1' } as const;

export const lab: Lab = {
  ...labSchema.parse({
    format: 1,
    id: 'two-roads',
    title: 'Two roads',
    version: '1.0.0',
    summary: 'You join two networks.',
    minutes: 5,
    cost: 'Nothing.',
    resources: { vpc1: { kind: 'vpc', label: 'VPC 1' } },
    steps: [
      {
        id: 'networks',
        title: 'Make the networks',
        goal: 'Two VPCs.',
        why: 'They are to be joined.',
        console: ['VPC > Create VPC.', 'The same again.'],
        hints: ['Look around.', 'Look at the blocks.', 'The block is 10.1.0.0/16.'],
        checks: [
          { id: 'first', use: 'network/one', title: 'VPC 1 is there', points: 30 },
          { id: 'second', use: 'network/one', title: 'VPC 2 is there', points: 10, after: ['first'] },
        ],
        questions: [
          {
            id: 'guess',
            kind: 'choice',
            when: 'before',
            prompt: 'Do they see each other?',
            options: ['Yes, at once.', 'No.'],
            answer: 1,
            explanation: 'A VPC is a network of its own.',
          },
          { id: 'said', kind: 'text', prompt: 'What did you do?', stem: 'I made …', sample: 'I made two VPCs.' },
        ],
        solution: [{ call: 'ec2:CreateVpc', why: 'VPC 1' }],
      },
      {
        id: 'peering',
        title: 'Join them',
        goal: 'A peering connection.',
        why: 'So that packets pass.',
        console: ['VPC > Peering connections.'],
        hints: ['One.', 'Two.', 'Three.'],
        checks: [{ id: 'active', use: 'network/two', title: 'The peering is active', points: 60 }],
        questions: [
          {
            id: 'seen',
            kind: 'choice',
            when: 'after',
            prompt: 'What carried the ping?',
            options: ['The peering.', 'The internet.'],
            answer: 0,
            explanation: 'The address was private.',
          },
        ],
        solution: [{ call: 'ec2:CreateVpcPeeringConnection', why: 'Join' }],
      },
    ],
    questions: [{ id: 'time', kind: 'text', prompt: 'How long did it take?', sample: 'An hour.' }],
  }),
  file: 'lab.yaml',
  digest: 'sha256:0',
};

export const finding: Finding = {
  code: 'VPC_MISSING',
  severity: 'error',
  message: 'There is no VPC with the block 10.1.0.0/16.',
  resources: [],
  expected: '10.1.0.0/16',
  actual: '172.31.0.0/16 (vpc-0a)',
  fix: { console: 'VPC > Your VPCs > Create VPC', command: 'aws ec2 create-vpc --cidr-block 10.1.0.0/16' },
};

export function checkResult(step: Step, at: number, verdict: Verdict, findings: readonly Finding[]): CheckResult {
  const { id = '', use = '', title = '', points = 0 } = step.checks[at] ?? {};
  const earned = verdict === 'pass' ? points : 0;
  return { id, use, title, verdict, points: { earned, possible: points }, durationMs: 1, findings, evidence: [] };
}

/** The step's checks pass, or the first fails and the others wait for it. */
function stepResult(step: Step, solved: boolean, found: Finding): StepResult {
  const checks = step.checks.map((_, at) =>
    checkResult(step, at, solved ? 'pass' : at === 0 ? 'fail' : 'blocked', solved || at > 0 ? [] : [found]),
  );
  const sum = (of: 'earned' | 'possible') => checks.reduce((total, { points }) => total + points[of], 0);
  return {
    id: step.id,
    title: step.title,
    verdict: solved ? 'pass' : 'fail',
    points: { earned: sum('earned'), possible: sum('possible') },
    checks,
  };
}

export function resultWith(of: Lab, solved: ReadonlySet<string>, found: Finding = finding): Result {
  const steps = of.steps.map((step) => stepResult(step, solved.has(step.id), found));
  return {
    schema: 'labproof/result/v1',
    lab: { id: of.id, version: of.version, digest: of.digest },
    cloud,
    verdict: steps.every(({ verdict }) => verdict === 'pass') ? 'pass' : 'fail',
    points: {
      earned: steps.reduce((total, { points }) => total + points.earned, 0),
      possible: steps.reduce((total, { points }) => total + points.possible, 0),
    },
    resources: {},
    steps,
    calls: { total: 0, byOperation: {} },
    startedAt: '2026-11-23T10:00:00.000Z',
    durationMs: 1,
  };
}

export interface Given {
  readonly lab?: Lab;
  readonly kind?: Session['cloud']['kind'];
  readonly found?: Finding;
  readonly work?: Partial<WalkWork>;
}

/** A real walk; `saved` is every session that it saved. */
export function walkOf({ lab: of = lab, kind = 'sandbox', found, work }: Given = {}): { walk: Walk; saved: Session[] } {
  const solved = new Set<string>();
  const saved: Session[] = [];
  const walk = createWalk(of, newSession(of, { ...cloud, kind }, 0), {
    async verify(_signal, say) {
      say('reading the account');
      return resultWith(of, solved, found);
    },
    async solve(step) {
      solved.add(step);
    },
    report: async () => '/home/learner/report.md',
    save: (session) => void saved.push(session),
    now: () => 1,
    ...work,
  });
  return { walk, saved };
}
