/** The command line of iputils' `ping`, as far as this sandbox's ping goes. */
import { type Finished, failed } from './process.ts';

export interface PingOptions {
  readonly destination: string;
  readonly count?: number;
  readonly intervalMs: number;
  readonly lingerMs: number;
  readonly deadlineMs?: number;
  /** Bytes of data behind the ICMP header. */
  readonly size: number;
  readonly ttl?: number;
  readonly quiet: boolean;
  readonly numeric: boolean;
  readonly family?: 4 | 6;
  /** The device or address to send from. */
  readonly from?: string;
}

const MOST_DATA = 65_507;

const USAGE = [
  '',
  'Usage',
  '  ping [options] <destination>',
  '',
  'Options:',
  '  <destination>      dns name or ip address',
  '  -c <count>         stop after <count> replies',
  '  -I <interface>     either interface name or address',
  '  -i <interval>      seconds between sending each packet',
  '  -n                 no dns name resolution',
  '  -q                 quiet output',
  '  -s <size>          use <size> as number of data bytes to be sent',
  '  -t <ttl>           define time to live',
  '  -w <deadline>      reply wait <deadline> in seconds',
  '  -W <timeout>       time to wait for response',
  '  -4                 use IPv4',
  '  -6                 use IPv6',
].join('\n');

type Numeric = 'c' | 'i' | 's' | 't' | 'w' | 'W';
const NUMERIC: readonly string[] = ['c', 'i', 's', 't', 'w', 'W'];

/** As getopt reads them: `-c 3`, `-c3`, `-qc3`, before or behind the destination. */
export function parsePing(words: readonly string[]): PingOptions | Finished {
  const destinations: string[] = [];
  const numbers: Partial<Record<Numeric, number>> = {};
  const flags = new Set<string>();
  let from: string | undefined;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (!/^-./.test(word)) {
      destinations.push(word);
      continue;
    }
    const [, simple = '', option, glued] = /^-([nq46]*)(?:([^nq46])(.*))?$/.exec(word) ?? [];
    for (const flag of simple) flags.add(flag);
    if (option === undefined) continue;
    if (option !== 'I' && !isNumeric(option)) return refuse(`invalid option -- '${option}'\n${USAGE}`);
    if (!glued) index += 1;
    const value = glued || words[index];
    if (value === undefined) return refuse(`option requires an argument -- '${option}'\n${USAGE}`);
    if (option === 'I') {
      from = value;
      continue;
    }
    const number = numberFor(option, value);
    if (typeof number === 'object') return number;
    numbers[option] = number;
  }
  if (flags.has('4') && flags.has('6')) return refuse('only one -4 or -6 option may be specified');
  const [destination, extra] = destinations;
  if (destination === undefined) return refuse('usage error: Destination address required', 1);
  if (extra !== undefined) return refuse(`${extra}: this sandbox pings one destination at a time`);
  const { c, i = 1, s = 56, t, w, W = 10 } = numbers;
  if (s > MOST_DATA) return refuse(`packet size ${s} is too large. Maximum is ${MOST_DATA}`);
  if (i * 1000 < 2) return refuse('cannot flood, minimal interval for user must be >= 2 ms, use -i 0.002 (or higher)');
  return {
    destination,
    ...(c !== undefined && { count: c }),
    ...(w && { deadlineMs: w * 1000 }),
    ...(t !== undefined && { ttl: t }),
    ...(flags.has('4') && { family: 4 }),
    ...(flags.has('6') && { family: 6 }),
    ...(from !== undefined && { from }),
    intervalMs: i * 1000,
    lingerMs: W * 1000,
    size: s,
    quiet: flags.has('q'),
    numeric: flags.has('n'),
  };
}

export function refuse(message: string, exitCode = 2): Finished {
  return failed(`ping: ${message}`, exitCode);
}

function isNumeric(option: string): option is Numeric {
  return NUMERIC.includes(option);
}

/** Bounds of the whole numbers (iputils, ping.c). */
const BOUNDS = {
  c: [1, '9223372036854775807'],
  s: [0, '2147483647'],
  t: [0, '255'],
  w: [0, '2147483647'],
} as const;

/** The messages and exit codes of iputils' `strtol_or_err` and `ping_strtod`. */
function numberFor(option: Numeric, value: string): number | Finished {
  if (option !== 'i' && option !== 'W') {
    const [least, most] = BOUNDS[option];
    if (!/^[+-]?\d+$/.test(value)) return refuse(`invalid argument: '${value}'`, 1);
    const inRange = BigInt(value) >= BigInt(least) && BigInt(value) <= BigInt(most);
    return inRange
      ? Number(value)
      : refuse(`invalid argument: '${value}': out of range: ${least} <= value <= ${most}`, 1);
  }
  const name = option === 'i' ? 'bad timing interval' : 'bad linger time';
  const number = /^\d*\.?\d+$|^\d+\.$/.test(value) ? Number(value) : Number.NaN;
  const least = option === 'i' ? 0 : 0.001;
  return number >= least && number <= 2_147_483 ? number : refuse(`${name}: ${value}`);
}
