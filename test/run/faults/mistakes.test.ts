/** Accounts in which checks fail, wait or pass for a reason that a failing call may hide: it never looks better, nor worse. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Result } from '../../../src/run/result.ts';
import { there } from '../../sandbox/clients.ts';
import { checksOf, DENIED, differences, LISTS, type Needs, QUESTIONS, QUICK } from './matrix.ts';
import { type Scene, type Story, sceneOf, trial } from './scene.ts';
import { brokenMeanwhile, manyMistakes } from './stories.ts';

interface Account {
  readonly name: string;
  readonly story: Story;
  /** Some of what is said without a fault. */
  readonly says: Readonly<Record<string, string>>;
  readonly needs: Needs;
}

const accounts: readonly Account[] = [
  {
    name: 'mistakes in several steps',
    story: manyMistakes,
    says: {
      'ping-allowed': 'fail',
      'role-trusted': 'fail',
      'role-can-write': 'blocked',
      'public-answered': 'fail',
      'peering-routes': 'fail',
      'private-answered': 'blocked',
    },
    needs: {
      ...LISTS,
      ...QUESTIONS,
      'logs:FilterLogEvents': ['public-answered'],
      'ssm:ListCommandInvocations': ['private-unanswered', 'public-answered'],
    },
  },
  {
    name: 'one VPC and nothing else, so that other Regions are asked',
    story: trial('one-vpc-only'),
    says: { 'vpc-1': 'pass', 'vpc-2': 'fail', 'instance-1': 'fail', 'log-group': 'fail', 'role-trusted': 'fail' },
    needs: {
      ...LISTS,
      // Only tells where else to look.
      'ec2:DescribeRegions': [],
      'iam:ListRoles': ['role-trusted', 'role-can-write'],
    },
  },
  {
    name: 'no ping, a new flow log, and an instance whose history would show one',
    story: { through: 'permissions', change: [], calls: [] },
    says: { 'private-unanswered': 'fail', 'public-answered': 'fail' },
    needs: {
      ...LISTS,
      ...QUESTIONS,
      'logs:FilterLogEvents': ['private-unanswered', 'public-answered'],
      // An instance without a history is waited for as long as the flow log is new.
      'ssm:DescribeInstanceInformation': ['private-unanswered', 'public-answered'],
      'ssm:ListCommandInvocations': ['private-unanswered', 'public-answered'],
    },
  },
  {
    name: 'pings of the other end, whose records look like our own',
    story: trial('pinged-from-the-other-end'),
    says: { 'private-unanswered': 'fail', 'public-answered': 'unknown' },
    needs: {
      ...LISTS,
      ...QUESTIONS,
      'logs:FilterLogEvents': ['private-unanswered', 'public-answered'],
      'ssm:ListCommandInvocations': ['private-unanswered', 'public-answered'],
    },
  },
  {
    name: 'a private ping that was answered, and then was not, which only the history shows',
    story: brokenMeanwhile,
    says: { 'peering-routes': 'pass', 'private-answered': 'waiting' },
    needs: {
      ...LISTS,
      ...QUESTIONS,
      'logs:GetQueryResults': ['insights-query'],
      // The ping that is tried instead cannot be sent here.
      'ssm:DescribeInstanceInformation': ['private-answered'],
      'logs:FilterLogEvents': ['private-answered', 'ping-recorded'],
      'ssm:ListCommandInvocations': ['private-unanswered', 'public-answered', 'private-answered', 'ping-recorded'],
    },
  },
  {
    name: 'a third VPC that only its lack of instances tells from the second',
    story: trial('peering-with-a-third-vpc'),
    says: { 'vpc-2': 'pass', 'instance-2': 'pass', 'peering-active': 'fail' },
    needs: {
      ...LISTS,
      ...QUESTIONS,
      'ec2:DescribeInstances': [...there(LISTS['ec2:DescribeInstances']), 'vpc-2', 'cidrs-unique', 'peering-active'],
      'logs:FilterLogEvents': [],
      'ssm:ListCommandInvocations': ['private-unanswered', 'public-answered'],
    },
  },
];

describe.each(accounts)('$name', ({ story, says, needs }) => {
  let scene: Scene;
  let base: Result;
  beforeAll(async () => {
    scene = await sceneOf(story);
    base = await scene.look();
  }, 60_000);
  afterAll(() => scene.close());

  test('is told without a fault, by the calls of the table', () => {
    const verdicts = [...checksOf(base).values()].map(({ id, verdict }) => [id, verdict]);
    expect(Object.fromEntries(verdicts)).toMatchObject(says);
    const calls = Object.keys(base.calls.byOperation).filter((action) => action !== 'sts:GetCallerIdentity');
    expect(Object.keys(needs).sort()).toEqual(calls.sort());
  });

  test.each(
    Object.keys(needs).map((action, index) => ({ action, index })),
  )('$action: unknown is what needs it, and nothing else changes', async ({ action, index }) => {
    const wrong: string[] = [];
    // Another kind for each next action: which it is makes no difference to the verdicts.
    for (const kind of [DENIED, there(QUICK[index % QUICK.length])]) {
      const result = await scene.look(kind.of(action));
      const lines = differences(base, result, action, needs[action] ?? [], kind, scene);
      wrong.push(...lines.map((line) => `${kind.name}, ${line}`));
    }
    expect(wrong).toEqual([]);
  });
});
