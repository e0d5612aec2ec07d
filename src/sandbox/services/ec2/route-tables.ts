/** Route tables, their associations and routes. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import { isWithin, requireCidr } from './cidr-blocks.ts';
import {
  dependencyViolation,
  done,
  invalidValue,
  list,
  notFound,
  requireGateway,
  requireInterface,
  requirePeering,
  requireRouteTable,
  requireSubnet,
  requireVpc,
} from './common.ts';
import { routeState } from './settle.ts';
import { tagsFor } from './tag-rules.ts';
import { blocksOf } from './vpcs.ts';

const CreateRouteTable: Operation<Ec2.CreateRouteTableRequest, Ec2.CreateRouteTableResult> = (request, input) => {
  const { region, account, random } = request;
  const vpc = requireVpc(request, input.VpcId);
  const table: Ec2.RouteTable = {
    RouteTableId: resourceId(random, 'rtb'),
    VpcId: vpc.VpcId,
    OwnerId: account.id,
    Associations: [],
    PropagatingVgws: [],
    Routes: blocksOf(vpc).map((cidr) => ({
      DestinationCidrBlock: cidr,
      GatewayId: 'local',
      Origin: 'CreateRouteTable',
      State: 'active',
    })),
    Tags: tagsFor(input.TagSpecifications, 'route-table'),
  };
  region.ec2.routeTables.push(table);
  return { RouteTable: table };
};

const DescribeRouteTables: Operation<Ec2.DescribeRouteTablesRequest, Ec2.DescribeRouteTablesResult> = (
  { region },
  input,
) => {
  const associations = ({ Associations }: Ec2.RouteTable) => Associations ?? [];
  const routes = ({ Routes }: Ec2.RouteTable) => Routes ?? [];
  const { items, ...rest } = list(region.ec2.routeTables, input, {
    ids: input.RouteTableIds,
    idOf: ({ RouteTableId }) => RouteTableId,
    prefix: 'rtb',
    bounds: { most: 100 },
    filters: {
      'association.main': (table) => associations(table).map(({ Main }) => Main),
      'association.route-table-association-id': (table) =>
        associations(table).map(({ RouteTableAssociationId }) => RouteTableAssociationId),
      'association.route-table-id': (table) => associations(table).map(({ RouteTableId }) => RouteTableId),
      'association.subnet-id': (table) => associations(table).map(({ SubnetId }) => SubnetId),
      'owner-id': ({ OwnerId }) => OwnerId,
      'route-table-id': ({ RouteTableId }) => RouteTableId,
      'route.destination-cidr-block': (table) => routes(table).map(({ DestinationCidrBlock }) => DestinationCidrBlock),
      'route.gateway-id': (table) => routes(table).map(({ GatewayId }) => GatewayId),
      'route.origin': (table) => routes(table).map(({ Origin }) => Origin),
      'route.state': (table) => routes(table).map(({ State }) => State),
      'route.vpc-peering-connection-id': (table) =>
        routes(table).map(({ VpcPeeringConnectionId }) => VpcPeeringConnectionId),
      'vpc-id': ({ VpcId }) => VpcId,
    },
  });
  return { RouteTables: items, ...rest };
};

const DeleteRouteTable: Operation<Ec2.DeleteRouteTableRequest, object> = (request, input) => {
  const table = requireRouteTable(request, input.RouteTableId);
  if (table.Associations?.length) throw dependencyViolation(`The routeTable '${table.RouteTableId}'`);
  request.region.ec2.routeTables = request.region.ec2.routeTables.filter((each) => each !== table);
  return {};
};

const AssociateRouteTable: Operation<Ec2.AssociateRouteTableRequest, Ec2.AssociateRouteTableResult> = (
  request,
  input,
) => {
  const table = requireRouteTable(request, input.RouteTableId);
  const subnet = requireSubnet(request, input.SubnetId);
  if (subnet.VpcId !== table.VpcId)
    throw new AwsError(
      'InvalidParameterValue',
      `Route table ${table.RouteTableId} and subnet ${subnet.SubnetId} belong to different networks`,
    );
  const other = request.region.ec2.routeTables.find(({ Associations }) =>
    Associations?.some(({ SubnetId }) => SubnetId === subnet.SubnetId),
  );
  if (other && other !== table)
    throw new AwsError(
      'Resource.AlreadyAssociated',
      `the specified association for route table ${table.RouteTableId} conflicts with an existing association`,
    );
  const existing = table.Associations?.find(({ SubnetId }) => SubnetId === subnet.SubnetId);
  const association = existing ?? {
    Main: false,
    RouteTableAssociationId: resourceId(request.random, 'rtbassoc'),
    RouteTableId: table.RouteTableId,
    SubnetId: subnet.SubnetId,
    AssociationState: { State: 'associated' as const },
  };
  if (!existing) table.Associations = [...(table.Associations ?? []), association];
  return { AssociationId: association.RouteTableAssociationId, AssociationState: association.AssociationState };
};

function requireAssociation({ region }: Request, id: string | undefined) {
  for (const table of region.ec2.routeTables) {
    const association = table.Associations?.find(({ RouteTableAssociationId }) => RouteTableAssociationId === id);
    if (association) return { table, association };
  }
  throw notFound('rtbassoc', id ?? '');
}

const DisassociateRouteTable: Operation<Ec2.DisassociateRouteTableRequest, object> = (request, input) => {
  const { table, association } = requireAssociation(request, input.AssociationId);
  if (association.Main)
    throw invalidValue('associationId', input.AssociationId ?? '', 'The main association cannot be removed.');
  table.Associations = table.Associations?.filter((each) => each !== association);
  return {};
};

/** With the main association it changes which table is the VPC's main one. */
const ReplaceRouteTableAssociation: Operation<
  Ec2.ReplaceRouteTableAssociationRequest,
  Ec2.ReplaceRouteTableAssociationResult
> = (request, input) => {
  const { table, association } = requireAssociation(request, input.AssociationId);
  const target = requireRouteTable(request, input.RouteTableId);
  if (target.VpcId !== table.VpcId)
    throw new AwsError(
      'InvalidParameterValue',
      `Route tables ${table.RouteTableId} and ${target.RouteTableId} belong to different networks`,
    );
  table.Associations = table.Associations?.filter((each) => each !== association);
  const moved = {
    ...association,
    RouteTableId: target.RouteTableId,
    RouteTableAssociationId: resourceId(request.random, 'rtbassoc'),
  };
  target.Associations = [...(target.Associations ?? []), moved];
  return { NewAssociationId: moved.RouteTableAssociationId, AssociationState: moved.AssociationState };
};

type RouteInput = Ec2.CreateRouteRequest | Ec2.ReplaceRouteRequest;

/** Builds the route that a call asks for. @throws AwsError where AWS would refuse it. */
function routeFrom(request: Request, table: Ec2.RouteTable, input: RouteInput): Ec2.Route {
  if (input.DestinationCidrBlock === undefined)
    throw new AwsError(
      'MissingParameter',
      'The request must contain exactly one of destinationCidrBlock, destinationIpv6CidrBlock, destinationPrefixListId',
    );
  const destination = requireCidr('destinationCidrBlock', input.DestinationCidrBlock);
  const vpc = requireVpc(request, table.VpcId);
  const own = blocksOf(vpc).find((block) => isWithin(destination, block));
  if (own !== undefined && input.NetworkInterfaceId === undefined)
    throw new AwsError(
      'InvalidParameterValue',
      `The destination CIDR block ${destination} is equal to or more specific than one of this VPC's CIDR blocks. This route can target only an interface or an instance.`,
    );
  const route: Ec2.Route = {
    DestinationCidrBlock: destination,
    Origin: 'CreateRoute',
    ...targetFrom(request, table, input),
  };
  return { ...route, State: routeState(request.region.ec2, table, route) };
}

function targetFrom(request: Request, table: Ec2.RouteTable, input: RouteInput): Partial<Ec2.Route> {
  if (input.GatewayId !== undefined) {
    const gateway = requireGateway(request, input.GatewayId);
    if (!gateway.Attachments?.some(({ VpcId }) => VpcId === table.VpcId))
      throw new AwsError(
        'InvalidParameterValue',
        `route table ${table.RouteTableId} and network gateway ${input.GatewayId} belong to different networks`,
      );
    return { GatewayId: gateway.InternetGatewayId };
  }
  if (input.VpcPeeringConnectionId !== undefined) {
    const peering = requirePeering(request, input.VpcPeeringConnectionId);
    const sides = [peering.RequesterVpcInfo?.VpcId, peering.AccepterVpcInfo?.VpcId];
    if (!sides.includes(table.VpcId))
      throw new AwsError(
        'InvalidParameterValue',
        `route table ${table.RouteTableId} and vpc peering connection ${input.VpcPeeringConnectionId} belong to different networks`,
      );
    return { VpcPeeringConnectionId: peering.VpcPeeringConnectionId };
  }
  if (input.NetworkInterfaceId !== undefined)
    return { NetworkInterfaceId: requireInterface(request, input.NetworkInterfaceId).NetworkInterfaceId };
  throw new AwsError(
    'MissingParameter',
    'The request must contain exactly one of gatewayId, vpcPeeringConnectionId, networkInterfaceId',
  );
}

function routeTo(table: Ec2.RouteTable, destination: string): Ec2.Route | undefined {
  return table.Routes?.find(({ DestinationCidrBlock }) => DestinationCidrBlock === destination);
}

const CreateRoute: Operation<Ec2.CreateRouteRequest, Ec2.CreateRouteResult> = (request, input) => {
  const table = requireRouteTable(request, input.RouteTableId);
  const route = routeFrom(request, table, input);
  const existing = routeTo(table, route.DestinationCidrBlock ?? '');
  const same = existing && targetOf(existing) === targetOf(route);
  if (existing && !same)
    throw new AwsError('RouteAlreadyExists', `The route identified by ${route.DestinationCidrBlock} already exists.`);
  if (!existing) table.Routes = [...(table.Routes ?? []), route];
  return done;
};

function targetOf({ GatewayId, VpcPeeringConnectionId, NetworkInterfaceId }: Ec2.Route): string | undefined {
  return GatewayId ?? VpcPeeringConnectionId ?? NetworkInterfaceId;
}

const ReplaceRoute: Operation<Ec2.ReplaceRouteRequest, object> = (request, input) => {
  const table = requireRouteTable(request, input.RouteTableId);
  const route = routeFrom(request, table, input);
  const existing = routeTo(table, route.DestinationCidrBlock ?? '');
  if (!existing)
    throw new AwsError(
      'InvalidParameterValue',
      `There is no route defined for '${route.DestinationCidrBlock}' in the route table. Use CreateRoute instead.`,
    );
  table.Routes = table.Routes?.map((each) => (each === existing ? route : each));
  return {};
};

const DeleteRoute: Operation<Ec2.DeleteRouteRequest, object> = (request, input) => {
  const table = requireRouteTable(request, input.RouteTableId);
  const existing = requireRoute(table, requireCidr('destinationCidrBlock', input.DestinationCidrBlock ?? ''));
  if (existing.GatewayId === 'local')
    throw new AwsError(
      'InvalidParameterValue',
      `cannot remove local route ${existing.DestinationCidrBlock} in route table ${table.RouteTableId}`,
    );
  table.Routes = table.Routes?.filter((each) => each !== existing);
  return {};
};

function requireRoute(table: Ec2.RouteTable, destination: string): Ec2.Route {
  const route = routeTo(table, destination);
  if (!route)
    throw new AwsError(
      'InvalidRoute.NotFound',
      `no route with destination-cidr-block ${destination} in route table ${table.RouteTableId}`,
    );
  return route;
}

export const routeTableOperations: Operations = {
  CreateRouteTable,
  DescribeRouteTables,
  DeleteRouteTable,
  AssociateRouteTable,
  DisassociateRouteTable,
  ReplaceRouteTableAssociation,
  CreateRoute,
  ReplaceRoute,
  DeleteRoute,
};
