/** Which route table a subnet uses, and which of its routes a packet takes. */
import { contains, isPrivate, prefixLength } from './cidr.ts';
import type { Code } from './codes.ts';
import type { PrefixList, Route, RouteTable, Topology } from './topology.ts';

export type RouteChoice =
  | { readonly kind: 'route'; readonly route: Route }
  | { readonly kind: 'none' }
  | { readonly kind: 'undecided'; readonly code: Code; readonly reason: string };

/**
 * The subnet's explicitly associated table, else the main table of its own VPC (VPC User Guide, Route tables).
 * Undefined where the topology holds neither.
 */
export function routeTableOf(
  topology: Pick<Topology, 'routeTables' | 'subnets'>,
  subnetId: string,
): RouteTable | undefined {
  const explicit = topology.routeTables.find((table) => table.subnetIds.includes(subnetId));
  if (explicit) return explicit;
  const subnet = topology.subnets.find(({ id }) => id === subnetId);
  return subnet && topology.routeTables.find((table) => table.main && table.vpcId === subnet.vpcId);
}

/** A route that matches, how many bits of its destination do, and its rank among equally long ones. */
interface Match {
  readonly route: Route;
  readonly bits: number;
  readonly rank: number;
}

/** VPC User Guide, Route priority: of equally specific routes the static one, then prefix lists, then propagated ones. */
const RANK = { static: 0, prefixList: 1, propagated: 2 } as const;

/**
 * The route that a packet to this address takes: the longest prefix, then by the kind of route (VPC User Guide, Route
 * priority). A blackhole takes part and then drops; a filtered route does not. Undecided where a prefix list, whose
 * entries are not known, could win with another target, and where AWS itself chooses at random.
 */
export function chooseRoute(
  table: RouteTable,
  address: string,
  prefixListOf: (id: string) => PrefixList | undefined = () => undefined,
): RouteChoice {
  const routes = table.routes.filter(({ state }) => state !== 'filtered');
  const matches = routes.flatMap((route) => matchOf(route, address, prefixListOf));
  // "the local route is most preferred even if the propagated routes are more specific" (Site-to-Site VPN, Route priority)
  const local = matches.some(({ route }) => route.target.kind === 'local');
  const best = matches
    .filter(({ route }) => !(local && route.propagated))
    .reduce<Match | undefined>((first, each) => (first && !isPreferred(each, first) ? first : each), undefined);

  const unread = routes.find(
    (route) => isList(route) && !prefixListOf(route.destination) && couldWin(route, best, address),
  );
  if (unread)
    return {
      kind: 'undecided',
      code: 'PREFIX_LIST_NOT_READ',
      reason: `${table.id} also routes prefix list ${unread.destination} to ${targetName(unread)}, and whether that list holds ${address} is not known`,
    };
  if (!best) return { kind: 'none' };
  const rival = isList(best.route) && matches.find(({ route }) => isList(route) && !isSameTarget(route, best.route));
  if (rival)
    return {
      kind: 'undecided',
      code: 'OVERLAPPING_PREFIX_LISTS',
      reason: `${table.id} routes ${address} by ${routeText(best.route)} and by ${routeText(rival.route)}, and AWS chooses one of them at random`,
    };
  return { kind: 'route', route: best.route };
}

/** `10.2.0.0/16 -> pcx-1 (active)`; a local route without its state, which never changes. */
export function routeText(route: Route): string {
  const state = route.target.kind === 'local' ? '' : ` (${route.state})`;
  return `${route.destination} -> ${targetName(route)}${state}`;
}

function targetName({ target }: Route): string {
  return target.kind === 'local' ? 'local' : target.id;
}

function isList({ destination }: Route): boolean {
  return destination.startsWith('pl-');
}

function matchOf(route: Route, address: string, prefixListOf: (id: string) => PrefixList | undefined): Match[] {
  const { destination, propagated } = route;
  if (!isList(route)) {
    if (!contains(destination, address)) return [];
    return [{ route, bits: prefixLength(destination), rank: propagated ? RANK.propagated : RANK.static }];
  }
  const entries = prefixListOf(destination)?.cidrs.filter((cidr) => contains(cidr, address)) ?? [];
  return entries.length === 0
    ? []
    : [{ route, bits: entries.reduce((most, cidr) => Math.max(most, prefixLength(cidr)), 0), rank: RANK.prefixList }];
}

function isPreferred(one: Match, other: Match): boolean {
  return one.bits > other.bits || (one.bits === other.bits && one.rank < other.rank);
}

function isSameTarget(one: Route, other: Route): boolean {
  return targetName(one) === targetName(other) && one.state === other.state;
}

/** Could this prefix-list route, whose entries are not known, decide otherwise than the best of the others does? */
function couldWin(route: Route, best: Match | undefined, address: string): boolean {
  // A gateway endpoint's list holds an AWS service's public addresses only (VPC User Guide, Gateway endpoints).
  if (route.target.kind === 'other' && route.target.id.startsWith('vpce-') && isPrivate(address)) return false;
  if (!best) return true;
  if (isSameTarget(route, best.route)) return false;
  return best.rank !== RANK.static || best.bits < 32;
}
