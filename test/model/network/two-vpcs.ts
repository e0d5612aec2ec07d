/** The lab's network: two VPCs with a public subnet and an instance each, all ICMP allowed, as the lab's guide builds it. */
import type {
  NetworkAcl,
  PeeringConnection,
  Route,
  SecurityGroup,
  Topology,
} from '../../../src/model/network/topology.ts';

export const A = { vpc: 'vpc-1', eni: 'eni-1', privateIp: '10.1.11.66', publicIp: '35.179.1.1', cidr: '10.1.0.0/16' };
export const B = { vpc: 'vpc-2', eni: 'eni-2', privateIp: '10.2.9.247', publicIp: '35.179.2.2', cidr: '10.2.0.0/16' };

export const active = (destination: string, target: Route['target']): Route => ({
  destination,
  target,
  state: 'active',
  propagated: false,
});
export const local = (cidr: string) => active(cidr, { kind: 'local' });
export const toGateway = (id: string) => active('0.0.0.0/0', { kind: 'internet-gateway', id });
export const toPeer = (destination: string) => active(destination, { kind: 'peering', id: 'pcx-1' });

export function openAcl(id: string, vpcId: string): NetworkAcl {
  const all = { ruleNumber: 100, action: 'allow', protocol: '-1', cidr: '0.0.0.0/0' } as const;
  return {
    id,
    vpcId,
    isDefault: true,
    subnetIds: [],
    entries: [
      { ...all, egress: false },
      { ...all, egress: true },
    ],
  };
}

function pingGroup(id: string, vpcId: string): SecurityGroup {
  const anywhere = { kind: 'cidr', cidr: '0.0.0.0/0' } as const;
  return {
    id,
    name: `${vpcId} group`,
    vpcId,
    ingress: [
      { protocol: 'tcp', fromPort: 22, toPort: 22, peer: anywhere },
      { protocol: 'icmp', fromPort: -1, toPort: -1, peer: anywhere },
    ],
    egress: [{ protocol: '-1', peer: anywhere }],
    tags: {},
  };
}

export const peering: PeeringConnection = {
  id: 'pcx-1',
  status: 'active',
  requester: { vpcId: 'vpc-1', ownerId: '123456789012', cidrs: [A.cidr], region: 'us-east-1' },
  accepter: { vpcId: 'vpc-2', ownerId: '123456789012', cidrs: [B.cidr], region: 'us-east-1' },
  tags: {},
};

const sides = [
  { n: 1, ...A },
  { n: 2, ...B },
];

/** Before peering: the state in which the lab's first private ping fails. */
export const beforePeering: Topology = {
  vpcs: sides.map(({ vpc, cidr }) => ({ id: vpc, cidrs: [cidr], isDefault: false, ownerId: '123456789012', tags: {} })),
  subnets: sides.map(({ n, vpc }) => ({
    id: `subnet-${n}`,
    vpcId: vpc,
    cidr: `10.${n}.0.0/20`,
    availabilityZone: 'us-east-1a',
    mapPublicIpOnLaunch: false,
    tags: {},
  })),
  routeTables: sides.map(({ n, vpc, cidr }) => ({
    id: `rtb-${n}`,
    vpcId: vpc,
    main: false,
    subnetIds: [`subnet-${n}`],
    gatewayIds: [],
    routes: [local(cidr), toGateway(`igw-${n}`)],
    tags: {},
  })),
  internetGateways: sides.map(({ n, vpc }) => ({ id: `igw-${n}`, vpcIds: [vpc], tags: {} })),
  natGateways: [],
  prefixLists: [],
  networkAcls: sides.map(({ n, vpc }) => openAcl(`acl-${n}`, vpc)),
  securityGroups: sides.map(({ n, vpc }) => pingGroup(`sg-${n}`, vpc)),
  networkInterfaces: sides.map(({ n, vpc, eni, privateIp, publicIp }) => ({
    id: eni,
    vpcId: vpc,
    subnetId: `subnet-${n}`,
    addresses: [{ address: privateIp, primary: true, publicIp }],
    groupIds: [`sg-${n}`],
    sourceDestCheck: true,
    instanceId: `i-${n}`,
    deviceIndex: 0,
    attached: true,
  })),
  instances: sides.map(({ n, vpc, eni, privateIp, publicIp }) => ({
    id: `i-${n}`,
    state: 'running',
    vpcId: vpc,
    subnetId: `subnet-${n}`,
    privateIp,
    publicIp,
    networkInterfaceIds: [eni],
    tags: {},
  })),
  peeringConnections: [],
};

/** A topology with some members of one list changed, by id. */
export function change<K extends keyof Topology>(
  topology: Topology,
  list: K,
  id: string,
  patch: Partial<Topology[K][number]>,
): Topology {
  return { ...topology, [list]: topology[list].map((each) => (each.id === id ? { ...each, ...patch } : each)) };
}

export function withRoutes(topology: Topology, tableId: string, ...routes: Route[]): Topology {
  return change(topology, 'routeTables', tableId, { routes });
}

/** After step 6: an active peering connection and a route to it on both sides. */
export const peered: Topology = withRoutes(
  withRoutes(
    { ...beforePeering, peeringConnections: [peering] },
    'rtb-1',
    local(A.cidr),
    toGateway('igw-1'),
    toPeer(B.cidr),
  ),
  'rtb-2',
  local(B.cidr),
  toGateway('igw-2'),
  toPeer(A.cidr),
);
