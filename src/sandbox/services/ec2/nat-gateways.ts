/** NAT gateways. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import { once } from './client-tokens.ts';
import { invalidValue, list, requireNatGateway, requireSubnet } from './common.ts';
import { makeInterface } from './interfaces.ts';
import { lend } from './requester-managed.ts';
import { chooseAddresses } from './subnet-addresses.ts';
import { tagsFor } from './tag-rules.ts';

/** VPC Quotas: NAT gateways per Availability Zone. */
const MOST_NAT_GATEWAYS = 5;
const LIVING: readonly Ec2.NatGatewayState[] = ['pending', 'available', 'deleting'];

const CreateNatGateway: Operation<Ec2.CreateNatGatewayRequest, Ec2.CreateNatGatewayResult> = (request, input) => {
  const answer = (NatGateway: Ec2.NatGateway) => ({ ClientToken: input.ClientToken, NatGateway });
  return once(
    request,
    'CreateNatGateway',
    input,
    () => {
      const gateway = makeNatGateway(request, input);
      return { output: answer(gateway), ids: [gateway.NatGatewayId ?? ''] };
    },
    ([id]) => {
      const known = request.region.ec2.natGateways.find(({ NatGatewayId }) => NatGatewayId === id);
      return known && answer(known);
    },
  );
};

function makeNatGateway(request: Request, input: Ec2.CreateNatGatewayRequest): Ec2.NatGateway {
  const { region, regionName, now, random } = request;
  const subnet = requireSubnet(request, input.SubnetId);
  const connectivity = requireConnectivity(request, input);
  if (input.SecondaryAllocationIds ?? input.SecondaryPrivateIpAddresses ?? input.SecondaryPrivateIpAddressCount)
    throw new AwsError('UnsupportedOperation', 'The sandbox gives a NAT gateway one private address.');
  const tags = tagsFor(input.TagSpecifications, 'natgateway');
  requireRoom(request, subnet);
  const { PrivateIpAddress } = input;
  const addresses = chooseAddresses(region.ec2, subnet, { PrivateIpAddress }, random);
  const NatGatewayId = resourceId(random, 'nat');
  const description = `Interface for NAT Gateway ${NatGatewayId}`;
  const plan = { subnet, groups: [], addresses, description, tags: [], regionName, random };
  const networkInterface = lend(makeInterface(region.ec2, plan), 'nat_gateway', request);
  // It forwards what is not its own.
  networkInterface.SourceDestCheck = false;
  const { NetworkInterfaceId, PrivateIpAddress: PrivateIp } = networkInterface;
  const gateway: Ec2.NatGateway = {
    NatGatewayId,
    SubnetId: subnet.SubnetId,
    VpcId: subnet.VpcId,
    ConnectivityType: connectivity,
    State: 'pending',
    CreateTime: new Date(now),
    NatGatewayAddresses: [
      {
        NetworkInterfaceId,
        PrivateIp,
        IsPrimary: true,
        ...(connectivity === 'public'
          ? {
              AllocationId: input.AllocationId,
              AssociationId: resourceId(random, 'eipassoc'),
              Status: 'associating',
            }
          : { Status: 'succeeded' }),
      },
    ],
    Tags: tags,
  };
  region.ec2.natGateways.push(gateway);
  region.ec2.since[NatGatewayId] = now;
  return gateway;
}

/** A public one needs an Elastic IP address, a private one has none. */
function requireConnectivity({ region }: Request, input: Ec2.CreateNatGatewayRequest): Ec2.ConnectivityType {
  const { ConnectivityType = 'public', AllocationId } = input;
  if (ConnectivityType !== 'public' && ConnectivityType !== 'private')
    throw invalidValue('connectivityType', ConnectivityType, 'It must be public or private.');
  if (ConnectivityType === 'private' && AllocationId !== undefined)
    throw new AwsError('InvalidParameterCombination', 'A private NAT gateway cannot have an AllocationId.');
  if (ConnectivityType === 'public' && AllocationId === undefined)
    throw new AwsError(
      'MissingParameter',
      'The request must include the AllocationId parameter. Add the required parameter and retry the request.',
    );
  if (AllocationId !== undefined && !region.ec2.addresses.some((address) => address.AllocationId === AllocationId))
    throw new AwsError('InvalidElasticIpID.NotFound', `The elastic-ip ID '${AllocationId}' does not exist`);
  return ConnectivityType;
}

function requireRoom({ region: { ec2 } }: Request, { AvailabilityZone }: Ec2.Subnet): void {
  const inZone = new Set(
    ec2.subnets.filter((subnet) => subnet.AvailabilityZone === AvailabilityZone).map(({ SubnetId }) => SubnetId),
  );
  const living = ec2.natGateways.filter(
    ({ State = 'pending', SubnetId }) => LIVING.includes(State) && inZone.has(SubnetId),
  );
  if (living.length >= MOST_NAT_GATEWAYS)
    throw new AwsError(
      'NatGatewayLimitExceeded',
      `Performing this operation would exceed the limit of ${MOST_NAT_GATEWAYS} NAT gateways`,
    );
}

const DescribeNatGateways: Operation<Ec2.DescribeNatGatewaysRequest, Ec2.DescribeNatGatewaysResult> = (
  { region },
  input,
) => {
  const { items, ...rest } = list(
    region.ec2.natGateways,
    { ...input, Filters: input.Filter },
    {
      ids: input.NatGatewayIds,
      idOf: ({ NatGatewayId }) => NatGatewayId,
      prefix: 'nat',
      filters: {
        'nat-gateway-id': ({ NatGatewayId }) => NatGatewayId,
        state: ({ State }) => State,
        'subnet-id': ({ SubnetId }) => SubnetId,
        'vpc-id': ({ VpcId }) => VpcId,
      },
    },
  );
  return { NatGateways: items, ...rest };
};

/** One that failed goes at once; of another the interface and the Elastic IP address are held for a while. */
const DeleteNatGateway: Operation<Ec2.DeleteNatGatewayRequest, Ec2.DeleteNatGatewayResult> = (request, input) => {
  const { region, now } = request;
  const gateway = requireNatGateway(request, input.NatGatewayId);
  const { NatGatewayId = '', State } = gateway;
  if (State !== 'deleting' && State !== 'deleted') {
    gateway.State = State === 'failed' ? 'deleted' : 'deleting';
    gateway.DeleteTime = new Date(now);
    region.ec2.since[NatGatewayId] = now;
  }
  return { NatGatewayId };
};

export const natGatewayOperations: Operations = { CreateNatGateway, DescribeNatGateways, DeleteNatGateway };
