/** Single rules of a security group: what makes two the same, their ids, tags and the shape in which they are told. */
import { createHash } from 'node:crypto';
import type * as Ec2 from '@aws-sdk/client-ec2';
import type { SecurityGroupState } from '../../world.ts';
import { descriptionOf, type Rule, split } from './security-group-rules.ts';

export type Direction = 'IpPermissions' | 'IpPermissionsEgress';

/** What makes two rules the same; a description does not. */
export function keyOf({ IpProtocol, FromPort, ToPort, ...peers }: Rule): string {
  return [IpProtocol, FromPort ?? '', ToPort ?? '', peerOf(peers)].join('|');
}

export function peerOf({ IpRanges, Ipv6Ranges, PrefixListIds, UserIdGroupPairs }: Partial<Rule>): string {
  return (
    IpRanges?.[0]?.CidrIp ??
    Ipv6Ranges?.[0]?.CidrIpv6 ??
    PrefixListIds?.[0]?.PrefixListId ??
    UserIdGroupPairs?.[0]?.GroupId ??
    ''
  );
}

export function rulesIn(group: Ec2.SecurityGroup, direction: Direction): readonly Rule[] {
  return (group[direction] ?? []).flatMap(split);
}

function recordKey(direction: Direction, rule: Rule): string {
  return `${direction}|${keyOf(rule)}`;
}

/** Rules that came with a VPC's default group have an id that follows from what they are; the others one of their own. */
export function ruleId(group: SecurityGroupState, direction: Direction, rule: Rule): string {
  const key = recordKey(direction, rule);
  const record = group.RuleRecords?.[key];
  if (record) return record.id;
  const digest = createHash('sha256').update(`${group.GroupId}|${key}`).digest('hex');
  return `sgr-0${digest.slice(0, 16)}`;
}

export function ruleTags(group: SecurityGroupState, direction: Direction, rule: Rule): Ec2.Tag[] {
  return group.RuleRecords?.[recordKey(direction, rule)]?.tags ?? [];
}

export function recordRule(
  group: SecurityGroupState,
  direction: Direction,
  rule: Rule,
  record: { readonly id: string; readonly tags: Ec2.Tag[] },
): void {
  group.RuleRecords = { ...group.RuleRecords, [recordKey(direction, rule)]: { ...record } };
}

export function forgetRule(group: SecurityGroupState, direction: Direction, rule: Rule): void {
  delete group.RuleRecords?.[recordKey(direction, rule)];
}

/** A rule as DescribeSecurityGroupRules tells it. */
export function ruleShape(
  group: SecurityGroupState,
  direction: Direction,
  rule: Rule,
  regionName: string,
): Ec2.SecurityGroupRule & { Tags: Ec2.Tag[] } {
  const { IpRanges, Ipv6Ranges, PrefixListIds, UserIdGroupPairs } = rule;
  const [pair] = UserIdGroupPairs ?? [];
  const description = descriptionOf(rule);
  const SecurityGroupRuleId = ruleId(group, direction, rule);
  return {
    SecurityGroupRuleId,
    SecurityGroupRuleArn: `arn:aws:ec2:${regionName}:${group.OwnerId}:security-group-rule/${SecurityGroupRuleId}`,
    GroupId: group.GroupId,
    GroupOwnerId: group.OwnerId,
    IsEgress: direction === 'IpPermissionsEgress',
    IpProtocol: rule.IpProtocol,
    FromPort: rule.FromPort ?? -1,
    ToPort: rule.ToPort ?? -1,
    ...(IpRanges?.[0] && { CidrIpv4: IpRanges[0].CidrIp }),
    ...(Ipv6Ranges?.[0] && { CidrIpv6: Ipv6Ranges[0].CidrIpv6 }),
    ...(PrefixListIds?.[0] && { PrefixListId: PrefixListIds[0].PrefixListId }),
    ...(pair && {
      ReferencedGroupInfo: {
        GroupId: pair.GroupId,
        UserId: pair.UserId,
        ...(pair.VpcPeeringConnectionId !== undefined && {
          VpcId: pair.VpcId,
          VpcPeeringConnectionId: pair.VpcPeeringConnectionId,
          PeeringStatus: pair.PeeringStatus,
        }),
      },
    }),
    ...(description !== undefined && { Description: description }),
    Tags: ruleTags(group, direction, rule),
  };
}

export function ruleShapes(group: SecurityGroupState, regionName: string) {
  return (['IpPermissions', 'IpPermissionsEgress'] as const).flatMap((direction) =>
    rulesIn(group, direction).map((rule) => ruleShape(group, direction, rule, regionName)),
  );
}

export interface FoundRule {
  readonly group: SecurityGroupState;
  readonly direction: Direction;
  readonly rule: Rule;
}

/** The rule with this id, in one of these groups. */
export function findRule(groups: readonly SecurityGroupState[], id: string): FoundRule | undefined {
  for (const group of groups)
    for (const direction of ['IpPermissions', 'IpPermissionsEgress'] as const)
      for (const rule of rulesIn(group, direction))
        if (ruleId(group, direction, rule) === id) return { group, direction, rule };
  return undefined;
}
