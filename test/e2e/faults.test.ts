/** What `verify` says, and with which exit code, where AWS does not answer as it should. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Result } from '../../src/run/result.ts';
import { freshEnv, labproof, type RunningSandbox, startSandbox } from './labproof.ts';

const LAB = 'vpc-flow-logs';
const WHO = 'sts:GetCallerIdentity';
const EXPIRED = 'The security token included in the request is expired';

let sandbox: RunningSandbox;
beforeAll(async () => {
  sandbox = await startSandbox(freshEnv(), '--time-scale', '1000');
  await labproof(['solve', LAB, '--through', 'vpcs'], sandbox.env);
}, 60_000);
afterAll(() => sandbox.stop());
afterEach(() => fail({}));

async function fail(faults: object) {
  const answer = await fetch(`${sandbox.url}/_sandbox/faults`, { method: 'POST', body: JSON.stringify(faults) });
  expect(answer.status).toBe(204);
}

const verify = (...flags: readonly string[]) => labproof(['verify', LAB, ...flags], sandbox.env);
const lines = (text: string) => text.trim().split('\n');
const NO_TRACE = /\n\s+at |node:internal|\.ts:\d/;

describe('who we are could not be told', () => {
  test.each<[string, object, string]>([
    ['denied', { error: { code: 'AccessDenied', status: 403, message: 'not authorized' } }, 'DENIED'],
    ['with an expired token', { error: { code: 'ExpiredToken', status: 403, message: EXPIRED } }, 'CREDENTIALS'],
    ['throttled for ever', { throttling: 1 }, 'THROTTLED'],
    ['failed by AWS for ever', { serverError: 1 }, 'ERROR'],
    ['cut', { drop: 1 }, 'UNREACHABLE'],
  ])(
    '%s: exit 3 and one message, with --json one document',
    async (_, fault, code) => {
      await fail({ [WHO]: fault });
      const text = await verify();
      expect(text).toMatchObject({ code: 3, stdout: '', stderr: expect.not.stringMatching(NO_TRACE) });
      expect(lines(text.stderr)).toHaveLength(1);

      const json = await verify('--json');
      expect(json).toMatchObject({ code: 3, stderr: '' });
      expect(JSON.parse(json.stdout)).toEqual({ error: { code, message: expect.not.stringMatching(/undefined/) } });
    },
    60_000,
  );

  test('twice, and then it is: as if nothing had been', async () => {
    await fail({ [WHO]: { error: { code: 'Throttling', status: 400, message: 'Rate exceeded' }, times: 2 } });
    expect(await verify('--step', 'vpcs')).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('something could not be read', () => {
  const denied = { error: { code: 'UnauthorizedOperation', status: 403, message: 'You are not authorized.' } };

  test.each<[string, object, string]>([
    ['denied', denied, 'NOT_PERMITTED'],
    ['cut', { drop: 1 }, 'UNREACHABLE'],
    ['throttled for ever', { throttling: 1 }, 'THROTTLED'],
  ])(
    '%s, and nothing failed: exit 3, and one message names the action',
    async (_, fault, code) => {
      expect(await verify('--step', 'vpcs')).toMatchObject({ code: 0 });
      await fail({ 'ec2:DescribeInternetGateways': fault });
      const { code: exit, stdout, stderr } = await verify('--step', 'vpcs', '--json');
      expect(exit).toBe(3);
      expect(stderr).toMatch(/^labproof: ec2:DescribeInternetGateways could not be read: .+\n$/);
      const { verdict, points, steps } = JSON.parse(stdout) as Result;
      expect({ verdict, earned: points.earned }).toEqual({ verdict: 'unknown', earned: 0 });
      const found = steps.flatMap(({ checks }) =>
        checks.map(({ id, findings }) => [id, findings.map((each) => each.code)]),
      );
      expect(Object.fromEntries(found)).toEqual({ 'vpc-1': [code], 'vpc-2': [code], 'cidrs-unique': ['DEPENDS'] });
    },
    60_000,
  );

  test('and something failed: exit 1, and the message is there, too', async () => {
    await fail({ 'ec2:DescribeFlowLogs': denied });
    const { code, stdout, stderr } = await verify('--json');
    expect(code).toBe(1);
    expect(lines(stderr)).toEqual([expect.stringMatching(/^labproof: ec2:DescribeFlowLogs could not be read: /)]);
    const { verdict, steps } = JSON.parse(stdout) as Result;
    expect([verdict, ...steps.slice(0, 3).map((step) => step.verdict)]).toEqual(['fail', 'pass', 'fail', 'unknown']);
  });
});

test('solve makes nothing before it is known what is there already', async () => {
  await fail({ 'ec2:DescribeVpcs': { error: { code: 'UnauthorizedOperation', status: 403, message: 'no' } } });
  const solved = await labproof(['solve', LAB, '--through', 'vpcs'], sandbox.env);
  expect(solved).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('ec2:DescribeVpcs') });
  await fail({});
  const { stdout } = await labproof(['aws', 'ec2', 'describe-vpcs', '--query', 'length(Vpcs)'], sandbox.env);
  expect(stdout.trim()).toBe('3');
});
