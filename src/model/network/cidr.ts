/** IPv4 blocks and addresses. Text that is not IPv4 (an IPv6 block, a prefix list's id) contains and overlaps nothing. */
import ipaddr from 'ipaddr.js';

const { IPv4 } = ipaddr;

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

export function contains(cidr: string, address: string): boolean {
  return isCidr(cidr) && isAddress(address) && IPv4.parse(address).match(IPv4.parseCIDR(cidr));
}

/** Two blocks overlap if and only if one holds the other's first address. */
export function overlaps(a: string, b: string): boolean {
  if (!isCidr(a) || !isCidr(b)) return false;
  return (
    contains(a, IPv4.networkAddressFromCIDR(b).toString()) || contains(b, IPv4.networkAddressFromCIDR(a).toString())
  );
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
