/**
 * `npm run soak`: 100,000 mixed requests at 32 connections, with kill -9 in the middle. Says what went wrong: an error that
 * AWS would not give, memory that grows, an answer that is not what was acknowledged.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load, type Running, startSandbox } from './wire.ts';

const REQUESTS = 100_000;
const CONNECTIONS = 32;
const KILLS = 5;

const home = mkdtempSync(join(tmpdir(), 'labproof-soak-'));
const start = () => startSandbox(home, '--time-scale', '600', '--state', join(home, 'state.json'));

/** What was acknowledged: ids and their one tag. */
const vpcs = new Map<string, string>();
const groups = new Set<string>();
const tagging = new Set<string>();
let events = 0;
/** Of calls that a kill cut off: nobody knows what became of them. */
let uncertain = 0;
const wrong: string[] = [];

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

const logs = (action: string) => `Logs_20140328.${action}`;
const anyOf = (ids: Iterable<string>, index: number): string | undefined => {
  const all = [...ids];
  return all[index % all.length];
};

async function step(sandbox: Running, index: number): Promise<void> {
  const kind = index % 10;
  const vpcId = index % 40 === 0 ? undefined : anyOf([...vpcs.keys()].slice(-20), index);
  if (vpcId === undefined || kind === 0) {
    if (vpcs.size >= 200) return remove(sandbox, index);
    return expectOk(await sandbox.call('ec2', `Action=CreateVpc&CidrBlock=10.${index % 250}.0.0/16`), ({ text }) => {
      const id = /<vpcId>(vpc-[0-9a-f]+)/.exec(text)?.[1];
      if (id) vpcs.set(id, '');
    });
  }
  switch (kind) {
    case 1: {
      // Two at once would be answered in one order and done in another.
      if (tagging.has(vpcId)) return;
      tagging.add(vpcId);
      const call = `Action=CreateTags&ResourceId.1=${vpcId}&Tag.1.Key=n&Tag.1.Value=${index}`;
      const answer = await sandbox.call('ec2', call).finally(() => tagging.delete(vpcId));
      return expectOk(answer, () => vpcs.has(vpcId) && vpcs.set(vpcId, String(index)), [
        'InvalidVpcID.NotFound',
        'InvalidID',
      ]);
    }
    case 2:
      return expectOk(
        await sandbox.call(
          'ec2',
          `Action=CreateSecurityGroup&GroupName=g${index}&GroupDescription=soak&VpcId=${vpcId}`,
        ),
        ({ text }) => {
          const id = /<groupId>(sg-[0-9a-f]+)/.exec(text)?.[1];
          if (id) groups.add(id);
        },
        ['InvalidVpcID.NotFound'],
      );
    case 3: {
      const [group] = groups;
      if (group === undefined) return;
      groups.delete(group);
      return expectOk(await sandbox.call('ec2', `Action=DeleteSecurityGroup&GroupId=${group}`));
    }
    case 4:
      if (index % 5000 === 4) {
        for (const action of ['DeleteLogStream', 'CreateLogStream'])
          await sandbox.call('logs', '{"logGroupName":"soak","logStreamName":"s"}', logs(action));
        return;
      }
      return expectOk(await sandbox.call(
        'logs',
        JSON.stringify({
          logGroupName: 'soak',
          logStreamName: 's',
          logEvents: [{ timestamp: Date.now(), message: `event ${index}` }],
        }),
        logs('PutLogEvents'),
      ), () => {
        events += 1;
      }, ['ResourceNotFoundException']);
    case 5:
      return expectOk(
        await sandbox.call(
          'logs',
          JSON.stringify({ logGroupName: 'soak', limit: 10, filterPattern: 'event' }),
          logs('FilterLogEvents'),
        ),
      );
    case 6:
      return expectOk(await sandbox.call('ec2', 'Action=DescribeSecurityGroups&MaxResults=20'));
    case 7:
      return expectOk(await sandbox.call('iam', 'Action=ListRoles&Version=2010-05-08'));
    default:
      return expectOk(await sandbox.call('ec2', `Action=DescribeVpcs&VpcId.1=${vpcId}`), () => undefined, [
        'InvalidVpcID.NotFound',
      ]);
  }
}

async function remove(sandbox: Running, index: number): Promise<void> {
  const id = anyOf(vpcs.keys(), index);
  if (id === undefined) return;
  const answer = await sandbox.call('ec2', `Action=DeleteVpc&VpcId=${id}`);
  expectOk(answer, () => vpcs.delete(id), ['DependencyViolation', 'InvalidVpcID.NotFound']);
}

function expectOk(
  answer: { status: number; text: string },
  then: (answer: { text: string }) => unknown = () => undefined,
  allowed: readonly string[] = [],
): void {
  if (answer.status === 200) then(answer);
  else if (!allowed.some((code) => answer.text.includes(code))) wrong.push(answer.text.slice(0, 200));
}

/** Everything that was acknowledged is there; what differs can only come from calls that were cut off. */
async function compare(sandbox: Running): Promise<void> {
  const { text } = await sandbox.call('ec2', 'Action=DescribeVpcs');
  const there = new Set(text.match(/vpc-[0-9a-f]{17}/g));
  const missing = [...vpcs.keys()].filter((id) => !there.has(id));
  if (missing.length > uncertain) wrong.push(`${missing.length} acknowledged VPCs are gone, ${uncertain} could be`);
  const tags = (await sandbox.call('ec2', 'Action=DescribeTags')).text;
  const told = new Map(
    [...tags.matchAll(/<resourceId>(vpc-[^<]+)<[\s\S]*?<value>(\d+)/g)].map(([, id = '', n = '']) => [id, n]),
  );
  const stale = [...vpcs].filter(([id, value]) => value !== '' && there.has(id) && told.get(id) !== value);
  if (stale.length > uncertain) wrong.push(`${stale.length} acknowledged tags differ, ${uncertain} could`);
  const listed = (await sandbox.call('ec2', 'Action=DescribeSecurityGroups')).text;
  const lost = [...groups].filter((id) => !listed.includes(id));
  if (lost.length > uncertain) wrong.push(`${lost.length} acknowledged groups are gone, ${uncertain} could be`);
  for (const id of missing) vpcs.delete(id);
  for (const id of lost) groups.delete(id);
}

let sandbox = await start();
await sandbox.call('logs', '{"logGroupName":"soak"}', logs('CreateLogGroup'));
await sandbox.call('logs', '{"logGroupName":"soak","logStreamName":"s"}', logs('CreateLogStream'));
say(`ready in ${sandbox.readyMs.toFixed(0)} ms`);
const share = Math.ceil(REQUESTS / (KILLS + 1));
for (let round = 0; round <= KILLS; round += 1) {
  const memory: number[] = [];
  let dead = false;
  const killAt = round < KILLS ? Math.floor(share * 0.9) : Infinity;
  const { perSecond, latencies } = await load(share, CONNECTIONS, async (index) => {
    if (index === killAt) {
      dead = true;
      await sandbox.end('SIGKILL');
      return;
    }
    if (dead) return;
    if (index % 2000 === 0) memory.push(Math.round(sandbox.memory()));
    try {
      await step(sandbox, round * share + index);
    } catch (error) {
      if (!dead) wrong.push(String(error));
      uncertain += 1;
    }
  });
  say(
    `round ${round + 1}: ${Math.round(perSecond)} requests a second, p99 ${(latencies[Math.floor(latencies.length * 0.99)] ?? 0).toFixed(1)} ms, MiB ${memory.join(' ')}`,
  );
  if (round < KILLS) {
    sandbox = await start();
    say(`  killed; ready again in ${sandbox.readyMs.toFixed(0)} ms`);
    await compare(sandbox);
  }
}
await compare(sandbox);
say(`${vpcs.size} VPCs, ${groups.size} groups, ${events} events acknowledged`);
await sandbox.end('SIGTERM');
for (const text of [...new Set(wrong)].slice(0, 20)) say(`WRONG: ${text}`);
say(wrong.length === 0 ? 'no error that AWS would not give, nothing lost' : `${wrong.length} wrong`);
process.exitCode = wrong.length === 0 ? 0 : 1;
