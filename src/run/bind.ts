/**
 * Binds the lab's resource names to what the account holds: by links first (the role that the flow log uses), then by
 * tag and CIDR, never by an exact name alone, as learners may name and number things as they like.
 */
import type { Bound } from '../check.ts';
import type { ResourceSpec } from '../lab/schema.ts';
import type { FlowLog, SliceName, Slices } from '../model/account.ts';
import { trusts } from '../model/iam/evaluate.ts';
import { parsePolicy } from '../model/iam/policy.ts';
import { routeTableOf } from '../model/network/route.ts';
import type { Instance, Topology } from '../model/network/topology.ts';
import { assignVpcs, best, findPeering } from './bind-vpcs.ts';
import { INSTANCE_PREFERENCE, matches } from './vpc-signs.ts';

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
  subnet: ['vpcs', 'instances', 'subnets', 'routeTables'],
  routeTable: ['vpcs', 'instances', 'subnets', 'routeTables'],
  instance: ['vpcs', 'instances'],
  peering: ['vpcs', 'peeringConnections'],
  flowLog: ['vpcs', 'instances', 'flowLogs'],
  logGroup: ['vpcs', 'instances', 'flowLogs', 'logGroups'],
  role: ['vpcs', 'instances', 'flowLogs'],
};

/** Slices that binding reads; `roles` follows only where no flow log tells the role. */
export const BINDING_SLICES: readonly SliceName[] = [...TOPOLOGY, 'flowLogs', 'logGroups'];

export function bind(resources: Resources, slices: Slices): Bindings {
  const ids = new Map(assignVpcs(resources, slices).ids);
  const idOf = (name: string | undefined) => (name === undefined ? null : (ids.get(name) ?? null));

  for (const [name, spec] of inOrder(resources)) ids.set(name, find(spec, idOf, slices));
  return Object.fromEntries(
    Object.entries(resources).map(([name, { kind, label }]) => [name, { name, label, kind, id: idOf(name) }]),
  );
}

/**
 * By the lab's name: unread slices, beyond those of its kind, which could show that something else in the account is meant.
 * A check of what is in doubt cannot judge: it might judge the wrong thing.
 */
export function doubtsOf(
  resources: Resources,
  slices: Slices,
  unread: readonly SliceName[],
): ReadonlyMap<string, ReadonlySet<SliceName>> {
  const { ids, doubts } = assignVpcs(resources, slices, unread);
  const all = new Map(doubts);
  for (const [name, spec] of inOrder(resources)) {
    const inherited = foundThrough(spec).flatMap((other) => [...(all.get(other) ?? [])]);
    const isOpen = spec.kind === 'instance' && unread.includes('flowLogs') && hasRival(ids, spec, slices);
    all.set(name, new Set<SliceName>(isOpen ? [...inherited, 'flowLogs'] : inherited));
  }
  return all;
}

function foundThrough(spec: ResourceSpec): readonly string[] {
  switch (spec.kind) {
    case 'vpc':
      return [];
    case 'instance':
      return [spec.vpc];
    case 'subnet':
      return [spec.vpc, ...(spec.instance === undefined ? [] : [spec.instance])];
    case 'routeTable':
      return [spec.subnet];
    case 'peering':
      return spec.between;
    case 'flowLog':
      return [spec.vpc, spec.instance];
    case 'logGroup':
    case 'role':
      return [spec.flowLog];
  }
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
      return findInstance(idOf(spec.vpc), spec.name, slices, loggedIn(slices));
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

/**
 * Of several instances the one that runs, then by the links that the lab itself makes (public address, a flow log on its
 * interface or subnet, the name, the profile for Run Command), then the one that was there first.
 */
function findInstance(
  vpcId: string | null,
  name: string | undefined,
  { instances }: Slices,
  logged: ReadonlySet<string>,
): string | null {
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
  // The first of the fittest.
  return candidates.toSorted((a, b) => fitness(b) - fitness(a))[0]?.id ?? null;
}

function loggedIn({ flowLogs }: Slices): ReadonlySet<string> {
  return new Set(flowLogs.map(({ resourceId }) => resourceId));
}

/** Would another instance be taken if it was the one that is logged? */
function hasRival(
  vpcs: ReadonlyMap<string, string | null>,
  { vpc, name }: ResourceSpec & { readonly kind: 'instance' },
  slices: Slices,
): boolean {
  const find = (logged: readonly string[]) => findInstance(vpcs.get(vpc) ?? null, name, slices, new Set(logged));
  const taken = find([]);
  return slices.instances.some(({ networkInterfaceIds }) => find(networkInterfaceIds) !== taken);
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

function findFlowLog(vpcId: string | null, instanceId: string | null, slices: Slices): string | null {
  const instance = slices.instances.find(({ id }) => id === instanceId);
  const covering = [vpcId, instance?.subnetId, ...(instance?.networkInterfaceIds ?? [])];
  const fitness = (log: FlowLog) =>
    (log.destinationType === 'cloud-watch-logs' ? 8 : 0) +
    (log.status === 'ACTIVE' ? 4 : 0) +
    (log.deliverStatus === 'FAILED' ? 0 : 2) +
    { ALL: 1, ACCEPT: 0.5, REJECT: 0 }[log.trafficType];
  return best(
    slices.flowLogs.filter(({ resourceId }) => covering.includes(resourceId)),
    fitness,
  );
}

function isTrusted(trustPolicy: string, service: string): boolean {
  const parsed = parsePolicy(trustPolicy);
  return parsed.ok && trusts(parsed.policy, { service, context: {} }).decision !== 'implicitDeny';
}
