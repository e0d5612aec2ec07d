/** What security groups and network ACLs say to a packet. */
import { contains } from './cidr.ts';
import type { Code } from './codes.ts';
import type {
  NetworkAcl,
  NetworkAclEntry,
  NetworkInterface,
  PeeringSide,
  SecurityGroup,
  SecurityGroupRule,
  Topology,
} from './topology.ts';

export type Direction = 'ingress' | 'egress';

/** A packet's headers where it is judged. For ICMP the ports mean nothing; the type is 8 (echo request) unless told. */
export interface Flow {
  readonly protocol: 'icmp' | 'tcp' | 'udp';
  readonly source: string;
  readonly destination: string;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly icmpType?: number;
}

/** `id` is the group or ACL that decided; `rule` says by which rule, or what was looked for in vain. */
export type FilterDecision =
  | { readonly outcome: 'passed'; readonly id: string; readonly rule: string }
  | { readonly outcome: 'stopped' | 'undecided'; readonly id: string; readonly rule: string; readonly code: Code };

const PROTOCOL_NUMBER = { icmp: '1', tcp: '6', udp: '17' } as const;
const PROTOCOL_NAME: Readonly<Record<string, string>> = { '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6' };

/** `icmp type 8 from 10.1.0.5 to 10.2.0.7`. */
export function flowText(flow: Flow): string {
  const what =
    flow.protocol === 'icmp' ? `icmp type ${icmpType(flow)}` : `${flow.protocol} ${flow.destinationPort ?? 0}`;
  return `${what} from ${flow.source} to ${flow.destination}`;
}

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
  const networkInterface = topology.networkInterfaces.find(({ id }) => id === interfaceId);
  if (!networkInterface)
    return { outcome: 'undecided', id: interfaceId, code: 'UNKNOWN_RESOURCE', rule: `${interfaceId} is not known` };
  const known = networkInterface.groupIds.flatMap((id) => topology.securityGroups.filter((group) => group.id === id));
  const unknown = networkInterface.groupIds.find((id) => !known.some((group) => group.id === id));
  const rules = known.flatMap((group) =>
    group[direction]
      .filter((rule) => securityGroupRuleFits(rule, flow))
      .map((rule) => ({ group, rule, match: matchPeer(topology, networkInterface, direction, rule, flow) })),
  );

  const allowing = rules.find(({ match }) => match === 'yes');
  if (allowing)
    return {
      outcome: 'passed',
      id: allowing.group.id,
      rule: `${groupName(allowing.group)} ${direction}: ${securityGroupRuleText(allowing.rule)}`,
    };
  const open = rules.find(({ match }) => match !== 'no');
  if (open)
    return {
      outcome: 'undecided',
      id: open.group.id,
      code: open.match === 'list' ? 'PREFIX_LIST_NOT_READ' : 'UNKNOWN_PEERED_SGS',
      rule: `${groupName(open.group)} ${direction}: ${securityGroupRuleText(open.rule)}, whose members are not known`,
    };
  if (unknown)
    return {
      outcome: 'undecided',
      id: unknown,
      code: 'UNKNOWN_RESOURCE',
      rule: `the rules of ${unknown} are not known`,
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
  const names = groups.map(groupName).join(', ');
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

/** Is the packet's other end among those that the rule names? `list` and `group`: that cannot be told here. */
function matchPeer(
  topology: Topology,
  own: NetworkInterface,
  direction: Direction,
  { peer }: SecurityGroupRule,
  flow: Flow,
): 'yes' | 'no' | 'list' | 'group' {
  const remote = direction === 'ingress' ? flow.source : flow.destination;
  switch (peer.kind) {
    case 'cidr':
      return contains(peer.cidr, remote) ? 'yes' : 'no';
    case 'cidr6':
      return 'no';
    case 'prefix-list':
      return 'list';
    case 'group': {
      // By private address only: never by a public or Elastic one (VPC User Guide, Security group rules).
      const member = topology.networkInterfaces.find(
        ({ vpcId, addresses }) =>
          addresses.some(({ address }) => address === remote) && reaches(topology, own.vpcId, vpcId),
      );
      if (member) return member.groupIds.includes(peer.groupId) ? 'yes' : 'no';
      return behindUnknownPeer(topology, own.vpcId, remote) ? 'group' : 'no';
    }
  }
}

/** A group may be referenced inside its VPC and over an active peering of the same Region (VPC Peering Guide). */
function reaches(topology: Topology, own: string, other: string): boolean {
  return own === other || peersOf(topology, own).some(({ vpcId }) => vpcId === other);
}

/** Does the address lie in a peer VPC whose interfaces are not in this topology (another account's)? */
function behindUnknownPeer(topology: Topology, own: string, address: string): boolean {
  return peersOf(topology, own).some(
    ({ vpcId, cidrs }) =>
      !topology.vpcs.some(({ id }) => id === vpcId) && (cidrs?.some((cidr) => contains(cidr, address)) ?? true),
  );
}

function peersOf(topology: Topology, vpcId: string) {
  return topology.peeringConnections
    .filter(({ status, requester, accepter }) => status === 'active' && sameRegion(requester, accepter))
    .flatMap(({ requester, accepter }) =>
      requester.vpcId === vpcId ? [accepter] : accepter.vpcId === vpcId ? [requester] : [],
    );
}

function sameRegion(a: PeeringSide, b: PeeringSide): boolean {
  return a.region === undefined || b.region === undefined || a.region === b.region;
}

/** The ACL associated with the subnet, else its VPC's default one (VPC User Guide, Network ACLs). */
export function networkAclOf(topology: Topology, subnetId: string): NetworkAcl | undefined {
  const associated = topology.networkAcls.find(({ subnetIds }) => subnetIds.includes(subnetId));
  if (associated) return associated;
  const subnet = topology.subnets.find(({ id }) => id === subnetId);
  return subnet && topology.networkAcls.find(({ isDefault, vpcId }) => isDefault && vpcId === subnet.vpcId);
}

/**
 * What the ACL says to a packet that enters (ingress) or leaves (egress) its subnet. Stateless: the lowest numbered
 * rule that fits decides, and where none fits the packet is denied (VPC User Guide, Network ACLs).
 */
export function networkAclDecision(acl: NetworkAcl, direction: Direction, flow: Flow): FilterDecision {
  const remote = direction === 'ingress' ? flow.source : flow.destination;
  const entry = acl.entries
    .filter(
      (each) => each.egress === (direction === 'egress') && contains(each.cidr, remote) && aclEntryFits(each, flow),
    )
    .reduce<NetworkAclEntry | undefined>(
      (first, each) => (first && first.ruleNumber <= each.ruleNumber ? first : each),
      undefined,
    );
  const rule = `${acl.id} ${direction} ${entry ? aclEntryText(entry) : 'rule *: deny all'}`;
  if (entry?.action === 'allow') return { outcome: 'passed', id: acl.id, rule };
  return {
    outcome: 'stopped',
    id: acl.id,
    code: 'SUBNET_ACL_RESTRICTION',
    rule: `${rule} (the packet is ${flowText(flow)})`,
  };
}

function aclEntryFits(entry: NetworkAclEntry, flow: Flow): boolean {
  if (entry.protocol === '-1') return true;
  if (entry.protocol !== PROTOCOL_NUMBER[flow.protocol]) return false;
  if (flow.protocol === 'icmp') {
    const { type = -1, code = -1 } = entry.icmp ?? {};
    return (type === -1 || type === icmpType(flow)) && (code === -1 || code === 0);
  }
  return !entry.ports || within(flow.destinationPort ?? 0, entry.ports.from, entry.ports.to);
}

function icmpType(flow: Flow): number {
  return flow.icmpType ?? 8;
}

function within(port: number, from: number, to: number): boolean {
  return from <= port && port <= to;
}

function groupName(group: SecurityGroup): string {
  return `${group.id} (${group.name})`;
}

function aclEntryText(entry: NetworkAclEntry): string {
  const detail = entry.icmp
    ? icmpText(entry.icmp.type, entry.icmp.code)
    : entry.ports
      ? portText(entry.ports.from, entry.ports.to)
      : '';
  return `rule ${entry.ruleNumber}: ${entry.action} ${protocolText(entry.protocol)}${detail} ${entry.egress ? 'to' : 'from'} ${entry.cidr}`;
}

/** `icmp type 8 0.0.0.0/0`, `tcp 22 sg-1`, `all 10.0.0.0/8`. */
function securityGroupRuleText({ protocol, fromPort = -1, toPort = -1, peer }: SecurityGroupRule): string {
  const name = protocolText(protocol);
  const detail =
    protocol === '-1' ? '' : name.startsWith('icmp') ? icmpText(fromPort, toPort) : portText(fromPort, toPort);
  const who = peer.kind === 'group' ? peer.groupId : peer.kind === 'prefix-list' ? peer.id : peer.cidr;
  return `${name}${detail} ${who}`;
}

function protocolText(protocol: string): string {
  return protocol === '-1' ? 'all' : (PROTOCOL_NAME[protocol] ?? protocol);
}

function icmpText(type: number, code: number): string {
  if (type === -1) return '';
  return code === -1 ? ` type ${type}` : ` type ${type} code ${code}`;
}

function portText(from: number, to: number): string {
  if (from === -1) return '';
  return from === to ? ` ${from}` : ` ${from}-${to}`;
}
