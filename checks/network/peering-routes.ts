/** Do the route tables that the instances' subnets really use lead through the peering connection, both ways? */
import { defineCheck, type Finding, fail, pass, unknown } from '../../src/check.ts';
import { contains } from '../../src/model/network/cidr.ts';
import { meaningOf } from '../../src/model/network/codes.ts';
import { chooseRoute, routeTableOf, routeText } from '../../src/model/network/route.ts';
import type { Route, RouteTable, Topology, Vpc } from '../../src/model/network/topology.ts';
import { routesEvidence, routesText } from '../_evidence.ts';
import { HOST_CODES, type Host, hostOf, missingHosts } from '../_hosts.ts';
import { DOCS } from '../_words.ts';

type Network = Pick<Topology, 'vpcs' | 'subnets' | 'routeTables'> & Partial<Pick<Topology, 'prefixLists'>>;

/** One of the two directions: how `host`'s packets to `other` leave their subnet. */
interface Side {
  readonly host: Host;
  readonly other: Host;
  readonly table: RouteTable | undefined;
}

export default defineCheck({
  title: 'Both VPCs route to each other through the peering connection',
  params: { from: 'instance', to: 'instance', peering: 'peering' },
  needs: ['vpcs', 'subnets', 'routeTables', 'networkInterfaces', 'instances', 'peeringConnections'],
  uses: ['prefixLists'],
  codes: {
    ...HOST_CODES,
    PEERING_MISSING: 'There is no peering connection that a route could lead to.',
    ROUTE_MISSING:
      'The route table that the subnet uses has no route for the other VPC through the peering connection.',
    BAD_STATE_ROUTE: 'The route to the other VPC is a blackhole: its peering connection is not active, or is gone.',
    MORE_SPECIFIC_ROUTE: 'A route through the peering connection is there, but a more specific one leads elsewhere.',
    ROUTE_IN_OTHER_TABLE: 'The right route is there, but in a route table that the subnet does not use.',
    ROUTE_TO_OTHER_ADDRESSES:
      'A route through the peering connection is there, but not for the address of the other instance.',
    ROUTE_TABLE_UNKNOWN: 'The route table of the subnet could not be found.',
    PREFIX_LIST_NOT_READ: meaningOf('PREFIX_LIST_NOT_READ'),
  },
  judge({ params, slices }) {
    const from = hostOf(slices, params.from);
    const to = hostOf(slices, params.to);
    if (!from || !to) return fail(missingHosts([params.from, params.to], [from, to]));
    const peeringId = params.peering.id;
    if (peeringId === null)
      return fail({
        code: 'PEERING_MISSING',
        severity: 'error',
        message:
          'There is no peering connection between the VPCs of the two instances, so no route can lead through it.',
        resources: [from.interface.vpcId, to.interface.vpcId],
        fix: { console: 'VPC > Peering connections > Create peering connection', docs: DOCS.peering },
      });

    const sides = [
      { host: from, other: to },
      { host: to, other: from },
    ].map((pair): Side => ({ ...pair, table: routeTableOf(slices, pair.host.interface.subnetId) }));
    const findings = sides.flatMap((side) => judgeSide(slices, side, peeringId) ?? []);
    const evidence = sides.flatMap(({ host, table }) =>
      table ? [routesEvidence(`Route table ${table.id}, used by the subnet of ${host.bound.label}`, table)] : [],
    );
    const errors = findings.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) return fail(errors, evidence);
    const [doubt] = findings;
    return doubt ? unknown(doubt, evidence) : pass(evidence);
  },
});

function judgeSide(network: Network, { host, other, table }: Side, peeringId: string): Finding | undefined {
  const { subnetId, vpcId } = host.interface;
  const address = other.privateIp;
  if (!table)
    return {
      code: 'ROUTE_TABLE_UNKNOWN',
      severity: 'warning',
      message: `No route table was found that subnet ${subnetId} uses.`,
      resources: [subnetId],
    };
  const choice = chooseRoute(table, address, (id) => network.prefixLists?.find((list) => list.id === id));
  if (choice.kind === 'undecided')
    return { code: 'PREFIX_LIST_NOT_READ', severity: 'warning', message: `${choice.reason}.`, resources: [table.id] };
  const chosen = choice.kind === 'route' ? choice.route : undefined;
  const throughPeering = ({ target }: Route) => target.kind === 'peering' && target.id === peeringId;
  if (chosen && throughPeering(chosen) && chosen.state === 'active') return undefined;

  const block = blockOf(network.vpcs, other);
  const what = `Route table ${table.id} (used by ${subnetId}, the subnet of ${host.bound.label})`;
  const finding = { severity: 'error', resources: [table.id], expected: `${block} -> ${peeringId} (active)` } as const;
  const actual = routesText(table);
  const edit = `VPC > Route tables > ${table.id} > Edit routes`;
  const docs = DOCS.peeringRoutes;
  const send = (verb: string, destination: string) =>
    `aws ec2 ${verb} --route-table-id ${table.id} --destination-cidr-block ${destination} --vpc-peering-connection-id ${peeringId}`;

  if (chosen?.state === 'blackhole' && chosen.target.kind === 'peering')
    return {
      ...finding,
      code: 'BAD_STATE_ROUTE',
      message: throughPeering(chosen)
        ? `${what} sends ${address} into a blackhole: ${routeText(chosen)}. The peering connection must be active.`
        : `${what} sends ${address} into a blackhole: ${routeText(chosen)}. That is another peering connection than ${peeringId}.`,
      actual,
      fix: throughPeering(chosen)
        ? {
            console: `VPC > Peering connections > ${peeringId} > Actions > Accept request`,
            command: `aws ec2 accept-vpc-peering-connection --vpc-peering-connection-id ${peeringId}`,
            docs: DOCS.peeringLifecycle,
          }
        : { console: edit, command: send('replace-route', chosen.destination), docs },
    };
  const wider = table.routes.find((route) => throughPeering(route) && contains(route.destination, address));
  if (chosen && wider)
    return {
      ...finding,
      code: 'MORE_SPECIFIC_ROUTE',
      message: `${what} has ${routeText(wider)}, but ${routeText(chosen)} is more specific for ${address} and decides.`,
      actual,
      fix: {
        console: `${edit}: remove ${chosen.destination}`,
        command: `aws ec2 delete-route --route-table-id ${table.id} --destination-cidr-block ${chosen.destination}`,
        docs: DOCS.routeTables,
      },
    };
  const stray = network.routeTables.find(
    (each) =>
      each.vpcId === vpcId &&
      each.id !== table.id &&
      each.routes.some((route) => throughPeering(route) && contains(route.destination, address)),
  );
  // A table holds a destination once: a second route for it is refused.
  const taken = table.routes.some(({ destination }) => destination === block);
  const fix = {
    console: taken
      ? `${edit} > ${block}: change its target to Peering Connection ${peeringId}`
      : `${edit} > Add route: ${block}, Peering Connection ${peeringId}`,
    command: send(taken ? 'replace-route' : 'create-route', block),
    docs,
  };
  if (stray)
    return {
      ...finding,
      code: 'ROUTE_IN_OTHER_TABLE',
      message: `${what} has no route for ${address} through ${peeringId}. ${stray.id}${stray.main ? ', the main table,' : ''} has one, but this subnet does not use that table.`,
      resources: [table.id, stray.id],
      actual,
      fix,
    };
  const misdirected = table.routes.find(throughPeering);
  if (misdirected)
    return {
      ...finding,
      code: 'ROUTE_TO_OTHER_ADDRESSES',
      message: `${what} sends ${misdirected.destination} through ${peeringId}, but ${other.bound.label} has ${address}, which is not in it.`,
      actual,
      fix,
    };
  return {
    ...finding,
    code: 'ROUTE_MISSING',
    message: `${what} has no route for ${block} through ${peeringId}${chosen ? `; packets for ${address} take ${routeText(chosen)}` : ''}.`,
    actual,
    fix,
  };
}

/** The block of the host's VPC that holds it: what a route to it usually names. */
function blockOf(vpcs: readonly Vpc[], host: Host): string {
  const blocks = vpcs.find(({ id }) => id === host.interface.vpcId)?.cidrs ?? [];
  return blocks.find((block) => contains(block, host.privateIp)) ?? `${host.privateIp}/32`;
}
