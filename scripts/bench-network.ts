/** The figures of the network model and the sandbox's traffic, at growing sizes of the world. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import type { Packet } from '../src/model/network/packet.ts';
import type { NetworkInterface, Topology } from '../src/model/network/topology.ts';
import { walk } from '../src/model/network/walk.ts';
import { newWorld, regionOf } from '../src/sandbox/accounts.ts';
import { touchEc2 } from '../src/sandbox/services/ec2/settle.ts';
import { aggregate } from '../src/sandbox/traffic/aggregate.ts';
import { sight } from '../src/sandbox/traffic/sight.ts';
import type { RegionState } from '../src/sandbox/world.ts';

const SUBNET_HOSTS = 100;
const anywhere = { kind: 'cidr', cidr: '0.0.0.0/0' } as const;
const open = { ruleNumber: 100, action: 'allow', protocol: '-1', cidr: '0.0.0.0/0' } as const;

/** Two peered VPCs with so many instances, a hundred in a subnet. */
function bigTopology(instances: number): Topology {
  const half = Math.ceil(instances / 2);
  const sides = [1, 2];
  const subnetsOf = Math.ceil(half / SUBNET_HOSTS);
  const subnets = sides.flatMap((n) =>
    Array.from({ length: subnetsOf }, (_, s) => ({
      id: `subnet-${n}-${s}`,
      vpcId: `vpc-${n}`,
      cidr: `10.${n}.${s}.0/24`,
      availabilityZone: 'us-east-1a',
      mapPublicIpOnLaunch: false,
      tags: {},
    })),
  );
  const networkInterfaces = sides.flatMap((n) =>
    Array.from({ length: half }, (_, i): NetworkInterface => {
      const s = Math.floor(i / SUBNET_HOSTS);
      return {
        id: `eni-${n}-${i}`,
        vpcId: `vpc-${n}`,
        subnetId: `subnet-${n}-${s}`,
        addresses: [{ address: `10.${n}.${s}.${10 + (i % SUBNET_HOSTS)}`, primary: true }],
        groupIds: [`sg-${n}`],
        sourceDestCheck: true,
        instanceId: `i-${n}-${i}`,
        deviceIndex: 0,
        attached: true,
      };
    }),
  );
  const side = (n: number) => ({ vpcId: `vpc-${n}`, ownerId: '123456789012', cidrs: [`10.${n}.0.0/16`] });
  return {
    vpcs: sides.map((n) => ({ id: `vpc-${n}`, cidrs: [`10.${n}.0.0/16`], isDefault: false, ownerId: '1', tags: {} })),
    subnets,
    routeTables: sides.map((n) => ({
      id: `rtb-${n}`,
      vpcId: `vpc-${n}`,
      main: true,
      subnetIds: [],
      gatewayIds: [],
      routes: [
        { destination: `10.${n}.0.0/16`, target: { kind: 'local' }, state: 'active', propagated: false },
        {
          destination: `10.${3 - n}.0.0/16`,
          target: { kind: 'peering', id: 'pcx-1' },
          state: 'active',
          propagated: false,
        },
      ],
      tags: {},
    })),
    internetGateways: [],
    natGateways: [],
    prefixLists: [],
    networkAcls: sides.map((n) => ({
      id: `acl-${n}`,
      vpcId: `vpc-${n}`,
      isDefault: true,
      subnetIds: [],
      entries: [
        { ...open, egress: true },
        { ...open, egress: false },
      ],
    })),
    securityGroups: sides.map((n) => ({
      id: `sg-${n}`,
      name: `group ${n}`,
      vpcId: `vpc-${n}`,
      ingress: [{ protocol: 'icmp', fromPort: -1, toPort: -1, peer: anywhere }],
      egress: [{ protocol: '-1', peer: anywhere }],
      tags: {},
    })),
    networkInterfaces,
    instances: networkInterfaces.map(({ instanceId = '', id }) => ({
      id: instanceId,
      state: 'running',
      networkInterfaceIds: [id],
      tags: {},
    })),
    peeringConnections: [{ id: 'pcx-1', status: 'active', requester: side(1), accepter: side(2), tags: {} }],
  };
}

function packetOf({ networkInterfaces }: Topology, index: number): Packet {
  const half = networkInterfaces.length / 2;
  const from = networkInterfaces[(index * 7919) % half]?.id ?? '';
  const to = networkInterfaces[half + ((index * 104_729) % half)]?.addresses[0]?.address ?? '';
  return { protocol: 'icmp', from: { interfaceId: from }, to };
}

/** Queries a second, after the first, which indexes the topology. */
function perSecond(topology: Topology): { readonly first: number; readonly rate: number } {
  const started = performance.now();
  walk(topology, packetOf(topology, 0));
  const first = performance.now() - started;
  for (let index = 0; index < 2000; index += 1) walk(topology, packetOf(topology, index));
  const again = performance.now();
  const queries = 20_000;
  for (let index = 0; index < queries; index += 1) walk(topology, packetOf(topology, index));
  return { first, rate: queries / ((performance.now() - again) / 1000) };
}

/** The same network as resources of the sandbox, with a flow log on both VPCs. */
function regionWith(topology: Topology): RegionState {
  const world = newWorld(1, 0);
  const account = {
    id: '123456789012',
    iam: { roles: [], policies: [], instanceProfiles: [], users: [], groups: [] },
    regions: {},
  };
  world.accounts[account.id] = account;
  const region = regionOf(account, 'us-east-1', 0, () => 0.5);
  region.ec2.subnets = topology.subnets.map(({ id, vpcId, cidr }) => ({ SubnetId: id, VpcId: vpcId, CidrBlock: cidr }));
  region.ec2.instances = topology.instances.map(({ id }) => ({
    InstanceId: id,
    InstanceType: 't3.micro',
    State: { Name: 'running' },
  }));
  region.ec2.networkInterfaces = topology.networkInterfaces.map(
    ({ id, vpcId, subnetId, addresses, instanceId = '' }): Ec2.NetworkInterface => ({
      NetworkInterfaceId: id,
      VpcId: vpcId,
      SubnetId: subnetId,
      PrivateIpAddresses: addresses.map(({ address }) => ({ PrivateIpAddress: address, Primary: true })),
      Attachment: { InstanceId: instanceId },
    }),
  );
  region.ec2.flowLogs = ['vpc-1', 'vpc-2'].map((id) => ({
    FlowLogId: `fl-${id}`,
    ResourceId: id,
    FlowLogStatus: 'ACTIVE',
    TrafficType: 'ALL',
    MaxAggregationInterval: 60,
    CreationTime: new Date(0),
  }));
  touchEc2(region.ec2);
  return region;
}

/** Packets a second through walk, the interfaces' windows and the records of these. */
function packetsPerSecond(topology: Topology): number {
  const region = regionWith(topology);
  const packets = 50_000;
  const started = performance.now();
  for (let index = 0; index < packets; index += 1) {
    const { crossings } = walk(topology, packetOf(topology, index));
    sight(region, crossings, { protocol: 1, packets: 1, bytes: 84, times: [index] });
  }
  aggregate(
    region,
    { account: '123456789012', regionName: 'us-east-1' },
    120_000,
    120_000,
    () => 0.5,
    () => false,
  );
  return packets / ((performance.now() - started) / 1000);
}

/** @param report Prints a figure under its name. */
export function benchNetwork(report: (name: string, value: string) => void): void {
  for (const instances of [10, 1000, 10_000]) {
    const topology = bigTopology(instances);
    const { first, rate } = perSecond(topology);
    const count = instances.toLocaleString('en');
    report(
      `path queries, ${count} instances`,
      `${Math.round(rate).toLocaleString('en')} a second (the first ${first.toFixed(1)} ms)`,
    );
    report(
      `packets to records, ${count} instances`,
      `${Math.round(packetsPerSecond(topology)).toLocaleString('en')} a second`,
    );
  }
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const topology = bigTopology(10_000);
  walk(topology, packetOf(topology, 1));
  globalThis.gc?.();
  report(
    'memory, 10,000 instances with their index',
    `${((process.memoryUsage().heapUsed - before) / 2 ** 20).toFixed(1)} MiB (${topology.instances.length.toLocaleString('en')})`,
  );
}
