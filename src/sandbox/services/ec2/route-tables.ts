/** Route tables; their associations and routes have files of their own. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import type { Operation, Operations } from '../../service.ts';
import { once } from './client-tokens.ts';
import { dependencyViolation, list, requireRouteTable, requireVpc } from './common.ts';
import { blocks6Of, localRoute6 } from './ipv6-blocks.ts';
import { refreshRoutes } from './route-state.ts';
import { tagsFor } from './tag-rules.ts';
import { blocksOf } from './vpcs.ts';

const CreateRouteTable: Operation<Ec2.CreateRouteTableRequest, Ec2.CreateRouteTableResult> = (request, input) => {
  const { region, account, random } = request;
  const answer = (RouteTable: Ec2.RouteTable) => ({ RouteTable, ClientToken: input.ClientToken });
  return once(
    request,
    'CreateRouteTable',
    input,
    () => {
      const vpc = requireVpc(request, input.VpcId);
      const id = resourceId(random, 'rtb');
      const table: Ec2.RouteTable = {
        RouteTableId: id,
        VpcId: vpc.VpcId,
        OwnerId: account.id,
        Associations: [],
        PropagatingVgws: [],
        Routes: [...blocksOf(vpc).map(localRoute), ...blocks6Of(vpc).map(localRoute6)],
        Tags: tagsFor(input.TagSpecifications, 'route-table'),
      };
      region.ec2.routeTables.push(table);
      return { output: answer(table), ids: [id] };
    },
    ([id]) => {
      const known = region.ec2.routeTables.find(({ RouteTableId }) => RouteTableId === id);
      return known && answer(known);
    },
  );
};

function localRoute(cidr: string): Ec2.Route {
  return { DestinationCidrBlock: cidr, GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' };
}

const DescribeRouteTables: Operation<Ec2.DescribeRouteTablesRequest, Ec2.DescribeRouteTablesResult> = (
  { region },
  input,
) => {
  refreshRoutes(region.ec2);
  const associations = ({ Associations }: Ec2.RouteTable) => Associations ?? [];
  const routes = ({ Routes }: Ec2.RouteTable) => Routes ?? [];
  const { items, ...rest } = list(region.ec2.routeTables, input, {
    ids: input.RouteTableIds,
    idOf: ({ RouteTableId }) => RouteTableId,
    prefix: 'rtb',
    bounds: { most: 100 },
    filters: {
      'association.gateway-id': (table) => associations(table).map(({ GatewayId }) => GatewayId),
      'association.main': (table) => associations(table).map(({ Main }) => Main),
      'association.route-table-association-id': (table) =>
        associations(table).map(({ RouteTableAssociationId }) => RouteTableAssociationId),
      'association.route-table-id': (table) => associations(table).map(({ RouteTableId }) => RouteTableId),
      'association.subnet-id': (table) => associations(table).map(({ SubnetId }) => SubnetId),
      'owner-id': ({ OwnerId }) => OwnerId,
      'route-table-id': ({ RouteTableId }) => RouteTableId,
      'route.destination-cidr-block': (table) => routes(table).map(({ DestinationCidrBlock }) => DestinationCidrBlock),
      'route.destination-ipv6-cidr-block': (table) =>
        routes(table).map(({ DestinationIpv6CidrBlock }) => DestinationIpv6CidrBlock),
      'route.destination-prefix-list-id': (table) =>
        routes(table).map(({ DestinationPrefixListId }) => DestinationPrefixListId),
      'route.egress-only-internet-gateway-id': (table) =>
        routes(table).map(({ EgressOnlyInternetGatewayId }) => EgressOnlyInternetGatewayId),
      'route.gateway-id': (table) => routes(table).map(({ GatewayId }) => GatewayId),
      'route.instance-id': (table) => routes(table).map(({ InstanceId }) => InstanceId),
      'route.nat-gateway-id': (table) => routes(table).map(({ NatGatewayId }) => NatGatewayId),
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
  const { ec2 } = request.region;
  ec2.routeTables = ec2.routeTables.filter((each) => each !== table);
  for (const endpoint of ec2.vpcEndpoints)
    endpoint.RouteTableIds = endpoint.RouteTableIds?.filter((id) => id !== table.RouteTableId);
  return {};
};

export const routeTableOperations: Operations = {
  CreateRouteTable,
  DescribeRouteTables,
  DeleteRouteTable,
};
