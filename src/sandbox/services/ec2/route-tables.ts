/** Route tables; their associations and routes have files of their own. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import type { Operation, Operations } from '../../service.ts';
import { dependencyViolation, list, requireRouteTable, requireVpc } from './common.ts';
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
      'association.gateway-id': (table) => associations(table).map(({ GatewayId }) => GatewayId),
      'association.main': (table) => associations(table).map(({ Main }) => Main),
      'association.route-table-association-id': (table) =>
        associations(table).map(({ RouteTableAssociationId }) => RouteTableAssociationId),
      'association.route-table-id': (table) => associations(table).map(({ RouteTableId }) => RouteTableId),
      'association.subnet-id': (table) => associations(table).map(({ SubnetId }) => SubnetId),
      'owner-id': ({ OwnerId }) => OwnerId,
      'route-table-id': ({ RouteTableId }) => RouteTableId,
      'route.destination-cidr-block': (table) => routes(table).map(({ DestinationCidrBlock }) => DestinationCidrBlock),
      'route.destination-prefix-list-id': (table) =>
        routes(table).map(({ DestinationPrefixListId }) => DestinationPrefixListId),
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
  request.region.ec2.routeTables = request.region.ec2.routeTables.filter((each) => each !== table);
  return {};
};

export const routeTableOperations: Operations = {
  CreateRouteTable,
  DescribeRouteTables,
  DeleteRouteTable,
};
