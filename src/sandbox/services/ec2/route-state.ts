/** What DescribeRouteTables tells of a route's target. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import type { Ec2State } from '../../world.ts';

/** Writes into a route what has become of its target; called whenever that may have changed. */
export function refreshRoute(ec2: Ec2State, table: Ec2.RouteTable, route: Ec2.Route): void {
  const target = ec2.networkInterfaces.find(
    ({ NetworkInterfaceId }) => NetworkInterfaceId !== undefined && NetworkInterfaceId === route.NetworkInterfaceId,
  );
  const { InstanceId, InstanceOwnerId } = target?.Attachment ?? {};
  delete route.InstanceId;
  delete route.InstanceOwnerId;
  if (InstanceId !== undefined) Object.assign(route, { InstanceId, InstanceOwnerId });
  route.State = isAvailable(ec2, table, route, target) ? 'active' : 'blackhole';
}

/**
 * EC2 API Reference, Route; VPC Peering Guide, "Update your route tables". A stopped instance keeps its interface, and
 * the route to it stays active.
 */
function isAvailable(
  ec2: Ec2State,
  { VpcId }: Ec2.RouteTable,
  route: Ec2.Route,
  target: Ec2.NetworkInterface | undefined,
): boolean {
  if (route.GatewayId === 'local') return true;
  if (route.GatewayId?.startsWith('vpce-'))
    return ec2.vpcEndpoints.some((each) => each.VpcEndpointId === route.GatewayId);
  if (route.EgressOnlyInternetGatewayId !== undefined)
    return ec2.egressOnlyInternetGateways.some(
      (each) => each.EgressOnlyInternetGatewayId === route.EgressOnlyInternetGatewayId,
    );
  if (route.GatewayId !== undefined) {
    const gateway = ec2.internetGateways.find(({ InternetGatewayId }) => InternetGatewayId === route.GatewayId);
    return gateway?.Attachments?.some((attachment) => attachment.VpcId === VpcId) ?? false;
  }
  if (route.VpcPeeringConnectionId !== undefined)
    return ec2.peeringConnections.some(
      ({ VpcPeeringConnectionId, Status }) =>
        VpcPeeringConnectionId === route.VpcPeeringConnectionId && Status?.Code === 'active',
    );
  if (route.NatGatewayId !== undefined)
    return ec2.natGateways.some(
      ({ NatGatewayId, State }) =>
        NatGatewayId === route.NatGatewayId && (State === 'pending' || State === 'available'),
    );
  return target?.Status === 'in-use';
}
