/** Is a packet delivered, and is its answer? Hop by hop, with the rule at each, and what flow logs would record. */
import { arrive } from './arrive.ts';
import { isAddress, isLoopback } from './cidr.ts';
import type { Flow } from './filter.ts';
import { enterFromInternet } from './internet.ts';
import { leave } from './leave.ts';
import {
  doubt,
  type End,
  hasAddress,
  type Leg,
  type Place,
  pass,
  primaryAddress,
  requireRunning,
  stop,
} from './leg.ts';
import { lookupOf } from './lookup.ts';
import type { Packet, Walk } from './packet.ts';
import type { Topology } from './topology.ts';

/** The first of RFC 6335's dynamic ports; inside the range of every common operating system. */
const EPHEMERAL_PORT = 49152;

/**
 * Walks the packet and then the answer of its receiver. It tells what the network allows, not what a host does with it:
 * a running instance and every public host are taken to answer, and an instance whose source/destination check is off
 * to forward. What the topology cannot decide is `indeterminate`, with the reason in the undecided hop.
 */
export function walk(topology: Topology, packet: Packet): Walk {
  const lookup = lookupOf(topology);
  const request: Leg = {
    topology,
    lookup,
    name: 'request',
    hops: [],
    crossings: [],
    translations: [],
    forwarded: new Set(),
    established: packet.established ?? [],
  };
  const { hops, crossings } = request;
  const arrived = sendRequest(request, packet);
  const receiver = 'interface' in arrived ? arrived.interface : undefined;
  const requestEnd = (receiver && requireRunning(request, receiver)) ?? arrived;
  const answerEnd = sendAnswer({ ...request, name: 'answer', asked: packet }, requestEnd);

  const stoppedAt =
    hops.find(({ outcome }) => outcome === 'stopped') ?? hops.find(({ outcome }) => outcome === 'undecided');
  return {
    request: fateOf(requestEnd),
    answer: answerEnd ? fateOf(answerEnd) : 'none',
    hops,
    ...(stoppedAt && { stoppedAt }),
    crossings,
    ...(receiver && { receiverId: receiver.id }),
    viaInternetGateway: hops.some(({ component, outcome }) => component === 'internet-gateway' && outcome === 'passed'),
  };
}

/** Step by step until it has arrived or stopped. Whoever forwards looks for loops, so this ends. */
function travel(leg: Leg, start: Place): End {
  let place = start;
  for (;;) {
    switch (place.at) {
      case 'leaving':
        place = leave(leg, place.interface, place.flow);
        break;
      case 'arriving':
        place = arrive(leg, place);
        break;
      case 'internet':
        place = enterFromInternet(leg, place.flow);
        break;
      default:
        return place;
    }
  }
}

function sendRequest(leg: Leg, packet: Packet): End {
  const { from, to } = packet;
  if (!isAddress(to) || ('internet' in from && !isAddress(from.internet)))
    return doubt(leg, 'internet', to, 'UNSUPPORTED_COMPONENT', `only IPv4 is followed, and not a packet to ${to}`);
  if ('internet' in from) {
    const end = travel(leg, { at: 'internet', flow: requestFlow(packet, from.internet) });
    if (end.at !== 'outside') return end;
    const rule = `${to} is not the public address of any network interface`;
    return stop(leg, 'internet', to, 'IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS', rule);
  }
  const sender = leg.lookup.networkInterface(from.interfaceId);
  const source = sender && primaryAddress(sender);
  if (!sender || source === undefined)
    return doubt(leg, 'network-interface', from.interfaceId, 'UNKNOWN_RESOURCE', `${from.interfaceId} is not known`);
  const own = sender.instanceId === undefined ? [sender] : leg.lookup.interfacesOf(sender.instanceId);
  if (isLoopback(to) || own.some((each) => hasAddress(each, to))) return { at: 'host', interface: sender };
  const flow = requestFlow(packet, source);
  return requireRunning(leg, sender) ?? travel(leg, { at: 'leaving', interface: sender, flow });
}

/** Undefined where nothing arrived, or nothing that is answered. */
function sendAnswer(leg: Leg, requestEnd: End): End | undefined {
  if (requestEnd.at === 'host') return requestEnd;
  const flow = 'flow' in requestEnd ? answerFlow(requestEnd.flow) : undefined;
  if (!flow) return undefined;
  if (requestEnd.at === 'outside') {
    pass(leg, 'internet', flow.source, `${flow.source} is taken to answer, as a public host does`);
    return travel(leg, { at: 'internet', flow });
  }
  if (requestEnd.at !== 'destination') return undefined;
  const end = travel(leg, { at: 'leaving', interface: requestEnd.interface, flow });
  return end.at === 'outside' ? (refuseOutside(leg, end.flow) ?? end) : end;
}

/** Who asked from the internet takes the answer only from the address that it asked. */
function refuseOutside(leg: Leg, flow: Flow): End | undefined {
  const { asked } = leg;
  if (!asked) return undefined;
  const text = `${flow.source} to ${flow.destination}`;
  if (!('internet' in asked.from))
    return stop(leg, 'internet', flow.destination, 'ANSWER_TO_ANOTHER_INTERFACE', `${text}, on the internet`);
  if (flow.source === asked.to) return undefined;
  return stop(leg, 'internet', flow.destination, 'ANSWER_FROM_ANOTHER_ADDRESS', `${text}, not ${asked.to}`);
}

function requestFlow(packet: Packet, source: string): Flow {
  const { protocol, to: destination } = packet;
  if (protocol === 'icmp') return { protocol, source, destination, icmpType: packet.icmpType ?? 8 };
  const { sourcePort = EPHEMERAL_PORT, destinationPort = 0 } = packet;
  return { protocol, source, destination, sourcePort, destinationPort };
}

/** The flow of the answer; of ICMP only an echo request (type 8) has one, the echo reply (type 0). */
function answerFlow(request: Flow): Flow | undefined {
  const { protocol, source: destination, destination: source } = request;
  if (protocol === 'icmp') return request.icmpType === 8 ? { protocol, source, destination, icmpType: 0 } : undefined;
  const { sourcePort: destinationPort = 0, destinationPort: sourcePort = 0 } = request;
  return { protocol, source, destination, sourcePort, destinationPort };
}

function fateOf(end: End): 'delivered' | 'dropped' | 'indeterminate' {
  return end.at === 'stopped' ? 'dropped' : end.at === 'undecided' ? 'indeterminate' : 'delivered';
}
