/**
 * Which VPCs of the account are the lab's, by signs. They are assigned together, as the signs contradict one another: two
 * VPCs may both be logged, swapped or unnamed. Where something could not be read, it is also told how sure that is.
 */
import type { ResourceSpec } from '../lab/schema.ts';
import type { SliceName, Slices } from '../model/account.ts';
import { matches as globMatches } from '../model/iam/glob.ts';
import type { PeeringConnection, PeeringStatus, Vpc } from '../model/network/topology.ts';

export interface AssignedVpcs {
  /** By the lab's name. */
  readonly ids: ReadonlyMap<string, string | null>;
  /** By the lab's name: the unread slices which could show that another VPC is meant. */
  readonly doubts: ReadonlyMap<string, ReadonlySet<SliceName>>;
}

type VpcSpec = ResourceSpec & { readonly kind: 'vpc' };
/** The VPC for each spec, in their order. */
type Taken = readonly (Vpc | null)[];

interface Sign {
  /** The same text for the same fact, whichever spec it speaks for. */
  readonly fact: string;
  readonly weight: number;
  /** Shown by what was read. */
  readonly holds: boolean;
  /** Unread slices which might still show it: signs only ever come to light, none goes away. */
  readonly open: readonly SliceName[];
}

/** The assignment with the most signs wins. The default VPC, which every account has, is nobody's work and never taken. */
export function assignVpcs(
  resources: Readonly<Record<string, ResourceSpec>>,
  slices: Slices,
  unread: readonly SliceName[] = [],
): AssignedVpcs {
  const specs = Object.entries(resources).flatMap(([name, spec]) =>
    spec.kind === 'vpc' ? [{ resource: name, ...spec }] : [],
  );
  const candidates = slices.vpcs.filter(({ isDefault }) => !isDefault);
  const open = (...names: readonly SliceName[]) => names.filter((name) => unread.includes(name));

  const own = specs.map((spec) => new Map(candidates.map((vpc) => [vpc, signs(spec, vpc, slices, open)])));
  const pairs = specs.flatMap(({ peeredWith }, index) => {
    const other = specs.findIndex(({ resource }) => resource === peeredWith);
    return other === -1 || (other > index && specs[other]?.peeredWith === specs[index]?.resource)
      ? []
      : [[index, other]];
  });
  const signsOf = (taken: Taken): readonly Sign[] => [
    ...taken.flatMap((vpc, index) => (vpc ? (own[index]?.get(vpc) ?? []) : [])),
    ...pairs.flatMap(([one = 0, other = 0]) => peered(taken[one], taken[other], slices, open)),
  ];
  const scoreOf = (all: readonly Sign[]) => sum(all.filter(({ holds }) => holds));

  let best: { readonly taken: Taken; readonly all: readonly Sign[] } = { taken: specs.map(() => null), all: [] };
  for (const taken of ways(specs.length, candidates)) {
    const all = signsOf(taken);
    if (scoreOf(all) > scoreOf(best.all)) best = { taken, all };
  }

  const doubts = new Map<string, Set<SliceName>>();
  for (const taken of unread.length > 0 ? ways(specs.length, candidates) : []) {
    const all = signsOf(taken);
    const known = new Set(best.all.map(({ fact }) => fact));
    // At worst all of these hold, and none of those that only speak for the best.
    const more = all.filter((sign) => sign.open.length > 0 && !known.has(sign.fact));
    if (more.length === 0 || scoreOf(all) + sum(more) < scoreOf(best.all)) continue;
    for (const [index, { resource }] of specs.entries())
      if (taken[index] !== best.taken[index])
        doubts.set(resource, new Set([...(doubts.get(resource) ?? []), ...more.flatMap((sign) => sign.open)]));
  }
  return { ids: new Map(specs.map(({ resource }, index) => [resource, best.taken[index]?.id ?? null])), doubts };
}

/** Every way to take a VPC, or none, for each spec. */
function* ways(count: number, candidates: readonly Vpc[], taken: Taken = []): Generator<Taken> {
  if (taken.length === count) {
    yield taken;
    return;
  }
  for (const vpc of [...candidates, null])
    if (vpc === null || !taken.includes(vpc)) yield* ways(count, candidates, [...taken, vpc]);
}

type Open = (...names: readonly SliceName[]) => readonly SliceName[];

function signs(spec: VpcSpec, vpc: Vpc, slices: Slices, open: Open): readonly Sign[] {
  const instances = slices.instances.filter(
    ({ vpcId, state }) => vpcId === vpc.id && INSTANCE_PREFERENCE.includes(state),
  );
  const subnets = slices.subnets.filter(({ vpcId }) => vpcId === vpc.id);
  const loggable = [
    vpc.id,
    ...subnets.map(({ id }) => id),
    ...instances.flatMap((instance) => instance.networkInterfaceIds),
  ];
  const isLogged = slices.flowLogs.some(({ resourceId }) => loggable.includes(resourceId));
  const strays = slices.flowLogs.some(({ resourceId }) => !slices.vpcs.some(({ id }) => id === resourceId));
  const has = (what: string, weight: number, holds: boolean, from: readonly SliceName[] = []): Sign => ({
    fact: `${what} ${vpc.id}`,
    weight,
    holds,
    open: holds ? [] : from,
  });
  return [
    has('is', 0.5, true),
    has('has instances', 4, instances.length > 0, open('instances')),
    has('has the name', 3, matches(spec.name, vpc.tags.Name)),
    has('has the block', 2, spec.cidr !== undefined && vpc.cidrs.includes(spec.cidr)),
    has(
      'has a gateway',
      1,
      slices.internetGateways.some(({ vpcIds }) => vpcIds.includes(vpc.id)),
      open('internetGateways'),
    ),
    ...(spec.logged
      ? [has('is logged', 4, isLogged, [...open('flowLogs'), ...(strays ? open('subnets', 'instances') : [])])]
      : []),
  ];
}

function peered(one: Vpc | null | undefined, other: Vpc | null | undefined, slices: Slices, open: Open): Sign[] {
  if (!one || !other) return [];
  const holds = findPeering(one.id, other.id, slices) !== null;
  const fact = `are peered ${[one.id, other.id].sort().join(' ')}`;
  return [{ fact, weight: 8, holds, open: holds ? [] : open('peeringConnections') }];
}

function sum(all: readonly Sign[]): number {
  return all.reduce((total, { weight }) => total + weight, 0);
}

/** Of an instance that is there; the likeliest to be the lab's first. */
export const INSTANCE_PREFERENCE = ['running', 'pending', 'stopped', 'stopping'];

/** VPC Peering Guide, "VPC peering connection lifecycle": the other states are past, and stay visible for hours or days. */
const LIVE_PEERING: readonly PeeringStatus[] = ['active', 'provisioning', 'pending-acceptance', 'initiating-request'];

export function findPeering(
  one: string | null,
  other: string | null,
  { peeringConnections }: Pick<Slices, 'peeringConnections'>,
): string | null {
  if (!one || !other) return null;
  return best(
    peeringConnections.filter((peering) => isBetween(peering, one, other) && LIVE_PEERING.includes(peering.status)),
    ({ status }) => -LIVE_PEERING.indexOf(status),
  );
}

function isBetween({ requester, accepter }: PeeringConnection, one: string, other: string): boolean {
  return (requester.vpcId === one && accepter.vpcId === other) || (requester.vpcId === other && accepter.vpcId === one);
}

/** `pattern` may hold `*` and `?`; letters match in any case. Nothing matches an absent pattern. */
export function matches(pattern: string | undefined, text: string | undefined): boolean {
  return pattern !== undefined && text !== undefined && globMatches(pattern.toLowerCase(), text.toLowerCase());
}

/** The id of the fittest; equals are taken in the order of their ids, so that a second look finds the same. */
export function best<T extends { readonly id: string }>(
  candidates: readonly T[],
  fitness: (candidate: T) => number,
): string | null {
  const ordered = candidates.toSorted((a, b) => fitness(b) - fitness(a) || a.id.localeCompare(b.id));
  return ordered[0]?.id ?? null;
}
