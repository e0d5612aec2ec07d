/** VPC peering connections within one account and region. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import { anyOverlap } from './cidr-blocks.ts';
import { done, list, requirePeering, requireVpc } from './common.ts';
import { EXPIRES_MS, endPeering } from './peering-life.ts';
import { tagsFor } from './tag-rules.ts';
import { blocksOf } from './vpcs.ts';

function sideOf(vpc: Ec2.Vpc, regionName: string): Ec2.VpcPeeringConnectionVpcInfo {
  return {
    VpcId: vpc.VpcId,
    OwnerId: vpc.OwnerId,
    Region: regionName,
    CidrBlock: vpc.CidrBlock,
    CidrBlockSet: blocksOf(vpc).map((CidrBlock) => ({ CidrBlock })),
    PeeringOptions: { AllowDnsResolutionFromRemoteVpc: false },
  };
}

/** A pending accepter shows no blocks (seen in AWS's answers); overlapping VPCs fail at once (VPC Peering Guide, "Limitations"). */
const CreateVpcPeeringConnection: Operation<
  Ec2.CreateVpcPeeringConnectionRequest,
  Ec2.CreateVpcPeeringConnectionResult
> = (request, input) => {
  const { region, regionName, account, now, random } = request;
  if ((input.PeerOwnerId ?? account.id) !== account.id || (input.PeerRegion ?? regionName) !== regionName)
    throw new AwsError('UnsupportedOperation', 'Peering with another account or Region is not simulated.');
  const requester = requireVpc(request, input.VpcId);
  const accepter = requireVpc(request, input.PeerVpcId);
  if (requester === accepter)
    throw new AwsError(
      'InvalidParameterValue',
      `Value (${input.PeerVpcId}) for parameter peerVpcId is invalid: a VPC cannot be peered with itself.`,
    );
  const existing = region.ec2.peeringConnections.find(
    (peering) =>
      isBetween(peering, requester, accepter) &&
      ['pending-acceptance', 'provisioning', 'active'].includes(peering.Status?.Code ?? ''),
  );
  if (existing)
    throw new AwsError(
      'VpcPeeringConnectionAlreadyExists',
      `A peering connection already exists for the specified VPCs: ${existing.VpcPeeringConnectionId}`,
    );
  const overlaps = anyOverlap(blocksOf(requester), blocksOf(accepter));
  const id = resourceId(random, 'pcx');
  const peering: Ec2.VpcPeeringConnection = {
    VpcPeeringConnectionId: id,
    RequesterVpcInfo: sideOf(requester, regionName),
    AccepterVpcInfo: { VpcId: accepter.VpcId, OwnerId: accepter.OwnerId, Region: regionName },
    ...(!overlaps && { ExpirationTime: new Date(now + EXPIRES_MS) }),
    Status: overlaps
      ? { Code: 'failed', Message: 'Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range' }
      : { Code: 'pending-acceptance', Message: `Pending Acceptance by ${account.id}` },
    Tags: tagsFor(input.TagSpecifications, 'vpc-peering-connection'),
  };
  region.ec2.peeringConnections.push(peering);
  region.ec2.since[id] = now;
  return { VpcPeeringConnection: peering };
};

function isBetween(
  { RequesterVpcInfo, AccepterVpcInfo }: Ec2.VpcPeeringConnection,
  one: Ec2.Vpc,
  other: Ec2.Vpc,
): boolean {
  const sides = [RequesterVpcInfo?.VpcId, AccepterVpcInfo?.VpcId];
  return sides.includes(one.VpcId) && sides.includes(other.VpcId);
}

const DescribeVpcPeeringConnections: Operation<
  Ec2.DescribeVpcPeeringConnectionsRequest,
  Ec2.DescribeVpcPeeringConnectionsResult
> = ({ region }, input) => {
  const { items, ...rest } = list(region.ec2.peeringConnections, input, {
    ids: input.VpcPeeringConnectionIds,
    idOf: ({ VpcPeeringConnectionId }) => VpcPeeringConnectionId,
    prefix: 'pcx',
    filters: {
      'accepter-vpc-info.cidr-block': ({ AccepterVpcInfo }) => AccepterVpcInfo?.CidrBlock,
      'accepter-vpc-info.owner-id': ({ AccepterVpcInfo }) => AccepterVpcInfo?.OwnerId,
      'accepter-vpc-info.vpc-id': ({ AccepterVpcInfo }) => AccepterVpcInfo?.VpcId,
      'requester-vpc-info.cidr-block': ({ RequesterVpcInfo }) => RequesterVpcInfo?.CidrBlock,
      'requester-vpc-info.owner-id': ({ RequesterVpcInfo }) => RequesterVpcInfo?.OwnerId,
      'requester-vpc-info.vpc-id': ({ RequesterVpcInfo }) => RequesterVpcInfo?.VpcId,
      'status-code': ({ Status }) => Status?.Code,
      'status-message': ({ Status }) => Status?.Message,
      'vpc-peering-connection-id': ({ VpcPeeringConnectionId }) => VpcPeeringConnectionId,
    },
  });
  return { VpcPeeringConnections: items, ...rest };
};

function requirePending(request: Request, id: string | undefined, to: string): Ec2.VpcPeeringConnection {
  const peering = requirePeering(request, id);
  if (peering.Status?.Code !== 'pending-acceptance')
    throw new AwsError(
      'InvalidStateTransition',
      `Invalid state transition for ${id}, attempted to transition from ${peering.Status?.Code} to ${to}`,
    );
  return peering;
}

const AcceptVpcPeeringConnection: Operation<
  Ec2.AcceptVpcPeeringConnectionRequest,
  Ec2.AcceptVpcPeeringConnectionResult
> = (request, input) => {
  const peering = requirePending(request, input.VpcPeeringConnectionId, 'provisioning');
  peering.AccepterVpcInfo = sideOf(requireVpc(request, peering.AccepterVpcInfo?.VpcId), request.regionName);
  peering.Status = { Code: 'provisioning', Message: 'Provisioning' };
  delete peering.ExpirationTime;
  request.region.ec2.since[peering.VpcPeeringConnectionId ?? ''] = request.now;
  return { VpcPeeringConnection: peering };
};

const RejectVpcPeeringConnection: Operation<
  Ec2.RejectVpcPeeringConnectionRequest,
  Ec2.RejectVpcPeeringConnectionResult
> = (request, input) => {
  const peering = requirePending(request, input.VpcPeeringConnectionId, 'rejected');
  const status = { Code: 'rejected' as const, Message: `Rejected by ${request.account.id}` };
  endPeering(request.region.ec2, peering, status, request.now);
  return done;
};

/** A failed or rejected one cannot be deleted (EC2 API Reference, DeleteVpcPeeringConnection). */
const DeleteVpcPeeringConnection: Operation<
  Ec2.DeleteVpcPeeringConnectionRequest,
  Ec2.DeleteVpcPeeringConnectionResult
> = (request, input) => {
  const peering = requirePeering(request, input.VpcPeeringConnectionId);
  if (!['active', 'provisioning', 'pending-acceptance'].includes(peering.Status?.Code ?? ''))
    throw new AwsError(
      'InvalidStateTransition',
      `Invalid state transition for ${input.VpcPeeringConnectionId}, attempted to transition from ${peering.Status?.Code} to deleting`,
    );
  const status = { Code: 'deleted' as const, Message: `Deleted by ${request.account.id}` };
  endPeering(request.region.ec2, peering, status, request.now);
  return done;
};

const ModifyVpcPeeringConnectionOptions: Operation<
  Ec2.ModifyVpcPeeringConnectionOptionsRequest,
  Ec2.ModifyVpcPeeringConnectionOptionsResult
> = (request, input) => {
  const { RequesterVpcInfo, AccepterVpcInfo, Status } = requirePeering(request, input.VpcPeeringConnectionId);
  if (Status?.Code !== 'active')
    throw new AwsError(
      'OperationNotPermitted',
      `Vpc peering connection ${input.VpcPeeringConnectionId} is not active. Peering options can be added only to active peerings.`,
    );
  const set = (
    side: Ec2.VpcPeeringConnectionVpcInfo | undefined,
    options: Ec2.PeeringConnectionOptionsRequest | undefined,
  ) => {
    if (side && options) side.PeeringOptions = { ...side.PeeringOptions, ...options };
    return side?.PeeringOptions;
  };
  return {
    RequesterPeeringConnectionOptions: set(RequesterVpcInfo, input.RequesterPeeringConnectionOptions),
    AccepterPeeringConnectionOptions: set(AccepterVpcInfo, input.AccepterPeeringConnectionOptions),
  };
};

export const peeringOperations: Operations = {
  CreateVpcPeeringConnection,
  DescribeVpcPeeringConnections,
  AcceptVpcPeeringConnection,
  RejectVpcPeeringConnection,
  DeleteVpcPeeringConnection,
  ModifyVpcPeeringConnectionOptions,
};
