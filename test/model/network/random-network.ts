/** Random networks with everything that the model knows, right and wrong: the same number gives the same network. */
import type { Packet } from '../../../src/model/network/packet.ts';
import type {
  NetworkAclEntry,
  PeeringConnection,
  Route,
  RouteTarget,
  SecurityGroupRule,
  Topology,
} from '../../../src/model/network/topology.ts';

export interface RandomNetwork {
  readonly topology: Topology;
  readonly packets: readonly Packet[];
}

const STATES = ['running', 'running', 'running', 'running', 'stopped', 'pending'] as const;
const PEERING = ['active', 'active', 'active', 'pending-acceptance', 'deleted'] as const;
const owner = { ownerId: '123456789012', region: 'us-east-1' };
const meta = { isDefault: false, ownerId: owner.ownerId, tags: {} };

/** Mulberry32: numbers in [0, 1). */
function numbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function randomNetwork(seed: number): RandomNetwork {
  const random = numbers(seed);
  const below = (count: number) => Math.floor(random() * count);
  const oneOf = <T>(items: readonly T[]): T => {
    const item = items[below(items.length)];
    if (item === undefined) throw new Error('nothing to choose from');
    return item;
  };
  const chance = (probability: number) => random() < probability;
  const some = <T>(most: number, make: (index: number) => T): T[] =>
    Array.from({ length: below(most + 1) }, (_, i) => make(i));
  const several = <T>(least: number, most: number, make: (index: number) => T): T[] =>
    Array.from({ length: least + below(most - least + 1) }, (_, i) => make(i));

  // The second octet tells the VPC; now and then two VPCs have the same blocks, as two peers of a third may.
  const vpcs = several(1, 4, (v) => {
    const octet = chance(0.1) ? 1 : v + 1;
    return {
      id: `vpc-${v}`,
      cidrs: [`10.${octet}.0.0/16`, ...(chance(0.2) ? [`10.${octet + 100}.0.0/16`] : [])],
      ...meta,
    };
  });
  const subnets = vpcs.flatMap(({ id, cidrs }, v) =>
    several(1, 3, (s) => ({
      id: `subnet-${v}${s}`,
      vpcId: id,
      cidr: oneOf(cidrs).replace('.0.0/16', `.${s * 16}.0/20`),
      availabilityZone: 'us-east-1a',
      mapPublicIpOnLaunch: false,
      ...(chance(0.05) && { internetGatewayBlock: oneOf(['block-bidirectional', 'block-ingress'] as const) }),
      tags: {},
    })),
  );
  const hosts = subnets.flatMap((subnet) => several(1, 2, (h) => ({ subnet, h, key: `${subnet.id.slice(7)}${h}` })));
  const addressOf = (cidr: string, last: number) => cidr.replace(/0\/20$/, String(last));
  const networkInterfaces = hosts.map(({ subnet, h, key }, index) => ({
    id: `eni-${key}`,
    vpcId: subnet.vpcId,
    subnetId: subnet.id,
    addresses: [
      {
        address: addressOf(subnet.cidr, 10 + h),
        primary: true,
        ...(chance(0.6) && { publicIp: `35.179.0.${index + 1}` }),
      },
      ...(chance(0.1) ? [{ address: addressOf(subnet.cidr, 110 + h), primary: false }] : []),
    ],
    groupIds: [`sg-${key}`, ...(chance(0.2) ? [`sg-${oneOf(hosts).key}`] : [])],
    sourceDestCheck: chance(0.6),
    instanceId: `i-${key}`,
    deviceIndex: 0,
    attached: true,
  }));
  const natGateways = vpcs.flatMap(({ id }, v) => {
    const subnet = oneOf(subnets.filter(({ vpcId }) => vpcId === id));
    return chance(0.4)
      ? [
          {
            id: `nat-${v}`,
            vpcId: id,
            subnetId: subnet.id,
            state: chance(0.9) ? ('available' as const) : ('pending' as const),
            networkInterfaceId: `eni-nat${v}`,
            tags: {},
            cidr: subnet.cidr,
          },
        ]
      : [];
  });
  const natInterfaces = natGateways.map(({ networkInterfaceId, vpcId, subnetId, cidr }, n) => ({
    id: networkInterfaceId,
    vpcId,
    subnetId,
    addresses: [
      { address: addressOf(cidr, 200), primary: true, ...(chance(0.8) && { publicIp: `35.179.1.${n + 1}` }) },
    ],
    groupIds: [],
    sourceDestCheck: false,
    attached: true,
  }));
  const internetGateways = vpcs.map(({ id }, v) => ({ id: `igw-${v}`, vpcIds: chance(0.85) ? [id] : [], tags: {} }));
  const peeringConnections: PeeringConnection[] = vpcs.flatMap((one, v) =>
    vpcs.slice(v + 1).flatMap((other, w) =>
      chance(0.7)
        ? [
            {
              id: `pcx-${v}${v + 1 + w}`,
              status: oneOf(PEERING),
              requester: { vpcId: one.id, cidrs: one.cidrs, ...owner },
              accepter: { vpcId: other.id, cidrs: other.cidrs, ...owner },
              tags: {},
            },
          ]
        : [],
    ),
  );
  const prefixLists = some(2, (n) => ({
    id: `pl-${n}`,
    name: `list ${n}`,
    cidrs: several(0, 3, () => oneOf(vpcs).cidrs[0] ?? ''),
  }));

  const targets: RouteTarget[] = [
    ...internetGateways.map(({ id }) => ({ kind: 'internet-gateway', id }) as const),
    ...natGateways.map(({ id }) => ({ kind: 'nat-gateway', id }) as const),
    ...networkInterfaces.map(({ id }) => ({ kind: 'network-interface', id }) as const),
    ...peeringConnections.map(({ id }) => ({ kind: 'peering', id }) as const),
    { kind: 'other', id: 'tgw-1' },
    { kind: 'peering', id: 'pcx-gone' },
    { kind: 'nat-gateway', id: 'nat-gone' },
  ];
  const blocks = [
    ...vpcs.flatMap(({ cidrs }) => cidrs),
    ...subnets.map(({ cidr }) => cidr),
    '0.0.0.0/0',
    '10.0.0.0/8',
    'pl-0',
    'pl-9',
    '35.0.0.0/8',
  ];
  const routeTo = (destination: string, target: RouteTarget): Route => ({
    destination,
    target,
    state: chance(0.93) ? 'active' : oneOf(['blackhole', 'filtered'] as const),
    propagated: chance(0.05),
  });
  /** Mostly as somebody builds it who knows how: the default route, and one to each peer. */
  const sensible = (vpcId: string): Route[] => {
    const v = vpcs.findIndex(({ id }) => id === vpcId);
    const out = chance(0.3) ? natGateways.find((each) => each.vpcId === vpcId) : undefined;
    const peers = peeringConnections.flatMap(({ id, requester, accepter }) => {
      const other = requester.vpcId === vpcId ? accepter : accepter.vpcId === vpcId ? requester : undefined;
      return (other?.cidrs ?? []).map((cidr) => ({ cidr, id }));
    });
    return [
      ...(chance(0.85)
        ? [
            routeTo(
              '0.0.0.0/0',
              out ? { kind: 'nat-gateway', id: out.id } : { kind: 'internet-gateway', id: `igw-${v}` },
            ),
          ]
        : []),
      ...peers.filter(() => chance(0.85)).map(({ cidr, id }) => routeTo(cidr, { kind: 'peering', id })),
    ];
  };
  const tableOf = (id: string, vpcId: string, main: boolean, subnetIds: readonly string[]) => ({
    id,
    vpcId,
    main,
    subnetIds,
    gatewayIds: [],
    routes: [
      ...(vpcs.find((each) => each.id === vpcId)?.cidrs ?? []).map(
        (cidr): Route => ({ destination: cidr, target: { kind: 'local' }, state: 'active', propagated: false }),
      ),
      ...sensible(vpcId),
      ...some(2, () => routeTo(oneOf(blocks), oneOf(targets))),
    ],
    tags: {},
  });
  const routeTables = vpcs.flatMap(({ id }, v) => [
    tableOf(`rtb-${v}`, id, true, []),
    ...subnets
      .filter(({ vpcId }) => vpcId === id && chance(0.6))
      .map((subnet) => tableOf(`rtb-${subnet.id}`, id, false, [subnet.id])),
  ]);

  const entry = (n: number): NetworkAclEntry => ({
    ruleNumber: n * 10 + 10,
    egress: chance(0.5),
    action: chance(0.7) ? 'allow' : 'deny',
    protocol: oneOf(['-1', '1', '6', '17']),
    cidr: oneOf(['0.0.0.0/0', ...blocks.filter((block) => block.includes('/'))]),
    ...(chance(0.5) && { ports: { from: oneOf([0, 22, 1024]), to: oneOf([22, 1024, 65_535]) } }),
    ...(chance(0.5) && { icmp: { type: oneOf([-1, 0, 8]), code: -1 } }),
  });
  const all = { ruleNumber: 1000, action: 'allow', protocol: '-1', cidr: '0.0.0.0/0' } as const;
  const open: NetworkAclEntry[] = [
    { ...all, egress: true },
    { ...all, egress: false },
  ];
  const aclOf = (id: string, vpcId: string, isDefault: boolean, subnetIds: readonly string[]) => ({
    id,
    vpcId,
    isDefault,
    subnetIds,
    entries: [...some(3, entry), ...(chance(0.85) ? open : [])],
  });
  const networkAcls = vpcs.flatMap(({ id }, v) => [
    aclOf(`acl-${v}`, id, true, []),
    ...subnets
      .filter(({ vpcId }) => vpcId === id && chance(0.2))
      .map((subnet) => aclOf(`acl-${subnet.id}`, id, false, [subnet.id])),
  ]);
  const rule = (): SecurityGroupRule => {
    const protocol = oneOf(['-1', 'icmp', 'tcp', 'udp', 'icmpv6']);
    const ports =
      protocol === 'icmp'
        ? { fromPort: oneOf([-1, 0, 8]), toPort: -1 }
        : { fromPort: oneOf([0, 22, 80]), toPort: oneOf([80, 65_535]) };
    const peer = chance(0.7)
      ? ({ kind: 'cidr', cidr: oneOf(['0.0.0.0/0', ...blocks.filter((block) => block.includes('/'))]) } as const)
      : oneOf([
          { kind: 'group', groupId: `sg-${oneOf(hosts).key}` } as const,
          { kind: 'prefix-list', id: 'pl-0' } as const,
        ]);
    return protocol === '-1' ? { protocol, peer } : { protocol, ...ports, peer };
  };
  const anything: SecurityGroupRule = { protocol: '-1', peer: { kind: 'cidr', cidr: '0.0.0.0/0' } };
  const securityGroups = hosts.map(({ subnet, key }) => ({
    id: `sg-${key}`,
    name: key,
    vpcId: subnet.vpcId,
    ingress: chance(0.7) ? [anything, ...some(2, rule)] : some(3, rule),
    egress: chance(0.85) ? [anything] : some(3, rule),
    tags: {},
  }));
  const instances = hosts.map(({ key }) => ({
    id: `i-${key}`,
    state: oneOf(STATES),
    networkInterfaceIds: [`eni-${key}`],
    tags: {},
  }));

  const addresses = [...networkInterfaces, ...natInterfaces].flatMap((each) =>
    each.addresses.flatMap(({ address, publicIp }: { address: string; publicIp?: string }) => [
      address,
      ...(publicIp === undefined ? [] : [publicIp]),
    ]),
  );
  const odd = [
    '8.8.8.8',
    '10.9.9.9',
    '100.64.0.1',
    '127.0.0.1',
    '0.0.0.0',
    '255.255.255.255',
    '169.254.169.254',
    '10.1.0.1',
    '10.1.0.2',
    '::1',
    'nonsense',
    '',
  ];
  const packet = (): Packet => ({
    protocol: oneOf(['icmp', 'icmp', 'tcp', 'udp']),
    from: chance(0.85)
      ? { interfaceId: oneOf(networkInterfaces).id }
      : { internet: oneOf(['203.0.113.12', '10.1.0.10', 'nobody']) },
    to: chance(0.9) ? oneOf(addresses) : oneOf(odd),
    sourcePort: 40_000 + below(1000),
    destinationPort: oneOf([22, 80, 443, 53]),
  });
  return {
    topology: {
      vpcs,
      subnets,
      routeTables,
      internetGateways,
      natGateways: natGateways.map(({ cidr: _, ...gateway }) => gateway),
      prefixLists,
      networkAcls,
      securityGroups,
      networkInterfaces: [...networkInterfaces, ...natInterfaces],
      instances,
      peeringConnections,
    },
    packets: Array.from({ length: 4 }, packet),
  };
}
