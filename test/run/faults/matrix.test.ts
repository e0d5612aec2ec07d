/** Every AWS call that `verify` makes, failed in turn in every way, in accounts in which between them it makes them all. */
import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Result } from '../../../src/run/result.ts';
import { CloudUnavailable } from '../../../src/run/verify.ts';
import { there } from '../../sandbox/clients.ts';
import {
  checksOf,
  DENIED,
  differences,
  type Kind,
  LISTS,
  type Needs,
  QUESTIONS,
  QUICK,
  SLOW,
  TIMEOUT_MS,
} from './matrix.ts';
import { type Scene, type Story, sceneOf, trial } from './scene.ts';
import { solved } from './stories.ts';

const WHO = 'sts:GetCallerIdentity';
/** At once. What is slow only waits. */
const PARALLEL = 6;

const accounts: readonly { readonly name: string; readonly story: Story; readonly needs: Needs }[] = [
  {
    name: 'the solved lab',
    story: solved,
    needs: {
      ...LISTS,
      ...QUESTIONS,
      'ec2:GetManagedPrefixListEntries': LISTS['ec2:DescribeManagedPrefixLists'] ?? [],
      'iam:GetRolePolicy': QUESTIONS['iam:GetRole'] ?? [],
      'logs:GetQueryResults': ['insights-query'],
      // The history shows the first ping and the public one; the private one is sent again.
      'logs:FilterLogEvents': ['ping-recorded'],
      // A record alone may be of a ping of the other end. The private ping is sent again.
      'ssm:ListCommandInvocations': ['private-unanswered', 'public-answered', 'ping-recorded'],
    },
  },
  {
    name: 'peered and not pinged since, so that labproof pings',
    story: trial('private-ping-not-repeated'),
    needs: {
      ...LISTS,
      ...QUESTIONS,
      'logs:FilterLogEvents': ['ping-recorded'],
      'ssm:ListCommandInvocations': ['private-unanswered', 'public-answered', 'ping-recorded'],
      'ssm:SendCommand': ['private-answered'],
      'ssm:GetCommandInvocation': ['private-answered'],
    },
  },
  {
    name: 'a role that no flow log names yet',
    story: trial('no-flow-log'),
    needs: {
      ...LISTS,
      ...QUESTIONS,
      'iam:ListRoles': ['role-trusted', 'role-can-write'],
      // Without a flow log there are no records to look for, and no step that pings is reached.
      'logs:FilterLogEvents': [],
      'ssm:ListCommandInvocations': [],
    },
  },
];

interface Seen {
  readonly scene: Scene;
  readonly base: Result;
}
const seen = new Map<string, Seen>();
beforeAll(async () => {
  for (const { name, story } of accounts) {
    const scene = await sceneOf(story);
    seen.set(name, { scene, base: await scene.look() });
  }
}, 60_000);
afterAll(() => {
  for (const { scene } of seen.values()) scene.close();
});

describe.each(accounts)('$name', ({ name, needs }) => {
  const wrongWith = async (kind: Kind, action: string) => {
    const { scene, base } = there(seen.get(name));
    const result = await scene.look(kind.of(action), kind === SLOW ? { timeoutMs: TIMEOUT_MS } : {});
    return differences(base, result, action, needs[action] ?? [], kind, scene).map((line) => `${kind.name}, ${line}`);
  };

  test('the table names every call', () => {
    const { base } = there(seen.get(name));
    expect([WHO, ...Object.keys(needs)].sort()).toEqual(Object.keys(base.calls.byOperation).sort());
  });

  test.each(Object.keys(needs))('%s: unknown is what needs it, and nothing else changes', async (action) => {
    const wrong: string[] = [];
    for (const kind of [DENIED, ...QUICK]) wrong.push(...(await wrongWith(kind, action)));
    expect(wrong).toEqual([]);
  });

  // It takes its time, so it is looked at in the first account that makes the call.
  const isFirst = (action: string) => accounts.find((each) => action in each.needs)?.name === name;
  test('any of them slower than the timeout: the same', async () => {
    const wrong = await pLimit(PARALLEL).map(Object.keys(needs).filter(isFirst), (action) => wrongWith(SLOW, action));
    expect(wrong.flat()).toEqual([]);
  }, 120_000);
});

test.each([
  ['throttled', { code: 'ThrottlingException', status: 400, message: 'Rate exceeded' }],
  ['failed by AWS', { code: 'InternalError', status: 500, message: 'An internal error has occurred' }],
])(
  'all calls %s twice: the same results as without',
  async (_, error) => {
    // With the attempts and the pauses that users get.
    const looked = await Promise.all(
      accounts.map(async ({ name, needs }) => {
        const { scene, base } = there(seen.get(name));
        const twice = [WHO, ...Object.keys(needs)].map((action) => [action, { error, times: 2 }]);
        return [base, await scene.look({ faults: Object.fromEntries(twice) }, { attempts: 4 })] as const;
      }),
    );
    const told = (result: Result) => {
      const { verdict, points, resources, calls } = result;
      const checks = [...checksOf(result).values()].map((check) => [check.id, check.verdict, check.findings]);
      return { verdict, points, resources, calls, checks };
    };
    for (const [base, result] of looked) expect(told(result)).toEqual(told(base));
  },
  60_000,
);

describe('who we are', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await sceneOf({ change: [], calls: [], through: 'vpcs' });
  });
  afterAll(() => scene.close());

  // No policy can deny it (STS API Reference, GetCallerIdentity).
  test.each([...QUICK, SLOW])('$name: one error, and no verdict at all', async ({ of, code }) => {
    const looking = scene.look(of(WHO), { timeoutMs: TIMEOUT_MS });
    const error = await looking.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(CloudUnavailable);
    const { unread } = error as CloudUnavailable;
    expect([unread.action, unread.message]).toEqual([WHO, expect.not.stringContaining(scene.key.secretAccessKey)]);
    expect(code.toLowerCase()).toContain({ error: 'read_error' }[unread.reason as string] ?? unread.reason);
  });
});
