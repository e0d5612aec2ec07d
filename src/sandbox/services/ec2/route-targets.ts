/** Where a route may lead. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { AwsError, type Request } from '../../service.ts';
import { requireEgressOnlyGateway, requireInstance, requireInterface, requirePeering } from './common.ts';
import { requireOnlyInterface } from './interfaces.ts';

export type Target = Pick<
  Ec2.Route,
  'EgressOnlyInternetGatewayId' | 'GatewayId' | 'NatGatewayId' | 'NetworkInterfaceId' | 'VpcPeeringConnectionId'
>;

const TARGETS = [
  'GatewayId',
  'EgressOnlyInternetGatewayId',
  'NatGatewayId',
  'NetworkInterfaceId',
  'VpcPeeringConnectionId',
  'InstanceId',
] as const;

/** The target that a call names. @throws AwsError as AWS refuses it. */
export function targetFrom(
  request: Request,
  table: Ec2.RouteTable,
  input: Ec2.CreateRouteRequest | Ec2.ReplaceRouteRequest,
): Target {
  const named = TARGETS.filter((name) => input[name] !== undefined);
  const [first] = named;
  if (first === undefined || named.length > 1)
    throw new AwsError(
      first === undefined ? 'MissingParameter' : 'InvalidParameterCombination',
      'The request must contain exactly one of gatewayId, egressOnlyInternetGatewayId, natGatewayId, networkInterfaceId, vpcPeeringConnectionId or instanceId',
    );
  const id = input[first] ?? '';
  switch (first) {
    case 'GatewayId':
      return id.startsWith('nat-') ? natGateway(request, table, id) : internetGateway(request, table, id);
    case 'EgressOnlyInternetGatewayId':
      return egressOnlyGateway(request, table, input, id);
    case 'NatGatewayId':
      return natGateway(request, table, id);
    case 'VpcPeeringConnectionId':
      return peering(request, table, id);
    case 'NetworkInterfaceId':
      return networkInterface(table, requireInterface(request, id));
    case 'InstanceId':
      return networkInterface(table, requireOnlyInterface(request.region.ec2, requireInstance(request, id)));
  }
}

function differentNetworks({ RouteTableId }: Ec2.RouteTable, what: string): AwsError {
  return new AwsError('InvalidParameterValue', `route table ${RouteTableId} and ${what} belong to different networks`);
}

/** Routes name a missing gateway in words of their own (seen in AWS's answers to CreateRoute). */
function internetGateway({ region }: Request, table: Ec2.RouteTable, id: string): Target {
  const gateway = region.ec2.internetGateways.find(({ InternetGatewayId }) => InternetGatewayId === id);
  if (!gateway) throw new AwsError('InvalidGatewayID.NotFound', `The gateway ID '${id}' does not exist`);
  if (!gateway.Attachments?.some(({ VpcId }) => VpcId === table.VpcId))
    throw differentNetworks(table, `network gateway ${id}`);
  return { GatewayId: id };
}

/** It takes IPv6 only (VPC User Guide, "Egress-only internet gateways"). */
function egressOnlyGateway(
  request: Request,
  table: Ec2.RouteTable,
  { DestinationIpv6CidrBlock }: Ec2.CreateRouteRequest | Ec2.ReplaceRouteRequest,
  id: string,
): Target {
  const gateway = requireEgressOnlyGateway(request, id);
  if (DestinationIpv6CidrBlock === undefined)
    throw new AwsError(
      'InvalidParameterCombination',
      'An egress-only internet gateway can be the target of a route with a destinationIpv6CidrBlock only.',
    );
  if (!gateway.Attachments?.some(({ VpcId }) => VpcId === table.VpcId))
    throw differentNetworks(table, `egress only internet gateway ${id}`);
  return { EgressOnlyInternetGatewayId: id };
}

function natGateway({ region }: Request, table: Ec2.RouteTable, id: string): Target {
  const gateway = region.ec2.natGateways.find(({ NatGatewayId, State }) => NatGatewayId === id && State !== 'deleted');
  if (!gateway) throw new AwsError('InvalidNatGatewayID.NotFound', `The natGateway ID '${id}' does not exist`);
  if (gateway.VpcId !== table.VpcId) throw differentNetworks(table, `NAT gateway ${id}`);
  return { NatGatewayId: id };
}

function peering(request: Request, table: Ec2.RouteTable, id: string): Target {
  const { RequesterVpcInfo, AccepterVpcInfo } = requirePeering(request, id);
  if (![RequesterVpcInfo?.VpcId, AccepterVpcInfo?.VpcId].includes(table.VpcId))
    throw differentNetworks(table, `vpc peering connection ${id}`);
  return { VpcPeeringConnectionId: id };
}

function networkInterface(table: Ec2.RouteTable, { NetworkInterfaceId, VpcId }: Ec2.NetworkInterface): Target {
  if (VpcId !== table.VpcId) throw differentNetworks(table, `interface ${NetworkInterfaceId}`);
  return { NetworkInterfaceId };
}
