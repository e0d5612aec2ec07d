/** The life of a peering connection by the clock alone (VPC Peering Guide, "VPC peering connection lifecycle"). */
import type * as Ec2 from '@aws-sdk/client-ec2';
import type { Ec2State } from '../../world.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PROVISION_MS = 2000;
/** A request that nobody accepts expires. */
export const EXPIRES_MS = 7 * DAY_MS;
/** How long those that came to an end can still be seen by who requested them. */
const VISIBLE_MS: Partial<Record<Ec2.VpcPeeringConnectionStateReasonCode, number>> = {
  failed: 2 * HOUR_MS,
  rejected: 2 * DAY_MS,
  expired: 2 * DAY_MS,
  deleted: 2 * HOUR_MS,
};
/** People work by their own clock, however fast this one runs: so long a request can be accepted, and its end be seen. */
const REAL_MINUTES_VISIBLE = 60;

/** @param realMinuteMs How much time passes here in a real minute. */
export function settlePeerings(ec2: Ec2State, now: number, realMinuteMs: number): void {
  const expires = Math.max(EXPIRES_MS, REAL_MINUTES_VISIBLE * realMinuteMs);
  for (const peering of ec2.peeringConnections) settlePeering(ec2, peering, now, expires);
  ec2.peeringConnections = ec2.peeringConnections.filter(({ Status, VpcPeeringConnectionId: id = '' }) => {
    const visible = VISIBLE_MS[Status?.Code ?? 'active'] ?? Infinity;
    return now - (ec2.since[id] ?? now) < Math.max(visible, REAL_MINUTES_VISIBLE * realMinuteMs);
  });
}

/** Does the clock alone change anything here? */
export function isPeeringMoving({ Status }: Ec2.VpcPeeringConnection): boolean {
  return Status?.Code !== 'active';
}

function settlePeering(ec2: Ec2State, peering: Ec2.VpcPeeringConnection, now: number, expires: number): void {
  const id = peering.VpcPeeringConnectionId ?? '';
  const since = ec2.since[id] ?? now;
  const code = peering.Status?.Code;
  if (code === 'provisioning' && now - since >= PROVISION_MS) peering.Status = { Code: 'active', Message: 'Active' };
  if (code === 'pending-acceptance' && now - since >= expires)
    endPeering(ec2, peering, { Code: 'expired', Message: 'Expired' }, since + expires);
}

/** It stays visible for a while; its routes stay too, as blackholes (VPC Peering Guide, "Delete a VPC peering connection"). */
export function endPeering(
  ec2: Ec2State,
  peering: Ec2.VpcPeeringConnection,
  status: Ec2.VpcPeeringConnectionStateReason,
  now: number,
): void {
  peering.Status = status;
  delete peering.ExpirationTime;
  ec2.since[peering.VpcPeeringConnectionId ?? ''] = now;
  if (status.Code !== 'deleted') return;
  // Seen in AWS's answers: a deleted one tells no blocks any more.
  for (const side of [peering.RequesterVpcInfo, peering.AccepterVpcInfo])
    for (const key of ['CidrBlock', 'CidrBlockSet', 'PeeringOptions'] as const) delete side?.[key];
}
