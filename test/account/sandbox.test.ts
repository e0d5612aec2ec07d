/** Every slice and every question, there and back: made by the sender in a sandbox, read by the reader. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openAccount } from '../../src/account/live.ts';
import type { AccountReader, CallSender, Target } from '../../src/account/reader.ts';
import { openSender } from '../../src/account/sender.ts';
import type { AnswerTo, Question, SliceName, Slices } from '../../src/model/account.ts';
import { at } from '../../src/run/substitute.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { flowLogsPolicy, flowLogsTrust, trust } from '../sandbox/lab-world.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 23, 10);
const GROUP = 'NextWorkVPCFlowLogsGroup';

// Time passes by itself with every look, so that what is waited for comes; and by hand where minutes are needed.
let clock = START;
let sandbox: Sandbox;
let target: Target;
let sender: CallSender;
const readers: AccountReader[] = [];

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, timeScale: 1, realNow: () => (clock += 1000), seed: 7 });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  target = { kind: 'sandbox', region: 'us-west-2', endpointUrl: sandbox.url, credentials };
  sender = openSender(target);
  await makeLab();
});
afterAll(async () => {
  for (const reader of readers) reader.close();
  sender.close();
  await sandbox.close();
});

/** A new one, as each remembers what it read. */
function reader(): AccountReader {
  const opened = openAccount(target);
  readers.push(opened);
  return opened;
}

async function read<N extends SliceName>(slice: N): Promise<Slices[N]> {
  const reading = await reader().read(slice);
  if (!reading.ok) throw new Error(reading.unread.message);
  return reading.value;
}

async function ask<Q extends Question>(question: Q): Promise<AnswerTo<Q>> {
  const reading = await reader().ask(question);
  if (!reading.ok) throw new Error(reading.unread.message);
  return reading.value;
}

/** Sends one call; with a path, what it answers there. */
async function send(call: string, input: Readonly<Record<string, unknown>>, path?: string): Promise<string> {
  const output = await sender.send(call, input);
  return path === undefined ? '' : z.string().parse(at(path, output));
}

interface Side {
  readonly vpc: string;
  readonly subnet: string;
  readonly gateway: string;
  readonly table: string;
  readonly group: string;
  readonly instance: string;
}
let one: Side;
let two: Side;
let role: string;
let flowLog: string;

async function makeSide(number: 1 | 2): Promise<Side> {
  const TagSpecifications = [{ ResourceType: 'vpc', Tags: [{ Key: 'Name', Value: `NextWork-${number}-vpc` }] }];
  const vpc = await send('ec2:CreateVpc', { CidrBlock: `10.${number}.0.0/16`, TagSpecifications }, 'Vpc.VpcId');
  const subnet = await send('ec2:CreateSubnet', { VpcId: vpc, CidrBlock: `10.${number}.0.0/20` }, 'Subnet.SubnetId');
  const gateway = await send('ec2:CreateInternetGateway', {}, 'InternetGateway.InternetGatewayId');
  await send('ec2:AttachInternetGateway', { VpcId: vpc, InternetGatewayId: gateway });
  const table = await send('ec2:CreateRouteTable', { VpcId: vpc }, 'RouteTable.RouteTableId');
  await send('ec2:CreateRoute', { RouteTableId: table, DestinationCidrBlock: '0.0.0.0/0', GatewayId: gateway });
  await send('ec2:AssociateRouteTable', { RouteTableId: table, SubnetId: subnet });
  const group = await send(
    'ec2:CreateSecurityGroup',
    { GroupName: `NextWork-SG-${number}`, Description: 'x', VpcId: vpc },
    'GroupId',
  );
  const IpPermissions = [
    { IpProtocol: 'icmp', FromPort: -1, ToPort: -1, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
    {
      IpProtocol: 'tcp',
      FromPort: 22,
      ToPort: 22,
      Ipv6Ranges: [{ CidrIpv6: '::/0' }],
      UserIdGroupPairs: [{ GroupId: group }],
    },
  ];
  await send('ec2:AuthorizeSecurityGroupIngress', { GroupId: group, IpPermissions });
  const instance = await send(
    'ec2:RunInstances',
    {
      ImageId: 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64',
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      IamInstanceProfile: { Name: 'labproof-ssm' },
      NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: subnet, AssociatePublicIpAddress: true, Groups: [group] }],
    },
    'Instances[0].InstanceId',
  );
  return { vpc, subnet, gateway, table, group, instance };
}

async function makeLab(): Promise<void> {
  await send('iam:CreateRole', { RoleName: 'labproof-ssm', AssumeRolePolicyDocument: trust('ec2.amazonaws.com') });
  const managed = { RoleName: 'labproof-ssm', PolicyArn: 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore' };
  await send('iam:AttachRolePolicy', managed);
  await send('iam:CreateInstanceProfile', { InstanceProfileName: 'labproof-ssm' });
  await send('iam:AddRoleToInstanceProfile', { InstanceProfileName: 'labproof-ssm', RoleName: 'labproof-ssm' });
  one = await makeSide(1);
  two = await makeSide(2);
  role = await send(
    'iam:CreateRole',
    { RoleName: 'flow', Path: '/lab/', AssumeRolePolicyDocument: flowLogsTrust },
    'Role.Arn',
  );
  await send('iam:PutRolePolicy', { RoleName: 'flow', PolicyName: 'write', PolicyDocument: flowLogsPolicy });
  await send('logs:CreateLogGroup', { logGroupName: GROUP });
  await send('logs:PutRetentionPolicy', { logGroupName: GROUP, retentionInDays: 7 });
  flowLog = await send(
    'ec2:CreateFlowLogs',
    {
      ResourceIds: [one.vpc],
      ResourceType: 'VPC',
      TrafficType: 'ALL',
      LogGroupName: GROUP,
      DeliverLogsPermissionArn: role,
      MaxAggregationInterval: 60,
    },
    'FlowLogIds[0]',
  );
  clock += 2 * MINUTE;
}

const instanceOf = async (side: Side) => (await read('instances')).find(({ id }) => id === side.instance);

describe('slices', () => {
  test('who and where', async () => {
    expect(await reader().identity()).toEqual({
      ok: true,
      value: { kind: 'sandbox', account: '123456789012', region: 'us-west-2', partition: 'aws' },
    });
  });

  test('VPCs and subnets, the default ones too', async () => {
    const vpcs = await read('vpcs');
    expect(vpcs.filter(({ isDefault }) => isDefault).map(({ cidrs }) => cidrs)).toEqual([['172.31.0.0/16']]);
    expect(vpcs.find(({ id }) => id === one.vpc)).toEqual({
      id: one.vpc,
      cidrs: ['10.1.0.0/16'],
      isDefault: false,
      ownerId: '123456789012',
      tags: { Name: 'NextWork-1-vpc' },
    });
    const subnet = (await read('subnets')).find(({ id }) => id === one.subnet);
    expect(subnet).toMatchObject({ vpcId: one.vpc, cidr: '10.1.0.0/20', mapPublicIpOnLaunch: false, tags: {} });
    expect(subnet?.availabilityZone).toMatch(/^us-west-2[a-d]$/);
  });

  test('route tables, with the main one and the one of the subnet', async () => {
    const tables = (await read('routeTables')).filter(({ vpcId }) => vpcId === one.vpc);
    const local = { destination: '10.1.0.0/16', target: { kind: 'local' }, state: 'active', propagated: false };
    expect(tables.find(({ main }) => main)).toMatchObject({ subnetIds: [], routes: [local] });
    const out = {
      destination: '0.0.0.0/0',
      target: { kind: 'internet-gateway', id: one.gateway },
      state: 'active',
      propagated: false,
    };
    const own = tables.find(({ id }) => id === one.table);
    expect(own).toMatchObject({ main: false, subnetIds: [one.subnet] });
    expect(own?.routes).toHaveLength(2);
    expect(own?.routes).toEqual(expect.arrayContaining([local, out]));
  });

  test('internet gateways, attached or not', async () => {
    const loose = await send('ec2:CreateInternetGateway', {}, 'InternetGateway.InternetGatewayId');
    const vpcsOf = new Map((await read('internetGateways')).map(({ id, vpcIds }) => [id, vpcIds]));
    expect(vpcsOf.get(one.gateway)).toEqual([one.vpc]);
    expect(vpcsOf.get(loose)).toEqual([]);
  });

  test('network ACLs', async () => {
    const acl = (await read('networkAcls')).find(({ vpcId }) => vpcId === one.vpc);
    expect(acl).toMatchObject({ isDefault: true, subnetIds: [one.subnet] });
    const all = { protocol: '-1', cidr: '0.0.0.0/0' };
    for (const egress of [true, false]) {
      expect(acl?.entries).toContainEqual({ ...all, ruleNumber: 100, egress, action: 'allow' });
      expect(acl?.entries).toContainEqual({ ...all, ruleNumber: 32_767, egress, action: 'deny' });
    }
  });

  test('network ACL entries with ports and with ICMP types', async () => {
    const acl = await send('ec2:CreateNetworkAcl', { VpcId: two.vpc }, 'NetworkAcl.NetworkAclId');
    const entry = { NetworkAclId: acl, Egress: false, RuleAction: 'allow', CidrBlock: '10.0.0.0/8' };
    await send('ec2:CreateNetworkAclEntry', {
      ...entry,
      RuleNumber: 10,
      Protocol: '6',
      PortRange: { From: 22, To: 23 },
    });
    await send('ec2:CreateNetworkAclEntry', {
      ...entry,
      RuleNumber: 20,
      Protocol: '1',
      IcmpTypeCode: { Type: 8, Code: -1 },
    });
    const read10 = { egress: false, action: 'allow', cidr: '10.0.0.0/8' };
    const entries = (await read('networkAcls')).find(({ id }) => id === acl)?.entries;
    expect(entries).toContainEqual({ ...read10, ruleNumber: 10, protocol: '6', ports: { from: 22, to: 23 } });
    expect(entries).toContainEqual({ ...read10, ruleNumber: 20, protocol: '1', icmp: { type: 8, code: -1 } });
  });

  test('security groups, one rule for each peer', async () => {
    const group = (await read('securityGroups')).find(({ id }) => id === one.group);
    expect(group).toMatchObject({ name: 'NextWork-SG-1', vpcId: one.vpc });
    expect(group?.egress).toEqual([{ protocol: '-1', peer: { kind: 'cidr', cidr: '0.0.0.0/0' } }]);
    expect(group?.ingress).toHaveLength(3);
    const ssh = { protocol: 'tcp', fromPort: 22, toPort: 22 };
    expect(group?.ingress).toEqual(
      expect.arrayContaining([
        { protocol: 'icmp', fromPort: -1, toPort: -1, peer: { kind: 'cidr', cidr: '0.0.0.0/0' } },
        { ...ssh, peer: { kind: 'cidr6', cidr: '::/0' } },
        { ...ssh, peer: { kind: 'group', groupId: one.group, ownerId: '123456789012' } },
      ]),
    );
  });

  test('instances and their network interfaces', async () => {
    const instance = await instanceOf(one);
    expect(instance).toMatchObject({ state: 'running', vpcId: one.vpc, subnetId: one.subnet });
    expect(instance?.profileArn).toBe('arn:aws:iam::123456789012:instance-profile/labproof-ssm');
    const own = (await read('networkInterfaces')).find(({ id }) => id === instance?.networkInterfaceIds[0]);
    expect(own).toMatchObject({
      vpcId: one.vpc,
      subnetId: one.subnet,
      instanceId: one.instance,
      groupIds: [one.group],
      sourceDestCheck: true,
      addresses: [{ address: instance?.privateIp, primary: true, publicIp: instance?.publicIp }],
    });
  });

  test('a flow log, a log group and the roles', async () => {
    const log = (await read('flowLogs')).find(({ id }) => id === flowLog);
    expect(log).toMatchObject({
      resourceId: one.vpc,
      trafficType: 'ALL',
      status: 'ACTIVE',
      roleArn: role,
      destinationType: 'cloud-watch-logs',
      logGroupName: GROUP,
      maxAggregationSeconds: 60,
    });
    const [group] = await read('logGroups');
    expect(group).toMatchObject({ name: GROUP, retentionDays: 7 });
    for (const made of [log?.createdAt, group?.createdAt]) {
      expect(made).toBeGreaterThan(START);
      expect(made).toBeLessThan(clock);
    }
    const trusted = (await read('roles')).find(({ arn }) => arn === role);
    expect(trusted).toEqual({ name: 'flow', arn: role, trustPolicy: flowLogsTrust });
  });

  test("the cloud's clock", async () => {
    const opened = reader();
    await opened.read('vpcs');
    expect(Math.abs(opened.now() - clock)).toBeLessThan(2 * MINUTE);
  });
});

describe('questions', () => {
  test('a role with its inline policy, and one with a managed one', async () => {
    expect(await ask({ kind: 'role', arn: role })).toEqual({
      name: 'flow',
      arn: role,
      trustPolicy: flowLogsTrust,
      policies: [{ name: 'write', document: flowLogsPolicy }],
    });
    const managed = await ask({ kind: 'role', arn: 'arn:aws:iam::123456789012:role/labproof-ssm' });
    expect(managed?.policies.map(({ name }) => name)).toEqual(['AmazonSSMManagedInstanceCore']);
    expect(JSON.parse(managed?.policies[0]?.document ?? '')).toHaveProperty('Statement');
    expect(await ask({ kind: 'role', arn: 'arn:aws:iam::123456789012:role/nobody' })).toBeNull();
  });

  test('pings, their records, their query, and the peering that makes them answered', async () => {
    const managed = await read('managedInstances');
    expect(managed).toContainEqual({ instanceId: one.instance, pingStatus: 'Online' });
    const address = z.string().parse((await instanceOf(two))?.privateIp);
    const ping = { kind: 'ping', instanceId: one.instance, address } as const;
    expect(await ask(ping)).toMatchObject({ address, transmitted: 3, received: 0 });

    const peering = await send(
      'ec2:CreateVpcPeeringConnection',
      { VpcId: one.vpc, PeerVpcId: two.vpc },
      'VpcPeeringConnection.VpcPeeringConnectionId',
    );
    clock += 1000;
    const [pending] = await read('peeringConnections');
    expect(pending).toMatchObject({ id: peering, status: 'pending-acceptance', requester: { cidrs: ['10.1.0.0/16'] } });
    // VPC Peering Guide: the accepter's block is not shown before it accepts.
    expect(pending?.accepter).not.toHaveProperty('cidrs');
    await send('ec2:AcceptVpcPeeringConnection', { VpcPeeringConnectionId: peering });
    clock += MINUTE;
    for (const [{ table }, block] of [
      [one, '10.2.0.0/16'],
      [two, '10.1.0.0/16'],
    ] as const)
      await send('ec2:CreateRoute', {
        RouteTableId: table,
        DestinationCidrBlock: block,
        VpcPeeringConnectionId: peering,
      });
    expect((await read('peeringConnections'))[0]).toMatchObject({
      status: 'active',
      accepter: { cidrs: ['10.2.0.0/16'] },
    });
    const routes = (await read('routeTables')).find(({ id }) => id === one.table)?.routes;
    expect(routes).toContainEqual({
      destination: '10.2.0.0/16',
      target: { kind: 'peering', id: peering },
      state: 'active',
      propagated: false,
    });
    expect(await ask(ping)).toMatchObject({ received: 3 });

    const history = await ask({ kind: 'pings', instanceId: one.instance });
    expect(history.toSorted((a, b) => a.at - b.at).map(({ received }) => received)).toEqual([0, 3]);

    clock += 15 * MINUTE;
    const streams = await ask({ kind: 'logStreams', logGroup: GROUP });
    const [interfaceId] = (await instanceOf(one))?.networkInterfaceIds ?? [];
    expect(streams.map(({ name }) => name)).toEqual([`${interfaceId}-all`]);
    expect(streams[0]?.lastEventAt).toBeGreaterThan(START);
    const events = await ask({ kind: 'logEvents', logGroup: GROUP, anyOf: [address, '203.0.113.99'] });
    expect(events.length).toBeGreaterThanOrEqual(2);
    for (const { stream, message } of events) {
      expect(stream).toBe(`${interfaceId}-all`);
      expect(message).toContain(address);
    }

    await send('logs:StartQuery', {
      logGroupName: GROUP,
      startTime: Math.floor(START / 1000),
      endTime: Math.floor(clock / 1000),
      queryString: `stats sum(bytes) as total by srcAddr, dstAddr | filter dstAddr = "${address}"`,
    });
    clock += 5000;
    const [query, ...others] = await ask({ kind: 'queries', logGroup: GROUP });
    expect(others).toEqual([]);
    expect(query).toMatchObject({ status: 'Complete', rows: [{ dstAddr: address, total: '504' }] });
  });

  test('a ping from an instance that Systems Manager cannot reach', async () => {
    const reading = await reader().ask({ kind: 'ping', instanceId: 'i-0123456789abcdef0', address: '10.2.0.4' });
    expect(reading).toMatchObject({ ok: false, unread: { reason: 'unsupported', action: 'ssm:SendCommand' } });
  });
});

test('a fault in the middle of a walk makes one reading unread, and leaves the others', async () => {
  const fault = { 'ec2:DescribeSubnets': { error: { code: 'UnauthorizedOperation', status: 403 } } };
  await fetch(`${sandbox.url}/_sandbox/faults`, { method: 'POST', body: JSON.stringify(fault) });
  const opened = reader();
  const [subnets, vpcs] = await Promise.all([opened.read('subnets'), opened.read('vpcs')]);
  await fetch(`${sandbox.url}/_sandbox/faults`, { method: 'POST', body: '{}' });
  expect(subnets).toMatchObject({ ok: false, unread: { reason: 'denied', action: 'ec2:DescribeSubnets' } });
  expect(vpcs.ok).toBe(true);
});
