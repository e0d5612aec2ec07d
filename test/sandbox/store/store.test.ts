/** What a learner built is there tomorrow, whatever ended the sandbox. */
import { spawn } from 'node:child_process';
import { copyFile, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientsOf, type Served, serve, there } from '../clients.ts';

let folder: string;
let stateFile: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'labproof-store-'));
  stateFile = path.join(folder, 'state.json');
});
afterEach(() => rm(folder, { recursive: true }));

const anyRole = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
});

it('a call that is still delayed when the sandbox ends does nothing any more, and writes into no file of others', async () => {
  const sandbox = await serve({ stateFile });
  const latencyMs = 150;
  await fetch(`${sandbox.url}/_sandbox/faults`, {
    method: 'POST',
    body: JSON.stringify({ 'ec2:CreateVpc': { latencyMs } }),
  });
  const stop = new AbortController();
  const late = sandbox.ec2.createVpc({ CidrBlock: '10.1.0.0/16' }, { abortSignal: stop.signal }).catch(() => 'stopped');
  await sandbox.ec2.describeVpcs();
  stop.abort();
  expect(await late).toBe('stopped');
  await sandbox.close();

  const saved = await readFile(stateFile, 'utf8');
  // It gets the number of a file that the sandbox had open.
  const other = await open(path.join(folder, 'other'), 'w');
  await new Promise((resolve) => setTimeout(resolve, 2 * latencyMs));
  await other.close();
  expect(await readFile(path.join(folder, 'other'), 'utf8')).toBe('');
  expect(await readFile(stateFile, 'utf8')).toBe(saved);
});

describe('After a restart', () => {
  it('everything is as it was, dates and tags included', async () => {
    const first = await serve({ stateFile });
    const key = await first.ec2.createKeyPair({ KeyName: 'lab' });
    const { Vpc } = await first.ec2.createVpc({
      CidrBlock: '10.1.0.0/16',
      TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'Name', Value: 'VPC "1" <&>\n ü 🚀' }] }],
    });
    await first.iam.createRole({ RoleName: 'lab', AssumeRolePolicyDocument: anyRole });
    await first.iam.putRolePolicy({ RoleName: 'lab', PolicyName: '__proto__', PolicyDocument: policy });
    const ask = async ({ ec2, iam }: Pick<typeof first, 'ec2' | 'iam'>) => [
      (await ec2.describeVpcs({ VpcIds: [there(Vpc?.VpcId)] })).Vpcs,
      (await ec2.describeKeyPairs()).KeyPairs,
      (await iam.getRole({ RoleName: 'lab' })).Role,
      (await iam.listRolePolicies({ RoleName: 'lab' })).PolicyNames,
    ];
    const before = await ask(first);
    expect(before[0]).toMatchObject([{ VpcId: Vpc?.VpcId, Tags: Vpc?.Tags }]);
    expect(before[1]).toMatchObject([{ KeyPairId: key.KeyPairId, CreateTime: expect.any(Date) }]);
    expect(before[3]).toEqual(['__proto__']);
    await first.close();

    const second = await serve({ stateFile });
    expect(await ask(second)).toEqual(before);
    await second.close();
  });

  it('time has gone on, and never goes back', async () => {
    const first = await serve({ stateFile, timeScale: 100 });
    first.pass(60);
    const end = first.now();
    await first.close();
    const second = await serve({ stateFile });
    expect(second.now()).toBe(end);
    await second.close();
  });

  it('the file is for the user alone', async () => {
    const sandbox = await serve({ stateFile });
    await sandbox.ec2.createKeyPair({ KeyName: 'lab' });
    expect((await stat(stateFile)).mode & 0o777).toBe(0o600);
    await sandbox.close();
  });

  it('what was answered survives kill -9', async () => {
    const child = spawn('node', ['dist/cli.js', 'sandbox', 'start', '--port', '0', '--state', stateFile], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, XDG_DATA_HOME: folder, XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder },
      detached: true,
    });
    const exited = new Promise((resolve) => child.once('exit', resolve));
    try {
      const url = await new Promise<string>((resolve) =>
        child.stdout.once('data', (line: Buffer) => resolve(line.toString().trim())),
      );
      const { ec2 } = clientsOf(url);
      const made = await Promise.all([1, 2, 3].map((n) => ec2.createVpc({ CidrBlock: `10.${n}.0.0/16` })));
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      await exited;
      const again = await serve({ stateFile });
      const { Vpcs } = await again.ec2.describeVpcs({ VpcIds: made.map(({ Vpc }) => there(Vpc?.VpcId)) });
      expect(Vpcs).toHaveLength(3);
      await again.close();
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe('At any moment', () => {
  /** What a kill at this moment would leave, opened by another sandbox. */
  async function survivor(cut = 0) {
    const copy = await mkdtemp(path.join(tmpdir(), 'labproof-copy-'));
    const names = (await readdir(folder)).filter((name) => name.startsWith('state.json') && !name.endsWith('.lock'));
    for (const name of names) await copyFile(path.join(folder, name), path.join(copy, name));
    const journals = names.filter((name) => name.includes('journal')).sort();
    const last = journals.at(-1);
    if (cut > 0 && last) {
      const text = await readFile(path.join(copy, last));
      await writeFile(path.join(copy, last), text.subarray(0, Math.max(0, text.length - cut)));
    }
    const sandbox = await serve({ stateFile: path.join(copy, 'state.json') });
    return {
      ...sandbox,
      async close() {
        await sandbox.close();
        await rm(copy, { recursive: true });
      },
    };
  }
  const all = async ({ ec2, iam }: Pick<Served, 'ec2' | 'iam'>) => {
    const { ResponseMetadata: _, ...vpcs } = { ResponseMetadata: undefined, ...(await ec2.describeVpcs()) };
    return [
      vpcs.Vpcs,
      (await ec2.describeSubnets()).Subnets,
      (await ec2.describeRouteTables()).RouteTables,
      (await ec2.describeInstances()).Reservations,
      (await ec2.describeKeyPairs()).KeyPairs,
      (await ec2.describeSecurityGroups()).SecurityGroups,
      (await iam.listRoles({})).Roles,
    ];
  };

  it('all that was answered is there, ids, keys, addresses and states alike', async () => {
    const first = await serve({ stateFile });
    const { ec2, iam } = first;
    const VpcId = there((await ec2.createVpc({ CidrBlock: '10.1.0.0/16' })).Vpc?.VpcId);
    const SubnetId = there((await ec2.createSubnet({ VpcId, CidrBlock: '10.1.0.0/20' })).Subnet?.SubnetId);
    const images = await ec2.describeImages({ Owners: ['amazon'] });
    const steps: (() => Promise<unknown>)[] = [
      () => ec2.createKeyPair({ KeyName: 'lab' }),
      () => iam.createRole({ RoleName: 'lab', AssumeRolePolicyDocument: anyRole }),
      () =>
        ec2.runInstances({
          ImageId: images.Images?.[0]?.ImageId,
          InstanceType: 't3.micro',
          SubnetId,
          MinCount: 2,
          MaxCount: 2,
        }),
      async () => first.pass(20),
      () => ec2.createTags({ Resources: [VpcId], Tags: [{ Key: 'Name', Value: 'one' }] }),
      () => ec2.createRouteTable({ VpcId }),
      () => ec2.deleteVpc({ VpcId }).catch(() => undefined),
    ];
    for (const step of steps) {
      await step();
      const before = await all(first);
      const second = await survivor();
      second.pass(first.elapsed());
      expect(await all(second)).toEqual(before);
      await second.close();
    }
    await first.close();
  });

  it('a line that was cut off in the middle was never answered: everything before it is there', async () => {
    const first = await serve({ stateFile });
    for (const n of [1, 2, 3]) await first.ec2.createVpc({ CidrBlock: `10.${n}.0.0/16` });
    const second = await survivor(15);
    const { Vpcs } = await second.ec2.describeVpcs();
    expect(Vpcs?.map(({ CidrBlock }) => CidrBlock)).toEqual(['172.31.0.0/16', '10.1.0.0/16', '10.2.0.0/16']);
    await second.close();
    await first.close();
  });

  it('a damaged line in the middle is said, with its number, and nothing is changed', async () => {
    const first = await serve({ stateFile });
    for (const n of [1, 2, 3]) await first.ec2.createVpc({ CidrBlock: `10.${n}.0.0/16` });
    const journal = path.join(folder, there((await readdir(folder)).find((name) => name.includes('journal'))));
    const lines = (await readFile(journal, 'utf8')).split('\n');
    const copy = path.join(folder, 'copy.json');
    await copyFile(stateFile, copy);
    await writeFile(journal.replace('state.json', 'copy.json'), lines.with(1, '{"now":').join('\n'));
    await expect(serve({ stateFile: copy })).rejects.toThrow(/journal .* is damaged at line 2 and was left as it is/);
    await first.close();
  });

  it('a state file that was taken away leaves no journal that continues another', async () => {
    for (const cidr of ['10.1.0.0/16', '10.2.0.0/16']) {
      const sandbox = await serve({ stateFile });
      await sandbox.ec2.createVpc({ CidrBlock: cidr });
      await sandbox.close();
    }
    await rm(stateFile);
    for (let starts = 0; starts < 3; starts += 1) {
      const sandbox = await serve({ stateFile });
      expect((await sandbox.ec2.describeVpcs()).Vpcs).toMatchObject([{ IsDefault: true }]);
      await sandbox.close();
    }
  });

  it('a lock whose holder was killed, or whose number is another process now, holds nobody up', async () => {
    const parent = spawn('/bin/sh', ['-c', 'sleep 60 & echo $!; read line'], { stdio: ['pipe', 'pipe', 'ignore'] });
    const pid = Number(String(await new Promise((resolve) => parent.stdout.once('data', resolve))));
    process.kill(pid, 'SIGKILL');
    for (const holder of [pid, `${process.ppid} 1`]) {
      await writeFile(`${stateFile}.lock`, `${holder}\n`);
      await (await serve({ stateFile })).close();
    }
    parent.stdin.end();
  });

  it('a lock that names nobody holds until somebody removes it, and is named', async () => {
    await writeFile(`${stateFile}.lock`, '');
    await expect(serve({ stateFile })).rejects.toThrow(`if it does not, remove ${stateFile}.lock.`);
    await rm(`${stateFile}.lock`);
    await (await serve({ stateFile })).close();
  });

  it('two sandboxes do not use one file', async () => {
    const first = await serve({ stateFile });
    await expect(serve({ stateFile })).rejects.toThrow(
      `${stateFile} is in use by another sandbox (process ${process.pid}). Stop that one first.`,
    );
    await first.close();
    await (await serve({ stateFile })).close();
  });
});

const policy = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 'logs:*', Resource: '*' },
});
const empty = { version: 2, now: 0, seed: 1, draws: 0, accounts: {} };

describe('A state file that cannot be used', () => {
  it('for want of its folder is said before anything is built', async () => {
    const elsewhere = path.join(folder, 'none', 'state.json');
    await expect(serve({ stateFile: elsewhere })).rejects.toThrow(`state file ${elsewhere} cannot be written: ENOENT`);
  });

  it.each([
    ['cut off', JSON.stringify(empty).slice(0, 20)],
    ['empty', ''],
    ['of another program', '{"name":"app"}'],
    [
      'with an account that lacks its parts',
      JSON.stringify({ ...empty, accounts: { '123456789012': { id: '123456789012', iam: {}, regions: {} } } }),
    ],
  ])('%s is named and left as it is', async (_what, text) => {
    await writeFile(stateFile, text);
    await expect(serve({ stateFile })).rejects.toThrow(`state file ${stateFile} is damaged and was left as it is`);
    expect(await readFile(stateFile, 'utf8')).toBe(text);
  });

  it.each([1, 3])('of version %i of its form is left as it is', async (version) => {
    const text = JSON.stringify({ ...empty, version });
    await writeFile(stateFile, text);
    await expect(serve({ stateFile })).rejects.toThrow(
      `state file ${stateFile} was written by another version of labproof`,
    );
    expect(await readFile(stateFile, 'utf8')).toBe(text);
  });

  it('a folder is said to be one', async () => {
    await expect(serve({ stateFile: folder })).rejects.toThrow(`state file ${folder} cannot be read`);
  });
});
