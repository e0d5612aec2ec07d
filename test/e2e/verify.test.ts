/** The reference solution, step by step, against `labproof sandbox start`; and a cloud that does not answer. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Result } from '../../src/run/result.ts';
import { lockStateFile } from '../../src/sandbox/lock.ts';
import { freshEnv, labproof, type RunningSandbox, startSandbox } from './labproof.ts';

const STEPS = ['vpcs', 'instances', 'logs', 'permissions', 'ping', 'peering', 'analyze'];
const LAB = 'vpc-flow-logs';

async function verify(env: NodeJS.ProcessEnv, ...flags: readonly string[]) {
  const { code, stdout } = await labproof(['verify', LAB, '--json', ...flags], env);
  return { code, result: JSON.parse(stdout) as Result };
}

function verdicts(result: Result): Record<string, string> {
  return Object.fromEntries(result.steps.map(({ id, verdict }) => [id, verdict]));
}

describe('in the sandbox', () => {
  let sandbox: RunningSandbox;
  beforeAll(async () => {
    sandbox = await startSandbox(freshEnv(), '--time-scale', '1000');
  });
  afterAll(() => sandbox.stop());

  test('a new account passes nothing', async () => {
    const { code, result } = await verify(sandbox.env);
    const checks = result.steps.flatMap((step) => step.checks);
    expect(checks.filter(({ verdict }) => verdict === 'pass')).toEqual([]);
    expect(result.points.earned).toBe(0);
    expect(result.cloud).toEqual({ kind: 'sandbox', account: '123456789012', region: 'us-east-1' });
    expect(code).toBe(1);
  });

  test.each(
    STEPS.map((step, index) => ({ step, done: STEPS.slice(0, index + 1), open: STEPS.slice(index + 1) })),
  )('solved through $step, exactly that step and those before it pass', async ({ step, done, open }) => {
    const solved = await labproof(['solve', LAB, '--through', step], sandbox.env);
    expect(solved).toMatchObject({ code: 0 });
    const { code, result } = await verify(sandbox.env, '--timeout', '10');
    const all = result.steps.flatMap((each) => each.checks.map((check) => ({ step: each.id, ...check })));
    const passed = [...new Set(all.filter(({ verdict }) => verdict === 'pass').map((check) => check.step))];
    expect(passed).toEqual(done);
    expect(verdicts(result)).toMatchObject(Object.fromEntries(done.map((id) => [id, 'pass'])));
    expect(code).toBe(open.length === 0 ? 0 : 1);
  }, 60_000);

  test('solving it again makes nothing twice', async () => {
    const before = await verify(sandbox.env);
    await labproof(['solve', LAB], sandbox.env);
    const after = await verify(sandbox.env);
    expect(after.result.resources).toEqual(before.result.resources);
    expect(after.result.verdict).toBe('pass');
  }, 60_000);

  test('no call is sent twice, and none where one call can list', async () => {
    const { result } = await verify(sandbox.env);
    for (const [operation, times] of Object.entries(result.calls.byOperation))
      expect([operation, times]).toEqual([operation, operation.startsWith('ec2:') ? 1 : expect.any(Number)]);
  });

  test('a single step is verified with what it depends on, and only it is shown', async () => {
    const { code, result } = await verify(sandbox.env, '--step', 'peering');
    expect(result.steps.map(({ id }) => id)).toEqual(['peering']);
    expect(code).toBe(0);
  });

  test('the text for people names every check and holds no escape codes in a pipe', async () => {
    const { code, stdout } = await labproof(['verify', LAB], sandbox.env);
    expect(code).toBe(0);
    expect(stdout).toContain('100');
    expect(stdout).not.toContain('\u001b');
  });

  test.each([
    ['ec2:DescribeVpcs', 'UnauthorizedOperation'],
    ['logs:DescribeLogGroups', 'AccessDeniedException'],
  ])('a denied %s is "could not tell", never a failure: exit 3 and one message', async (operation, code) => {
    const fault = {
      [operation]: { error: { code, status: 403, message: 'You are not authorized to perform this operation.' } },
    };
    await fetch(`${sandbox.url}/_sandbox/faults`, { method: 'POST', body: JSON.stringify(fault) });
    try {
      const ran = await labproof(['verify', LAB], sandbox.env);
      expect(ran.code).toBe(3);
      expect(ran.stderr.trim().split('\n')).toHaveLength(1);
      expect(ran.stderr).toContain(operation);
    } finally {
      await fetch(`${sandbox.url}/_sandbox/faults`, { method: 'POST', body: '{}' });
    }
  });

  test('wrong credentials: exit 3 and one message', async () => {
    const fault = {
      'sts:GetCallerIdentity': {
        error: {
          code: 'InvalidClientTokenId',
          status: 403,
          message: 'The security token included in the request is invalid.',
        },
      },
    };
    await fetch(`${sandbox.url}/_sandbox/faults`, { method: 'POST', body: JSON.stringify(fault) });
    try {
      const { code, stdout, stderr } = await labproof(['verify', LAB], sandbox.env);
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
      expect(stderr.trim().split('\n')).toHaveLength(1);
    } finally {
      await fetch(`${sandbox.url}/_sandbox/faults`, { method: 'POST', body: '{}' });
    }
  });
});

test('a stopped sandbox: exit 3 and one message that names the address', async () => {
  const sandbox = await startSandbox(freshEnv());
  await sandbox.stop();
  const { code, stdout, stderr } = await labproof(['verify', LAB], sandbox.env);
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(stderr).toContain(new URL(sandbox.url).host);
  const json = await labproof(['verify', LAB, '--json'], sandbox.env);
  expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'UNREACHABLE' } });
});

test('commands in several terminals take turns at the saved sandbox, and forget it together', async () => {
  const env = freshEnv();
  const vpcs = async () => {
    const { stdout } = await labproof(['aws', 'ec2', 'describe-vpcs', '--query', 'length(Vpcs)', '--sandbox'], env);
    return Number(stdout);
  };
  const create = (block: string) => labproof(['aws', 'ec2', 'create-vpc', '--cidr-block', block, '--sandbox'], env);
  const made = await Promise.all(['10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16'].map(create));
  expect(made.map(({ code, stderr }) => `${code} ${stderr}`)).toEqual(['0 ', '0 ', '0 ']);
  expect(await vpcs()).toBe(4);
  expect(await labproof(['sandbox', 'reset'], env)).toMatchObject({ code: 0 });
  expect(await vpcs()).toBe(1);
}, 60_000);

test('the saved sandbox is not reset while another process uses it, which is to be stopped first', async () => {
  const env = freshEnv();
  const file = join(env.XDG_DATA_HOME ?? '', 'labproof', 'sandbox', 'state.json');
  mkdirSync(dirname(file), { recursive: true });
  const unlock = lockStateFile(`${file}.lock`, file);
  const { code, stderr } = await labproof(['sandbox', 'reset'], env);
  unlock();
  expect({ code, stderr }).toEqual({
    code: 3,
    stderr: `labproof: The sandbox's state file ${file} is in use by another sandbox (process ${process.pid}). Stop that one first.\n`,
  });
});

test('no credentials at all: exit 3 and how to get some', async () => {
  const { code, stderr } = await labproof(['verify', LAB, '--region', 'us-east-1'], freshEnv());
  expect(code).toBe(3);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
