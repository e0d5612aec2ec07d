import type { Crossing } from '../../model/network/packet.ts';
import type { TrafficState } from '../world.ts';

/** Packets of one flow: all alike, and all walked the same way. */
export interface PacketRun {
  /** IANA protocol number. */
  readonly protocol: number;
  /** Of each packet, IP header included. */
  readonly bytes: number;
  /** When each packet was sent, epoch milliseconds; times yet to come are fine. */
  readonly times: readonly number[];
}

/** Notes what every network interface saw of these packets; flow-log records are made of it. */
export function sight(traffic: TrafficState, crossings: readonly Crossing[], packets: PacketRun): void {
  for (const { interfaceId, source, destination, sourcePort, destinationPort, action } of crossings)
    for (const at of packets.times)
      traffic.sightings.push({
        at,
        interfaceId,
        source,
        destination,
        sourcePort,
        destinationPort,
        protocol: packets.protocol,
        bytes: packets.bytes,
        action,
      });
}
