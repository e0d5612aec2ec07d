/**
 * The two sides of a VPC peering connection. Where they are of different accounts or Regions, each keeps its own copy:
 * tags are its own, all else is the same on both.
 */
import type * as Ec2 from '@aws-sdk/client-ec2';
import type { Request } from '../../service.ts';
import type { Ec2State, WorldState } from '../../world.ts';
import { endPeering } from './peering-life.ts';
import { touchEc2 } from './settle.ts';
import { blocksOf } from './vpcs.ts';

export interface Side {
  readonly ec2: Ec2State;
  readonly peering: Ec2.VpcPeeringConnection;
}

/** What each side knows of one VPC. */
export function sideOf(vpc: Ec2.Vpc, regionName: string): Ec2.VpcPeeringConnectionVpcInfo {
  return {
    VpcId: vpc.VpcId,
    OwnerId: vpc.OwnerId,
    Region: regionName,
    CidrBlock: vpc.CidrBlock,
    CidrBlockSet: blocksOf(vpc).map((CidrBlock) => ({ CidrBlock })),
    PeeringOptions: {
      AllowDnsResolutionFromRemoteVpc: false,
      AllowEgressFromLocalClassicLinkToRemoteVpc: false,
      AllowEgressFromLocalVpcToRemoteClassicLink: false,
    },
  };
}

/** EC2 of an account in a Region; `undefined` where nobody has looked there yet. */
export function ec2Of(
  world: WorldState,
  accountId: string | undefined,
  region: string | undefined,
): Ec2State | undefined {
  const account = Object.hasOwn(world.accounts, accountId ?? '') ? world.accounts[accountId ?? ''] : undefined;
  return account && Object.hasOwn(account.regions, region ?? '') ? account.regions[region ?? '']?.ec2 : undefined;
}

/** All copies of a connection: one, or two. */
export function copiesOf({ world }: Request, { VpcPeeringConnectionId, ...peering }: Ec2.VpcPeeringConnection): Side[] {
  const homes = [peering.RequesterVpcInfo, peering.AccepterVpcInfo].flatMap(
    (side) => ec2Of(world, side?.OwnerId, side?.Region) ?? [],
  );
  return [...new Set(homes)].flatMap((ec2) => {
    const copy = ec2.peeringConnections.find((each) => each.VpcPeeringConnectionId === VpcPeeringConnectionId);
    return copy ? [{ ec2, peering: copy }] : [];
  });
}

/** Makes the same change on both sides; what follows from it there is settled when somebody asks. */
export function changeBoth(request: Request, peering: Ec2.VpcPeeringConnection, change: (side: Side) => void): void {
  for (const side of copiesOf(request, peering)) {
    change(side);
    touchEc2(side.ec2);
  }
}

export function endBoth(
  request: Request,
  peering: Ec2.VpcPeeringConnection,
  status: Ec2.VpcPeeringConnectionStateReason,
): void {
  changeBoth(request, peering, (side) => endPeering(side.ec2, side.peering, { ...status }, request.now));
}
