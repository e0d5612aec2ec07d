/** The machine on which a command runs, as far as commands can see it. */
import type { Crossing, Packet, Walk } from '../../model/network/packet.ts';
import type { Packets } from '../traffic/sight.ts';

export interface Host {
  readonly name: string;
  readonly interfaces: readonly HostInterface[];
  readonly hasIpv6: boolean;
  /** What becomes of a packet from here. @param interfaceId Where it leaves, unless by the route to its destination. */
  walk(packet: Omit<Packet, 'from'>, interfaceId?: string): Walk;
  /** Notes what the interfaces on the way saw. */
  sight(crossings: readonly Crossing[], packets: Packets): void;
  /** The address of a name: `unknown` where there is none, `silent` where this VPC has no resolver. */
  resolve(name: string): string | 'unknown' | 'silent';
  /** The name of an address, where it has one here. */
  nameOf(address: string): string | undefined;
  /** What answers on a TCP port of one of our interfaces. */
  serviceAt(networkInterfaceId: string, port: number): 'ssh' | 'http' | undefined;
  random(): number;
}

export interface HostInterface {
  readonly id: string;
  readonly macAddress: string;
  /** `ens5` on Nitro instances, `enX0` on Xen ones. */
  readonly device: string;
  /** Private IPv4 addresses, the primary one first. */
  readonly addresses: readonly string[];
  /** CIDR of the subnet. */
  readonly subnet: string;
}

export function addressesOf({ interfaces }: Host): readonly string[] {
  return interfaces.flatMap(({ addresses }) => addresses);
}
