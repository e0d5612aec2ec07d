/**
 * The network of one account and region as plain data: what the packet walk, the checks and the sandbox share.
 * It holds what decides a packet's fate and nothing else; AWS's own words throughout.
 */

export type Tags = Readonly<Record<string, string>>;

export interface Vpc {
  readonly id: string;
  /** Every associated IPv4 block, the primary one first. */
  readonly cidrs: readonly string[];
  readonly isDefault: boolean;
  readonly ownerId: string;
  readonly tags: Tags;
}

export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly cidr: string;
  readonly availabilityZone: string;
  readonly mapPublicIpOnLaunch: boolean;
  /** Which internet traffic VPC Block Public Access stops here; absent where it is off. */
  readonly internetGatewayBlock?: 'block-bidirectional' | 'block-ingress';
  readonly tags: Tags;
}

export type RouteTarget =
  | { readonly kind: 'local' }
  | { readonly kind: 'internet-gateway'; readonly id: string }
  | { readonly kind: 'peering'; readonly id: string }
  | { readonly kind: 'nat-gateway'; readonly id: string }
  | { readonly kind: 'network-interface'; readonly id: string }
  | { readonly kind: 'other'; readonly id: string };

export interface Route {
  /** An IPv4 CIDR or a prefix list's id (`pl-…`). IPv6 routes are left out. */
  readonly destination: string;
  readonly target: RouteTarget;
  readonly state: 'active' | 'blackhole' | 'filtered';
  readonly propagated: boolean;
}

export interface RouteTable {
  readonly id: string;
  readonly vpcId: string;
  /** Used by every subnet of the VPC without an association of its own. */
  readonly main: boolean;
  /** Subnets associated explicitly (state `associated`). */
  readonly subnetIds: readonly string[];
  /** Internet gateways whose incoming traffic it routes (edge association); never a subnet's table by that. */
  readonly gatewayIds: readonly string[];
  readonly routes: readonly Route[];
  readonly tags: Tags;
}

export interface InternetGateway {
  readonly id: string;
  /** VPCs to which it is attached (state `available`). */
  readonly vpcIds: readonly string[];
  readonly tags: Tags;
}

/** Its own addresses are those of its network interface, which it has in its subnet. */
export interface NatGateway {
  readonly id: string;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly state: 'pending' | 'failed' | 'available' | 'deleting' | 'deleted';
  readonly networkInterfaceId: string;
  readonly tags: Tags;
}

/** A customer-managed prefix list, or an AWS-managed one whose entries could be read. */
export interface PrefixList {
  readonly id: string;
  readonly name: string;
  readonly cidrs: readonly string[];
}

export interface NetworkAclEntry {
  readonly ruleNumber: number;
  readonly egress: boolean;
  readonly action: 'allow' | 'deny';
  /** IANA number as text, or `-1` for all. */
  readonly protocol: string;
  /** IPv4 block; IPv6 entries are left out. */
  readonly cidr: string;
  readonly ports?: { readonly from: number; readonly to: number };
  /** -1 means all. */
  readonly icmp?: { readonly type: number; readonly code: number };
}

export interface NetworkAcl {
  readonly id: string;
  readonly vpcId: string;
  readonly isDefault: boolean;
  readonly subnetIds: readonly string[];
  readonly entries: readonly NetworkAclEntry[];
}

export type RulePeer =
  | { readonly kind: 'cidr'; readonly cidr: string }
  | { readonly kind: 'cidr6'; readonly cidr: string }
  | { readonly kind: 'group'; readonly groupId: string; readonly ownerId?: string; readonly peeringId?: string }
  | { readonly kind: 'prefix-list'; readonly id: string };

export interface SecurityGroupRule {
  /** `-1`, `icmp`, `icmpv6`, `tcp`, `udp` or an IANA number as text. */
  readonly protocol: string;
  /** First port, or ICMP type; -1 means all. Absent where the protocol is `-1`. */
  readonly fromPort?: number;
  /** Last port, or ICMP code; -1 means all. */
  readonly toPort?: number;
  readonly peer: RulePeer;
}

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly vpcId: string;
  readonly ingress: readonly SecurityGroupRule[];
  readonly egress: readonly SecurityGroupRule[];
  readonly tags: Tags;
}

export interface PrivateAddress {
  readonly address: string;
  readonly primary: boolean;
  readonly publicIp?: string;
}

export interface NetworkInterface {
  readonly id: string;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly addresses: readonly PrivateAddress[];
  readonly groupIds: readonly string[];
  readonly sourceDestCheck: boolean;
  readonly instanceId?: string;
  /** 0 is the instance's primary interface. Absent where it is attached to no instance. */
  readonly deviceIndex?: number;
  /** False while it is attached to nothing (status `available`). */
  readonly attached: boolean;
}

export type InstanceState = 'pending' | 'running' | 'shutting-down' | 'terminated' | 'stopping' | 'stopped';

export interface Instance {
  readonly id: string;
  readonly state: InstanceState;
  readonly vpcId?: string;
  readonly subnetId?: string;
  readonly privateIp?: string;
  readonly publicIp?: string;
  readonly networkInterfaceIds: readonly string[];
  readonly profileArn?: string;
  /** Of the last start, epoch milliseconds. */
  readonly launchedAt?: number;
  readonly tags: Tags;
}

export interface PeeringSide {
  readonly vpcId: string;
  readonly ownerId: string;
  /** Absent where AWS does not tell, as for the accepter of a pending request. */
  readonly cidrs?: readonly string[];
  readonly region?: string;
}

/** VPC Peering Guide, "VPC peering connection lifecycle". Only `active` carries packets. */
export type PeeringStatus =
  | 'initiating-request'
  | 'pending-acceptance'
  | 'active'
  | 'deleted'
  | 'rejected'
  | 'failed'
  | 'expired'
  | 'provisioning'
  | 'deleting';

export interface PeeringConnection {
  readonly id: string;
  readonly status: PeeringStatus;
  readonly requester: PeeringSide;
  readonly accepter: PeeringSide;
  readonly tags: Tags;
}

/** All that the packet walk looks at, for checks that walk packets. */
export const TOPOLOGY_SLICES = [
  'vpcs',
  'subnets',
  'routeTables',
  'internetGateways',
  'natGateways',
  'prefixLists',
  'networkAcls',
  'securityGroups',
  'networkInterfaces',
  'instances',
  'peeringConnections',
] as const satisfies readonly (keyof Topology)[];

export interface Topology {
  readonly vpcs: readonly Vpc[];
  readonly subnets: readonly Subnet[];
  readonly routeTables: readonly RouteTable[];
  readonly internetGateways: readonly InternetGateway[];
  readonly natGateways: readonly NatGateway[];
  readonly prefixLists: readonly PrefixList[];
  readonly networkAcls: readonly NetworkAcl[];
  readonly securityGroups: readonly SecurityGroup[];
  readonly networkInterfaces: readonly NetworkInterface[];
  readonly instances: readonly Instance[];
  readonly peeringConnections: readonly PeeringConnection[];
}
