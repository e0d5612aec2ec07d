/** The lab's two VPCs as a world: what the services and the traffic work on, without a server. */
import { runHosts } from '../../src/sandbox/hosts/run.ts';
import { draw } from '../../src/sandbox/ids.ts';
import type { Operations, Request } from '../../src/sandbox/service.ts';
import { forgetTopology } from '../../src/sandbox/topology.ts';
import { settleTraffic } from '../../src/sandbox/traffic.ts';
import type { AccountState, RegionState, WorldState } from '../../src/sandbox/world.ts';

export const accountId = '123456789012';
export const regionName = 'us-west-2';
export const groupName = 'NextWorkVPCFlowLogsGroup';
/** 23 November 2026, 10:00 UTC. */
export const start = Date.UTC(2026, 10, 23, 10);

const allowAll = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
export const allowPing = [{ IpProtocol: 'icmp', FromPort: -1, ToPort: -1, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
const allowSsh = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];

const logsActions = [
  'logs:CreateLogGroup',
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  'logs:DescribeLogGroups',
  'logs:DescribeLogStreams',
];

export function policy(...actions: readonly string[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] });
}

export function trust(service: string): string {
  const statement = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

export const flowLogsPolicy = policy(...logsActions);
export const flowLogsTrust = trust('vpc-flow-logs.amazonaws.com');

const roleArn = (name: string) => `arn:aws:iam::${accountId}:role/${name}`;
const profileArn = `arn:aws:iam::${accountId}:instance-profile/lab`;

/** VPC 1 is 10.1.0.0/16 with instance 1 (10.1.5.112), VPC 2 is 10.2.0.0/16 with instance 2 (10.2.15.210). */
function networkOf(number: 1 | 2): Partial<RegionState['ec2']> {
  const vpc = `vpc-${number}`;
  const host = number === 1 ? '5.112' : '15.210';
  const privateIp = `10.${number}.${host}`;
  const publicIp = `54.185.174.${number}`;
  return {
    vpcs: [
      {
        VpcId: vpc,
        CidrBlock: `10.${number}.0.0/16`,
        CidrBlockAssociationSet: [{ CidrBlock: `10.${number}.0.0/16`, CidrBlockState: { State: 'associated' } }],
      },
    ],
    subnets: [{ SubnetId: `subnet-${number}`, VpcId: vpc, CidrBlock: `10.${number}.0.0/20` }],
    routeTables: [
      {
        RouteTableId: `rtb-${number}`,
        VpcId: vpc,
        Associations: [{ Main: true }],
        Routes: [
          { DestinationCidrBlock: `10.${number}.0.0/16`, GatewayId: 'local', State: 'active' },
          { DestinationCidrBlock: '0.0.0.0/0', GatewayId: `igw-${number}`, State: 'active', Origin: 'CreateRoute' },
        ],
      },
    ],
    internetGateways: [{ InternetGatewayId: `igw-${number}`, Attachments: [{ VpcId: vpc, State: 'attached' }] }],
    networkAcls: [
      {
        NetworkAclId: `acl-${number}`,
        VpcId: vpc,
        IsDefault: true,
        Associations: [{ SubnetId: `subnet-${number}` }],
        Entries: [true, false].map((Egress) => ({
          RuleNumber: 100,
          Egress,
          RuleAction: 'allow',
          Protocol: '-1',
          CidrBlock: '0.0.0.0/0',
        })),
      },
    ],
    securityGroups: [
      {
        GroupId: `sg-${number}`,
        VpcId: vpc,
        IpPermissions: number === 1 ? [...allowSsh] : [...allowSsh, ...allowPing],
        IpPermissionsEgress: [...allowAll],
      },
    ],
    networkInterfaces: [
      {
        NetworkInterfaceId: `eni-0${number}`,
        VpcId: vpc,
        SubnetId: `subnet-${number}`,
        MacAddress: `0a:00:00:00:00:0${number}`,
        PrivateIpAddress: privateIp,
        PrivateIpAddresses: [{ PrivateIpAddress: privateIp, Primary: true, Association: { PublicIp: publicIp } }],
        Groups: [{ GroupId: `sg-${number}` }],
        SourceDestCheck: true,
        Attachment: { InstanceId: `i-0${number}`, AttachTime: new Date(start) },
      },
    ],
    instances: [
      {
        InstanceId: `i-0${number}`,
        InstanceType: 't3.micro',
        State: { Name: 'running' },
        VpcId: vpc,
        SubnetId: `subnet-${number}`,
        PrivateIpAddress: privateIp,
        PublicIpAddress: publicIp,
        PrivateDnsName: `ip-${privateIp.replaceAll('.', '-')}.us-west-2.compute.internal`,
        NetworkInterfaces: [{ NetworkInterfaceId: `eni-0${number}` }],
        IamInstanceProfile: { Arn: profileArn },
        Tags: [{ Key: 'Name', Value: `Instance ${number}` }],
      },
    ],
    since: { [`i-0${number}`]: start },
  };
}

export interface LabWorld {
  readonly world: WorldState;
  readonly account: AccountState;
  readonly region: RegionState;
  /** The clock, moved by hand. Epoch milliseconds. */
  now: number;
  /** How much time passes in a real minute, milliseconds. */
  realMinuteMs: number;
  /** Whether the records of windows that end are skipped. */
  skips: boolean;
  /** One request, as the server would hand it on: the traffic settles first. */
  send(operations: Operations, operation: string, input: object): unknown;
  settle(): void;
  /** Peers the VPCs and adds the routes of these sides. */
  peer(...sides: readonly (1 | 2)[]): void;
  /** A flow log to the lab's group, with the lab's role. */
  logFlows(id: string, resourceId: string, more?: object): void;
  /** The messages of a stream. */
  stream(name: string): string[];
}

export function labWorld(): LabWorld {
  const [one, two] = [networkOf(1), networkOf(2)];
  const joined = <K extends keyof RegionState['ec2']>(key: K): never[] =>
    [one[key], two[key]].flatMap((list) => (Array.isArray(list) ? list : [])) as never[];
  const region: RegionState = {
    ec2: {
      vpcs: joined('vpcs'),
      vpcAttributes: {},
      subnets: joined('subnets'),
      routeTables: joined('routeTables'),
      internetGateways: joined('internetGateways'),
      natGateways: [],
      egressOnlyInternetGateways: [],
      vpcEndpoints: [],
      dhcpOptions: [],
      clientTokens: {},
      prefixLists: [],
      networkAcls: joined('networkAcls'),
      securityGroups: joined('securityGroups'),
      networkInterfaces: joined('networkInterfaces'),
      instances: joined('instances'),
      peeringConnections: [],
      addresses: [],
      keyPairs: [],
      flowLogs: [],
      iamProfileAssociations: [],
      since: { ...one.since, ...two.since },
    },
    logGroups: [],
    queries: [],
    commands: [],
    documents: [],
    parameters: [],
    traffic: { flows: {}, scannedUntil: start, aggregatedUntil: {}, pending: [], sessions: {} },
  };
  const role = (name: string, trustPolicy: string, document: string) => ({
    name,
    arn: roleArn(name),
    id: `AROA${name}`,
    path: '/',
    createDate: start,
    maxSessionDuration: 3600,
    trustPolicy,
    attachedPolicyArns: [],
    inlinePolicies: { own: document },
    tags: {},
  });
  const account: AccountState = {
    id: accountId,
    iam: {
      roles: [
        role('flow-logs', flowLogsTrust, flowLogsPolicy),
        role('nodes', trust('ec2.amazonaws.com'), policy('ssm:UpdateInstanceInformation', 'ssmmessages:*')),
      ],
      policies: [],
      users: [],
      groups: [],
      instanceProfiles: [
        { name: 'lab', arn: profileArn, id: 'AIPA1', path: '/', createDate: start, roleNames: ['nodes'] },
      ],
    },
    regions: { [regionName]: region },
  };
  const world: WorldState = {
    version: 2,
    now: start,
    seed: 7,
    draws: 0,
    credentials: {},
    accounts: { [accountId]: account },
  };
  const random = () => draw(world);
  const lab: LabWorld = {
    world,
    account,
    region,
    now: start + 60_000,
    realMinuteMs: 60_000,
    skips: false,
    send(operations, operation, input) {
      lab.settle();
      const run = operations[operation];
      if (!run) throw new Error(`There is no operation ${operation}.`);
      const request: Request = {
        world,
        account,
        region,
        regionName,
        now: lab.now,
        accessKeyId: 'test',
        random,
        decide: (make) => make(),
      };
      return run(request, input);
    },
    settle() {
      // Tests change the region's resources by hand.
      forgetTopology(region.ec2);
      runHosts(region, lab.now, random);
      settleTraffic(account, regionName, lab.now, lab.realMinuteMs, random, () => lab.skips);
    },
    peer(...sides) {
      region.ec2.peeringConnections = [
        {
          VpcPeeringConnectionId: 'pcx-1',
          Status: { Code: 'active' },
          RequesterVpcInfo: { VpcId: 'vpc-1', OwnerId: accountId, CidrBlockSet: [{ CidrBlock: '10.1.0.0/16' }] },
          AccepterVpcInfo: { VpcId: 'vpc-2', OwnerId: accountId, CidrBlockSet: [{ CidrBlock: '10.2.0.0/16' }] },
        },
      ];
      for (const side of sides)
        region.ec2.routeTables[side - 1]?.Routes?.push({
          DestinationCidrBlock: side === 1 ? '10.2.0.0/16' : '10.1.0.0/16',
          VpcPeeringConnectionId: 'pcx-1',
          State: 'active',
          Origin: 'CreateRoute',
        });
    },
    logFlows(id, resourceId, more) {
      region.ec2.flowLogs.push({
        FlowLogId: id,
        FlowLogStatus: 'ACTIVE',
        ResourceId: resourceId,
        TrafficType: 'ALL',
        LogDestinationType: 'cloud-watch-logs',
        LogGroupName: groupName,
        DeliverLogsPermissionArn: roleArn('flow-logs'),
        MaxAggregationInterval: 60,
        CreationTime: new Date(lab.now),
        ...more,
      });
    },
    stream: (name) =>
      region.logGroups.flatMap((group) => group.streams[name]?.events ?? []).map(({ message }) => message),
  };
  return lab;
}
