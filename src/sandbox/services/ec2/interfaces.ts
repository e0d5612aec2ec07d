/** Network interfaces: making, attaching and removing them. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { pick, resourceId } from '../../ids.ts';
import { AwsError } from '../../service.ts';
import type { Ec2State } from '../../world.ts';
import { takePublicIp, unbind } from './public-addresses.ts';
import { recountAddresses } from './subnet-addresses.ts';

export interface InterfacePlan {
  readonly subnet: Ec2.Subnet;
  readonly groups: readonly Ec2.SecurityGroup[];
  /** The primary one first. */
  readonly addresses: readonly string[];
  readonly description: string;
  readonly tags: Ec2.Tag[];
  readonly regionName: string;
  readonly random: () => number;
}

/** An interface that is attached to nothing yet. */
export function makeInterface(ec2: Ec2State, plan: InterfacePlan): Ec2.NetworkInterface {
  const { subnet, groups, addresses, random, regionName } = plan;
  const PrivateIpAddresses = addresses.map((address, index) => privateAddress(address, regionName, index === 0));
  const networkInterface: Ec2.NetworkInterface = {
    NetworkInterfaceId: resourceId(random, 'eni'),
    VpcId: subnet.VpcId,
    SubnetId: subnet.SubnetId,
    AvailabilityZone: subnet.AvailabilityZone,
    OwnerId: subnet.OwnerId,
    Description: plan.description,
    InterfaceType: 'interface',
    MacAddress: Array.from({ length: 6 }, (_, index) =>
      (index === 0 ? 2 : pick(random, 256)).toString(16).padStart(2, '0'),
    ).join(':'),
    PrivateIpAddress: PrivateIpAddresses[0]?.PrivateIpAddress,
    PrivateDnsName: PrivateIpAddresses[0]?.PrivateDnsName,
    PrivateIpAddresses,
    Ipv6Addresses: [],
    Groups: namesOf(groups),
    SourceDestCheck: true,
    RequesterManaged: false,
    Status: 'available',
    TagSet: plan.tags,
  };
  ec2.networkInterfaces.push(networkInterface);
  recountAddresses(ec2, subnet.SubnetId);
  return networkInterface;
}

export function namesOf(groups: readonly Ec2.SecurityGroup[]): Ec2.GroupIdentifier[] {
  return groups.map(({ GroupId, GroupName }) => ({ GroupId, GroupName }));
}

/** Private DNS names as EC2 forms them (VPC User Guide, "DNS hostnames"). */
export function privateAddress(
  address: string,
  regionName: string,
  Primary: boolean,
): Ec2.NetworkInterfacePrivateIpAddress {
  const zone = regionName === 'us-east-1' ? 'ec2' : `${regionName}.compute`;
  return {
    Primary,
    PrivateIpAddress: address,
    PrivateDnsName: `ip-${address.replaceAll('.', '-')}.${zone}.internal`,
  };
}

export interface Attachment {
  readonly instance: Ec2.Instance;
  readonly deviceIndex: number;
  readonly deleteOnTermination: boolean;
  readonly at: Date;
  readonly random: () => number;
}

/** @returns The attachment's id. */
export function attach(ec2: Ec2State, networkInterface: Ec2.NetworkInterface, to: Attachment): string {
  const AttachmentId = resourceId(to.random, 'eni-attach');
  networkInterface.Status = 'in-use';
  networkInterface.Attachment = {
    AttachmentId,
    InstanceId: to.instance.InstanceId,
    InstanceOwnerId: networkInterface.OwnerId,
    DeviceIndex: to.deviceIndex,
    NetworkCardIndex: 0,
    DeleteOnTermination: to.deleteOnTermination,
    AttachTime: to.at,
    Status: 'attached',
  };
  for (const address of boundTo(ec2, networkInterface)) address.InstanceId = to.instance.InstanceId;
  return AttachmentId;
}

/** Its Elastic IP addresses stay with it; an address that AWS lent goes back. */
export function detach(ec2: Ec2State, networkInterface: Ec2.NetworkInterface): void {
  networkInterface.Status = 'available';
  delete networkInterface.Attachment;
  if (networkInterface.Association?.AllocationId === undefined) takePublicIp(networkInterface);
  for (const address of boundTo(ec2, networkInterface)) delete address.InstanceId;
}

/** Its Elastic IP addresses stay with the account. */
export function removeInterface(ec2: Ec2State, networkInterface: Ec2.NetworkInterface): void {
  for (const address of boundTo(ec2, networkInterface)) unbind(address);
  ec2.networkInterfaces = ec2.networkInterfaces.filter((each) => each !== networkInterface);
  recountAddresses(ec2, networkInterface.SubnetId);
}

function boundTo(ec2: Ec2State, { NetworkInterfaceId: id }: Ec2.NetworkInterface): readonly Ec2.Address[] {
  return ec2.addresses.filter(({ NetworkInterfaceId }) => NetworkInterfaceId === id);
}

/** The primary one first. */
export function interfacesOf(ec2: Ec2State, instance: Ec2.Instance): readonly Ec2.NetworkInterface[] {
  return ec2.networkInterfaces
    .filter(({ Attachment }) => Attachment?.InstanceId === instance.InstanceId)
    .toSorted((one, other) => (one.Attachment?.DeviceIndex ?? 0) - (other.Attachment?.DeviceIndex ?? 0));
}

/** For calls that name an instance and mean its interface. */
export function requireOnlyInterface(ec2: Ec2State, instance: Ec2.Instance): Ec2.NetworkInterface {
  const [only, second] = interfacesOf(ec2, instance);
  if (!only || second)
    throw new AwsError(
      'InvalidInstanceID',
      only
        ? `There are multiple interfaces attached to instance '${instance.InstanceId}'. Please specify an interface ID for the operation instead.`
        : `There is no interface attached to instance '${instance.InstanceId}'.`,
    );
  return only;
}

/** Interfaces that AWS made for its own services are not the account's to change. */
export function requireOwn(networkInterface: Ec2.NetworkInterface): Ec2.NetworkInterface {
  if (networkInterface.RequesterManaged)
    throw new AwsError('AuthFailure', 'You do not have permission to access the specified resource.');
  return networkInterface;
}
