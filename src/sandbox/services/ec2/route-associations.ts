/** Which subnets and gateways a route table serves. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import { invalidValue, notFound, requireGateway, requireRouteTable, requireSubnet, requireVpc } from './common.ts';
import { requireAllowedAtEdge } from './route-rules.ts';

type Served = Pick<Ec2.RouteTableAssociation, 'SubnetId' | 'GatewayId'>;

const AssociateRouteTable: Operation<Ec2.AssociateRouteTableRequest, Ec2.AssociateRouteTableResult> = (
  request,
  input,
) => {
  const table = requireRouteTable(request, input.RouteTableId);
  if (input.SubnetId !== undefined && input.GatewayId !== undefined)
    throw new AwsError('InvalidParameterCombination', 'The request must contain exactly one of subnetId, gatewayId');
  const served =
    input.GatewayId === undefined
      ? subnetFor(request, table, input.SubnetId)
      : gatewayFor(request, table, input.GatewayId);
  const isSame = (each: Served) => each.SubnetId === served.SubnetId && each.GatewayId === served.GatewayId;
  const other = request.region.ec2.routeTables.find(({ Associations }) => Associations?.some(isSame));
  if (other && other !== table)
    throw new AwsError(
      'Resource.AlreadyAssociated',
      `the specified association for route table ${table.RouteTableId} conflicts with an existing association`,
    );
  const existing = table.Associations?.find(isSame);
  const association = existing ?? {
    Main: false,
    RouteTableAssociationId: resourceId(request.random, 'rtbassoc'),
    RouteTableId: table.RouteTableId,
    ...served,
    AssociationState: { State: 'associated' as const },
  };
  if (!existing) table.Associations = [...(table.Associations ?? []), association];
  return { AssociationId: association.RouteTableAssociationId, AssociationState: association.AssociationState };
};

function subnetFor(request: Request, table: Ec2.RouteTable, id: string | undefined): Served {
  const { SubnetId, VpcId } = requireSubnet(request, id);
  if (VpcId !== table.VpcId)
    throw new AwsError(
      'InvalidParameterValue',
      `Route table ${table.RouteTableId} and subnet ${SubnetId} belong to different networks`,
    );
  return { SubnetId };
}

/** An edge association; the routes that the table has already must fit it. */
function gatewayFor(request: Request, table: Ec2.RouteTable, id: string): Served {
  const { InternetGatewayId, Attachments } = requireGateway(request, id);
  if (!Attachments?.some(({ VpcId }) => VpcId === table.VpcId))
    throw new AwsError(
      'InvalidParameterValue',
      `route table ${table.RouteTableId} and network gateway ${InternetGatewayId} belong to different networks`,
    );
  requireFitForEdge(request, table);
  return { GatewayId: InternetGatewayId };
}

function requireFitForEdge(request: Request, table: Ec2.RouteTable): void {
  const vpc = requireVpc(request, table.VpcId);
  for (const route of table.Routes ?? []) requireAllowedAtEdge(vpc, table, route);
}

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
  if (association.GatewayId !== undefined) requireFitForEdge(request, target);
  table.Associations = table.Associations?.filter((each) => each !== association);
  const moved = {
    ...association,
    RouteTableId: target.RouteTableId,
    RouteTableAssociationId: resourceId(request.random, 'rtbassoc'),
  };
  target.Associations = [...(target.Associations ?? []), moved];
  return { NewAssociationId: moved.RouteTableAssociationId, AssociationState: moved.AssociationState };
};

export const routeAssociationOperations: Operations = {
  AssociateRouteTable,
  DisassociateRouteTable,
  ReplaceRouteTableAssociation,
};
