/** User data at an instance's first boot, over the wire: no profile, no Systems Manager, only what the flow log saw. */
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Served, serve, there } from '../clients.ts';
import { buildNetwork, launch as launchIn } from '../ec2/network.ts';
import { flowLogsPolicy, flowLogsTrust } from '../lab-world.ts';

const logGroupName = 'flows';
const [own, other] = ['10.1.0.10', '10.2.0.10'];
/** After so long a packet's record has been delivered. */
const DELIVERED = 480;
const allow = [
  { IpProtocol: 'icmp', FromPort: -1, ToPort: -1, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
  { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
];

let sandbox: Served;
let networks: [Subnet, Subnet];
beforeEach(async () => {
  sandbox = await serve();
});
afterEach(() => sandbox.close());

interface Subnet {
  readonly vpcId: string;
  readonly subnetId: string;
  readonly tableId: string;
}

/** Two VPCs with a public subnet each; the first is logged, and the second has an instance that answers pings. */
async function lab(): Promise<{ publicIp: string }> {
  const { ec2, iam } = sandbox;
  networks = [await network('10.1'), await network('10.2')];
  const role = await iam.createRole({ RoleName: 'logs', AssumeRolePolicyDocument: flowLogsTrust });
  await iam.putRolePolicy({ RoleName: 'logs', PolicyName: 'write', PolicyDocument: flowLogsPolicy });
  await ec2.createFlowLogs({
    ResourceIds: [networks[0].vpcId],
    ResourceType: 'VPC',
    TrafficType: 'ALL',
    LogGroupName: logGroupName,
    DeliverLogsPermissionArn: there(role.Role?.Arn),
    MaxAggregationInterval: 60,
  });
  const InstanceId = await launch(networks[1], other);
  sandbox.pass(60);
  const { Reservations } = await ec2.describeInstances({ InstanceIds: [InstanceId] });
  return { publicIp: there(Reservations?.[0]?.Instances?.[0]?.PublicIpAddress) };
}

async function network(prefix: string): Promise<Subnet> {
  const { ec2 } = sandbox;
  const { vpcId, gatewayId, subnetId, tableId } = await buildNetwork(ec2, prefix);
  await ec2.associateRouteTable({ RouteTableId: tableId, SubnetId: subnetId });
  await ec2.createRoute({ RouteTableId: tableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId: gatewayId });
  const groups = await ec2.describeSecurityGroups({ Filters: [{ Name: 'vpc-id', Values: [vpcId] }] });
  const GroupId = there(groups.SecurityGroups?.[0]?.GroupId);
  await ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions: allow });
  return { vpcId, subnetId, tableId };
}

function launch({ subnetId }: Subnet, PrivateIpAddress: string, script?: string): Promise<string> {
  return launchIn(sandbox.ec2, {
    NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: subnetId, AssociatePublicIpAddress: true, PrivateIpAddress }],
    ...(script !== undefined && { UserData: Buffer.from(script).toString('base64') }),
  });
}

/** Instance 1, with this user data. */
function first(...lines: readonly string[]): Promise<string> {
  return launch(networks[0], own, lines.join('\n'));
}

async function peer(): Promise<void> {
  const { ec2 } = sandbox;
  const [one, two] = networks;
  const asked = await ec2.createVpcPeeringConnection({ VpcId: one.vpcId, PeerVpcId: two.vpcId });
  const VpcPeeringConnectionId = there(asked.VpcPeeringConnection?.VpcPeeringConnectionId);
  sandbox.pass(1);
  await ec2.acceptVpcPeeringConnection({ VpcPeeringConnectionId });
  for (const [{ tableId }, DestinationCidrBlock] of [
    [one, '10.2.0.0/16'],
    [two, '10.1.0.0/16'],
  ] as const)
    await ec2.createRoute({ RouteTableId: tableId, DestinationCidrBlock, VpcPeeringConnectionId });
}

/** Packets of ICMP that the flow log saw from one address to the other, after their records were delivered. */
async function packets(from: string, to: string): Promise<number> {
  sandbox.pass(DELIVERED);
  const { events = [] } = await sandbox.logs.filterLogEvents({ logGroupName, filterPattern: `"${from} ${to} 0 0 1"` });
  return events.reduce((sum, { message = '' }) => sum + Number(message.split(' ')[8]), 0);
}

async function consoleOf(InstanceId: string): Promise<string> {
  const { Output = '' } = await sandbox.ec2.getConsoleOutput({ InstanceId });
  return Buffer.from(Output, 'base64').toString();
}

describe('A script in user data', () => {
  it('pings without Systems Manager, and each packet meets the network of its own time', async () => {
    const { publicIp } = await lab();
    await first(
      '#!/bin/bash',
      `ping -c 5 ${other}`,
      `ping -c 4 ${publicIp}`,
      'sleep 1800 # until the VPCs are peered',
      `ping -c 3 ${other}`,
    );
    sandbox.pass(900);
    expect((await sandbox.ssm.describeInstanceInformation()).InstanceInformationList).toEqual([]);
    await peer();
    sandbox.pass(1800);
    expect(await packets(own, other)).toBe(8);
    expect(await packets(other, own)).toBe(3);
    expect([await packets(own, publicIp), await packets(publicIp, own)]).toEqual([4, 4]);
  });

  it('begins when its instance runs, not before, however seldom somebody asks', async () => {
    const { publicIp } = await lab();
    const launched = sandbox.now() / 1000;
    await first('#!/bin/sh', `ping -c 1 ${publicIp}`);
    sandbox.pass(3600);
    expect(await packets(own, publicIp)).toBe(1);
    const { events } = await sandbox.logs.filterLogEvents({ logGroupName, filterPattern: `"${own} ${publicIp}"` });
    const start = Number(there(events?.[0]?.message).split(' ')[10]);
    expect(start - launched).toBeGreaterThanOrEqual(14);
    expect(start - launched).toBeLessThanOrEqual(16);
  });

  it('runs at the first boot only: not after a stop and start, nor after new user data, nor after a reboot', async () => {
    const { publicIp } = await lab();
    const InstanceId = await first('#!/bin/bash', `ping -c 2 ${publicIp}`);
    sandbox.pass(60);
    const InstanceIds = [InstanceId];
    await sandbox.ec2.rebootInstances({ InstanceIds });
    sandbox.pass(60);
    await sandbox.ec2.stopInstances({ InstanceIds });
    sandbox.pass(60);
    const Value = Buffer.from(`#!/bin/bash\nping -c 2 ${other}`);
    await sandbox.ec2.modifyInstanceAttribute({ InstanceId, UserData: { Value } });
    await sandbox.ec2.startInstances({ InstanceIds });
    sandbox.pass(600);
    expect(await packets(own, other)).toBe(0);
    expect((await consoleOf(InstanceId)).match(/ping statistics/g)).toHaveLength(1);
  });

  it('of an instance that was stopped before it had booted runs when it boots', async () => {
    const { publicIp } = await lab();
    const InstanceIds = [await first('#!/bin/bash', `ping -c 2 ${publicIp}`)];
    await sandbox.ec2.stopInstances({ InstanceIds });
    sandbox.pass(600);
    expect((await sandbox.ec2.describeInstances({ InstanceIds })).Reservations?.[0]?.Instances?.[0]?.State?.Name).toBe(
      'stopped',
    );
    await sandbox.ec2.startInstances({ InstanceIds });
    sandbox.pass(60);
    expect(await consoleOf(there(InstanceIds[0]))).toContain('2 packets transmitted, 2 received');
  });

  it.each([
    ['stopped', (InstanceIds: string[]) => sandbox.ec2.stopInstances({ InstanceIds })],
    ['rebooted', (InstanceIds: string[]) => sandbox.ec2.rebootInstances({ InstanceIds })],
    ['terminated', (InstanceIds: string[]) => sandbox.ec2.terminateInstances({ InstanceIds })],
  ])('ends when its instance is %s', async (_what, end) => {
    await lab();
    const InstanceId = await first('#!/bin/bash', `ping ${other}`);
    sandbox.pass(45);
    await end([InstanceId]);
    sandbox.pass(600);
    // From the end of its boot, second 15, to second 45.
    expect(await packets(own, other)).toBe(31);
  });

  it('may ping without an end, for a day', async () => {
    await lab();
    const InstanceId = await first('#!/bin/bash', `ping -q ${other}`, 'echo never');
    sandbox.pass(3600);
    await peer();
    sandbox.pass(2 * 86_400);
    expect(await packets(own, other)).toBe(86_400);
    expect(await consoleOf(InstanceId)).not.toContain('never');
  });

  it('passes over what the sandbox does not know, and says so on the console, in the order of the script', async () => {
    await lab();
    const InstanceId = await first(
      '#!/bin/bash',
      'yum update -y',
      'echo one && nothing || echo two',
      'echo three > file',
      'for i in 1 2; do ping -c 1 10.2.0.10; done',
      'echo four; true',
    );
    sandbox.pass(60);
    const knows =
      '(this sandbox knows ping, curl, nc, hostname, whoami, date, ip addr, ip route, echo, sleep and true only)';
    const file = '/var/lib/cloud/instance/scripts/part-001';
    expect((await consoleOf(InstanceId)).split('\n').filter((line) => line.startsWith('cloud-init: '))).toEqual(
      [
        `${file}: line 2: yum: command not found ${knows}`,
        'one',
        `${file}: line 3: nothing: command not found ${knows}`,
        'two',
        `${file}: line 4: this sandbox runs simple commands and no shell syntax such as \`>'`,
        `${file}: line 5: this sandbox runs simple commands and no shell syntax such as \`for'`,
        'four',
      ].map((line) => `cloud-init: ${line}`),
    );
  });

  it.each([
    ['a loop', 'while true', 'do', 'echo inside', 'done'],
    ['a here-document', 'cat <<END', 'echo inside', 'END'],
    ['a function', 'f() {', 'echo inside', '}'],
  ])('ends at %s of several lines: what is inside is not run on its own', async (_what, ...lines) => {
    await lab();
    const InstanceId = await first('#!/bin/bash', 'echo before', ...lines);
    sandbox.pass(60);
    const told = await consoleOf(InstanceId);
    expect(told).toContain('cloud-init: before\n');
    expect(told).toMatch(/no shell syntax such as `.+', and nothing after it\n$/);
    expect(told).not.toContain('inside');
  });

  it('for another interpreter, or with options for the shell, is not run, and the console says so', async () => {
    await lab();
    const ids = [];
    for (const [index, line] of ['#!/usr/bin/python3', '#!/bin/bash -e', '#!/bin/bash\r'].entries())
      ids.push(await launch(networks[0], `10.1.0.${20 + index}`, `${line}\necho inside\n`));
    sandbox.pass(60);
    for (const id of ids)
      expect(await consoleOf(id)).toMatch(
        /login: \ncloud-init: this sandbox runs user data of #!\/bin\/bash and #!\/bin\/sh without options only\n$/,
      );
  });
});

it.each([
  ['cloud-config', '#cloud-config\nruncmd: [ping -c 5 10.2.0.10]'],
  ['text', 'ping -c 5 10.2.0.10'],
  ['text after a blank line', '\n#!/bin/bash\nping -c 5 10.2.0.10'],
])('Other user data does nothing: %s', async (_what, text) => {
  await lab();
  const InstanceId = await first(text);
  sandbox.pass(60);
  expect(await consoleOf(InstanceId)).toMatch(/login: $/);
  expect(await packets(own, other)).toBe(0);
});

it('After a restart a script goes on where it was, and one that is done does not run again', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'labproof-user-data-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const stateFile = path.join(folder, 'state.json');
  const resume = async (seconds: number) => {
    await sandbox.close();
    sandbox = await serve({ stateFile });
    sandbox.pass(seconds);
  };
  await resume(0);
  const { publicIp } = await lab();
  const InstanceId = await first('#!/bin/bash', `ping -c 30 ${publicIp}`, 'sleep 60', 'echo done');
  // It has sent some packets after its boot, and not all.
  sandbox.pass(20);
  expect(await consoleOf(InstanceId)).toMatch(/icmp_seq=6 .*\n$/);
  await resume(3600);
  const told = await consoleOf(InstanceId);
  expect(told).toContain('30 packets transmitted, 30 received');
  expect(told.match(/icmp_seq=/g)).toHaveLength(30);
  expect(told.match(/done/g)).toHaveLength(1);
  expect(await packets(own, publicIp)).toBe(30);
  await resume(9000);
  expect(await consoleOf(InstanceId)).toBe(told);
  expect(await packets(own, publicIp)).toBe(30);
});

it('After the sandbox was killed, a script has done what it had done', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'labproof-user-data-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(path.join(folder, 'now'));
  await sandbox.close();
  sandbox = await serve({ stateFile: path.join(folder, 'now', 'state.json') });
  const { publicIp } = await lab();
  const InstanceId = await first('#!/bin/bash', `ping -c 30 ${publicIp}`);
  sandbox.pass(20);
  await sandbox.ec2.describeInstances();
  // What is on the disk at this moment, while the sandbox is still there.
  const killed = path.join(folder, 'killed');
  await cp(path.join(folder, 'now'), killed, { recursive: true, filter: (file) => !file.endsWith('.lock') });
  sandbox.pass(600);
  const told = await consoleOf(InstanceId);
  const elapsed = sandbox.elapsed();
  await sandbox.close();
  sandbox = await serve({ stateFile: path.join(killed, 'state.json') });
  sandbox.pass(elapsed);
  expect(await consoleOf(InstanceId)).toBe(told);
  expect(told).toContain('30 packets transmitted, 30 received');
});
