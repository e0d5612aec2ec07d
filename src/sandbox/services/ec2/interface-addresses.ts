/** Secondary private addresses of a network interface (EC2 User Guide, "Secondary IP addresses"). */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { Ec2State } from '../../world.ts';
import { invalidValue, requireInstance, requireInterface, requireSubnet } from './common.ts';
import { refreshOwner } from './instance-view.ts';
import { requireWithinLimits } from './interface-limits.ts';
import { privateAddress, requireOwn } from './interfaces.ts';
import { unbind } from './public-addresses.ts';
import { freeAddresses, recountAddresses, requireAllFree } from './subnet-addresses.ts';

const AssignPrivateIpAddresses: Operation<Ec2.AssignPrivateIpAddressesRequest, Ec2.AssignPrivateIpAddressesResult> = (
  request,
  input,
) => {
  const { region, regionName } = request;
  const networkInterface = requireOwn(requireInterface(request, input.NetworkInterfaceId));
  const moved = input.AllowReassignment ? secondariesElsewhere(region.ec2, networkInterface, input) : [];
  const addresses = newAddresses(request, networkInterface, input, moved);
  requireRoom(request, networkInterface, addresses.length + moved.length);
  for (const address of addresses) add(networkInterface, privateAddress(address, regionName, false));
  for (const { from, own } of moved) {
    remove(from, own);
    add(networkInterface, own);
    rebind(region.ec2, from, networkInterface, own);
    refreshOwner(region.ec2, from);
  }
  recountAddresses(region.ec2, networkInterface.SubnetId);
  refreshOwner(region.ec2, networkInterface);
  return {
    NetworkInterfaceId: networkInterface.NetworkInterfaceId,
    AssignedPrivateIpAddresses: [...addresses, ...moved.map(({ own }) => own.PrivateIpAddress)].map(
      (PrivateIpAddress) => ({ PrivateIpAddress }),
    ),
  };
};

interface Move {
  readonly from: Ec2.NetworkInterface;
  readonly own: Ec2.NetworkInterfacePrivateIpAddress;
}

function secondariesElsewhere(
  ec2: Ec2State,
  to: Ec2.NetworkInterface,
  { PrivateIpAddresses: wanted = [] }: Ec2.AssignPrivateIpAddressesRequest,
): readonly Move[] {
  return ec2.networkInterfaces
    .filter((from) => from !== to && from.SubnetId === to.SubnetId && !from.RequesterManaged)
    .flatMap((from) =>
      (from.PrivateIpAddresses ?? [])
        .filter(({ Primary, PrivateIpAddress = '' }) => !Primary && wanted.includes(PrivateIpAddress))
        .map((own) => ({ from, own })),
    );
}

/** What is assigned besides the addresses that move here. */
function newAddresses(
  request: Request,
  { SubnetId }: Ec2.NetworkInterface,
  { PrivateIpAddresses: wanted = [], SecondaryPrivateIpAddressCount: count }: Ec2.AssignPrivateIpAddressesRequest,
  moved: readonly Move[],
): readonly string[] {
  const { ec2 } = request.region;
  if (wanted.length > 0 === (count !== undefined))
    throw new AwsError(
      count === undefined ? 'MissingParameter' : 'InvalidParameterCombination',
      'The request must contain exactly one of privateIpAddresses, secondaryPrivateIpAddressCount',
    );
  if (count !== undefined && count < 1) throw invalidValue('secondaryPrivateIpAddressCount', String(count));
  const subnet = requireSubnet(request, SubnetId);
  if (count !== undefined) return freeAddresses(ec2, subnet, count, request.random);
  const fresh = wanted.filter((address) => !moved.some(({ own }) => own.PrivateIpAddress === address));
  requireAllFree(ec2, subnet, fresh);
  return fresh;
}

function requireRoom(request: Request, { Attachment, PrivateIpAddresses = [] }: Ec2.NetworkInterface, more: number) {
  if (Attachment?.InstanceId === undefined) return;
  const { InstanceType } = requireInstance(request, Attachment.InstanceId);
  requireWithinLimits(InstanceType ?? '', [PrivateIpAddresses.length + more]);
}

function add(to: Ec2.NetworkInterface, own: Ec2.NetworkInterfacePrivateIpAddress): void {
  to.PrivateIpAddresses = [...(to.PrivateIpAddresses ?? []), own];
}

function remove(from: Ec2.NetworkInterface, own: Ec2.NetworkInterfacePrivateIpAddress): void {
  from.PrivateIpAddresses = from.PrivateIpAddresses?.filter((each) => each !== own);
}

function boundTo(
  ec2: Ec2State,
  { NetworkInterfaceId }: Ec2.NetworkInterface,
  { PrivateIpAddress }: Ec2.NetworkInterfacePrivateIpAddress,
): Ec2.Address | undefined {
  return ec2.addresses.find(
    (each) => each.NetworkInterfaceId === NetworkInterfaceId && each.PrivateIpAddress === PrivateIpAddress,
  );
}

/** An Elastic IP address goes with the private address that it is on. */
function rebind(
  ec2: Ec2State,
  from: Ec2.NetworkInterface,
  to: Ec2.NetworkInterface,
  own: Ec2.NetworkInterfacePrivateIpAddress,
): void {
  const address = boundTo(ec2, from, own);
  if (!address) return;
  address.NetworkInterfaceId = to.NetworkInterfaceId;
  if (to.Attachment?.InstanceId === undefined) delete address.InstanceId;
  else address.InstanceId = to.Attachment.InstanceId;
}

const UnassignPrivateIpAddresses: Operation<Ec2.UnassignPrivateIpAddressesRequest, object> = (request, input) => {
  const { ec2 } = request.region;
  const networkInterface = requireOwn(requireInterface(request, input.NetworkInterfaceId));
  const gone = (input.PrivateIpAddresses ?? []).map((address) => {
    const own = networkInterface.PrivateIpAddresses?.find(({ PrivateIpAddress }) => PrivateIpAddress === address);
    if (!own)
      throw new AwsError(
        'InvalidParameterValue',
        `Some of the specified addresses are not assigned to interface ${networkInterface.NetworkInterfaceId}`,
      );
    if (own.Primary)
      throw new AwsError('InvalidParameterValue', 'The primary IP address of an interface cannot be unassigned.');
    return own;
  });
  for (const own of gone) {
    const address = boundTo(ec2, networkInterface, own);
    if (address) unbind(address);
    remove(networkInterface, own);
  }
  recountAddresses(ec2, networkInterface.SubnetId);
  refreshOwner(ec2, networkInterface);
  return {};
};

export const interfaceAddressOperations: Operations = { AssignPrivateIpAddresses, UnassignPrivateIpAddresses };
