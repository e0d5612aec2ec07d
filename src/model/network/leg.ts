/** One packet's way from a network interface or the internet to another, in the order in which AWS judges it. */
import { contains, isPrivate, isShared, isUnroutable } from './cidr.ts';
import type { Code } from './codes.ts';
import {
  type Direction,
  type FilterDecision,
  type Flow,
  flowText,
  networkAclDecision,
  networkAclOf,
  securityGroupDecision,
} from './filter.ts';
import type { Crossing, Hop, Packet } from './packet.ts';
import { chooseRoute, routeTableOf, routeText } from './route.ts';
import type { NetworkInterface, Route, RouteTable, Topology } from './topology.ts';

/** What has happened so far. The walk hands the same `hops` and `crossings` to both legs. */
export interface Leg {
  readonly topology: Topology;
  readonly name: Hop['leg'];
  readonly hops: Hop[];
  readonly crossings: Crossing[];
  /** On the answer, who asked: none other takes it. */
  readonly askedBy?: Packet['from'];
}

export type End =
  | { readonly kind: 'interface'; readonly interface: NetworkInterface; readonly flow: Flow }
  | { readonly kind: 'internet'; readonly flow: Flow }
  /** The sender addressed itself: its host answers, and no packet reaches the network. */
  | { readonly kind: 'host'; readonly interface: NetworkInterface }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'undecided' };

type Component = Hop['component'];

/** Sends a packet out of a network interface. `flow.source` is one of its private addresses. */
export function sendFromInterface(leg: Leg, sender: NetworkInterface, flow: Flow): End {
  const { topology } = leg;
  const subnet = topology.subnets.find(({ id }) => id === sender.subnetId);
  if (!subnet) return doubt(leg, 'network-interface', sender.id, 'UNKNOWN_RESOURCE', `${sender.subnetId} is not known`);
  // Traffic inside a subnet meets neither route table nor network ACL (VPC User Guide, Network ACLs).
  const onLink = contains(subnet.cidr, flow.destination);
  const refused = passFilters(leg, sender, 'egress', flow, onLink);
  if (refused) return refused;
  if (onLink) return deliverInVpc(leg, sender.vpcId, flow, onLink);

  const table = routeTableOf(topology, subnet.id);
  if (!table)
    return doubt(leg, 'route-table', subnet.id, 'UNKNOWN_RESOURCE', `the route table of ${subnet.id} is not known`);
  const choice = chooseRoute(table, flow.destination);
  if (choice.kind === 'undecided') return doubt(leg, 'route-table', table.id, 'PREFIX_LIST_NOT_READ', choice.reason);
  if (choice.kind === 'none') {
    const rule = `no route to ${flow.destination}; it has ${table.routes.map(routeText).join(', ')}`;
    return stop(leg, 'route-table', table.id, 'NO_ROUTE_TO_DESTINATION', rule);
  }
  return followRoute(leg, sender, table, choice.route, flow);
}

/** A packet on the internet, addressed to a public address. */
export function sendFromInternet(leg: Leg, flow: Flow): End {
  const { topology } = leg;
  const receiver = topology.networkInterfaces.find(({ addresses }) =>
    addresses.some(({ publicIp }) => publicIp === flow.destination),
  );
  const address = receiver?.addresses.find(({ publicIp }) => publicIp === flow.destination)?.address;
  if (!receiver || address === undefined) return { kind: 'internet', flow };
  const gateway = topology.internetGateways.find(({ vpcIds }) => vpcIds.includes(receiver.vpcId));
  if (!gateway) {
    const rule = `${receiver.vpcId}, which holds ${flow.destination}, has no internet gateway`;
    return stop(leg, 'internet', flow.destination, 'BAD_STATE_ATTACHMENT', rule);
  }
  const refusal = isPrivate(flow.source)
    ? 'IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS'
    : isShared(flow.source)
      ? 'IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS'
      : undefined;
  if (refusal) return stop(leg, 'internet-gateway', gateway.id, refusal, `the packet's source is ${flow.source}`);
  pass(leg, 'internet-gateway', gateway.id, `${flow.destination} becomes ${address}`);
  return arrive(leg, receiver, { ...flow, destination: address }, false);
}

function followRoute(leg: Leg, sender: NetworkInterface, table: RouteTable, route: Route, flow: Flow): End {
  const { target } = route;
  const rule = routeText(route);
  if (route.state === 'blackhole') {
    const peering = leg.topology.peeringConnections.find(({ id }) => target.kind === 'peering' && id === target.id);
    const cause = peering && peering.status !== 'active' ? `; ${peering.id} is ${peering.status}` : '';
    return stop(leg, 'route-table', table.id, 'BAD_STATE_ROUTE', rule + cause);
  }
  switch (target.kind) {
    case 'local': {
      const vpc = leg.topology.vpcs.find(({ id }) => id === sender.vpcId);
      if (vpc && !vpc.cidrs.some((cidr) => contains(cidr, flow.destination)))
        return stop(leg, 'route-table', table.id, 'VPC_LOCAL_ROUTE_CIDR_RESTRICTION', rule);
      pass(leg, 'route-table', table.id, rule);
      return deliverInVpc(leg, sender.vpcId, flow, false);
    }
    case 'peering':
      pass(leg, 'route-table', table.id, rule);
      return crossPeering(leg, sender.vpcId, target.id, flow);
    case 'internet-gateway':
      pass(leg, 'route-table', table.id, rule);
      return leaveByInternetGateway(leg, sender, target.id, flow);
    default:
      return doubt(leg, 'route-table', table.id, 'UNSUPPORTED_COMPONENT', rule);
  }
}

function crossPeering(leg: Leg, fromVpcId: string, peeringId: string, flow: Flow): End {
  const peering = leg.topology.peeringConnections.find(({ id }) => id === peeringId);
  if (!peering) return doubt(leg, 'peering', peeringId, 'UNKNOWN_RESOURCE', `${peeringId} is not known`);
  if (peering.status !== 'active')
    return stop(leg, 'peering', peeringId, 'PEERING_NOT_ACTIVE', `${peeringId} is ${peering.status}`);
  const peer = peering.requester.vpcId === fromVpcId ? peering.accepter : peering.requester;
  const vpc = leg.topology.vpcs.find(({ id }) => id === peer.vpcId);
  const cidrs = vpc?.cidrs ?? peer.cidrs;
  if (!cidrs) return doubt(leg, 'peering', peeringId, 'UNKNOWN_RESOURCE', `the blocks of ${peer.vpcId} are not known`);
  // No transitive peering, no edge-to-edge routing (VPC Peering Guide, Limitations).
  const rule = `${flow.destination} in ${peer.vpcId} (${cidrs.join(', ')})`;
  if (!cidrs.some((cidr) => contains(cidr, flow.destination)))
    return stop(leg, 'peering', peeringId, 'PCX_REQUIRES_ADDRESS_IN_VPC_CIDR', `no ${rule}`);
  if (!vpc) {
    const why = `${peer.vpcId} is in another account or Region, which is not known here`;
    return doubt(leg, 'peering', peeringId, 'UNKNOWN_DESTINATION', why);
  }
  pass(leg, 'peering', peeringId, `active; ${rule}`);
  return deliverInVpc(leg, vpc.id, flow, false);
}

/** One-to-one NAT on the way out (VPC User Guide, Internet gateways). */
function leaveByInternetGateway(leg: Leg, sender: NetworkInterface, gatewayId: string, flow: Flow): End {
  const { destination } = flow;
  const gateway = leg.topology.internetGateways.find(({ id }) => id === gatewayId);
  const refuse = (code: Code, rule: string) => stop(leg, 'internet-gateway', gatewayId, code, rule);
  if (!gateway?.vpcIds.includes(sender.vpcId))
    return refuse('BAD_STATE_ATTACHMENT', `${gatewayId} is not attached to ${sender.vpcId}`);
  if (isPrivate(destination))
    return refuse('IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS', `${destination} is a private address (RFC 1918)`);
  if (isShared(destination))
    return refuse('IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS', `${destination} is a shared address (RFC 6598)`);
  const publicIp = sender.addresses.find(({ address }) => address === flow.source)?.publicIp;
  if (publicIp === undefined)
    return refuse('IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS', `${flow.source} of ${sender.id} has no public address`);
  if (isUnroutable(destination))
    return refuse('NO_POSSIBLE_DESTINATION', `${destination} is no address of an internet host`);
  pass(leg, 'internet-gateway', gatewayId, `${flow.source} becomes ${publicIp}`);
  return sendFromInternet(leg, { ...flow, source: publicIp });
}

function deliverInVpc(leg: Leg, vpcId: string, flow: Flow, onLink: boolean): End {
  const receiver = leg.topology.networkInterfaces.find(
    (each) => each.vpcId === vpcId && each.addresses.some(({ address }) => address === flow.destination),
  );
  if (receiver) return arrive(leg, receiver, flow, onLink);
  const rule = `no network interface in ${vpcId} has ${flow.destination}`;
  return stop(leg, 'network-interface', flow.destination, 'NO_POSSIBLE_DESTINATION', rule);
}

function arrive(leg: Leg, receiver: NetworkInterface, flow: Flow, onLink: boolean): End {
  const { askedBy } = leg;
  if (askedBy && !('interfaceId' in askedBy && askedBy.interfaceId === receiver.id))
    return stop(leg, 'network-interface', receiver.id, 'ANSWER_TO_ANOTHER_INTERFACE', flowText(flow));
  return passFilters(leg, receiver, 'ingress', flow, onLink) ?? { kind: 'interface', interface: receiver, flow };
}

/**
 * Security groups and network ACL of one interface: on the way out in this order, on the way in the other way round.
 * Both are asked even where the first refuses: whoever mends the one should hear of the other. Records the crossing
 * and returns undefined where the packet passes.
 */
function passFilters(
  leg: Leg,
  at: NetworkInterface,
  direction: Direction,
  flow: Flow,
  onLink: boolean,
): End | undefined {
  const group = { component: 'security-group' as const, decision: askSecurityGroups(leg, at, direction, flow) };
  const acl = { component: 'network-acl' as const, decision: askNetworkAcl(leg.topology, at, direction, flow) };
  const filters = onLink ? [group] : direction === 'egress' ? [group, acl] : [acl, group];
  for (const { component, decision } of filters) leg.hops.push({ leg: leg.name, component, ...decision });
  const outcomes = filters.map(({ decision }) => decision.outcome);
  const stopped = outcomes.includes('stopped');
  if (!stopped && outcomes.includes('undecided')) return { kind: 'undecided' };
  leg.crossings.push(crossing(leg, at, direction, flow, stopped ? 'REJECT' : 'ACCEPT'));
  return stopped ? { kind: 'stopped' } : undefined;
}

function askSecurityGroups(leg: Leg, at: NetworkInterface, direction: Direction, flow: Flow): FilterDecision {
  if (leg.name === 'request') return securityGroupDecision(leg.topology, at.id, direction, flow);
  // EC2 User Guide, Security group connection tracking.
  const rule = `${direction}: the answer to an allowed request is allowed (connection tracking)`;
  return { outcome: 'passed', id: at.groupIds[0] ?? at.id, rule };
}

function askNetworkAcl(topology: Topology, at: NetworkInterface, direction: Direction, flow: Flow): FilterDecision {
  const acl = networkAclOf(topology, at.subnetId);
  if (acl) return networkAclDecision(acl, direction, flow);
  const rule = `the network ACL of ${at.subnetId} is not known`;
  return { outcome: 'undecided', id: at.subnetId, code: 'UNKNOWN_RESOURCE', rule };
}

/** The interface's own side is its primary private address (VPC User Guide, Flow log records: srcaddr, dstaddr). */
function crossing(
  leg: Leg,
  at: NetworkInterface,
  direction: Direction,
  flow: Flow,
  action: Crossing['action'],
): Crossing {
  const own = (at.addresses.find(({ primary }) => primary) ?? at.addresses[0])?.address;
  const { source, destination } = flow;
  const sides =
    direction === 'egress' ? { source: own ?? source, destination } : { source, destination: own ?? destination };
  const { sourcePort = 0, destinationPort = 0 } = flow;
  return { leg: leg.name, interfaceId: at.id, direction, ...sides, sourcePort, destinationPort, action };
}

export function pass(leg: Leg, component: Component, id: string, rule: string): void {
  leg.hops.push({ leg: leg.name, component, id, outcome: 'passed', rule });
}

export function stop(leg: Leg, component: Component, id: string, code: Code, rule: string): End {
  leg.hops.push({ leg: leg.name, component, id, outcome: 'stopped', code, rule });
  return { kind: 'stopped' };
}

export function doubt(leg: Leg, component: Component, id: string, code: Code, rule: string): End {
  leg.hops.push({ leg: leg.name, component, id, outcome: 'undecided', code, rule });
  return { kind: 'undecided' };
}
