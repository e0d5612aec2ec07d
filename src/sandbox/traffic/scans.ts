/**
 * The internet's background noise: strangers who probe every public address. Most of the REJECT records of a real flow
 * log are theirs. Each probe is walked through the network model, so that what is recorded follows from the groups.
 */
import type { Packet } from '../../model/network/packet.ts';
import { walk } from '../../model/network/walk.ts';
import { serviceAt } from '../hosts/services.ts';
import { pick } from '../ids.ts';
import { topologyOf } from '../topology.ts';
import type { RegionState } from '../world.ts';
import { watchedInterfaces } from './coverage.ts';
import { sight } from './sight.ts';

const MINUTE_MS = 60_000;
/** So many an address may always have. */
const LEAST_PROBES = 12;
/** IANA protocol numbers, and TCP flags. */
const [TCP, UDP] = [6, 17];
const [SYN, RST, SYN_ACK] = [2, 4, 18];

/** First octets that are public throughout, and none of AWS's documentation ranges. */
const FIRST_OCTETS = [
  5, 23, 31, 37, 45, 46, 62, 66, 77, 79, 80, 83, 85, 89, 91, 93, 94, 103, 118, 141, 146, 152, 170, 185,
];
const TCP_PORTS = [22, 23, 80, 443, 445, 1433, 2222, 2375, 3306, 3389, 5432, 5555, 5900, 6379, 8080, 8443, 8728, 9200];
const UDP_PROBES = [
  { port: 53, bytes: 58 },
  { port: 123, bytes: 76 },
  { port: 161, bytes: 71 },
  { port: 1900, bytes: 125 },
  { port: 5060, bytes: 441 },
];

interface Probe {
  readonly packet: Omit<Packet, 'to'>;
  readonly protocol: number;
  readonly bytes: number;
}

/**
 * Makes the probes of the whole minutes since the last time, against the public addresses that a flow log sees.
 * @param idleMs However much time has passed, only so much of it is made up for. @param most About so many probes at once.
 */
export function scan(region: RegionState, now: number, idleMs: number, most: number, random: () => number): void {
  const { ec2, traffic } = region;
  const from = Math.max(traffic.scannedUntil, now - idleMs);
  const minutes = Math.floor((now - from) / MINUTE_MS);
  if (minutes < 1) return;
  traffic.scannedUntil = from + minutes * MINUTE_MS;
  const targets = targetsIn(ec2);
  const share = Math.max(LEAST_PROBES, Math.floor(most / targets.length));
  for (const { instanceId, address } of targets) {
    const span = { start: Math.max(from, ec2.since[instanceId] ?? 0), end: traffic.scannedUntil };
    probe(region, instanceId, address, span, share, random);
  }
}

/** The public addresses of running instances that a flow log sees. */
function targetsIn(ec2: RegionState['ec2']): { instanceId: string; address: string }[] {
  return [...watchedInterfaces(ec2).values()].flatMap(({ networkInterface, instance, flowLogs }) => {
    if (flowLogs.length === 0 || instance?.State?.Name !== 'running') return [];
    const { InstanceId: instanceId = '' } = instance;
    const addresses = (networkInterface.PrivateIpAddresses ?? []).flatMap(
      ({ Association }) => Association?.PublicIp || [],
    );
    return addresses.map((address) => ({ instanceId, address }));
  });
}

function probe(
  region: RegionState,
  instanceId: string,
  to: string,
  span: { start: number; end: number },
  most: number,
  random: () => number,
): void {
  const topology = topologyOf(region.ec2);
  const length = span.end - span.start;
  const perMinute = 2 + 2 * random();
  const count = Math.min(most, Math.round((length / MINUTE_MS) * perMinute));
  for (let index = 0; index < count; index += 1) {
    const { packet, protocol, bytes } = anyProbe(random);
    const { crossings } = walk(topology, { ...packet, to });
    const times = [Math.floor(span.start + random() * length)];
    const asked = crossings.filter(({ leg }) => leg === 'request');
    sight(region, asked, { protocol, packets: 1, bytes, times, ...(protocol === TCP && { flags: SYN }) });
    // A closed UDP port answers with ICMP or not at all; no service listens there.
    if (protocol === UDP) continue;
    const open = serviceAt(region.ec2, instanceId, packet.destinationPort ?? 0) !== undefined;
    const answer = protocol === TCP ? { bytes: open ? 44 : 40, flags: open ? SYN_ACK : RST } : { bytes };
    const told = crossings.filter(({ leg }) => leg === 'answer');
    sight(region, told, { protocol, packets: 1, ...answer, times });
  }
}

function anyProbe(random: () => number): Probe {
  const from = { internet: [FIRST_OCTETS[pick(random, FIRST_OCTETS.length)], ...lastOctets(random)].join('.') };
  const sourcePort = 32_768 + pick(random, 28_232);
  const kind = random();
  if (kind < 0.08) return { packet: { protocol: 'icmp', from }, protocol: 1, bytes: kind < 0.05 ? 84 : 28 };
  if (kind < 0.2) {
    const { port, bytes } = UDP_PROBES[pick(random, UDP_PROBES.length)] ?? { port: 53, bytes: 58 };
    return { packet: { protocol: 'udp', from, sourcePort, destinationPort: port }, protocol: 17, bytes };
  }
  const known = TCP_PORTS[pick(random, TCP_PORTS.length)];
  const destinationPort = known !== undefined && kind < 0.7 ? known : 1024 + pick(random, 64_000);
  const bytes = kind < 0.3 ? 40 : kind < 0.8 ? 44 : 60;
  return { packet: { protocol: 'tcp', from, sourcePort, destinationPort }, protocol: 6, bytes };
}

function lastOctets(random: () => number): number[] {
  return [pick(random, 256), pick(random, 256), 1 + pick(random, 254)];
}
