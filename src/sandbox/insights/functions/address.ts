/** User Guide, "IP address string functions". */
import ipaddr from 'ipaddr.js';
import { truth } from '../value.ts';
import { type ScalarFunction, texts, values } from './function.ts';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Family = 'ipv4' | 'ipv6';
/** A block as CIDR notation gives it; `undefined` for what is none. */
export type Block = [Address, number] | undefined;

const anything = /^.*$/;

export const addressFunctions: Readonly<Record<string, ScalarFunction>> = {
  isvalidip: ofAddress(anything),
  isvalidipv4: ofAddress(anything, 'ipv4'),
  isvalidipv6: ofAddress(anything, 'ipv6'),
  isprivateip: ofAddress(/^(private|uniqueLocal)$/),
  ispublicip: ofAddress(/^unicast$/),
  isreservedip: ofAddress(/^(?!unicast|private|uniqueLocal).*$/),
  isipinsubnet: inSubnet(),
  isipv4insubnet: inSubnet('ipv4'),
  isipv6insubnet: inSubnet('ipv6'),
  ipv4tonumber: texts(1, 1, (text) => {
    const address = parsed(text);
    return address?.kind() === 'ipv4' ? address.toByteArray().reduce((sum, byte) => sum * 256 + byte, 0) : undefined;
  }),
};

/** The functions whose second argument is a subnet, by the family of it. */
export const subnetFunctions: ReadonlySet<string> = new Set(['isipinsubnet', 'isipv4insubnet', 'isipv6insubnet']);

/** @param ranges The ranges of addresses, as ipaddr.js names them. */
function ofAddress(ranges: RegExp, family?: Family): ScalarFunction {
  return values(1, 1, (value) => {
    const address = typeof value === 'string' ? parsed(value) : undefined;
    return truth(address !== undefined && isOf(address, family) && ranges.test(address.range()));
  });
}

function inSubnet(family?: Family): ScalarFunction {
  return values(2, 2, (value, subnet) => {
    if (typeof value !== 'string' || typeof subnet !== 'string') return 0;
    const [address, block] = [parsed(value), blockOf(subnet)];
    if (!address || !block || !isOf(address, family) || address.kind() !== block[0].kind()) return 0;
    return truth(address.match(block));
  });
}

function isOf(address: Address, family: Family | undefined): boolean {
  return family === undefined || address.kind() === family;
}

function parsed(text: string): Address | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  return ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text) : undefined;
}

const blocks = new Map<string, Block>();

/** Kept, as a query asks for the same one for every row. */
export function blockOf(subnet: string): Block {
  if (blocks.size > 1000) blocks.clear();
  if (!blocks.has(subnet)) blocks.set(subnet, ipaddr.isValidCIDR(subnet) ? ipaddr.parseCIDR(subnet) : undefined);
  return blocks.get(subnet);
}
