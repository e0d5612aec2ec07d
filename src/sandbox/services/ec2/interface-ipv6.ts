/** IPv6 addresses of network interfaces (EC2 User Guide, "IPv6 addresses"). The network model walks IPv4 only. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import ipaddr from 'ipaddr.js';
import { pick } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { Ec2State } from '../../world.ts';
import { invalidValue, requireInterface, requireSubnet } from './common.ts';
import { findInstanceType } from './instance-types.ts';
import { refreshOwner } from './instance-view.ts';
import { requireOwn } from './interfaces.ts';
import { isWithin6 } from './ipv6-blocks.ts';

const { IPv6 } = ipaddr;

export interface Ipv6Wish {
  readonly Ipv6Addresses?: readonly string[] | undefined;
  readonly Ipv6AddressCount?: number | undefined;
}

/**
 * The IPv6 addresses that a call asks for, found free.
 * @param besides Addresses that the same call has given away already.
 * @throws AwsError where the subnet has no IPv6 block, or not these addresses.
 */
export function chooseIpv6(
  { region, random }: Request,
  subnet: Ec2.Subnet,
  { Ipv6Addresses: wanted = [], Ipv6AddressCount: count = 0 }: Ipv6Wish,
  besides: readonly string[] = [],
): readonly string[] {
  if (wanted.length > 0 && count > 0)
    throw new AwsError(
      'InvalidParameterCombination',
      'You may specify IPv6 addresses or a count of them, but not both in the same call',
    );
  if (wanted.length === 0 && count === 0) return [];
  const block = blockOf(subnet);
  if (block === undefined)
    throw new AwsError('InvalidParameterValue', `The subnet '${subnet.SubnetId}' does not have an IPv6 CIDR block.`);
  const taken = new Set([...takenIn(region.ec2, subnet), ...besides]);
  const chosen: string[] = [];
  for (const text of wanted) {
    if (!IPv6.isValid(text)) throw invalidValue('ipv6Addresses', text, 'This is not a valid IPv6 address.');
    const address = IPv6.parse(text).toString();
    if (!isWithin6(`${address}/128`, block))
      throw new AwsError('InvalidParameterValue', `Address ${text} does not fall within the subnet's address range`);
    if (taken.has(address)) throw new AwsError('InvalidIPAddress.InUse', `Address ${text} is in use.`);
    taken.add(address);
    chosen.push(address);
  }
  while (chosen.length < wanted.length + count) {
    const address = someAddress(block, random);
    if (taken.has(address)) continue;
    taken.add(address);
    chosen.push(address);
  }
  return chosen;
}

/** What a call wishes; a subnet may give one by itself (VPC User Guide, "Modify the IP addressing attributes of your subnet"). */
export function ipv6Wish(
  given: { Ipv6Addresses?: Ec2.InstanceIpv6Address[] | undefined; Ipv6AddressCount?: number | undefined },
  subnet: Ec2.Subnet,
): Ipv6Wish {
  const addresses = given.Ipv6Addresses?.map(({ Ipv6Address = '' }) => Ipv6Address) ?? [];
  const own = subnet.AssignIpv6AddressOnCreation && addresses.length === 0 ? 1 : 0;
  return { Ipv6Addresses: addresses, Ipv6AddressCount: given.Ipv6AddressCount ?? own };
}

function blockOf(subnet: Ec2.Subnet): string | undefined {
  return subnet.Ipv6CidrBlockAssociationSet?.find(
    ({ Ipv6CidrBlockState }) => Ipv6CidrBlockState?.State === 'associated',
  )?.Ipv6CidrBlock;
}

/** A subnet is a /64: the interface's half of the address is drawn. */
function someAddress(block: string, random: () => number): string {
  const parts = IPv6.parseCIDR(block)[0].parts.slice(0, 4);
  return new IPv6([...parts, ...Array.from({ length: 4 }, () => pick(random, 2 ** 16))]).toString();
}

function takenIn(ec2: Ec2State, { SubnetId: id }: Ec2.Subnet): readonly string[] {
  return ec2.networkInterfaces
    .filter(({ SubnetId }) => SubnetId === id)
    .flatMap(({ Ipv6Addresses = [] }) => Ipv6Addresses.flatMap(({ Ipv6Address }) => Ipv6Address ?? []));
}

export function ipv6Shapes(addresses: readonly string[]): Ec2.NetworkInterfaceIpv6Address[] {
  return addresses.map((Ipv6Address) => ({ Ipv6Address }));
}

function requireRoom({ region }: Request, { Attachment }: Ec2.NetworkInterface, count: number): void {
  const owner = region.ec2.instances.find(({ InstanceId }) => InstanceId === Attachment?.InstanceId);
  if (!owner) return;
  const most = findInstanceType(owner.InstanceType ?? '').NetworkInfo?.Ipv6AddressesPerInterface ?? 0;
  if (count > most)
    throw new AwsError(
      'IPv6AddressLimitExceeded',
      `Number of IPv6 addresses will exceed limit: ${owner.InstanceType} has up to ${most} an interface.`,
    );
}

/** Addresses that the interface has already stay as they are. */
const AssignIpv6Addresses: Operation<Ec2.AssignIpv6AddressesRequest, Ec2.AssignIpv6AddressesResult> = (
  request,
  input,
) => {
  const networkInterface = requireOwn(requireInterface(request, input.NetworkInterfaceId));
  const subnet = requireSubnet(request, networkInterface.SubnetId);
  const before = networkInterface.Ipv6Addresses ?? [];
  const own = new Set(before.map(({ Ipv6Address }) => Ipv6Address));
  const added = chooseIpv6(request, subnet, {
    Ipv6Addresses: input.Ipv6Addresses?.filter((address) => !own.has(address)),
    Ipv6AddressCount: input.Ipv6AddressCount,
  });
  requireRoom(request, networkInterface, before.length + added.length);
  networkInterface.Ipv6Addresses = [...before, ...ipv6Shapes(added)];
  refreshOwner(request.region.ec2, networkInterface);
  return { NetworkInterfaceId: networkInterface.NetworkInterfaceId, AssignedIpv6Addresses: [...added] };
};

const UnassignIpv6Addresses: Operation<Ec2.UnassignIpv6AddressesRequest, Ec2.UnassignIpv6AddressesResult> = (
  request,
  input,
) => {
  const networkInterface = requireOwn(requireInterface(request, input.NetworkInterfaceId));
  const before = networkInterface.Ipv6Addresses ?? [];
  const gone = (input.Ipv6Addresses ?? []).map((text) => (IPv6.isValid(text) ? IPv6.parse(text).toString() : text));
  if (gone.some((address) => !before.some(({ Ipv6Address }) => Ipv6Address === address)))
    throw new AwsError(
      'InvalidParameterValue',
      `Some of the specified addresses are not assigned to interface ${networkInterface.NetworkInterfaceId}`,
    );
  networkInterface.Ipv6Addresses = before.filter(({ Ipv6Address = '' }) => !gone.includes(Ipv6Address));
  refreshOwner(request.region.ec2, networkInterface);
  return { NetworkInterfaceId: networkInterface.NetworkInterfaceId, UnassignedIpv6Addresses: gone };
};

export const interfaceIpv6Operations: Operations = { AssignIpv6Addresses, UnassignIpv6Addresses };
