/** Launching instances: where they go, what they get. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { Ec2State } from '../../world.ts';
import { findImage, findInstanceType } from './catalogue.ts';
import { invalidValue, requireOne, requireSubnet } from './common.ts';
import { makeInterface, refreshInstance, requireFree } from './interfaces.ts';
import { associateProfile, profileOf } from './profiles.ts';
import { stateOf } from './settle.ts';
import { tagsFor } from './tag-rules.ts';

interface Placement {
  readonly subnet: Ec2.Subnet;
  readonly groups: readonly Ec2.SecurityGroup[];
  readonly withPublicIp: boolean;
  readonly privateIp?: string | undefined;
}

/** Subnet, groups and public address, whether given for the instance or for its first network interface. */
function placementOf(request: Request, input: Ec2.RunInstancesRequest): Placement {
  const { ec2 } = request.region;
  const [first, second] = input.NetworkInterfaces ?? [];
  if (second || first?.NetworkInterfaceId !== undefined)
    throw new AwsError('UnsupportedOperation', 'The sandbox gives each instance one network interface of its own.');
  if (first && (input.SubnetId !== undefined || input.SecurityGroupIds?.length))
    throw new AwsError(
      'InvalidParameterCombination',
      'Network interfaces and an instance-level subnet ID may not be specified on the same request',
    );
  const subnetId = first?.SubnetId ?? input.SubnetId;
  const subnet =
    subnetId === undefined ? ec2.subnets.find(({ DefaultForAz }) => DefaultForAz) : requireSubnet(request, subnetId);
  if (!subnet)
    throw new AwsError(
      'VPCIdNotSpecified',
      'No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.',
    );
  const named = (input.SecurityGroups ?? []).map((name) => groupNamed(ec2, subnet, name));
  const listed = (first?.Groups ?? input.SecurityGroupIds ?? []).map((id) =>
    requireOne(ec2.securityGroups, ({ GroupId }) => GroupId, id, 'sg'),
  );
  const groups = [...named, ...listed];
  const stray = groups.find(({ VpcId }) => VpcId !== subnet.VpcId);
  if (stray)
    throw new AwsError(
      'InvalidParameter',
      `Security group ${stray.GroupId} and subnet ${subnet.SubnetId} belong to different networks.`,
    );
  return {
    subnet,
    groups: groups.length > 0 ? groups : [groupNamed(ec2, subnet, 'default')],
    withPublicIp: first?.AssociatePublicIpAddress ?? subnet.MapPublicIpOnLaunch ?? false,
    privateIp: first?.PrivateIpAddress ?? input.PrivateIpAddress,
  };
}

function groupNamed(ec2: Ec2State, subnet: Ec2.Subnet, name: string): Ec2.SecurityGroup {
  const group = ec2.securityGroups.find(({ GroupName, VpcId }) => GroupName === name && VpcId === subnet.VpcId);
  if (!group)
    throw new AwsError('InvalidGroup.NotFound', `The security group '${name}' does not exist in VPC '${subnet.VpcId}'`);
  return group;
}

const MOST_AT_ONCE = 20;

const RunInstances: Operation<Ec2.RunInstancesRequest, Ec2.Reservation> = (request, input) => {
  const { region, account, regionName, now, random } = request;
  const count = input.MaxCount ?? 1;
  if (count < 1 || (input.MinCount ?? 1) > count) throw invalidValue('maxCount', String(count));
  if (count > MOST_AT_ONCE)
    throw new AwsError(
      'InstanceLimitExceeded',
      `You have requested more instances (${count}) than your current instance limit of ${MOST_AT_ONCE} allows.`,
    );
  const image = findImage(input.ImageId);
  const type = findInstanceType(input.InstanceType ?? 't3.micro');
  if (input.KeyName !== undefined && !region.ec2.keyPairs.some(({ KeyName }) => KeyName === input.KeyName))
    throw new AwsError('InvalidKeyPair.NotFound', `The key pair '${input.KeyName}' does not exist`);
  const profile = input.IamInstanceProfile && profileOf(request, input.IamInstanceProfile);
  const placement = placementOf(request, input);
  const tags = tagsFor(input.TagSpecifications, 'instance', ['network-interface', 'volume']);
  const interfaceTags = tagsFor(input.TagSpecifications, 'network-interface', ['instance', 'volume']);
  requireRoom(region.ec2, placement, count);
  const instances = Array.from({ length: count }, (_, index): Ec2.Instance => {
    const InstanceId = resourceId(random, 'i');
    const instance: Ec2.Instance = {
      InstanceId,
      ImageId: image.ImageId,
      InstanceType: type.InstanceType,
      ...(input.KeyName !== undefined && { KeyName: input.KeyName }),
      LaunchTime: new Date(now),
      AmiLaunchIndex: index,
      Architecture: image.Architecture,
      Hypervisor: type.Hypervisor === 'nitro' ? 'xen' : type.Hypervisor,
      VirtualizationType: 'hvm',
      RootDeviceType: 'ebs',
      RootDeviceName: '/dev/xvda',
      PlatformDetails: 'Linux/UNIX',
      Monitoring: { State: 'disabled' },
      MetadataOptions: {
        State: 'applied',
        HttpTokens: 'required',
        HttpEndpoint: 'enabled',
        HttpPutResponseHopLimit: 2,
      },
      Placement: { AvailabilityZone: placement.subnet.AvailabilityZone, Tenancy: 'default', GroupName: '' },
      SourceDestCheck: true,
      State: stateOf('pending'),
      StateTransitionReason: '',
      BlockDeviceMappings: [],
      ProductCodes: [],
      Tags: tags,
    };
    region.ec2.instances.push(instance);
    region.ec2.since[InstanceId] = now;
    makeInterface(region.ec2, {
      ...placement,
      instanceId: InstanceId,
      deviceIndex: 0,
      description: input.NetworkInterfaces?.[0]?.Description ?? '',
      at: new Date(now),
      tags: interfaceTags,
      regionName,
      random,
    });
    refreshInstance(region.ec2, instance);
    if (profile) associateProfile(request, instance, profile);
    return instance;
  });
  return { ...reservation(account.id, instances[0]), Instances: instances };
};

/** Everything is found before the first instance is made: a refused call leaves nothing behind. */
function requireRoom(ec2: Ec2State, { subnet, privateIp }: Placement, count: number): void {
  if (privateIp !== undefined && count > 1)
    throw new AwsError(
      'InvalidParameterCombination',
      'A private IP address cannot be specified when launching multiple instances.',
    );
  if (privateIp !== undefined) requireFree(ec2, subnet, privateIp);
  if ((subnet.AvailableIpAddressCount ?? 0) < count)
    throw new AwsError(
      'InsufficientFreeAddressesInSubnet',
      `There are not enough free addresses in subnet '${subnet.SubnetId}' to satisfy the requested number of instances.`,
    );
}

/** Named after its instance, so that it is told the same each time. */
export function reservation(OwnerId: string, first: Ec2.Instance | undefined): Ec2.Reservation {
  return { ReservationId: `r-${first?.InstanceId?.slice(2)}`, OwnerId, Groups: [] };
}

export const launchOperations: Operations = { RunInstances };
