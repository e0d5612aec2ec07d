/** One leg of a walk, the request or its answer: where the packet is, and what it has met. */
import type { Code } from './codes.ts';
import type { FilterDecision, Flow } from './filter.ts';
import type { Lookup } from './lookup.ts';
import type { Crossing, Hop, Packet } from './packet.ts';
import type { NetworkInterface, Topology } from './topology.ts';

/** A NAT gateway's memory of a request: whose it is, so that its answer finds back. */
export interface Translation {
  readonly gatewayId: string;
  readonly inside: string;
  readonly remote: string;
}

/** What has happened so far. The walk hands the same lists to both legs. */
export interface Leg {
  readonly topology: Topology;
  readonly lookup: Lookup;
  readonly name: Hop['leg'];
  readonly hops: Hop[];
  readonly crossings: Crossing[];
  readonly translations: Translation[];
  /** What was already forwarded where: a packet that comes by a second time circles. */
  readonly forwarded: Set<string>;
  /** What was seen of the connection before this packet. */
  readonly established: readonly Crossing[];
  /** On the answer, what was asked: nobody else takes it, and from nobody else. */
  readonly asked?: Packet;
}

/** Where a packet is between two steps, until it has come to an end. */
export type Place =
  | { readonly at: 'leaving'; readonly interface: NetworkInterface; readonly flow: Flow }
  | {
      readonly at: 'arriving';
      readonly interface: NetworkInterface;
      readonly flow: Flow;
      /** It comes from the same subnet, so no network ACL concerns it. */
      readonly withinSubnet: boolean;
      /** What stops it at this interface beside groups and ACL. */
      readonly block?: FilterDecision;
    }
  | { readonly at: 'internet'; readonly flow: Flow }
  | End;

export type End =
  | { readonly at: 'destination'; readonly interface: NetworkInterface; readonly flow: Flow }
  /** It has left for a host on the internet. */
  | { readonly at: 'outside'; readonly flow: Flow }
  /** The sender addressed itself: its host answers, and no packet reaches the network. */
  | { readonly at: 'host'; readonly interface: NetworkInterface }
  | { readonly at: 'stopped' }
  | { readonly at: 'undecided' };

type Component = Hop['component'];

export function pass(leg: Leg, component: Component, id: string, rule: string): void {
  leg.hops.push({ leg: leg.name, component, id, outcome: 'passed', rule });
}

export function stop(leg: Leg, component: Component, id: string, code: Code, rule: string): End {
  leg.hops.push({ leg: leg.name, component, id, outcome: 'stopped', code, rule });
  return { at: 'stopped' };
}

export function doubt(leg: Leg, component: Component, id: string, code: Code, rule: string): End {
  leg.hops.push({ leg: leg.name, component, id, outcome: 'undecided', code, rule });
  return { at: 'undecided' };
}

/** Notes that the packet is forwarded here, and stops it where it already was. */
export function requireNoLoop(leg: Leg, component: Component, id: string, flow: Flow): End | undefined {
  const key = `${leg.name} ${id} ${flow.source} ${flow.destination}`;
  if (leg.forwarded.has(key)) return stop(leg, component, id, 'FORWARDING_LOOP', `${id} has forwarded it already`);
  leg.forwarded.add(key);
  return undefined;
}

/** Only a running instance sends, answers and forwards. Adds the instance's hop; undefined where it runs. */
export function requireRunning(leg: Leg, { id, instanceId, attached }: NetworkInterface): End | undefined {
  if (!attached) return stop(leg, 'network-interface', id, 'BAD_STATE_ATTACHMENT', `${id} is attached to nothing`);
  if (instanceId === undefined)
    return doubt(leg, 'network-interface', id, 'UNKNOWN_DESTINATION', `${id} belongs to no instance`);
  const instance = leg.lookup.instance(instanceId);
  if (!instance) return doubt(leg, 'instance', instanceId, 'UNKNOWN_RESOURCE', `${instanceId} is not known`);
  const rule = `${instanceId} is ${instance.state}`;
  if (instance.state !== 'running') return stop(leg, 'instance', instanceId, 'INSTANCE_NOT_RUNNING', rule);
  pass(leg, 'instance', instanceId, rule);
  return undefined;
}

export function hasAddress({ addresses }: NetworkInterface, address: string): boolean {
  return addresses.some((each) => each.address === address);
}

export function primaryAddress({ addresses }: NetworkInterface): string | undefined {
  return (addresses.find(({ primary }) => primary) ?? addresses[0])?.address;
}
