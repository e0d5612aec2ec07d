/** Adding rules to security groups, taking them away, and changing them (EC2 API Reference, each action). */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { SecurityGroupState } from '../../world.ts';
import { done, missingParameter, notFound } from './common.ts';
import {
  type Direction,
  forgetRule,
  keyOf,
  peerOf,
  recordRule,
  ruleId,
  ruleShape,
  rulesIn,
} from './security-group-rule-ids.ts';
import { countRules, join, type Rule, rulesFrom, rulesMeant } from './security-group-rules.ts';
import { requireGroup } from './security-groups.ts';
import { tagsFor } from './tag-rules.ts';

/** VPC Quotas, "Inbound or outbound rules per security group". */
const MOST_RULES = 60;

/** The old way of naming rules, by single parameters, as well as the list. */
function permissionsOf(input: Ec2.AuthorizeSecurityGroupIngressRequest): readonly Ec2.IpPermission[] {
  const { IpProtocol, FromPort, ToPort, CidrIp, SourceSecurityGroupName, SourceSecurityGroupOwnerId } = input;
  if (input.IpPermissions?.length) return input.IpPermissions;
  if (SourceSecurityGroupName !== undefined) {
    const UserId = SourceSecurityGroupOwnerId;
    const UserIdGroupPairs = [{ GroupName: SourceSecurityGroupName, ...(UserId !== undefined && { UserId }) }];
    return [
      { IpProtocol: 'tcp', FromPort: 0, ToPort: 65_535, UserIdGroupPairs },
      { IpProtocol: 'udp', FromPort: 0, ToPort: 65_535, UserIdGroupPairs },
      { IpProtocol: 'icmp', FromPort: -1, ToPort: -1, UserIdGroupPairs },
    ];
  }
  if (IpProtocol === undefined && CidrIp === undefined) return [];
  return [{ IpProtocol: IpProtocol ?? '-1', FromPort, ToPort, IpRanges: CidrIp === undefined ? [] : [{ CidrIp }] }];
}

interface Change {
  readonly group: SecurityGroupState;
  readonly direction: Direction;
}

function authorize(
  request: Request,
  { group, direction }: Change,
  permissions: readonly Ec2.IpPermission[],
  tags: Ec2.Tag[],
) {
  const existing = rulesIn(group, direction);
  const rules = rulesFrom(request, group, permissions);
  requireRoom(request, [...existing, ...rules]);
  requireNew(rules, existing);
  group[direction] = join([...existing, ...rules]);
  for (const rule of rules) recordRule(group, direction, rule, { id: resourceId(request.random, 'sgr'), tags });
  return {
    ...done,
    SecurityGroupRules: rules.map((rule) => ruleShape(group, direction, rule, request.regionName)),
  };
}

export function requireRoom(request: Request, rules: readonly Rule[]): void {
  const { ipv4, ipv6 } = countRules(request, rules);
  if (ipv4 > MOST_RULES || ipv6 > MOST_RULES)
    throw new AwsError(
      'RulesPerSecurityGroupLimitExceeded',
      'The maximum number of rules per security group has been reached.',
    );
}

function requireNew(rules: readonly Rule[], existing: readonly Rule[]): void {
  const keys = rules.map(keyOf);
  if (new Set(keys).size < keys.length)
    throw new AwsError('InvalidParameterValue', 'The same permission must not appear multiple times');
  const known = new Set(existing.map(keyOf));
  const duplicate = rules.find((rule) => known.has(keyOf(rule)));
  if (duplicate) throw duplicateRule(duplicate);
}

export function duplicateRule(rule: Rule): AwsError {
  const ports =
    rule.FromPort === undefined ? '' : `, from port: ${rule.FromPort}, to port: ${rule.ToPort ?? rule.FromPort}`;
  const protocol = rule.IpProtocol === '-1' ? 'ALL' : rule.IpProtocol?.toUpperCase();
  return new AwsError(
    'InvalidPermission.Duplicate',
    `the specified rule "peer: ${peerOf(rule)}, ${protocol}${ports}, ALLOW" already exists`,
  );
}

interface Revoked {
  Return: boolean;
  UnknownIpPermissions?: Ec2.IpPermission[];
  RevokedSecurityGroupRules?: Ec2.RevokedSecurityGroupRule[];
}

/** Rules named by what they are. In the default VPC those that are not there are told; elsewhere they are an error. */
function revokeNamed(request: Request, change: Change, permissions: readonly Ec2.IpPermission[]): Revoked {
  const { group, direction } = change;
  const named = rulesMeant(request, group, permissions);
  const keys = new Set(named.map(keyOf));
  const gone = rulesIn(group, direction).filter((rule) => keys.has(keyOf(rule)));
  const known = new Set(gone.map(keyOf));
  const unknown = named.filter((rule) => !known.has(keyOf(rule)));
  const isDefault = request.region.ec2.vpcs.some(({ VpcId, IsDefault }) => IsDefault && VpcId === group.VpcId);
  if (unknown.length > 0 && !isDefault)
    throw new AwsError('InvalidPermission.NotFound', 'The specified rule does not exist in this security group.');
  return { ...remove(change, gone), ...(unknown.length > 0 && { UnknownIpPermissions: join(unknown) }) };
}

function revokeById(change: Change, ids: readonly string[]): Revoked {
  const { group, direction } = change;
  const existing = rulesIn(group, direction);
  const gone = ids.map((id) => {
    if (!id.startsWith('sgr-'))
      throw new AwsError('InvalidSecurityGroupRuleId.Malformed', `Invalid id: "${id}" (expecting "sgr-...")`);
    const rule = existing.find((each) => ruleId(group, direction, each) === id);
    if (!rule) throw notFound('sgr', id);
    return rule;
  });
  return remove(change, gone);
}

function remove({ group, direction }: Change, gone: readonly Rule[]): Revoked {
  const shapes = gone.map((rule) => revokedShape(group, direction, rule));
  group[direction] = join(rulesIn(group, direction).filter((rule) => !gone.some((one) => keyOf(one) === keyOf(rule))));
  for (const rule of gone) forgetRule(group, direction, rule);
  return { ...done, RevokedSecurityGroupRules: shapes };
}

function revokedShape(group: SecurityGroupState, direction: Direction, rule: Rule): Ec2.RevokedSecurityGroupRule {
  const { ReferencedGroupInfo, ...shape } = ruleShape(group, direction, rule, '');
  return {
    SecurityGroupRuleId: shape.SecurityGroupRuleId,
    GroupId: shape.GroupId,
    IsEgress: shape.IsEgress,
    IpProtocol: shape.IpProtocol,
    FromPort: shape.FromPort,
    ToPort: shape.ToPort,
    CidrIpv4: shape.CidrIpv4,
    CidrIpv6: shape.CidrIpv6,
    PrefixListId: shape.PrefixListId,
    ReferencedGroupId: ReferencedGroupInfo?.GroupId,
    Description: shape.Description,
  };
}

const INGRESS = 'IpPermissions';
const EGRESS = 'IpPermissionsEgress';

const AuthorizeSecurityGroupIngress: Operation<
  Ec2.AuthorizeSecurityGroupIngressRequest,
  Ec2.AuthorizeSecurityGroupIngressResult
> = (request, input) => {
  const group = requireGroup(request, input.GroupId, input.GroupName);
  const tags = tagsFor(input.TagSpecifications, 'security-group-rule');
  return authorize(request, { group, direction: INGRESS }, permissionsOf(input), tags);
};

const AuthorizeSecurityGroupEgress: Operation<
  Ec2.AuthorizeSecurityGroupEgressRequest,
  Ec2.AuthorizeSecurityGroupEgressResult
> = (request, input) => {
  const group = requireGroup(request, input.GroupId);
  const tags = tagsFor(input.TagSpecifications, 'security-group-rule');
  return authorize(request, { group, direction: EGRESS }, input.IpPermissions ?? [], tags);
};

const RevokeSecurityGroupIngress: Operation<
  Ec2.RevokeSecurityGroupIngressRequest,
  Ec2.RevokeSecurityGroupIngressResult
> = (request, input) => {
  const change = { group: requireGroup(request, input.GroupId, input.GroupName), direction: INGRESS } as const;
  return input.SecurityGroupRuleIds?.length
    ? revokeById(change, input.SecurityGroupRuleIds)
    : revokeNamed(request, change, permissionsOf(input));
};

const RevokeSecurityGroupEgress: Operation<
  Ec2.RevokeSecurityGroupEgressRequest,
  Ec2.RevokeSecurityGroupEgressResult
> = (request, input) => {
  if (input.GroupId === undefined) throw missingParameter('groupId');
  const change = { group: requireGroup(request, input.GroupId), direction: EGRESS } as const;
  return input.SecurityGroupRuleIds?.length
    ? revokeById(change, input.SecurityGroupRuleIds)
    : revokeNamed(request, change, input.IpPermissions ?? []);
};

export const securityGroupRuleChangeOperations: Operations = {
  AuthorizeSecurityGroupIngress,
  AuthorizeSecurityGroupEgress,
  RevokeSecurityGroupIngress,
  RevokeSecurityGroupEgress,
};
