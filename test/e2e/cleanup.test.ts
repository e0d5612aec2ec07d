/** `labproof cleanup` as a user meets it: the list, the deletion, and what it says when something is wrong. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshEnv, labproof, type RunningSandbox, run, startSandbox } from './labproof.ts';

const LAB = 'vpc-flow-logs';
/** Debian's: too old to know AWS_ENDPOINT_URL. */
const AWS = '/usr/bin/aws';

interface Document {
  readonly schema: string;
  readonly resources: readonly { readonly kind: string; readonly id: string; readonly status: string }[];
  readonly hourlyCost: { readonly total: number };
  readonly gaps: readonly { readonly action: string }[];
}

async function listed(env: NodeJS.ProcessEnv, ...flags: readonly string[]) {
  const { code, stdout } = await labproof(['cleanup', LAB, '--json', ...flags], env);
  return { code, document: JSON.parse(stdout) as Document };
}

describe('in a running sandbox', () => {
  let sandbox: RunningSandbox;
  beforeAll(async () => {
    sandbox = await startSandbox(freshEnv(), '--time-scale', '1000');
    expect(await labproof(['solve', LAB, '--through', 'permissions'], sandbox.env)).toMatchObject({ code: 0 });
  });
  afterAll(() => sandbox.stop());

  test('the list shows all of it in the order of deletion, with what it costs, and deletes nothing', async () => {
    const { code, document } = await listed(sandbox.env);
    expect(code).toBe(0);
    expect(document.schema).toBe('labproof/cleanup/v1');
    const kinds = document.resources.map(({ kind }) => kind);
    expect(kinds.indexOf('flow-log')).toBeLessThan(kinds.indexOf('log-group'));
    expect(kinds.lastIndexOf('instance')).toBeLessThan(kinds.indexOf('vpc'));
    expect(kinds.indexOf('role')).toBeLessThan(kinds.indexOf('policy'));
    // Two t3.micro, two public IPv4 addresses, two 8 GiB gp3 disks (research of November 2026: about 3 cents).
    expect(document.hourlyCost.total).toBeCloseTo(2 * (0.0104 + 0.005 + (8 * 0.08) / 730), 3);
    expect((await listed(sandbox.env)).document).toEqual(document);
  });

  test('the AWS CLI agrees on the instances, subnets and security groups of the list', async () => {
    const { document } = await listed(sandbox.env);
    const vpcs = document.resources.filter(({ kind }) => kind === 'vpc').map(({ id }) => id);
    const filter = ['--filters', `Name=vpc-id,Values=${vpcs.join(',')}`, '--output', 'text', '--query'];
    for (const [kind, words, query] of [
      ['instance', ['describe-instances'], 'Reservations[].Instances[].InstanceId'],
      ['subnet', ['describe-subnets'], 'Subnets[].SubnetId'],
      ['security-group', ['describe-security-groups'], 'SecurityGroups[?GroupName!=`default`].GroupId'],
    ] as const) {
      const { stdout } = await run(
        AWS,
        ['--endpoint-url', sandbox.url, 'ec2', ...words, ...filter, query],
        sandbox.env,
      );
      const ids = document.resources.filter((each) => each.kind === kind).map(({ id }) => id);
      expect(stdout.trim().split(/\s+/).sort()).toEqual(ids.toSorted());
    }
  });

  test('the text says what each is, in lines that fit', async () => {
    const { code, stdout } = await labproof(['cleanup', LAB], sandbox.env);
    expect(code).toBe(0);
    expect(stdout).toContain('NextWork instance 1');
    expect(stdout).toContain('bound as Instance 1');
    expect(stdout).toMatch(/About \$0\.03\d\d an hour/);
    expect(stdout).toContain('labproof cleanup vpc-flow-logs --yes');
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  test('what may not be read is named, and then nothing is deleted', async () => {
    const error = { code: 'UnauthorizedOperation', status: 403, message: 'You are not authorized.' };
    const set = (faults: object) =>
      fetch(`${sandbox.url}/_sandbox/faults`, { method: 'POST', body: JSON.stringify(faults) });
    await set({ 'ec2:DescribeAddresses': { error } });
    const { code, document } = await listed(sandbox.env);
    expect([code, document.gaps.map(({ action }) => action)]).toEqual([3, ['ec2:DescribeAddresses']]);
    const refused = await labproof(['cleanup', LAB, '--yes'], sandbox.env);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('Nothing was deleted');
    await set({});
    expect((await listed(sandbox.env)).document.resources).toHaveLength(document.resources.length);
  });

  test('--yes deletes it, proves each gone, and has nothing to do the next time', async () => {
    const before = (await listed(sandbox.env)).document.resources.length;
    const { code, document } = await listed(sandbox.env, '--yes');
    expect(code).toBe(0);
    expect(document.resources.map(({ status }) => status)).toEqual(Array(before).fill('deleted'));
    const again = await labproof(['cleanup', LAB, '--yes'], sandbox.env);
    expect(again).toMatchObject({ code: 0, stdout: 'Nothing of this lab is left.\n' });
  });
});

test.each([
  [['--vpc', 'vpc-nothere'], 2, 'There is no VPC vpc-nothere'],
  [['--yes', 'no'], 2, 'too many arguments'],
])('%j is refused with %i', async (flags, code, message) => {
  const refused = await labproof(['cleanup', LAB, '--sandbox', ...flags], freshEnv());
  expect(refused).toMatchObject({ code, stdout: '' });
  expect(refused.stderr).toContain(message);
});

test('a cloud that does not answer is exit 3, as one JSON document', async () => {
  const env = freshEnv({ AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_REGION: 'us-east-1' });
  const { code, stdout } = await labproof(['cleanup', LAB, '--json', '--endpoint-url', 'http://127.0.0.1:9'], env);
  expect(code).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'UNREACHABLE' } });
});
