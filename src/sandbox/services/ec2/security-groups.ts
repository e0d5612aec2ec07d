/** Security groups. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import { done, list, notFound, requireOne, requireVpc } from './common.ts';
import { join, keyOf, peerOf, type Rule, ruleShape, rulesFrom, split } from './security-group-rules.ts';
import { tagsFor } from './tag-rules.ts';
import { permission } from './vpcs.ts';

function requireGroup({ region }: Request, id: string | undefined, name?: string): Ec2.SecurityGroup {
  if (id === undefined && name !== undefined) {
    const defaultVpc = region.ec2.vpcs.find(({ IsDefault }) => IsDefault);
    const named = region.ec2.securityGroups.find(
      ({ GroupName, VpcId }) => GroupName === name && VpcId === defaultVpc?.VpcId,
    );
    if (!named)
      throw new AwsError(
        'InvalidGroup.NotFound',
        `The security group '${name}' does not exist in default VPC '${defaultVpc?.VpcId}'`,
      );
    return named;
  }
  return requireOne(region.ec2.securityGroups, ({ GroupId }) => GroupId, id, 'sg');
}

const CreateSecurityGroup: Operation<Ec2.CreateSecurityGroupRequest, Ec2.CreateSecurityGroupResult> = (
  request,
  input,
) => {
  const { region, account, random } = request;
  const name = input.GroupName ?? '';
  if (name.startsWith('sg-'))
    throw new AwsError(
      'InvalidParameterValue',
      `Value (${name}) for parameter GroupName is invalid. Cannot start with 'sg-'.`,
    );
  if (!/^[\w .:/()#,@[\]+=&;{}!$*-]{1,255}$/.test(name))
    throw new AwsError(
      'InvalidParameterValue',
      `Value (${name}) for parameter GroupName is invalid. Character sets beyond ASCII are not supported.`,
    );
  const vpc =
    input.VpcId === undefined ? region.ec2.vpcs.find(({ IsDefault }) => IsDefault) : requireVpc(request, input.VpcId);
  if (!vpc) throw new AwsError('VPCIdNotSpecified', 'No default VPC for this user');
  if (region.ec2.securityGroups.some(({ GroupName, VpcId }) => GroupName === name && VpcId === vpc.VpcId))
    throw new AwsError('InvalidGroup.Duplicate', `The security group '${name}' already exists for VPC '${vpc.VpcId}'`);
  const group: Ec2.SecurityGroup = {
    GroupId: resourceId(random, 'sg'),
    GroupName: name,
    Description: input.Description,
    VpcId: vpc.VpcId,
    OwnerId: account.id,
    IpPermissions: [],
    IpPermissionsEgress: [permission({ IpRanges: [{ CidrIp: '0.0.0.0/0' }] })],
    Tags: tagsFor(input.TagSpecifications, 'security-group'),
  };
  region.ec2.securityGroups.push(group);
  return { GroupId: group.GroupId, Tags: group.Tags };
};

const DescribeSecurityGroups: Operation<Ec2.DescribeSecurityGroupsRequest, Ec2.DescribeSecurityGroupsResult> = (
  { region },
  input,
) => {
  const inbound = ({ IpPermissions }: Ec2.SecurityGroup) => (IpPermissions ?? []).flatMap(split);
  const { items, ...rest } = list(region.ec2.securityGroups, input, {
    ids: input.GroupIds,
    idOf: ({ GroupId }) => GroupId,
    prefix: 'sg',
    filters: {
      description: ({ Description }) => Description,
      'group-id': ({ GroupId }) => GroupId,
      'group-name': ({ GroupName }) => GroupName,
      'ip-permission.cidr': (group) => inbound(group).map(peerOf),
      'ip-permission.from-port': (group) => inbound(group).map(({ FromPort }) => FromPort),
      'ip-permission.group-id': (group) => inbound(group).map(peerOf),
      'ip-permission.protocol': (group) => inbound(group).map(({ IpProtocol }) => IpProtocol),
      'ip-permission.to-port': (group) => inbound(group).map(({ ToPort }) => ToPort),
      'owner-id': ({ OwnerId }) => OwnerId,
      'vpc-id': ({ VpcId }) => VpcId,
    },
  });
  const names = input.GroupNames ?? [];
  const missing = names.find((name) => !items.some(({ GroupName }) => GroupName === name));
  if (missing !== undefined)
    throw new AwsError('InvalidGroup.NotFound', `The security group '${missing}' does not exist`);
  return {
    SecurityGroups: names.length > 0 ? items.filter(({ GroupName }) => names.includes(GroupName ?? '')) : items,
    ...rest,
  };
};

function rulesOf(group: Ec2.SecurityGroup): readonly Ec2.SecurityGroupRule[] {
  return [
    ...(group.IpPermissions ?? []).flatMap(split).map((rule) => ruleShape(group, rule, false)),
    ...(group.IpPermissionsEgress ?? []).flatMap(split).map((rule) => ruleShape(group, rule, true)),
  ];
}

const DescribeSecurityGroupRules: Operation<
  Ec2.DescribeSecurityGroupRulesRequest,
  Ec2.DescribeSecurityGroupRulesResult
> = ({ region }, input) => {
  const { items, ...rest } = list(region.ec2.securityGroups.flatMap(rulesOf), input, {
    ids: input.SecurityGroupRuleIds,
    idOf: ({ SecurityGroupRuleId }) => SecurityGroupRuleId,
    prefix: 'sgr',
    filters: {
      'group-id': ({ GroupId }) => GroupId,
      'security-group-rule-id': ({ SecurityGroupRuleId }) => SecurityGroupRuleId,
    },
  });
  return { SecurityGroupRules: items, ...rest };
};

type Direction = 'IpPermissions' | 'IpPermissionsEgress';

/** The old way of naming one rule, by single parameters, as well as the list. */
function permissionsOf(input: Ec2.AuthorizeSecurityGroupIngressRequest): readonly Ec2.IpPermission[] {
  const { IpProtocol, FromPort, ToPort, CidrIp, SourceSecurityGroupName } = input;
  if (
    input.IpPermissions?.length ||
    (IpProtocol === undefined && CidrIp === undefined && SourceSecurityGroupName === undefined)
  )
    return input.IpPermissions ?? [];
  return [
    {
      IpProtocol: IpProtocol ?? '-1',
      ...(FromPort !== undefined && { FromPort }),
      ...(ToPort !== undefined && { ToPort }),
      IpRanges: CidrIp === undefined ? [] : [{ CidrIp }],
      UserIdGroupPairs: SourceSecurityGroupName === undefined ? [] : [{ GroupName: SourceSecurityGroupName }],
    },
  ];
}

function authorize(
  request: Request,
  group: Ec2.SecurityGroup,
  permissions: readonly Ec2.IpPermission[],
  direction: Direction,
) {
  const existing = (group[direction] ?? []).flatMap(split);
  const rules = rulesFrom(request, group, permissions);
  const known = new Set(existing.map(keyOf));
  const duplicate = rules.find((rule) => known.has(keyOf(rule)));
  if (duplicate)
    throw new AwsError(
      'InvalidPermission.Duplicate',
      `the specified rule "peer: ${peerOf(duplicate)}, ${duplicate.IpProtocol}, from port: ${duplicate.FromPort ?? -1}, to port: ${duplicate.ToPort ?? -1}, ALLOW" already exists`,
    );
  group[direction] = join([...existing, ...rules]);
  const SecurityGroupRules = rules.map((rule) => ruleShape(group, rule, direction === 'IpPermissionsEgress'));
  return { ...done, SecurityGroupRules };
}

function revoke(group: Ec2.SecurityGroup, named: readonly Rule[] | readonly string[], direction: Direction) {
  const existing = (group[direction] ?? []).flatMap(split);
  const isEgress = direction === 'IpPermissionsEgress';
  const idOf = (rule: Rule) => ruleShape(group, rule, isEgress).SecurityGroupRuleId ?? '';
  const keys = new Set(named.map((each) => (typeof each === 'string' ? each : keyOf(each))));
  const gone = existing.filter((rule) => keys.has(keyOf(rule)) || keys.has(idOf(rule)));
  const unknown = named.find((each) => typeof each === 'string' && !existing.some((rule) => idOf(rule) === each));
  if (typeof unknown === 'string') throw notFound('sgr', unknown);
  if (gone.length === 0)
    throw new AwsError('InvalidPermission.NotFound', 'The specified rule does not exist in this security group.');
  group[direction] = join(existing.filter((rule) => !gone.includes(rule)));
  return done;
}

const AuthorizeSecurityGroupIngress: Operation<
  Ec2.AuthorizeSecurityGroupIngressRequest,
  Ec2.AuthorizeSecurityGroupIngressResult
> = (request, input) =>
  authorize(request, requireGroup(request, input.GroupId, input.GroupName), permissionsOf(input), 'IpPermissions');

const AuthorizeSecurityGroupEgress: Operation<
  Ec2.AuthorizeSecurityGroupEgressRequest,
  Ec2.AuthorizeSecurityGroupEgressResult
> = (request, input) =>
  authorize(request, requireGroup(request, input.GroupId), input.IpPermissions ?? [], 'IpPermissionsEgress');

const RevokeSecurityGroupIngress: Operation<Ec2.RevokeSecurityGroupIngressRequest, object> = (request, input) => {
  const group = requireGroup(request, input.GroupId, input.GroupName);
  return revoke(group, input.SecurityGroupRuleIds ?? rulesFrom(request, group, permissionsOf(input)), 'IpPermissions');
};

const RevokeSecurityGroupEgress: Operation<Ec2.RevokeSecurityGroupEgressRequest, object> = (request, input) => {
  const group = requireGroup(request, input.GroupId);
  return revoke(
    group,
    input.SecurityGroupRuleIds ?? rulesFrom(request, group, input.IpPermissions ?? []),
    'IpPermissionsEgress',
  );
};

const DeleteSecurityGroup: Operation<Ec2.DeleteSecurityGroupRequest, Ec2.DeleteSecurityGroupResult> = (
  request,
  input,
) => {
  const { ec2 } = request.region;
  const group = requireGroup(request, input.GroupId, input.GroupName);
  if (group.GroupName === 'default')
    throw new AwsError(
      'CannotDelete',
      `the specified group: "${group.GroupId}" name: "default" cannot be deleted by a user`,
    );
  const referenced = ec2.securityGroups.some(
    (other) =>
      other !== group &&
      [...(other.IpPermissions ?? []), ...(other.IpPermissionsEgress ?? [])]
        .flatMap(split)
        .some((rule) => peerOf(rule) === group.GroupId),
  );
  if (
    referenced ||
    ec2.networkInterfaces.some(({ Groups }) => Groups?.some(({ GroupId }) => GroupId === group.GroupId))
  )
    throw new AwsError('DependencyViolation', `resource ${group.GroupId} has a dependent object`);
  ec2.securityGroups = ec2.securityGroups.filter((each) => each !== group);
  return { ...done, GroupId: group.GroupId };
};

export const securityGroupOperations: Operations = {
  CreateSecurityGroup,
  DescribeSecurityGroups,
  DescribeSecurityGroupRules,
  AuthorizeSecurityGroupIngress,
  AuthorizeSecurityGroupEgress,
  RevokeSecurityGroupIngress,
  RevokeSecurityGroupEgress,
  DeleteSecurityGroup,
};
