/** The network interfaces that a launch asks for: new ones, and some that are there already. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { zonesOf } from '../../regions.ts';
import { AwsError, type Request } from '../../service.ts';
import { invalidValue, requireInterface, requireSubnet } from './common.ts';
import { requireUnattached } from './interface-attachments.ts';
import { groupNamed, groupsFor } from './interface-groups.ts';
import { type Ipv6Wish, ipv6Wish } from './interface-ipv6.ts';
import type { AddressWish } from './subnet-addresses.ts';

interface NewInterface {
  readonly deviceIndex: number;
  readonly subnet: Ec2.Subnet;
  readonly groups: readonly Ec2.SecurityGroup[];
  readonly wish: AddressWish;
  readonly ipv6: Ipv6Wish;
  readonly withPublicIp: boolean;
  readonly description: string;
  readonly deleteOnTermination: boolean;
}

interface ExistingInterface {
  readonly deviceIndex: number;
  readonly existing: Ec2.NetworkInterface;
}

/** What each of the launched instances gets, the primary interface first. */
export type LaunchInterface = NewInterface | ExistingInterface;

/** @throws AwsError as AWS refuses the launch (EC2 User Guide, "Network interfaces"; API Reference, RunInstances). */
export function launchInterfaces(
  request: Request,
  input: Ec2.RunInstancesRequest,
): readonly [LaunchInterface, ...LaunchInterface[]] {
  const specifications = input.NetworkInterfaces ?? [];
  if (specifications.length === 0) return [implied(request, input)];
  for (const [name, given] of [
    ['subnet ID', input.SubnetId !== undefined],
    ['security groups', input.SecurityGroupIds?.length || input.SecurityGroups?.length],
    ['private IP address', input.PrivateIpAddress !== undefined],
  ] as const)
    if (given)
      throw new AwsError(
        'InvalidParameterCombination',
        `Network interfaces and an instance-level ${name} may not be specified on the same request`,
      );
  if (specifications.length > 1 && specifications.some(({ AssociatePublicIpAddress }) => AssociatePublicIpAddress))
    throw new AwsError(
      'InvalidParameterCombination',
      'The associatePublicIPAddress parameter cannot be specified when launching with multiple network interfaces.',
    );
  const alone = specifications.length === 1;
  const interfaces = specifications
    .map((each) => (each.NetworkInterfaceId === undefined ? fresh(request, each, alone) : existing(request, each)))
    .toSorted((one, other) => one.deviceIndex - other.deviceIndex);
  return requireConsistent(interfaces);
}

function requireConsistent(interfaces: readonly LaunchInterface[]): readonly [LaunchInterface, ...LaunchInterface[]] {
  const [primary, ...others] = interfaces;
  if (primary?.deviceIndex !== 0)
    throw new AwsError('InvalidParameterValue', 'A network interface with device index 0 is required.');
  if (new Set(interfaces.map(({ deviceIndex }) => deviceIndex)).size < interfaces.length)
    throw new AwsError('InvalidParameterValue', 'Each network interface requires a device index of its own.');
  const ids = interfaces.flatMap((each) => ('existing' in each ? each.existing.NetworkInterfaceId : []));
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new AwsError('InvalidNetworkInterface.InUse', `Interface: [${twice}] in use.`);
  if (new Set(interfaces.map(zoneOf)).size > 1)
    throw new AwsError(
      'InvalidParameterCombination',
      'The network interfaces of an instance must be in the same availability zone',
    );
  return [primary, ...others];
}

export function zoneOf(each: LaunchInterface): string | undefined {
  return 'existing' in each ? each.existing.AvailabilityZone : each.subnet.AvailabilityZone;
}

/** Where nothing is said of interfaces. */
function implied(request: Request, input: Ec2.RunInstancesRequest): NewInterface {
  const subnet = subnetFor(request, input.SubnetId, input.Placement?.AvailabilityZone);
  if (input.SubnetId !== undefined && input.SecurityGroups?.length)
    throw new AwsError(
      'InvalidParameterCombination',
      'The parameter groupName cannot be used with the parameter subnet',
    );
  const named = (input.SecurityGroups ?? []).map((name) => groupNamed(request.region.ec2.securityGroups, subnet, name));
  const ids = input.SecurityGroupIds ?? [];
  return {
    deviceIndex: 0,
    subnet,
    groups: [...named, ...(ids.length > 0 || named.length === 0 ? groupsFor(request, ids, subnet) : [])],
    wish: { PrivateIpAddress: input.PrivateIpAddress },
    ipv6: ipv6Wish(input, subnet),
    withPublicIp: subnet.MapPublicIpOnLaunch ?? false,
    description: '',
    deleteOnTermination: true,
  };
}

/** The subnet that is named, or the default one of the zone, or of the first zone that has one. */
function subnetFor(request: Request, id: string | undefined, zone?: string): Ec2.Subnet {
  if (zone !== undefined && !zonesOf(request.regionName).some(({ name }) => name === zone))
    throw new AwsError('InvalidParameterValue', `Invalid availability zone: [${zone}]`);
  if (id !== undefined) {
    const named = requireSubnet(request, id);
    if (zone !== undefined && named.AvailabilityZone !== zone)
      throw invalidValue(
        'availabilityZone',
        zone,
        `Subnet '${id}' is in the availability zone ${named.AvailabilityZone}`,
      );
    return named;
  }
  const { ec2 } = request.region;
  const subnet = ec2.subnets.find(
    ({ DefaultForAz, AvailabilityZone }) => DefaultForAz && (zone === undefined || AvailabilityZone === zone),
  );
  const defaultVpc = ec2.vpcs.find(({ IsDefault }) => IsDefault);
  if (!subnet && defaultVpc)
    throw new AwsError(
      'MissingInput',
      `No subnets found for the default VPC '${defaultVpc.VpcId}'. Please specify a subnet.`,
    );
  if (!subnet)
    throw new AwsError(
      'VPCIdNotSpecified',
      'No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.',
    );
  return subnet;
}

function deviceIndexOf({ DeviceIndex }: Ec2.InstanceNetworkInterfaceSpecification): number {
  if (DeviceIndex === undefined)
    throw new AwsError('InvalidParameterValue', 'Each network interface requires a device index.');
  return DeviceIndex;
}

/** An instance with several interfaces gets no public address by itself (EC2 User Guide, "Public IPv4 addresses"). */
function fresh(
  request: Request,
  specification: Ec2.InstanceNetworkInterfaceSpecification,
  alone: boolean,
): NewInterface {
  const deviceIndex = deviceIndexOf(specification);
  const { SubnetId, Groups = [], Description = '', DeleteOnTermination = true } = specification;
  const subnet = subnetFor(request, SubnetId);
  return {
    deviceIndex,
    subnet,
    groups: groupsFor(request, Groups, subnet),
    wish: specification,
    ipv6: ipv6Wish(specification, subnet),
    withPublicIp: alone && (specification.AssociatePublicIpAddress ?? subnet.MapPublicIpOnLaunch ?? false),
    description: Description,
    deleteOnTermination: DeleteOnTermination,
  };
}

function existing(request: Request, specification: Ec2.InstanceNetworkInterfaceSpecification): ExistingInterface {
  const deviceIndex = deviceIndexOf(specification);
  for (const [name, given] of [
    ['a subnet ID', specification.SubnetId !== undefined],
    ['security groups', specification.Groups?.length],
    ['private IP addresses', specification.PrivateIpAddress ?? specification.PrivateIpAddresses?.length],
    ['delete on termination as true', specification.DeleteOnTermination],
    ['an associated public IP address', specification.AssociatePublicIpAddress],
  ] as const)
    if (given)
      throw new AwsError(
        'InvalidParameterCombination',
        `A network interface may not specify both a network interface ID and ${name}`,
      );
  return {
    deviceIndex,
    existing: requireUnattached(requireInterface(request, specification.NetworkInterfaceId)),
  };
}
