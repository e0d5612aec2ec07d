import type { Crossing, Walk } from '../../../model/network/packet.ts';
import type { PacketRun } from '../../traffic/sight.ts';

/** The machine on which a command runs, as far as commands can see it. */
export interface Host {
  readonly name: string;
  readonly interfaceId: string;
  readonly macAddress: string;
  /** `ens5` on Nitro instances, `enX0` on Xen ones. */
  readonly device: string;
  /** Private IPv4 addresses, the primary one first. */
  readonly addresses: readonly string[];
  /** CIDR of the subnet. */
  readonly subnet: string;
  /** What becomes of an echo request from here to this address. */
  walk(address: string): Walk;
  /** Notes what the interfaces on the way saw. */
  sight(crossings: readonly Crossing[], packets: PacketRun): void;
  random(): number;
}

/** How a command ended. Exit code 137: killed at the end of the time that it had. */
export interface Finished {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  readonly durationMs: number;
}
