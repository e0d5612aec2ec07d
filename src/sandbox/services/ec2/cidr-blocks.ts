/** What AWS allows as the block of a VPC, of a subnet, or of a route. */
import { canonical, contains, isCidr, overlaps } from '../../../model/network/cidr.ts';
import { AwsError } from '../../service.ts';
import { invalidValue } from './common.ts';

/** VPC User Guide, "VPC CIDR blocks": /16 to /28, written by its first address. */
export function requireBlock(cidr: string | undefined, what: 'Vpc' | 'Subnet'): string {
  if (cidr === undefined) throw new AwsError('MissingParameter', 'The request must contain the parameter cidrBlock');
  const block = requireCidr('cidrBlock', cidr);
  const length = prefixLength(block);
  if (length < 16 || length > 28) throw new AwsError(`Invalid${what}.Range`, `The CIDR '${cidr}' is invalid.`);
  return block;
}

/** Any IPv4 block; stray host bits are cleared, as AWS does (EC2 API Reference, CreateRoute). */
export function requireCidr(parameter: string, cidr: string): string {
  if (!isCidr(cidr)) throw invalidValue(parameter, cidr, 'This is not a valid CIDR block.');
  return canonical(cidr);
}

function prefixLength(cidr: string): number {
  return Number(cidr.split('/')[1]);
}

/** Is `inner` the same as `outer`, or a part of it? */
export function isWithin(inner: string, outer: string): boolean {
  return prefixLength(inner) >= prefixLength(outer) && contains(outer, inner.split('/')[0] ?? '');
}

export function anyOverlap(blocks: readonly string[], others: readonly string[]): boolean {
  return blocks.some((block) => others.some((other) => overlaps(block, other)));
}

/** How many addresses a subnet has for use: AWS keeps the first four and the last (VPC User Guide, "Subnet CIDR blocks"). */
export function usableAddresses(cidr: string): number {
  return 2 ** (32 - prefixLength(cidr)) - 5;
}

/** The address at this place in a block. */
export function addressAt(cidr: string, index: number): string {
  const first = (cidr.split('/')[0] ?? '').split('.').reduce((number, part) => number * 256 + Number(part), 0);
  const number = first + index;
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}
