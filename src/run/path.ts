/** Where a packet from one place to another goes in an account's network, and its answer: `labproof path`. */
import type { AccountReader } from '../account/reader.ts';
import type { CloudIdentity } from '../check.ts';
import { LONGEST_NAME, oneLine } from '../lib/terminal-text.ts';
import type { Reading, SliceName, Slices, Unread } from '../model/account.ts';
import { interfaceTowards } from '../model/network/arrive.ts';
import { isAddress, isAddress6, isPrivate, isShared, isUnroutable } from '../model/network/cidr.ts';
import { meaningOf } from '../model/network/codes.ts';
import { lookupOf } from '../model/network/lookup.ts';
import type { Crossing, Hop, Packet, Walk } from '../model/network/packet.ts';
import { type Instance, type NetworkInterface, TOPOLOGY_SLICES, type Topology } from '../model/network/topology.ts';
import { walk } from '../model/network/walk.ts';
import { CloudUnavailable } from './verify.ts';

export type PathProtocol = { readonly name: 'icmp' } | { readonly name: 'tcp' | 'udp'; readonly port: number };

export interface PathRequest {
  /** An instance's id or Name tag, a network interface's id, or an address; one that nobody here has is on the internet. */
  readonly from: string;
  /** The same. */
  readonly to: string;
  readonly protocol: PathProtocol;
}

export interface PathEnd {
  readonly address: string;
  readonly interface?: string;
  readonly instance?: string;
  readonly name?: string;
}

export type PathHop = Omit<Hop, 'leg'> & { readonly meaning?: string };

export interface PathResult {
  readonly schema: 'labproof/path/v1';
  readonly cloud: Pick<CloudIdentity, 'kind' | 'account' | 'region'>;
  readonly from: PathEnd;
  readonly to: PathEnd;
  /** `icmp` (an echo request), `tcp:PORT` or `udp:PORT`. */
  readonly protocol: string;
  /** Of both ways together. */
  readonly verdict: 'delivered' | 'dropped' | 'indeterminate';
  readonly request: { readonly outcome: Walk['request']; readonly hops: readonly PathHop[] };
  readonly answer: { readonly outcome: Walk['answer']; readonly hops: readonly PathHop[] };
  readonly stoppedAt: (PathHop & Pick<Hop, 'leg'>) | null;
  /** What flow logs on the way record, in order. */
  /** What could not be read; a way that leads there is indeterminate. */
  readonly unread: readonly string[];
  readonly records: readonly Pick<Crossing, 'interfaceId' | 'direction' | 'source' | 'destination' | 'action'>[];
}

/** Thrown for a place that the account does not hold, or holds more than once. */
export class UnknownPlace extends Error {}

/** @throws CloudUnavailable where the network cannot be read; UnknownPlace for a place that is not in it. */
export async function findPath(reader: AccountReader, request: PathRequest): Promise<PathResult> {
  const identity = reader.identity();
  const readings = await Promise.all(
    TOPOLOGY_SLICES.map(async (name) => [name, await reader.read<SliceName>(name)] as const),
  );
  const unread = readings.flatMap(([name, reading]) =>
    OPTIONAL.includes(name) && !reading.ok ? [reading.unread] : [],
  );
  const slices = readings.map(([name, reading]) => [
    name,
    OPTIONAL.includes(name) && !reading.ok ? [] : readOf(reading),
  ]);
  const topology = Object.fromEntries(slices) as Pick<Slices, (typeof TOPOLOGY_SLICES)[number]>;
  const messages = unread.map(({ action, message }) => `${action} could not be read: ${message}`);
  return pathIn(readOf(await identity), topology, request, messages);
}

/** NAT gateways and prefix lists are on few ways: where they cannot be read, a way that leads to one is indeterminate. */
const OPTIONAL: readonly SliceName[] = ['natGateways', 'prefixLists'];

function readOf<T>(reading: Reading<T>): T {
  if (reading.ok) return reading.value;
  throw new CloudUnavailable(reading.unread satisfies Unread);
}

/** Pure. @throws UnknownPlace */
export function pathIn(
  cloud: CloudIdentity,
  topology: Topology,
  request: PathRequest,
  unread: readonly string[] = [],
): PathResult {
  const { protocol } = request;
  const to = isAddress(request.to) || isAddress6(request.to) ? { address: request.to } : endOf(topology, request.to);
  const from = isAddress(request.from) ? senderAt(topology, request.from) : endOf(topology, request.from, to.address);
  const destination = from.interface === undefined ? (publicAddressOf(topology, to) ?? to.address) : to.address;
  const packet: Packet = {
    protocol: protocol.name,
    from: from.interface === undefined ? { internet: from.address } : { interfaceId: from.interface },
    to: destination,
    ...(protocol.name !== 'icmp' && { destinationPort: protocol.port }),
  };
  const { hops, stoppedAt, crossings, request: sent, answer, receiverId } = walk(topology, packet);
  const receiver = lookupOf(topology).networkInterface(receiverId ?? '');
  const hopsOf = (leg: Hop['leg']) => hops.filter((hop) => hop.leg === leg).map(({ leg: _, ...hop }) => explained(hop));
  return {
    schema: 'labproof/path/v1',
    cloud: { kind: cloud.kind, account: cloud.account, region: cloud.region },
    from,
    to: { ...(receiver && endAt(topology, receiver)), ...to, address: destination },
    protocol: protocol.name === 'icmp' ? 'icmp' : `${protocol.name}:${protocol.port}`,
    verdict: sent === 'delivered' && answer !== 'none' ? answer : sent,
    request: { outcome: sent, hops: hopsOf('request') },
    answer: { outcome: answer, hops: hopsOf('answer') },
    stoppedAt: stoppedAt ? explained(stoppedAt) : null,
    unread,
    records: crossings.map(({ interfaceId, direction, source, destination, action }) => ({
      interfaceId,
      direction,
      source,
      destination,
      action,
    })),
  };
}

function explained<H extends Omit<Hop, 'leg'>>(hop: H): H & { readonly meaning?: string } {
  return hop.code === undefined ? hop : { ...hop, meaning: meaningOf(hop.code) };
}

/** @param towards Where the packet goes: an instance with several interfaces sends from the one that leads there. */
function endOf(topology: Topology, place: string, towards?: string): PathEnd {
  const lookup = lookupOf(topology);
  if (place.startsWith('eni-')) {
    const found = lookup.networkInterface(place);
    if (!found) throw unknownPlace(topology, place, 'network interface');
    return endAt(topology, found);
  }
  const instance = instanceNamed(topology, place);
  const [primary] = lookup.interfacesOf(instance.id);
  const own = towards === undefined ? primary : interfaceTowards(lookup, instance.id, towards);
  if (!own)
    throw new UnknownPlace(`Instance ${instance.id} is ${instance.state} and has no network interface any more.`);
  return endAt(topology, own);
}

/** The interface that has this address; where none has, it is a host on the internet. */
function senderAt(topology: Topology, address: string): PathEnd {
  const having = topology.networkInterfaces.filter(({ addresses }) =>
    addresses.some((each) => each.address === address || each.publicIp === address),
  );
  const [found, other] = having;
  if (!found) {
    if (isPrivate(address) || isShared(address) || isUnroutable(address))
      throw new UnknownPlace(`Nothing here has ${address}, and no host on the internet can have it.`);
    return { address };
  }
  if (!other) return endAt(topology, found);
  const ids = having.map(({ id }) => id).join(', ');
  throw new UnknownPlace(`Several network interfaces have ${address}: ${ids}. Name one of them.`);
}

/** From the internet, an instance that was named is reached by its public address. */
function publicAddressOf(topology: Topology, to: PathEnd): string | undefined {
  const found = to.interface === undefined ? undefined : lookupOf(topology).networkInterface(to.interface);
  return found?.addresses.find(({ address }) => address === to.address)?.publicIp;
}

function endAt(topology: Topology, { id, addresses, instanceId }: NetworkInterface): PathEnd {
  const instance = instanceId === undefined ? undefined : lookupOf(topology).instance(instanceId);
  const address = (addresses.find(({ primary }) => primary) ?? addresses[0])?.address;
  if (address === undefined) throw new UnknownPlace(`Network interface ${id} has no IPv4 address.`);
  const name = instance?.tags.Name;
  return {
    address,
    interface: id,
    ...(instanceId !== undefined && { instance: instanceId }),
    ...(name !== undefined && { name }),
  };
}

function instanceNamed(topology: Topology, place: string): Instance {
  const byId = lookupOf(topology).instance(place);
  if (byId) return byId;
  const named = topology.instances.filter(({ tags, state }) => tags.Name === place && state !== 'terminated');
  const [found, other] = named;
  if (!found) throw unknownPlace(topology, place, 'instance');
  if (other)
    throw new UnknownPlace(
      `Several instances are named "${oneLine(place, LONGEST_NAME)}": ${named.map(({ id }) => id).join(', ')}. Name one by its id.`,
    );
  return found;
}

function unknownPlace(topology: Topology, place: string, kind: 'instance' | 'network interface'): UnknownPlace {
  const there =
    kind === 'instance'
      ? topology.instances.map(({ id, tags }) =>
          tags.Name === undefined ? id : `${id} (${oneLine(tags.Name, LONGEST_NAME)})`,
        )
      : topology.networkInterfaces.map(({ id }) => id);
  const list = there.length > 0 ? `There is: ${there.slice(0, 10).join(', ')}.` : 'There is none in this Region.';
  return new UnknownPlace(`There is no ${kind} "${oneLine(place, LONGEST_NAME)}" here. ${list}`);
}
