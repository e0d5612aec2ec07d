/** Launching instances: where they go, what they get. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import { invalidValue } from './common.ts';
import { findImage } from './images.ts';
import { findInstanceType } from './instance-types.ts';
import { refreshInstance } from './instance-view.ts';
import { requireWithinLimits } from './interface-limits.ts';
import { attach, makeInterface } from './interfaces.ts';
import { type LaunchInterface, launchInterfaces, zoneOf } from './launch-interfaces.ts';
import { associateProfile, profileOf } from './profiles.ts';
import { givePublicIp, publicAddress } from './public-addresses.ts';
import { stateOf } from './settle.ts';
import { type AddressWish, chooseAddresses } from './subnet-addresses.ts';
import { tagsFor } from './tag-rules.ts';

const MOST_AT_ONCE = 20;

const RunInstances: Operation<Ec2.RunInstancesRequest, Ec2.Reservation> = (request, input) => {
  const { region, account, now, random } = request;
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
  const userData = input.UserData === undefined ? undefined : requireUserData(input.UserData);
  const profile = input.IamInstanceProfile && profileOf(request, input.IamInstanceProfile);
  const interfaces = launchInterfaces(request, input);
  const tags = tagsFor(input.TagSpecifications, 'instance', ['network-interface', 'volume']);
  const interfaceTags = tagsFor(input.TagSpecifications, 'network-interface', ['instance', 'volume']);
  const plans = plansFor(request, interfaces, count);
  requireWithinLimits(
    type.InstanceType ?? '',
    (plans[0] ?? []).map((plan) =>
      'existing' in plan ? (plan.existing.PrivateIpAddresses?.length ?? 0) : plan.addresses.length,
    ),
  );
  const instances = plans.map((plan, index): Ec2.Instance => {
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
      Placement: { AvailabilityZone: zoneOf(interfaces[0]), Tenancy: 'default', GroupName: '' },
      SourceDestCheck: true,
      State: stateOf('pending'),
      StateTransitionReason: '',
      BlockDeviceMappings: [],
      ProductCodes: [],
      Tags: tags,
    };
    region.ec2.instances.push(instance);
    region.ec2.since[InstanceId] = now;
    if (userData !== undefined) region.ec2.userData = { ...region.ec2.userData, [InstanceId]: userData };
    for (const each of plan) giveInterface(request, instance, each, interfaceTags);
    refreshInstance(region.ec2, instance);
    if (profile) associateProfile(request, instance, profile);
    return instance;
  });
  return { ...reservation(account.id, instances[0]), Instances: instances };
};

/** EC2 User Guide, "Run commands when you launch an EC2 instance": 16 KB before it is encoded. */
const MOST_USER_DATA = 16_384;

/** @returns As given: base64. */
function requireUserData(text: string): string {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text.replaceAll(/\s/g, '')))
    throw new AwsError('InvalidParameterValue', 'Invalid BASE64 encoding of user data.');
  if (Buffer.from(text, 'base64').length > MOST_USER_DATA)
    throw new AwsError('InvalidParameterValue', `User data is limited to ${MOST_USER_DATA} bytes`);
  return text;
}

type PlannedInterface = LaunchInterface & { readonly addresses: readonly string[] };

/** One list an instance. Everything is found before the first instance is made: a refused call leaves nothing behind. */
function plansFor(
  { region, random }: Request,
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
  const given: string[] = [];
  return Array.from({ length: count }, () =>
    interfaces.map((each) => {
      if ('existing' in each) return { ...each, addresses: [] };
      const addresses = chooseAddresses(region.ec2, each.subnet, each.wish, random, given);
      given.push(...addresses);
      return { ...each, addresses };
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
  attach(region.ec2, made, { instance, deviceIndex, deleteOnTermination: plan.deleteOnTermination, at, random });
  if (plan.withPublicIp)
    givePublicIp(made, { PublicIp: publicAddress(region.ec2, random), IpOwnerId: 'amazon' }, regionName);
}

/** Named after its instance, so that it is told the same each time. */
export function reservation(OwnerId: string, first: Ec2.Instance | undefined): Ec2.Reservation {
  return { ReservationId: `r-${first?.InstanceId?.slice(2)}`, OwnerId, Groups: [] };
}

export const launchOperations: Operations = { RunInstances };
