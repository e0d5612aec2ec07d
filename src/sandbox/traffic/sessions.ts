/**
 * The terminal that a learner has open on an instance while working with it: EC2 Instance Connect's SSH connection. In
 * a real flow log it is most of the accepted traffic.
 */
import { addressAt } from '../../model/network/cidr.ts';
import { walk } from '../../model/network/walk.ts';
import { pick } from '../ids.ts';
import { topologyOf } from '../topology.ts';
import type { RegionState } from '../world.ts';
import { INSTANCE_CONNECT } from './aws-ranges.ts';
import { sight } from './sight.ts';

/** A terminal stays open for a while: what is done soon after is done in the same one. */
const OPEN_MS = 10 * 60_000;
const LONGEST_MS = 45_000;
const SSH = 22;
/** Linux's first tries of a connection that nobody answers. */
const TRIES_MS = [7000, 6000, 4000, 0];

/** The session in which a command is given on this instance; its packets lie before `now`, epoch milliseconds. */
export function noteSession(
  region: RegionState,
  regionName: string,
  instanceId: string,
  now: number,
  random: () => number,
): void {
  const { ec2, traffic } = region;
  const block = INSTANCE_CONNECT[regionName];
  const instance = ec2.instances.find(({ InstanceId }) => InstanceId === instanceId);
  const to = instance?.PublicIpAddress;
  if (block === undefined || to === undefined || now - (traffic.sessions[instanceId] ?? 0) < OPEN_MS) return;
  traffic.sessions[instanceId] = now;
  const from = { internet: addressAt(block, pick(random, 8)) };
  const sourcePort = 32_768 + pick(random, 28_232);
  const way = walk(topologyOf(ec2), { protocol: 'tcp', from, to, sourcePort, destinationPort: SSH });
  // What has already been written to a flow log has no late additions.
  const begin = Math.max(now - LONGEST_MS, traffic.scannedUntil);
  if (way.answer !== 'delivered') {
    const times = TRIES_MS.map((before) => now - before).filter((time) => time >= begin);
    sight(region, way.crossings, { protocol: 6, packets: 1, bytes: 60, flags: 2, times });
    return;
  }
  const asked = way.crossings.filter(({ leg }) => leg === 'request');
  const told = way.crossings.filter(({ leg }) => leg === 'answer');
  const packets = 40 + pick(random, 30);
  const times = [begin, now];
  sight(region, asked, { protocol: 6, packets, bytes: packets * (60 + pick(random, 30)), flags: 2, times });
  sight(region, told, { protocol: 6, packets, bytes: packets * (80 + pick(random, 60)), flags: 18, times });
}
