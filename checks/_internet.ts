/** Does a subnet's traffic for the internet leave by an internet gateway? */
import type { Finding } from '../src/check.ts';
import { routeTableOf } from '../src/model/network/route.ts';
import type { Route, RouteTable, Subnet, Topology } from '../src/model/network/topology.ts';
import { routesText } from './_evidence.ts';
import { DOCS } from './_words.ts';

const ANYWHERE = '0.0.0.0/0';

export type InternetAccess =
  | { readonly open: true; readonly table: RouteTable; readonly gatewayId: string }
  | { readonly open: false; readonly finding: Finding };

export const INTERNET_CODES = {
  NO_ROUTE_TO_DESTINATION:
    "The route table that the subnet uses has no route for 0.0.0.0/0, so the subnet isn't public.",
  BAD_STATE_ROUTE: 'The route for 0.0.0.0/0 is a blackhole: its target does not exist any more.',
  BAD_STATE_ATTACHMENT: 'The internet gateway of the route for 0.0.0.0/0 is not attached to this VPC.',
  DEFAULT_ROUTE_ELSEWHERE: 'The route for 0.0.0.0/0 goes to something else than an internet gateway.',
  INTERNET_ROUTE_IN_OTHER_TABLE:
    'A route to an internet gateway is there, but in a route table that the subnet does not use.',
  ROUTE_TABLE_UNKNOWN: 'The route table of the subnet could not be found.',
} as const;

/** A subnet is public by the route table that it really uses (VPC User Guide, Subnet routing). */
export function internetAccess(
  topology: Pick<Topology, 'routeTables' | 'subnets' | 'internetGateways'>,
  subnet: Subnet,
): InternetAccess {
  const { vpcId } = subnet;
  const routeTable = routeTableOf(topology, subnet.id);
  if (!routeTable)
    return closed({
      code: 'ROUTE_TABLE_UNKNOWN',
      severity: 'error',
      message: `No route table was found that subnet ${subnet.id} uses.`,
      resources: [subnet.id],
      expected: 'a route table, its own or the main one of its VPC',
      actual: 'none',
      fix: {
        console: `VPC > Subnets > ${subnet.id} > Route table`,
        command: `aws ec2 describe-route-tables --filters Name=vpc-id,Values=${vpcId}`,
        docs: DOCS.subnetRouteTables,
      },
    });
  const route =
    routeTable.routes.find(({ destination, state }) => destination === ANYWHERE && state !== 'filtered') ??
    splitRoute(routeTable);
  const table = `Route table ${routeTable.id} (used by subnet ${subnet.id} of ${vpcId})`;
  const where = `VPC > Route tables > ${routeTable.id} > Edit routes`;
  const attached = topology.internetGateways.find(({ vpcIds }) => vpcIds.includes(vpcId));
  const wanted = {
    expected: `${ANYWHERE} -> ${attached?.id ?? 'an internet gateway'}`,
    actual: routesText(routeTable),
  };
  const command = (verb: string) =>
    attached && {
      command: `aws ec2 ${verb} --route-table-id ${routeTable.id} --destination-cidr-block ${ANYWHERE} --gateway-id ${attached.id}`,
    };

  if (!route) {
    const other = topology.routeTables.find((each) => each.vpcId === vpcId && each.routes.some(leadsToGateway));
    if (other)
      return closed({
        code: 'INTERNET_ROUTE_IN_OTHER_TABLE',
        severity: 'error',
        message: `${table} has no route to the internet. Route table ${other.id} has one, but the subnet does not use that table.`,
        resources: [routeTable.id, other.id, subnet.id],
        ...wanted,
        fix: {
          console: `VPC > Subnets > ${subnet.id} > Route table > Edit route table association > ${other.id}`,
          command: `aws ec2 associate-route-table --route-table-id ${other.id} --subnet-id ${subnet.id}`,
          docs: DOCS.subnetRouteTables,
        },
      });
    return closed({
      code: 'NO_ROUTE_TO_DESTINATION',
      severity: 'error',
      message: `${table} has no route for ${ANYWHERE}, so nothing in that subnet reaches the internet.`,
      resources: [routeTable.id, subnet.id],
      ...wanted,
      fix: {
        console: attached ? where : `VPC > Internet gateways > Create, attach it to ${vpcId}; then ${where}`,
        ...(command('create-route') ?? { command: 'aws ec2 create-internet-gateway' }),
        docs: DOCS.internetGateway,
      },
    });
  }
  if (route.state === 'blackhole')
    return closed({
      code: 'BAD_STATE_ROUTE',
      severity: 'error',
      message: `${table} sends ${ANYWHERE} into a blackhole: the target of that route is gone or not attached.`,
      resources: [routeTable.id],
      ...wanted,
      fix: {
        console: where,
        ...(command('replace-route') ?? attaching(route, topology, vpcId)),
        docs: DOCS.internetGateway,
      },
    });
  if (route.target.kind !== 'internet-gateway')
    return closed({
      code: 'DEFAULT_ROUTE_ELSEWHERE',
      severity: 'error',
      message: `${table} sends ${ANYWHERE} to ${route.target.kind === 'local' ? 'local' : route.target.id}, which is no internet gateway.`,
      resources: [routeTable.id],
      ...wanted,
      fix: {
        console: where,
        ...(command('replace-route') ?? { command: 'aws ec2 create-internet-gateway' }),
        docs: DOCS.internetGateway,
      },
    });
  const { id: gatewayId } = route.target;
  if (!topology.internetGateways.some(({ id, vpcIds }) => id === gatewayId && vpcIds.includes(vpcId)))
    return closed({
      code: 'BAD_STATE_ATTACHMENT',
      severity: 'error',
      message: `${table} sends ${ANYWHERE} to ${gatewayId}, which is not attached to ${vpcId}.`,
      resources: [gatewayId, vpcId],
      ...wanted,
      fix: {
        console: `VPC > Internet gateways > ${gatewayId} > Actions > Attach to VPC`,
        command: `aws ec2 attach-internet-gateway --internet-gateway-id ${gatewayId} --vpc-id ${vpcId}`,
        docs: DOCS.internetGateway,
      },
    });
  return { open: true, table: routeTable, gatewayId };
}

/** A gateway that is there, and belongs to no VPC, needs but be attached again. */
function attaching({ target }: Route, { internetGateways }: Pick<Topology, 'internetGateways'>, vpcId: string) {
  const gateway = internetGateways.find(({ id }) => target.kind === 'internet-gateway' && id === target.id);
  const command = gateway
    ? `aws ec2 attach-internet-gateway --internet-gateway-id ${gateway.id} --vpc-id ${vpcId}`
    : 'aws ec2 create-internet-gateway';
  return { command };
}

/** `0.0.0.0/1` and `128.0.0.0/1` do what `0.0.0.0/0` does. */
function splitRoute({ routes }: RouteTable): Route | undefined {
  const [low, high] = ['0.0.0.0/1', '128.0.0.0/1'].map((half) =>
    routes.find(({ destination }) => destination === half),
  );
  return low && high && JSON.stringify(low.target) === JSON.stringify(high.target) && high.state === 'active'
    ? low
    : undefined;
}

function leadsToGateway({ destination, target, state }: Route): boolean {
  return destination === ANYWHERE && target.kind === 'internet-gateway' && state === 'active';
}

function closed(finding: Finding): InternetAccess {
  return { open: false, finding };
}
