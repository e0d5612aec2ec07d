/** What network interfaces see of packets, gathered into the open windows of the flow logs that watch them. */
import type { Crossing } from '../../model/network/packet.ts';
import type { FlowState, RegionState } from '../world.ts';
import { type Watched, watchedInterfaces, windowMs } from './coverage.ts';

/** Packets of one flow: all alike, and all walked the same way. */
export interface Packets {
  /** IANA protocol number. */
  readonly protocol: number;
  /** So many at each of the times, with so many bytes together, IP headers included. */
  readonly packets: number;
  readonly bytes: number;
  /** TCP flags, ORed. */
  readonly flags?: number;
  /** When they were sent, epoch milliseconds, in their order; not in the future. */
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
      const windows = Map.groupBy(
        packets.times.filter((time) => time >= created),
        (time) => created + (Math.floor((time - created) / length) + 1) * length,
      );
      for (const [windowEnd, times] of windows)
        add(traffic.flows[FlowLogId], crossing, watched, packets, windowEnd, times);
    }
  }
}

/** One record per flow and window: what has the same addresses, ports, protocol, direction and action is one flow. */
function add(
  flows: Record<string, FlowState>,
  { leg: _, path, ...crossing }: Crossing,
  watched: Watched,
  { protocol, packets, bytes, flags = 0 }: Packets,
  windowEnd: number,
  times: readonly number[],
): void {
  const { interfaceId, direction, action, packetSource, packetDestination, sourcePort, destinationPort } = crossing;
  const key = `${windowEnd} ${interfaceId} ${direction} ${action} ${protocol} ${packetSource} ${sourcePort} ${packetDestination} ${destinationPort}`;
  const [first = 0] = times;
  const last = times.at(-1) ?? first;
  const { VpcId, SubnetId } = watched.networkInterface;
  const flow = flows[key] ?? {
    ...crossing,
    windowEnd,
    protocol,
    packets: 0,
    bytes: 0,
    flags: 0,
    first,
    last,
    ...(VpcId !== undefined && { vpcId: VpcId }),
    ...(SubnetId !== undefined && { subnetId: SubnetId }),
    ...(watched.instance?.InstanceId !== undefined && { instanceId: watched.instance.InstanceId }),
    ...(path && { trafficPath: trafficPath(path, watched) }),
  };
  flow.packets += packets * times.length;
  flow.bytes += bytes * times.length;
  flow.flags |= flags;
  flow.first = Math.min(flow.first, first);
  flow.last = Math.max(flow.last, last);
  flows[key] = flow;
}

/** Of what leaves: 1 within the VPC, 2 or (Nitro) 8 by an internet gateway, 4 over peering in the Region. */
function trafficPath(path: NonNullable<Crossing['path']>, { instance, isNitro }: Watched): string {
  if (path === 'vpc') return '1';
  if (path === 'peering') return '4';
  return instance && !isNitro ? '2' : '8';
}
