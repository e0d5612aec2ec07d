/** The entries of a prefix list: what may be one, and what a change makes of them. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import ipaddr from 'ipaddr.js';
import { AwsError } from '../../service.ts';
import { requireCidr } from './cidr-blocks.ts';
import { invalidValue } from './common.ts';

export type AddressFamily = 'IPv4' | 'IPv6';

interface Change {
  readonly add: readonly Ec2.AddPrefixListEntry[];
  readonly remove: readonly Ec2.RemovePrefixListEntry[];
}

/** EC2 API Reference, CreateManagedPrefixList and ModifyManagedPrefixList: entries of a request. */
const MOST_AT_ONCE = 100;

/** Adding a block that is there replaces its description. @throws AwsError as AWS refuses the change. */
export function changedEntries(
  entries: readonly Ec2.PrefixListEntry[],
  family: AddressFamily,
  { add, remove }: Change,
): Ec2.PrefixListEntry[] {
  if (add.length > MOST_AT_ONCE || remove.length > MOST_AT_ONCE)
    throw new AwsError(
      'InvalidParameterValue',
      `The number of entries per request cannot exceeds limit (${MOST_AT_ONCE}).`,
    );
  const added = add.map((entry) => ({ ...entry, Cidr: requireFamilyCidr(family, entry.Cidr ?? '') }));
  const removed = remove.map(({ Cidr }) => requireFamilyCidr(family, Cidr ?? ''));
  const named = [...added.map(({ Cidr }) => Cidr), ...removed];
  const twice = named.find((cidr, index) => named.indexOf(cidr) !== index);
  if (twice !== undefined)
    throw new AwsError('InvalidParameterValue', `The request names the prefix list entry ${twice} more than once.`);
  const absent = removed.find((cidr) => !entries.some(({ Cidr }) => Cidr === cidr));
  if (absent !== undefined)
    throw new AwsError('InvalidPrefixListModification', `The prefix list has no entry ${absent}.`);
  return [...entries.filter(({ Cidr = '' }) => !named.includes(Cidr)), ...added];
}

export function requireFewEnough(entries: readonly Ec2.PrefixListEntry[], most: number): void {
  if (entries.length > most)
    throw new AwsError(
      'PrefixListMaxEntriesExceeded',
      `The prefix list would have ${entries.length} entries; its maximum is ${most}.`,
    );
}

function requireFamilyCidr(family: AddressFamily, cidr: string): string {
  if (family === 'IPv4') return requireCidr('cidr', cidr);
  if (!ipaddr.IPv6.isValidCIDR(cidr)) throw invalidValue('cidr', cidr, 'This is not a valid IPv6 CIDR block.');
  return `${ipaddr.IPv6.networkAddressFromCIDR(cidr)}/${ipaddr.IPv6.parseCIDR(cidr)[1]}`;
}
