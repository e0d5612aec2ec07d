/** Which routes a table may have. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { AwsError } from '../../service.ts';
import type { Ec2State } from '../../world.ts';
import { isWithin } from './cidr-blocks.ts';
import { blocksOf } from './vpcs.ts';

/** Inside the VPC: VPC User Guide, "Configure route tables", routes that are more specific than the local route. */
export function requireAllowedInside(ec2: Ec2State, vpc: Ec2.Vpc, route: Ec2.Route): void {
  const destination = route.DestinationCidrBlock;
  const blocks = blocksOf(vpc);
  if (destination === undefined || !blocks.some((block) => isWithin(destination, block))) return;
  if (route.NatGatewayId === undefined && route.NetworkInterfaceId === undefined)
    throw new AwsError(
      'InvalidParameterValue',
      `The destination CIDR block ${destination} is equal to or more specific than one of this VPC's CIDR blocks. This route can target only an interface or an instance.`,
    );
  const isSubnet = ec2.subnets.some(({ VpcId, CidrBlock }) => VpcId === vpc.VpcId && CidrBlock === destination);
  if (!isSubnet && !blocks.includes(destination))
    throw new AwsError(
      'InvalidParameterValue',
      `The destination CIDR block ${destination} is more specific than one of this VPC's CIDR blocks, but it is not the CIDR block of one of its subnets.`,
    );
}

export function isGatewayTable({ Associations }: Ec2.RouteTable): boolean {
  return Associations?.some(({ GatewayId }) => GatewayId !== undefined) ?? false;
}

/** A table with an edge association (VPC User Guide, "Gateway route tables", Rules and considerations). */
export function requireAllowedAtEdge(vpc: Ec2.Vpc, { RouteTableId }: Ec2.RouteTable, route: Ec2.Route): void {
  if (route.GatewayId === 'local') return;
  const { DestinationCidrBlock: cidr, DestinationPrefixListId, NetworkInterfaceId } = route;
  const isInside = cidr !== undefined && blocksOf(vpc).some((block) => isWithin(cidr, block));
  if (!isInside)
    throw new AwsError(
      'InvalidParameterValue',
      `The route table ${RouteTableId} of a gateway cannot have a route to ${cidr ?? DestinationPrefixListId}: it is not a CIDR block inside the VPC.`,
    );
  if (NetworkInterfaceId === undefined)
    throw new AwsError(
      'InvalidParameterValue',
      `The route table ${RouteTableId} of a gateway can have routes to a network interface only.`,
    );
}
