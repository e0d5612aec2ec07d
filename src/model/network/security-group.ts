/** What security groups say to a packet. */
import { contains } from './cidr.ts';
import {
  type Direction,
  type FilterDecision,
  type Flow,
  flowText,
  icmpType,
  PROTOCOL_NUMBER,
  within,
} from './filter.ts';
import { type Lookup, lookupOf } from './lookup.ts';
import { securityGroupRuleText } from './rule-text.ts';
import type { NetworkInterface, PeeringSide, SecurityGroup, SecurityGroupRule, Topology } from './topology.ts';

/**
 * Do the security groups of this network interface allow the packet as a new connection?
 * The union of the allow rules of all its groups, nothing else allowed (VPC User Guide, Security group rules).
 */
export function securityGroupDecision(
  topology: Topology,
  interfaceId: string,
  direction: Direction,
  flow: Flow,
): FilterDecision {
  const lookup = lookupOf(topology);
  const networkInterface = lookup.networkInterface(interfaceId);
  if (!networkInterface)
    return { outcome: 'undecided', id: interfaceId, code: 'UNKNOWN_RESOURCE', rule: `${interfaceId} is not known` };
  const known = networkInterface.groupIds.flatMap((id) => lookup.securityGroup(id) ?? []);
  const unknown = networkInterface.groupIds.find((id) => !lookup.securityGroup(id));
  const rules = known.flatMap((group) =>
    group[direction]
      .filter((rule) => securityGroupRuleFits(rule, flow))
      .map((rule) => ({ group, rule, match: matchPeer(lookup, networkInterface, direction, rule, flow) })),
  );
  const text = ({ group, rule }: (typeof rules)[number]) =>
    `${groupName(group)} ${direction}: ${securityGroupRuleText(rule)}`;

  const allowing = rules.find(({ match }) => match === 'yes');
  if (allowing) return { outcome: 'passed', id: allowing.group.id, rule: text(allowing) };
  const open = rules.find(({ match }) => match === 'list' || match === 'group');
  if (open)
    return {
      outcome: 'undecided',
      id: open.group.id,
      code: open.match === 'list' ? 'PREFIX_LIST_NOT_READ' : 'UNKNOWN_PEERED_SGS',
      rule: `${text(open)}, whose members are not known`,
    };
  if (unknown)
    return {
      outcome: 'undecided',
      id: unknown,
      code: 'UNKNOWN_RESOURCE',
      rule: `the rules of ${unknown} are not known`,
    };
  const forwarded = rules.find(({ match }) => match === 'forwarded');
  if (forwarded)
    return {
      outcome: 'stopped',
      id: forwarded.group.id,
      code: 'SG_REFERENCES_NOT_PRESERVED',
      rule: `${text(forwarded)}, but the packet was forwarded by another instance`,
    };
  return refusal(networkInterface, known, direction, flow);
}

function refusal(
  networkInterface: NetworkInterface,
  groups: readonly SecurityGroup[],
  direction: Direction,
  flow: Flow,
): FilterDecision {
  const id = groups[0]?.id ?? networkInterface.id;
  const names = groups.map(groupName).join(', ') || `${networkInterface.id}, without a security group,`;
  const rules = groups.flatMap((group) => group[direction]);
  if (rules.length === 0)
    return { outcome: 'stopped', id, code: 'SG_HAS_NO_RULES', rule: `${names} has no ${direction} rules` };
  return {
    outcome: 'stopped',
    id,
    code: 'ENI_SG_RULES_MISMATCH',
    rule: `no ${direction} rule of ${names} allows ${flowText(flow)}; it allows ${rules.map(securityGroupRuleText).join('; ')}`,
  };
}

/**
 * Protocol, ports, ICMP type and code. For ICMP `fromPort` is the type and `toPort` the code, -1 means all
 * (EC2 API, IpPermission). Echo request and reply both have code 0.
 */
function securityGroupRuleFits(rule: SecurityGroupRule, flow: Flow): boolean {
  if (rule.protocol === '-1') return true;
  if (rule.protocol !== flow.protocol && rule.protocol !== PROTOCOL_NUMBER[flow.protocol]) return false;
  const { fromPort = -1, toPort = -1 } = rule;
  if (flow.protocol === 'icmp')
    return fromPort === -1 || (fromPort === icmpType(flow) && (toPort === -1 || toPort === 0));
  return fromPort === -1 || within(flow.destinationPort ?? 0, fromPort, toPort);
}

type PeerMatch = 'yes' | 'no' | 'list' | 'group' | 'forwarded';

/**
 * Is the packet's other end among those that the rule names? `list` and `group`: that cannot be told here.
 * `forwarded`: it is, but its group is not preserved behind an instance that forwards.
 */
function matchPeer(
  lookup: Lookup,
  own: NetworkInterface,
  direction: Direction,
  { peer }: SecurityGroupRule,
  flow: Flow,
): PeerMatch {
  const remote = direction === 'ingress' ? flow.source : flow.destination;
  switch (peer.kind) {
    case 'cidr':
      return contains(peer.cidr, remote) ? 'yes' : 'no';
    case 'cidr6':
      return 'no';
    case 'prefix-list': {
      const list = lookup.prefixList(peer.id);
      if (!list) return 'list';
      return list.cidrs.some((cidr) => contains(cidr, remote)) ? 'yes' : 'no';
    }
    case 'group':
      return matchGroup(lookup, own, peer.groupId, remote, flow.forwarded ?? false);
  }
}

/**
 * By private address only: never by a public or Elastic one (VPC User Guide, Security group rules). A group may be
 * referenced inside its VPC and over an active peering of the same Region (VPC Peering Guide, security groups).
 */
function matchGroup(
  lookup: Lookup,
  own: NetworkInterface,
  groupId: string,
  remote: string,
  forwarded: boolean,
): PeerMatch {
  const peers = lookup.peersOf(own.vpcId).filter((peer) => isSameRegion(peer, lookup, own.vpcId));
  const vpcIds = [own.vpcId, ...peers.map(({ vpcId }) => vpcId)];
  const [member] = vpcIds.flatMap((vpcId) => lookup.interfaceIn(vpcId, remote) ?? []);
  if (member) return member.groupIds.includes(groupId) ? (forwarded ? 'forwarded' : 'yes') : 'no';
  // Another account's VPC, whose interfaces are not in this topology.
  const behind = peers.some(
    ({ vpcId, cidrs }) => !lookup.vpc(vpcId) && (cidrs?.some((cidr) => contains(cidr, remote)) ?? true),
  );
  return behind ? 'group' : 'no';
}

function isSameRegion(peer: PeeringSide, lookup: Lookup, ownVpcId: string): boolean {
  const own = lookup.peersOf(peer.vpcId).find(({ vpcId }) => vpcId === ownVpcId);
  return own?.region === undefined || peer.region === undefined || own.region === peer.region;
}

function groupName(group: SecurityGroup): string {
  return `${group.id} (${group.name})`;
}
