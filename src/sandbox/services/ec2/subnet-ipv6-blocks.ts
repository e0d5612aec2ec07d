/** IPv6 blocks of subnets: a /64 of their VPC's block (VPC User Guide, "Subnet CIDR blocks"). */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import { missingParameter, notFound, requireOne, requireSubnet } from './common.ts';
import { blocks6Of, isWithin6, requireCidr6 } from './ipv6-blocks.ts';

/** A block that a subnet of this VPC may have. @throws AwsError where it is taken, or is not the VPC's. */
export function requireFreeBlock6({ region }: Request, vpc: Ec2.Vpc, text: string): string {
  const cidr = requireCidr6('ipv6CidrBlock', text);
  if (!cidr.endsWith('/64') || !blocks6Of(vpc).some((block) => isWithin6(cidr, block)))
    throw new AwsError('InvalidSubnet.Range', `The CIDR '${text}' is invalid.`);
  const isTaken = region.ec2.subnets.some(
    ({ VpcId, Ipv6CidrBlockAssociationSet }) =>
      VpcId === vpc.VpcId && Ipv6CidrBlockAssociationSet?.some(({ Ipv6CidrBlock }) => Ipv6CidrBlock === cidr),
  );
  if (isTaken) throw new AwsError('InvalidSubnet.Conflict', `The CIDR '${text}' conflicts with another subnet`);
  return cidr;
}

export function associate6(subnet: Ec2.Subnet, cidr: string, random: () => number): Ec2.SubnetIpv6CidrBlockAssociation {
  const association: Ec2.SubnetIpv6CidrBlockAssociation = {
    AssociationId: resourceId(random, 'subnet-cidr-assoc'),
    Ipv6CidrBlock: cidr,
    Ipv6CidrBlockState: { State: 'associated' },
    Ipv6AddressAttribute: 'public',
    IpSource: 'amazon',
  };
  subnet.Ipv6CidrBlockAssociationSet = [association];
  return association;
}

const AssociateSubnetCidrBlock: Operation<Ec2.AssociateSubnetCidrBlockRequest, Ec2.AssociateSubnetCidrBlockResult> = (
  request,
  input,
) => {
  const subnet = requireSubnet(request, input.SubnetId);
  if (input.Ipv6CidrBlock === undefined) throw missingParameter('ipv6CidrBlock');
  const vpc = requireOne(request.region.ec2.vpcs, ({ VpcId }) => VpcId, subnet.VpcId, 'vpc');
  if (subnet.Ipv6CidrBlockAssociationSet?.length)
    throw new AwsError(
      'SubnetCidrBlockAssociationLimitExceeded',
      `The subnet '${subnet.SubnetId}' already has an IPv6 CIDR block.`,
    );
  const cidr = requireFreeBlock6(request, vpc, input.Ipv6CidrBlock);
  const association = associate6(subnet, cidr, request.random);
  return {
    SubnetId: subnet.SubnetId,
    Ipv6CidrBlockAssociation: { ...association, Ipv6CidrBlockState: { State: 'associating' } },
  };
};

const DisassociateSubnetCidrBlock: Operation<
  Ec2.DisassociateSubnetCidrBlockRequest,
  Ec2.DisassociateSubnetCidrBlockResult
> = ({ region: { ec2 } }, { AssociationId = '' }) => {
  const named = ({ Ipv6CidrBlockAssociationSet }: Ec2.Subnet) =>
    Ipv6CidrBlockAssociationSet?.find((each) => each.AssociationId === AssociationId);
  const subnet = ec2.subnets.find(named);
  if (!subnet) throw notFound('subnet-cidr-assoc', AssociationId);
  const association = named(subnet);
  subnet.Ipv6CidrBlockAssociationSet = [];
  subnet.AssignIpv6AddressOnCreation = false;
  return {
    SubnetId: subnet.SubnetId,
    Ipv6CidrBlockAssociation: { ...association, Ipv6CidrBlockState: { State: 'disassociating' } },
  };
};

export const subnetIpv6BlockOperations: Operations = { AssociateSubnetCidrBlock, DisassociateSubnetCidrBlock };
