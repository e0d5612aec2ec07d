/**
 * Binds the lab's resource names to what the account holds: by links first (the role that the flow log uses), then by
 * tag and CIDR, never by an exact name alone, as learners may name and number things as they like.
 */
import type { Bound } from '../check.ts';
import type { ResourceSpec } from '../lab/schema.ts';
import type { FlowLog, SliceName, Slices } from '../model/account.ts';
import { trusts } from '../model/iam/evaluate.ts';
import { matches as globMatches } from '../model/iam/glob.ts';
import { parsePolicy } from '../model/iam/policy.ts';
import { routeTableOf } from '../model/network/route.ts';
import type { Instance, PeeringConnection, PeeringStatus, Topology, Vpc } from '../model/network/topology.ts';

export type Resources = Readonly<Record<string, ResourceSpec>>;
export type Bindings = Readonly<Record<string, Bound>>;

const TOPOLOGY: readonly (keyof Topology)[] = [
  'vpcs',
  'subnets',
  'routeTables',
  'internetGateways',
  'networkInterfaces',
  'instances',
  'peeringConnections',
];

/** What each kind is recognised by. A check that names a resource of this kind cannot judge without these slices. */
export const SLICES_OF_KIND: Readonly<Record<ResourceSpec['kind'], readonly SliceName[]>> = {
  vpc: ['vpcs'],
  subnet: ['vpcs', 'subnets'],
  routeTable: ['vpcs', 'subnets', 'routeTables'],
  instance: ['vpcs', 'instances'],
  peering: ['vpcs', 'peeringConnections'],
  flowLog: ['vpcs', 'instances', 'flowLogs'],
  logGroup: ['vpcs', 'instances', 'flowLogs', 'logGroups'],
  role: ['vpcs', 'instances', 'flowLogs'],
};

/** Slices that binding reads; `roles` follows only where no flow log tells the role. */
export const BINDING_SLICES: readonly SliceName[] = [...TOPOLOGY, 'flowLogs', 'logGroups'];

export function bind(resources: Resources, slices: Slices): Bindings {
  const ids = new Map<string, string | null>(assignVpcs(resources, slices));
  const idOf = (name: string | undefined) => (name === undefined ? null : (ids.get(name) ?? null));

  for (const [name, spec] of inOrder(resources)) ids.set(name, find(spec, idOf, slices));
  return Object.fromEntries(
    Object.entries(resources).map(([name, { kind, label }]) => [name, { name, label, kind, id: idOf(name) }]),
  );
}

/** Resources that others are found through come first. */
function inOrder(resources: Resources): readonly [string, ResourceSpec][] {
  const order: readonly ResourceSpec['kind'][] = [
    'instance',
    'subnet',
    'routeTable',
    'peering',
    'flowLog',
    'logGroup',
    'role',
  ];
  return order.flatMap((kind) => Object.entries(resources).filter(([, spec]) => spec.kind === kind));
}

function find(spec: ResourceSpec, idOf: (name: string | undefined) => string | null, slices: Slices): string | null {
  switch (spec.kind) {
    case 'vpc':
      return null;
    case 'instance':
      return findInstance(idOf(spec.vpc), spec.name, slices);
    case 'subnet':
      return findSubnet(idOf(spec.vpc), idOf(spec.instance), slices);
    case 'routeTable': {
      const subnetId = idOf(spec.subnet);
      return subnetId ? (routeTableOf(slices, subnetId)?.id ?? null) : null;
    }
    case 'peering':
      return findPeering(idOf(spec.between[0]), idOf(spec.between[1]), slices);
    case 'flowLog':
      return findFlowLog(idOf(spec.vpc), idOf(spec.instance), slices);
    case 'logGroup': {
      const flowLog = slices.flowLogs.find(({ id }) => id === idOf(spec.flowLog));
      return flowLog?.logGroupName ?? slices.logGroups.find(({ name }) => matches(spec.name, name))?.name ?? null;
    }
    case 'role': {
      const flowLog = slices.flowLogs.find(({ id }) => id === idOf(spec.flowLog));
      return (
        flowLog?.roleArn ?? slices.roles.find(({ trustPolicy }) => isTrusted(trustPolicy, spec.service))?.arn ?? null
      );
    }
  }
}

const INSTANCE_PREFERENCE = ['running', 'pending', 'stopped', 'stopping'];

/**
 * Of several instances the one that runs, then by the links that the lab itself makes (public address, a flow log on its
 * interface or subnet, the name, the profile for Run Command), then the one that was there first.
 */
function findInstance(vpcId: string | null, name: string | undefined, { instances, flowLogs }: Slices): string | null {
  const logged = new Set(flowLogs.map(({ resourceId }) => resourceId));
  const signs = (instance: Instance): readonly boolean[] => [
    instance.publicIp !== undefined,
    [instance.subnetId ?? '', ...instance.networkInterfaceIds].some((id) => logged.has(id)),
    matches(name, instance.tags.Name),
    instance.profileArn !== undefined,
  ];
  const fitness = (instance: Instance) =>
    signs(instance).reduce(
      (sum, sign) => sum * 2 + Number(sign),
      INSTANCE_PREFERENCE.length - INSTANCE_PREFERENCE.indexOf(instance.state),
    );
  const candidates = instances
    .filter(({ vpcId: where, state }) => where === vpcId && INSTANCE_PREFERENCE.includes(state))
    .toSorted((a, b) => (a.launchedAt ?? 0) - (b.launchedAt ?? 0) || a.id.localeCompare(b.id));
  const most = Math.max(...candidates.map(fitness));
  return candidates.find((instance) => fitness(instance) === most)?.id ?? null;
}

function findSubnet(vpcId: string | null, instanceId: string | null, slices: Slices): string | null {
  const ofInstance = slices.instances.find(({ id }) => id === instanceId)?.subnetId;
  if (ofInstance) return ofInstance;
  const isPublic = (subnetId: string) =>
    routeTableOf(slices, subnetId)?.routes.some(({ target }) => target.kind === 'internet-gateway') ?? false;
  return best(
    slices.subnets.filter((subnet) => subnet.vpcId === vpcId),
    ({ id }) => (isPublic(id) ? 1 : 0),
  );
}

/** VPC Peering Guide, "VPC peering connection lifecycle": the other states are past, and stay visible for hours or days. */
const LIVE_PEERING: readonly PeeringStatus[] = ['active', 'provisioning', 'pending-acceptance', 'initiating-request'];

function findPeering(one: string | null, other: string | null, { peeringConnections }: Slices): string | null {
  if (!one || !other) return null;
  return best(
    peeringConnections.filter((peering) => isBetween(peering, one, other) && LIVE_PEERING.includes(peering.status)),
    ({ status }) => -LIVE_PEERING.indexOf(status),
  );
}

function isBetween({ requester, accepter }: PeeringConnection, one: string, other: string): boolean {
  return (requester.vpcId === one && accepter.vpcId === other) || (requester.vpcId === other && accepter.vpcId === one);
}

function findFlowLog(vpcId: string | null, instanceId: string | null, slices: Slices): string | null {
  const instance = slices.instances.find(({ id }) => id === instanceId);
  const covering = [vpcId, instance?.subnetId, ...(instance?.networkInterfaceIds ?? [])];
  const fitness = (log: FlowLog) =>
    (log.destinationType === 'cloud-watch-logs' ? 8 : 0) +
    (log.status === 'ACTIVE' ? 4 : 0) +
    (log.deliverStatus === 'FAILED' ? 0 : 2) +
    (log.trafficType === 'ALL' ? 1 : 0);
  return best(
    slices.flowLogs.filter(({ resourceId }) => covering.includes(resourceId)),
    fitness,
  );
}

function isTrusted(trustPolicy: string, service: string): boolean {
  const parsed = parsePolicy(trustPolicy);
  return parsed.ok && trusts(parsed.policy, { service, context: {} }).decision !== 'implicitDeny';
}

/**
 * VPCs are assigned together, as the signs contradict one another: two VPCs may both be logged, swapped or unnamed.
 * The assignment with the most signs wins. The default VPC, which every account has, is nobody's work and never taken.
 */
function assignVpcs(resources: Resources, slices: Slices): readonly [string, string | null][] {
  const specs = Object.entries(resources).flatMap(([name, spec]) =>
    spec.kind === 'vpc' ? [{ resource: name, ...spec }] : [],
  );
  const candidates = slices.vpcs.filter(({ isDefault }) => !isDefault);
  let top: { score: number; taken: readonly (Vpc | null)[] } = { score: -1, taken: specs.map(() => null) };

  function extend(taken: readonly (Vpc | null)[], score: number): void {
    const spec = specs[taken.length];
    if (!spec) {
      if (score > top.score) top = { score, taken };
      return;
    }
    for (const vpc of [...candidates, null])
      if (vpc === null || !taken.includes(vpc)) {
        const peer =
          vpc && spec.peeredWith ? taken[specs.findIndex(({ resource }) => resource === spec.peeredWith)] : null;
        const linked = vpc && peer && findPeering(vpc.id, peer.id, slices) ? 8 : 0;
        extend([...taken, vpc], score + (vpc ? signs(spec, vpc, slices) : 0) + linked);
      }
  }
  extend([], 0);
  return specs.map(({ resource }, index) => [resource, top.taken[index]?.id ?? null]);
}

function signs(
  spec: { name?: string | undefined; cidr?: string | undefined; logged?: boolean | undefined },
  vpc: Vpc,
  slices: Slices,
): number {
  const instances = slices.instances.filter(
    ({ vpcId, state }) => vpcId === vpc.id && INSTANCE_PREFERENCE.includes(state),
  );
  const subnets = slices.subnets.filter(({ vpcId }) => vpcId === vpc.id);
  const loggable = [
    vpc.id,
    ...subnets.map(({ id }) => id),
    ...instances.flatMap((instance) => instance.networkInterfaceIds),
  ];
  return (
    0.5 +
    (spec.logged && slices.flowLogs.some(({ resourceId }) => loggable.includes(resourceId)) ? 4 : 0) +
    (instances.length > 0 ? 4 : 0) +
    (matches(spec.name, vpc.tags.Name) ? 3 : 0) +
    (spec.cidr !== undefined && vpc.cidrs.includes(spec.cidr) ? 2 : 0) +
    (slices.internetGateways.some(({ vpcIds }) => vpcIds.includes(vpc.id)) ? 1 : 0)
  );
}

/** `pattern` may hold `*` and `?`; letters match in any case. Nothing matches an absent pattern. */
function matches(pattern: string | undefined, text: string | undefined): boolean {
  return pattern !== undefined && text !== undefined && globMatches(pattern.toLowerCase(), text.toLowerCase());
}

/** The id of the fittest; equals are taken in the order of their ids, so that a second look finds the same. */
function best<T extends { readonly id: string }>(
  candidates: readonly T[],
  fitness: (candidate: T) => number,
): string | null {
  const ordered = candidates.toSorted((a, b) => fitness(b) - fitness(a) || a.id.localeCompare(b.id));
  return ordered[0]?.id ?? null;
}
