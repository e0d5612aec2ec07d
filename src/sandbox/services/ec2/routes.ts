/** Routes of a route table. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import { requireCidr } from './cidr-blocks.ts';
import { done, requirePrefixList, requireRouteTable, requireVpc } from './common.ts';
import { isGatewayTable, requireAllowedAtEdge, requireAllowedInside } from './route-rules.ts';
import { refreshRoute } from './route-state.ts';
import { type Target, targetFrom } from './route-targets.ts';
import { blocksOf } from './vpcs.ts';

type Destination = Pick<Ec2.Route, 'DestinationCidrBlock' | 'DestinationPrefixListId'>;

function destinationFrom(input: Destination): Destination {
  const { DestinationCidrBlock: cidr, DestinationPrefixListId } = input;
  if ((cidr === undefined) === (DestinationPrefixListId === undefined))
    throw new AwsError(
      cidr === undefined ? 'MissingParameter' : 'InvalidParameterCombination',
      'The request must contain exactly one of destinationCidrBlock, destinationPrefixListId',
    );
  return cidr === undefined
    ? { DestinationPrefixListId }
    : { DestinationCidrBlock: requireCidr('destinationCidrBlock', cidr) };
}

const textOf = ({ DestinationCidrBlock, DestinationPrefixListId }: Destination) =>
  DestinationCidrBlock ?? DestinationPrefixListId ?? '';

function routeTo(table: Ec2.RouteTable, destination: Destination): Ec2.Route | undefined {
  return table.Routes?.find((route) => textOf(route) === textOf(destination));
}

/** The route, if the table may have it. @throws AwsError where AWS would refuse it. */
function routeFrom(
  request: Request,
  table: Ec2.RouteTable,
  destination: Destination,
  target: Target,
  Origin: Ec2.RouteOrigin,
): Ec2.Route {
  const { ec2 } = request.region;
  const route: Ec2.Route = { ...destination, ...target, Origin };
  const vpc = requireVpc(request, table.VpcId);
  if (destination.DestinationPrefixListId !== undefined)
    requirePrefixList(request, destination.DestinationPrefixListId);
  requireAllowedInside(ec2, vpc, route);
  if (isGatewayTable(table)) requireAllowedAtEdge(vpc, table, route);
  refreshRoute(ec2, table, route);
  return route;
}

const CreateRoute: Operation<Ec2.CreateRouteRequest, Ec2.CreateRouteResult> = (request, input) => {
  const table = requireRouteTable(request, input.RouteTableId);
  const destination = destinationFrom(input);
  const route = routeFrom(request, table, destination, targetFrom(request, table, input), 'CreateRoute');
  const existing = routeTo(table, destination);
  if (existing && targetOf(existing) !== targetOf(route))
    throw new AwsError('RouteAlreadyExists', `The route identified by ${textOf(destination)} already exists.`);
  if (!existing) table.Routes = [...(table.Routes ?? []), route];
  return done;
};

function targetOf(route: Ec2.Route): string | undefined {
  return route.GatewayId ?? route.NatGatewayId ?? route.NetworkInterfaceId ?? route.VpcPeeringConnectionId;
}

const ReplaceRoute: Operation<Ec2.ReplaceRouteRequest, object> = (request, input) => {
  const table = requireRouteTable(request, input.RouteTableId);
  const destination = destinationFrom(input);
  const existing = routeTo(table, destination);
  if (!existing)
    throw new AwsError(
      'InvalidParameterValue',
      `There is no route defined for '${textOf(destination)}' in the route table. Use CreateRoute instead.`,
    );
  const route = input.LocalTarget
    ? localAgain(request, table, existing)
    : routeFrom(request, table, destination, targetFrom(request, table, input), existing.Origin ?? 'CreateRoute');
  table.Routes = table.Routes?.map((each) => (each === existing ? route : each));
  return {};
};

/** A VPC's own block keeps its route, whatever the target (VPC User Guide, "Replace or restore the target for a local route"). */
function isLocal(request: Request, table: Ec2.RouteTable, destination: Destination): boolean {
  return blocksOf(requireVpc(request, table.VpcId)).includes(textOf(destination));
}

function localAgain(request: Request, table: Ec2.RouteTable, { DestinationCidrBlock, Origin }: Ec2.Route): Ec2.Route {
  if (!isLocal(request, table, { DestinationCidrBlock }))
    throw new AwsError('InvalidParameterValue', `The route to ${DestinationCidrBlock} is not a local route.`);
  return { DestinationCidrBlock, GatewayId: 'local', Origin, State: 'active' };
}

const DeleteRoute: Operation<Ec2.DeleteRouteRequest, object> = (request, input) => {
  const table = requireRouteTable(request, input.RouteTableId);
  const destination = destinationFrom(input);
  const existing = routeTo(table, destination);
  if (!existing)
    throw new AwsError(
      'InvalidRoute.NotFound',
      `no route with destination-cidr-block ${textOf(destination)} in route table ${table.RouteTableId}`,
    );
  if (isLocal(request, table, destination))
    throw new AwsError(
      'InvalidParameterValue',
      `cannot remove local route ${textOf(destination)} in route table ${table.RouteTableId}`,
    );
  table.Routes = table.Routes?.filter((each) => each !== existing);
  return {};
};

export const routeOperations: Operations = { CreateRoute, ReplaceRoute, DeleteRoute };
