/** Security groups. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { Ec2State, SecurityGroupState } from '../../world.ts';
import { done, type FilterValues, invalidValue, list, missingParameter, requireOne, requireVpc } from './common.ts';
import { blocks6Of } from './ipv6-blocks.ts';
import { type Direction, recordRule, rulesIn } from './security-group-rule-ids.ts';
import type { Rule } from './security-group-rules.ts';
import { tagsFor } from './tag-rules.ts';
import { permission } from './vpcs.ts';

/** EC2 API Reference, CreateSecurityGroup: names and descriptions of groups in a VPC. */
const TEXT = /^[\w .:/()#,@[\]+=&;{}!$*-]{1,255}$/;

/** By its id, or by its name in the default VPC: names of groups elsewhere say nothing to AWS. */
export function requireGroup({ region }: Request, id: string | undefined, name?: string): SecurityGroupState {
  if (id !== undefined || name === undefined)
    return requireOne(region.ec2.securityGroups, ({ GroupId }) => GroupId, id, 'sg');
  return requireNamed(region.ec2, name);
}

function requireNamed(ec2: Ec2State, name: string): SecurityGroupState {
  const VpcId = ec2.vpcs.find(({ IsDefault }) => IsDefault)?.VpcId;
  const named = ec2.securityGroups.find((group) => group.GroupName === name && group.VpcId === VpcId);
  if (!named)
    throw new AwsError(
      'InvalidGroup.NotFound',
      `The security group '${name}' does not exist in default VPC '${VpcId ?? 'none'}'`,
    );
  return named;
}

function arnOf({ GroupId, OwnerId }: Ec2.SecurityGroup, regionName: string): string {
  return `arn:aws:ec2:${regionName}:${OwnerId}:security-group/${GroupId}`;
}

/** What DescribeSecurityGroups tells of a group. */
function shown(group: SecurityGroupState, regionName: string): Ec2.SecurityGroup {
  const { RuleRecords: _ours, ...rest } = group;
  return { ...rest, SecurityGroupArn: arnOf(group, regionName) };
}

const CreateSecurityGroup: Operation<Ec2.CreateSecurityGroupRequest, Ec2.CreateSecurityGroupResult> = (
  request,
  input,
) => {
  const { region, regionName, account, random } = request;
  const name = input.GroupName ?? '';
  const vpc =
    input.VpcId === undefined ? region.ec2.vpcs.find(({ IsDefault }) => IsDefault) : requireVpc(request, input.VpcId);
  if (!vpc) throw new AwsError('VPCIdNotSpecified', 'No default VPC for this user');
  requireTexts(name, input.Description ?? '');
  if (region.ec2.securityGroups.some(({ GroupName, VpcId }) => GroupName === name && VpcId === vpc.VpcId))
    throw new AwsError('InvalidGroup.Duplicate', `The security group '${name}' already exists for VPC '${vpc.VpcId}'`);
  const group: SecurityGroupState = {
    GroupId: resourceId(random, 'sg'),
    GroupName: name,
    Description: input.Description,
    VpcId: vpc.VpcId,
    OwnerId: account.id,
    IpPermissions: [],
    IpPermissionsEgress: [
      permission({
        IpRanges: [{ CidrIp: '0.0.0.0/0' }],
        ...(blocks6Of(vpc).length > 0 && { Ipv6Ranges: [{ CidrIpv6: '::/0' }] }),
      }),
    ],
    Tags: tagsFor(input.TagSpecifications, 'security-group'),
  };
  for (const rule of rulesIn(group, 'IpPermissionsEgress'))
    recordRule(group, 'IpPermissionsEgress', rule, { id: resourceId(random, 'sgr'), tags: [] });
  region.ec2.securityGroups.push(group);
  return { GroupId: group.GroupId, Tags: group.Tags, SecurityGroupArn: arnOf(group, regionName) };
};

function requireTexts(name: string, description: string): void {
  if (name === '') throw missingParameter('groupName');
  if (description === '') throw missingParameter('GroupDescription');
  if (name.startsWith('sg-')) throw invalidValue('groupName', name, "Group names may not be in the format 'sg-*'.");
  for (const [parameter, text] of [
    ['groupName', name],
    ['GroupDescription', description],
  ] as const)
    if (!TEXT.test(text)) throw invalidValue(parameter, text, 'Character sets beyond ASCII are not supported.');
}

type GroupFilters = FilterValues<SecurityGroupState>;

function ruleFilters(prefix: string, direction: Direction): GroupFilters {
  const each = (value: (rule: Rule) => string | number | undefined) => (group: SecurityGroupState) =>
    rulesIn(group, direction).map(value);
  return {
    [`${prefix}.cidr`]: each(({ IpRanges }) => IpRanges?.[0]?.CidrIp),
    [`${prefix}.from-port`]: each(({ FromPort }) => FromPort),
    [`${prefix}.group-id`]: each(({ UserIdGroupPairs }) => UserIdGroupPairs?.[0]?.GroupId),
    [`${prefix}.group-name`]: each(({ UserIdGroupPairs }) => UserIdGroupPairs?.[0]?.GroupName),
    [`${prefix}.ipv6-cidr`]: each(({ Ipv6Ranges }) => Ipv6Ranges?.[0]?.CidrIpv6),
    [`${prefix}.prefix-list-id`]: each(({ PrefixListIds }) => PrefixListIds?.[0]?.PrefixListId),
    [`${prefix}.protocol`]: each(({ IpProtocol }) => IpProtocol),
    [`${prefix}.to-port`]: each(({ ToPort }) => ToPort),
    [`${prefix}.user-id`]: each(({ UserIdGroupPairs }) => UserIdGroupPairs?.[0]?.UserId),
  };
}

const groupFilters: GroupFilters = {
  description: ({ Description }) => Description,
  'group-id': ({ GroupId }) => GroupId,
  'group-name': ({ GroupName }) => GroupName,
  'owner-id': ({ OwnerId }) => OwnerId,
  'vpc-id': ({ VpcId }) => VpcId,
  ...ruleFilters('ip-permission', 'IpPermissions'),
  ...ruleFilters('egress.ip-permission', 'IpPermissionsEgress'),
};

const DescribeSecurityGroups: Operation<Ec2.DescribeSecurityGroupsRequest, Ec2.DescribeSecurityGroupsResult> = (
  { region, regionName },
  input,
) => {
  const { securityGroups } = region.ec2;
  const named = (input.GroupNames ?? []).map((name) => requireNamed(region.ec2, name));
  const ids = input.GroupIds ?? [];
  for (const id of ids) requireOne(securityGroups, ({ GroupId }) => GroupId, id, 'sg');
  const chosen =
    named.length + ids.length === 0
      ? securityGroups
      : securityGroups.filter((group) => named.includes(group) || ids.includes(group.GroupId ?? ''));
  const { items, ...rest } = list(chosen, input, {
    idOf: ({ GroupId }) => GroupId,
    prefix: 'sg',
    filters: groupFilters,
  });
  return { SecurityGroups: items.map((group) => shown(group, regionName)), ...rest };
};

const DeleteSecurityGroup: Operation<Ec2.DeleteSecurityGroupRequest, Ec2.DeleteSecurityGroupResult> = (
  request,
  input,
) => {
  const { ec2 } = request.region;
  if (input.GroupId === undefined && input.GroupName === undefined) throw missingParameter('groupId');
  const group = requireGroup(request, input.GroupId, input.GroupName);
  if (group.GroupName === 'default')
    throw new AwsError(
      'CannotDelete',
      `the specified group: "${group.GroupId}" name: "default" cannot be deleted by a user`,
    );
  if (isNamedInItsVpc(ec2, group) || isInUse(ec2, group))
    throw new AwsError('DependencyViolation', `resource ${group.GroupId} has a dependent object`);
  ec2.securityGroups = ec2.securityGroups.filter((each) => each !== group);
  return { ...done, GroupId: group.GroupId };
};

/** A rule in a peer VPC does not hold it: that becomes stale (VPC Peering Guide, "Work with stale security group rules"). */
function isNamedInItsVpc(ec2: Ec2State, group: SecurityGroupState): boolean {
  return ec2.securityGroups.some(
    (other) =>
      other !== group &&
      other.VpcId === group.VpcId &&
      [...(other.IpPermissions ?? []), ...(other.IpPermissionsEgress ?? [])].some(({ UserIdGroupPairs = [] }) =>
        UserIdGroupPairs.some(({ GroupId }) => GroupId === group.GroupId),
      ),
  );
}

function isInUse(ec2: Ec2State, { GroupId: id }: SecurityGroupState): boolean {
  return ec2.networkInterfaces.some(({ Groups }) => Groups?.some(({ GroupId }) => GroupId === id));
}

export const securityGroupOperations: Operations = {
  CreateSecurityGroup,
  DescribeSecurityGroups,
  DeleteSecurityGroup,
};
