/** Launching instances: where they go, what they get. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import { once } from './client-tokens.ts';
import { invalidValue } from './common.ts';
import { findImage } from './images.ts';
import { findInstanceType } from './instance-types.ts';
import { refreshInstance } from './instance-view.ts';
import { reservationId } from './instances.ts';
import { chooseIpv6, ipv6Shapes } from './interface-ipv6.ts';
import { requireWithinLimits } from './interface-limits.ts';
import { attach, makeInterface } from './interfaces.ts';
import { type LaunchInterface, launchInterfaces, zoneOf } from './launch-interfaces.ts';
import {
  DEFAULT_METADATA,
  fromImage,
  launchOptions,
  metadataOptions,
  requireArchitecture,
  requireSimulated,
} from './launch-options.ts';
import { associateProfile, profileOf } from './profiles.ts';
import { givePublicIp, publicAddress } from './public-addresses.ts';
import { stateOf } from './settle.ts';
import { type AddressWish, chooseAddresses } from './subnet-addresses.ts';
import { tagsFor } from './tag-rules.ts';
import { requireUserData } from './user-data.ts';
import { giveVolumes, volumePlans } from './volumes.ts';

/**
 * How many instances one call may launch is not limited here: the account's quotas are raised, as on request (EC2
 * quotas), as labs and tests launch many.
 */
const RunInstances: Operation<Ec2.RunInstancesRequest, Ec2.Reservation> = (request, input) =>
  once(
    request,
    'RunInstances',
    input,
    () => {
      const instances = launch(request, input);
      return { output: answer(request, instances), ids: instances.map(({ InstanceId = '' }) => InstanceId) };
    },
    (ids) => {
      const known = request.region.ec2.instances.filter(({ InstanceId = '' }) => ids.includes(InstanceId));
      return known.length === 0 ? undefined : answer(request, known);
    },
  );

function answer(request: Request, instances: readonly Ec2.Instance[]): Ec2.Reservation {
  const [first] = instances;
  return {
    ...(first && { ReservationId: reservationId(request, first) }),
    OwnerId: request.account.id,
    Groups: [],
    Instances: [...instances],
  };
}

function requireCount({ MinCount: least = 1, MaxCount: most = 1 }: Ec2.RunInstancesRequest): number {
  if (least < 1) throw invalidValue('minCount', String(least), 'Expected a positive number.');
  if (most < 1) throw invalidValue('maxCount', String(most), 'Expected a positive number.');
  if (least > most) throw invalidValue('minCount', String(least), 'Must not be greater than maxCount.');
  return most;
}

/** Makes everything, or nothing: all of the call is judged before the first instance is there. */
function launch(request: Request, input: Ec2.RunInstancesRequest): readonly Ec2.Instance[] {
  const { region, now, random } = request;
  const count = requireCount(input);
  requireSimulated(input);
  const image = findImage(input.ImageId);
  // EC2 API Reference, RunInstances: m1.small where no type is named.
  const type = findInstanceType(input.InstanceType ?? 'm1.small');
  requireArchitecture(image, type);
  if (input.KeyName !== undefined && !region.ec2.keyPairs.some(({ KeyName }) => KeyName === input.KeyName))
    throw new AwsError('InvalidKeyPair.NotFound', `The key pair '${input.KeyName}' does not exist`);
  const userData = input.UserData === undefined ? undefined : requireUserData(input.UserData);
  const profile = input.IamInstanceProfile && profileOf(request, input.IamInstanceProfile);
  const volumes = volumePlans(image, input.BlockDeviceMappings ?? []);
  const interfaces = launchInterfaces(request, input);
  const zone = zoneOf(interfaces[0]);
  const tags = tagsFor(input.TagSpecifications, 'instance', TAGGABLE);
  const interfaceTags = tagsFor(input.TagSpecifications, 'network-interface', TAGGABLE);
  const volumeTags = tagsFor(input.TagSpecifications, 'volume', TAGGABLE);
  const options = launchOptions(input, type);
  const metadata = metadataOptions(DEFAULT_METADATA, input.MetadataOptions ?? {});
  const plans = plansFor(request, interfaces, count);
  requireWithinLimits(
    type.InstanceType ?? '',
    (plans[0] ?? []).map((plan) =>
      'existing' in plan ? (plan.existing.PrivateIpAddresses?.length ?? 0) : plan.addresses.length,
    ),
  );
  const reservation = resourceId(random, 'r');
  region.ec2.launches ??= {};
  const { launches } = region.ec2;
  return plans.map((plan, index): Ec2.Instance => {
    const InstanceId = resourceId(random, 'i');
    const instance: Ec2.Instance = {
      InstanceId,
      ...fromImage(image),
      ...options.shown,
      InstanceType: type.InstanceType,
      Hypervisor: 'xen',
      ...(input.KeyName !== undefined && { KeyName: input.KeyName }),
      ...(input.ClientToken !== undefined && { ClientToken: input.ClientToken }),
      LaunchTime: new Date(now),
      AmiLaunchIndex: index,
      MetadataOptions: metadata,
      Placement: { AvailabilityZone: zone, Tenancy: 'default', GroupName: '' },
      SourceDestCheck: true,
      State: stateOf('pending'),
      StateTransitionReason: '',
      StateReason: { Code: 'pending', Message: 'pending' },
      BlockDeviceMappings: [],
      ProductCodes: [],
      Tags: tags,
    };
    region.ec2.instances.push(instance);
    region.ec2.since[InstanceId] = now;
    launches[InstanceId] = { ...options.kept, reservationId: reservation, neverRan: true };
    if (userData !== undefined) region.ec2.userData = { ...region.ec2.userData, [InstanceId]: userData };
    giveVolumes(request, instance, volumes, volumeTags);
    for (const each of plan) giveInterface(request, instance, each, interfaceTags);
    refreshInstance(region.ec2, instance);
    if (profile) associateProfile(request, instance, profile);
    return instance;
  });
}

const TAGGABLE: readonly Ec2.ResourceType[] = ['instance', 'network-interface', 'volume', 'spot-instances-request'];

type PlannedInterface = LaunchInterface & {
  readonly addresses: readonly string[];
  readonly ipv6Given: readonly string[];
};

/** One list an instance. Everything is found before the first instance is made: a refused call leaves nothing behind. */
function plansFor(
  request: Request,
  interfaces: readonly LaunchInterface[],
  count: number,
): readonly (readonly PlannedInterface[])[] {
  if (count > 1 && interfaces.some((each) => 'existing' in each))
    throw new AwsError(
      'InvalidParameterCombination',
      'A network interface cannot be specified when launching multiple instances.',
    );
  if (count > 1 && interfaces.some((each) => 'wish' in each && namesAddresses(each.wish)))
    throw new AwsError(
      'InvalidParameterCombination',
      'A private IP address cannot be specified when launching multiple instances.',
    );
  const { region, random } = request;
  const given: string[] = [];
  return Array.from({ length: count }, () =>
    interfaces.map((each) => {
      if ('existing' in each) return { ...each, addresses: [], ipv6Given: [] };
      const addresses = chooseAddresses(region.ec2, each.subnet, each.wish, random, given);
      const ipv6Given = chooseIpv6(request, each.subnet, each.ipv6, given);
      given.push(...addresses, ...ipv6Given);
      return { ...each, addresses, ipv6Given };
    }),
  );
}

function namesAddresses({ PrivateIpAddress, PrivateIpAddresses }: AddressWish): boolean {
  return PrivateIpAddress !== undefined || (PrivateIpAddresses ?? []).length > 0;
}

function giveInterface(request: Request, instance: Ec2.Instance, plan: PlannedInterface, tags: Ec2.Tag[]): void {
  const { region, regionName, now, random } = request;
  const { deviceIndex } = plan;
  const at = new Date(now);
  if ('existing' in plan) {
    attach(region.ec2, plan.existing, { instance, deviceIndex, deleteOnTermination: false, at, random });
    return;
  }
  const made = makeInterface(region.ec2, { ...plan, tags, regionName, random });
  made.Ipv6Addresses = ipv6Shapes(plan.ipv6Given);
  attach(region.ec2, made, { instance, deviceIndex, deleteOnTermination: plan.deleteOnTermination, at, random });
  if (plan.withPublicIp)
    givePublicIp(made, { PublicIp: publicAddress(region.ec2, random), IpOwnerId: 'amazon' }, regionName);
}

export const launchOperations: Operations = { RunInstances };
