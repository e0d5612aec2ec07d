/** Routes of a route table. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import { requireCidr } from './cidr-blocks.ts';
import { done, requirePrefixList, requireRouteTable, requireVpc } from './common.ts';
import { blocks6Of, requireCidr6 } from './ipv6-blocks.ts';
import { isGatewayTable, requireAllowedAtEdge, requireAllowedInside } from './route-rules.ts';
import { type Target, targetFrom } from './route-targets.ts';
import { blocksOf } from './vpcs.ts';

type Destination = Pick<Ec2.Route, 'DestinationCidrBlock' | 'DestinationIpv6CidrBlock' | 'DestinationPrefixListId'>;

const DESTINATIONS = ['DestinationCidrBlock', 'DestinationIpv6CidrBlock', 'DestinationPrefixListId'] as const;

function destinationFrom(input: Destination): Destination {
  const [name, second] = DESTINATIONS.filter((each) => input[each] !== undefined);
  if (name === undefined || second !== undefined)
    throw new AwsError(
      name === undefined ? 'MissingParameter' : 'InvalidParameterCombination',
      'The request must contain exactly one of destinationCidrBlock, destinationIpv6CidrBlock, destinationPrefixListId',
    );
  const text = input[name] ?? '';
  if (name === 'DestinationCidrBlock') return { [name]: requireCidr('destinationCidrBlock', text) };
  if (name === 'DestinationIpv6CidrBlock') return { [name]: requireCidr6('destinationIpv6CidrBlock', text) };
  return { [name]: text };
}

const textOf = ({ DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId }: Destination) =>
  DestinationCidrBlock ?? DestinationIpv6CidrBlock ?? DestinationPrefixListId ?? '';

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
  return (
    route.GatewayId ??
    route.EgressOnlyInternetGatewayId ??
    route.NatGatewayId ??
    route.NetworkInterfaceId ??
    route.VpcPeeringConnectionId
  );
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
  const vpc = requireVpc(request, table.VpcId);
  return [...blocksOf(vpc), ...blocks6Of(vpc)].includes(textOf(destination));
}

function localAgain(request: Request, table: Ec2.RouteTable, route: Ec2.Route): Ec2.Route {
  if (!isLocal(request, table, route))
    throw new AwsError('InvalidParameterValue', `The route to ${textOf(route)} is not a local route.`);
  const { DestinationCidrBlock: cidr, DestinationIpv6CidrBlock: cidr6, Origin } = route;
  const destination = cidr === undefined ? { DestinationIpv6CidrBlock: cidr6 } : { DestinationCidrBlock: cidr };
  return { ...destination, GatewayId: 'local', Origin, State: 'active' };
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
  if (existing.GatewayId?.startsWith('vpce-'))
    throw new AwsError(
      'InvalidParameterValue',
      `cannot remove VPC endpoint route ${existing.GatewayId} in route table ${table.RouteTableId}`,
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
