/** The blocks of a VPC besides its primary one (VPC User Guide, "VPC CIDR blocks"). */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import { AwsError, type Operation, type Operations } from '../../service.ts';
import { anyOverlap, isWithin, requireBlock } from './cidr-blocks.ts';
import { notFound, requireVpc } from './common.ts';
import { blocksOf } from './vpcs.ts';

/** VPC Quotas: IPv4 CIDR blocks per VPC. */
const MOST_BLOCKS = 5;

/** A further block overlaps with none that is there, and holds no route's destination. */
const AssociateVpcCidrBlock: Operation<Ec2.AssociateVpcCidrBlockRequest, Ec2.AssociateVpcCidrBlockResult> = (
  request,
  input,
) => {
  const vpc = requireVpc(request, input.VpcId);
  const cidr = requireBlock(input.CidrBlock, 'Vpc');
  const blocks = blocksOf(vpc);
  const tables = request.region.ec2.routeTables.filter(({ VpcId }) => VpcId === vpc.VpcId);
  const destinations = tables.flatMap(({ Routes = [] }) =>
    Routes.flatMap(({ DestinationCidrBlock }) => DestinationCidrBlock ?? []),
  );
  if (anyOverlap([cidr], blocks) || destinations.some((destination) => isWithin(destination, cidr)))
    throw new AwsError('InvalidVpc.Range', `The CIDR '${cidr}' is invalid.`);
  if (blocks.length >= MOST_BLOCKS)
    throw new AwsError(
      'CidrLimitExceeded',
      `This network '${vpc.VpcId}' has met its maximum number of allowed CIDRs: ${MOST_BLOCKS}`,
    );
  const association: Ec2.VpcCidrBlockAssociation = {
    AssociationId: resourceId(request.random, 'vpc-cidr-assoc'),
    CidrBlock: cidr,
    CidrBlockState: { State: 'associated' },
  };
  vpc.CidrBlockAssociationSet = [...(vpc.CidrBlockAssociationSet ?? []), association];
  for (const table of tables)
    table.Routes = [
      ...(table.Routes ?? []),
      { DestinationCidrBlock: cidr, GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' },
    ];
  return { VpcId: vpc.VpcId, CidrBlockAssociation: association };
};

const DisassociateVpcCidrBlock: Operation<Ec2.DisassociateVpcCidrBlockRequest, Ec2.DisassociateVpcCidrBlockResult> = (
  { region: { ec2 } },
  { AssociationId = '' },
) => {
  const named = ({ CidrBlockAssociationSet = [] }: Ec2.Vpc) =>
    CidrBlockAssociationSet.find((each) => each.AssociationId === AssociationId);
  const vpc = ec2.vpcs.find(named);
  const association = vpc && named(vpc);
  if (!vpc || !association) throw notFound('vpc-cidr-assoc', AssociationId);
  const cidr = association.CidrBlock ?? '';
  if (cidr === vpc.CidrBlock)
    throw new AwsError(
      'OperationNotPermitted',
      `The vpc CIDR block with association ID ${AssociationId} may not be disassociated. It is the primary IPv4 CIDR block of the VPC`,
    );
  const { VpcId } = vpc;
  if (ec2.subnets.some((subnet) => subnet.VpcId === VpcId && isWithin(subnet.CidrBlock ?? '', cidr)))
    throw new AwsError('InvalidCidrBlock.InUse', `The vpc ${VpcId} currently has a subnet within CIDR block ${cidr}`);
  vpc.CidrBlockAssociationSet = vpc.CidrBlockAssociationSet?.filter((each) => each !== association);
  for (const table of ec2.routeTables)
    if (table.VpcId === VpcId)
      table.Routes = table.Routes?.filter(({ DestinationCidrBlock }) => DestinationCidrBlock !== cidr);
  return { VpcId, CidrBlockAssociation: { ...association, CidrBlockState: { State: 'disassociating' } } };
};

export const vpcCidrBlockOperations: Operations = { AssociateVpcCidrBlock, DisassociateVpcCidrBlock };
