/** A network interface as a gate: what its security groups and its subnet's network ACL say, and what a flow log sees. */
import type { Direction, FilterDecision, Flow } from './filter.ts';
import { type End, type Leg, primaryAddress } from './leg.ts';
import { networkAclDecision } from './network-acl.ts';
import type { Crossing, Hop } from './packet.ts';
import { securityGroupDecision } from './security-group.ts';
import type { NetworkInterface } from './topology.ts';

interface Passage {
  readonly direction: Direction;
  /** False inside one subnet: no ACL concerns such packets (VPC User Guide, Network ACLs). */
  readonly crossesSubnet: boolean;
  readonly block?: FilterDecision | undefined;
  readonly path?: Crossing['path'];
}

/**
 * Security groups and network ACL of one interface: on the way out in this order, on the way in the other way round.
 * All are asked even where the first refuses: whoever mends the one should hear of the other. Records the crossing and
 * returns undefined where the packet passes.
 */
export function passGate(leg: Leg, at: NetworkInterface, flow: Flow, passage: Passage): End | undefined {
  const { direction, crossesSubnet, block } = passage;
  // Gateways' own interfaces have no groups (VPC User Guide, NAT gateways); an instance's without one lets nothing pass.
  const hasGroups = at.groupIds.length > 0 || at.instanceId !== undefined;
  const groups = hasGroups ? [hop('security-group', askSecurityGroups(leg, at, direction, flow))] : [];
  const acl = crossesSubnet ? [hop('network-acl', askNetworkAcl(leg, at, direction, flow))] : [];
  const blocks = block ? [hop('internet-gateway', block)] : [];
  const filters = direction === 'egress' ? [...groups, ...acl, ...blocks] : [...blocks, ...acl, ...groups];
  for (const filter of filters) leg.hops.push({ leg: leg.name, ...filter });
  const outcomes = filters.map(({ outcome }) => outcome);
  const stopped = outcomes.includes('stopped');
  if (!stopped && outcomes.includes('undecided')) return { at: 'undecided' };
  leg.crossings.push(crossing(leg, at, flow, passage, stopped));
  return stopped ? { at: 'stopped' } : undefined;
}

function hop(component: Hop['component'], decision: FilterDecision): Omit<Hop, 'leg'> {
  return { component, ...decision };
}

function askSecurityGroups(leg: Leg, at: NetworkInterface, direction: Direction, flow: Flow): FilterDecision {
  const isAnswer = leg.name === 'answer' && isTracked(leg, at, flow);
  if (!isAnswer && !isEstablished(leg, at, direction, flow))
    return securityGroupDecision(leg.topology, at.id, direction, flow);
  const rule = isAnswer
    ? `${direction}: the answer to an allowed request is allowed (connection tracking)`
    : `${direction}: the connection was allowed before and is tracked`;
  return { outcome: 'passed', id: at.groupIds[0] ?? at.id, rule };
}

/**
 * Has the request that this packet answers passed this interface? (EC2 User Guide, Security group
 * connection tracking.) Where the answer comes another way than the request went, the groups judge it as any packet.
 */
function isTracked(leg: Leg, at: NetworkInterface, flow: Flow): boolean {
  const { sourcePort = 0, destinationPort = 0 } = flow;
  return leg.crossings.some(
    (each) =>
      each.leg === 'request' &&
      each.action === 'ACCEPT' &&
      each.interfaceId === at.id &&
      each.packetSource === flow.destination &&
      each.packetDestination === flow.source &&
      each.sourcePort === destinationPort &&
      each.destinationPort === sourcePort,
  );
}

/**
 * Was a packet of this connection let through here before? A rule that is changed does not cut a tracked connection at
 * once (EC2 User Guide, Security group connection tracking).
 */
function isEstablished({ established }: Leg, at: NetworkInterface, direction: Direction, flow: Flow): boolean {
  const { sourcePort = 0, destinationPort = 0 } = flow;
  return established.some(
    (each) =>
      each.action === 'ACCEPT' &&
      each.interfaceId === at.id &&
      each.direction === direction &&
      each.packetSource === flow.source &&
      each.packetDestination === flow.destination &&
      each.sourcePort === sourcePort &&
      each.destinationPort === destinationPort,
  );
}

function askNetworkAcl(leg: Leg, at: NetworkInterface, direction: Direction, flow: Flow): FilterDecision {
  const subnet = leg.lookup.subnet(at.subnetId);
  const acl = subnet && leg.lookup.networkAclOf(subnet);
  if (acl) return networkAclDecision(acl, direction, flow);
  const rule = `the network ACL of ${at.subnetId} is not known`;
  return { outcome: 'undecided', id: at.subnetId, code: 'UNKNOWN_RESOURCE', rule };
}

/** The interface's own side is its primary private address (VPC User Guide, Flow log records: srcaddr, dstaddr). */
function crossing(leg: Leg, at: NetworkInterface, flow: Flow, passage: Passage, stopped: boolean): Crossing {
  const { direction, path } = passage;
  const { source, destination, sourcePort = 0, destinationPort = 0 } = flow;
  const own = primaryAddress(at);
  const sides =
    direction === 'egress' ? { source: own ?? source, destination } : { source, destination: own ?? destination };
  return {
    leg: leg.name,
    interfaceId: at.id,
    direction,
    ...sides,
    sourcePort,
    destinationPort,
    packetSource: source,
    packetDestination: destination,
    action: stopped ? 'REJECT' : 'ACCEPT',
    ...(!stopped && path && { path }),
  };
}
