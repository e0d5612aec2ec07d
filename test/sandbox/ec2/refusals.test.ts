/** What EC2 refuses, and with which code: EC2 API Reference, "Error codes", and each action's page. */
import type { EC2 } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal, type Served, serve, there } from '../clients.ts';

let sandbox: Served;
let ids: Record<'vpc' | 'subnet' | 'table' | 'main' | 'gateway' | 'group' | 'acl' | 'peer', string>;

beforeAll(async () => {
  sandbox = await serve();
  const { ec2 } = sandbox;
  const vpc = there((await ec2.createVpc({ CidrBlock: '10.1.0.0/16' })).Vpc?.VpcId);
  const peer = there((await ec2.createVpc({ CidrBlock: '10.1.128.0/20' })).Vpc?.VpcId);
  const gateway = there((await ec2.createInternetGateway({})).InternetGateway?.InternetGatewayId);
  await ec2.attachInternetGateway({ VpcId: vpc, InternetGatewayId: gateway });
  const Filters = [{ Name: 'vpc-id', Values: [vpc] }];
  ids = {
    vpc,
    peer,
    gateway,
    subnet: there((await ec2.createSubnet({ VpcId: vpc, CidrBlock: '10.1.0.0/24' })).Subnet?.SubnetId),
    main: there((await ec2.describeRouteTables({ Filters })).RouteTables?.[0]?.RouteTableId),
    table: there((await ec2.createRouteTable({ VpcId: vpc })).RouteTable?.RouteTableId),
    acl: there((await ec2.createNetworkAcl({ VpcId: vpc })).NetworkAcl?.NetworkAclId),
    group: there((await ec2.createSecurityGroup({ VpcId: vpc, GroupName: 'web', Description: 'web' })).GroupId),
  };
  await ec2.createRoute({ RouteTableId: ids.table, DestinationCidrBlock: '0.0.0.0/0', GatewayId: gateway });
});
afterAll(() => sandbox.close());

type Ids = typeof ids;
type Case = readonly [what: string, code: string, call: (ec2: EC2, ids: Ids) => Promise<unknown>];

const cases: readonly Case[] = [
  ['a VPC that is not there', 'InvalidVpcID.NotFound', (ec2) => ec2.describeVpcs({ VpcIds: ['vpc-1'] })],
  ['a subnet that is not there', 'InvalidSubnetID.NotFound', (ec2) => ec2.deleteSubnet({ SubnetId: 'subnet-1' })],
  [
    'an instance that is not there',
    'InvalidInstanceID.NotFound',
    (ec2) => ec2.terminateInstances({ InstanceIds: ['i-0123456789abcdef0'] }),
  ],
  [
    'an instance id that is too short',
    'InvalidInstanceID.Malformed',
    (ec2) => ec2.describeInstances({ InstanceIds: ['i-1'] }),
  ],
  [
    "an instance's name for its id",
    'InvalidInstanceID.Malformed',
    (ec2) => ec2.stopInstances({ InstanceIds: ['Instance - VPC 1'] }),
  ],
  ["a group's name for its id", 'InvalidGroupId.Malformed', (ec2) => ec2.describeSecurityGroups({ GroupIds: ['web'] })],
  [
    'a table that is not there',
    'InvalidRouteTableID.NotFound',
    (ec2) => ec2.deleteRouteTable({ RouteTableId: 'rtb-1' }),
  ],
  ['a group that is not there', 'InvalidGroup.NotFound', (ec2) => ec2.deleteSecurityGroup({ GroupId: 'sg-1' })],
  [
    'a gateway that is not there',
    'InvalidInternetGatewayID.NotFound',
    (ec2) => ec2.deleteInternetGateway({ InternetGatewayId: 'igw-1' }),
  ],
  [
    'a peering that is not there',
    'InvalidVpcPeeringConnectionID.NotFound',
    (ec2) => ec2.acceptVpcPeeringConnection({ VpcPeeringConnectionId: 'pcx-1' }),
  ],
  [
    'tags for what has no id of ours',
    'InvalidID',
    (ec2) => ec2.createTags({ Resources: ['x'], Tags: [{ Key: 'a', Value: 'b' }] }),
  ],
  ['a VPC of /8', 'InvalidVpc.Range', (ec2) => ec2.createVpc({ CidrBlock: '10.0.0.0/8' })],
  ['a VPC of /29', 'InvalidVpc.Range', (ec2) => ec2.createVpc({ CidrBlock: '10.0.0.0/29' })],
  ['a block that is none', 'InvalidParameterValue', (ec2) => ec2.createVpc({ CidrBlock: '10.0.0.0/33' })],
  ['no block at all', 'MissingParameter', (ec2) => ec2.createVpc({})],
  [
    'a subnet outside its VPC',
    'InvalidSubnet.Range',
    (ec2, { vpc }) => ec2.createSubnet({ VpcId: vpc, CidrBlock: '10.2.0.0/24' }),
  ],
  [
    'a subnet over another',
    'InvalidSubnet.Conflict',
    (ec2, { vpc }) => ec2.createSubnet({ VpcId: vpc, CidrBlock: '10.1.0.128/25' }),
  ],
  [
    'a zone of elsewhere',
    'InvalidParameterValue',
    (ec2, { vpc }) => ec2.createSubnet({ VpcId: vpc, CidrBlock: '10.1.9.0/24', AvailabilityZone: 'eu-west-1a' }),
  ],
  [
    'a second gateway',
    'Resource.AlreadyAssociated',
    (ec2, { peer, gateway }) => ec2.attachInternetGateway({ VpcId: peer, InternetGatewayId: gateway }),
  ],
  [
    'a route inside the VPC',
    'InvalidParameterValue',
    (ec2, { table, gateway }) =>
      ec2.createRoute({ RouteTableId: table, DestinationCidrBlock: '10.1.4.0/24', GatewayId: gateway }),
  ],
  [
    'a route without a target',
    'MissingParameter',
    (ec2, { table }) => ec2.createRoute({ RouteTableId: table, DestinationCidrBlock: '10.2.0.0/16' }),
  ],
  [
    'the local route, deleted',
    'InvalidParameterValue',
    (ec2, { table }) => ec2.deleteRoute({ RouteTableId: table, DestinationCidrBlock: '10.1.0.0/16' }),
  ],
  [
    'a route that is not there',
    'InvalidRoute.NotFound',
    (ec2, { table }) => ec2.deleteRoute({ RouteTableId: table, DestinationCidrBlock: '10.7.0.0/16' }),
  ],
  [
    'a route that is not there, replaced',
    'InvalidParameterValue',
    (ec2, { table, gateway }) =>
      ec2.replaceRoute({ RouteTableId: table, DestinationCidrBlock: '10.7.0.0/16', GatewayId: gateway }),
  ],
  ['the main table, deleted', 'DependencyViolation', (ec2, { main }) => ec2.deleteRouteTable({ RouteTableId: main })],
  ['a table for no subnet', 'MissingParameter', (ec2, { table }) => ec2.associateRouteTable({ RouteTableId: table })],
  [
    'a group by a name in use',
    'InvalidGroup.Duplicate',
    (ec2, { vpc }) => ec2.createSecurityGroup({ VpcId: vpc, GroupName: 'web', Description: 'again' }),
  ],
  [
    'a rule twice',
    'InvalidPermission.Duplicate',
    (ec2, { group }) =>
      ec2.authorizeSecurityGroupEgress({
        GroupId: group,
        IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      }),
  ],
  [
    'a rule that is not there, revoked',
    'InvalidPermission.NotFound',
    (ec2, { group }) =>
      ec2.revokeSecurityGroupIngress({
        GroupId: group,
        IpProtocol: 'tcp',
        FromPort: 1,
        ToPort: 1,
        CidrIp: '1.1.1.1/32',
      }),
  ],
  [
    'ports the wrong way round',
    'InvalidParameterValue',
    (ec2, { group }) =>
      ec2.authorizeSecurityGroupIngress({
        GroupId: group,
        IpProtocol: 'tcp',
        FromPort: 9,
        ToPort: 1,
        CidrIp: '0.0.0.0/0',
      }),
  ],
  [
    'a protocol that is none',
    'InvalidParameterValue',
    (ec2, { acl }) =>
      ec2.createNetworkAclEntry({
        NetworkAclId: acl,
        RuleNumber: 1,
        Protocol: 'ping',
        RuleAction: 'allow',
        Egress: false,
        CidrBlock: '0.0.0.0/0',
      }),
  ],
  [
    'the rule * of a network ACL',
    'InvalidNetworkAclEntry.NotFound',
    (ec2, { acl }) => ec2.deleteNetworkAclEntry({ NetworkAclId: acl, RuleNumber: 32767, Egress: false }),
  ],
  [
    'an image that is not there',
    'InvalidAMIID.NotFound',
    (ec2) => ec2.runInstances({ ImageId: 'ami-1', MinCount: 1, MaxCount: 1 }),
  ],
  [
    'a flow log without a role',
    'InvalidParameter',
    (ec2, { vpc }) =>
      ec2.createFlowLogs({ ResourceIds: [vpc], ResourceType: 'VPC', TrafficType: 'ALL', LogGroupName: 'flow' }),
  ],
  [
    'a tag of AWS',
    'InvalidParameterValue',
    (ec2, { vpc }) => ec2.createTags({ Resources: [vpc], Tags: [{ Key: 'aws:x', Value: '' }] }),
  ],
  [
    'more tags than 50',
    'TagLimitExceeded',
    (ec2, { vpc }) =>
      ec2.createTags({
        Resources: [vpc],
        Tags: Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' })),
      }),
  ],
  [
    'tags for another kind',
    'InvalidParameterValue',
    (ec2) =>
      ec2.createVpc({
        CidrBlock: '10.5.0.0/16',
        TagSpecifications: [{ ResourceType: 'subnet', Tags: [{ Key: 'a', Value: 'b' }] }],
      }),
  ],
  [
    'a filter that is none, even where there is nothing',
    'InvalidParameterValue',
    (ec2) => ec2.describeInstances({ Filters: [{ Name: 'colour', Values: ['red'] }] }),
  ],
];

describe('EC2 refuses', () => {
  it.each(cases)('%s with %s', async (_what, code, call) => {
    expect(await refusal(call(sandbox.ec2, ids))).toMatchObject({ code, status: 400 });
  });

  it('whatever it refuses, nothing has changed', async () => {
    expect((await sandbox.ec2.describeVpcs()).Vpcs).toHaveLength(3);
    expect((await sandbox.ec2.describeInstances()).Reservations).toEqual([]);
    expect((await sandbox.ec2.describeTags()).Tags).toEqual([]);
  });

  it('an id that is there is named in the words of AWS', async () => {
    const { message } = await refusal(sandbox.ec2.deleteVpc({ VpcId: ids.vpc }));
    expect(message).toBe(`The vpc '${ids.vpc}' has dependencies and cannot be deleted.`);
  });
});

describe('DryRun', () => {
  it('tells that it would have worked, and does not do it', async () => {
    const dry = refusal(sandbox.ec2.createVpc({ CidrBlock: '10.6.0.0/16', DryRun: true }));
    expect(await dry).toMatchObject({ code: 'DryRunOperation', status: 412 });
    expect((await sandbox.ec2.describeVpcs()).Vpcs).toHaveLength(3);
  });

  it('tells why it would not', async () => {
    const dry = refusal(sandbox.ec2.deleteVpc({ VpcId: ids.vpc, DryRun: true }));
    expect(await dry).toMatchObject({ code: 'DependencyViolation' });
  });
});
