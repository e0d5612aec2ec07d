/** `labproof snapshot` and `--snapshot` as users call them; and the outputs of a real AWS CLI as the oracle of `--import`. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Result } from '../../src/run/result.ts';
import { freshEnv, labproof, type RunningSandbox, run, startSandbox } from './labproof.ts';

/** Debian's. */
const AWS = '/usr/bin/aws';
const SECRET = 'wJalrXUtnFEMIexampleSECRETkey';
const home = freshEnv();
const env: NodeJS.ProcessEnv = { ...home, AWS_ACCESS_KEY_ID: 'AKIAEXAMPLEEXAMPLE12', AWS_SECRET_ACCESS_KEY: SECRET };
const inHome = (...names: readonly string[]) => join(home.HOME ?? '', ...names);

let sandbox: RunningSandbox;
beforeAll(async () => {
  sandbox = await startSandbox(home, '--time-scale', '1000');
  const solved = await labproof(['solve', 'vpc-flow-logs'], sandbox.env);
  expect(solved).toMatchObject({ code: 0 });
}, 120_000);
afterAll(() => sandbox.stop());

const there = () => ({ ...sandbox.env, ...env });

/** The verdict and the findings' codes of every check. */
async function verify(where: NodeJS.ProcessEnv, ...flags: readonly string[]) {
  const { code, stdout, stderr } = await labproof(['verify', '--json', ...flags], where);
  const result = JSON.parse(stdout) as Result;
  const checks = result.steps.flatMap((step) => step.checks);
  const judged = checks.map(({ id, verdict, points, findings }) => [
    id,
    verdict,
    points,
    findings.map(({ code }) => code),
  ]);
  return { code, stderr, result, judged };
}

describe('a snapshot', () => {
  const file = inHome('taken.json');

  beforeAll(async () => {
    const { code, stdout, stderr } = await labproof(['snapshot', '-o', 'taken.json'], there());
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${file}\n`, stderr: '' });
  }, 60_000);

  test('is verified without any account as the account was, and says when it was recorded', async () => {
    const live = await verify(there());
    const again = await verify(home, '--snapshot', file);
    expect(again.judged).toEqual(live.judged);
    expect(again.result).toMatchObject({
      cloud: { ...live.result.cloud, kind: 'snapshot' },
      verdict: live.result.verdict,
      points: live.result.points,
      resources: live.result.resources,
      calls: { total: 0, byOperation: {} },
    });
    expect(again.code).toBe(live.code);
    expect(again.stderr).toMatch(/^Recorded 2\d{3}-.*Z: the sandbox, account 123456789012, us-east-1\.\n$/);
  });

  test('is not waited for: nothing in it ever changes', async () => {
    const taken = JSON.parse(readFileSync(file, 'utf8'));
    const young = inHome('young.json');
    for (const flowLog of taken.slices.flowLogs.value) {
      flowLog.createdAt = Date.parse(taken.takenAt) - 60_000;
      delete flowLog.deliverStatus;
    }
    for (const [{ kind }, answer] of taken.answers) if (kind === 'logStreams') answer.value = [];
    writeFileSync(young, JSON.stringify(taken));
    const { judged, stderr } = await verify(home, '--snapshot', young, '--timeout', '3600');
    expect(judged.map(([, verdict]) => verdict)).toContain('waiting');
    expect(stderr).not.toContain('Waiting');
  });

  test("belongs to its owner alone and holds none of the owner's keys", () => {
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
    expect(readFileSync(file, 'utf8')).not.toMatch(new RegExp(`${SECRET}|AKIAEXAMPLE`));
    expect(readdirSync(inHome()).filter((name) => name.startsWith('taken.json'))).toEqual(['taken.json']);
  });

  test('shows a path and makes a report', async () => {
    const { result } = await verify(home, '--snapshot', file);
    const { instance1 = '', instance2 = '' } = result.resources;
    const path = ['path', '--from', String(instance1), '--to', String(instance2), '--snapshot', file];
    expect(await labproof(path, home)).toMatchObject({ code: 0, stdout: expect.stringContaining('delivered') });
    expect(await labproof(['report', '--snapshot', file, '-o', 'reports'], home)).toMatchObject({ code: 0 });
    expect(readFileSync(inHome('reports', 'vpc-flow-logs.md'), 'utf8')).toContain('a snapshot of');
  });

  test('cut off: exit 2 and where it ends', async () => {
    const half = inHome('half.json');
    writeFileSync(half, readFileSync(file).subarray(0, 3000));
    const { code, stdout, stderr } = await labproof(['verify', '--snapshot', half], home);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^labproof: .*half\.json:\d+:\d+: .*cut off.*\n$/);
  });
});

describe('what cannot be used as a snapshot ends with 2 and one message', () => {
  test.each<[string, (file: string) => void, RegExp]>([
    ['a missing file', () => {}, /no such file/],
    ['a folder', (file) => mkdirSync(file), /folder/],
    ['a result', (file) => writeFileSync(file, '{\n  "schema": "labproof/result/v1"\n}'), /:2:13: .*verify --json/],
    ['another version', (file) => writeFileSync(file, '{"schema": "labproof/snapshot/v7"}'), /:1:12: .*version 7/],
    ['binary', (file) => writeFileSync(file, Buffer.from([0xff, 0xd8, 0xff, 0xe0])), /no text/],
    [
      'a gigabyte',
      (file) => {
        writeFileSync(file, '');
        truncateSync(file, 2 ** 30);
      },
      /1\.0 GiB; 64 MiB is the most/,
    ],
    ['a million brackets', (file) => writeFileSync(file, '['.repeat(1_000_000)), /:1:1000001: /],
    ['terminal codes', (file) => writeFileSync(file, '{"schema": "labproof/snapshot/v1", "\\u001b[2J": 1}'), /damaged/],
  ])(
    '%s',
    async (name, make, message) => {
      const file = inHome(`bad-${name.replaceAll(' ', '-')}.json`);
      make(file);
      const { code, stdout, stderr } = await labproof(['verify', '--snapshot', file], home);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(message);
      expect(stderr).not.toContain('\u001b');
      const json = await labproof(['verify', '--json', '--snapshot', file], home);
      expect(JSON.parse(json.stdout)).toMatchObject({ error: { file, message: expect.any(String) } });
      rmSync(file, { recursive: true, force: true });
    },
    30_000,
  );
});

test.each([['report'], ['path --from a --to b']])('%s says the same of it', async (command) => {
  const { code, stdout, stderr } = await labproof([...command.split(' '), '--snapshot', 'missing.json'], home);
  expect({ code, stdout, stderr }).toEqual({
    code: 2,
    stdout: '',
    stderr: 'labproof: missing.json: There is no such file.\n',
  });
});

describe('a snapshot that cannot be taken', () => {
  test.each([
    ['into a folder', ['-o', '.'], 'folder'],
    ['into a folder that is not there', ['-o', 'nowhere/snapshot.json'], 'nowhere'],
    ['from files and a cloud at once', ['--import', '.', '--sandbox'], '--import'],
    ['from a folder that is not there', ['--import', 'nowhere'], 'nowhere'],
    ['from a folder without outputs', ['--import', 'data'], 'describe-vpcs.json'],
  ])('%s: exit 2, nothing written', async (_, flags, message) => {
    mkdirSync(inHome('data'), { recursive: true });
    const { code, stdout, stderr } = await labproof(['snapshot', ...flags], home);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(existsSync(inHome('labproof-snapshot.json'))).toBe(false);
  });

  test('without credentials: exit 3, nothing written', async () => {
    const { code, stdout } = await labproof(['snapshot', '--region', 'us-east-1', '-o', 'none.json'], home);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(existsSync(inHome('none.json'))).toBe(false);
  });
});

test('what could not be read is said, and stays unknown', async () => {
  const fault = {
    'ec2:DescribeVpcPeeringConnections': { error: { code: 'UnauthorizedOperation', status: 403, message: 'no' } },
  };
  await fetch(`${sandbox.url}/_sandbox/faults`, { method: 'POST', body: JSON.stringify(fault) });
  try {
    const { code, stderr } = await labproof(['snapshot', '-o', 'denied.json'], sandbox.env);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Not read: ec2:DescribeVpcPeeringConnections: not permitted.*\n$/);
  } finally {
    await fetch(`${sandbox.url}/_sandbox/faults`, { method: 'POST', body: '{}' });
  }
  const { code, result } = await verify(home, '--snapshot', inHome('denied.json'));
  const peering = result.steps.flatMap((step) => step.checks).find(({ id }) => id === 'peering-active');
  expect([code, peering?.verdict]).toEqual([3, 'unknown']);
});

describe.runIf(existsSync(AWS))("what Debian's aws prints, saved and imported", () => {
  const saved = inHome('saved');
  const commands = [
    ...['vpcs', 'subnets', 'route-tables', 'internet-gateways', 'nat-gateways', 'managed-prefix-lists', 'network-acls'],
    ...['security-groups', 'network-interfaces', 'instances', 'vpc-peering-connections', 'flow-logs'],
  ].map((name) => `ec2 describe-${name}`);

  beforeAll(async () => {
    mkdirSync(saved);
    const save = async (command: string, suffix = '') => {
      const words = command.split(' ');
      const { code, stdout, stderr } = await run(AWS, ['--endpoint-url', sandbox.url, ...words], sandbox.env);
      expect({ code, stderr }, command).toEqual({ code: 0, stderr: '' });
      writeFileSync(join(saved, `${words[1]}${suffix}.json`), stdout);
      return JSON.parse(stdout) as Record<string, unknown>;
    };
    await Promise.all([...commands, 'sts get-caller-identity', 'iam list-roles'].map((command) => save(command)));
    const { logGroups } = await save('logs describe-log-groups');
    const [{ logGroupName }] = logGroups as [{ logGroupName: string }];
    for (const operation of ['describe-log-streams', 'filter-log-events', 'describe-queries'])
      await save(`logs ${operation} --log-group-name ${logGroupName}`);
    const { queries } = await save('logs describe-queries');
    for (const { queryId } of queries as { queryId: string }[])
      await save(`logs get-query-results --query-id ${queryId}`, `-${queryId}`);
    await save('iam get-account-authorization-details');
    await save('ssm describe-instance-information');
    await save('ssm list-command-invocations --details');
  }, 120_000);

  const imported = async (file: string) => {
    const { code, stderr } = await labproof(['snapshot', '--import', saved, '-o', file], home);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return verify(home, '--snapshot', inHome(file));
  };

  test('is judged as the account itself', async () => {
    const live = await verify(sandbox.env);
    const again = await imported('imported.json');
    expect(again.judged).toEqual(live.judged);
    expect(again.result).toMatchObject({ resources: live.result.resources, points: live.result.points });
  }, 30_000);

  test('role by role, too', async () => {
    rmSync(join(saved, 'get-account-authorization-details.json'));
    const { FlowLogs } = JSON.parse(readFileSync(join(saved, 'describe-flow-logs.json'), 'utf8'));
    const role = String(FlowLogs[0].DeliverLogsPermissionArn).split('/').at(-1);
    const save = async (command: string) => {
      const words = command.split(' ');
      const { stdout } = await run(AWS, ['--endpoint-url', sandbox.url, ...words], sandbox.env);
      writeFileSync(join(saved, `${words[1]}.json`), stdout);
      return JSON.parse(stdout);
    };
    await save(`iam get-role --role-name ${role}`);
    await save(`iam list-role-policies --role-name ${role}`);
    const { AttachedPolicies } = await save(`iam list-attached-role-policies --role-name ${role}`);
    const arn = AttachedPolicies[0].PolicyArn;
    const { Policy } = await save(`iam get-policy --policy-arn ${arn}`);
    await save(`iam get-policy-version --policy-arn ${arn} --version-id ${Policy.DefaultVersionId}`);
    expect((await imported('by-role.json')).judged).toEqual((await verify(sandbox.env)).judged);
  }, 60_000);

  test('without one file, only what needs it is unknown', async () => {
    rmSync(join(saved, 'filter-log-events.json'));
    const { code, stderr } = await labproof(['snapshot', '--import', saved, '-o', 'less.json'], home);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Not read: logs:FilterLogEvents: there is no file filter-log-events-/);
    const { result } = await verify(home, '--snapshot', inHome('less.json'));
    const checks = result.steps.flatMap((step) => step.checks);
    expect(checks.filter(({ verdict }) => verdict === 'unknown').map(({ id }) => id)).toContain('ping-recorded');
    expect(checks.filter(({ verdict }) => !['pass', 'unknown'].includes(verdict))).toEqual([]);
  }, 30_000);
});
