/** Which route table a subnet uses, and which of its routes a packet takes. */
import { contains, isPrivate, prefixLength } from './cidr.ts';
import type { Route, RouteTable, Topology } from './topology.ts';

export type RouteChoice =
  | { readonly kind: 'route'; readonly route: Route }
  | { readonly kind: 'none' }
  | { readonly kind: 'undecided'; readonly reason: string };

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

/**
 * The route that a packet to this address takes: the longest prefix, and of equal ones the static before the
 * propagated (VPC User Guide, Route priority). A blackhole takes part and then drops; a filtered route does not.
 * Undecided where a prefix list, whose entries are not known here, could win with another target.
 */
export function chooseRoute(table: RouteTable, address: string): RouteChoice {
  const routes = table.routes.filter(({ state }) => state !== 'filtered');
  const best = bestCidrRoute(routes, address);
  const rival = routes.find((route) => couldWin(route, best, address));
  if (rival)
    return {
      kind: 'undecided',
      reason: `${table.id} also routes prefix list ${rival.destination} to ${targetName(rival)}, and whether that list holds ${address} is not known`,
    };
  return best ? { kind: 'route', route: best } : { kind: 'none' };
}

/** `10.2.0.0/16 -> pcx-1 (active)`; a local route without its state, which never changes. */
export function routeText(route: Route): string {
  const state = route.target.kind === 'local' ? '' : ` (${route.state})`;
  return `${route.destination} -> ${targetName(route)}${state}`;
}

function targetName({ target }: Route): string {
  return target.kind === 'local' ? 'local' : target.id;
}

function bestCidrRoute(routes: readonly Route[], address: string): Route | undefined {
  const matching = routes.filter(({ destination }) => contains(destination, address));
  // "the local route is most preferred even if the propagated routes are more specific" (Site-to-Site VPN, Route priority)
  const local = matching.some(({ target }) => target.kind === 'local');
  return matching.filter(({ propagated }) => !(local && propagated)).reduce(preferred, undefined);
}

function preferred(best: Route | undefined, route: Route): Route {
  if (!best) return route;
  const longer = prefixLength(route.destination) - prefixLength(best.destination);
  return longer > 0 || (longer === 0 && best.propagated && !route.propagated) ? route : best;
}

/** Could this prefix-list route decide the packet's way otherwise than the best CIDR route does? */
function couldWin(route: Route, best: Route | undefined, address: string): boolean {
  if (!route.destination.startsWith('pl-')) return false;
  // A gateway endpoint's list holds an AWS service's public addresses only (VPC User Guide, Gateway endpoints).
  if (route.target.kind === 'other' && route.target.id.startsWith('vpce-') && isPrivate(address)) return false;
  if (!best) return true;
  if (targetName(best) === targetName(route) && best.state === route.state) return false;
  return best.propagated || prefixLength(best.destination) < 32;
}
