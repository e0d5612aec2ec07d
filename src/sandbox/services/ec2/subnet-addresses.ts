/** Which private addresses of a subnet are free, and which ones a new network interface gets. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { pick } from '../../ids.ts';
import { AwsError } from '../../service.ts';
import type { Ec2State } from '../../world.ts';
import { addressAt, isWithin, usableAddresses } from './cidr-blocks.ts';
import { invalidValue } from './common.ts';

/** The first four addresses and the last of a subnet are AWS's own (VPC User Guide, "Subnet CIDR blocks"). */
const FIRST_USABLE = 4;

/** What a call says of the addresses it wants; what it leaves open is chosen. */
export interface AddressWish {
  readonly PrivateIpAddress?: string | undefined;
  readonly PrivateIpAddresses?: readonly Ec2.PrivateIpAddressSpecification[] | undefined;
  readonly SecondaryPrivateIpAddressCount?: number | undefined;
}

/**
 * The addresses for one interface, the primary one first.
 * @param besides Addresses that the same call has given away already.
 * @throws AwsError where a wish cannot be met.
 */
export function chooseAddresses(
  ec2: Ec2State,
  subnet: Ec2.Subnet,
  wish: AddressWish,
  random: () => number,
  besides: readonly string[] = [],
): readonly string[] {
  const listed = wish.PrivateIpAddresses ?? [];
  const more = wish.SecondaryPrivateIpAddressCount ?? 0;
  const [primary, second] = [
    ...(wish.PrivateIpAddress === undefined ? [] : [wish.PrivateIpAddress]),
    ...listed.filter(({ Primary }) => Primary).map(({ PrivateIpAddress = '' }) => PrivateIpAddress),
  ];
  const secondaries = listed.filter(({ Primary }) => !Primary).map(({ PrivateIpAddress = '' }) => PrivateIpAddress);
  if (second !== undefined)
    throw new AwsError('InvalidParameterValue', 'Only one primary private IP address can be specified.');
  if (more < 0) throw invalidValue('secondaryPrivateIpAddressCount', String(more));
  if (secondaries.length > 0 && more > 0)
    throw new AwsError(
      'InvalidParameterCombination',
      'Secondary private IP addresses and a count of them may not be specified on the same request',
    );
  const named = primary === undefined ? secondaries : [primary, ...secondaries];
  requireAllFree(ec2, subnet, named, besides);
  const count = primary === undefined ? more + 1 : more;
  const chosen = freeAddresses(ec2, subnet, count, random, [...besides, ...named]);
  return primary === undefined
    ? [...chosen.slice(0, 1), ...secondaries, ...chosen.slice(1)]
    : [primary, ...secondaries, ...chosen];
}

/** So many free addresses. @throws AwsError where the subnet has not that many. */
export function freeAddresses(
  ec2: Ec2State,
  subnet: Ec2.Subnet,
  count: number,
  random: () => number,
  besides: readonly string[] = [],
): readonly string[] {
  const cidr = subnet.CidrBlock ?? '';
  const size = usableAddresses(cidr);
  const taken = new Set([...takenIn(ec2, subnet.SubnetId), ...besides]);
  const start = pick(random, size);
  const found: string[] = [];
  for (let step = 0; step < size && found.length < count; step += 1) {
    const address = addressAt(cidr, FIRST_USABLE + ((start + step) % size));
    if (!taken.has(address)) found.push(address);
  }
  if (found.length < count)
    throw new AwsError(
      'InsufficientFreeAddressesInSubnet',
      `There are not enough free addresses in subnet '${subnet.SubnetId}' to satisfy the request.`,
    );
  return found;
}

export function requireAllFree(
  ec2: Ec2State,
  subnet: Ec2.Subnet,
  addresses: readonly string[],
  besides: readonly string[] = [],
): void {
  const cidr = subnet.CidrBlock ?? '';
  const taken = new Set([...takenIn(ec2, subnet.SubnetId), ...besides]);
  for (const address of addresses) {
    if (!isWithin(`${address}/32`, cidr))
      throw new AwsError('InvalidParameterValue', `Address ${address} does not fall within the subnet's address range`);
    if ([0, 1, 2, 3, usableAddresses(cidr) + FIRST_USABLE].some((index) => addressAt(cidr, index) === address))
      throw new AwsError('InvalidParameterValue', `Address ${address} is in subnet's reserved address range`);
    if (taken.has(address)) throw new AwsError('InvalidIPAddress.InUse', `Address ${address} is in use.`);
    taken.add(address);
  }
}

function takenIn(ec2: Ec2State, subnetId: string | undefined): readonly string[] {
  return ec2.networkInterfaces
    .filter(({ SubnetId }) => SubnetId === subnetId)
    .flatMap(({ PrivateIpAddresses = [] }) =>
      PrivateIpAddresses.flatMap(({ PrivateIpAddress }) => PrivateIpAddress ?? []),
    );
}

/** Counts a subnet's free addresses anew; called whenever its interfaces or their addresses change. */
export function recountAddresses(ec2: Ec2State, subnetId: string | undefined): void {
  const subnet = ec2.subnets.find(({ SubnetId }) => SubnetId === subnetId);
  if (subnet) subnet.AvailableIpAddressCount = usableAddresses(subnet.CidrBlock ?? '') - takenIn(ec2, subnetId).length;
}
