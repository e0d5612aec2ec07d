/** `labproof aws SERVICE wait …` against answers that are written down; the clock is counted, not waited for. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { AwsRefusal, type Output } from '../../src/account/caller.ts';
import { runAws } from '../../src/awscli/run.ts';
import { type Acceptor, WAITERS } from '../../src/awscli/waiters.ts';

const refusal = (code: string, status = 400) => new AwsRefusal(code, 'Describe', 'Not so.', status);
const instance = (state: string): Output => ({ Reservations: [{ Instances: [{ State: { Name: state } }] }] });

/** @param answers One an attempt; the last again and again. */
async function wait(line: string, ...answers: readonly (Output | Error)[]) {
  const slept: number[] = [];
  let asked = 0;
  const error = await runAws(line.split(' '), {
    width: 80,
    now: () => 0,
    sleep: async (ms) => slept.push(ms),
    print: () => {},
    withCaller: (_target, use) =>
      use({
        async call() {
          const answer = answers[Math.min(asked, answers.length - 1)];
          asked += 1;
          if (answer === undefined || answer instanceof Error) throw answer;
          return answer;
        },
        close: () => {},
      }),
  }).then(
    () => undefined,
    (thrown: Error) => thrown.message,
  );
  return { error, asked, slept };
}

test('ends when the state is reached, with the pauses of the AWS CLI', async () => {
  const states = ['pending', 'pending', 'running'].map(instance);
  expect(await wait('ec2 wait instance-running --instance-ids i-1', refusal('InvalidInstanceID.NotFound'), ...states)) //
    .toEqual({ error: undefined, asked: 4, slept: [15_000, 15_000, 15_000] });
});

test.each([
  [
    'ec2 wait vpc-exists',
    refusal('InvalidVpcID.NotFound'),
    5,
    1000,
    'Waiter VpcExists failed: Max attempts exceeded. Previously accepted state: Matched expected service error code: InvalidVpcID.NotFound',
  ],
  [
    'ec2 wait instance-running',
    instance('pending'),
    40,
    15_000,
    'Waiter InstanceRunning failed: Max attempts exceeded',
  ],
  ['ec2 wait key-pair-exists', { KeyPairs: [] }, 6, 5000, 'Waiter KeyPairExists failed: Max attempts exceeded'],
  [
    'iam wait instance-profile-exists --instance-profile-name a',
    refusal('NoSuchEntity', 404),
    40,
    1000,
    'Waiter InstanceProfileExists failed: Max attempts exceeded. Previously accepted state: Matched expected HTTP status code: 404',
  ],
  [
    'ssm wait command-executed --command-id a --instance-id i-1',
    { Status: 'InProgress' },
    20,
    5000,
    'Waiter CommandExecuted failed: Max attempts exceeded. Previously accepted state: For expression "Status" we matched expected path: "InProgress"',
  ],
])("%s gives up after the AWS CLI's attempts, in its words", async (line, answer, asked, pause, error) => {
  expect(await wait(line, answer)).toEqual({ error, asked, slept: Array(asked - 1).fill(pause) });
});

test.each([
  [
    'ec2 wait instance-running',
    instance('shutting-down'),
    'Waiter InstanceRunning failed: Waiter encountered a terminal failure state: For expression "Reservations[].Instances[].State.Name" we matched expected path: "shutting-down" at least once',
  ],
  [
    'ec2 wait network-interface-available',
    refusal('InvalidNetworkInterfaceID.NotFound'),
    'Waiter NetworkInterfaceAvailable failed: Waiter encountered a terminal failure state: Matched expected service error code: InvalidNetworkInterfaceID.NotFound',
  ],
  [
    'ssm wait command-executed --command-id a --instance-id i-1',
    { Status: 'Failed' },
    'Waiter CommandExecuted failed: Waiter encountered a terminal failure state: For expression "Status" we matched expected path: "Failed"',
  ],
  [
    'ec2 wait vpc-exists',
    refusal('UnauthorizedOperation', 403),
    'Waiter VpcExists failed: An error occurred (UnauthorizedOperation): Not so.',
  ],
])('%s ends at once where no waiting helps', async (line, answer, error) => {
  expect(await wait(line, answer)).toEqual({ error, asked: 1, slept: [] });
});

test.each([
  ['ec2 wait volume-deleted', refusal('InvalidVolume.NotFound')],
  ['ec2 wait vpc-exists', { Vpcs: [] }],
])('%s is content with %j', async (line, answer) => {
  expect(await wait(line, answer)).toEqual({ error: undefined, asked: 1, slept: [] });
});

const BOTOCORE = '/usr/lib/python3/dist-packages/botocore/data';
const VERSIONS = { ec2: '2016-11-15', iam: '2010-05-08', ssm: '2014-11-06' } as const;

interface Theirs {
  readonly operation: string;
  readonly delay: number;
  readonly maxAttempts: number;
  readonly acceptors: readonly { state: string; matcher: string; argument?: string; expected: unknown }[];
}

const MATCHERS = { path: 'path', all: 'pathAll', any: 'pathAny', status: 'status', error: 'error' } as const;

const asTheirs = ({ state, look }: Acceptor) => ({
  state,
  matcher: MATCHERS[look.at],
  ...('expression' in look && { argument: look.expression }),
  expected: look.expected,
});

describe.runIf(existsSync(BOTOCORE))("knows of a waiter what Debian's AWS CLI knows", () => {
  test.each(Object.entries(VERSIONS))('%s', (service, version) => {
    const { waiters } = JSON.parse(readFileSync(`${BOTOCORE}/${service}/${version}/waiters-2.json`, 'utf8')) as {
      waiters: Readonly<Record<string, Theirs>>;
    };
    const ours = Object.entries(WAITERS[service as keyof typeof VERSIONS] ?? {});
    expect(ours.length).toBeGreaterThan(0);
    for (const [name, { acceptors, ...waiter }] of ours) {
      const { operation, delay, maxAttempts, acceptors: theirs } = waiters[name] ?? {};
      expect(waiter, name).toEqual({ operation, delay, maxAttempts });
      expect(acceptors.map(asTheirs), name).toEqual(theirs);
    }
  });
});
