/** Security group rules: AWS groups them by protocol and ports on the wire, and lists them one by one with ids of their own. */
import { createHash } from 'node:crypto';
import type * as Ec2 from '@aws-sdk/client-ec2';
import { AwsError, type Request } from '../../service.ts';
import { requireCidr } from './cidr-blocks.ts';
import { notFound, requirePrefixList } from './common.ts';

/** One rule with one peer: a permission whose four peer lists hold exactly one entry. */
export type Rule = Ec2.IpPermission;

const PROTOCOL_NAMES: Readonly<Record<string, string>> = { '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6' };
const NO_PEERS = { IpRanges: [], Ipv6Ranges: [], PrefixListIds: [], UserIdGroupPairs: [] };

/** The rules that a call names, checked. @throws AwsError as AWS refuses them. */
export function rulesFrom(
  request: Request,
  group: Ec2.SecurityGroup,
  permissions: readonly Ec2.IpPermission[],
): readonly Rule[] {
  if (permissions.length === 0)
    throw new AwsError('MissingParameter', 'The request must contain the parameter ipPermissions');
  return permissions.flatMap((permission) => split(checked(request, group, permission)));
}

function checked(request: Request, group: Ec2.SecurityGroup, permission: Ec2.IpPermission): Ec2.IpPermission {
  const protocol = protocolName(permission.IpProtocol);
  const { FromPort, ToPort } = permission;
  const ranged = protocol === 'tcp' || protocol === 'udp';
  if (
    ranged &&
    (FromPort === undefined || ToPort === undefined || FromPort > ToPort || FromPort < 0 || ToPort > 65_535)
  )
    throw new AwsError(
      'InvalidParameterValue',
      `Invalid value for portRange. Must specify both from and to ports with TCP/UDP.`,
    );
  if (protocol === 'icmp' && FromPort === -1 && ToPort !== undefined && ToPort !== -1)
    throw new AwsError('InvalidParameterValue', 'ICMP code must be -1 where the type is -1.');
  const IpRanges = (permission.IpRanges ?? []).map((range) => ({
    ...range,
    CidrIp: requireCidr('CidrIp', range.CidrIp ?? ''),
  }));
  for (const { PrefixListId } of permission.PrefixListIds ?? []) requirePrefixList(request, PrefixListId);
  const UserIdGroupPairs = (permission.UserIdGroupPairs ?? []).map((pair) => groupPair(request, group, pair));
  const peers = {
    IpRanges,
    Ipv6Ranges: permission.Ipv6Ranges ?? [],
    PrefixListIds: permission.PrefixListIds ?? [],
    UserIdGroupPairs,
  };
  if (Object.values(peers).every((list) => list.length === 0))
    throw new AwsError(
      'InvalidParameterValue',
      'A rule needs a source: a CIDR block, a prefix list or a security group.',
    );
  return {
    IpProtocol: protocol,
    ...(protocol !== '-1' && { FromPort: FromPort ?? -1, ToPort: ToPort ?? -1 }),
    ...peers,
  };
}

function protocolName(protocol: string | undefined): string {
  if (protocol === undefined)
    throw new AwsError('MissingParameter', 'The request must contain the parameter ipProtocol');
  const name = PROTOCOL_NAMES[protocol] ?? protocol.toLowerCase();
  const known = ['-1', 'tcp', 'udp', 'icmp', 'icmpv6'].includes(name) || (/^\d{1,3}$/.test(name) && Number(name) < 256);
  if (!known) throw new AwsError('InvalidPermission.Malformed', `Invalid protocol '${protocol}'`);
  return name;
}

/** A referenced group is in the same VPC, or in one that an active peering connection joins to it. */
function groupPair(
  { region, account }: Request,
  group: Ec2.SecurityGroup,
  pair: Ec2.UserIdGroupPair,
): Ec2.UserIdGroupPair {
  const referenced = region.ec2.securityGroups.find(
    ({ GroupId, GroupName, VpcId }) =>
      GroupId === pair.GroupId || (pair.GroupId === undefined && GroupName === pair.GroupName && VpcId === group.VpcId),
  );
  if (!referenced) throw notFound('sg', pair.GroupId ?? pair.GroupName ?? '');
  const { GroupId, VpcId } = referenced;
  const named = {
    GroupId,
    UserId: pair.UserId ?? account.id,
    ...(pair.Description !== undefined && { Description: pair.Description }),
  };
  if (VpcId === group.VpcId) return named;
  const peering = region.ec2.peeringConnections.find(({ Status, RequesterVpcInfo, AccepterVpcInfo }) => {
    const sides = [RequesterVpcInfo?.VpcId, AccepterVpcInfo?.VpcId];
    return Status?.Code === 'active' && sides.includes(VpcId) && sides.includes(group.VpcId);
  });
  if (!peering)
    throw new AwsError(
      'InvalidGroup.NotFound',
      `You have specified two resources that belong to different networks: ${GroupId} and ${group.GroupId}.`,
    );
  return { ...named, VpcId, VpcPeeringConnectionId: peering.VpcPeeringConnectionId, PeeringStatus: 'active' };
}

/** One permission a peer. */
export function split(permission: Ec2.IpPermission): readonly Rule[] {
  const base = { ...permission, ...NO_PEERS };
  return [
    ...(permission.IpRanges ?? []).map((range) => ({ ...base, IpRanges: [range] })),
    ...(permission.Ipv6Ranges ?? []).map((range) => ({ ...base, Ipv6Ranges: [range] })),
    ...(permission.PrefixListIds ?? []).map((list) => ({ ...base, PrefixListIds: [list] })),
    ...(permission.UserIdGroupPairs ?? []).map((pair) => ({ ...base, UserIdGroupPairs: [pair] })),
  ];
}

/** The rules of one protocol and port range together, as describe calls show them. */
export function join(rules: readonly Rule[]): Ec2.IpPermission[] {
  const groups = Map.groupBy(rules, ({ IpProtocol, FromPort, ToPort }) => `${IpProtocol}/${FromPort}/${ToPort}`);
  return [...groups.values()].map((same) => ({
    ...same[0],
    IpRanges: same.flatMap(({ IpRanges }) => IpRanges ?? []),
    Ipv6Ranges: same.flatMap(({ Ipv6Ranges }) => Ipv6Ranges ?? []),
    PrefixListIds: same.flatMap(({ PrefixListIds }) => PrefixListIds ?? []),
    UserIdGroupPairs: same.flatMap(({ UserIdGroupPairs }) => UserIdGroupPairs ?? []),
  }));
}

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

/** A rule as DescribeSecurityGroupRules tells it. Its id follows from what it is, so that it stays the same. */
export function ruleShape(group: Ec2.SecurityGroup, rule: Rule, isEgress: boolean): Ec2.SecurityGroupRule {
  const digest = createHash('sha256')
    .update(`${group.GroupId}|${isEgress}|${keyOf(rule)}`)
    .digest('hex');
  const { IpRanges, Ipv6Ranges, PrefixListIds, UserIdGroupPairs } = rule;
  const [pair] = UserIdGroupPairs ?? [];
  const description =
    IpRanges?.[0]?.Description ?? Ipv6Ranges?.[0]?.Description ?? PrefixListIds?.[0]?.Description ?? pair?.Description;
  return {
    SecurityGroupRuleId: `sgr-0${digest.slice(0, 16)}`,
    GroupId: group.GroupId,
    GroupOwnerId: group.OwnerId,
    IsEgress: isEgress,
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
    Tags: [],
  };
}
