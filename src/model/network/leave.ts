/** A packet leaves a network interface: what AWS's router does with it. */
import { addressAt, contains, isLinkLocal } from './cidr.ts';
import type { Flow } from './filter.ts';
import { passGate } from './gate.ts';
import { blockOf, leaveByInternetGateway } from './internet.ts';
import { doubt, type Leg, type Place, pass, stop } from './leg.ts';
import type { Crossing } from './packet.ts';
import { chooseRoute, type RouteChoice, routeText } from './route.ts';
import type { NetworkInterface, Route, RouteTable, Subnet } from './topology.ts';

/** `flow.source` is an address of the sender, or of whoever it forwards for. */
export function leave(leg: Leg, sender: NetworkInterface, flow: Flow): Place {
  const { lookup } = leg;
  const subnet = lookup.subnet(sender.subnetId);
  if (!subnet) return doubt(leg, 'network-interface', sender.id, 'UNKNOWN_RESOURCE', `${sender.subnetId} is not known`);
  const service = leaveForService(leg, subnet, flow);
  if (service) return service;
  // Inside a subnet there is neither route table nor network ACL (VPC User Guide, Route tables; Network ACLs).
  if (contains(subnet.cidr, flow.destination)) {
    const refused = passGate(leg, sender, flow, { direction: 'egress', crossesSubnet: false, path: 'vpc' });
    return refused ?? deliver(leg, sender.vpcId, flow, true);
  }
  const table = lookup.routeTableOf(subnet);
  const choice: RouteChoice = table ? chooseRoute(table, flow.destination, lookup.prefixList) : { kind: 'none' };
  const route = choice.kind === 'route' ? choice.route : undefined;
  const nextHop = route && nextHopOf(leg, route);
  const staysInSubnet = nextHop?.subnetId === subnet.id;
  const gateway = route?.state === 'active' && route.target.kind === 'internet-gateway' ? route.target : undefined;
  const refused = passGate(leg, sender, flow, {
    direction: 'egress',
    crossesSubnet: !staysInSubnet,
    path: route && pathOf(route),
    block: gateway && blockOf(leg, sender, gateway.id, 'egress'),
  });
  if (refused) return refused;
  if (!table)
    return doubt(leg, 'route-table', subnet.id, 'UNKNOWN_RESOURCE', `the route table of ${subnet.id} is not known`);
  if (choice.kind === 'undecided') return doubt(leg, 'route-table', table.id, choice.code, choice.reason);
  if (!route) {
    const rule = `no route to ${flow.destination}; it has ${table.routes.map(routeText).join(', ')}`;
    return stop(leg, 'route-table', table.id, 'NO_ROUTE_TO_DESTINATION', rule);
  }
  return follow(leg, sender, table, route, flow, nextHop);
}

function follow(
  leg: Leg,
  sender: NetworkInterface,
  table: RouteTable,
  route: Route,
  flow: Flow,
  nextHop: NetworkInterface | undefined,
): Place {
  const { target } = route;
  const rule = routeText(route);
  if (route.state === 'blackhole')
    return stop(leg, 'route-table', table.id, 'BAD_STATE_ROUTE', rule + causeOf(leg, route));
  switch (target.kind) {
    case 'local': {
      const vpc = leg.lookup.vpc(sender.vpcId);
      if (vpc && !vpc.cidrs.some((cidr) => contains(cidr, flow.destination)))
        return stop(leg, 'route-table', table.id, 'VPC_LOCAL_ROUTE_CIDR_RESTRICTION', rule);
      pass(leg, 'route-table', table.id, rule);
      return deliver(leg, sender.vpcId, flow, false);
    }
    case 'peering':
      pass(leg, 'route-table', table.id, rule);
      return crossPeering(leg, sender.vpcId, target.id, flow);
    case 'internet-gateway':
      pass(leg, 'route-table', table.id, rule);
      return leaveByInternetGateway(leg, sender, table.id, target.id, flow);
    case 'nat-gateway':
    case 'network-interface':
      if (!nextHop) return doubt(leg, 'route-table', table.id, 'UNKNOWN_RESOURCE', `${rule}, which is not known`);
      pass(leg, 'route-table', table.id, rule);
      return { at: 'arriving', interface: nextHop, flow, withinSubnet: nextHop.subnetId === sender.subnetId };
    case 'other':
      return doubt(leg, 'route-table', table.id, 'UNSUPPORTED_COMPONENT', rule);
  }
}

/** The interface of the NAT gateway or appliance to which a route leads. */
function nextHopOf({ lookup }: Leg, { target }: Route): NetworkInterface | undefined {
  if (target.kind === 'network-interface') return lookup.networkInterface(target.id);
  if (target.kind !== 'nat-gateway') return undefined;
  return lookup.networkInterface(lookup.natGateway(target.id)?.networkInterfaceId ?? '');
}

function pathOf({ target, state }: Route): Crossing['path'] {
  if (state === 'blackhole' || target.kind === 'other') return undefined;
  return target.kind === 'peering' || target.kind === 'internet-gateway' ? target.kind : 'vpc';
}

/** Why the route is a blackhole, where that can be seen. */
function causeOf({ lookup }: Leg, { target }: Route): string {
  const peering = target.kind === 'peering' ? lookup.peering(target.id) : undefined;
  if (peering && peering.status !== 'active') return `; ${peering.id} is ${peering.status}`;
  const gateway = target.kind === 'nat-gateway' ? lookup.natGateway(target.id) : undefined;
  return gateway && gateway.state !== 'available' ? `; ${gateway.id} is ${gateway.state}` : '';
}

function crossPeering(leg: Leg, fromVpcId: string, peeringId: string, flow: Flow): Place {
  const peering = leg.lookup.peering(peeringId);
  if (!peering) return doubt(leg, 'peering', peeringId, 'UNKNOWN_RESOURCE', `${peeringId} is not known`);
  if (peering.status !== 'active')
    return stop(leg, 'peering', peeringId, 'PEERING_NOT_ACTIVE', `${peeringId} is ${peering.status}`);
  const { requester, accepter } = peering;
  if (requester.vpcId !== fromVpcId && accepter.vpcId !== fromVpcId)
    return stop(leg, 'peering', peeringId, 'BAD_STATE_ATTACHMENT', `${peeringId} does not join ${fromVpcId}`);
  const peer = requester.vpcId === fromVpcId ? accepter : requester;
  const vpc = leg.lookup.vpc(peer.vpcId);
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
  return deliver(leg, vpc.id, flow, false);
}

function deliver(leg: Leg, vpcId: string, flow: Flow, withinSubnet: boolean): Place {
  const receiver = leg.lookup.interfaceIn(vpcId, flow.destination);
  if (receiver) return { at: 'arriving', interface: receiver, flow, withinSubnet };
  const rule = `no network interface in ${vpcId} has ${flow.destination}`;
  return stop(leg, 'network-interface', flow.destination, 'NO_POSSIBLE_DESTINATION', rule);
}

/**
 * AWS's own addresses on a subnet's link: no route, group or ACL concerns them, and no flow log shows them (VPC User
 * Guide, Network ACLs; Flow log limitations). None of them answers a ping. Undefined for every other address.
 */
function leaveForService(leg: Leg, subnet: Subnet, { protocol, destination }: Flow): Place | undefined {
  const name = serviceAt(leg, subnet, destination);
  if (name === undefined || leg.lookup.interfaceIn(subnet.vpcId, destination)) return undefined;
  const rule = `${destination} is ${name}`;
  return protocol === 'icmp' || name === LINK_LOCAL
    ? stop(leg, 'network-interface', destination, 'NO_POSSIBLE_DESTINATION', `${rule}, which answers no ping`)
    : doubt(leg, 'network-interface', destination, 'UNSUPPORTED_COMPONENT', rule);
}

const LINK_LOCAL = 'a link-local address, which is not routed';

function serviceAt({ lookup }: Leg, subnet: Subnet, address: string): string | undefined {
  if (address === '169.254.169.254') return 'the instance metadata service';
  if (address === '169.254.169.253') return 'the Amazon DNS server';
  if (address === '169.254.169.123') return 'the Amazon Time Sync Service';
  if (isLinkLocal(address)) return LINK_LOCAL;
  if (address === addressAt(subnet.cidr, 1)) return "the subnet's router";
  const [primary] = lookup.vpc(subnet.vpcId)?.cidrs ?? [];
  return primary !== undefined && address === addressAt(primary, 2) ? 'the Amazon DNS server' : undefined;
}
