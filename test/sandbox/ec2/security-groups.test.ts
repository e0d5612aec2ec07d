/** Security groups and their rules (EC2 API Reference, each action; VPC Quotas; VPC Peering Guide, stale rules). */
import type { EC2, IpPermission } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refusal, type Served, serve, there } from '../clients.ts';
import { buildNetwork } from './network.ts';

let sandbox: Served;
let ec2: EC2;
let vpcId: string;
let GroupId: string;
beforeEach(async () => {
  sandbox = await serve();
  ec2 = sandbox.ec2;
  vpcId = (await buildNetwork(ec2)).vpcId;
  GroupId = await create('web');
});
afterEach(() => sandbox.close());

async function create(GroupName: string, VpcId = vpcId) {
  return there((await ec2.createSecurityGroup({ GroupName, Description: 'of a test', VpcId })).GroupId);
}

const tcp = (port: number, CidrIp: string): IpPermission => ({
  IpProtocol: 'tcp',
  FromPort: port,
  ToPort: port,
  IpRanges: [{ CidrIp }],
});

async function rules(id = GroupId) {
  const Filters = [{ Name: 'group-id', Values: [id] }];
  return (await ec2.describeSecurityGroupRules({ Filters })).SecurityGroupRules ?? [];
}

async function added(...IpPermissions: IpPermission[]) {
  const { SecurityGroupRules } = await ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions });
  return there(SecurityGroupRules?.[0]?.SecurityGroupRuleId);
}

describe('A security group rule', () => {
  it('keeps its id and its tags when it is changed and described anew', async () => {
    const { SecurityGroupRules } = await ec2.authorizeSecurityGroupIngress({
      GroupId,
      IpPermissions: [tcp(80, '10.0.0.0/8')],
      TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: [{ Key: 'for', Value: 'web' }] }],
    });
    const SecurityGroupRuleId = there(SecurityGroupRules?.[0]?.SecurityGroupRuleId);
    await ec2.modifySecurityGroupRules({
      GroupId,
      SecurityGroupRules: [
        { SecurityGroupRuleId, SecurityGroupRule: { IpProtocol: 'udp', FromPort: 53, ToPort: 53, CidrIpv6: '::/0' } },
      ],
    });
    const SecurityGroupRuleDescriptions = [{ SecurityGroupRuleId, Description: 'names' }];
    await ec2.updateSecurityGroupRuleDescriptionsIngress({ GroupId, SecurityGroupRuleDescriptions });
    await ec2.createTags({ Resources: [SecurityGroupRuleId], Tags: [{ Key: 'by', Value: 'me' }] });
    const { SecurityGroupRules: told } = await ec2.describeSecurityGroupRules({
      SecurityGroupRuleIds: [SecurityGroupRuleId],
    });
    expect(told).toMatchObject([{ IpProtocol: 'udp', CidrIpv6: '::/0', Description: 'names', Tags: { length: 2 } }]);
    expect((await added(tcp(80, '10.0.0.0/8'))) === SecurityGroupRuleId).toBe(false);
  });

  it('is revoked by its id, and told in the answer', async () => {
    const id = await added(tcp(80, '10.0.0.0/8'));
    await added(tcp(81, '10.0.0.0/8'));
    const { RevokedSecurityGroupRules } = await ec2.revokeSecurityGroupIngress({
      GroupId,
      SecurityGroupRuleIds: [id],
    });
    expect(RevokedSecurityGroupRules).toMatchObject([{ SecurityGroupRuleId: id, FromPort: 80 }]);
    expect((await rules()).filter(({ IsEgress }) => !IsEgress)).toMatchObject([{ FromPort: 81 }]);
  });

  it('that is not there cannot be revoked; in the default VPC that is told, not refused', async () => {
    const IpPermissions = [tcp(80, '10.0.0.0/8')];
    const call = ec2.revokeSecurityGroupIngress({ GroupId, IpPermissions });
    expect(await refusal(call)).toMatchObject({ code: 'InvalidPermission.NotFound' });
    const { Vpcs } = await ec2.describeVpcs({ Filters: [{ Name: 'is-default', Values: ['true'] }] });
    const elsewhere = await create('web', there(Vpcs?.[0]?.VpcId));
    const { Return, UnknownIpPermissions } = await ec2.revokeSecurityGroupIngress({
      GroupId: elsewhere,
      IpPermissions,
    });
    expect({ Return, UnknownIpPermissions }).toMatchObject({ Return: true, UnknownIpPermissions: [{ FromPort: 80 }] });
  });

  it('is one of sixty at most a direction, for IPv4 and IPv6 apart', async () => {
    const ranges = Array.from({ length: 60 }, (_, index) => ({ CidrIp: `10.0.${index}.0/24` }));
    await added({ IpProtocol: '-1', IpRanges: ranges });
    expect(await refusal(added(tcp(80, '10.9.0.0/16')))).toMatchObject({ code: 'RulesPerSecurityGroupLimitExceeded' });
    await added({ IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] });
    expect(await rules()).toHaveLength(62);
  });
});

it.each<readonly [what: string, code: string, permissions: IpPermission[]]>([
  ['the same rule twice', 'InvalidParameterValue', [tcp(80, '10.0.0.0/8'), tcp(80, '10.1.0.0/8')]],
  ['a rule that is there', 'InvalidPermission.Duplicate', [tcp(22, '10.0.0.0/8')]],
  ['no rule', 'MissingParameter', []],
  ['a rule from nowhere', 'InvalidParameterValue', [{ IpProtocol: '-1' }]],
  ['a block that is none', 'InvalidParameterValue', [tcp(80, '10.0.0.0')]],
  [
    'a group that is not there',
    'InvalidGroup.NotFound',
    [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-0' }] }],
  ],
  [
    'a description of other characters',
    'InvalidParameterValue',
    [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0/8', Description: '<b>' }] }],
  ],
])('Adding %s is refused with %s', async (_what, code, IpPermissions) => {
  await added(tcp(22, '10.0.0.0/8'));
  const call = ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions });
  expect(await refusal(call)).toMatchObject({ code, status: 400 });
  expect(await rules()).toHaveLength(2);
});

it('Filters on rules look at each direction by itself, and at tags of rules', async () => {
  const other = await create('other');
  await added(tcp(80, '10.0.0.0/8'), { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: other }] });
  const found = async (Name: string, value: string) =>
    (await ec2.describeSecurityGroups({ Filters: [{ Name, Values: [value] }] })).SecurityGroups?.map(
      (group) => group.GroupName,
    );
  expect(await found('ip-permission.cidr', '10.0.0.0/8')).toEqual(['web']);
  expect(await found('ip-permission.group-id', other)).toEqual(['web']);
  expect(await found('egress.ip-permission.cidr', '10.0.0.0/8')).toEqual([]);
  expect(await found('egress.ip-permission.cidr', '0.0.0.0/0')).toContain('other');
  expect(await refusal(rules('foobar'))).toMatchObject({ code: 'InvalidGroupId.Malformed' });
});

it('A group that another of its VPC names cannot be deleted; one that only a peer names can, and leaves a stale rule', async () => {
  const inner = await create('inner');
  await added({ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: inner }] });
  const call = ec2.deleteSecurityGroup({ GroupId: inner });
  expect(await refusal(call)).toMatchObject({ code: 'DependencyViolation' });

  const peer = await buildNetwork(ec2, '10.2');
  const created = await ec2.createVpcPeeringConnection({ VpcId: vpcId, PeerVpcId: peer.vpcId });
  const VpcPeeringConnectionId = there(created.VpcPeeringConnection?.VpcPeeringConnectionId);
  await ec2.acceptVpcPeeringConnection({ VpcPeeringConnectionId });
  sandbox.pass(10);
  const theirs = await create('theirs', peer.vpcId);
  await added({ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: theirs }] });
  const { SecurityGroupReferenceSet } = await ec2.describeSecurityGroupReferences({ GroupId: [theirs] });
  expect(SecurityGroupReferenceSet).toEqual([{ GroupId: theirs, ReferencingVpcId: vpcId, VpcPeeringConnectionId }]);
  await ec2.deleteSecurityGroup({ GroupId: theirs });
  const { StaleSecurityGroupSet } = await ec2.describeStaleSecurityGroups({ VpcId: vpcId });
  expect(StaleSecurityGroupSet).toMatchObject([
    { GroupName: 'web', StaleIpPermissions: [{ UserIdGroupPairs: [{ GroupId: theirs, VpcPeeringConnectionId }] }] },
  ]);
  await ec2.revokeSecurityGroupIngress({
    GroupId,
    IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: theirs }] }],
  });
  expect((await ec2.describeStaleSecurityGroups({ VpcId: vpcId })).StaleSecurityGroupSet).toEqual([]);
});
