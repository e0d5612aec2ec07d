/** The signs by which a VPC of the account is known as one of the lab's. */
import type { ResourceSpec } from '../lab/schema.ts';
import type { SliceName, Slices } from '../model/account.ts';
import { matches as globMatches } from '../model/iam/glob.ts';
import type { PeeringStatus, Vpc } from '../model/network/topology.ts';

/** Of an instance that is there; the likeliest to be the lab's first. */
export const INSTANCE_PREFERENCE = ['running', 'pending', 'stopped', 'stopping'];

/** VPC Peering Guide, "VPC peering connection lifecycle": the other states are past, and stay visible for hours or days. */
export const LIVE_PEERING: readonly PeeringStatus[] = [
  'active',
  'provisioning',
  'pending-acceptance',
  'initiating-request',
];

export type VpcSpec = ResourceSpec & { readonly kind: 'vpc' };

export interface Sign {
  /** The same text for the same fact, whichever spec it speaks for. */
  readonly fact: string;
  readonly weight: number;
  /** Shown by what was read. */
  readonly holds: boolean;
  /** Unread slices which might still show it: signs only ever come to light, none goes away. */
  readonly open: readonly SliceName[];
}

export type Open = (...names: readonly SliceName[]) => readonly SliceName[];

/** What the account shows of its VPCs, by their ids. */
export interface Traces {
  readonly withInstances: ReadonlySet<string>;
  readonly withGateway: ReadonlySet<string>;
  /** VPCs that are logged, or of which a subnet or a network interface is. */
  readonly logged: ReadonlySet<string>;
  /** A flow log of something whose VPC is not known. */
  readonly hasStrays: boolean;
  /** With another of the account. */
  readonly peeredVpcs: ReadonlySet<string>;
  /** `pairKey` of each two that a live peering joins. */
  readonly peeredPairs: ReadonlySet<string>;
}

export function tracesIn(slices: Slices): Traces {
  const instances = slices.instances.filter(({ state }) => INSTANCE_PREFERENCE.includes(state));
  const vpcOf = new Map([
    ...slices.vpcs.map(({ id }) => [id, id] as const),
    ...slices.subnets.map(({ id, vpcId }) => [id, vpcId] as const),
    ...instances.flatMap(({ networkInterfaceIds, vpcId = '' }) =>
      networkInterfaceIds.map((id) => [id, vpcId] as const),
    ),
  ]);
  const ids = new Set(slices.vpcs.map(({ id }) => id));
  const live = slices.peeringConnections.filter(
    ({ status, requester, accepter }) =>
      LIVE_PEERING.includes(status) && ids.has(requester.vpcId) && ids.has(accepter.vpcId),
  );
  return {
    withInstances: new Set(instances.flatMap(({ vpcId }) => vpcId ?? [])),
    withGateway: new Set(slices.internetGateways.flatMap(({ vpcIds }) => vpcIds)),
    logged: new Set(slices.flowLogs.flatMap(({ resourceId }) => vpcOf.get(resourceId) ?? [])),
    hasStrays: slices.flowLogs.some(({ resourceId }) => !ids.has(resourceId)),
    peeredVpcs: new Set(live.flatMap(({ requester, accepter }) => [requester.vpcId, accepter.vpcId])),
    peeredPairs: new Set(live.map(({ requester, accepter }) => pairKey(requester.vpcId, accepter.vpcId))),
  };
}

function pairKey(one: string, other: string): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`;
}

export function signs(spec: VpcSpec, vpc: Vpc, account: Traces, open: Open): readonly Sign[] {
  const has = (what: string, weight: number, holds: boolean, from: readonly SliceName[] = []): Sign => ({
    fact: `${what} ${vpc.id}`,
    weight,
    holds,
    open: holds ? [] : from,
  });
  return [
    has('is', 0.5, true),
    has('has instances', 4, account.withInstances.has(vpc.id), open('instances')),
    has('has the name', 3, matches(spec.name, vpc.tags.Name)),
    has('has the block', 2, spec.cidr !== undefined && vpc.cidrs.includes(spec.cidr)),
    has('has a gateway', 1, account.withGateway.has(vpc.id), open('internetGateways')),
    ...(spec.logged
      ? [
          has('is logged', 4, account.logged.has(vpc.id), [
            ...open('flowLogs'),
            ...(account.hasStrays ? open('subnets', 'instances') : []),
          ]),
        ]
      : []),
  ];
}

export const PEERED = 8;

export function peered(
  one: Vpc | null | undefined,
  other: Vpc | null | undefined,
  account: Traces,
  open: Open,
): Sign[] {
  if (!one || !other) return [];
  const key = pairKey(one.id, other.id);
  const holds = account.peeredPairs.has(key);
  return [{ fact: `are peered ${key}`, weight: PEERED, holds, open: holds ? [] : open('peeringConnections') }];
}

/** Of their weights. */
export function sum(all: readonly Sign[]): number {
  return all.reduce((total, { weight }) => total + weight, 0);
}

/** `pattern` may hold `*` and `?`; letters match in any case. Nothing matches an absent pattern. */
export function matches(pattern: string | undefined, text: string | undefined): boolean {
  return pattern !== undefined && text !== undefined && globMatches(pattern.toLowerCase(), text.toLowerCase());
}
