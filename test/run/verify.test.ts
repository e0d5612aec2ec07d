import { describe, expect, test } from 'vitest';
import { defineCheck, fail, pass, waiting } from '../../src/check.ts';
import type { Registry } from '../../src/lab/checks.ts';
import type { Lab } from '../../src/lab/schema.ts';
import type { Question } from '../../src/model/account.ts';
import { CloudUnavailable, verify } from '../../src/run/verify.ts';
import { type FakeCloud, readerOf, vpc } from './account.ts';

const finding = { code: 'X', severity: 'error', message: 'x', resources: [] } as const;
const codes = { X: 'x' };
const denied = { reason: 'denied', action: 'ec2:DescribeVpcs', message: 'not authorized' } as const;

const checks: Registry = {
  'vpc-there': defineCheck({
    title: 'A VPC is there',
    params: { vpc: 'vpc' },
    needs: ['vpcs'],
    codes,
    judge: ({ params }) => (params.vpc.id ? pass() : fail(finding)),
  }),
  pinged: defineCheck({
    title: 'A ping answers',
    params: {},
    needs: [],
    codes,
    asks: ({ reading }) => {
      const history = reading({ kind: 'pings', instanceId: 'i-1' });
      return [{ kind: 'pings', instanceId: 'i-1' }, ...(history?.ok && history.value.length === 0 ? [live] : [])];
    },
    judge: ({ answer }) => (answer(live).received > 0 ? pass() : fail(finding)),
  }),
  slow: defineCheck({ title: 'Slow', params: {}, needs: [], codes, judge: () => waiting(finding) }),
  half: defineCheck({
    title: 'Half',
    params: {},
    needs: [],
    codes,
    judge: () => ({ verdict: 'partial', share: 0.5, findings: [], evidence: [] }),
  }),
  broken: defineCheck({
    title: 'Broken',
    params: {},
    needs: [],
    codes,
    judge: () => {
      throw new Error('oops');
    },
  }),
};
const live: Question & { kind: 'ping' } = { kind: 'ping', instanceId: 'i-1', address: '10.2.0.4' };

function use(id: string, name: string, after: readonly string[] = [], parameters: Record<string, string> = {}) {
  return { id, use: name, with: parameters, points: 10, after: [...after] };
}

function labOf(...steps: readonly (readonly ReturnType<typeof use>[])[]): Lab {
  return {
    format: 1,
    id: 'demo',
    title: 'Demo',
    version: '1.0.0',
    summary: 's',
    minutes: 1,
    cost: 'none',
    file: 'lab.yaml',
    digest: 'sha256:0',
    questions: [],
    resources: { vpc1: { kind: 'vpc', label: 'VPC 1' } },
    steps: steps.map((uses, index) => ({
      id: `step-${index + 1}`,
      title: `Step ${index + 1}`,
      goal: 'g',
      why: 'w',
      console: ['c'],
      hints: ['a', 'b', 'c'],
      checks: [...uses],
      questions: [],
      solution: [],
    })),
  };
}

const there = use('there', 'vpc-there', [], { vpc: 'vpc1' });

async function verdictsOf(lab: Lab, cloud: FakeCloud, steps?: readonly string[]) {
  const result = await verify({ lab, checks, reader: readerOf(cloud), clock: () => 0, ...(steps && { steps }) });
  const all = result.steps.flatMap((step) => step.checks);
  return { result, verdicts: Object.fromEntries(all.map(({ id, verdict }) => [id, verdict])) };
}

describe('what an earlier check says of a later one', () => {
  test.each([
    ['a failed one blocks', {}, { there: 'fail', half: 'blocked', slow: 'blocked' }, 'fail'],
    [
      'a passed one lets go on',
      { slices: { vpcs: [vpc('vpc-1')] } },
      { there: 'pass', half: 'partial', slow: 'waiting' },
      'partial',
    ],
    [
      'one that could not be read is no failure',
      { unread: { vpcs: denied } },
      { there: 'unknown', half: 'unknown', slow: 'unknown' },
      'unknown',
    ],
  ] as const)('%s', async (_, cloud, expected, verdict) => {
    const lab = labOf([there], [use('half', 'half', ['there']), use('slow', 'slow', ['half'])]);
    const { result, verdicts } = await verdictsOf(lab, cloud);
    expect(verdicts).toEqual(expected);
    expect(result.verdict).toBe(verdict);
  });

  test('one that waits makes the next wait', async () => {
    const { verdicts } = await verdictsOf(labOf([use('slow', 'slow'), use('half', 'half', ['slow'])]), {});
    expect(verdicts).toEqual({ slow: 'waiting', half: 'waiting' });
  });
});

test('an unread slice names the action that is missing', async () => {
  const { result } = await verdictsOf(labOf([there]), { unread: { vpcs: denied } });
  expect(result.steps[0]?.checks[0]?.findings[0]).toMatchObject({
    code: 'NOT_PERMITTED',
    message: expect.stringContaining('ec2:DescribeVpcs'),
  });
});

test("a check's own fault is not the learner's", async () => {
  const { result, verdicts } = await verdictsOf(labOf([use('broken', 'broken')]), {});
  expect(verdicts).toEqual({ broken: 'unknown' });
  expect(result.steps[0]?.checks[0]?.findings[0]?.code).toBe('CHECK_ERROR');
});

test('partial credit and points add up', async () => {
  const { result } = await verdictsOf(labOf([use('half', 'half'), use('slow', 'slow')]), {});
  expect(result.points).toEqual({ earned: 5, possible: 20 });
});

test('a single step is judged with what it depends on, but only it is shown', async () => {
  const { verdicts } = await verdictsOf(labOf([there], [use('half', 'half', ['there'])]), {}, ['step-2']);
  expect(verdicts).toEqual({ half: 'blocked' });
});

describe('questions', () => {
  const pinged = labOf([use('one', 'pinged'), use('two', 'pinged')]);

  test('follow from earlier answers, and equal ones are asked once', async () => {
    const asked: Question[] = [];
    const answers = (question: Question) =>
      ({ ok: true, value: question.kind === 'pings' ? [] : { received: 3 } }) as const;
    const { verdicts } = await verdictsOf(pinged, { asked, answers });
    expect(asked.map(({ kind }) => kind)).toEqual(['pings', 'ping']);
    expect(verdicts).toEqual({ one: 'pass', two: 'pass' });
  });

  test('no packet is sent for a check that is blocked', async () => {
    const asked: Question[] = [];
    await verdictsOf(labOf([there, use('one', 'pinged', ['there'])]), {
      asked,
      answers: () => ({ ok: true, value: [] }),
    });
    expect(asked.map(({ kind }) => kind)).toEqual(['pings']);
  });

  test('an answer that could not be had makes the check unknown', async () => {
    const { verdicts } = await verdictsOf(pinged, {});
    expect(verdicts).toEqual({ one: 'unknown', two: 'unknown' });
  });
});

test('a cloud that does not know us is one error, not a page of failures', async () => {
  const identity = {
    ok: false,
    unread: { reason: 'credentials', action: 'sts:GetCallerIdentity', message: 'expired' },
  } as const;
  await expect(verdictsOf(labOf([there]), { identity })).rejects.toThrow(CloudUnavailable);
});
