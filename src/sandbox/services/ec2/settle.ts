/** What becomes of EC2's resources by the clock alone: computed when somebody asks, not by a timer. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { forgetTopology } from '../../topology.ts';
import type { Ec2State } from '../../world.ts';
import { release } from './instance-view.ts';
import { settleNatGateways } from './nat-gateway-life.ts';
import { isPeeringMoving, settlePeerings } from './peering-life.ts';
import { forgetRouteStates } from './route-state.ts';
import { boot } from './user-data.ts';
import { isEndpointMoving, settleEndpoints } from './vpc-endpoint-life.ts';

const HOUR_MS = 3_600_000;
const BOOT_MS = 15_000;
const STOP_MS = 20_000;
/** Terminated instances stay visible for about an hour (EC2 User Guide, "Terminate Amazon EC2 instances"). */
const TERMINATED_VISIBLE_MS = HOUR_MS;

const STATE_CODES: Readonly<Record<Ec2.InstanceStateName, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

export function stateOf(name: Ec2.InstanceStateName): Ec2.InstanceState {
  return { Name: name, Code: STATE_CODES[name] };
}

/** The next state of an instance, and after how long; states not named here stay. */
const NEXT: Partial<Record<Ec2.InstanceStateName, readonly [next: Ec2.InstanceStateName, afterMs: number]>> = {
  pending: ['running', BOOT_MS],
  stopping: ['stopped', STOP_MS],
  'shutting-down': ['terminated', STOP_MS],
};

const touched = new WeakSet<Ec2State>();

/** Says that an operation has changed resources, so that what follows from them is settled anew. */
export function touchEc2(ec2: Ec2State): void {
  touched.add(ec2);
  forgetTopology(ec2);
  forgetRouteStates(ec2);
}

/** @returns Whether it had anything to look at. @param least How long what has ended can be seen at least, however fast the clock runs: programs poll in real time. */
export function settleEc2(ec2: Ec2State, now: number, least: number): boolean {
  if (!touched.delete(ec2) && !isMoving(ec2)) return false;
  forgetTopology(ec2);
  forgetRouteStates(ec2);
  const before = countOf(ec2);
  for (const instance of ec2.instances) settleInstance(ec2, instance, now);
  settlePeerings(ec2, now, least);
  settleNatGateways(ec2, now, least);
  settleEndpoints(ec2, now);
  const isVisible = (id: string, longestMs: number) => now - (ec2.since[id] ?? now) < Math.max(longestMs, least);
  ec2.instances = ec2.instances.filter(
    ({ State, InstanceId = '' }) => State?.Name !== 'terminated' || isVisible(InstanceId, TERMINATED_VISIBLE_MS),
  );
  if (countOf(ec2) < before) forgetGone(ec2);
  return true;
}

/** Of what the clock alone can end. */
function countOf({ instances, natGateways, vpcEndpoints, peeringConnections }: Ec2State): number {
  return instances.length + natGateways.length + vpcEndpoints.length + peeringConnections.length;
}

/** Does the clock alone change anything here? */
function isMoving(ec2: Ec2State): boolean {
  return (
    ec2.instances.some(({ State }) => State?.Name !== 'running' && State?.Name !== 'stopped') ||
    ec2.peeringConnections.some(isPeeringMoving) ||
    ec2.natGateways.some(({ State }) => State !== 'available') ||
    ec2.vpcEndpoints.some(isEndpointMoving)
  );
}

function settleInstance(ec2: Ec2State, instance: Ec2.Instance, now: number): void {
  const id = instance.InstanceId ?? '';
  const since = ec2.since[id] ?? now;
  const [next, afterMs] = NEXT[instance.State?.Name ?? 'running'] ?? [];
  if (next === undefined || afterMs === undefined || now - since < afterMs) return;
  instance.State = stateOf(next);
  ec2.since[id] = since + afterMs;
  if (next === 'running') {
    delete instance.StateReason;
    boot(ec2, instance, since + afterMs);
  }
  if (next === 'terminated') release(ec2, instance);
}

/** What is kept by id is kept for what is still there. */
function forgetGone(ec2: Ec2State): void {
  const ids = new Set([
    ...ec2.instances.map(({ InstanceId }) => InstanceId),
    ...ec2.natGateways.map(({ NatGatewayId }) => NatGatewayId),
    ...ec2.vpcEndpoints.map(({ VpcEndpointId }) => VpcEndpointId),
    ...ec2.peeringConnections.map(({ VpcPeeringConnectionId }) => VpcPeeringConnectionId),
  ]);
  for (const kept of [ec2.since, ec2.userData ?? {}, ec2.userDataRuns ?? {}, ec2.launches ?? {}])
    for (const id of Object.keys(kept)) if (!ids.has(id)) delete kept[id];
}
