/** Packets, routes and fates in few words, for tables of rules. */
import type { Packet } from '../../../../src/model/network/packet.ts';
import type { Route, SecurityGroupRule, Topology } from '../../../../src/model/network/topology.ts';
import { walk } from '../../../../src/model/network/walk.ts';
import { A, active, change } from '../two-vpcs.ts';

export const ping = (to: string, from = A.eni): Packet => ({ protocol: 'icmp', from: { interfaceId: from }, to });
export const tcp = (to: string, destinationPort: number, from = A.eni): Packet => ({
  ...ping(to, from),
  protocol: 'tcp',
  destinationPort,
});
export const fromHome = (to: string): Packet => ({ protocol: 'icmp', from: { internet: '203.0.113.12' }, to });
export const propagated = (route: Route): Route => ({ ...route, propagated: true });
export const blackhole = (route: Route): Route => ({ ...route, state: 'blackhole' });
export const toInterface = (destination: string, id: string) => active(destination, { kind: 'network-interface', id });
export const toNat = (destination: string, id: string) => active(destination, { kind: 'nat-gateway', id });

/** `answered`, or `request: CODE at component id` of what stopped it. */
export function fate(topology: Topology, packet: Packet): string {
  const { answer, stoppedAt } = walk(topology, packet);
  if (!stoppedAt) return answer === 'delivered' ? 'answered' : `answer: ${answer}`;
  return `${stoppedAt.leg}: ${stoppedAt.code} at ${stoppedAt.component} ${stoppedAt.id}`;
}
export const routeOf = (topology: Topology, packet: Packet) =>
  walk(topology, packet).hops.find(({ component }) => component === 'route-table')?.rule;
export const records = (topology: Topology, packet: Packet) =>
  walk(topology, packet).crossings.map(
    ({ interfaceId, source, destination, action }) => `${interfaceId} ${source} ${destination} ${action}`,
  );
export const group = (topology: Topology, id: string, ...ingress: SecurityGroupRule[]) =>
  change(topology, 'securityGroups', id, { ingress });
