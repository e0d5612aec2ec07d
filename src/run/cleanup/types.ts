/** What a cleanup finds and does, as plain data. */

/** In the order in which they are deleted: what stands later is held by what stands before. */
export const KINDS = [
  'flow-log',
  'instance',
  'volume',
  'nat-gateway',
  'elastic-ip',
  'peering-connection',
  'vpc-endpoint',
  'network-interface',
  'subnet',
  'route-table',
  'internet-gateway',
  'egress-only-internet-gateway',
  'security-group',
  'network-acl',
  'vpc',
  'log-group',
  'instance-profile',
  'role',
  'policy',
] as const;
export type Kind = (typeof KINDS)[number];

export interface Call {
  /** Such as `ec2:DeleteVpc`. */
  readonly call: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface Found {
  readonly kind: Kind;
  /** An EC2 id, an IAM ARN, or a log group's name. */
  readonly id: string;
  readonly name?: string;
  /** IAM's own id (`AROA…`), which a later thing of the same name does not have. */
  readonly uid?: string;
  /** How we know that the lab made it, or why it is left alone. */
  readonly why: string;
  /** US dollars; null where the price is not known. */
  readonly hourlyCost: number | null;
}

export interface Planned extends Found {
  /** The VPC of the lab that it is inside of. */
  readonly vpcId?: string;
  /** Ids of what must be gone before. */
  readonly needs: readonly string[];
  readonly calls: readonly Call[];
}

export interface Gap {
  /** As IAM writes it: `ec2:DescribeVpcs`. */
  readonly action: string;
  readonly message: string;
}

export interface Plan {
  /** In an order in which they can be deleted. */
  readonly resources: readonly Planned[];
  /** What may be the lab's, and is not touched. */
  readonly left: readonly Found[];
  /** What could not be read: the plan may lack something, or hold something that others use. */
  readonly gaps: readonly Gap[];
}

/** What an earlier cleanup had on its list. */
export interface Remembered extends Pick<Found, 'kind' | 'id' | 'uid'> {
  /** The cloud's clock, epoch milliseconds. */
  readonly at: number;
}
