/** An instance shows what its network interfaces have. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import type { Ec2State } from '../../world.ts';
import { detach, interfacesOf, removeInterface } from './interfaces.ts';
import { releaseVolumes } from './volumes.ts';

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
      Ipv6Addresses: rest.Ipv6Addresses ?? [],
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
  if (primary) instance.SourceDestCheck = primary.SourceDestCheck;
  instance.SecurityGroups = primary?.Groups ?? [];
  for (const key of ['VpcId', 'SubnetId', 'PrivateIpAddress'] as const) {
    const value = primary?.[key];
    if (value === undefined) delete instance[key];
    else instance[key] = value;
  }
  instance.PrivateDnsName = primary?.PrivateDnsName ?? '';
  instance.PublicDnsName = primary?.Association?.PublicDnsName ?? '';
  const [ipv6] = primary?.Ipv6Addresses ?? [];
  if (ipv6?.Ipv6Address === undefined) delete instance.Ipv6Address;
  else instance.Ipv6Address = ipv6.Ipv6Address;
  if (primary?.Association?.PublicIp === undefined) delete instance.PublicIpAddress;
  else instance.PublicIpAddress = primary.Association.PublicIp;
}

/** The same, where it is known by one of its interfaces. */
export function refreshOwner(ec2: Ec2State, { Attachment }: Ec2.NetworkInterface): void {
  const instance = ec2.instances.find(({ InstanceId }) => InstanceId === Attachment?.InstanceId);
  if (instance) refreshInstance(ec2, instance);
}

/** A terminated instance keeps nothing; interfaces that shall not end with it are free for others. */
export function release(ec2: Ec2State, instance: Ec2.Instance): void {
  for (const each of interfacesOf(ec2, instance))
    if (each.Attachment?.DeleteOnTermination) removeInterface(ec2, each);
    else detach(ec2, each);
  releaseVolumes(ec2, instance);
  ec2.iamProfileAssociations = ec2.iamProfileAssociations.filter(
    ({ InstanceId }) => InstanceId !== instance.InstanceId,
  );
  refreshInstance(ec2, instance);
}
