/** `labproof path`, as a user calls it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshEnv, labproof, type RunningSandbox, startSandbox } from './labproof.ts';

let sandbox: RunningSandbox;
beforeAll(async () => {
  sandbox = await startSandbox(freshEnv(), '--time-scale', '1000');
  await labproof(['solve', 'vpc-flow-logs', '--through', 'instances'], sandbox.env);
}, 60_000);
afterAll(() => sandbox.stop());

const [one, two] = ['NextWork instance 1', 'NextWork instance 2'];
const path = (...args: readonly string[]) => labproof(['path', ...args], sandbox.env);

describe('of the lab before peering', () => {
  test('the private address: dropped, exit 1, the same as text and as JSON', async () => {
    const text = await path('--from', one, '--to', two);
    expect(text).toMatchObject({ code: 1, stderr: '' });
    expect(text.stdout).toContain('IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS');
    const { code, stdout } = await path('--from', one, '--to', two, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'labproof/path/v1',
      verdict: 'dropped',
      stoppedAt: { component: 'internet-gateway', code: 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS' },
      records: [{ direction: 'egress', action: 'ACCEPT' }],
    });
  });

  test('a host on the internet: delivered, exit 0', async () => {
    expect(await path('--from', one, '--to', '1.1.1.1', '--protocol', 'tcp:443')).toMatchObject({ code: 0 });
  });

  test('an IPv6 address: cannot be told, exit 3', async () => {
    expect(await path('--from', one, '--to', '2606:4700::1111')).toMatchObject({ code: 3 });
  });
});

describe('what cannot be asked', () => {
  test.each<[string, string[], string]>([
    ['no ends', [], "required option '--from <instance>' not specified"],
    ['an unknown instance', ['--from', 'nobody', '--to', two], 'There is no instance "nobody" here. There is: i-'],
    ['a protocol without a port', ['--from', one, '--to', two, '--protocol', 'tcp'], 'icmp, tcp:PORT or udp:PORT'],
    ['a port that is none', ['--from', one, '--to', two, '--protocol', 'udp:70000'], 'icmp, tcp:PORT or udp:PORT'],
  ])('%s: exit 2 and one message', async (_, args, message) => {
    const { code, stdout, stderr } = await path(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    const json = await path(...args, '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { message: expect.stringContaining(message) } });
  });

  test('a network that may not be read: exit 3 and one message', async () => {
    const denied = { error: { code: 'UnauthorizedOperation', status: 403, message: 'no' } };
    const faults = (body: object) =>
      fetch(`${sandbox.url}/_sandbox/faults`, { method: 'POST', body: JSON.stringify(body) });
    await faults({ 'ec2:DescribeRouteTables': denied });
    const { code, stdout, stderr } = await path('--from', one, '--to', two);
    await faults({ 'ec2:DescribeNatGateways': denied });
    const optional = await path('--from', one, '--to', two);
    await faults({});
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain('ec2:DescribeRouteTables');
    expect(optional.code).toBe(1);
  });
});
