/** What network interfaces see of packets, gathered into the open windows of the flow logs that watch them. */
import type { Crossing } from '../../model/network/packet.ts';
import type { FlowState, RegionState } from '../world.ts';
import { watchedInterfaces, windowMs } from './coverage.ts';

/** Packets of one flow: all alike, and all walked the same way. */
export interface Packets {
  /** IANA protocol number. */
  readonly protocol: number;
  /** So many at each of the times, with so many bytes together, IP headers included. */
  readonly packets: number;
  readonly bytes: number;
  /** TCP flags, ORed. */
  readonly flags?: number;
  /** When they were sent, epoch milliseconds; not in the future. */
  readonly times: readonly number[];
}

/** A flow log records what happens from its creation on (VPC User Guide, Flow log basics). */
export function sight({ ec2, traffic }: RegionState, crossings: readonly Crossing[], packets: Packets): void {
  const interfaces = watchedInterfaces(ec2);
  for (const crossing of crossings) {
    const watched = interfaces.get(crossing.interfaceId);
    if (!watched) continue;
    for (const flowLog of watched.flowLogs) {
      const { FlowLogId = '', CreationTime } = flowLog;
      const created = CreationTime?.getTime() ?? 0;
      const length = windowMs(watched, flowLog);
      traffic.flows[FlowLogId] ??= {};
      for (const time of packets.times)
        if (time >= created) {
          const windowEnd = created + (Math.floor((time - created) / length) + 1) * length;
          add(traffic.flows[FlowLogId], crossing, packets, windowEnd, time);
        }
    }
  }
}

/** One record per flow and window: what has the same addresses, ports, protocol, direction and action is one flow. */
function add(
  flows: Record<string, FlowState>,
  { leg: _, ...crossing }: Crossing,
  { protocol, packets, bytes, flags = 0 }: Packets,
  windowEnd: number,
  time: number,
): void {
  const { interfaceId, direction, action, packetSource, packetDestination, sourcePort, destinationPort } = crossing;
  const key = `${windowEnd} ${interfaceId} ${direction} ${action} ${protocol} ${packetSource} ${sourcePort} ${packetDestination} ${destinationPort}`;
  const flow = flows[key] ?? {
    ...crossing,
    windowEnd,
    protocol,
    packets: 0,
    bytes: 0,
    flags: 0,
    first: time,
    last: time,
  };
  flow.packets += packets;
  flow.bytes += bytes;
  flow.flags |= flags;
  flow.first = Math.min(flow.first, time);
  flow.last = Math.max(flow.last, time);
  flows[key] = flow;
}
