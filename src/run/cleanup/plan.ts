/** What the lab made that is still there, in an order in which it can be deleted. Pure: the account in, plain data out. */
import { addresses } from './parts/addresses.ts';
import { flowLogs } from './parts/flow-logs.ts';
import { egressOnlyGateways, endpoints, internetGateways, natGateways, peerings } from './parts/gateways.ts';
import { identities } from './parts/identities.ts';
import { instances, volumes } from './parts/instances.ts';
import { interfaces, occupancyOf } from './parts/interfaces.ts';
import { logGroups } from './parts/log-groups.ts';
import type { Part, Planning } from './parts/planning.ts';
import { networkAcls, routeTables, securityGroups, subnets, vpcs } from './parts/vpcs.ts';
import { KINDS } from './types.ts';

/** What was made longer before the lab's first trace than this was not made for the lab. */
const BEFORE_MS = 24 * 60 * 60_000;

export function planOf(planning: Planning, region: string): Part {
  const logs = flowLogs(planning);
  const servers = instances(planning);
  const nats = natGateways(planning);
  const eips = addresses(planning);
  const doors = endpoints(planning);
  const cards = interfaces(planning);
  const occupancy = occupancyOf(planning, [...servers, ...nats, ...doors, ...cards.resources, ...cards.left]);
  const contents = [
    ...logs.resources,
    ...servers,
    ...volumes(planning),
    ...nats,
    ...eips.resources,
    ...peerings(planning),
    ...doors,
    ...cards.resources,
    ...subnets(planning, occupancy),
    ...routeTables(planning),
    ...internetGateways(planning, [...servers, ...nats, ...eips.resources]),
    ...egressOnlyGateways(planning),
    ...securityGroups(planning, occupancy),
    ...networkAcls(planning),
  ];
  const began = beginning(planning, new Set(logs.resources.map(({ id }) => id)));
  const isOlder = (at: number) => began !== undefined && at < began - BEFORE_MS;
  const groups = logGroups(planning, logs.resources, isOlder);
  const who = identities(planning, { users: [...logs.resources, ...servers], region, isOlder });
  const resources = [...contents, ...vpcs(planning, contents, cards.left), ...groups.resources, ...who.resources];
  return {
    resources: resources.toSorted((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind)),
    left: [...logs.left, ...eips.left, ...cards.left, ...groups.left, ...who.left],
  };
}

/** The lab's first trace: a flow log, or an instance's first interface, which its restarts leave as it is. */
function beginning({ slices, network }: Planning, flowLogIds: ReadonlySet<string>): number | undefined {
  const launched = network.instances.flatMap(({ LaunchTime, NetworkInterfaces }) => {
    const at = NetworkInterfaces[0]?.Attachment?.AttachTime ?? LaunchTime;
    return at ? [at.getTime()] : [];
  });
  const logged = slices.flowLogs.filter(({ id }) => flowLogIds.has(id)).map(({ createdAt }) => createdAt);
  return [...launched, ...logged].toSorted((a, b) => a - b)[0];
}
