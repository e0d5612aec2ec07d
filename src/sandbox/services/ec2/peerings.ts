/** VPC peering connections, also with VPCs of other accounts and Regions. What is said to them is in peering-answers.ts. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import { regionNames } from '../../regions.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { Ec2State } from '../../world.ts';
import { anyOverlap } from './cidr-blocks.ts';
import { invalidValue, list, missingParameter, requireVpc } from './common.ts';
import { EXPIRES_MS } from './peering-life.ts';
import { ec2Of, sideOf } from './peering-sides.ts';
import { touchEc2 } from './settle.ts';
import { tagsFor } from './tag-rules.ts';
import { blocksOf } from './vpcs.ts';

interface Peer {
  readonly ownerId: string;
  readonly regionName: string;
  readonly ec2: Ec2State | undefined;
  /** Absent where the other account or Region has no such VPC. */
  readonly vpc: Ec2.Vpc | undefined;
}

function peerOf(request: Request, input: Ec2.CreateVpcPeeringConnectionRequest): Peer {
  const ownerId = input.PeerOwnerId ?? request.account.id;
  const regionName = input.PeerRegion ?? request.regionName;
  if (input.PeerVpcId === undefined) throw missingParameter('peerVpcId');
  if (!/^\d{12}$/.test(ownerId)) throw invalidValue('peerOwnerId', ownerId);
  if (!regionNames.includes(regionName)) throw invalidValue('peerRegion', regionName);
  const { ec2 } = request.region;
  if (ownerId === request.account.id && regionName === request.regionName)
    return { ownerId, regionName, ec2, vpc: requireVpc(request, input.PeerVpcId) };
  const peerEc2 = ec2Of(request.world, ownerId, regionName);
  return { ownerId, regionName, ec2: peerEc2, vpc: peerEc2?.vpcs.find(({ VpcId }) => VpcId === input.PeerVpcId) };
}

/**
 * A pending accepter shows no blocks (seen in AWS's answers). What cannot be is said by the connection's status, which
 * only the requester sees (VPC Peering Guide, "VPC peering connection lifecycle").
 */
const CreateVpcPeeringConnection: Operation<
  Ec2.CreateVpcPeeringConnectionRequest,
  Ec2.CreateVpcPeeringConnectionResult
> = (request, input) => {
  const { region, regionName, now, random } = request;
  const requester = requireVpc(request, input.VpcId);
  const peer = peerOf(request, input);
  const accepter: Ec2.VpcPeeringConnectionVpcInfo = {
    VpcId: input.PeerVpcId,
    OwnerId: peer.ownerId,
    Region: peer.regionName,
  };
  if (requester === peer.vpc)
    throw new AwsError(
      'InvalidParameterValue',
      `Value (${input.PeerVpcId}) for parameter peerVpcId is invalid: a VPC cannot be peered with itself.`,
    );
  requireNone(region.ec2, requester.VpcId, input.PeerVpcId);
  const Tags = tagsFor(input.TagSpecifications, 'vpc-peering-connection');
  const fails = !peer.vpc || anyOverlap(blocksOf(requester), blocksOf(peer.vpc));
  const id = resourceId(random, 'pcx');
  const make = (tags: Ec2.Tag[]): Ec2.VpcPeeringConnection => ({
    VpcPeeringConnectionId: id,
    RequesterVpcInfo: sideOf(requester, regionName),
    AccepterVpcInfo: { ...accepter },
    ...(!fails && { ExpirationTime: new Date(now + EXPIRES_MS) }),
    Status: fails
      ? { Code: 'failed', Message: 'Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range' }
      : { Code: 'pending-acceptance', Message: `Pending Acceptance by ${peer.ownerId}` },
    Tags: tags,
  });
  const peering = make(Tags);
  region.ec2.peeringConnections.push(peering);
  region.ec2.since[id] = now;
  if (peer.ec2 && peer.ec2 !== region.ec2 && !fails) {
    peer.ec2.peeringConnections.push(make([]));
    peer.ec2.since[id] = now;
    touchEc2(peer.ec2);
  }
  const Status = { Code: 'initiating-request' as const, Message: `Initiating Request to ${peer.ownerId}` };
  return { VpcPeeringConnection: { ...peering, Status } };
};

function requireNone({ peeringConnections }: Ec2State, one: string | undefined, other: string | undefined): void {
  const existing = peeringConnections.find(({ RequesterVpcInfo, AccepterVpcInfo, Status }) => {
    const sides = [RequesterVpcInfo?.VpcId, AccepterVpcInfo?.VpcId];
    const isLive = ['pending-acceptance', 'provisioning', 'active'].includes(Status?.Code ?? '');
    return isLive && sides.includes(one) && sides.includes(other);
  });
  if (existing)
    throw new AwsError(
      'VpcPeeringConnectionAlreadyExists',
      `A peering connection already exists for the specified VPCs: ${existing.VpcPeeringConnectionId}`,
    );
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
      'expiration-time': ({ ExpirationTime }) => ExpirationTime?.toISOString(),
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

export const peeringOperations: Operations = { CreateVpcPeeringConnection, DescribeVpcPeeringConnections };
