/** The rules of docs/network.md by their names there: internet. */
import { describe, expect, test } from 'vitest';
import type { Packet } from '../../../../src/model/network/packet.ts';
import { walk } from '../../../../src/model/network/walk.ts';
import { withInstance, withSubnet } from '../build.ts';
import { A, B, beforePeering, change, local, peered, toGateway, toPeer, withRoutes } from '../two-vpcs.ts';
import { blackhole, fate, fromHome, group, ping, records, toInterface, toNat } from './words.ts';

describe('internet gateways and public addresses', () => {
  test('G1 it needs an attached gateway, a route to it and a public address', () => {
    expect(fate(beforePeering, ping('8.8.8.8'))).toBe('answered');
    const detached = change(beforePeering, 'internetGateways', 'igw-1', { vpcIds: [] });
    expect(fate(detached, ping('8.8.8.8'))).toBe('request: BAD_STATE_ATTACHMENT at internet-gateway igw-1');
    expect(fate(withRoutes(beforePeering, 'rtb-1', local(A.cidr)), ping('8.8.8.8'))).toContain(
      'NO_ROUTE_TO_DESTINATION',
    );
  });

  test('G2 the gateway translates one address to one: outside the public one is seen, inside the private one', () => {
    const { crossings } = walk(beforePeering, ping(B.publicIp));
    expect(crossings[1]).toMatchObject({
      interfaceId: B.eni,
      packetSource: A.publicIp,
      packetDestination: B.privateIp,
    });
  });

  const noPublicIp = change(beforePeering, 'networkInterfaces', A.eni, {
    addresses: [{ address: A.privateIp, primary: true }],
  });
  test('G3 a sender without a public address is not let out', () => {
    expect(fate(noPublicIp, ping('8.8.8.8'))).toBe(
      'request: IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS at internet-gateway igw-1',
    );
  });

  test('G4 nothing private goes out or comes in', () => {
    expect(fate(beforePeering, ping(B.privateIp))).toBe(
      'request: IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS at internet-gateway igw-1',
    );
    expect(walk(beforePeering, ping(B.privateIp)).stoppedAt?.rule).toBe(
      '10.2.9.247 is a private address (RFC 1918); no other route of rtb-1 holds it',
    );
    expect(fate(beforePeering, ping('100.64.0.1'))).toContain('IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS');
    const spoofed: Packet = { protocol: 'icmp', from: { internet: '10.9.9.9' }, to: A.publicIp };
    expect(fate(beforePeering, spoofed)).toContain('IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS');
    expect(fate(beforePeering, { ...spoofed, from: { internet: '100.64.0.1' } })).toContain(
      'IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS',
    );
  });

  test('G5 what comes in goes to the public address of an interface, or nowhere', () => {
    expect(fate(beforePeering, fromHome(A.publicIp))).toBe('answered');
    expect(fate(beforePeering, fromHome('35.179.9.9'))).toContain('IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS');
  });

  test('G6 a public address in a subnet without a route to the gateway gets packets, and its answers go nowhere', () => {
    const stuck = withRoutes(beforePeering, 'rtb-1', local(A.cidr));
    expect(fate(stuck, fromHome(A.publicIp))).toBe('answer: NO_ROUTE_TO_DESTINATION at route-table rtb-1');
  });

  test('G7 the public address of an instance in a peer VPC is reached by the internet gateways, not over peering', () => {
    const { hops, answer } = walk(peered, ping(B.publicIp));
    expect(answer).toBe('delivered');
    expect(hops.map(({ component }) => component)).not.toContain('peering');
    const forced = withRoutes(peered, 'rtb-1', local(A.cidr), toPeer('0.0.0.0/0'));
    expect(fate(forced, ping(B.publicIp))).toBe('request: PCX_REQUIRES_ADDRESS_IN_VPC_CIDR at peering pcx-1');
  });

  test('G8 a rule that names a group does not match its members by their public addresses', () => {
    const byGroup = group(peered, 'sg-2', { protocol: 'icmp', peer: { kind: 'group', groupId: 'sg-1' } });
    expect(fate(byGroup, ping(B.privateIp))).toBe('answered');
    expect(fate(byGroup, ping(B.publicIp))).toBe('request: ENI_SG_RULES_MISMATCH at security-group sg-2');
  });

  test('G9 a packet out of one gateway and in at another is walked in one', () => {
    const gateways = walk(beforePeering, ping(B.publicIp)).hops.filter(
      ({ component }) => component === 'internet-gateway',
    );
    expect(gateways.map(({ leg, id }) => `${leg} ${id}`)).toEqual([
      'request igw-1',
      'request igw-2',
      'answer igw-2',
      'answer igw-1',
    ]);
  });

  test('G11 VPC Block Public Access stops both ways, or only what comes in, and the record says REJECT', () => {
    const both = change(beforePeering, 'subnets', 'subnet-1', { internetGatewayBlock: 'block-bidirectional' });
    expect(fate(both, ping('8.8.8.8'))).toBe('request: VPC_BLOCK_PUBLIC_ACCESS_ENABLED at internet-gateway igw-1');
    expect(records(both, ping('8.8.8.8'))).toEqual([`eni-1 ${A.privateIp} 8.8.8.8 REJECT`]);
    const ingress = change(beforePeering, 'subnets', 'subnet-1', { internetGatewayBlock: 'block-ingress' });
    expect(fate(ingress, fromHome(A.publicIp))).toBe(
      'request: VPC_BLOCK_PUBLIC_ACCESS_ENABLED at internet-gateway igw-1',
    );
  });

  test('G11 it concerns what an edge route sends to an appliance, and no gateway that a blackhole hides', () => {
    let topology = withSubnet(beforePeering, 'subnet-8', A.vpc, '10.1.80.0/24', local(A.cidr), toGateway('igw-1'));
    topology = withInstance(topology, 'box', 'subnet-8', '10.1.80.8', { sourceDestCheck: false });
    topology = change(topology, 'subnets', 'subnet-8', { internetGatewayBlock: 'block-bidirectional' });
    const edge = { id: 'rtb-e', vpcId: A.vpc, main: false, subnetIds: [], gatewayIds: ['igw-1'], tags: {} };
    const routes = [local(A.cidr), toInterface('10.1.0.0/20', 'eni-box')];
    const inspected = { ...topology, routeTables: [...topology.routeTables, { ...edge, routes }] };
    expect(fate(inspected, fromHome(A.publicIp))).toBe(
      'request: VPC_BLOCK_PUBLIC_ACCESS_ENABLED at internet-gateway igw-1',
    );
    expect(records(inspected, fromHome(A.publicIp))).toEqual(['eni-box 203.0.113.12 10.1.80.8 REJECT']);
    const both = change(beforePeering, 'subnets', 'subnet-1', { internetGatewayBlock: 'block-bidirectional' });
    const gone = withRoutes(both, 'rtb-1', local(A.cidr), blackhole(toGateway('igw-1')));
    expect(fate(gone, ping('8.8.8.8'))).toBe('request: BAD_STATE_ROUTE at route-table rtb-1');
  });

  test('R5 a route table at the gateway sends what comes in to an appliance first', () => {
    let topology = withSubnet(beforePeering, 'subnet-8', A.vpc, '10.1.80.0/24', local(A.cidr), toGateway('igw-1'));
    topology = withInstance(topology, 'box', 'subnet-8', '10.1.80.8', { sourceDestCheck: false });
    const edge = {
      id: 'rtb-e',
      vpcId: A.vpc,
      main: false,
      subnetIds: [],
      gatewayIds: ['igw-1'],
      routes: [local(A.cidr), toInterface('10.1.0.0/20', 'eni-box')],
      tags: {},
    };
    const { crossings, answer } = walk(
      { ...topology, routeTables: [...topology.routeTables, edge] },
      fromHome(A.publicIp),
    );
    expect(answer).toBe('delivered');
    expect(crossings.map(({ interfaceId }) => interfaceId)).toEqual(['eni-box', 'eni-box', 'eni-1', 'eni-1']);
  });

  test.each([
    ['no route for the address', [toInterface('10.9.0.0/16', 'eni-box')], 'answered'],
    ['the local route', [local(A.cidr)], 'answered'],
    ['a blackhole', [blackhole(toInterface(A.cidr, 'eni-gone'))], 'request: BAD_STATE_ROUTE at route-table rtb-e'],
    [
      'an interface that is not known',
      [toInterface(A.cidr, 'eni-x')],
      'request: UNSUPPORTED_COMPONENT at route-table rtb-e',
    ],
    ['no interface', [toNat(A.cidr, 'eni-2')], 'request: UNSUPPORTED_COMPONENT at route-table rtb-e'],
    [
      'a prefix list that is not read',
      [toInterface('pl-1', 'eni-2')],
      'request: PREFIX_LIST_NOT_READ at route-table rtb-e',
    ],
  ])('R5 a route table at the gateway with %s', (_, routes, expected) => {
    const edge = { id: 'rtb-e', vpcId: A.vpc, main: false, subnetIds: [], gatewayIds: ['igw-1'], routes, tags: {} };
    const topology = { ...beforePeering, routeTables: [...beforePeering.routeTables, edge] };
    expect(fate(topology, fromHome(A.publicIp))).toBe(expected);
  });
});

describe('IPv6', () => {
  test('G13 is not modelled, so a packet to an IPv6 address is indeterminate', () => {
    const { request, answer, stoppedAt } = walk(peered, ping('2600:1f18::5'));
    expect([request, answer, stoppedAt?.code]).toEqual(['indeterminate', 'none', 'UNSUPPORTED_COMPONENT']);
  });
});
