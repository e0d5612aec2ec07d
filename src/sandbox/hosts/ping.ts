/**
 * `ping` of iputils (Amazon Linux 2023). Whether a reply comes is what the network model says about each packet at the
 * time at which it is sent; nothing here decides it.
 */
import { isAddress, isAddress6, isLoopback, lastAddress } from '../../model/network/cidr.ts';
import type { Crossing, Walk } from '../../model/network/packet.ts';
import { pick } from '../ids.ts';
import { addressesOf, type Host } from './host.ts';
import { type PingOptions, parsePing, refuse } from './ping-options.ts';
import type { Finished, Limits, Progress } from './process.ts';

/** Amazon Linux 2023's initial TTL, as learners' terminals show it; an internet gateway on the way takes one off. */
const INITIAL_TTL = 127;
/** What hosts on the internet begin with. */
const INTERNET_TTL = 64;
const HEADERS = { ip: 20, icmp: 8 };
/** EC2 User Guide, Network maximum transmission unit: jumbo frames inside AWS, not through an internet gateway. */
const MTU = { inside: 9001, internet: 1500 };
/** From so many bytes of data on, a time stamp fits into the packet, and ping tells the time. */
const TIME_STAMP = 16;

export interface PingState {
  kind: 'ping';
  options: PingOptions;
  address: string;
  /** With -I: where it sends from, and how it says so. */
  source?: { interfaceId: string; shown: string };
  /** Epoch milliseconds. */
  started: number;
  sent: number;
  received: number;
  /** Of the round trips, milliseconds. */
  trips: { least: number; most: number; sum: number; squares: number };
  /** When the last reply came. */
  lastReply: number;
  /** Why the network model cannot follow the first packet. */
  undecided?: string;
  /** What interfaces let through so far: security groups track it. */
  tracked: Crossing[];
  /** How far away this destination is: milliseconds, and routers on the internet. */
  distance: { ms: number; routers: number };
}

/** @param at When it starts, epoch milliseconds. */
export function startPing(words: readonly string[], host: Host, at: number, limits: Limits): PingState | Finished {
  const options = parsePing(words);
  if ('exitCode' in options) return options;
  const { count = Infinity, deadlineMs = Infinity, intervalMs } = options;
  if (Math.min(count, Math.min(deadlineMs, limits.ms) / intervalMs) > limits.packets)
    return refuse(
      `this sandbox sends at most ${limits.packets} packets more in this command: use -c, -w or a longer -i`,
    );
  const address = addressOf(options, host);
  if (typeof address === 'object') return address;
  const source = options.from === undefined ? undefined : sourceOf(options.from, host);
  if (source && 'exitCode' in source) return source;
  if (address === '255.255.255.255' || host.interfaces.some(({ subnet }) => address === lastAddress(subnet)))
    return refuse('Do you want to ping broadcast? Then -b. If not, check your local firewall rules');
  return {
    kind: 'ping',
    options,
    address,
    ...(source && { source }),
    started: at,
    sent: 0,
    received: 0,
    trips: { least: Number.MAX_VALUE, most: 0, sum: 0, squares: 0 },
    lastReply: at,
    tracked: [],
    distance: { ms: host.random(), routers: 8 + pick(host.random, 12) },
  };
}

/** The IPv4 address of the destination, or how getaddrinfo (glibc) and the missing way for IPv6 end the ping. */
function addressOf({ destination, family }: PingOptions, host: Host): string | Finished {
  const known = isAddress6(destination) ? 6 : isAddress(destination) ? 4 : undefined;
  if (known && family && known !== family) return refuse(`${destination}: Address family for hostname not supported`);
  const address = known ? destination : host.resolve(destination);
  if (address === 'unknown') return refuse(`${destination}: Name or service not known`);
  if (address === 'silent') return refuse(`${destination}: Temporary failure in name resolution`);
  if ((known ?? family) !== 6) return address;
  return refuse(host.hasIpv6 ? 'this sandbox follows IPv4 packets only' : 'connect: Network is unreachable');
}

/** Of a device, or of an own address (iputils 20210202, ping4_run, as Amazon Linux 2023 has it). */
function sourceOf(from: string, host: Host): NonNullable<PingState['source']> | Finished {
  for (const { id, device, addresses } of host.interfaces) {
    if (device === from) return { interfaceId: id, shown: `${addresses[0]} ${device}` };
    if (addresses[0] === from) return { interfaceId: id, shown: `${from} ` };
  }
  if (from === 'lo' || isLoopback(from) || addressesOf(host).includes(from) || isAddress6(from))
    return refuse(`this sandbox pings from devices and their primary addresses only, not from ${from}`);
  if (from.includes(':')) return refuse(`invalid source address: ${from}`);
  return refuse(isAddress(from) ? 'bind: Cannot assign requested address' : `SO_BINDTODEVICE ${from}: No such device`);
}

/** Sends what is due until then, and ends if it is done. @param until Epoch milliseconds. */
export function continuePing(state: PingState, host: Host, until: number): Progress {
  const { options } = state;
  const lines = state.sent === 0 ? [header(state)] : [];
  for (let times = dueTimes(state, until); times.length > 0; times = dueTimes(state, until))
    lines.push(...sendAt(times, state, host));
  if (state.undecided !== undefined) {
    const stderr = `ping: this sandbox cannot tell what becomes of a packet to ${state.address}: ${state.undecided}\n`;
    return { stdout: '', stderr, ended: { at: Math.ceil(state.started), exitCode: 2 } };
  }
  const ended = endOf(state, until);
  if (ended === undefined) return { stdout: lines.map((line) => `${line}\n`).join(''), stderr: '' };
  lines.push(...statistics(state, host));
  const short = options.deadlineMs !== undefined && state.received < (options.count ?? 0);
  const exitCode = state.received > 0 && !short ? 0 : 1;
  return { stdout: lines.map((line) => `${line}\n`).join(''), stderr: '', ended: { at: ended, exitCode } };
}

/** A batch is walked once, so it ends where the count could end the ping. */
function dueTimes(state: PingState, until: number): number[] {
  const { count = Infinity, deadlineMs = Infinity, intervalMs } = state.options;
  const last = Math.min(until, state.started + deadlineMs - 1);
  const due = Math.floor((last - state.started) / intervalMs) + 1;
  // With a deadline the count is of replies, so more may be sent (ping(8), -w).
  const wanted = deadlineMs === Infinity ? count : state.sent + count - state.received;
  const more = Math.max(0, Math.min(due, wanted) - state.sent);
  return Array.from({ length: more }, (_, index) => state.started + (state.sent + index) * intervalMs);
}

function sendAt(times: readonly number[], state: PingState, host: Host): string[] {
  const { options, address, source, distance } = state;
  // Linux takes 0.0.0.0 for the host itself.
  const own = address.startsWith('127.') || address === '0.0.0.0' || addressesOf(host).includes(address);
  const way = own
    ? undefined
    : host.walk({ protocol: 'icmp', to: address, established: state.tracked }, source?.interfaceId);
  if (way?.stoppedAt?.outcome === 'undecided' && state.sent === 0) state.undecided = way.stoppedAt.rule;
  if (way) state.tracked = tracked(state.tracked, way);
  const onInternet = (way?.viaInternetGateway && way.receiverId === undefined) ?? false;
  const routers = (leg: 'request' | 'answer') => (onInternet ? distance.routers : way ? routersOn(way, leg) : 0);
  const arrives = (options.ttl ?? INITIAL_TTL) > routers('request');
  const answered = own || (arrives && way?.answer === 'delivered');
  if (way) {
    // One that outlives its time to live is seen by its sender only.
    const crossings = arrives ? way.crossings : way.crossings.slice(0, 1);
    const { packets, bytes } = fragments(options.size, way.viaInternetGateway ? MTU.internet : MTU.inside);
    host.sight(crossings, { protocol: 1, packets, bytes, times: times.map(Math.floor) });
  }
  const first = state.sent;
  state.sent += times.length;
  if (!answered) return [];
  const ttl = (onInternet ? INTERNET_TTL : INITIAL_TTL) - routers('answer');
  const name = options.numeric || options.destination === address ? undefined : host.nameOf(address);
  const from = name === undefined ? address : `${name} (${address})`;
  return times.flatMap((time, index) => {
    const trip = roundTrip(state, own, onInternet, first + index, host.random);
    note(state, trip, time);
    if (options.quiet) return [];
    const took = options.size >= TIME_STAMP ? ` time=${ms(trip)} ms` : '';
    return [`${options.size + HEADERS.icmp} bytes from ${from}: icmp_seq=${first + index + 1} ttl=${ttl}${took}`];
  });
}

/** Each interface once, in each direction. */
function tracked(before: readonly Crossing[], { crossings }: Walk): Crossing[] {
  const passed = crossings.filter(({ leg, action }) => leg === 'request' && action === 'ACCEPT');
  const known = (each: Crossing) =>
    before.some(({ interfaceId, direction }) => interfaceId === each.interfaceId && direction === each.direction);
  return [...before, ...passed.filter((each) => !known(each))];
}

/** Who takes one off a packet's time to live: an internet gateway, and whoever forwards or translates. */
function routersOn(way: Walk, leg: 'request' | 'answer'): number {
  const passed = way.hops.filter((hop) => hop.leg === leg && hop.outcome === 'passed');
  const gateway = passed.some(({ component }) => component === 'internet-gateway') ? 1 : 0;
  return gateway + passed.filter(({ component }) => component === 'appliance' || component === 'nat-gateway').length;
}

/** RFC 791: a payload that is too long travels in pieces, each but the last a multiple of 8 bytes and with a header. */
function fragments(size: number, mtu: number): { packets: number; bytes: number } {
  const payload = size + HEADERS.icmp;
  const whole = payload + HEADERS.ip <= mtu;
  const packets = whole ? 1 : Math.ceil(payload / (Math.floor((mtu - HEADERS.ip) / 8) * 8));
  return { packets, bytes: payload + packets * HEADERS.ip };
}

/** Milliseconds: believable for the distance, the first a little slower. */
function roundTrip(state: PingState, own: boolean, onInternet: boolean, index: number, random: () => number): number {
  const base = own ? 0.02 : onInternet ? 5 + 140 * state.distance.ms : 0.35 + 0.9 * state.distance.ms;
  const spread = own ? 0.02 : onInternet ? 1 : 0.25;
  return base + spread * random() + (index === 0 ? spread : 0);
}

function note(state: PingState, trip: number, sentAt: number): void {
  const { trips } = state;
  state.received += 1;
  state.lastReply = sentAt + trip;
  trips.least = Math.min(trips.least, trip);
  trips.most = Math.max(trips.most, trip);
  trips.sum += trip;
  trips.squares += trip * trip;
}

/** When it ends, epoch milliseconds; undefined while it goes on. */
function endOf(state: PingState, until: number): number | undefined {
  const { options, sent, received, started, lastReply, trips } = state;
  const { count = Infinity, deadlineMs } = options;
  const end = (): number | undefined => {
    if (received >= count) return lastReply;
    if (deadlineMs !== undefined) return started + deadlineMs;
    if (sent < count) return undefined;
    // ping.c: it waits for the rest twice as long as an answer took, or the linger time where none came.
    const linger = received > 0 ? Math.max(2 * trips.most, 1) : options.lingerMs;
    return Math.max(lastReply, started + (sent - 1) * options.intervalMs + linger);
  };
  const at = end();
  return at !== undefined && at <= until ? Math.ceil(at) : undefined;
}

function header({ options, address, source }: PingState): string {
  const { destination, size } = options;
  const from = source ? `from ${source.shown}: ` : '';
  return `PING ${destination} (${address}) ${from}${size}(${size + HEADERS.icmp + HEADERS.ip}) bytes of data.`;
}

function statistics({ options, sent, received, trips }: PingState, host: Host): string[] {
  const lost = Number((((sent - received) * 100) / Math.max(sent, 1)).toPrecision(6));
  const jitter = (sent - 1) * (received > 0 ? 1 : 20) * host.random();
  const elapsed = Math.round((sent - 1) * options.intervalMs + jitter);
  const average = trips.sum / received;
  const deviation = Math.sqrt(Math.max(0, trips.squares / received - average * average));
  const numbers = [trips.least, average, trips.most, deviation].map((value) => value.toFixed(3)).join('/');
  return [
    '',
    `--- ${options.destination} ping statistics ---`,
    `${sent} packets transmitted, ${received} received, ${lost}% packet loss, time ${elapsed}ms`,
    received > 0 && options.size >= TIME_STAMP ? `rtt min/avg/max/mdev = ${numbers} ms` : '',
  ];
}

/** iputils prints four digits. */
function ms(time: number): string {
  return time >= 100 ? time.toFixed(0) : time >= 10 ? time.toFixed(1) : time >= 1 ? time.toFixed(2) : time.toFixed(3);
}
