/** Internet gateways: one-to-one NAT on the way out and on the way in (VPC User Guide, Internet gateways). */
import { isPrivate, isShared, isUnroutable } from './cidr.ts';
import type { Code } from './codes.ts';
import type { FilterDecision, Flow } from './filter.ts';
import { doubt, type Leg, type Place, pass, stop } from './leg.ts';
import { chooseRoute, routeText } from './route.ts';
import type { NetworkInterface, Subnet } from './topology.ts';

/** A packet that a subnet's route table sent to an internet gateway. */
export function leaveByInternetGateway(
  leg: Leg,
  sender: NetworkInterface,
  tableId: string,
  gatewayId: string,
  flow: Flow,
): Place {
  const { lookup } = leg;
  const { source, destination } = flow;
  const refuse = (code: Code, rule: string) => stop(leg, 'internet-gateway', gatewayId, code, rule);
  if (!lookup.internetGateway(gatewayId)?.vpcIds.includes(sender.vpcId))
    return refuse('BAD_STATE_ATTACHMENT', `${gatewayId} is not attached to ${sender.vpcId}`);
  const missing = `no other route of ${tableId} holds it`;
  if (isPrivate(destination)) {
    const rule = `${destination} is a private address (RFC 1918); ${missing}`;
    return refuse('IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS', rule);
  }
  if (isShared(destination)) {
    const rule = `${destination} is a shared address (RFC 6598); ${missing}`;
    return refuse('IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS', rule);
  }
  const owner = lookup.interfaceIn(sender.vpcId, source);
  const publicIp = owner?.addresses.find(({ address }) => address === source)?.publicIp;
  if (publicIp === undefined && flow.forwarded) {
    const rule = `${source} has no public address; ${sender.instanceId} may or may not send it on as its own`;
    return doubt(leg, 'internet-gateway', gatewayId, 'UNKNOWN_TRANSLATION', rule);
  }
  if (!owner) return refuse('GATEWAY_REJECTS_SPOOFED_TRAFFIC', `no network interface in ${sender.vpcId} has ${source}`);
  if (publicIp === undefined)
    return refuse('IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS', `${source} of ${owner.id} has no public address`);
  if (isUnroutable(destination))
    return refuse('NO_POSSIBLE_DESTINATION', `${destination} is no address of an internet host`);
  pass(leg, 'internet-gateway', gatewayId, `${source} becomes ${publicIp}`);
  const { forwarded: _, ...sent } = flow;
  return { at: 'internet', flow: { ...sent, source: publicIp } };
}

/** A packet on the internet, for a public address of ours or for a host out there. */
export function enterFromInternet(leg: Leg, flow: Flow): Place {
  const { lookup } = leg;
  const found = lookup.publicAddress(flow.destination);
  if (!found) return { at: 'outside', flow };
  const { interface: receiver, address } = found;
  const gateway = lookup.internetGatewayOf(receiver.vpcId);
  if (!gateway) {
    const rule = `${receiver.vpcId}, which holds ${flow.destination}, has no internet gateway`;
    return stop(leg, 'internet', flow.destination, 'BAD_STATE_ATTACHMENT', rule);
  }
  if (isUnroutable(flow.source)) {
    const rule = `${flow.source} is no address of an internet host`;
    return stop(leg, 'internet', flow.source, 'NO_POSSIBLE_DESTINATION', rule);
  }
  const refusal = isPrivate(flow.source)
    ? 'IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS'
    : isShared(flow.source)
      ? 'IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS'
      : undefined;
  if (refusal) return stop(leg, 'internet-gateway', gateway.id, refusal, `the packet's source is ${flow.source}`);
  pass(leg, 'internet-gateway', gateway.id, `${flow.destination} becomes ${address}`);
  const inside = { ...flow, destination: address };
  const block = blockOf(leg, receiver, gateway.id, 'ingress');
  const arriving = { at: 'arriving', interface: receiver, flow: inside, withinSubnet: false } as const;
  return routeAtEdge(leg, gateway.id, inside) ?? { ...arriving, ...(block && { block }) };
}

/**
 * An internet gateway's own route table can send incoming packets to a network interface first (VPC User Guide,
 * Gateway route tables). Undefined where it has none, or none that changes the way.
 */
function routeAtEdge(leg: Leg, gatewayId: string, flow: Flow): Place | undefined {
  const { lookup } = leg;
  const table = lookup.routeTableAt(gatewayId);
  if (!table) return undefined;
  const choice = chooseRoute(table, flow.destination, lookup.prefixList);
  if (choice.kind === 'none') return undefined;
  if (choice.kind === 'undecided') return doubt(leg, 'route-table', table.id, choice.code, choice.reason);
  const { target, state } = choice.route;
  const rule = routeText(choice.route);
  if (target.kind === 'local') return undefined;
  if (state === 'blackhole') return stop(leg, 'route-table', table.id, 'BAD_STATE_ROUTE', rule);
  const appliance = target.kind === 'network-interface' ? lookup.networkInterface(target.id) : undefined;
  if (!appliance) return doubt(leg, 'route-table', table.id, 'UNSUPPORTED_COMPONENT', rule);
  pass(leg, 'route-table', table.id, rule);
  const block = blockOf(leg, appliance, gatewayId, 'ingress');
  return { at: 'arriving', interface: appliance, flow, withinSubnet: false, ...(block && { block }) };
}

/**
 * VPC Block Public Access (VPC User Guide, "Block public access to VPCs and subnets"): `block-ingress` still lets NAT
 * gateways have the answers to what they sent.
 */
export function blockOf(
  { lookup }: Leg,
  { subnetId, id }: NetworkInterface,
  gatewayId: string,
  direction: 'ingress' | 'egress',
): FilterDecision | undefined {
  const mode: Subnet['internetGatewayBlock'] = lookup.subnet(subnetId)?.internetGatewayBlock;
  if (mode === undefined) return undefined;
  if (mode === 'block-ingress' && (direction === 'egress' || lookup.natGatewayAt(id))) return undefined;
  return {
    outcome: 'stopped',
    id: gatewayId,
    code: 'VPC_BLOCK_PUBLIC_ACCESS_ENABLED',
    rule: `${subnetId}: VPC Block Public Access is ${mode}`,
  };
}
