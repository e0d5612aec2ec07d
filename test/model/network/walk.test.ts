import { describe, expect, test } from 'vitest';
import { meaningOf } from '../../../src/model/network/codes.ts';
import type { Packet } from '../../../src/model/network/packet.ts';
import type { NetworkAclEntry, Topology } from '../../../src/model/network/topology.ts';
import { walk } from '../../../src/model/network/walk.ts';
import {
  A,
  active,
  B,
  beforePeering,
  change,
  local,
  openAcl,
  peered,
  toGateway,
  toPeer,
  withRoutes,
} from './two-vpcs.ts';

const ping = (to: string): Packet => ({ protocol: 'icmp', from: { interfaceId: A.eni }, to });
const toPrivate = ping(B.privateIp);
const toPublic = ping(B.publicIp);

/** `eni-1 10.1.0.1>10.2.0.1 ACCEPT`, in the order in which they were seen. */
function seen(topology: Topology, packet: Packet): string[] {
  return walk(topology, packet).crossings.map(
    ({ interfaceId, source, destination, action }) => `${interfaceId} ${source}>${destination} ${action}`,
  );
}
function fate(topology: Topology, packet: Packet = toPrivate) {
  const { request, answer, stoppedAt } = walk(topology, packet);
  return {
    request,
    answer,
    at: stoppedAt && `${stoppedAt.leg} ${stoppedAt.component} ${stoppedAt.id}`,
    code: stoppedAt?.code,
  };
}
function deny(topology: Topology, aclId: string, egress: boolean, type: number): Topology {
  const entry: NetworkAclEntry = {
    ruleNumber: 50,
    egress,
    action: 'deny',
    protocol: '1',
    cidr: '0.0.0.0/0',
    icmp: { type, code: -1 },
  };
  const entries = openAcl(aclId, '').entries;
  return change(topology, 'networkAcls', aclId, { entries: [...entries, entry] });
}

describe('the ping of the lab', () => {
  test('to the private address, before peering, is stopped by the internet gateway that the default route leads to', () => {
    const result = walk(beforePeering, toPrivate);
    expect(result).toMatchObject({ request: 'dropped', answer: 'none', viaInternetGateway: false });
    expect(result.stoppedAt).toMatchObject({
      component: 'internet-gateway',
      id: 'igw-1',
      code: 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS',
    });
    const route = result.hops.find(({ component }) => component === 'route-table');
    expect(route).toMatchObject({ id: 'rtb-1', outcome: 'passed', rule: '0.0.0.0/0 -> igw-1 (active)' });
    expect(result.receiverId).toBeUndefined();
  });

  test('to the public address is answered through both internet gateways', () => {
    const result = walk(beforePeering, toPublic);
    expect(result).toMatchObject({
      request: 'delivered',
      answer: 'delivered',
      receiverId: B.eni,
      viaInternetGateway: true,
    });
    expect(result.stoppedAt).toBeUndefined();
  });

  test('to the private address, after peering, is answered, in the order in which AWS judges a packet', () => {
    const result = walk(peered, toPrivate);
    expect(result).toMatchObject({
      request: 'delivered',
      answer: 'delivered',
      receiverId: B.eni,
      viaInternetGateway: false,
    });
    expect(result.hops.map(({ leg, component, id }) => `${leg} ${component} ${id}`)).toEqual([
      'request instance i-1',
      'request security-group sg-1',
      'request network-acl acl-1',
      'request route-table rtb-1',
      'request peering pcx-1',
      'request network-acl acl-2',
      'request security-group sg-2',
      'request instance i-2',
      'answer security-group sg-2',
      'answer network-acl acl-2',
      'answer route-table rtb-2',
      'answer peering pcx-1',
      'answer network-acl acl-1',
      'answer security-group sg-1',
    ]);
  });

  test('to a host on the internet is answered from there', () => {
    expect(fate(beforePeering, ping('8.8.8.8'))).toMatchObject({ request: 'delivered', answer: 'delivered' });
    expect(seen(beforePeering, ping('8.8.8.8'))).toEqual([
      `eni-1 ${A.privateIp}>8.8.8.8 ACCEPT`,
      `eni-1 8.8.8.8>${A.privateIp} ACCEPT`,
    ]);
  });

  test('to an address in a second block of the peer VPC, which the peering connection does not list yet, is let through', () => {
    const secondBlock = change(peered, 'vpcs', B.vpc, { cidrs: [B.cidr, '10.20.0.0/16'] });
    const addresses = [{ address: '10.20.0.5', primary: true }];
    const topology = withRoutes(
      change(secondBlock, 'networkInterfaces', B.eni, { addresses }),
      'rtb-1',
      local(A.cidr),
      toPeer('10.20.0.0/16'),
    );
    expect(fate(topology, ping('10.20.0.5'))).toMatchObject({ request: 'delivered', answer: 'delivered' });
  });

  test('is answered because it is an echo request: other ICMP types have no answer', () => {
    expect(fate(peered, { ...toPrivate, icmpType: 3 })).toMatchObject({ request: 'delivered', answer: 'none' });
  });

  test('to its own address never meets the network', () => {
    expect(walk(peered, ping(A.privateIp))).toMatchObject({ request: 'delivered', answer: 'delivered', crossings: [] });
    expect(walk(peered, ping('127.0.0.1'))).toMatchObject({ request: 'delivered', crossings: [] });
  });
});

describe('flow logs record', () => {
  const out = `eni-1 ${A.privateIp}>${B.privateIp}`;
  const arrives = `eni-2 ${A.privateIp}>${B.privateIp}`;
  const back = `eni-2 ${B.privateIp}>${A.privateIp}`;
  const returns = `eni-1 ${B.privateIp}>${A.privateIp}`;
  const noEgress = change(peered, 'securityGroups', 'sg-1', { egress: [] });
  const noIngress = change(peered, 'securityGroups', 'sg-2', { ingress: [] });
  const noWayBack = withRoutes(peered, 'rtb-2', local(B.cidr), toGateway('igw-2'));
  const noWay = withRoutes(peered, 'rtb-1', local(A.cidr));
  const blackhole = withRoutes(peered, 'rtb-1', { ...toPeer(B.cidr), state: 'blackhole' }, toGateway('igw-1'));
  const stopped = change(peered, 'instances', 'i-2', { state: 'stopped' });

  test.each<[string, Topology, string[]]>([
    [
      'all four sightings of a ping that works',
      peered,
      [`${out} ACCEPT`, `${arrives} ACCEPT`, `${back} ACCEPT`, `${returns} ACCEPT`],
    ],
    ["A's security group denying on the way out", noEgress, [`${out} REJECT`]],
    ["A's ACL denying on the way out", deny(peered, 'acl-1', true, 8), [`${out} REJECT`]],
    ["B's ACL denying on the way in", deny(peered, 'acl-2', false, 8), [`${out} ACCEPT`, `${arrives} REJECT`]],
    ["B's security group denying on the way in", noIngress, [`${out} ACCEPT`, `${arrives} REJECT`]],
    [
      "B's ACL denying the reply",
      deny(peered, 'acl-2', true, 0),
      [`${out} ACCEPT`, `${arrives} ACCEPT`, `${back} REJECT`],
    ],
    [
      "A's ACL denying the reply",
      deny(peered, 'acl-1', false, 0),
      [`${out} ACCEPT`, `${arrives} ACCEPT`, `${back} ACCEPT`, `${returns} REJECT`],
    ],
    ['a missing route back', noWayBack, [`${out} ACCEPT`, `${arrives} ACCEPT`, `${back} ACCEPT`]],
    ['a packet dropped behind the interface as accepted', beforePeering, [`${out} ACCEPT`]],
    ['a packet without any route as accepted', noWay, [`${out} ACCEPT`]],
    ['a packet into a blackhole as accepted', blackhole, [`${out} ACCEPT`]],
    ['a packet to a stopped instance', stopped, [`${out} ACCEPT`, `${arrives} ACCEPT`]],
  ])('%s', (_, topology, expected) => expect(seen(topology, toPrivate)).toEqual(expected));

  test('the public address of the other side and the private one of the own', () => {
    expect(seen(beforePeering, toPublic)).toEqual([
      `eni-1 ${A.privateIp}>${B.publicIp} ACCEPT`,
      `eni-2 ${A.publicIp}>${B.privateIp} ACCEPT`,
      `eni-2 ${B.privateIp}>${A.publicIp} ACCEPT`,
      `eni-1 ${B.publicIp}>${A.privateIp} ACCEPT`,
    ]);
  });

  // VPC User Guide, Flow log record examples: "Security group and network ACL rules".
  const fromOutside: Packet = { protocol: 'icmp', from: { internet: '203.0.113.12' }, to: B.publicIp };
  test.each<[string, Topology, string[]]>([
    [
      'an ACL that denies the reply',
      deny(peered, 'acl-2', true, 0),
      ['203.0.113.12>10.2.9.247 ACCEPT', '10.2.9.247>203.0.113.12 REJECT'],
    ],
    ['an ACL that permits it', peered, ['203.0.113.12>10.2.9.247 ACCEPT', '10.2.9.247>203.0.113.12 ACCEPT']],
    ['a security group that denies the ping', noIngress, ['203.0.113.12>10.2.9.247 REJECT']],
  ])("AWS's example of a ping from home: %s", (_, topology, expected) => {
    expect(seen(topology, fromOutside)).toEqual(expected.map((line) => `eni-2 ${line}`));
  });

  test('the primary address where a secondary one was pinged', () => {
    const addresses = [
      { address: B.privateIp, primary: true },
      { address: '10.2.9.99', primary: false },
    ];
    const topology = change(peered, 'networkInterfaces', B.eni, { addresses });
    expect(seen(topology, ping('10.2.9.99'))[1]).toBe(`eni-2 ${A.privateIp}>${B.privateIp} ACCEPT`);
  });

  test('the ports of a scan from the internet', () => {
    const scan: Packet = {
      protocol: 'tcp',
      from: { internet: '147.185.132.233' },
      to: A.publicIp,
      sourcePort: 49191,
      destinationPort: 34435,
    };
    expect(walk(beforePeering, scan).crossings).toEqual([
      {
        leg: 'request',
        interfaceId: A.eni,
        direction: 'ingress',
        source: '147.185.132.233',
        destination: A.privateIp,
        sourcePort: 49191,
        destinationPort: 34435,
        packetSource: '147.185.132.233',
        packetDestination: A.privateIp,
        action: 'REJECT',
      },
    ]);
    const answered = walk(beforePeering, { ...scan, destinationPort: 22 });
    expect(answered).toMatchObject({ request: 'delivered', answer: 'delivered' });
    expect(answered.crossings[1]).toMatchObject({ sourcePort: 22, destinationPort: 49191, direction: 'egress' });
  });
});

describe('a packet is stopped', () => {
  const pending = {
    ...peered,
    peeringConnections: peered.peeringConnections.map((each) => ({ ...each, status: 'pending-acceptance' as const })),
  };
  const noPublicIp = change(beforePeering, 'networkInterfaces', A.eni, {
    addresses: [{ address: A.privateIp, primary: true }],
  });
  const detached = { ...beforePeering, internetGateways: [] };
  const toThird = withRoutes(peered, 'rtb-1', local(A.cidr), toPeer('10.3.0.0/16'));

  test.each<[string, Topology, Packet, ReturnType<typeof fate>]>([
    [
      'at the route table without a route',
      withRoutes(beforePeering, 'rtb-1', local(A.cidr)),
      toPrivate,
      { request: 'dropped', answer: 'none', at: 'request route-table rtb-1', code: 'NO_ROUTE_TO_DESTINATION' },
    ],
    [
      'at a blackhole',
      withRoutes(pending, 'rtb-1', { ...toPeer(B.cidr), state: 'blackhole' }, toGateway('igw-1')),
      toPrivate,
      { request: 'dropped', answer: 'none', at: 'request route-table rtb-1', code: 'BAD_STATE_ROUTE' },
    ],
    [
      'at a peering connection that is not active',
      pending,
      toPrivate,
      { request: 'dropped', answer: 'none', at: 'request peering pcx-1', code: 'PEERING_NOT_ACTIVE' },
    ],
    [
      'at a peering connection to another VPC than the one addressed: peering is not transitive',
      toThird,
      ping('10.3.0.1'),
      { request: 'dropped', answer: 'none', at: 'request peering pcx-1', code: 'PCX_REQUIRES_ADDRESS_IN_VPC_CIDR' },
    ],
    [
      "at a peering connection when it should lead to the peer's internet gateway",
      withRoutes(peered, 'rtb-1', local(A.cidr), toPeer('0.0.0.0/0')),
      ping('8.8.8.8'),
      { request: 'dropped', answer: 'none', at: 'request peering pcx-1', code: 'PCX_REQUIRES_ADDRESS_IN_VPC_CIDR' },
    ],
    [
      'on the way back where the other VPC has no route: it takes the default to its internet gateway',
      withRoutes(peered, 'rtb-2', local(B.cidr), toGateway('igw-2')),
      toPrivate,
      {
        request: 'delivered',
        answer: 'dropped',
        at: 'answer internet-gateway igw-2',
        code: 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS',
      },
    ],
    [
      'at the internet gateway where the sender has no public address',
      noPublicIp,
      toPublic,
      {
        request: 'dropped',
        answer: 'none',
        at: 'request internet-gateway igw-1',
        code: 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS',
      },
    ],
    [
      'at an internet gateway that is not attached',
      detached,
      toPublic,
      { request: 'dropped', answer: 'none', at: 'request internet-gateway igw-1', code: 'BAD_STATE_ATTACHMENT' },
    ],
    [
      'at the internet gateway on the way to a shared address',
      beforePeering,
      ping('100.64.1.1'),
      {
        request: 'dropped',
        answer: 'none',
        at: 'request internet-gateway igw-1',
        code: 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS',
      },
    ],
    [
      'at the internet gateway on the way to an address that no host can have',
      beforePeering,
      ping('240.0.0.1'),
      { request: 'dropped', answer: 'none', at: 'request internet-gateway igw-1', code: 'NO_POSSIBLE_DESTINATION' },
    ],
    [
      'on the way back from a subnet without a route to its internet gateway',
      withRoutes(beforePeering, 'rtb-2', local(B.cidr)),
      toPublic,
      { request: 'delivered', answer: 'dropped', at: 'answer route-table rtb-2', code: 'NO_ROUTE_TO_DESTINATION' },
    ],
    [
      'where nothing has the private address',
      peered,
      ping('10.2.0.77'),
      {
        request: 'dropped',
        answer: 'none',
        at: 'request network-interface 10.2.0.77',
        code: 'NO_POSSIBLE_DESTINATION',
      },
    ],
    [
      'by a receiver that is not running',
      change(peered, 'instances', 'i-2', { state: 'stopping' }),
      toPrivate,
      { request: 'dropped', answer: 'none', at: 'request instance i-2', code: 'INSTANCE_NOT_RUNNING' },
    ],
    [
      'before it leaves a sender that is not running',
      change(peered, 'instances', 'i-1', { state: 'pending' }),
      toPrivate,
      { request: 'dropped', answer: 'none', at: 'request instance i-1', code: 'INSTANCE_NOT_RUNNING' },
    ],
    [
      'on its way in with a private source',
      beforePeering,
      { protocol: 'icmp', from: { internet: '192.168.1.1' }, to: A.publicIp },
      {
        request: 'dropped',
        answer: 'none',
        at: 'request internet-gateway igw-1',
        code: 'IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS',
      },
    ],
    [
      'on its way in to an address that nobody here has',
      beforePeering,
      { protocol: 'icmp', from: { internet: '203.0.113.12' }, to: '35.179.9.9' },
      {
        request: 'dropped',
        answer: 'none',
        at: 'request internet 35.179.9.9',
        code: 'IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS',
      },
    ],
  ])('%s', (_, topology, packet, expected) => {
    const result = fate(topology, packet);
    expect(result).toEqual(expected);
    expect(meaningOf(result.code ?? '')).toMatch(/^[A-Z].*\.$/);
  });

  test('and the pending peering connection behind a blackhole is named', () => {
    const topology = withRoutes(pending, 'rtb-1', { ...toPeer(B.cidr), state: 'blackhole' });
    expect(walk(topology, toPrivate).stoppedAt?.rule).toBe(
      '10.2.0.0/16 -> pcx-1 (blackhole); pcx-1 is pending-acceptance',
    );
  });

  test('by both filters at once: both are named, the first is where it stopped', () => {
    const topology = change(deny(peered, 'acl-1', true, 8), 'securityGroups', 'sg-1', { egress: [] });
    const { hops, stoppedAt } = walk(topology, toPrivate);
    expect(hops.filter(({ outcome }) => outcome === 'stopped').map(({ component }) => component)).toEqual([
      'security-group',
      'network-acl',
    ]);
    expect(stoppedAt?.component).toBe('security-group');
  });

  test('where its answer would reach another interface than the one that asked', () => {
    // A third VPC with the same blocks as VPC 1, to which VPC 2's route leads (VPC Peering Guide, partial access).
    const twin = { ...beforePeering };
    const topology: Topology = {
      ...peered,
      vpcs: [...peered.vpcs, { id: 'vpc-3', cidrs: [A.cidr], isDefault: false, ownerId: '123456789012', tags: {} }],
      networkInterfaces: [
        ...peered.networkInterfaces,
        ...twin.networkInterfaces
          .slice(0, 1)
          .map((each) => ({ ...each, id: 'eni-3', vpcId: 'vpc-3', subnetId: 'subnet-3' })),
      ],
      peeringConnections: [
        ...peered.peeringConnections,
        ...peered.peeringConnections.map((each) => ({
          ...each,
          id: 'pcx-3',
          requester: { ...each.requester, vpcId: 'vpc-3' },
        })),
      ],
    };
    const wrong = withRoutes(topology, 'rtb-2', local(B.cidr), active(A.cidr, { kind: 'peering', id: 'pcx-3' }));
    expect(fate(wrong)).toEqual({
      request: 'delivered',
      answer: 'dropped',
      at: 'answer network-interface eni-3',
      code: 'ANSWER_TO_ANOTHER_INTERFACE',
    });
  });
});

describe('inside one VPC', () => {
  function withNeighbour(subnetId: string, cidr: string): Topology {
    const [subnet] = peered.subnets;
    const [eni] = peered.networkInterfaces;
    const [instance] = peered.instances;
    if (!subnet || !eni || !instance) throw new Error('the lab has a first subnet, interface and instance');
    const address = cidr.replace('0/24', '9');
    return {
      ...peered,
      subnets: subnetId === subnet.id ? peered.subnets : [...peered.subnets, { ...subnet, id: subnetId, cidr }],
      networkInterfaces: [
        ...peered.networkInterfaces,
        { ...eni, id: 'eni-9', instanceId: 'i-9', subnetId, addresses: [{ address, primary: true }] },
      ],
      instances: [...peered.instances, { ...instance, id: 'i-9' }],
    };
  }

  test('traffic of one subnet meets neither route table nor ACL', () => {
    const topology = deny(withRoutes(withNeighbour('subnet-1', '10.1.1.0/24'), 'rtb-1'), 'acl-1', true, 8);
    const result = walk(topology, ping('10.1.1.9'));
    expect(result).toMatchObject({ request: 'delivered', answer: 'delivered', receiverId: 'eni-9' });
    expect(new Set(result.hops.map(({ component }) => component))).toEqual(new Set(['instance', 'security-group']));
  });

  test('traffic between subnets takes the local route and meets the ACL of either', () => {
    const topology = change(withNeighbour('subnet-9', '10.1.99.0/24'), 'routeTables', 'rtb-1', {
      subnetIds: ['subnet-1', 'subnet-9'],
    });
    const result = walk(topology, ping('10.1.99.9'));
    expect(result).toMatchObject({ request: 'delivered', answer: 'delivered' });
    expect(result.hops.find(({ component }) => component === 'route-table')?.rule).toBe('10.1.0.0/16 -> local');
    expect(fate(deny(topology, 'acl-1', false, 0), ping('10.1.99.9'))).toMatchObject({
      answer: 'dropped',
      code: 'SUBNET_ACL_RESTRICTION',
    });
  });
});

describe('what cannot be known is indeterminate', () => {
  const nat = active('0.0.0.0/0', { kind: 'nat-gateway', id: 'nat-1' });
  const foreign: Topology = {
    ...peered,
    vpcs: peered.vpcs.slice(0, 1),
    networkInterfaces: peered.networkInterfaces.slice(0, 1),
  };
  const foreignPending: Topology = {
    ...foreign,
    peeringConnections: foreign.peeringConnections.map(({ accepter: { cidrs: _, ...accepter }, ...each }) => ({
      ...each,
      accepter,
    })),
  };

  test.each<[string, Topology, Packet, string]>([
    ['a NAT gateway that is not known', withRoutes(peered, 'rtb-1', local(A.cidr), nat), toPublic, 'UNKNOWN_RESOURCE'],
    ["another account's VPC", foreign, toPrivate, 'UNKNOWN_DESTINATION'],
    ["another account's blocks", foreignPending, toPrivate, 'UNKNOWN_RESOURCE'],
    ['a route table that was not read', { ...peered, routeTables: [] }, toPrivate, 'UNKNOWN_RESOURCE'],
    ['an ACL that was not read', { ...peered, networkAcls: [] }, toPrivate, 'UNKNOWN_RESOURCE'],
    ['an interface that does not exist', { ...peered, networkInterfaces: [] }, toPrivate, 'UNKNOWN_RESOURCE'],
    [
      'a prefix list in the routes',
      withRoutes(peered, 'rtb-1', local(A.cidr), toPeer('pl-1')),
      toPrivate,
      'PREFIX_LIST_NOT_READ',
    ],
    [
      'a prefix list in the security group',
      change(peered, 'securityGroups', 'sg-2', {
        ingress: [{ protocol: '-1', peer: { kind: 'prefix-list', id: 'pl-1' } }],
      }),
      toPrivate,
      'PREFIX_LIST_NOT_READ',
    ],
  ])('%s', (_, topology, packet, code) => {
    expect(fate(topology, packet)).toMatchObject({ request: 'indeterminate', answer: 'none', code });
  });

  test('but a sure refusal is sure, whatever else is not known', () => {
    const topology = change({ ...peered, networkAcls: [] }, 'securityGroups', 'sg-1', { egress: [] });
    expect(fate(topology)).toMatchObject({ request: 'dropped', code: 'SG_HAS_NO_RULES' });
  });
});

/** EC2 User Guide, Security group connection tracking: a change of the rules does not cut a tracked connection at once. */
describe('a packet of a connection that was let through before', () => {
  const toSsh: Packet = { ...toPrivate, protocol: 'tcp', sourcePort: 50_000, destinationPort: 22 };
  const established = walk(peered, toSsh).crossings;
  const closed = change(change(peered, 'securityGroups', 'sg-1', { egress: [] }), 'securityGroups', 'sg-2', {
    ingress: [],
  });

  test('still is, whatever has become of the rules', () => {
    expect(established.map(({ action }) => action)).not.toContain('REJECT');
    expect(fate(closed, toSsh).at).toBe('request security-group sg-1');
    expect(fate(closed, { ...toSsh, established })).toMatchObject({ request: 'delivered', answer: 'delivered' });
  });

  test.each<[string, Partial<Packet>]>([
    ['from another port', { sourcePort: 50_001 }],
    ['to another port', { destinationPort: 23 }],
    ['to another address', { to: B.publicIp }],
  ])('is not when it comes %s', (_, other) => {
    expect(fate(closed, { ...toSsh, established, ...other }).request).toBe('dropped');
  });

  test('only at the interface, and in the direction, where it was', () => {
    const only = (interfaceId: string, direction: string) =>
      established.filter((each) => each.interfaceId === interfaceId && each.direction === direction);
    expect(fate(closed, { ...toSsh, established: only(A.eni, 'egress') }).at).toBe('request security-group sg-2');
    expect(fate(closed, { ...toSsh, established: only(B.eni, 'ingress') }).at).toBe('request security-group sg-1');
    expect(fate(closed, { ...toSsh, established: only(A.eni, 'ingress') }).at).toBe('request security-group sg-1');
  });

  test('but not one that was turned away', () => {
    const turnedAway = established.map((each) => ({ ...each, action: 'REJECT' as const }));
    expect(fate(closed, { ...toSsh, established: turnedAway }).at).toBe('request security-group sg-1');
  });
});
