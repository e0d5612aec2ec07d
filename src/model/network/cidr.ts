/** IPv4 blocks and addresses. Text that is not IPv4 (an IPv6 block, a prefix list's id) contains and overlaps nothing. */
import ipaddr from 'ipaddr.js';

const { IPv4, IPv6 } = ipaddr;

/** RFC 1918: never routed on the internet. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];
/** RFC 6598: carrier-grade NAT. */
const SHARED = '100.64.0.0/10';
/** "This network", loopback, link-local, multicast and reserved: no internet host has one of these. */
const UNROUTABLE = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'];

/** Is it an IPv4 address in dotted-quad notation (`10.1.2.3`; no leading zeros, no short forms)? */
export function isAddress(text: string): boolean {
  return IPv4.isValidFourPartDecimal(text);
}

export function isAddress6(text: string): boolean {
  return IPv6.isValid(text);
}

/** Is it an IPv4 block (`10.1.0.0/16`)? Host bits may be set: AWS clears them on write. */
export function isCidr(text: string): boolean {
  return IPv4.isValidCIDRFourPartDecimal(text);
}

/** The block with its host bits cleared, as AWS stores it: `100.68.0.18/18` is `100.68.0.0/18` (API, CreateRoute). */
export function canonical(cidr: string): string {
  if (!isCidr(cidr)) return cidr;
  return `${IPv4.networkAddressFromCIDR(cidr)}/${prefixLength(cidr)}`;
}

/** How many bits of the block are fixed: 16 for `10.1.0.0/16`. */
export function prefixLength(cidr: string): number {
  return IPv4.parseCIDR(cidr)[1];
}

interface Range {
  readonly first: number;
  readonly last: number;
}

/** Walks ask the same few blocks and addresses again and again; parsing them each time was most of their cost. */
const ranges = new Map<string, Range | undefined>();
const MOST_RANGES = 20_000;

/** The addresses of a block, or of one address, as numbers. Undefined for what is neither. */
function rangeOf(text: string): Range | undefined {
  if (ranges.has(text)) return ranges.get(text);
  if (ranges.size >= MOST_RANGES) ranges.clear();
  const range = parseRange(text);
  ranges.set(text, range);
  return range;
}

function parseRange(text: string): Range | undefined {
  const cidr = text.includes('/') ? text : `${text}/32`;
  if (!isCidr(cidr)) return undefined;
  const first = numberOf(IPv4.networkAddressFromCIDR(cidr).octets);
  return { first, last: first + 2 ** (32 - prefixLength(cidr)) - 1 };
}

function numberOf(octets: readonly number[]): number {
  return octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

export function contains(cidr: string, address: string): boolean {
  if (address.includes('/') || !cidr.includes('/')) return false;
  const block = rangeOf(cidr);
  const one = rangeOf(address);
  return block !== undefined && one !== undefined && block.first <= one.first && one.last <= block.last;
}

export function overlaps(a: string, b: string): boolean {
  const [one, other] = [rangeOf(a), rangeOf(b)];
  return one !== undefined && other !== undefined && one.first <= other.last && other.first <= one.last;
}

/** The nth address of a block, counted from 0: the router of `10.1.0.0/20` is its first, `10.1.0.1`. */
export function addressAt(cidr: string, index: number): string {
  const number = (rangeOf(cidr)?.first ?? 0) + index;
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}

/** The broadcast address of a subnet. */
export function lastAddress(cidr: string): string {
  return addressAt(cidr, 2 ** (32 - prefixLength(cidr)) - 1);
}

export function isPrivate(address: string): boolean {
  return PRIVATE.some((block) => contains(block, address));
}

export function isShared(address: string): boolean {
  return contains(SHARED, address);
}

/** An address that no internet host can have, beside the private and shared ones. */
export function isUnroutable(address: string): boolean {
  return UNROUTABLE.some((block) => contains(block, address));
}

export function isLoopback(address: string): boolean {
  return contains('127.0.0.0/8', address);
}

/** 169.254.0.0/16: never routed; some of its addresses are AWS's own services. */
export function isLinkLocal(address: string): boolean {
  return contains('169.254.0.0/16', address);
}
