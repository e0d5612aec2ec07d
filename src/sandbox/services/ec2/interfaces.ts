/** Network interfaces and their addresses; an instance shows what its interfaces have. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { pick, resourceId } from '../../ids.ts';
import { AwsError, type Operation, type Operations } from '../../service.ts';
import type { Ec2State } from '../../world.ts';
import { addressAt, isWithin, usableAddresses } from './cidr-blocks.ts';
import { list } from './common.ts';

export interface InterfacePlan {
  readonly subnet: Ec2.Subnet;
  readonly groups: readonly Ec2.SecurityGroup[];
  readonly instanceId: string;
  readonly deviceIndex: number;
  readonly privateIp?: string | undefined;
  readonly withPublicIp: boolean;
  readonly description: string;
  readonly at: Date;
  readonly tags: Ec2.Tag[];
  readonly regionName: string;
  readonly random: () => number;
}

export function makeInterface(ec2: Ec2State, plan: InterfacePlan): Ec2.NetworkInterface {
  const { subnet, groups, instanceId, random, regionName } = plan;
  const address = plan.privateIp ?? freeAddress(ec2, subnet, random);
  const PrivateDnsName = `ip-${address.replaceAll('.', '-')}.${regionName === 'us-east-1' ? 'ec2' : `${regionName}.compute`}.internal`;
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
    PrivateIpAddress: address,
    PrivateDnsName,
    PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: address, PrivateDnsName }],
    Ipv6Addresses: [],
    Groups: groups.map(({ GroupId, GroupName }) => ({ GroupId, GroupName })),
    SourceDestCheck: true,
    RequesterManaged: false,
    Status: 'in-use',
    Attachment: {
      AttachmentId: resourceId(random, 'eni-attach'),
      InstanceId: instanceId,
      InstanceOwnerId: subnet.OwnerId,
      DeviceIndex: plan.deviceIndex,
      NetworkCardIndex: 0,
      DeleteOnTermination: true,
      AttachTime: plan.at,
      Status: 'attached',
    },
    TagSet: plan.tags,
  };
  ec2.networkInterfaces.push(networkInterface);
  if (plan.withPublicIp)
    givePublicIp(networkInterface, { PublicIp: publicAddress(ec2, random), IpOwnerId: 'amazon' }, regionName);
  subnet.AvailableIpAddressCount = (subnet.AvailableIpAddressCount ?? 0) - 1;
  return networkInterface;
}

/** Public DNS names as EC2 forms them (VPC User Guide, "DNS hostnames"). */
export function givePublicIp(
  networkInterface: Ec2.NetworkInterface,
  address: Ec2.NetworkInterfaceAssociation,
  regionName: string,
): void {
  const zone = regionName === 'us-east-1' ? 'compute-1' : `${regionName}.compute`;
  const association = {
    ...address,
    PublicDnsName: `ec2-${address.PublicIp?.replaceAll('.', '-')}.${zone}.amazonaws.com`,
  };
  networkInterface.Association = association;
  const [primary] = networkInterface.PrivateIpAddresses ?? [];
  if (primary) primary.Association = association;
}

export function takePublicIp(networkInterface: Ec2.NetworkInterface): void {
  delete networkInterface.Association;
  for (const address of networkInterface.PrivateIpAddresses ?? []) delete address.Association;
}

function freeAddress(ec2: Ec2State, subnet: Ec2.Subnet, random: () => number): string {
  const cidr = subnet.CidrBlock ?? '';
  const size = usableAddresses(cidr);
  const start = pick(random, size);
  for (let step = 0; step < size; step += 1) {
    // The first four addresses and the last of a subnet are AWS's own.
    const address = addressAt(cidr, 4 + ((start + step) % size));
    if (!isTaken(ec2, subnet, address)) return address;
  }
  throw new AwsError(
    'InsufficientFreeAddressesInSubnet',
    `There are not enough free addresses in subnet '${subnet.SubnetId}' to satisfy the requested number of instances.`,
  );
}

export function requireFree(ec2: Ec2State, subnet: Ec2.Subnet, address: string): void {
  if (!isWithin(`${address}/32`, subnet.CidrBlock ?? ''))
    throw new AwsError('InvalidParameterValue', `Address ${address} does not fall within the subnet's address range`);
  const cidr = subnet.CidrBlock ?? '';
  if ([0, 1, 2, 3, usableAddresses(cidr) + 4].some((index) => addressAt(cidr, index) === address))
    throw new AwsError('InvalidParameterValue', `Address ${address} is in subnet's reserved address range`);
  if (isTaken(ec2, subnet, address)) throw new AwsError('InvalidIPAddress.InUse', `Address ${address} is in use.`);
}

function isTaken(ec2: Ec2State, subnet: Ec2.Subnet, address: string): boolean {
  return ec2.networkInterfaces.some(
    ({ SubnetId, PrivateIpAddress }) => SubnetId === subnet.SubnetId && PrivateIpAddress === address,
  );
}

/** Blocks from which EC2 hands out public addresses (ip-ranges.json, service EC2). */
const PUBLIC_BLOCKS = ['3.80', '18.204', '34.224', '44.192', '52.20', '54.144'];

export function publicAddress(ec2: Ec2State, random: () => number): string {
  for (;;) {
    const address = `${PUBLIC_BLOCKS[pick(random, PUBLIC_BLOCKS.length)]}.${pick(random, 256)}.${1 + pick(random, 254)}`;
    const taken = ec2.networkInterfaces.some(({ Association }) => Association?.PublicIp === address);
    if (!taken && !ec2.addresses.some(({ PublicIp }) => PublicIp === address)) return address;
  }
}

export function interfacesOf(ec2: Ec2State, instance: Ec2.Instance): readonly Ec2.NetworkInterface[] {
  return ec2.networkInterfaces.filter(({ Attachment }) => Attachment?.InstanceId === instance.InstanceId);
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

/** Writes into an instance what its interfaces have; called after each change of them. */
export function refreshInstance(ec2: Ec2State, instance: Ec2.Instance): void {
  const interfaces = interfacesOf(ec2, instance);
  const [primary] = interfaces;
  instance.NetworkInterfaces = interfaces.map(
    ({ Association, Attachment, PrivateIpAddresses, TagSet: _tags, ...rest }) => ({
      NetworkInterfaceId: rest.NetworkInterfaceId,
      VpcId: rest.VpcId,
      SubnetId: rest.SubnetId,
      OwnerId: rest.OwnerId,
      Description: rest.Description,
      InterfaceType: rest.InterfaceType,
      MacAddress: rest.MacAddress,
      PrivateIpAddress: rest.PrivateIpAddress,
      PrivateDnsName: rest.PrivateDnsName,
      PrivateIpAddresses: (PrivateIpAddresses ?? []).map((address) => ({ ...address })),
      Ipv6Addresses: [],
      Groups: rest.Groups,
      SourceDestCheck: rest.SourceDestCheck,
      Status: rest.Status,
      ...(Association && { Association }),
      Attachment: {
        AttachmentId: Attachment?.AttachmentId,
        AttachTime: Attachment?.AttachTime,
        DeleteOnTermination: Attachment?.DeleteOnTermination,
        DeviceIndex: Attachment?.DeviceIndex,
        NetworkCardIndex: 0,
        Status: Attachment?.Status,
      },
    }),
  );
  instance.SecurityGroups = primary?.Groups ?? [];
  for (const key of ['VpcId', 'SubnetId', 'PrivateIpAddress'] as const) {
    const value = primary?.[key];
    if (value === undefined) delete instance[key];
    else instance[key] = value;
  }
  instance.PrivateDnsName = primary?.PrivateDnsName ?? '';
  instance.PublicDnsName = primary?.Association?.PublicDnsName ?? '';
  if (primary?.Association?.PublicIp === undefined) delete instance.PublicIpAddress;
  else instance.PublicIpAddress = primary.Association.PublicIp;
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

/** A terminated instance's interfaces are gone; an Elastic IP address stays with the account. */
export function release(ec2: Ec2State, instance: Ec2.Instance): void {
  const gone = interfacesOf(ec2, instance);
  for (const address of ec2.addresses) if (address.InstanceId === instance.InstanceId) unbind(address);
  for (const { SubnetId } of gone) {
    const subnet = ec2.subnets.find((each) => each.SubnetId === SubnetId);
    if (subnet) subnet.AvailableIpAddressCount = (subnet.AvailableIpAddressCount ?? 0) + 1;
  }
  ec2.networkInterfaces = ec2.networkInterfaces.filter((each) => !gone.includes(each));
  ec2.iamProfileAssociations = ec2.iamProfileAssociations.filter(
    ({ InstanceId }) => InstanceId !== instance.InstanceId,
  );
  refreshInstance(ec2, instance);
}

const DescribeNetworkInterfaces: Operation<
  Ec2.DescribeNetworkInterfacesRequest,
  Ec2.DescribeNetworkInterfacesResult
> = ({ region }, input) => {
  const tagged = region.ec2.networkInterfaces.map((each) => ({ ...each, Tags: each.TagSet }));
  const { items, ...rest } = list(tagged, input, {
    ids: input.NetworkInterfaceIds,
    idOf: ({ NetworkInterfaceId }) => NetworkInterfaceId,
    prefix: 'eni',
    filters: {
      'addresses.private-ip-address': ({ PrivateIpAddresses }) =>
        (PrivateIpAddresses ?? []).map(({ PrivateIpAddress }) => PrivateIpAddress),
      'association.allocation-id': ({ Association }) => Association?.AllocationId,
      'association.public-ip': ({ Association }) => Association?.PublicIp,
      'attachment.attachment-id': ({ Attachment }) => Attachment?.AttachmentId,
      'attachment.instance-id': ({ Attachment }) => Attachment?.InstanceId,
      'attachment.status': ({ Attachment }) => Attachment?.Status,
      'availability-zone': ({ AvailabilityZone }) => AvailabilityZone,
      description: ({ Description }) => Description,
      'group-id': ({ Groups }) => (Groups ?? []).map(({ GroupId }) => GroupId),
      'group-name': ({ Groups }) => (Groups ?? []).map(({ GroupName }) => GroupName),
      'interface-type': ({ InterfaceType }) => InterfaceType,
      'mac-address': ({ MacAddress }) => MacAddress,
      'owner-id': ({ OwnerId }) => OwnerId,
      'requester-managed': ({ RequesterManaged }) => RequesterManaged,
      'network-interface-id': ({ NetworkInterfaceId }) => NetworkInterfaceId,
      'private-ip-address': ({ PrivateIpAddress }) => PrivateIpAddress,
      status: ({ Status }) => Status,
      'subnet-id': ({ SubnetId }) => SubnetId,
      'vpc-id': ({ VpcId }) => VpcId,
    },
  });
  return { NetworkInterfaces: items, ...rest };
};

export const interfaceOperations: Operations = { DescribeNetworkInterfaces };
