/** `labproof doctor` on machines that are not ready, and on one that is. */
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DoctorFinding } from '../../src/plain/doctor.ts';
import { freshEnv, labproof, type RunningSandbox, startSandbox } from './labproof.ts';

async function doctor(env: NodeJS.ProcessEnv, ...flags: readonly string[]) {
  const { code, stdout, stderr } = await labproof(['doctor', ...flags, '--json'], env);
  const { schema, findings } = JSON.parse(stdout) as { schema: string; findings: readonly DoctorFinding[] };
  expect(schema).toBe('labproof/doctor/v1');
  return { code, stdout, stderr, findings, of: (id: string) => findings.find((finding) => finding.id === id) };
}

function write(env: NodeJS.ProcessEnv, path: string, text: string): void {
  const file = join(env.HOME ?? '', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

test('with --sandbox everything is well, on a new machine', async () => {
  const { code, findings } = await doctor(freshEnv(), '--sandbox');
  expect(findings.filter(({ status }) => status !== 'ok')).toEqual([]);
  expect(findings.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['node', 'sandbox', 'credentials', 'identity', 'region', 'network', 'permissions', 'pings']),
  );
  expect(code).toBe(0);
});

test('a learner without any AWS settings is told of the sandbox', async () => {
  const env = freshEnv();
  const { code, of } = await doctor(env);
  expect(of('credentials')).toMatchObject({ status: 'problem', fix: { command: 'labproof start --sandbox' } });
  expect(of('region')).toMatchObject({ status: 'problem' });
  expect(code).toBe(1);
  const text = await labproof(['doctor'], env);
  expect(text.code).toBe(1);
  expect(text.stdout).toContain('labproof start --sandbox');
  expect(text.stdout).not.toContain('\u001b');
  expect(text.stderr).not.toMatch(/ at .*:\d+/);
});

test('a broken AWS file is told with its line, and a profile that is not there with those that are', async () => {
  const env = freshEnv({ AWS_REGION: 'us-east-1' });
  write(env, '.aws/config', '[default]\nnonsense\n[profile dev]\nregion = eu-west-1\n');
  const { of } = await doctor(env, '--profile', 'dve');
  expect(of('aws config file')).toMatchObject({ status: 'warning', message: expect.stringContaining('config:2') });
  expect(of('credentials')).toMatchObject({ message: expect.stringContaining('dev') });
});

test('a credential_process that never ends does not hold it up', async () => {
  const env = freshEnv();
  write(env, '.aws/config', '[default]\nregion = us-east-1\ncredential_process = /bin/sleep 300\n');
  const began = Date.now();
  const { code, of } = await doctor(env, '--endpoint-url', 'http://127.0.0.1:9');
  expect(of('credentials')).toMatchObject({ status: 'problem' });
  expect(code).toBe(1);
  expect(Date.now() - began).toBeLessThan(40_000);
}, 60_000);

test('an endpoint that refuses connections is named', async () => {
  const env = freshEnv({ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' });
  const { code, of } = await doctor(env, '--endpoint-url', 'http://127.0.0.1:9');
  expect(of('network')).toMatchObject({ status: 'problem', message: expect.stringContaining('127.0.0.1:9') });
  expect(of('permissions')).toMatchObject({ status: 'unknown' });
  expect(code).toBe(1);
});

test('a clock that is hours off is found without any credentials', async () => {
  const server = createServer((_, response) => {
    response.setHeader('Date', new Date(Date.now() - 3 * 3_600_000).toUTCString());
    response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const { of } = await doctor(freshEnv({ AWS_REGION: 'us-east-1' }), '--endpoint-url', url);
  server.close();
  expect(of('clock')).toMatchObject({ status: 'problem', message: expect.stringContaining('3 h ahead') });
});

test('a damaged saved sandbox is told, and how to go on', async () => {
  const env = freshEnv();
  write(env, 'data/labproof/sandbox/state.json', '{ broken');
  const { code, of } = await doctor(env, '--sandbox');
  expect(of('sandbox')).toMatchObject({ status: 'problem', fix: { command: 'labproof sandbox reset' } });
  expect(code).toBe(1);
});

test('a saved sandbox that another machine seems to use is told, with the lock to remove', async () => {
  const env = freshEnv();
  write(env, 'data/labproof/sandbox/state.json', '{}');
  write(env, 'data/labproof/sandbox/state.json.lock', '7 123 another-machine\n');
  const { of } = await doctor(env, '--sandbox');
  expect(of('sandbox')).toMatchObject({
    status: 'problem',
    message: expect.stringMatching(/process 7 on another-machine.*remove \S+state\.json\.lock\./),
  });
}, 60_000);

describe('in a sandbox that enforces IAM', () => {
  let sandbox: RunningSandbox;
  const aws = async (...words: readonly string[]) => {
    const ran = await labproof(['aws', ...words], sandbox.env);
    expect(ran).toMatchObject({ code: 0 });
    return ran.stdout;
  };
  /** Keys of a new user with this policy. */
  async function userWith(name: string, actions: readonly string[]): Promise<NodeJS.ProcessEnv> {
    await aws('iam', 'create-user', '--user-name', name);
    const Statement = [{ Effect: 'Allow', Action: actions, Resource: '*' }];
    const document = JSON.stringify({ Version: '2012-10-17', Statement });
    await aws('iam', 'put-user-policy', '--user-name', name, '--policy-name', 'p', '--policy-document', document);
    const { AccessKey } = JSON.parse(await aws('iam', 'create-access-key', '--user-name', name, '--output', 'json'));
    return {
      ...sandbox.env,
      AWS_ACCESS_KEY_ID: AccessKey.AccessKeyId,
      AWS_SECRET_ACCESS_KEY: AccessKey.SecretAccessKey,
    };
  }
  beforeAll(async () => {
    sandbox = await startSandbox(freshEnv(), '--enforce-iam', '--time-scale', '1000');
  });
  afterAll(() => sandbox.stop());

  test('every action that is missing is named, with the policy that holds it', async () => {
    const env = await userWith('few', ['ec2:Describe*', 'iam:*', 'ssm:*']);
    const { code, of, findings, stdout } = await doctor(env, 'vpc-flow-logs');
    expect(of('identity')).toMatchObject({ status: 'ok', message: 'Account 123456789012, user few.' });
    expect(findings.filter(({ status }) => status === 'problem').map(({ id }) => id)).toEqual([
      'permission logs:DescribeLogGroups',
    ]);
    expect(of('permission logs:DescribeLogGroups')).toMatchObject({
      fix: { command: 'labproof policy vpc-flow-logs' },
    });
    expect(code).toBe(1);
    for (const secret of [env.AWS_ACCESS_KEY_ID, env.AWS_SECRET_ACCESS_KEY]) expect(stdout).not.toContain(secret);
  });

  test('who may read everything has no problem', async () => {
    const { code, of } = await doctor(await userWith('all', ['ec2:*', 'iam:*', 'ssm:*', 'logs:*']));
    expect(of('permissions')).toMatchObject({ status: 'ok' });
    expect(code).toBe(0);
  });

  test('keys that are not known, and an expired token, each with the way out', async () => {
    const refused = async (code: string) => {
      const error = { code, status: 403, message: 'The security token included in the request is no good.' };
      const faults = { 'sts:GetCallerIdentity': { error } };
      await fetch(`${sandbox.url}/_sandbox/faults`, { method: 'POST', body: JSON.stringify(faults) });
      const found = await doctor(sandbox.env);
      await fetch(`${sandbox.url}/_sandbox/faults`, { method: 'POST', body: '{}' });
      return found;
    };
    const wrong = await refused('InvalidClientTokenId');
    expect(wrong.of('identity')).toMatchObject({ status: 'problem', message: expect.stringContaining('not accept') });
    expect(wrong.of('permissions')).toMatchObject({ status: 'unknown' });
    const expired = await refused('ExpiredToken');
    expect(expired.of('identity')).toMatchObject({ status: 'problem', message: 'The credentials have expired.' });
    expect(expired.code).toBe(1);
  });
});

test.each([
  ['an unknown lab', ['nolab']],
  ['an endpoint that is no URL', ['--endpoint-url', 'nowhere']],
])('%s ends with 2', async (_, flags) => {
  const { code, stdout } = await labproof(['doctor', ...flags, '--json'], freshEnv());
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: expect.any(String) } });
});
