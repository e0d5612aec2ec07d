/** Elastic IP addresses. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { Ec2State } from '../../world.ts';
import { list, requireInstance, requireInterface, requireOne } from './common.ts';
import { refreshOwner } from './instance-view.ts';
import { requireOnlyInterface, requireOwn } from './interfaces.ts';
import { bind, publicAddress, takePublicIp, unbind } from './public-addresses.ts';
import { tagsFor } from './tag-rules.ts';

/** EC2 quotas: Elastic IP addresses per Region. */
const MOST_ADDRESSES = 5;

const AllocateAddress: Operation<Ec2.AllocateAddressRequest, Ec2.AllocateAddressResult> = (
  { region, regionName, random },
  input,
) => {
  if (region.ec2.addresses.length >= MOST_ADDRESSES)
    throw new AwsError('AddressLimitExceeded', 'The maximum number of addresses has been reached.');
  const address: Ec2.Address = {
    AllocationId: resourceId(random, 'eipalloc'),
    PublicIp: publicAddress(region.ec2, random),
    Domain: 'vpc',
    PublicIpv4Pool: 'amazon',
    NetworkBorderGroup: regionName,
    Tags: tagsFor(input.TagSpecifications, 'elastic-ip'),
  };
  region.ec2.addresses.push(address);
  const { AllocationId, PublicIp, Domain, PublicIpv4Pool, NetworkBorderGroup } = address;
  return { AllocationId, PublicIp, Domain, PublicIpv4Pool, NetworkBorderGroup };
};

const DescribeAddresses: Operation<Ec2.DescribeAddressesRequest, Ec2.DescribeAddressesResult> = ({ region }, input) => {
  const { items } = list(
    region.ec2.addresses,
    { Filters: input.Filters },
    {
      ids: input.AllocationIds,
      idOf: ({ AllocationId }) => AllocationId,
      prefix: 'eipalloc',
      filters: {
        'allocation-id': ({ AllocationId }) => AllocationId,
        'association-id': ({ AssociationId }) => AssociationId,
        domain: ({ Domain }) => Domain,
        'instance-id': ({ InstanceId }) => InstanceId,
        'network-interface-id': ({ NetworkInterfaceId }) => NetworkInterfaceId,
        'private-ip-address': ({ PrivateIpAddress }) => PrivateIpAddress,
        'public-ip': ({ PublicIp }) => PublicIp,
      },
    },
  );
  const wanted = input.PublicIps ?? [];
  const missing = wanted.find((ip) => !region.ec2.addresses.some(({ PublicIp }) => PublicIp === ip));
  if (missing !== undefined) throw new AwsError('InvalidAddress.NotFound', `Address '${missing}' not found.`);
  return { Addresses: wanted.length > 0 ? items.filter(({ PublicIp }) => wanted.includes(PublicIp ?? '')) : items };
};

function requireAddress({ region }: Request, id: string | undefined): Ec2.Address {
  return requireOne(region.ec2.addresses, ({ AllocationId }) => AllocationId, id, 'eipalloc');
}

const AssociateAddress: Operation<Ec2.AssociateAddressRequest, Ec2.AssociateAddressResult> = (request, input) => {
  const { region, random } = request;
  const address = requireAddress(request, input.AllocationId);
  const target =
    input.NetworkInterfaceId === undefined
      ? requireOnlyInterface(region.ec2, requireInstance(request, input.InstanceId))
      : requireOwn(requireInterface(request, input.NetworkInterfaceId));
  const privateIp = input.PrivateIpAddress ?? target.PrivateIpAddress;
  if (!target.PrivateIpAddresses?.some(({ PrivateIpAddress }) => PrivateIpAddress === privateIp))
    throw new AwsError(
      'InvalidParameterValue',
      `The address ${privateIp} is not assigned to interface ${target.NetworkInterfaceId}`,
    );
  const others = region.ec2.addresses.filter(
    (each) =>
      each === address ||
      (each.NetworkInterfaceId === target.NetworkInterfaceId && each.PrivateIpAddress === privateIp),
  );
  const holders = others.map((each) => ({ each, from: holderOf(region.ec2, each) }));
  const bound = others.find(({ AssociationId }) => AssociationId !== undefined);
  if (bound && input.AllowReassociation !== true)
    throw new AwsError(
      'Resource.AlreadyAssociated',
      `resource ${bound === address ? address.AllocationId : target.NetworkInterfaceId} is already associated with associate-id ${bound.AssociationId}`,
    );
  if (!region.ec2.internetGateways.some(({ Attachments }) => Attachments?.some(({ VpcId }) => VpcId === target.VpcId)))
    throw new AwsError('Gateway.NotAttached', `Network ${target.VpcId} is not attached to any internet gateway`);
  for (const { each, from } of holders) disassociate(region.ec2, each, from);
  const AssociationId = resourceId(random, 'eipassoc');
  bind(address, target, AssociationId, privateIp);
  refreshOwner(region.ec2, target);
  return { AssociationId };
};

/** The interface that the address is with. @throws AwsError where that is not the account's to change. */
function holderOf(ec2: Ec2State, { NetworkInterfaceId: id }: Ec2.Address): Ec2.NetworkInterface | undefined {
  const holder = ec2.networkInterfaces.find(({ NetworkInterfaceId }) => NetworkInterfaceId === id);
  return holder && requireOwn(holder);
}

function disassociate(ec2: Ec2State, address: Ec2.Address, from: Ec2.NetworkInterface | undefined): void {
  const { PrivateIpAddress } = address;
  unbind(address);
  if (!from) return;
  takePublicIp(from, PrivateIpAddress);
  refreshOwner(ec2, from);
}

const DisassociateAddress: Operation<Ec2.DisassociateAddressRequest, object> = (request, input) => {
  const id = input.AssociationId;
  const address = request.region.ec2.addresses.find(
    ({ AssociationId }) => AssociationId !== undefined && AssociationId === id,
  );
  if (!address) throw new AwsError('InvalidAssociationID.NotFound', `The association ID '${id}' does not exist`);
  disassociate(request.region.ec2, address, holderOf(request.region.ec2, address));
  return {};
};

const ReleaseAddress: Operation<Ec2.ReleaseAddressRequest, object> = (request, input) => {
  const address = requireAddress(request, input.AllocationId);
  if (address.AssociationId !== undefined)
    throw new AwsError('InvalidIPAddress.InUse', `Address ${address.PublicIp} is in use.`);
  request.region.ec2.addresses = request.region.ec2.addresses.filter((each) => each !== address);
  return {};
};

export const addressOperations: Operations = {
  AllocateAddress,
  DescribeAddresses,
  AssociateAddress,
  DisassociateAddress,
  ReleaseAddress,
};
