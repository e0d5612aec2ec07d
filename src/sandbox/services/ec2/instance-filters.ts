/** The filters of DescribeInstances (EC2 API Reference). */
import type * as Ec2 from '@aws-sdk/client-ec2';
import type { FilterValues } from './common.ts';

/** An instance with what DescribeInstances tells around it. */
export interface Listed extends Ec2.Instance {
  readonly ReservationId: string;
  readonly OwnerId: string | undefined;
}

type Filters = FilterValues<Listed>;

const date = (at: Date | undefined) => at?.toISOString();

const ofDevices =
  (value: (mapping: Ec2.InstanceBlockDeviceMapping) => string | boolean | undefined) =>
  ({ BlockDeviceMappings = [] }: Listed) =>
    BlockDeviceMappings.map(value);

const deviceFilters: Filters = {
  'block-device-mapping.attach-time': ofDevices(({ Ebs }) => date(Ebs?.AttachTime)),
  'block-device-mapping.delete-on-termination': ofDevices(({ Ebs }) => Ebs?.DeleteOnTermination),
  'block-device-mapping.device-name': ofDevices(({ DeviceName }) => DeviceName),
  'block-device-mapping.status': ofDevices(({ Ebs }) => Ebs?.Status),
  'block-device-mapping.volume-id': ofDevices(({ Ebs }) => Ebs?.VolumeId),
};

type Value = string | number | boolean | undefined;

const ofInterfaces =
  (value: (each: Ec2.InstanceNetworkInterface) => Value) =>
  ({ NetworkInterfaces = [] }: Listed) =>
    NetworkInterfaces.map(value);

const ofAddresses =
  (value: (each: Ec2.InstancePrivateIpAddress) => Value) =>
  ({ NetworkInterfaces = [] }: Listed) =>
    NetworkInterfaces.flatMap(({ PrivateIpAddresses = [] }) => PrivateIpAddresses.map(value));

const ofInterfaceGroups =
  (value: (each: Ec2.GroupIdentifier) => Value) =>
  ({ NetworkInterfaces = [] }: Listed) =>
    NetworkInterfaces.flatMap(({ Groups = [] }) => Groups.map(value));

const interfaceFilters: Filters = {
  'network-interface.addresses.association.allocation-id': () => undefined,
  'network-interface.addresses.association.ip-owner-id': ofAddresses(({ Association }) => Association?.IpOwnerId),
  'network-interface.addresses.association.public-ip': ofAddresses(({ Association }) => Association?.PublicIp),
  'network-interface.addresses.primary': ofAddresses(({ Primary }) => Primary),
  'network-interface.addresses.private-ip-address': ofAddresses(({ PrivateIpAddress }) => PrivateIpAddress),
  'network-interface.association.ip-owner-id': ofInterfaces(({ Association }) => Association?.IpOwnerId),
  'network-interface.association.public-ip': ofInterfaces(({ Association }) => Association?.PublicIp),
  'network-interface.attachment.attach-time': ofInterfaces(({ Attachment }) => date(Attachment?.AttachTime)),
  'network-interface.attachment.attachment-id': ofInterfaces(({ Attachment }) => Attachment?.AttachmentId),
  'network-interface.attachment.delete-on-termination': ofInterfaces(
    ({ Attachment }) => Attachment?.DeleteOnTermination,
  ),
  'network-interface.attachment.device-index': ofInterfaces(({ Attachment }) => Attachment?.DeviceIndex),
  'network-interface.attachment.status': ofInterfaces(({ Attachment }) => Attachment?.Status),
  'network-interface.availability-zone': ({ NetworkInterfaces = [], Placement }) =>
    NetworkInterfaces.map(() => Placement?.AvailabilityZone),
  'network-interface.description': ofInterfaces(({ Description }) => Description),
  'network-interface.group-id': ofInterfaceGroups(({ GroupId }) => GroupId),
  'network-interface.group-name': ofInterfaceGroups(({ GroupName }) => GroupName),
  'network-interface.mac-address': ofInterfaces(({ MacAddress }) => MacAddress),
  'network-interface.network-interface-id': ofInterfaces(({ NetworkInterfaceId }) => NetworkInterfaceId),
  'network-interface.owner-id': ofInterfaces(({ OwnerId }) => OwnerId),
  'network-interface.private-dns-name': ofInterfaces(({ PrivateDnsName }) => PrivateDnsName),
  'network-interface.private-ip-address': ofInterfaces(({ PrivateIpAddress }) => PrivateIpAddress),
  'network-interface.requester-managed': ofInterfaces(() => false),
  'network-interface.source-dest-check': ofInterfaces(({ SourceDestCheck }) => SourceDestCheck),
  'network-interface.status': ofInterfaces(({ Status }) => Status),
  'network-interface.subnet-id': ofInterfaces(({ SubnetId }) => SubnetId),
  'network-interface.vpc-id': ofInterfaces(({ VpcId }) => VpcId),
};

export const instanceFilters: Filters = {
  ...deviceFilters,
  ...interfaceFilters,
  affinity: ({ Placement }) => Placement?.Affinity,
  architecture: ({ Architecture }) => Architecture,
  'availability-zone': ({ Placement }) => Placement?.AvailabilityZone,
  'client-token': ({ ClientToken }) => ClientToken,
  'dns-name': ({ PublicDnsName }) => PublicDnsName || undefined,
  'ebs-optimized': ({ EbsOptimized }) => EbsOptimized,
  'ena-support': ({ EnaSupport }) => EnaSupport,
  'hibernation-options.configured': ({ HibernationOptions }) => HibernationOptions?.Configured,
  'host-id': ({ Placement }) => Placement?.HostId,
  hypervisor: ({ Hypervisor }) => Hypervisor,
  'iam-instance-profile.arn': ({ IamInstanceProfile }) => IamInstanceProfile?.Arn,
  'iam-instance-profile.id': ({ IamInstanceProfile }) => IamInstanceProfile?.Id,
  'iam-instance-profile.name': ({ IamInstanceProfile }) => IamInstanceProfile?.Arn?.split('/').at(-1),
  'image-id': ({ ImageId }) => ImageId,
  'instance-id': ({ InstanceId }) => InstanceId,
  'instance-lifecycle': ({ InstanceLifecycle }) => InstanceLifecycle,
  'instance-state-code': ({ State }) => State?.Code,
  'instance-state-name': ({ State }) => State?.Name,
  'instance-type': ({ InstanceType }) => InstanceType,
  'instance.group-id': ({ SecurityGroups = [] }) => SecurityGroups.map(({ GroupId }) => GroupId),
  'instance.group-name': ({ SecurityGroups = [] }) => SecurityGroups.map(({ GroupName }) => GroupName),
  'ip-address': ({ PublicIpAddress }) => PublicIpAddress,
  'ipv6-address': ({ Ipv6Address }) => Ipv6Address,
  'kernel-id': ({ KernelId }) => KernelId,
  'key-name': ({ KeyName }) => KeyName,
  'launch-index': ({ AmiLaunchIndex }) => AmiLaunchIndex,
  'launch-time': ({ LaunchTime }) => date(LaunchTime),
  'metadata-options.http-endpoint': ({ MetadataOptions }) => MetadataOptions?.HttpEndpoint,
  'metadata-options.http-put-response-hop-limit': ({ MetadataOptions }) => MetadataOptions?.HttpPutResponseHopLimit,
  'metadata-options.http-tokens': ({ MetadataOptions }) => MetadataOptions?.HttpTokens,
  'metadata-options.instance-metadata-tags': ({ MetadataOptions }) => MetadataOptions?.InstanceMetadataTags,
  'monitoring-state': ({ Monitoring }) => Monitoring?.State,
  'owner-id': ({ OwnerId }) => OwnerId,
  'placement-group-name': ({ Placement }) => Placement?.GroupName || undefined,
  platform: ({ Platform }) => Platform,
  'platform-details': ({ PlatformDetails }) => PlatformDetails,
  'private-dns-name': ({ PrivateDnsName }) => PrivateDnsName,
  'private-ip-address': ({ PrivateIpAddress }) => PrivateIpAddress,
  'product-code': ({ ProductCodes = [] }) => ProductCodes.map(({ ProductCodeId }) => ProductCodeId),
  reason: ({ StateTransitionReason }) => StateTransitionReason,
  'reservation-id': ({ ReservationId }) => ReservationId,
  'root-device-name': ({ RootDeviceName }) => RootDeviceName,
  'root-device-type': ({ RootDeviceType }) => RootDeviceType,
  'source-dest-check': ({ SourceDestCheck }) => SourceDestCheck,
  'state-reason-code': ({ StateReason }) => StateReason?.Code ?? '',
  'state-reason-message': ({ StateReason }) => StateReason?.Message ?? '',
  'subnet-id': ({ SubnetId }) => SubnetId,
  tenancy: ({ Placement }) => Placement?.Tenancy,
  'usage-operation': ({ UsageOperation }) => UsageOperation,
  'virtualization-type': ({ VirtualizationType }) => VirtualizationType,
  'vpc-id': ({ VpcId }) => VpcId,
};
