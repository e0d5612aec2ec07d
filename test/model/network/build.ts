/** Parts to add to a topology: subnets, instances, NAT gateways, rules. */
import type { NetworkInterface, Route, SecurityGroupRule, Topology } from '../../../src/model/network/topology.ts';

export const anywhere = { kind: 'cidr', cidr: '0.0.0.0/0' } as const;
export const allowAll: SecurityGroupRule = { protocol: '-1', peer: anywhere };

export function withSubnet(topology: Topology, id: string, vpcId: string, cidr: string, ...routes: Route[]): Topology {
  const subnet = { id, vpcId, cidr, availabilityZone: 'us-east-1a', mapPublicIpOnLaunch: false, tags: {} };
  const table = { id: `rtb-${id}`, vpcId, main: false, subnetIds: [id], gatewayIds: [], routes, tags: {} };
  return {
    ...topology,
    subnets: [...topology.subnets, subnet],
    routeTables: routes.length > 0 ? [...topology.routeTables, table] : topology.routeTables,
  };
}

/** An interface `eni-NAME` in this subnet, with a group that lets everything pass unless told. */
export function withInterface(
  topology: Topology,
  name: string,
  subnetId: string,
  address: string,
  more: Partial<NetworkInterface> & { readonly publicIp?: string } = {},
): Topology {
  const { publicIp, ...rest } = more;
  const vpcId = topology.subnets.find(({ id }) => id === subnetId)?.vpcId ?? '';
  const open = { id: `sg-${name}`, name, vpcId, ingress: [allowAll], egress: [allowAll], tags: {} };
  const own: NetworkInterface = {
    id: `eni-${name}`,
    vpcId,
    subnetId,
    addresses: [{ address, primary: true, ...(publicIp !== undefined && { publicIp }) }],
    groupIds: [open.id],
    sourceDestCheck: true,
    attached: true,
    ...rest,
  };
  return {
    ...topology,
    networkInterfaces: [...topology.networkInterfaces, own],
    securityGroups: [...topology.securityGroups, open],
  };
}

/** A running instance `i-NAME` with one interface `eni-NAME`. */
export function withInstance(
  topology: Topology,
  name: string,
  subnetId: string,
  address: string,
  more: Parameters<typeof withInterface>[4] = {},
): Topology {
  const instanceId = `i-${name}`;
  const instance = { id: instanceId, state: 'running', networkInterfaceIds: [`eni-${name}`], tags: {} } as const;
  const extended = { ...topology, instances: [...topology.instances, instance] };
  return withInterface(extended, name, subnetId, address, { instanceId, deviceIndex: 0, ...more });
}

/** A NAT gateway `nat-NAME` with its own interface `eni-NAME`, which has no groups. */
export function withNatGateway(
  topology: Topology,
  name: string,
  subnetId: string,
  address: string,
  publicIp?: string,
): Topology {
  const more = { groupIds: [], sourceDestCheck: false, ...(publicIp !== undefined && { publicIp }) };
  const extended = withInterface(topology, name, subnetId, address, more);
  const gateway = {
    id: `nat-${name}`,
    vpcId: extended.subnets.find(({ id }) => id === subnetId)?.vpcId ?? '',
    subnetId,
    state: 'available',
    networkInterfaceId: `eni-${name}`,
    tags: {},
  } as const;
  return { ...extended, natGateways: [...extended.natGateways, gateway] };
}
