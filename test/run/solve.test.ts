import { describe, expect, test } from 'vitest';
import { CallError } from '../../src/account/reader.ts';
import type { SolutionCall, Step } from '../../src/lab/schema.ts';
import type { Result } from '../../src/run/result.ts';
import { solve } from '../../src/run/solve.ts';

type Answer = unknown | Error;

function stepOf(id: string, ...calls: readonly Partial<SolutionCall>[]): Step {
  const solution = calls.map((call) => ({ call: 'ec2:CreateVpc', why: 'because', input: {}, ...call }));
  return {
    id,
    title: id,
    goal: 'g',
    why: 'w',
    console: ['c'],
    hints: ['1', '2', '3'],
    checks: [],
    questions: [],
    solution,
  };
}

/** Sends the steps to a cloud that gives these answers in turn; returns what was sent and how long it waited. */
async function sent(
  steps: readonly Step[],
  answers: readonly Answer[],
  there: Partial<Pick<Result, 'resources' | 'steps'>> = {},
) {
  const calls: { call: string; input: unknown }[] = [];
  const waits: number[] = [];
  const queue = [...answers];
  await solve({
    steps,
    before: {
      cloud: { account: '123456789012', region: 'eu-west-3' },
      resources: {},
      steps: [],
      ...there,
    } as unknown as Result,
    partition: 'aws',
    signal: new AbortController().signal,
    say: () => {},
    now: 1_700_000_000_000,
    sleep: async (milliseconds) => void waits.push(milliseconds),
    sender: {
      async send(call, input) {
        calls.push({ call, input });
        const answer = queue.length > 1 ? queue.shift() : queue[0];
        if (answer instanceof Error) throw answer;
        return answer;
      },
      close: () => {},
    },
  });
  return { calls, waits };
}

const refusal = (code: string) => new CallError('ec2:CreateVpc', code, 'no');

test('what a call saves is the input of the next, with account and region', async () => {
  const step = stepOf(
    'a',
    { save: { vpc1: 'Vpc.VpcId' } },
    { input: { Id: '${vpc1}', Arn: 'arn:${partition}:${region}:${account}' } },
  );
  const { calls } = await sent([step], [{ Vpc: { VpcId: 'vpc-7' } }]);
  expect(calls[1]?.input).toEqual({ Id: 'vpc-7', Arn: 'arn:aws:eu-west-3:123456789012' });
});

test('what is there already is not made again, and serves the later calls', async () => {
  const step = stepOf('a', { makes: 'vpc1', save: { vpc1: 'Vpc.VpcId' } }, { input: { Id: '${vpc1}' } });
  const { calls } = await sent([step], [{}], { resources: { vpc1: 'vpc-mine' } });
  expect(calls).toEqual([{ call: 'ec2:CreateVpc', input: { Id: 'vpc-mine' } }]);
});

test('a step that has passed is left alone', async () => {
  const passed = { id: 'a', verdict: 'pass' } as Result['steps'][number];
  const { calls } = await sent([stepOf('a', {}), stepOf('b', {})], [{}], { steps: [passed] });
  expect(calls).toHaveLength(1);
});

describe('refusals', () => {
  test('that mean "done already" are passed over', async () => {
    const { calls } = await sent(
      [stepOf('a', { ignore: ['EntityAlreadyExists'] }, {})],
      [refusal('EntityAlreadyExists'), {}],
    );
    expect(calls).toHaveLength(2);
  });

  test('that pass by themselves are tried again, with growing pauses', async () => {
    const { calls, waits } = await sent(
      [stepOf('a', { retry: ['InvalidParameterValue'] })],
      [refusal('InvalidParameterValue'), refusal('InvalidParameterValue'), {}],
    );
    expect(calls).toHaveLength(3);
    expect(waits[1]).toBeGreaterThan(waits[0] ?? 0);
  });

  test('that stay are told after a minute or two, not retried for ever', async () => {
    await expect(
      sent([stepOf('a', { retry: ['InvalidParameterValue'] })], [refusal('InvalidParameterValue')]),
    ).rejects.toThrow('no');
  });

  test('of any other kind end it at once', async () => {
    await expect(sent([stepOf('a', {})], [refusal('VpcLimitExceeded')])).rejects.toMatchObject({
      code: 'VpcLimitExceeded',
    });
  });
});

test.each([
  [{ path: 'State', is: 'running', usually: 'a minute' }, [{ State: 'pending' }, { State: 'running' }]],
  [
    { path: 'Streams[0].Last', exists: true, usually: 'minutes' } as const,
    [{ Streams: [] }, { Streams: [{ Last: '' }] }, { Streams: [{ Last: 1 }] }],
  ],
])('a call is repeated until %j', async (until, answers) => {
  const { calls } = await sent([stepOf('a', { until })], answers);
  expect(calls).toHaveLength(answers.length);
});

test('waiting has an end', async () => {
  const until = { path: 'State', is: 'running', usually: 'a minute' };
  await expect(sent([stepOf('a', { until })], [{ State: 'stopped' }])).rejects.toThrow('gave up waiting');
});

test('a value that is missing is named', async () => {
  await expect(sent([stepOf('a', { input: { Id: '${peering}' } })], [{}])).rejects.toThrow('${peering}');
});
