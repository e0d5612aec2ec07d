/** Security group rules: AWS groups them by protocol and ports on the wire, and lists them one by one with ids of their own. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { AwsError, type Request } from '../../service.ts';
import { requireCidr } from './cidr-blocks.ts';
import { missingParameter, notFound, requirePrefixList } from './common.ts';
import { requireCidr6 } from './ipv6-blocks.ts';

/** One rule with one peer: a permission whose four peer lists hold exactly one entry. */
export type Rule = Ec2.IpPermission;

const PROTOCOL_NAMES: Readonly<Record<string, string>> = { '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6' };
const NO_PEERS = { IpRanges: [], Ipv6Ranges: [], PrefixListIds: [], UserIdGroupPairs: [] };

type PairOf = (pair: Ec2.UserIdGroupPair) => Ec2.UserIdGroupPair;

/** The rules that a call wants, checked. @throws AwsError as AWS refuses them. */
export function rulesFrom(
  request: Request,
  group: Ec2.SecurityGroup,
  permissions: readonly Ec2.IpPermission[],
): readonly Rule[] {
  return rulesWith(request, permissions, (pair) => groupPair(request, group, pair));
}

/** The rules that a call means of those that are there: a group that they name may be gone by now. */
export function rulesMeant(
  request: Request,
  group: Ec2.SecurityGroup,
  permissions: readonly Ec2.IpPermission[],
): readonly Rule[] {
  const named = new Set(
    [...(group.IpPermissions ?? []), ...(group.IpPermissionsEgress ?? [])].flatMap(({ UserIdGroupPairs = [] }) =>
      UserIdGroupPairs.map(({ GroupId }) => GroupId),
    ),
  );
  return rulesWith(request, permissions, (pair) => (named.has(pair.GroupId) ? pair : groupPair(request, group, pair)));
}

function rulesWith(request: Request, permissions: readonly Ec2.IpPermission[], pairOf: PairOf): readonly Rule[] {
  if (permissions.length === 0) throw missingParameter('ipPermissions');
  const rules = permissions.flatMap((permission) => split(checked(request, permission, pairOf)));
  for (const rule of rules) requireDescription(descriptionOf(rule));
  return rules;
}

function requireDescription(text: string | undefined): void {
  if (text !== undefined && !/^[\w .:/()#,@[\]+=&;{}!$*-]{0,255}$/.test(text))
    throw new AwsError(
      'InvalidParameterValue',
      'Invalid rule description. Valid descriptions are strings less than 256 characters from the following set: a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*',
    );
}

function checked(request: Request, permission: Ec2.IpPermission, pairOf: PairOf): Ec2.IpPermission {
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
  const UserIdGroupPairs = (permission.UserIdGroupPairs ?? []).map(pairOf);
  const Ipv6Ranges = (permission.Ipv6Ranges ?? []).map((range) => ({
    ...range,
    CidrIpv6: requireCidr6('CidrIpv6', range.CidrIpv6 ?? ''),
  }));
  const peers = {
    IpRanges,
    Ipv6Ranges,
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
  if (protocol === undefined) throw missingParameter('ipProtocol');
  const name = PROTOCOL_NAMES[protocol] ?? protocol.toLowerCase();
  const known = ['-1', 'tcp', 'udp', 'icmp', 'icmpv6'].includes(name) || (/^\d{1,3}$/.test(name) && Number(name) < 256);
  if (!known) throw new AwsError('InvalidPermission.Malformed', `Invalid protocol '${protocol}'`);
  return name;
}

/** A referenced group is in the same VPC, or in one that an active peering connection joins to it. */
function groupPair(
  { world, region, regionName, account }: Request,
  group: Ec2.SecurityGroup,
  pair: Ec2.UserIdGroupPair,
): Ec2.UserIdGroupPair {
  const own = pair.UserId === undefined || pair.UserId === account.id;
  const theirs = own ? region : world.accounts[pair.UserId ?? '']?.regions[regionName];
  const referenced = theirs?.ec2.securityGroups.find(
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

export function descriptionOf({ IpRanges, Ipv6Ranges, PrefixListIds, UserIdGroupPairs }: Rule): string | undefined {
  return [IpRanges, Ipv6Ranges, PrefixListIds, UserIdGroupPairs].map((peers) => peers?.[0]?.Description).find(Boolean);
}

/** The same rule with another description, or with none. */
export function describedAs(rule: Rule, Description: string | undefined): Rule {
  const changed = <Peer extends { Description?: string | undefined }>(peers: readonly Peer[] | undefined): Peer[] =>
    (peers ?? []).map(({ Description: _before, ...peer }) => ({
      ...(peer as Peer),
      ...(Description !== undefined && Description !== '' && { Description }),
    }));
  return {
    ...rule,
    IpRanges: changed(rule.IpRanges),
    Ipv6Ranges: changed(rule.Ipv6Ranges),
    PrefixListIds: changed(rule.PrefixListIds),
    UserIdGroupPairs: changed(rule.UserIdGroupPairs),
  };
}

/**
 * How many rules these count as, for IPv4 and for IPv6 apart (VPC Quotas, "Inbound or outbound rules per security
 * group"): a rule for a security group counts for both, and one for a prefix list as often as that may have entries.
 */
export function countRules(request: Request, rules: readonly Rule[]): { readonly ipv4: number; readonly ipv6: number } {
  let [ipv4, ipv6] = [0, 0];
  for (const { IpRanges = [], Ipv6Ranges = [], PrefixListIds = [], UserIdGroupPairs = [] } of rules) {
    ipv4 += IpRanges.length + UserIdGroupPairs.length;
    ipv6 += Ipv6Ranges.length + UserIdGroupPairs.length;
    for (const { PrefixListId } of PrefixListIds) {
      const { AddressFamily, MaxEntries = 1 } = requirePrefixList(request, PrefixListId);
      if (AddressFamily === 'IPv6') ipv6 += MaxEntries;
      else ipv4 += MaxEntries;
    }
  }
  return { ipv4, ipv6 };
}
