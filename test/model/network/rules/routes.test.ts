/** The rules of docs/network.md by their names there: routes. */
import { describe, expect, test } from 'vitest';
import type { Route } from '../../../../src/model/network/topology.ts';
import { walk } from '../../../../src/model/network/walk.ts';
import { withInstance, withSubnet } from '../build.ts';
import { A, active, B, change, local, peered, toGateway, toPeer, withRoutes } from '../two-vpcs.ts';
import { blackhole, fate, ping, propagated, records, routeOf, toInterface } from './words.ts';

describe('which route table applies', () => {
  const main = { ...change(peered, 'routeTables', 'rtb-1', { subnetIds: [], main: true }) };

  test('RT1 a subnet uses the table that it is associated with, else the main table', () => {
    const other = { id: 'rtb-m', vpcId: A.vpc, main: true, subnetIds: [], gatewayIds: [], routes: [], tags: {} };
    const both = { ...peered, routeTables: [other, ...peered.routeTables] };
    expect(fate(both, ping(B.privateIp))).toBe('answered');
    const unassociated = change(both, 'routeTables', 'rtb-1', { subnetIds: [] });
    expect(fate(unassociated, ping(B.privateIp))).toBe('request: NO_ROUTE_TO_DESTINATION at route-table rtb-m');
  });

  test('RT2 one table can be the main one and be associated explicitly', () => {
    expect(fate(change(peered, 'routeTables', 'rtb-1', { main: true }), ping(B.privateIp))).toBe('answered');
  });

  test('RT3 a table associated with a gateway is no table of a subnet', () => {
    const edge = change(main, 'routeTables', 'rtb-1', { main: false, gatewayIds: ['igw-1'] });
    expect(fate(edge, ping(B.privateIp))).toBe('request: UNKNOWN_RESOURCE at route-table subnet-1');
  });

  test("RT4 another VPC's main table is not looked at", () => {
    const none = change(change(peered, 'routeTables', 'rtb-1', { subnetIds: [] }), 'routeTables', 'rtb-2', {
      main: true,
    });
    expect(fate(none, ping(B.privateIp))).toBe('request: UNKNOWN_RESOURCE at route-table subnet-1');
  });

  test('RT5 traffic inside a subnet asks neither route table nor network ACL', () => {
    const neighbour = withInstance(withRoutes(peered, 'rtb-1'), 'n', 'subnet-1', '10.1.3.3');
    const closed = change(neighbour, 'networkAcls', 'acl-1', { entries: [] });
    expect(fate(closed, ping('10.1.3.3'))).toBe('answered');
  });
});

describe('choosing the route', () => {
  const routes = (...some: Route[]) => withRoutes(peered, 'rtb-1', ...some);

  test('R1 the local route leads to every block of the VPC', () => {
    const second = change(routes(local(A.cidr), local('10.9.0.0/16')), 'vpcs', A.vpc, {
      cidrs: [A.cidr, '10.9.0.0/16'],
    });
    const topology = withInstance(
      withSubnet(second, 'subnet-9', A.vpc, '10.9.0.0/24', local(A.cidr)),
      'n',
      'subnet-9',
      '10.9.0.9',
    );
    expect(fate(topology, ping('10.9.0.9'))).toBe('answered');
  });

  test('R2 the longest prefix wins', () => {
    expect(
      routeOf(routes(toGateway('igw-1'), toPeer('10.2.0.0/16'), toPeer('10.0.0.0/8')), ping(B.privateIp)),
    ).toContain('10.2.0.0/16');
    expect(routeOf(routes(toGateway('igw-1'), toPeer('10.2.0.0/16')), ping('10.3.0.1'))).toContain('0.0.0.0/0');
  });

  test('R2 of equal prefixes the static route wins over the prefix list, and that over the propagated route', () => {
    const lists = { prefixLists: [{ id: 'pl-1', name: 'peer', cidrs: ['10.2.0.0/16'] }] };
    const vgw = active('10.2.0.0/16', { kind: 'other', id: 'vgw-1' });
    const listed = toPeer('pl-1');
    expect(routeOf({ ...routes(propagated(vgw), listed), ...lists }, ping(B.privateIp))).toBe('pl-1 -> pcx-1 (active)');
    const three = {
      ...routes(propagated(vgw), active('pl-1', { kind: 'other', id: 'tgw-1' }), toPeer('10.2.0.0/16')),
      ...lists,
    };
    expect(routeOf(three, ping(B.privateIp))).toBe('10.2.0.0/16 -> pcx-1 (active)');
  });

  test('R3 a more specific route wins, whatever kind of route it is', () => {
    const specific = propagated(toPeer('10.2.0.0/20'));
    const wide = active('10.2.0.0/16', { kind: 'internet-gateway', id: 'igw-1' });
    expect(routeOf(routes(wide, specific), ping(B.privateIp))).toContain('10.2.0.0/20');
  });

  test('R4 the local route wins over more specific propagated ones', () => {
    const topology = withSubnet(peered, 'subnet-9', A.vpc, '10.1.99.0/24', local(A.cidr));
    const leaking = withRoutes(
      topology,
      'rtb-1',
      local(A.cidr),
      propagated(active('10.1.99.0/24', { kind: 'other', id: 'vgw-1' })),
    );
    expect(routeOf(withInstance(leaking, 'n', 'subnet-9', '10.1.99.9'), ping('10.1.99.9'))).toBe(
      '10.1.0.0/16 -> local',
    );
  });

  test('R5 a static route more specific than the local one takes traffic to an interface first', () => {
    let topology = withSubnet(peered, 'subnet-8', A.vpc, '10.1.80.0/24', local(A.cidr));
    topology = withSubnet(topology, 'subnet-9', A.vpc, '10.1.99.0/24', local(A.cidr));
    topology = withInstance(topology, 'box', 'subnet-8', '10.1.80.8', { sourceDestCheck: false });
    topology = withInstance(topology, 'n', 'subnet-9', '10.1.99.9');
    const inspected = withRoutes(topology, 'rtb-1', local(A.cidr), toInterface('10.1.99.0/24', 'eni-box'));
    expect(fate(inspected, ping('10.1.99.9'))).toBe('answered');
    expect(records(inspected, ping('10.1.99.9')).slice(0, 4)).toEqual([
      'eni-1 10.1.11.66 10.1.99.9 ACCEPT',
      'eni-box 10.1.11.66 10.1.80.8 ACCEPT',
      'eni-box 10.1.80.8 10.1.99.9 ACCEPT',
      'eni-n 10.1.11.66 10.1.99.9 ACCEPT',
    ]);
  });

  test('R6 two prefix lists that hold the address and lead to different targets cannot be decided', () => {
    const prefixLists = [
      { id: 'pl-1', name: 'one', cidrs: ['10.2.0.0/16'] },
      { id: 'pl-2', name: 'two', cidrs: ['10.0.0.0/8'] },
    ];
    const topology = {
      ...routes(toPeer('pl-1'), active('pl-2', { kind: 'internet-gateway', id: 'igw-1' })),
      prefixLists,
    };
    expect(fate(topology, ping(B.privateIp))).toBe('request: OVERLAPPING_PREFIX_LISTS at route-table rtb-1');
    const same = { ...routes(toPeer('pl-1'), toPeer('pl-2')), prefixLists };
    expect(fate(same, ping(B.privateIp))).toBe('answered');
  });

  test('R7 a static route wins over a propagated one with the same destination', () => {
    const vgw = propagated(active('10.2.0.0/16', { kind: 'other', id: 'vgw-1' }));
    expect(routeOf(routes(vgw, toPeer('10.2.0.0/16')), ping(B.privateIp))).toBe('10.2.0.0/16 -> pcx-1 (active)');
  });

  test('R9 a filtered route takes no part', () => {
    const filtered = { ...toPeer('10.2.0.0/16'), state: 'filtered' } as const;
    expect(routeOf(routes(filtered, toGateway('igw-1')), ping(B.privateIp))).toContain('0.0.0.0/0');
  });

  test('R10 a blackhole takes part, hides wider routes, and drops', () => {
    const topology = routes(blackhole(toPeer('10.2.0.0/16')), toGateway('igw-1'));
    expect(fate(topology, ping(B.privateIp))).toBe('request: BAD_STATE_ROUTE at route-table rtb-1');
  });

  test('R11 a route to a peering connection that is not active is a blackhole, and the peering is named', () => {
    const pending = change(routes(blackhole(toPeer('10.2.0.0/16'))), 'peeringConnections', 'pcx-1', {
      status: 'pending-acceptance',
    });
    expect(walk(pending, ping(B.privateIp)).stoppedAt?.rule).toContain('pcx-1 is pending-acceptance');
  });

  test('R12 without any route that holds the address the packet is dropped', () => {
    expect(fate(routes(local(A.cidr)), ping('10.3.0.1'))).toBe('request: NO_ROUTE_TO_DESTINATION at route-table rtb-1');
  });

  test('R13 link-local addresses are not routed, and no flow log shows a packet to one', () => {
    const topology = routes(toGateway('igw-1'), active('169.254.168.0/22', { kind: 'peering', id: 'pcx-1' }));
    expect(fate(topology, ping('169.254.168.7'))).toBe(
      'request: NO_POSSIBLE_DESTINATION at network-interface 169.254.168.7',
    );
    expect(records(topology, ping('169.254.169.254'))).toEqual([]);
  });

  test('R14 a prefix-list route holds what the list holds; a list that is not known leaves it open', () => {
    const prefixLists = [{ id: 'pl-1', name: 'peer', cidrs: ['10.7.0.0/16', '10.2.0.0/17'] }];
    expect(fate({ ...routes(toPeer('pl-1')), prefixLists }, ping(B.privateIp))).toBe('answered');
    expect(fate({ ...routes(toPeer('pl-1')), prefixLists }, ping('10.2.200.1'))).toContain('NO_ROUTE_TO_DESTINATION');
    expect(fate(routes(toPeer('pl-1')), ping(B.privateIp))).toBe('request: PREFIX_LIST_NOT_READ at route-table rtb-1');
  });
});
