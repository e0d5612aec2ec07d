/** What the numbers and codes of a flow-log record mean, in words that more than one explanation needs. */

/** Version 5, `traffic-path`: how traffic leaves the interface. Undefined for a path that is not known here. */
export function trafficPath(code: string): string | undefined {
  return TRAFFIC_PATHS.get(code);
}

const TRAFFIC_PATHS: ReadonlyMap<string, string> = new Map([
  ['1', 'through another resource in the same VPC'],
  ['2', 'through an internet gateway or a gateway VPC endpoint'],
  ['3', 'through a virtual private gateway'],
  ['4', 'through a peering connection inside the Region'],
  ['5', 'through a peering connection to another Region'],
  ['6', 'through a local gateway'],
  ['7', 'through a gateway VPC endpoint'],
  ['8', 'through an internet gateway'],
]);

/** Version 8, `reject-reason`: what refused, where it was neither a security group nor a network ACL. */
export function rejectReason(code: string): string | undefined {
  return REJECT_REASONS.get(code);
}

const REJECT_REASONS: ReadonlyMap<string, string> = new Map([
  ['BPA', 'VPC Block Public Access'],
  ['EC', 'VPC Encryption Controls'],
]);

/** Version 10, `encryption-status`. */
export function encryption(code: string): string | undefined {
  return ENCRYPTION.get(code);
}

const ENCRYPTION: ReadonlyMap<string, string> = new Map([
  ['0', 'not encrypted'],
  ['1', 'encrypted by the Nitro hardware'],
  ['2', 'encrypted by the application'],
  ['3', 'encrypted by the Nitro hardware and by the application'],
]);

const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'];
const SYN_ACK = 0b10010;

/**
 * Version 3, `tcp-flags`: what was seen in the interval, or-ed. ACK is recorded only beside SYN, so the two together are
 * the answer to a SYN (Flow log records: tcp-flags).
 */
export function tcpFlagNames(flags: number): string[] {
  const answers = (flags & SYN_ACK) === SYN_ACK;
  const names = FLAGS.filter((_, bit) => ((answers ? flags & ~SYN_ACK : flags) & (1 << bit)) !== 0);
  return answers ? ['SYN-ACK', ...names] : names.includes('SYN') ? ['SYN', ...names.filter((n) => n !== 'SYN')] : names;
}

/** `2024-11-14 16:33:01`, in UTC. */
export function instant(seconds: number): string {
  const day = Math.floor(seconds / DAY);
  if (day !== lastDay) [lastDay, lastDate] = [day, new Date(day * DAY * 1000).toISOString().slice(0, 10)];
  const rest = seconds - day * DAY;
  return `${lastDate} ${twoDigits(rest / 3600)}:${twoDigits((rest / 60) % 60)}:${twoDigits(rest % 60)}`;
}

const DAY = 86_400;
/** The records of a log are of one day, mostly, and to write it was a good part of explaining them. */
let lastDay = Number.NaN;
let lastDate = '';

function twoDigits(number: number): string {
  const whole = Math.floor(number);
  return whole < 10 ? `0${whole}` : `${whole}`;
}

/** `1 packet`, `2 packets`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
