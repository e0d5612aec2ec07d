/**
 * `ping` of iputils (Amazon Linux 2023), with the options of its closed set. Whether a reply comes is what the network
 * model says about the packet; nothing here decides it.
 */
import { isAddress } from '../../../model/network/cidr.ts';
import type { Walk } from '../../../model/network/packet.ts';
import { pick } from '../../ids.ts';
import type { Finished, Host } from './host.ts';

/** 56 bytes of data, 8 of ICMP and 20 of IP. */
const packetBytes = 84;
/** Endless pings are refused: each packet is kept until it is in a flow log. */
const mostPackets = 1000;
/** Amazon Linux 2023's initial TTL, as learners' terminals show it; an internet gateway on the way takes one off. */
const initialTtl = 127;

interface Options {
  readonly count?: number;
  readonly intervalMs: number;
  readonly lingerMs: number;
  readonly deadlineMs?: number;
  readonly quiet: boolean;
  readonly destination: string;
}

/** @param at When it starts. @param limitMs After which it is killed, without statistics. */
export function ping(words: readonly string[], host: Host, at: number, limitMs: number): Finished {
  const options = parseOptions(words);
  if ('exitCode' in options) return options;
  const { destination, intervalMs, lingerMs, deadlineMs, quiet } = options;
  if (intervalMs < 2)
    return refuse('cannot flood, minimal interval for user must be >= 2 ms, use -i 0.002 (or higher)');
  if (!isAddress(destination)) return refuse(`${destination}: Name or service not known`);

  const own = destination.startsWith('127.') || host.addresses.includes(destination);
  const way = own ? undefined : host.walk(destination);
  const answered = own || way?.answer === 'delivered';
  const inDeadline = deadlineMs === undefined ? Infinity : Math.ceil(deadlineMs / intervalMs);
  // With a deadline, ping goes on until so many were answered, not sent.
  const wanted = deadlineMs !== undefined && !answered ? inDeadline : Math.min(options.count ?? Infinity, inDeadline);
  if (wanted > mostPackets)
    return refuse(
      Number.isFinite(wanted)
        ? `this sandbox sends at most ${mostPackets} packets a command`
        : 'this sandbox sends no endless ping: add a count, such as -c 5',
    );
  const sent = Math.min(wanted, Math.floor(limitMs / intervalMs) + 1);
  const times = Array.from({ length: sent }, (_, index) => Math.floor(at + index * intervalMs));
  if (way) host.sight(way.crossings, { protocol: 1, bytes: packetBytes, times });

  const trips = answered ? roundTrips(sent, way, own, host.random) : [];
  const ttl = own || !way ? initialTtl : replyTtl(way, host.random);
  const lastSentMs = (sent - 1) * intervalMs;
  const wait = deadlineMs !== undefined && !answered ? deadlineMs - lastSentMs : lingerMs;
  const durationMs = lastSentMs + (answered ? (trips.at(-1) ?? 0) : wait);
  const lines = [
    `PING ${destination} (${destination}) 56(84) bytes of data.`,
    ...(quiet
      ? []
      : trips.map(
          (trip, index) => `64 bytes from ${destination}: icmp_seq=${index + 1} ttl=${ttl} time=${ms(trip)} ms`,
        )),
  ];
  if (durationMs > limitMs) return { stdout: `${lines.join('\n')}\n`, stderr: '', exitCode: 137, durationMs: limitMs };

  const lost = answered ? 0 : 100;
  const elapsed = Math.round(lastSentMs + (sent - 1) * (answered ? 1 : 20) * host.random());
  lines.push(
    '',
    `--- ${destination} ping statistics ---`,
    `${sent} packets transmitted, ${trips.length} received, ${lost}% packet loss, time ${elapsed}ms`,
    answered ? `rtt min/avg/max/mdev = ${summary(trips)} ms` : '',
  );
  const tooFew = deadlineMs !== undefined && trips.length < (options.count ?? 0);
  return { stdout: `${lines.join('\n')}\n`, stderr: '', exitCode: answered && !tooFew ? 0 : 1, durationMs };
}

/** Milliseconds of each reply: believable for the distance, the first a little slower. */
function roundTrips(count: number, way: Walk | undefined, own: boolean, random: () => number): number[] {
  const onInternet = way?.viaInternetGateway && way.receiverId === undefined;
  const base = own ? 0.02 : onInternet ? 5 + 140 * random() : 0.35 + 0.9 * random();
  const spread = own ? 0.02 : onInternet ? 1 : 0.25;
  return Array.from({ length: count }, (_, index) => base + spread * random() + (index === 0 ? spread : 0));
}

function replyTtl(way: Walk, random: () => number): number {
  if (!way.viaInternetGateway) return initialTtl;
  return way.receiverId === undefined ? 46 + pick(random, 12) : initialTtl - 1;
}

/** iputils prints four digits. */
function ms(time: number): string {
  return time >= 100 ? time.toFixed(0) : time >= 10 ? time.toFixed(1) : time >= 1 ? time.toFixed(2) : time.toFixed(3);
}

function summary(trips: readonly number[]): string {
  const average = trips.reduce((sum, trip) => sum + trip, 0) / trips.length;
  const squares = trips.reduce((sum, trip) => sum + trip * trip, 0) / trips.length;
  const deviation = Math.sqrt(Math.max(0, squares - average * average));
  return [Math.min(...trips), average, Math.max(...trips), deviation].map((value) => value.toFixed(3)).join('/');
}

/** As getopt reads them: `-c 3`, `-c3`, `-qc3`, before or behind the destination. */
function parseOptions(words: readonly string[]): Options | Finished {
  const destinations: string[] = [];
  const numbers: { c?: number; i?: number; w?: number; W?: number } = {};
  let quiet = false;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (!/^-./.test(word)) {
      destinations.push(word);
      continue;
    }
    const [, flags = '', option, glued] = /^-([nq]*)(?:([^nq])(.*))?$/.exec(word) ?? [];
    quiet ||= flags.includes('q');
    if (option === undefined) continue;
    if (option !== 'c' && option !== 'i' && option !== 'w' && option !== 'W')
      return refuse(`this sandbox knows the options -c -i -n -q -w -W only, not -${option}`);
    if (!glued) index += 1;
    const value = glued || words[index];
    if (value === undefined) return refuse(`option requires an argument -- '${option}'`);
    const number = numberFor(option, value);
    if (typeof number === 'object') return number;
    numbers[option] = number;
  }
  const [destination, extra] = destinations;
  if (destination === undefined) return refuse('usage error: Destination address required', 1);
  if (extra !== undefined) return refuse('this sandbox pings one destination at a time');
  const { c, i = 1, w, W = 10 } = numbers;
  return {
    ...(c === undefined ? {} : { count: c }),
    ...(w ? { deadlineMs: w * 1000 } : {}),
    intervalMs: i * 1000,
    lingerMs: W * 1000,
    quiet,
    destination,
  };
}

/** The messages and exit codes of iputils' `strtol_or_err` and `ping_strtod`. */
function numberFor(option: 'c' | 'i' | 'w' | 'W', value: string): number | Finished {
  if (option === 'c' || option === 'w') {
    const [least, most] = option === 'c' ? [1, '9223372036854775807'] : [0, '2147483647'];
    if (!/^[+-]?\d+$/.test(value)) return refuse(`invalid argument: '${value}'`, 1);
    const inRange = BigInt(value) >= BigInt(least) && BigInt(value) <= BigInt(most);
    if (!inRange) return refuse(`invalid argument: '${value}': out of range: ${least} <= value <= ${most}`, 1);
    return Number(value);
  }
  const name = option === 'i' ? 'bad timing interval' : 'bad linger time';
  const number = /^\d*\.?\d+$|^\d+\.$/.test(value) ? Number(value) : Number.NaN;
  const least = option === 'i' ? 0 : 0.001;
  return number >= least && number <= 2_147_483 ? number : refuse(`${name}: ${value}`);
}

function refuse(message: string, exitCode = 2): Finished {
  return { stdout: '', stderr: `ping: ${message}\n`, exitCode, durationMs: 5 };
}
