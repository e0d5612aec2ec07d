/** Attributes of an instance, one at a time; some are those of its only network interface. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { LaunchState } from '../../world.ts';
import { invalidValue, missingParameter, oneAttribute, requireInstance } from './common.ts';
import { findInstanceType } from './instance-types.ts';
import { refreshInstance } from './instance-view.ts';
import { reservationId } from './instances.ts';
import { groupsFor } from './interface-groups.ts';
import { namesOf, requireOnlyInterface } from './interfaces.ts';
import { requireUserData } from './user-data.ts';
import { setDeleteOnTermination } from './volumes.ts';

function launchOf(request: Request, instance: Ec2.Instance): LaunchState {
  return (
    request.region.ec2.launches?.[instance.InstanceId ?? ''] ?? {
      reservationId: reservationId(request, instance),
      disableApiTermination: false,
      disableApiStop: false,
      shutdownBehavior: 'stop',
    }
  );
}

function setLaunch(request: Request, instance: Ec2.Instance, changes: Partial<LaunchState>): void {
  const { ec2 } = request.region;
  const changed = { ...launchOf(request, instance), ...changes };
  ec2.launches ??= {};
  ec2.launches[instance.InstanceId ?? ''] = changed;
}

/** What can be changed, by the parameter that changes it (EC2 API Reference, ModifyInstanceAttribute). */
const PARAMETERS = [
  'BlockDeviceMappings',
  'DisableApiStop',
  'DisableApiTermination',
  'EbsOptimized',
  'EnaSupport',
  'Groups',
  'InstanceInitiatedShutdownBehavior',
  'InstanceType',
  'Kernel',
  'Ramdisk',
  'SourceDestCheck',
  'SriovNetSupport',
  'UserData',
] as const;
type Parameter = (typeof PARAMETERS)[number];

/** The older form, `Attribute` and `Value`, said as the newer one. */
function namedByAttribute({ Attribute, Value = '' }: Ec2.ModifyInstanceAttributeRequest) {
  switch (Attribute) {
    case undefined:
      return {};
    case 'disableApiStop':
      return { DisableApiStop: { Value: Value === 'true' } };
    case 'disableApiTermination':
      return { DisableApiTermination: { Value: Value === 'true' } };
    case 'ebsOptimized':
      return { EbsOptimized: { Value: Value === 'true' } };
    case 'instanceInitiatedShutdownBehavior':
      return { InstanceInitiatedShutdownBehavior: { Value } };
    case 'instanceType':
      return { InstanceType: { Value } };
    case 'sourceDestCheck':
      return { SourceDestCheck: { Value: Value === 'true' } };
    case 'userData':
      return { UserData: { Value: new Uint8Array(Buffer.from(Value, 'base64')) } };
    default:
      throw invalidValue('attribute', Attribute, 'Unknown attribute.');
  }
}

const ModifyInstanceAttribute: Operation<Ec2.ModifyInstanceAttributeRequest, object> = (request, given) => {
  const instance = requireInstance(request, given.InstanceId);
  const input = { ...given, ...namedByAttribute(given) };
  const parameter = oneAttribute(PARAMETERS, input);
  modify(request, instance, parameter, input);
  refreshInstance(request.region.ec2, instance);
  return {};
};

/** These are read at start only. */
function requireStopped({ InstanceId, State }: Ec2.Instance): void {
  if (State?.Name !== 'stopped')
    throw new AwsError('IncorrectInstanceState', `The instance '${InstanceId}' is not in the 'stopped' state.`);
}

function modify(
  request: Request,
  instance: Ec2.Instance,
  parameter: Parameter,
  input: Ec2.ModifyInstanceAttributeRequest,
): void {
  const { ec2 } = request.region;
  switch (parameter) {
    case 'BlockDeviceMappings':
      for (const { DeviceName = '', Ebs } of input.BlockDeviceMappings ?? [])
        if (Ebs?.DeleteOnTermination !== undefined)
          setDeleteOnTermination(ec2, instance, DeviceName, Ebs.DeleteOnTermination);
      break;
    case 'DisableApiStop':
      setLaunch(request, instance, { disableApiStop: input.DisableApiStop?.Value ?? false });
      break;
    case 'DisableApiTermination':
      setLaunch(request, instance, { disableApiTermination: input.DisableApiTermination?.Value ?? false });
      break;
    case 'EbsOptimized':
      requireStopped(instance);
      instance.EbsOptimized = input.EbsOptimized?.Value ?? false;
      break;
    case 'EnaSupport':
      requireStopped(instance);
      instance.EnaSupport = input.EnaSupport?.Value ?? false;
      break;
    case 'Groups': {
      const only = requireOnlyInterface(ec2, instance);
      only.Groups = namesOf(groupsFor(request, input.Groups ?? [], only));
      break;
    }
    case 'InstanceInitiatedShutdownBehavior':
      setLaunch(request, instance, {
        shutdownBehavior: requireShutdownBehavior(input.InstanceInitiatedShutdownBehavior?.Value),
      });
      break;
    case 'InstanceType': {
      const { InstanceType } = findInstanceType(input.InstanceType?.Value ?? '');
      requireStopped(instance);
      instance.InstanceType = InstanceType;
      break;
    }
    case 'SourceDestCheck':
      requireOnlyInterface(ec2, instance).SourceDestCheck = input.SourceDestCheck?.Value ?? true;
      break;
    case 'UserData': {
      const userData = requireUserData(Buffer.from(input.UserData?.Value ?? []).toString('base64'));
      requireStopped(instance);
      ec2.userData = { ...ec2.userData, [instance.InstanceId ?? '']: userData };
      break;
    }
    case 'Kernel':
    case 'Ramdisk':
    case 'SriovNetSupport':
      throw new AwsError('UnsupportedOperation', `${parameter} cannot be changed for this instance.`);
  }
}

export function requireShutdownBehavior(value: string | undefined): Ec2.ShutdownBehavior {
  if (value === undefined) throw missingParameter('value');
  if (value !== 'stop' && value !== 'terminate') throw invalidValue('instanceInitiatedShutdownBehavior', value);
  return value;
}

const DescribeInstanceAttribute: Operation<Ec2.DescribeInstanceAttributeRequest, Ec2.InstanceAttribute> = (
  request,
  { InstanceId, Attribute },
) => {
  const { ec2 } = request.region;
  const instance = requireInstance(request, InstanceId);
  const launch = launchOf(request, instance);
  switch (Attribute) {
    case 'blockDeviceMapping':
      return { InstanceId, BlockDeviceMappings: instance.BlockDeviceMappings };
    case 'disableApiStop':
      return { InstanceId, DisableApiStop: { Value: launch.disableApiStop } };
    case 'disableApiTermination':
      return { InstanceId, DisableApiTermination: { Value: launch.disableApiTermination } };
    case 'ebsOptimized':
      return { InstanceId, EbsOptimized: { Value: instance.EbsOptimized ?? false } };
    case 'enaSupport':
      return { InstanceId, EnaSupport: { Value: instance.EnaSupport ?? false } };
    case 'enclaveOptions':
      return { InstanceId, EnclaveOptions: { Enabled: false } };
    case 'groupSet':
      return { InstanceId, Groups: instance.SecurityGroups };
    case 'instanceInitiatedShutdownBehavior':
      return { InstanceId, InstanceInitiatedShutdownBehavior: { Value: launch.shutdownBehavior } };
    case 'instanceType':
      return { InstanceId, InstanceType: { Value: instance.InstanceType } };
    case 'kernel':
      return { InstanceId, KernelId: {} };
    case 'productCodes':
      return { InstanceId, ProductCodes: instance.ProductCodes };
    case 'ramdisk':
      return { InstanceId, RamdiskId: {} };
    case 'rootDeviceName':
      return { InstanceId, RootDeviceName: { Value: instance.RootDeviceName } };
    case 'sourceDestCheck':
      return { InstanceId, SourceDestCheck: { Value: requireOnlyInterface(ec2, instance).SourceDestCheck } };
    case 'sriovNetSupport':
      return { InstanceId, SriovNetSupport: {} };
    case 'userData':
      return { InstanceId, UserData: { Value: ec2.userData?.[InstanceId ?? ''] } };
    default:
      throw invalidValue('attribute', Attribute ?? '', 'Unknown attribute.');
  }
};

const ResetInstanceAttribute: Operation<Ec2.ResetInstanceAttributeRequest, object> = (request, input) => {
  const { ec2 } = request.region;
  const instance = requireInstance(request, input.InstanceId);
  if (input.Attribute !== 'sourceDestCheck') throw invalidValue('attribute', input.Attribute ?? '');
  requireOnlyInterface(ec2, instance).SourceDestCheck = true;
  refreshInstance(ec2, instance);
  return {};
};

export const instanceAttributeOperations: Operations = {
  ModifyInstanceAttribute,
  DescribeInstanceAttribute,
  ResetInstanceAttribute,
};
