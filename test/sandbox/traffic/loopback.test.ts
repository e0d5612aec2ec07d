/** The lab, over the wire: the real SDK clients, and a clock that is moved by hand. */
import * as Logs from '@aws-sdk/client-cloudwatch-logs';
import * as Ec2 from '@aws-sdk/client-ec2';
import * as Iam from '@aws-sdk/client-iam';
import * as Ssm from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import { flowLogsPolicy, flowLogsTrust, trust } from '../lab-world.ts';

const minute = 60_000;
const logGroupName = 'NextWorkVPCFlowLogsGroup';

let clock = Date.UTC(2026, 10, 23, 10);
let sandbox: Sandbox;
let ec2: Ec2.EC2;
let iam: Iam.IAM;
let logs: Logs.CloudWatchLogs;
let ssm: Ssm.SSM;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, timeScale: 1, realNow: () => clock, seed: 11 });
  const config = {
    endpoint: sandbox.url,
    region: 'us-west-2',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  ec2 = new Ec2.EC2(config);
  iam = new Iam.IAM(config);
  logs = new Logs.CloudWatchLogs(config);
  ssm = new Ssm.SSM(config);
});
afterAll(() => sandbox.close());

interface Host {
  readonly vpcId: string;
  readonly routeTableId: string;
  readonly instanceId: string;
  readonly interfaceId: string;
  readonly privateIp: string;
  readonly publicIp: string;
}

function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('AWS answered without this value.');
  return value;
}

/** A VPC with a public subnet, and an instance in it that Systems Manager manages and that answers ping. */
async function launch(number: 1 | 2): Promise<Host> {
  const vpcId = there((await ec2.createVpc({ CidrBlock: `10.${number}.0.0/16` })).Vpc?.VpcId);
  const subnet = await ec2.createSubnet({ VpcId: vpcId, CidrBlock: `10.${number}.0.0/20` });
  const gateway = await ec2.createInternetGateway({});
  const gatewayId = there(gateway.InternetGateway?.InternetGatewayId);
  await ec2.attachInternetGateway({ VpcId: vpcId, InternetGatewayId: gatewayId });
  const Filters = [{ Name: 'vpc-id', Values: [vpcId] }];
  const tables = await ec2.describeRouteTables({ Filters });
  const routeTableId = there(tables.RouteTables?.[0]?.RouteTableId);
  await ec2.createRoute({ RouteTableId: routeTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId: gatewayId });
  const groups = await ec2.describeSecurityGroups({ Filters });
  await ec2.authorizeSecurityGroupIngress({
    GroupId: there(groups.SecurityGroups?.[0]?.GroupId),
    IpPermissions: [{ IpProtocol: 'icmp', FromPort: -1, ToPort: -1, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
  });
  const image = await ssm.getParameter({
    Name: '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64',
  });
  const run = await ec2.runInstances({
    ImageId: there(image.Parameter?.Value),
    InstanceType: 't3.micro',
    MinCount: 1,
    MaxCount: 1,
    IamInstanceProfile: { Name: 'nodes' },
    NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: there(subnet.Subnet?.SubnetId), AssociatePublicIpAddress: true }],
  });
  const instanceId = there(run.Instances?.[0]?.InstanceId);
  clock += minute;
  const described = await ec2.describeInstances({ InstanceIds: [instanceId] });
  const instance = there(described.Reservations?.[0]?.Instances?.[0]);
  return {
    vpcId,
    routeTableId,
    instanceId,
    interfaceId: there(instance.NetworkInterfaces?.[0]?.NetworkInterfaceId),
    privateIp: there(instance.PrivateIpAddress),
    publicIp: there(instance.PublicIpAddress),
  };
}

async function role(RoleName: string, service: string): Promise<string> {
  const created = await iam.createRole({ RoleName, AssumeRolePolicyDocument: trust(service) });
  return there(created.Role?.Arn);
}

async function ping(from: Host, address: string): Promise<Ssm.GetCommandInvocationCommandOutput> {
  const sent = await ssm.sendCommand({
    InstanceIds: [from.instanceId],
    DocumentName: 'AWS-RunShellScript',
    Parameters: { commands: [`ping -c 5 -W 2 ${address}`] },
  });
  clock += 10_000;
  return ssm.getCommandInvocation({ CommandId: sent.Command?.CommandId, InstanceId: from.instanceId });
}

/** Lets the records of the last minutes arrive, and gives those between these addresses. */
async function records(one: string, other: string): Promise<string[]> {
  clock += 8 * minute;
  const found = await logs.filterLogEvents({ logGroupName, filterPattern: `"${one} ${other}"` });
  return (found.events ?? []).map(({ message = '' }) =>
    message
      .split(' ')
      .slice(3, 10)
      .concat(message.split(' ')[12] ?? '')
      .join(' '),
  );
}

it('a ping is silent, then delivered over peering, and the flow log and Logs Insights tell the same', async () => {
  await role('nodes', 'ec2.amazonaws.com');
  const PolicyArn = 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore';
  await iam.attachRolePolicy({ RoleName: 'nodes', PolicyArn });
  await iam.createInstanceProfile({ InstanceProfileName: 'nodes' });
  await iam.addRoleToInstanceProfile({ InstanceProfileName: 'nodes', RoleName: 'nodes' });
  const [first, second] = [await launch(1), await launch(2)];

  // A role that another service may assume: the flow log is active, and nothing is delivered.
  const DeliverLogsPermissionArn = await role('flow-logs', 'ec2.amazonaws.com');
  await iam.putRolePolicy({ RoleName: 'flow-logs', PolicyName: 'write', PolicyDocument: flowLogsPolicy });
  const flowLogs = await ec2.createFlowLogs({
    ResourceIds: [first.vpcId],
    ResourceType: 'VPC',
    TrafficType: 'ALL',
    LogGroupName: logGroupName,
    DeliverLogsPermissionArn,
    MaxAggregationInterval: 60,
  });
  const FlowLogIds = there(flowLogs.FlowLogIds);
  expect(await ping(first, second.publicIp)).toMatchObject({ Status: 'Success', ResponseCode: 0 });
  clock += 8 * minute;
  const failing = await ec2.describeFlowLogs({ FlowLogIds });
  expect(failing.FlowLogs?.[0]).toMatchObject({ FlowLogStatus: 'ACTIVE', DeliverLogsErrorMessage: 'Access error' });
  expect((await logs.describeLogGroups({})).logGroups).toEqual([]);

  await iam.updateAssumeRolePolicy({ RoleName: 'flow-logs', PolicyDocument: flowLogsTrust });
  const silent = await ping(first, second.privateIp);
  expect(silent).toMatchObject({ Status: 'Failed', ResponseCode: 1 });
  expect(silent.StandardOutputContent).toContain('5 packets transmitted, 0 received, 100% packet loss');
  const pair = [first.privateIp, second.privateIp] as const;
  expect(await records(...pair)).toEqual([`${pair.join(' ')} 0 0 1 5 420 ACCEPT`]);
  expect(await records(pair[1], pair[0])).toEqual([]);
  const delivered = await ec2.describeFlowLogs({ FlowLogIds });
  expect(delivered.FlowLogs?.[0]?.DeliverLogsStatus).toBe('SUCCESS');

  const peering = await ec2.createVpcPeeringConnection({ VpcId: first.vpcId, PeerVpcId: second.vpcId });
  const VpcPeeringConnectionId = there(peering.VpcPeeringConnection?.VpcPeeringConnectionId);
  clock += 1000;
  await ec2.acceptVpcPeeringConnection({ VpcPeeringConnectionId });
  clock += minute;
  for (const [host, DestinationCidrBlock] of [
    [first, '10.2.0.0/16'],
    [second, '10.1.0.0/16'],
  ] as const)
    await ec2.createRoute({ RouteTableId: host.routeTableId, DestinationCidrBlock, VpcPeeringConnectionId });
  const answered = await ping(first, second.privateIp);
  expect(answered.StandardOutputContent).toContain('5 packets transmitted, 5 received, 0% packet loss');
  expect(await records(pair[1], pair[0])).toEqual([`${pair[1]} ${pair[0]} 0 0 1 5 420 ACCEPT`]);

  const { queryId } = await logs.startQuery({
    logGroupName,
    startTime: 0,
    endTime: Math.floor(clock / 1000),
    queryString: `stats sum(bytes) as bytesTransferred by srcAddr, dstAddr | filter dstAddr = "${pair[1]}" or srcAddr = "${pair[1]}" | sort bytesTransferred desc`,
  });
  clock += 2000;
  const { status, results } = await logs.getQueryResults({ queryId });
  expect(status).toBe('Complete');
  expect(results?.map((row) => row.map(({ value }) => value))).toEqual([
    [...pair, '840'],
    [...pair.toReversed(), '420'],
  ]);
});
