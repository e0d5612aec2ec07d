/**
 * Which VPCs of the account are the lab's, by signs. They are assigned together, as the signs contradict one another: two
 * VPCs may both be logged, swapped or unnamed. Where something could not be read, it is also told how sure that is.
 */
import type { ResourceSpec } from '../lab/schema.ts';
import type { SliceName, Slices } from '../model/account.ts';
import type { PeeringConnection, Vpc } from '../model/network/topology.ts';
import { LIVE_PEERING, PEERED, peered, type Sign, signs, sum, type Traces, tracesIn } from './vpc-signs.ts';

export interface AssignedVpcs {
  /** By the lab's name. */
  readonly ids: ReadonlyMap<string, string | null>;
  /** By the lab's name: the unread slices which could show that another VPC is meant. */
  readonly doubts: ReadonlyMap<string, ReadonlySet<SliceName>>;
}

/** The VPC for each spec, in their order. */
type Taken = readonly (Vpc | null)[];

/** The assignment with the most signs wins. The default VPC, which every account has, is nobody's work and never taken. */
export function assignVpcs(
  resources: Readonly<Record<string, ResourceSpec>>,
  slices: Slices,
  unread: readonly SliceName[] = [],
): AssignedVpcs {
  const specs = Object.entries(resources).flatMap(([name, spec]) =>
    spec.kind === 'vpc' ? [{ resource: name, ...spec }] : [],
  );
  const all = slices.vpcs.filter(({ isDefault }) => !isDefault);
  const open = (...names: readonly SliceName[]) => names.filter((name) => unread.includes(name));

  const account = tracesIn(slices);
  const own = specs.map((spec) => new Map(all.map((vpc) => [vpc, signs(spec, vpc, account, open)])));
  const pairs = specs.flatMap(({ peeredWith }, index) => {
    const other = specs.findIndex(({ resource }) => resource === peeredWith);
    return other === -1 || (other > index && specs[other]?.peeredWith === specs[index]?.resource)
      ? []
      : [{ index: Math.max(index, other), other: Math.min(index, other) }];
  });
  const signsOf = (index: number, vpc: Vpc | null, taken: Taken): readonly Sign[] => [
    ...(vpc ? (own[index]?.get(vpc) ?? []) : []),
    ...pairs.flatMap((pair) => (pair.index === index ? peered(vpc, taken[pair.other], account, open) : [])),
  ];
  const allSigns = (taken: Taken) => taken.flatMap((vpc, index) => signsOf(index, vpc, taken));
  const candidates = worthTaking(all, own, account);
  const gainsBy = (weigh: (all: readonly Sign[]) => number): Gains => {
    const weights = own.map((ofVpcs) => new Map(candidates.map((vpc) => [vpc, weigh(ofVpcs.get(vpc) ?? [])])));
    return {
      of: (index, vpc, taken) =>
        (vpc ? (weights[index]?.get(vpc) ?? 0) : 0) +
        pairs.reduce(
          (total, pair) =>
            pair.index === index ? total + weigh(peered(vpc, taken[pair.other], account, open)) : total,
          0,
        ),
      most: specs.map(
        (_, index) =>
          [...(weights[index]?.values() ?? [])].reduce((most, weight) => Math.max(most, weight), 0) +
          PEERED * pairs.filter((pair) => pair.index === index).length,
      ),
    };
  };

  let best: Way = { taken: specs.map(() => null), total: 0 };
  const held = gainsBy((some) => sum(some.filter(({ holds }) => holds)));
  for (const way of ways(candidates, held, (total) => total > best.total)) best = way;

  const doubts = new Map<string, Set<SliceName>>(specs.map(({ resource }) => [resource, new Set<SliceName>()]));
  if (unread.length > 0) {
    const known = new Set(allSigns(best.taken).map(({ fact }) => fact));
    const mayCome = (sign: Sign) => sign.open.length > 0 && !known.has(sign.fact);
    // At worst all of these hold, and none of those that only speak for the best.
    const atWorst = gainsBy((some) => sum(some.filter((sign) => sign.holds || mayCome(sign))));
    const possible = new Set(own.flatMap((ofVpcs) => [...ofVpcs.values()].flat()).flatMap((sign) => sign.open));
    if (pairs.length > 0) for (const name of open('peeringConnections')) possible.add(name);
    for (const { taken } of ways(candidates, atWorst, (total) => total >= best.total)) {
      const more = allSigns(taken).filter(mayCome);
      for (const [index, { resource }] of specs.entries())
        if (taken[index] !== best.taken[index])
          for (const name of more.flatMap((sign) => sign.open)) doubts.get(resource)?.add(name);
      if ([...doubts.values()].every(({ size }) => size === possible.size)) break;
    }
  }
  return {
    ids: new Map(specs.map(({ resource }, index) => [resource, best.taken[index]?.id ?? null])),
    doubts: new Map([...doubts].filter(([, names]) => names.size > 0)),
  };
}

interface Way {
  readonly taken: Taken;
  readonly total: number;
}

interface Gains {
  /** What this VPC for the spec of this index adds to those that were taken for the specs before it. */
  of(index: number, vpc: Vpc | null, taken: Taken): number;
  /** By index: what no VPC exceeds. */
  readonly most: readonly number[];
}

/**
 * Every way to take a VPC, or none, for each spec that comes to enough. Whatever cannot come to enough any more is left
 * out as a whole: an account may have hundreds of VPCs.
 */
function* ways(
  candidates: readonly Vpc[],
  gains: Gains,
  isEnough: (total: number) => boolean,
  { taken, total }: Way = { taken: [], total: 0 },
): Generator<Way> {
  const index = taken.length;
  if (index === gains.most.length) {
    yield { taken, total };
    return;
  }
  const rest = sumOf(gains.most.slice(index + 1));
  for (const vpc of [...candidates, null]) {
    if (vpc !== null && taken.includes(vpc)) continue;
    const next = total + gains.of(index, vpc, taken);
    if (isEnough(next + rest)) yield* ways(candidates, gains, isEnough, { taken: [...taken, vpc], total: next });
  }
}

/**
 * VPCs that no peering joins and of which the account shows the same are as good as one another: of each such sort so many
 * are enough that every spec finds one, beside one that another way has taken. The first ones, as these win a draw.
 */
function worthTaking(
  all: readonly Vpc[],
  own: readonly ReadonlyMap<Vpc, readonly Sign[]>[],
  { peeredVpcs }: Traces,
): readonly Vpc[] {
  const seen = new Map<string, number>();
  return all.filter((vpc) => {
    if (peeredVpcs.has(vpc.id)) return true;
    const sort = JSON.stringify(own.map((ofVpcs) => ofVpcs.get(vpc)?.map(({ holds, open }) => [holds, open])));
    const before = seen.get(sort) ?? 0;
    seen.set(sort, before + 1);
    return before < 2 * own.length;
  });
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

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

/** The id of the fittest; equals are taken in the order of their ids, so that a second look finds the same. */
export function best<T extends { readonly id: string }>(
  candidates: readonly T[],
  fitness: (candidate: T) => number,
): string | null {
  const ordered = candidates.toSorted((a, b) => fitness(b) - fitness(a) || a.id.localeCompare(b.id));
  return ordered[0]?.id ?? null;
}
