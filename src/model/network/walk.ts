/** Is a packet delivered, and is its answer? Hop by hop, with the rule at each, and what flow logs would record. */
import { isLoopback } from './cidr.ts';
import type { Flow } from './filter.ts';
import { doubt, type End, type Leg, pass, sendFromInterface, sendFromInternet, stop } from './leg.ts';
import type { Packet, Walk } from './packet.ts';
import type { NetworkInterface, Topology } from './topology.ts';

/** The first of RFC 6335's dynamic ports; inside the range of every common operating system. */
const EPHEMERAL_PORT = 49152;

/**
 * Walks the packet and then the answer of its receiver. It tells what the network allows, not what a host does with it:
 * a running instance and every public host are taken to answer. NAT gateways, other appliances and prefix lists are
 * `indeterminate`, with the reason in the undecided hop.
 */
export function walk(topology: Topology, packet: Packet): Walk {
  const request: Leg = { topology, name: 'request', hops: [], crossings: [] };
  const { hops, crossings } = request;
  const arrived = sendRequest(request, packet);
  const receiver = 'interface' in arrived ? arrived.interface : undefined;
  const requestEnd = (receiver && requireRunning(request, receiver)) ?? arrived;
  const answerEnd = sendAnswer({ topology, name: 'answer', hops, crossings, askedBy: packet.from }, requestEnd);

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

function sendRequest(leg: Leg, packet: Packet): End {
  const { from, to } = packet;
  if ('internet' in from) {
    const end = sendFromInternet(leg, requestFlow(packet, from.internet));
    if (end.kind !== 'internet') return end;
    const rule = `${to} is not the public address of any network interface`;
    return stop(leg, 'internet', to, 'IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS', rule);
  }
  const sender = leg.topology.networkInterfaces.find(({ id }) => id === from.interfaceId);
  const source = sender?.addresses.find(({ primary }) => primary)?.address;
  if (!sender || source === undefined)
    return doubt(leg, 'network-interface', from.interfaceId, 'UNKNOWN_RESOURCE', `${from.interfaceId} is not known`);
  if (isLoopback(to) || sender.addresses.some(({ address }) => address === to))
    return { kind: 'host', interface: sender };
  return requireRunning(leg, sender) ?? sendFromInterface(leg, sender, requestFlow(packet, source));
}

/** Undefined where nothing arrived, or nothing that is answered. */
function sendAnswer(leg: Leg, requestEnd: End): End | undefined {
  if (requestEnd.kind === 'host') return requestEnd;
  const flow = 'flow' in requestEnd ? answerFlow(requestEnd.flow) : undefined;
  if (!flow) return undefined;
  if (requestEnd.kind === 'internet') {
    pass(leg, 'internet', flow.source, `${flow.source} is taken to answer, as a public host does`);
    return sendFromInternet(leg, flow);
  }
  if (requestEnd.kind !== 'interface') return undefined;
  const end = sendFromInterface(leg, requestEnd.interface, flow);
  if (end.kind === 'internet' && leg.askedBy && 'interfaceId' in leg.askedBy)
    return stop(
      leg,
      'internet',
      flow.destination,
      'ANSWER_TO_ANOTHER_INTERFACE',
      `${flow.destination} is on the internet`,
    );
  return end;
}

/** Only a running instance sends and answers. Adds the instance's hop; undefined where it runs. */
function requireRunning(leg: Leg, { id, instanceId }: NetworkInterface): End | undefined {
  if (instanceId === undefined)
    return doubt(leg, 'network-interface', id, 'UNKNOWN_DESTINATION', `${id} belongs to no instance`);
  const instance = leg.topology.instances.find((each) => each.id === instanceId);
  if (!instance) return doubt(leg, 'instance', instanceId, 'UNKNOWN_RESOURCE', `${instanceId} is not known`);
  const rule = `${instanceId} is ${instance.state}`;
  if (instance.state !== 'running') return stop(leg, 'instance', instanceId, 'INSTANCE_NOT_RUNNING', rule);
  pass(leg, 'instance', instanceId, rule);
  return undefined;
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
  return end.kind === 'stopped' ? 'dropped' : end.kind === 'undecided' ? 'indeterminate' : 'delivered';
}
