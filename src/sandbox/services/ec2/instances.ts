/** EC2 instances: their life and what is said of it. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { Ec2State } from '../../world.ts';
import { findImage, findInstanceType } from './catalogue.ts';
import { invalidValue, list, requireInstance, requireOne, requireSubnet } from './common.ts';
import {
  givePublicIp,
  interfacesOf,
  makeInterface,
  publicAddress,
  refreshInstance,
  takePublicIp,
} from './interfaces.ts';
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
  const [first] = input.NetworkInterfaces ?? [];
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
  const tags = tagsFor(input.TagSpecifications, 'instance');
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
      regionName,
      random,
    });
    refreshInstance(region.ec2, instance);
    if (profile) associateProfile(request, instance, profile);
    return instance;
  });
  return { ReservationId: resourceId(random, 'r'), OwnerId: account.id, Groups: [], Instances: instances };
};

type StateChange = Operation<{ InstanceIds: string[] | undefined }, { changes: Ec2.InstanceStateChange[] }>;

/** Moves instances to a state by way of another; those that are there already are left alone. */
function change(
  from: readonly Ec2.InstanceStateName[],
  to: Ec2.InstanceStateName,
  already: readonly Ec2.InstanceStateName[],
): StateChange {
  return (request, { InstanceIds }) => {
    const instances = (InstanceIds ?? []).map((id) => requireInstance(request, id));
    for (const { InstanceId, State } of instances)
      if (![...from, ...already].includes(State?.Name ?? 'pending'))
        throw new AwsError(
          'IncorrectInstanceState',
          `The instance '${InstanceId}' is not in a state from which it can be changed: it is ${State?.Name}.`,
        );
    const changes = instances.map((instance) => {
      const PreviousState = instance.State;
      if (from.includes(instance.State?.Name ?? 'pending')) {
        instance.State = stateOf(to);
        request.region.ec2.since[instance.InstanceId ?? ''] = request.now;
      }
      return { InstanceId: instance.InstanceId, PreviousState, CurrentState: instance.State };
    });
    return { changes };
  };
}

const stop = change(['running', 'pending'], 'stopping', ['stopping', 'stopped']);
const start = change(['stopped'], 'pending', ['pending', 'running']);
const terminate = change(['pending', 'running', 'stopping', 'stopped'], 'shutting-down', [
  'shutting-down',
  'terminated',
]);

/** A stopped instance loses the public address that AWS lent it; an Elastic IP address stays. */
const StopInstances: Operation<Ec2.StopInstancesRequest, Ec2.StopInstancesResult> = (request, { InstanceIds }) => {
  const { changes } = stop(request, { InstanceIds });
  for (const instance of (InstanceIds ?? []).map((id) => requireInstance(request, id))) {
    for (const each of interfacesOf(request.region.ec2, instance))
      if (each.Association?.AllocationId === undefined) takePublicIp(each);
    refreshInstance(request.region.ec2, instance);
  }
  return { StoppingInstances: changes };
};

const StartInstances: Operation<Ec2.StartInstancesRequest, Ec2.StartInstancesResult> = (request, { InstanceIds }) => {
  const { region, regionName, random } = request;
  const { changes } = start(request, { InstanceIds });
  for (const instance of (InstanceIds ?? []).map((id) => requireInstance(request, id))) {
    const [primary] = interfacesOf(region.ec2, instance);
    const subnet = region.ec2.subnets.find(({ SubnetId }) => SubnetId === primary?.SubnetId);
    if (primary && !primary.Association && subnet?.MapPublicIpOnLaunch)
      givePublicIp(primary, { PublicIp: publicAddress(region.ec2, random), IpOwnerId: 'amazon' }, regionName);
    refreshInstance(region.ec2, instance);
  }
  return { StartingInstances: changes };
};

const TerminateInstances: Operation<Ec2.TerminateInstancesRequest, Ec2.TerminateInstancesResult> = (
  request,
  { InstanceIds },
) => ({
  TerminatingInstances: terminate(request, { InstanceIds }).changes,
});

const RebootInstances: Operation<Ec2.RebootInstancesRequest, object> = (request, { InstanceIds }) => {
  for (const id of InstanceIds ?? []) requireInstance(request, id);
  return {};
};

const instanceFilters = {
  'availability-zone': ({ Placement }: Ec2.Instance) => Placement?.AvailabilityZone,
  'iam-instance-profile.arn': ({ IamInstanceProfile }: Ec2.Instance) => IamInstanceProfile?.Arn,
  'image-id': ({ ImageId }: Ec2.Instance) => ImageId,
  'instance-id': ({ InstanceId }: Ec2.Instance) => InstanceId,
  'instance-state-code': ({ State }: Ec2.Instance) => State?.Code,
  'instance-state-name': ({ State }: Ec2.Instance) => State?.Name,
  'instance-type': ({ InstanceType }: Ec2.Instance) => InstanceType,
  'instance.group-id': ({ SecurityGroups }: Ec2.Instance) => (SecurityGroups ?? []).map(({ GroupId }) => GroupId),
  'ip-address': ({ PublicIpAddress }: Ec2.Instance) => PublicIpAddress,
  'key-name': ({ KeyName }: Ec2.Instance) => KeyName,
  'network-interface.network-interface-id': ({ NetworkInterfaces }: Ec2.Instance) =>
    (NetworkInterfaces ?? []).map(({ NetworkInterfaceId }) => NetworkInterfaceId),
  'private-ip-address': ({ PrivateIpAddress }: Ec2.Instance) => PrivateIpAddress,
  'subnet-id': ({ SubnetId }: Ec2.Instance) => SubnetId,
  'vpc-id': ({ VpcId }: Ec2.Instance) => VpcId,
};

const DescribeInstances: Operation<Ec2.DescribeInstancesRequest, Ec2.DescribeInstancesResult> = (
  { region, account },
  input,
) => {
  if (input.MaxResults !== undefined && input.InstanceIds?.length)
    throw new AwsError(
      'InvalidParameterCombination',
      'The parameter instancesSet cannot be used with the parameter maxResults',
    );
  const { items, ...rest } = list(region.ec2.instances, input, {
    ids: input.InstanceIds,
    idOf: ({ InstanceId }) => InstanceId,
    prefix: 'i',
    filters: instanceFilters,
  });
  const Reservations = items.map((instance) => ({
    ReservationId: `r-${instance.InstanceId?.slice(2)}`,
    OwnerId: account.id,
    Groups: [],
    Instances: [instance],
  }));
  return { Reservations, ...rest };
};

/** Without IncludeAllInstances only running instances are told. Checks take two minutes after boot on AWS; here none. */
const DescribeInstanceStatus: Operation<Ec2.DescribeInstanceStatusRequest, Ec2.DescribeInstanceStatusResult> = (
  { region },
  input,
) => {
  const { items, ...rest } = list(region.ec2.instances, input, {
    ids: input.InstanceIds,
    idOf: ({ InstanceId }) => InstanceId,
    prefix: 'i',
    filters: instanceFilters,
  });
  const shown = items.filter(({ State }) => input.IncludeAllInstances || State?.Name === 'running');
  return {
    InstanceStatuses: shown.map(({ InstanceId, State, Placement }) => {
      const Status = State?.Name === 'running' ? ('ok' as const) : ('not-applicable' as const);
      return {
        InstanceId,
        InstanceState: State,
        AvailabilityZone: Placement?.AvailabilityZone,
        InstanceStatus: { Status, Details: [] },
        SystemStatus: { Status, Details: [] },
      };
    }),
    ...rest,
  };
};

const ModifyInstanceAttribute: Operation<Ec2.ModifyInstanceAttributeRequest, object> = (request, input) => {
  const { ec2 } = request.region;
  const instance = requireInstance(request, input.InstanceId);
  const groups = (input.Groups ?? []).map((id) => requireOne(ec2.securityGroups, ({ GroupId }) => GroupId, id, 'sg'));
  for (const each of interfacesOf(ec2, instance)) {
    if (groups.length > 0) each.Groups = groups.map(({ GroupId, GroupName }) => ({ GroupId, GroupName }));
    each.SourceDestCheck = input.SourceDestCheck?.Value ?? each.SourceDestCheck;
  }
  refreshInstance(ec2, instance);
  return {};
};

export const instanceOperations: Operations = {
  RunInstances,
  StopInstances,
  StartInstances,
  TerminateInstances,
  RebootInstances,
  DescribeInstances,
  DescribeInstanceStatus,
  ModifyInstanceAttribute,
};
