/** A packet arrives at a network interface: for its host, or to be sent on by it. */
import { contains } from './cidr.ts';
import type { Flow } from './filter.ts';
import { passGate } from './gate.ts';
import {
  doubt,
  type End,
  hasAddress,
  type Leg,
  type Place,
  pass,
  primaryAddress,
  requireNoLoop,
  requireRunning,
  stop,
} from './leg.ts';
import type { Lookup } from './lookup.ts';
import type { NatGateway, NetworkInterface } from './topology.ts';

type Arriving = Extract<Place, { at: 'arriving' }>;

export function arrive(leg: Leg, place: Arriving): Place {
  const { interface: receiver, flow, withinSubnet, block } = place;
  const gateway = leg.lookup.natGatewayAt(receiver.id);
  if (gateway) return throughNatGateway(leg, gateway, place);
  const own = hasAddress(receiver, flow.destination);
  if (!receiver.attached) {
    const rule = `${receiver.id} is attached to nothing`;
    return stop(leg, 'network-interface', receiver.id, 'BAD_STATE_ATTACHMENT', rule);
  }
  // EC2 User Guide, Network interfaces: source/destination checking.
  if (!own && receiver.sourceDestCheck) {
    const rule = `${flow.destination} is no address of ${receiver.id}, and its source/destination check is on`;
    return stop(leg, 'network-interface', receiver.id, 'ENI_SOURCE_DEST_CHECK_RESTRICTION', rule);
  }
  const refused = passGate(leg, receiver, flow, { direction: 'ingress', crossesSubnet: !withinSubnet, block });
  if (refused?.at === 'stopped') return refused;
  // A host takes what is for any of its addresses, by whichever interface it comes.
  const taker = own ? receiver : otherInterfaceOf(leg.lookup, receiver, flow.destination);
  if (!taker) return refused ?? forward(leg, receiver, flow);
  // That a stranger does not take the answer is sure, whatever its groups say.
  return refuseStrange(leg, taker, flow) ?? refused ?? { at: 'destination', interface: taker, flow };
}

function otherInterfaceOf(lookup: Lookup, { instanceId }: NetworkInterface, address: string) {
  if (instanceId === undefined) return undefined;
  return lookup.interfacesOf(instanceId).find((each) => hasAddress(each, address));
}

/** Only who asked takes the answer, and only from whom it asked. */
function refuseStrange({ asked, ...leg }: Leg, receiver: NetworkInterface, flow: Flow): End | undefined {
  if (!asked) return undefined;
  const text = `${flow.source} to ${flow.destination}`;
  if (!('interfaceId' in asked.from && asked.from.interfaceId === receiver.id))
    return stop(leg, 'network-interface', receiver.id, 'ANSWER_TO_ANOTHER_INTERFACE', text);
  if (flow.source === asked.to) return undefined;
  return stop(leg, 'network-interface', receiver.id, 'ANSWER_FROM_ANOTHER_ADDRESS', `${text}, not ${asked.to}`);
}

/**
 * An instance sends on what is not meant for it. That its operating system does so, and changes nothing, is taken from
 * its source/destination check being off: this is how AWS users make an instance an appliance.
 */
function forward(leg: Leg, receiver: NetworkInterface, flow: Flow): Place {
  const stopped = requireRunning(leg, receiver);
  if (stopped) return stopped;
  const id = receiver.instanceId ?? receiver.id;
  const circling = requireNoLoop(leg, 'appliance', id, flow);
  if (circling) return circling;
  const out = interfaceTowards(leg.lookup, id, flow.destination) ?? receiver;
  if (out.sourceDestCheck) {
    const rule = `${flow.source} is no address of ${out.id}, and its source/destination check is on`;
    return stop(leg, 'network-interface', out.id, 'ENI_SOURCE_DEST_CHECK_RESTRICTION', rule);
  }
  const rule = `${id} is taken to forward the packet by ${out.id}: its source/destination check is off`;
  pass(leg, 'appliance', id, rule);
  return { at: 'leaving', interface: out, flow: { ...flow, forwarded: true } };
}

/** As an operating system's routes are after boot: the interface in whose subnet the address is, else the primary one. */
export function interfaceTowards(lookup: Lookup, instanceId: string, address: string): NetworkInterface | undefined {
  const interfaces = lookup.interfacesOf(instanceId);
  const onLink = interfaces.find(({ subnetId }) => contains(lookup.subnet(subnetId)?.cidr ?? '', address));
  return onLink ?? interfaces[0];
}

/**
 * VPC User Guide, NAT gateways: it puts its own address in place of the sender's, takes answers only, and has no
 * security groups. Traffic to its own addresses that it did not ask for is dropped after a flow log has seen it.
 */
function throughNatGateway(leg: Leg, gateway: NatGateway, place: Arriving): Place {
  const { interface: at, flow, withinSubnet, block } = place;
  const refuse = (code: Parameters<typeof stop>[3], rule: string) => stop(leg, 'nat-gateway', gateway.id, code, rule);
  const own = primaryAddress(at);
  if (gateway.state !== 'available') return refuse('BAD_STATE', `${gateway.id} is ${gateway.state}`);
  if (own === undefined) return doubt(leg, 'nat-gateway', gateway.id, 'UNKNOWN_RESOURCE', `${at.id} has no address`);
  const refused = passGate(leg, at, flow, { direction: 'ingress', crossesSubnet: !withinSubnet, block });
  if (refused) return refused;
  if (hasAddress(at, flow.destination)) {
    const known = leg.name === 'answer' && leg.translations.find((each) => each.gatewayId === gateway.id);
    if (!known || known.remote !== flow.source)
      return refuse('NGW_UNSOLICITED_TRAFFIC', `${flow.source} was not asked by ${gateway.id}`);
    pass(leg, 'nat-gateway', gateway.id, `${flow.destination} becomes ${known.inside}`);
    return { at: 'leaving', interface: at, flow: { ...flow, destination: known.inside } };
  }
  if (!leg.lookup.vpc(gateway.vpcId)?.cidrs.some((cidr) => contains(cidr, flow.source)))
    return refuse('NGW_REQUIRES_SOURCE_IN_VPC', `${flow.source} is not in ${gateway.vpcId}`);
  const circling = requireNoLoop(leg, 'nat-gateway', gateway.id, { ...flow, source: own });
  if (circling) return circling;
  leg.translations.push({ gatewayId: gateway.id, inside: flow.source, remote: flow.destination });
  pass(leg, 'nat-gateway', gateway.id, `${flow.source} becomes ${own}`);
  const { forwarded: _, ...sent } = flow;
  return { at: 'leaving', interface: at, flow: { ...sent, source: own } };
}
