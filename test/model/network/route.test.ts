import { describe, expect, test } from 'vitest';
import { chooseRoute, routeTableOf } from '../../../src/model/network/route.ts';
import type { Route, RouteTable } from '../../../src/model/network/topology.ts';
import { active, beforePeering, change, local, toGateway, toPeer } from './two-vpcs.ts';

function table(...routes: Route[]): RouteTable {
  return { id: 'rtb-1', vpcId: 'vpc-1', main: true, subnetIds: [], gatewayIds: [], routes, tags: {} };
}
function chosen(address: string, ...routes: Route[]): string {
  const choice = chooseRoute(table(...routes), address);
  return choice.kind === 'route' && choice.route.target.kind !== 'local' ? choice.route.target.id : choice.kind;
}
const lab = [local('10.1.0.0/16'), toPeer('10.2.0.0/16'), toGateway('igw-1')];
const endpoint = (id: string): Route => active('pl-63a5400a', { kind: 'other', id });

describe('the table of a subnet', () => {
  const main = { ...table(), id: 'rtb-main' };
  const explicit = { ...table(), id: 'rtb-own', main: false, subnetIds: ['subnet-1'] };
  const foreign = { ...table(), id: 'rtb-foreign', vpcId: 'vpc-2' };

  test('is the one it is associated with', () => {
    expect(routeTableOf({ ...beforePeering, routeTables: [main, explicit] }, 'subnet-1')?.id).toBe('rtb-own');
  });
  test("is else the main table of its own VPC, never another VPC's", () => {
    expect(routeTableOf({ ...beforePeering, routeTables: [foreign, main] }, 'subnet-1')?.id).toBe('rtb-main');
    expect(routeTableOf({ ...beforePeering, routeTables: [foreign] }, 'subnet-1')).toBeUndefined();
  });
  test('may be a main table that is also associated explicitly', () => {
    const topology = change({ ...beforePeering, routeTables: [foreign] }, 'routeTables', 'rtb-foreign', {
      subnetIds: ['subnet-2'],
    });
    expect(routeTableOf(topology, 'subnet-2')?.id).toBe('rtb-foreign');
  });
});

describe('the route of a packet', () => {
  test.each<[string, string, Route[], string]>([
    ['the peering route is longer than the default', '10.2.5.5', lab, 'pcx-1'],
    ['what no other route holds takes the default', '10.3.0.1', lab, 'igw-1'],
    ['without a default there is none', '10.3.0.1', lab.slice(0, 2), 'none'],
    ['the order of the routes does not matter', '10.2.5.5', lab.toReversed(), 'pcx-1'],
    [
      'a static route goes before a propagated one of the same length',
      '10.9.0.1',
      [{ ...active('10.9.0.0/16', { kind: 'other', id: 'vgw-1' }), propagated: true }, toPeer('10.9.0.0/16')],
      'pcx-1',
    ],
    [
      'a longer propagated route goes before a static one',
      '10.9.0.1',
      [{ ...active('10.9.0.0/24', { kind: 'other', id: 'vgw-1' }), propagated: true }, toPeer('10.9.0.0/16')],
      'vgw-1',
    ],
    [
      'the local route goes before every propagated one',
      '10.1.0.1',
      [local('10.1.0.0/16'), { ...active('10.1.0.0/24', { kind: 'other', id: 'vgw-1' }), propagated: true }],
      'route',
    ],
    [
      'a filtered route takes no part',
      '10.2.5.5',
      [{ ...toPeer('10.2.0.0/16'), state: 'filtered' }, toGateway('igw-1')],
      'igw-1',
    ],
    [
      'a blackhole hides the shorter route',
      '10.2.5.5',
      [{ ...toPeer('10.2.0.0/16'), state: 'blackhole' }, toGateway('igw-1')],
      'pcx-1',
    ],
    ['a prefix list that might hold the address leaves it open', '52.1.1.1', [...lab, endpoint('tgw-1')], 'undecided'],
    ['a prefix list with the same target changes nothing', '52.1.1.1', [...lab, endpoint('igw-1')], 'igw-1'],
    ["a gateway endpoint's list holds no private address", '10.2.5.5', [...lab, endpoint('vpce-1')], 'pcx-1'],
    ["a gateway endpoint's list may hold a public one", '52.1.1.1', [...lab, endpoint('vpce-1')], 'undecided'],
    [
      'a prefix list cannot beat a whole static address',
      '52.1.1.1',
      [toPeer('52.1.1.1/32'), endpoint('tgw-1')],
      'pcx-1',
    ],
    [
      'an IPv6 default holds no IPv4 address',
      '52.1.1.1',
      [active('::/0', { kind: 'internet-gateway', id: 'igw-1' })],
      'none',
    ],
  ])('%s', (_, address, routes, expected) => expect(chosen(address, ...routes)).toBe(expected));
});
