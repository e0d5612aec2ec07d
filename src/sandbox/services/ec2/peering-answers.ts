/** What is said to a VPC peering connection: accepted, rejected, deleted, its options changed. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import { done, requirePeering, requireVpc } from './common.ts';
import { changeBoth, endBoth, sideOf } from './peering-sides.ts';

function invalidTransition({ VpcPeeringConnectionId, Status }: Ec2.VpcPeeringConnection, to: string): AwsError {
  return new AwsError(
    'InvalidStateTransition',
    `Invalid state transition for ${VpcPeeringConnectionId}, attempted to transition from ${Status?.Code} to ${to}`,
  );
}

function notPermitted(message: string): AwsError {
  return new AwsError('OperationNotPermitted', message);
}

/** Only the accepter answers a request, and in its own Region (words: seen in AWS's answers). */
function requireAsAccepter(
  { account, regionName }: Request,
  { VpcPeeringConnectionId: id, AccepterVpcInfo }: Ec2.VpcPeeringConnection,
  [verb, participle]: readonly [verb: string, participle: string],
): void {
  if (AccepterVpcInfo?.OwnerId !== account.id) throw notPermitted(`User ${account.id} cannot ${verb} peering ${id}`);
  if (AccepterVpcInfo.Region !== regionName)
    throw notPermitted(
      `Incorrect region (${regionName}) specified for this request. VPC peering connection ${id} must be ${participle} in region ${AccepterVpcInfo.Region}`,
    );
}

const AcceptVpcPeeringConnection: Operation<
  Ec2.AcceptVpcPeeringConnectionRequest,
  Ec2.AcceptVpcPeeringConnectionResult
> = (request, input) => {
  const peering = requirePeering(request, input.VpcPeeringConnectionId);
  requireAsAccepter(request, peering, ['accept', 'accepted']);
  if (peering.Status?.Code !== 'pending-acceptance') throw invalidTransition(peering, 'provisioning');
  const accepter = requireVpc(request, peering.AccepterVpcInfo?.VpcId);
  changeBoth(request, peering, (side) => {
    side.peering.AccepterVpcInfo = sideOf(accepter, request.regionName);
    side.peering.Status = { Code: 'provisioning', Message: 'Provisioning' };
    delete side.peering.ExpirationTime;
    side.ec2.since[peering.VpcPeeringConnectionId ?? ''] = request.now;
  });
  return { VpcPeeringConnection: peering };
};

const RejectVpcPeeringConnection: Operation<
  Ec2.RejectVpcPeeringConnectionRequest,
  Ec2.RejectVpcPeeringConnectionResult
> = (request, input) => {
  const peering = requirePeering(request, input.VpcPeeringConnectionId);
  requireAsAccepter(request, peering, ['reject', 'rejected']);
  if (peering.Status?.Code !== 'pending-acceptance') throw invalidTransition(peering, 'rejected');
  endBoth(request, peering, { Code: 'rejected', Message: `Rejected by ${request.account.id}` });
  return done;
};

/** A failed or rejected one cannot be deleted, a pending one only by its requester (EC2 API Reference, DeleteVpcPeeringConnection). */
const DeleteVpcPeeringConnection: Operation<
  Ec2.DeleteVpcPeeringConnectionRequest,
  Ec2.DeleteVpcPeeringConnectionResult
> = (request, input) => {
  const { account } = request;
  const peering = requirePeering(request, input.VpcPeeringConnectionId);
  const code = peering.Status?.Code ?? '';
  if (!['active', 'provisioning', 'pending-acceptance'].includes(code)) throw invalidTransition(peering, 'deleting');
  if (code === 'pending-acceptance' && peering.RequesterVpcInfo?.OwnerId !== account.id)
    throw notPermitted(`User ${account.id} cannot delete peering ${peering.VpcPeeringConnectionId}`);
  endBoth(request, peering, { Code: 'deleted', Message: `Deleted by ${account.id}` });
  return done;
};

const CLASSIC_LINK = [
  'AllowEgressFromLocalClassicLinkToRemoteVpc',
  'AllowEgressFromLocalVpcToRemoteClassicLink',
] as const;

const SIDES = ['Requester', 'Accepter'] as const;

/** Each side's options are changed by its owner, in its Region (words: seen in AWS's answers). */
const ModifyVpcPeeringConnectionOptions: Operation<
  Ec2.ModifyVpcPeeringConnectionOptionsRequest,
  Ec2.ModifyVpcPeeringConnectionOptionsResult
> = (request, input) => {
  const { account, regionName } = request;
  const peering = requirePeering(request, input.VpcPeeringConnectionId);
  if (peering.Status?.Code !== 'active')
    throw notPermitted(
      `Peering ${input.VpcPeeringConnectionId} is not active. Peering options can be added only to active peerings.`,
    );
  const isAcrossRegions = peering.RequesterVpcInfo?.Region !== peering.AccepterVpcInfo?.Region;
  const answer: Ec2.ModifyVpcPeeringConnectionOptionsResult = {};
  for (const name of SIDES) {
    const options = input[`${name}PeeringConnectionOptions`];
    const own = peering[`${name}VpcInfo`];
    if (!options || !own) continue;
    if (own.OwnerId !== account.id)
      throw notPermitted(
        `User ${account.id} does not have permission to modify the ${name.toLowerCase()} side peering options`,
      );
    if (own.Region !== regionName)
      throw notPermitted(`${name}'s VPC Peering connection options cannot be modified for a different region`);
    const classic = CLASSIC_LINK.filter((each) => options[each] !== undefined);
    if (isAcrossRegions && classic.length > 0)
      throw notPermitted(
        `Modifying VPC peering connection options ${classic.join(', ')} is not supported for cross-region VPC peering connections`,
      );
    answer[`${name}PeeringConnectionOptions`] = { ...own.PeeringOptions, ...options };
  }
  changeBoth(request, peering, (side) => {
    for (const name of SIDES) {
      const own = side.peering[`${name}VpcInfo`];
      const options = answer[`${name}PeeringConnectionOptions`];
      if (own && options) own.PeeringOptions = { ...options };
    }
  });
  return answer;
};

export const peeringAnswerOperations: Operations = {
  AcceptVpcPeeringConnection,
  RejectVpcPeeringConnection,
  DeleteVpcPeeringConnection,
  ModifyVpcPeeringConnectionOptions,
};
