/** Public addresses on the private addresses of network interfaces. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { pick } from '../../ids.ts';
import type { Ec2State } from '../../world.ts';

/** Blocks from which EC2 hands out public addresses (ip-ranges.json, service EC2). */
const PUBLIC_BLOCKS = ['3.80', '18.204', '34.224', '44.192', '52.20', '54.144'];

export function publicAddress(ec2: Ec2State, random: () => number): string {
  for (;;) {
    const address = `${PUBLIC_BLOCKS[pick(random, PUBLIC_BLOCKS.length)]}.${pick(random, 256)}.${1 + pick(random, 254)}`;
    const taken = ec2.networkInterfaces.some(({ Association }) => Association?.PublicIp === address);
    if (!taken && !ec2.addresses.some(({ PublicIp }) => PublicIp === address)) return address;
  }
}

/** Public DNS names as EC2 forms them (VPC User Guide, "DNS hostnames"). @param privateIp The primary one, if not given. */
export function givePublicIp(
  networkInterface: Ec2.NetworkInterface,
  address: Ec2.NetworkInterfaceAssociation,
  regionName: string,
  privateIp = networkInterface.PrivateIpAddress,
): void {
  const zone = regionName === 'us-east-1' ? 'compute-1' : `${regionName}.compute`;
  const association = {
    ...address,
    PublicDnsName: `ec2-${address.PublicIp?.replaceAll('.', '-')}.${zone}.amazonaws.com`,
  };
  for (const own of networkInterface.PrivateIpAddresses ?? [])
    if (own.PrivateIpAddress === privateIp) own.Association = association;
  if (privateIp === networkInterface.PrivateIpAddress) networkInterface.Association = association;
}

export function takePublicIp(
  networkInterface: Ec2.NetworkInterface,
  privateIp = networkInterface.PrivateIpAddress,
): void {
  for (const own of networkInterface.PrivateIpAddresses ?? [])
    if (own.PrivateIpAddress === privateIp) delete own.Association;
  if (privateIp === networkInterface.PrivateIpAddress) delete networkInterface.Association;
}

/** Puts an Elastic IP address on a private address of an interface. */
export function bind(
  address: Ec2.Address,
  to: Ec2.NetworkInterface,
  AssociationId: string | undefined,
  privateIp = to.PrivateIpAddress,
): void {
  address.AssociationId = AssociationId;
  address.NetworkInterfaceId = to.NetworkInterfaceId;
  address.NetworkInterfaceOwnerId = to.OwnerId;
  address.PrivateIpAddress = privateIp;
  if (to.Attachment?.InstanceId !== undefined) address.InstanceId = to.Attachment.InstanceId;
  const { AllocationId, PublicIp, NetworkBorderGroup = '' } = address;
  givePublicIp(to, { AssociationId, AllocationId, PublicIp, IpOwnerId: to.OwnerId }, NetworkBorderGroup, privateIp);
}

/** An Elastic IP address that is with no interface any more. */
export function unbind(address: Ec2.Address): void {
  for (const key of [
    'AssociationId',
    'NetworkInterfaceId',
    'NetworkInterfaceOwnerId',
    'PrivateIpAddress',
    'InstanceId',
  ] as const)
    delete address[key];
}
