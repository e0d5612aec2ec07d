/** Starting, stopping, rebooting and terminating instances (EC2 User Guide, "Instance lifecycle"). */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { haltHost } from '../../hosts/run.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import { requireInstance } from './common.ts';
import { refreshInstance } from './instance-view.ts';
import { interfacesOf } from './interfaces.ts';
import { givePublicIp, publicAddress, takePublicIp } from './public-addresses.ts';
import { stateOf } from './settle.ts';

/** All that the call names, or none. */
function requireInstances(request: Request, ids: readonly string[] | undefined): readonly Ec2.Instance[] {
  if (!ids?.length) throw new AwsError('InvalidParameterCombination', 'No instances specified');
  const known = new Set(request.region.ec2.instances.map(({ InstanceId }) => InstanceId));
  const missing = ids.filter((id) => id.startsWith('i-') && !known.has(id));
  if (missing.length > 1)
    throw new AwsError('InvalidInstanceID.NotFound', `The instance IDs '${missing.join(', ')}' do not exist`);
  return ids.map((id) => requireInstance(request, id));
}

/** Moves instances to a state by way of another; those that are there already are left alone. */
function change(
  { region, now }: Request,
  instances: readonly Ec2.Instance[],
  { from, to, already, done }: Move,
): Ec2.InstanceStateChange[] {
  for (const { InstanceId, State } of instances)
    if (![...from, ...already].includes(State?.Name ?? 'pending'))
      throw new AwsError(
        'IncorrectInstanceState',
        `The instance '${InstanceId}' is not in a state from which it can be ${done}.`,
      );
  return instances.map((instance) => {
    const PreviousState = instance.State;
    if (from.includes(instance.State?.Name ?? 'pending')) {
      instance.State = stateOf(to);
      region.ec2.since[instance.InstanceId ?? ''] = now;
      explain(instance, to, now);
    }
    return { InstanceId: instance.InstanceId, PreviousState, CurrentState: instance.State };
  });
}

/** Why it is in its state, as AWS says it. */
function explain(instance: Ec2.Instance, state: Ec2.InstanceStateName, now: number): void {
  if (state === 'pending') {
    instance.LaunchTime = new Date(now);
    instance.StateTransitionReason = '';
    delete instance.StateReason;
    return;
  }
  const code = 'Client.UserInitiatedShutdown';
  const at = new Date(now).toISOString().replace('T', ' ').slice(0, 19);
  instance.StateTransitionReason = `User initiated (${at} GMT)`;
  instance.StateReason = { Code: code, Message: `${code}: User initiated shutdown` };
}

interface Move {
  readonly from: readonly Ec2.InstanceStateName[];
  readonly to: Ec2.InstanceStateName;
  readonly already: readonly Ec2.InstanceStateName[];
  readonly done: string;
}

const STOP: Move = { from: ['running', 'pending'], to: 'stopping', already: ['stopping', 'stopped'], done: 'stopped' };
const START: Move = { from: ['stopped'], to: 'pending', already: ['pending', 'running'], done: 'started' };
const TERMINATE: Move = {
  from: ['pending', 'running', 'stopping', 'stopped'],
  to: 'shutting-down',
  already: ['shutting-down', 'terminated'],
  done: 'terminated',
};

function requireUnprotected(
  { region }: Request,
  instances: readonly Ec2.Instance[],
  attribute: 'disableApiStop' | 'disableApiTermination',
  done: string,
): void {
  const kept = instances.find(({ InstanceId = '' }) => region.ec2.launches?.[InstanceId]?.[attribute]);
  if (kept)
    throw new AwsError(
      'OperationNotPermitted',
      `The instance '${kept.InstanceId}' may not be ${done}. Modify its '${attribute}' instance attribute and try again.`,
    );
}

/** A stopped instance loses the public address that AWS lent it, and gets another at start; an Elastic IP address stays. */
const StopInstances: Operation<Ec2.StopInstancesRequest, Ec2.StopInstancesResult> = (request, input) => {
  const { ec2 } = request.region;
  const instances = requireInstances(request, input.InstanceIds);
  requireUnprotected(request, instances, 'disableApiStop', 'stopped');
  if (input.Hibernate && instances.some(({ HibernationOptions }) => !HibernationOptions?.Configured))
    throw new AwsError(
      'UnsupportedHibernationConfiguration',
      'You may not hibernate an instance that was not launched with hibernation enabled.',
    );
  const StoppingInstances = change(request, instances, STOP);
  for (const instance of instances) {
    for (const each of interfacesOf(ec2, instance)) {
      if (!each.Association || each.Association.AllocationId !== undefined) continue;
      takePublicIp(each);
      ec2.publicIpOnStart = [...(ec2.publicIpOnStart ?? []), instance.InstanceId ?? ''];
    }
    refreshInstance(ec2, instance);
  }
  return { StoppingInstances };
};

const StartInstances: Operation<Ec2.StartInstancesRequest, Ec2.StartInstancesResult> = (request, input) => {
  const { region, regionName, random } = request;
  const instances = requireInstances(request, input.InstanceIds);
  const StartingInstances = change(request, instances, START);
  for (const instance of instances) {
    // With several interfaces it gets no other (EC2 User Guide, "Public IPv4 addresses").
    const [primary, second] = interfacesOf(region.ec2, instance);
    const lost = region.ec2.publicIpOnStart?.includes(instance.InstanceId ?? '');
    if (primary && !second && !primary.Association && lost)
      givePublicIp(primary, { PublicIp: publicAddress(region.ec2, random), IpOwnerId: 'amazon' }, regionName);
    region.ec2.publicIpOnStart = region.ec2.publicIpOnStart?.filter((id) => id !== instance.InstanceId) ?? [];
    refreshInstance(region.ec2, instance);
  }
  return { StartingInstances };
};

const TerminateInstances: Operation<Ec2.TerminateInstancesRequest, Ec2.TerminateInstancesResult> = (request, input) => {
  const instances = requireInstances(request, input.InstanceIds);
  requireUnprotected(request, instances, 'disableApiTermination', 'terminated');
  return { TerminatingInstances: change(request, instances, TERMINATE) };
};

const RebootInstances: Operation<Ec2.RebootInstancesRequest, object> = (request, input) => {
  const instances = requireInstances(request, input.InstanceIds);
  for (const { InstanceId, State } of instances)
    if (!['running', 'pending'].includes(State?.Name ?? ''))
      throw new AwsError(
        'IncorrectState',
        `Cannot reboot instance ${InstanceId} that is currently in ${State?.Name} state.`,
      );
  for (const { InstanceId = '' } of instances) haltHost(request.region, InstanceId, request.now);
  return {};
};

export const instanceLifeOperations: Operations = {
  StopInstances,
  StartInstances,
  TerminateInstances,
  RebootInstances,
};
