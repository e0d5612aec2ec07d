/** A topology with what it holds found by key, so that a walk costs what its way is long and not what the world is big. */
import type {
  Instance,
  InternetGateway,
  NatGateway,
  NetworkAcl,
  NetworkInterface,
  PeeringConnection,
  PeeringSide,
  PrefixList,
  RouteTable,
  SecurityGroup,
  Subnet,
  Topology,
  Vpc,
} from './topology.ts';

export interface Lookup {
  vpc(id: string): Vpc | undefined;
  subnet(id: string): Subnet | undefined;
  internetGateway(id: string): InternetGateway | undefined;
  internetGatewayOf(vpcId: string): InternetGateway | undefined;
  natGateway(id: string): NatGateway | undefined;
  /** The NAT gateway whose network interface this is. */
  natGatewayAt(networkInterfaceId: string): NatGateway | undefined;
  prefixList(id: string): PrefixList | undefined;
  securityGroup(id: string): SecurityGroup | undefined;
  networkInterface(id: string): NetworkInterface | undefined;
  /** The network interface that has this private address in this VPC. */
  interfaceIn(vpcId: string, address: string): NetworkInterface | undefined;
  /** The network interface to which an internet gateway translates this public address, and the private one. */
  publicAddress(publicIp: string): { readonly interface: NetworkInterface; readonly address: string } | undefined;
  /** In the order of their device index, the primary one first. */
  interfacesOf(instanceId: string): readonly NetworkInterface[];
  instance(id: string): Instance | undefined;
  peering(id: string): PeeringConnection | undefined;
  /** The other sides of the VPC's active peering connections. */
  peersOf(vpcId: string): readonly PeeringSide[];
  routeTableOf(subnet: Subnet): RouteTable | undefined;
  /** The route table that is associated with this internet gateway (gateway route table). */
  routeTableAt(gatewayId: string): RouteTable | undefined;
  networkAclOf(subnet: Subnet): NetworkAcl | undefined;
}

const lookups = new WeakMap<Topology, Lookup>();

/** A topology is plain data that nobody changes, so it is indexed once. */
export function lookupOf(topology: Topology): Lookup {
  const known = lookups.get(topology);
  if (known) return known;
  const lookup = build(topology);
  lookups.set(topology, lookup);
  return lookup;
}

function build(topology: Topology): Lookup {
  const { networkInterfaces, routeTables, networkAcls, peeringConnections } = topology;
  const vpcs = byKey(topology.vpcs, ({ id }) => [id]);
  const subnets = byKey(topology.subnets, ({ id }) => [id]);
  const gateways = byKey(topology.internetGateways, ({ id }) => [id]);
  const gatewaysOfVpcs = byKey(topology.internetGateways, ({ vpcIds }) => vpcIds);
  const natGateways = byKey(topology.natGateways, ({ id }) => [id]);
  const natInterfaces = byKey(topology.natGateways, ({ networkInterfaceId }) => [networkInterfaceId]);
  const prefixLists = byKey(topology.prefixLists, ({ id }) => [id]);
  const groups = byKey(topology.securityGroups, ({ id }) => [id]);
  const interfaces = byKey(networkInterfaces, ({ id }) => [id]);
  const addresses = byKey(networkInterfaces, (each) => each.addresses.map(({ address }) => `${each.vpcId} ${address}`));
  const publicIps = byKey(networkInterfaces, (each) => each.addresses.flatMap(({ publicIp }) => publicIp ?? []));
  const attached = networkInterfaces.filter(({ instanceId }) => instanceId !== undefined);
  const ofInstances = Map.groupBy(attached, ({ instanceId }) => instanceId);
  const instances = byKey(topology.instances, ({ id }) => [id]);
  const peerings = byKey(peeringConnections, ({ id }) => [id]);
  const sides = peeringConnections
    .filter(({ status }) => status === 'active')
    .flatMap(({ requester, accepter }) => [
      { vpcId: requester.vpcId, peer: accepter },
      { vpcId: accepter.vpcId, peer: requester },
    ]);
  const peers = Map.groupBy(sides, ({ vpcId }) => vpcId);
  const tables = byKey(routeTables, ({ subnetIds }) => subnetIds);
  const mainTables = byKey(routeTables, ({ main, vpcId }) => (main ? [vpcId] : []));
  const edgeTables = byKey(routeTables, ({ gatewayIds }) => gatewayIds);
  const acls = byKey(networkAcls, ({ subnetIds }) => subnetIds);
  const defaultAcls = byKey(networkAcls, ({ isDefault, vpcId }) => (isDefault ? [vpcId] : []));
  return {
    vpc: (id) => vpcs.get(id),
    subnet: (id) => subnets.get(id),
    internetGateway: (id) => gateways.get(id),
    internetGatewayOf: (vpcId) => gatewaysOfVpcs.get(vpcId),
    natGateway: (id) => natGateways.get(id),
    natGatewayAt: (networkInterfaceId) => natInterfaces.get(networkInterfaceId),
    prefixList: (id) => prefixLists.get(id),
    securityGroup: (id) => groups.get(id),
    networkInterface: (id) => interfaces.get(id),
    interfaceIn: (vpcId, address) => addresses.get(`${vpcId} ${address}`),
    publicAddress(publicIp) {
      const found = publicIps.get(publicIp);
      const address = found?.addresses.find((each) => each.publicIp === publicIp)?.address;
      return found && address !== undefined ? { interface: found, address } : undefined;
    },
    interfacesOf: (instanceId) =>
      (ofInstances.get(instanceId) ?? []).toSorted((a, b) => (a.deviceIndex ?? 0) - (b.deviceIndex ?? 0)),
    instance: (id) => instances.get(id),
    peering: (id) => peerings.get(id),
    peersOf: (vpcId) => (peers.get(vpcId) ?? []).map(({ peer }) => peer),
    // API Reference, DescribeRouteTables: a subnet without an association of its own uses its VPC's main table.
    routeTableOf: ({ id, vpcId }) => tables.get(id) ?? mainTables.get(vpcId),
    routeTableAt: (gatewayId) => edgeTables.get(gatewayId),
    // VPC User Guide, Network ACLs: a subnet without an association of its own has its VPC's default ACL.
    networkAclOf: ({ id, vpcId }) => acls.get(id) ?? defaultAcls.get(vpcId),
  };
}

/** Of two with the same key the first one stays. */
function byKey<T>(items: readonly T[], keysOf: (item: T) => readonly string[]): Map<string, T> {
  const map = new Map<string, T>();
  for (const item of items) for (const key of keysOf(item)) if (!map.has(key)) map.set(key, item);
  return map;
}
