/** A solved lab in which all that a learner can name or write is hostile, as far as AWS's own rules let it through. */
import { type clientsOf, there } from '../sandbox/clients.ts';

/** For what travels as JSON: log lines, queries, a command's output. */
export const HOSTILE =
  '\u001b]0;pwned\u0007\u001b[38;5;199mred\u001b[2J\u009b2J\u0090x\u009c\u202egpj.exe\u2066\u2069\u200f\u061c\u2028\u0085\b\u007f\u0000';
/** For what travels as XML, which has no way to write the first control characters; a tag has at most 256 characters. */
export const NAME =
  '\u009b2J\u202egpj\u2066\u200f\u2028\n✓ pass 100/100\n# H1\n<script>x</script><!-- ![x](http://evil.example/x) [y](javascript:1) `` ``` ~~~ | a | b | ]]> & " \' $(touch pwned) {{ 7 }} https://evil.example @all';
/** As far as the alphabets of security groups and of paths of roles go. */
const GROUP_NAME = '[x](http://evil.example/a.png) {{7}} $ ;&*! ](/)#';
const ROLE_PATH = '/$(touch${IFS}pwned)/`x`/<b>/';
const ROLE_NAME = '+=,.@-_evil';
const GROUP = '/flow#log/_.-/evil';

export type Clients = ReturnType<typeof clientsOf>;

/** Everything that stands in the solved account gets hostile names, lines, output and queries; every check still passes. */
export async function poison({ ec2, iam, logs, ssm }: Clients): Promise<{ readonly instanceId: string }> {
  const { Vpcs = [] } = await ec2.describeVpcs();
  const { Subnets = [] } = await ec2.describeSubnets();
  const { RouteTables = [] } = await ec2.describeRouteTables();
  const { SecurityGroups = [] } = await ec2.describeSecurityGroups();
  const { InternetGateways = [] } = await ec2.describeInternetGateways();
  const { VpcPeeringConnections = [] } = await ec2.describeVpcPeeringConnections();
  const { FlowLogs = [] } = await ec2.describeFlowLogs();
  const { NetworkInterfaces = [] } = await ec2.describeNetworkInterfaces();
  const { Reservations = [] } = await ec2.describeInstances();
  const instances = Reservations.flatMap(({ Instances = [] }) => Instances);
  const own = Vpcs.filter(({ IsDefault }) => !IsDefault);
  const ids = [
    ...own.map(({ VpcId }) => VpcId),
    ...Subnets.map(({ SubnetId }) => SubnetId),
    ...RouteTables.map(({ RouteTableId }) => RouteTableId),
    ...SecurityGroups.map(({ GroupId }) => GroupId),
    ...InternetGateways.map(({ InternetGatewayId }) => InternetGatewayId),
    ...VpcPeeringConnections.map(({ VpcPeeringConnectionId }) => VpcPeeringConnectionId),
    ...FlowLogs.map(({ FlowLogId }) => FlowLogId),
    ...NetworkInterfaces.map(({ NetworkInterfaceId }) => NetworkInterfaceId),
    ...instances.map(({ InstanceId }) => InstanceId),
  ].map(there);
  const Tags = [
    { Key: 'Name', Value: NAME },
    { Key: `${NAME.slice(0, 100)} key`, Value: NAME },
  ];
  await ec2.createTags({ Resources: ids, Tags });

  for (const { NetworkInterfaceId, VpcId, Groups = [], Attachment } of NetworkInterfaces) {
    if (!Attachment?.InstanceId) continue;
    const { GroupId } = await ec2.createSecurityGroup({ VpcId, GroupName: GROUP_NAME, Description: GROUP_NAME });
    const all = [...Groups.map((group) => there(group.GroupId)), there(GroupId)];
    await ec2.modifyNetworkInterfaceAttribute({ NetworkInterfaceId, Groups: all });
  }

  const trust = { Effect: 'Allow', Principal: { Service: 'vpc-flow-logs.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
  await iam.createRole({ RoleName: ROLE_NAME, Path: ROLE_PATH, AssumeRolePolicyDocument });
  await logs.createLogGroup({ logGroupName: GROUP });

  const flowLog = there(FlowLogs[0]);
  const logGroupName = there(flowLog.LogGroupName);
  const { logStreams = [] } = await logs.describeLogStreams({ logGroupName });
  const addresses = NetworkInterfaces.flatMap(({ PrivateIpAddress = '' }) => PrivateIpAddress);
  for (const { logStreamName = '' } of logStreams) {
    const lines = [
      ...addresses.flatMap((address) => [
        `${HOSTILE} ${address} ${NAME}`,
        `2 123456789012 eni-${HOSTILE} ${address} 10.2.0.1 0 0 1 5 420 1 2 ACCEPT OK`,
        `{"${HOSTILE.replaceAll('\\', '')}": "${address}"}`,
        `${address} ${'x'.repeat(200_000)}`,
      ]),
      `${HOSTILE}${NAME}`,
    ];
    const logEvents = lines.map((message, index) => ({
      message,
      timestamp: there(flowLog.CreationTime).getTime() + index,
    }));
    await logs.putLogEvents({ logGroupName, logStreamName, logEvents });
  }
  const began = Math.floor(there(flowLog.CreationTime).getTime() / 1000);
  await logs.startQuery({
    logGroupName,
    startTime: began - 60,
    endTime: began + 30 * 86_400,
    queryString: `# ${HOSTILE} ${NAME.replaceAll('\n', ' ')}\nfields @message, @logStream | sort @timestamp asc | limit 20`,
  });

  const instanceId = there(instances[0]?.InstanceId);
  const { InstanceInformationList = [] } = await ssm.describeInstanceInformation();
  for (const { InstanceId = '' } of InstanceInformationList)
    await ssm.sendCommand({
      InstanceIds: [InstanceId],
      DocumentName: 'AWS-RunShellScript',
      Parameters: {
        commands: [
          ...addresses.map(
            (address) => `ping -c 1 ${address}; echo "${HOSTILE.replaceAll('\u0000', '')} <script> | a | \`\`\`"`,
          ),
        ],
      },
    });
  return { instanceId };
}

/** Then nothing but mistakes, each with its findings. */
export async function spoil({ ec2, iam }: Clients): Promise<void> {
  const { SecurityGroups = [] } = await ec2.describeSecurityGroups();
  for (const { GroupId, IpPermissions = [] } of SecurityGroups)
    if (IpPermissions.length > 0) await ec2.revokeSecurityGroupIngress({ GroupId, IpPermissions });
  const { FlowLogs = [] } = await ec2.describeFlowLogs();
  await ec2.deleteFlowLogs({ FlowLogIds: FlowLogs.flatMap(({ FlowLogId }) => FlowLogId ?? []) });
  const { Role } = await iam.getRole({ RoleName: ROLE_NAME });
  await ec2.createFlowLogs({
    ResourceIds: [there(FlowLogs[0]?.ResourceId)],
    ResourceType: 'VPC',
    TrafficType: 'ALL',
    LogGroupName: GROUP,
    DeliverLogsPermissionArn: there(Role?.Arn),
    TagSpecifications: [{ ResourceType: 'vpc-flow-log', Tags: [{ Key: 'Name', Value: NAME }] }],
  });
  const { RouteTables = [] } = await ec2.describeRouteTables();
  for (const { RouteTableId, Routes = [] } of RouteTables)
    for (const { VpcPeeringConnectionId, DestinationCidrBlock } of Routes)
      if (VpcPeeringConnectionId) await ec2.deleteRoute({ RouteTableId, DestinationCidrBlock });
}

/** All that there is stands in another Region, which every check of a VPC and of a log group says, with its name. */
export async function strand({ ec2, logs }: Clients): Promise<void> {
  await ec2.createVpc({
    CidrBlock: '10.1.0.0/16',
    TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'Name', Value: NAME }] }],
  });
  await logs.createLogGroup({ logGroupName: GROUP });
}
