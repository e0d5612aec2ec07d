/** EC2 instances: their life and what is said of it. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { haltHost } from '../../hosts/run.ts';
import { AwsError, type Operation, type Operations } from '../../service.ts';
import { list, requireInstance, requireOne } from './common.ts';
import { refreshInstance } from './instance-view.ts';
import { interfacesOf } from './interfaces.ts';
import { reservation } from './launch.ts';
import { givePublicIp, publicAddress, takePublicIp } from './public-addresses.ts';
import { stateOf } from './settle.ts';

type StateChange = Operation<{ InstanceIds: string[] | undefined }, { changes: Ec2.InstanceStateChange[] }>;

/** Moves instances to a state by way of another; those that are there already are left alone. */
function change(
  from: readonly Ec2.InstanceStateName[],
  to: Ec2.InstanceStateName,
  already: readonly Ec2.InstanceStateName[],
  done: string,
): StateChange {
  return (request, { InstanceIds }) => {
    const instances = (InstanceIds ?? []).map((id) => requireInstance(request, id));
    for (const { InstanceId, State } of instances)
      if (![...from, ...already].includes(State?.Name ?? 'pending'))
        throw new AwsError(
          'IncorrectInstanceState',
          `The instance '${InstanceId}' is not in a state from which it can be ${done}.`,
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

const stop = change(['running', 'pending'], 'stopping', ['stopping', 'stopped'], 'stopped');
const start = change(['stopped'], 'pending', ['pending', 'running'], 'started');
const terminate = change(
  ['pending', 'running', 'stopping', 'stopped'],
  'shutting-down',
  ['shutting-down', 'terminated'],
  'terminated',
);

/** A stopped instance loses the public address that AWS lent it, and gets another at start; an Elastic IP address stays. */
const StopInstances: Operation<Ec2.StopInstancesRequest, Ec2.StopInstancesResult> = (request, { InstanceIds }) => {
  const { ec2 } = request.region;
  const { changes } = stop(request, { InstanceIds });
  for (const instance of (InstanceIds ?? []).map((id) => requireInstance(request, id))) {
    for (const each of interfacesOf(ec2, instance)) {
      if (!each.Association || each.Association.AllocationId !== undefined) continue;
      takePublicIp(each);
      ec2.publicIpOnStart = [...(ec2.publicIpOnStart ?? []), instance.InstanceId ?? ''];
    }
    refreshInstance(ec2, instance);
  }
  return { StoppingInstances: changes };
};

const StartInstances: Operation<Ec2.StartInstancesRequest, Ec2.StartInstancesResult> = (request, { InstanceIds }) => {
  const { region, regionName, random } = request;
  const { changes } = start(request, { InstanceIds });
  for (const instance of (InstanceIds ?? []).map((id) => requireInstance(request, id))) {
    // With several interfaces it gets no other (EC2 User Guide, "Public IPv4 addresses").
    const [primary, second] = interfacesOf(region.ec2, instance);
    const lost = region.ec2.publicIpOnStart?.includes(instance.InstanceId ?? '');
    if (primary && !second && !primary.Association && lost)
      givePublicIp(primary, { PublicIp: publicAddress(region.ec2, random), IpOwnerId: 'amazon' }, regionName);
    region.ec2.publicIpOnStart = region.ec2.publicIpOnStart?.filter((id) => id !== instance.InstanceId) ?? [];
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
  for (const id of InstanceIds ?? []) haltHost(request.region, id);
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
  const Reservations = items.map((instance) => ({ ...reservation(account.id, instance), Instances: [instance] }));
  return { Reservations, ...rest };
};

/** Without IncludeAllInstances only running instances are told. Checks take two minutes after boot on AWS; here none. */
const DescribeInstanceStatus: Operation<Ec2.DescribeInstanceStatusRequest, Ec2.DescribeInstanceStatusResult> = (
  { region },
  input,
) => {
  for (const id of input.InstanceIds ?? []) requireOne(region.ec2.instances, ({ InstanceId }) => InstanceId, id, 'i');
  const told = region.ec2.instances.filter(
    ({ InstanceId = '', State }) =>
      (input.IncludeAllInstances || State?.Name === 'running') && (input.InstanceIds?.includes(InstanceId) ?? true),
  );
  const { items, ...rest } = list(told, input, {
    idOf: ({ InstanceId }) => InstanceId,
    prefix: 'i',
    filters: instanceFilters,
  });
  return {
    InstanceStatuses: items.map(({ InstanceId, State, Placement }) => {
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

export const instanceOperations: Operations = {
  StopInstances,
  StartInstances,
  TerminateInstances,
  RebootInstances,
  DescribeInstances,
  DescribeInstanceStatus,
};
