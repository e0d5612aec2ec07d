/** Elastic IP addresses. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { Ec2State } from '../../world.ts';
import { invalidValue, list, requireInstance, requireInterface, requireOne } from './common.ts';
import { refreshOwner } from './instance-view.ts';
import { requireOnlyInterface, requireOwn } from './interfaces.ts';
import { bind, publicAddress, takePublicIp, unbind } from './public-addresses.ts';
import { tagsFor } from './tag-rules.ts';

/** How many released addresses a region remembers: they can be had again for a time (EC2 User Guide, "Recover an Elastic IP address"). */
const MOST_RELEASED = 50;

/** The account's quota of Elastic IP addresses per Region is raised, as on request (EC2 quotas): labs and tests take many. */
const AllocateAddress: Operation<Ec2.AllocateAddressRequest, Ec2.AllocateAddressResult> = (
  { region, regionName, random },
  input,
) => {
  const { Domain: domain = 'vpc', NetworkBorderGroup: group = regionName } = input;
  // EC2-Classic is no more.
  if (domain !== 'vpc' && String(domain) !== '') throw invalidValue('domain', domain);
  if (group !== regionName) throw invalidValue('networkBorderGroup', group);
  if (input.PublicIpv4Pool !== undefined && input.PublicIpv4Pool !== 'amazon')
    throw new AwsError('InvalidPublicIpv4PoolID.NotFound', `The pool ID '${input.PublicIpv4Pool}' does not exist`);
  if (input.Address !== undefined && !region.ec2.releasedAddresses?.includes(input.Address))
    throw notFoundAddress(input.Address);
  const Tags = tagsFor(input.TagSpecifications, 'elastic-ip');
  const address: Ec2.Address = {
    AllocationId: resourceId(random, 'eipalloc'),
    PublicIp: input.Address ?? publicAddress(region.ec2, random),
    Domain: 'vpc',
    PublicIpv4Pool: 'amazon',
    NetworkBorderGroup: regionName,
    Tags,
  };
  region.ec2.addresses.push(address);
  region.ec2.releasedAddresses = region.ec2.releasedAddresses?.filter((ip) => ip !== address.PublicIp) ?? [];
  const { AllocationId, PublicIp, Domain, PublicIpv4Pool, NetworkBorderGroup } = address;
  return { AllocationId, PublicIp, Domain, PublicIpv4Pool, NetworkBorderGroup };
};

function notFoundAddress(ip: string): AwsError {
  return new AwsError('InvalidAddress.NotFound', `Address '${ip}' not found.`);
}

function requireByIp({ region }: Request, ip: string): Ec2.Address {
  const address = region.ec2.addresses.find(({ PublicIp }) => PublicIp === ip);
  if (!address) throw notFoundAddress(ip);
  return address;
}

const DescribeAddresses: Operation<Ec2.DescribeAddressesRequest, Ec2.DescribeAddressesResult> = (request, input) => {
  const { addresses } = request.region.ec2;
  const named = [
    ...(input.PublicIps ?? []).map((ip) => requireByIp(request, ip)),
    ...(input.AllocationIds ?? []).map((id) => requireAddress(request, id)),
  ];
  const { items } = list(
    named.length === 0 ? addresses : addresses.filter((each) => named.includes(each)),
    { Filters: input.Filters },
    {
      idOf: ({ AllocationId }) => AllocationId,
      prefix: 'eipalloc',
      filters: {
        'allocation-id': ({ AllocationId }) => AllocationId,
        'association-id': ({ AssociationId }) => AssociationId,
        domain: ({ Domain }) => Domain,
        'instance-id': ({ InstanceId }) => InstanceId,
        'network-border-group': ({ NetworkBorderGroup }) => NetworkBorderGroup,
        'network-interface-id': ({ NetworkInterfaceId }) => NetworkInterfaceId,
        'network-interface-owner-id': ({ NetworkInterfaceOwnerId }) => NetworkInterfaceOwnerId,
        'private-ip-address': ({ PrivateIpAddress }) => PrivateIpAddress,
        'public-ip': ({ PublicIp }) => PublicIp,
      },
    },
  );
  return { Addresses: items };
};

/** Only addresses with a reverse DNS record have attributes, and none here gets one. */
const DescribeAddressesAttribute: Operation<
  Ec2.DescribeAddressesAttributeRequest,
  Ec2.DescribeAddressesAttributeResult
> = (request, input) => {
  for (const id of input.AllocationIds ?? []) requireAddress(request, id);
  return { Addresses: [] };
};

function requireAddress({ region }: Request, id: string | undefined): Ec2.Address {
  return requireOne(region.ec2.addresses, ({ AllocationId }) => AllocationId, id, 'eipalloc');
}

/** @param refusal Where only the public address names it: that was EC2-Classic's way. */
function requireNamed(
  request: Request,
  { AllocationId, PublicIp }: { AllocationId?: string | undefined; PublicIp?: string | undefined },
  refusal: AwsError,
): Ec2.Address {
  if (AllocationId !== undefined && PublicIp !== undefined)
    throw new AwsError(
      'InvalidParameterCombination',
      'You may specify public IP or allocation id, but not both in the same call',
    );
  if (AllocationId !== undefined) return requireAddress(request, AllocationId);
  if (PublicIp === undefined)
    throw new AwsError('MissingParameter', 'Either public IP or allocation id must be specified');
  requireByIp(request, PublicIp);
  throw refusal;
}

const AssociateAddress: Operation<Ec2.AssociateAddressRequest, Ec2.AssociateAddressResult> = (request, input) => {
  const { region, random } = request;
  if (input.InstanceId === undefined && input.NetworkInterfaceId === undefined)
    throw new AwsError('MissingParameter', 'Either instance ID or network interface id must be specified');
  const refusal = 'You must specify an allocation id when mapping an address to a VPC instance';
  const address = requireNamed(request, input, new AwsError('InvalidParameterCombination', refusal));
  const target = targetOf(request, input);
  requireReady(region.ec2, target, input.InstanceId);
  const privateIp = input.PrivateIpAddress ?? target.PrivateIpAddress;
  if (!target.PrivateIpAddresses?.some(({ PrivateIpAddress }) => PrivateIpAddress === privateIp))
    throw new AwsError(
      'InvalidParameterValue',
      `The address ${privateIp} is not assigned to interface ${target.NetworkInterfaceId}`,
    );
  const isThere = (each: Ec2.Address) =>
    each.NetworkInterfaceId === target.NetworkInterfaceId && each.PrivateIpAddress === privateIp;
  if (isThere(address)) return { AssociationId: address.AssociationId };
  const others = region.ec2.addresses.filter((each) => each === address || isThere(each));
  const holders = others.map((each) => ({ each, from: holderOf(region.ec2, each) }));
  const bound = others.find(({ AssociationId }) => AssociationId !== undefined);
  // Reassociation is automatic unless it is forbidden (EC2 API Reference, AssociateAddress).
  if (bound && input.AllowReassociation === false)
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

/**
 * An address cannot be with an instance that is not made yet, named itself or by its interface (the codes and words are
 * those of AWS's answers: hashicorp/terraform-provider-aws#21228 and #19699).
 */
function requireReady({ instances }: Ec2State, target: Ec2.NetworkInterface, named: string | undefined): void {
  const holder = instances.find(({ InstanceId }) => InstanceId === target.Attachment?.InstanceId);
  if (holder?.State?.Name !== 'pending') return;
  throw named === undefined
    ? new AwsError(
        'IncorrectInstanceState',
        `The pending-instance-creation instance to which '${target.NetworkInterfaceId}' is attached is not in a valid state for this operation`,
      )
    : new AwsError('InvalidInstanceID', `The pending instance '${named}' is not in a valid state for this operation.`);
}

function targetOf(request: Request, { InstanceId, NetworkInterfaceId }: Ec2.AssociateAddressRequest) {
  return NetworkInterfaceId === undefined
    ? requireOnlyInterface(request.region.ec2, requireInstance(request, InstanceId))
    : requireOwn(requireInterface(request, NetworkInterfaceId));
}

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
  if (id === undefined) {
    if (input.PublicIp === undefined)
      throw new AwsError('MissingParameter', 'Either public IP or association id must be specified');
    requireByIp(request, input.PublicIp);
    throw new AwsError(
      'InvalidParameterValue',
      'You must specify an association id when unmapping an address from a VPC instance',
    );
  }
  const address = request.region.ec2.addresses.find(({ AssociationId }) => AssociationId === id);
  if (!address) throw new AwsError('InvalidAssociationID.NotFound', `The association ID '${id}' does not exist`);
  disassociate(request.region.ec2, address, holderOf(request.region.ec2, address));
  return {};
};

const ReleaseAddress: Operation<Ec2.ReleaseAddressRequest, object> = (request, input) => {
  const refusal = 'You must specify an allocation id when releasing a VPC elastic IP address';
  const address = requireNamed(request, input, new AwsError('InvalidParameterValue', refusal));
  if (address.AssociationId !== undefined)
    throw new AwsError('InvalidIPAddress.InUse', `Address ${address.PublicIp} is in use.`);
  const { ec2 } = request.region;
  ec2.addresses = ec2.addresses.filter((each) => each !== address);
  ec2.releasedAddresses = [...(ec2.releasedAddresses ?? []), address.PublicIp ?? ''].slice(-MOST_RELEASED);
  return {};
};

export const addressOperations: Operations = {
  AllocateAddress,
  DescribeAddresses,
  DescribeAddressesAttribute,
  AssociateAddress,
  DisassociateAddress,
  ReleaseAddress,
};
