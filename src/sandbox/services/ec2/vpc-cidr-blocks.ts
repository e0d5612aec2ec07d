/** The blocks of a VPC besides its primary one (VPC User Guide, "VPC CIDR blocks"). */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { Ec2State } from '../../world.ts';
import { anyOverlap, isWithin, requireBlock } from './cidr-blocks.ts';
import { notFound, requireVpc } from './common.ts';
import { addBlock6, amazonBlock, blocks6Of, isWithin6 } from './ipv6-blocks.ts';
import { blocksOf } from './vpcs.ts';

/** VPC Quotas: IPv4 CIDR blocks per VPC, and IPv6 ones. */
const MOST_BLOCKS = 5;

/** A further block overlaps with none that is there, and holds no route's destination. */
const AssociateVpcCidrBlock: Operation<Ec2.AssociateVpcCidrBlockRequest, Ec2.AssociateVpcCidrBlockResult> = (
  request,
  input,
) => {
  const vpc = requireVpc(request, input.VpcId);
  if (input.AmazonProvidedIpv6CidrBlock) return associate6(request, input, vpc);
  const cidr = requireBlock(input.CidrBlock, 'Vpc');
  const blocks = blocksOf(vpc);
  const tables = request.region.ec2.routeTables.filter(({ VpcId }) => VpcId === vpc.VpcId);
  const destinations = tables.flatMap(({ Routes = [] }) =>
    Routes.flatMap(({ DestinationCidrBlock }) => DestinationCidrBlock ?? []),
  );
  if (anyOverlap([cidr], blocks) || destinations.some((destination) => isWithin(destination, cidr)))
    throw new AwsError('InvalidVpc.Range', `The CIDR '${cidr}' is invalid.`);
  if (blocks.length >= MOST_BLOCKS) throw tooMany(vpc);
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
  return {
    VpcId: vpc.VpcId,
    CidrBlockAssociation: { ...association, CidrBlockState: { State: 'associating' } },
  };
};

/** A block of Amazon's; which one, Amazon chooses. */
function associate6(
  { region, regionName, random }: Request,
  input: Ec2.AssociateVpcCidrBlockRequest,
  vpc: Ec2.Vpc,
): Ec2.AssociateVpcCidrBlockResult {
  if (input.CidrBlock !== undefined)
    throw new AwsError(
      'InvalidParameterCombination',
      'The parameters cidrBlock and amazonProvidedIpv6CidrBlock cannot be used together.',
    );
  if (blocks6Of(vpc).length >= MOST_BLOCKS) throw tooMany(vpc);
  const association = amazonBlock(regionName, random);
  addBlock6(region.ec2, vpc, association);
  return {
    VpcId: vpc.VpcId,
    Ipv6CidrBlockAssociation: { ...association, Ipv6CidrBlockState: { State: 'associating' } },
  };
}

function tooMany({ VpcId }: Ec2.Vpc): AwsError {
  return new AwsError(
    'CidrLimitExceeded',
    `This network '${VpcId}' has met its maximum number of allowed CIDRs: ${MOST_BLOCKS}`,
  );
}

const DisassociateVpcCidrBlock: Operation<Ec2.DisassociateVpcCidrBlockRequest, Ec2.DisassociateVpcCidrBlockResult> = (
  { region: { ec2 } },
  { AssociationId = '' },
) => {
  const vpc6 = ec2.vpcs.find(({ Ipv6CidrBlockAssociationSet }) =>
    Ipv6CidrBlockAssociationSet?.some((each) => each.AssociationId === AssociationId),
  );
  if (vpc6) return disassociate6(ec2, vpc6, AssociationId);
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

function disassociate6(ec2: Ec2State, vpc: Ec2.Vpc, associationId: string): Ec2.DisassociateVpcCidrBlockResult {
  const { VpcId } = vpc;
  const association = vpc.Ipv6CidrBlockAssociationSet?.find(({ AssociationId }) => AssociationId === associationId);
  const cidr = association?.Ipv6CidrBlock ?? '';
  const within = ({ Ipv6CidrBlock }: Ec2.SubnetIpv6CidrBlockAssociation) =>
    Ipv6CidrBlock !== undefined && isWithin6(Ipv6CidrBlock, cidr);
  if (ec2.subnets.some((subnet) => subnet.VpcId === VpcId && subnet.Ipv6CidrBlockAssociationSet?.some(within)))
    throw new AwsError('InvalidCidrBlock.InUse', `The vpc ${VpcId} currently has a subnet within CIDR block ${cidr}`);
  vpc.Ipv6CidrBlockAssociationSet = vpc.Ipv6CidrBlockAssociationSet?.filter((each) => each !== association);
  for (const table of ec2.routeTables)
    if (table.VpcId === VpcId)
      table.Routes = table.Routes?.filter(({ DestinationIpv6CidrBlock }) => DestinationIpv6CidrBlock !== cidr);
  return { VpcId, Ipv6CidrBlockAssociation: { ...association, Ipv6CidrBlockState: { State: 'disassociating' } } };
}

export const vpcCidrBlockOperations: Operations = { AssociateVpcCidrBlock, DisassociateVpcCidrBlock };
