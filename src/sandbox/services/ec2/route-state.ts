/** What DescribeRouteTables tells of a route's target. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import type { Ec2State } from '../../world.ts';

/** What a region's routes may lead to, by id: asked once for all its routes. */
interface Targets {
  readonly interfaces: ReadonlyMap<string | undefined, Ec2.NetworkInterface>;
  /** An internet gateway and the VPC that it is attached to. */
  readonly attached: ReadonlySet<string>;
  /** Peering connections, NAT gateways, VPC endpoints and egress-only gateways that packets can go to. */
  readonly available: ReadonlySet<string | undefined>;
}

const attachment = (gatewayId: string | undefined, vpcId: string | undefined) => `${gatewayId} ${vpcId}`;

function targetsOf(ec2: Ec2State): Targets {
  return {
    interfaces: new Map(ec2.networkInterfaces.map((each) => [each.NetworkInterfaceId, each])),
    attached: new Set(
      ec2.internetGateways.flatMap(({ InternetGatewayId, Attachments = [] }) =>
        Attachments.map(({ VpcId }) => attachment(InternetGatewayId, VpcId)),
      ),
    ),
    available: new Set([
      ...ec2.peeringConnections
        .filter(({ Status }) => Status?.Code === 'active')
        .map((each) => each.VpcPeeringConnectionId),
      ...ec2.natGateways
        .filter(({ State }) => State === 'pending' || State === 'available')
        .map(({ NatGatewayId }) => NatGatewayId),
      ...ec2.vpcEndpoints.map(({ VpcEndpointId }) => VpcEndpointId),
      ...ec2.egressOnlyInternetGateways.map((each) => each.EgressOnlyInternetGatewayId),
    ]),
  };
}

const fresh = new WeakSet<Ec2State>();

/** Says that targets may have changed. */
export function forgetRouteStates(ec2: Ec2State): void {
  fresh.delete(ec2);
}

/** Writes into all routes what has become of their targets; called before anybody reads them. */
export function refreshRoutes(ec2: Ec2State): void {
  if (fresh.has(ec2)) return;
  const targets = targetsOf(ec2);
  for (const table of ec2.routeTables) for (const route of table.Routes ?? []) refresh(targets, table, route);
  fresh.add(ec2);
}

function refresh(targets: Targets, { VpcId }: Ec2.RouteTable, route: Ec2.Route): void {
  const target = route.NetworkInterfaceId === undefined ? undefined : targets.interfaces.get(route.NetworkInterfaceId);
  const { InstanceId, InstanceOwnerId } = target?.Attachment ?? {};
  delete route.InstanceId;
  delete route.InstanceOwnerId;
  if (InstanceId !== undefined) Object.assign(route, { InstanceId, InstanceOwnerId });
  route.State = isAvailable(targets, VpcId, route, target) ? 'active' : 'blackhole';
}

/**
 * EC2 API Reference, Route; VPC Peering Guide, "Update your route tables". A stopped instance keeps its interface, and
 * the route to it stays active. What leads elsewhere keeps its state.
 */
function isAvailable(
  { attached, available }: Targets,
  vpcId: string | undefined,
  {
    GatewayId,
    EgressOnlyInternetGatewayId,
    NatGatewayId,
    VpcPeeringConnectionId,
    NetworkInterfaceId,
    State,
  }: Ec2.Route,
  target: Ec2.NetworkInterface | undefined,
): boolean {
  if (NetworkInterfaceId !== undefined) return target?.Status === 'in-use';
  if (GatewayId === 'local') return true;
  if (GatewayId?.startsWith('igw-')) return attached.has(attachment(GatewayId, vpcId));
  const id = GatewayId ?? EgressOnlyInternetGatewayId ?? NatGatewayId ?? VpcPeeringConnectionId;
  return id === undefined ? State === 'active' : available.has(id);
}
