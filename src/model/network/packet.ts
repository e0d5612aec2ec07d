/** A packet, and what became of it: the words that the walk, the checks and the sandbox share. */

export interface Packet {
  readonly protocol: 'icmp' | 'tcp' | 'udp';
  /** A network interface's id, or an address on the internet. */
  readonly from: { readonly interfaceId: string } | { readonly internet: string };
  /** IPv4 address, private or public; everything else is indeterminate. */
  readonly to: string;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** ICMP type, 8 (echo request) unless told. */
  readonly icmpType?: number;
  /** What interfaces saw of earlier packets of the same connection: security groups track it, whatever has become of their rules. */
  readonly established?: readonly Crossing[];
}

/** One thing that a packet met, and the rule by which it passed or stopped. */
export interface Hop {
  readonly leg: 'request' | 'answer';
  readonly component:
    | 'instance'
    /** An instance that forwards what is not meant for it: source/destination check is off. */
    | 'appliance'
    | 'network-interface'
    | 'security-group'
    | 'network-acl'
    | 'route-table'
    | 'peering'
    | 'internet-gateway'
    | 'nat-gateway'
    | 'internet';
  /** The component's id. */
  readonly id: string;
  readonly outcome: 'passed' | 'stopped' | 'undecided';
  /** Reachability Analyzer's code, or one of the same style; only where it did not pass. */
  readonly code?: string;
  /** The rule in words, with ids and values: `10.2.0.0/16 -> pcx-0… (active)`. */
  readonly rule: string;
}

/** What a network interface saw of the packet: what a flow log there would record. */
export interface Crossing {
  readonly leg: 'request' | 'answer';
  readonly interfaceId: string;
  readonly direction: 'egress' | 'ingress';
  /** As the interface sees them: its own side is always its private address. */
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** The packet's own addresses at this place: another's where the interface forwards or translates (`pkt-srcaddr`). */
  readonly packetSource: string;
  readonly packetDestination: string;
  readonly action: 'ACCEPT' | 'REJECT';
  /** Where a packet that leaves is sent to (`traffic-path`); absent where it goes nowhere. */
  readonly path?: 'vpc' | 'internet-gateway' | 'peering';
}

export interface Walk {
  /** Did the request arrive, and did its answer come back? */
  readonly request: 'delivered' | 'dropped' | 'indeterminate';
  readonly answer: 'delivered' | 'dropped' | 'indeterminate' | 'none';
  readonly hops: readonly Hop[];
  /** The hop that stopped the packet or its answer (or could not be decided). */
  readonly stoppedAt?: Hop;
  readonly crossings: readonly Crossing[];
  /** The interface that received the request, where one did. */
  readonly receiverId?: string;
  /** True where the packet or its answer passed an internet gateway. */
  readonly viaInternetGateway: boolean;
}
