/** The rules of docs/network.md by their names there: interfaces. */
import { describe, expect, test } from 'vitest';
import type { Topology } from '../../../../src/model/network/topology.ts';
import { walk } from '../../../../src/model/network/walk.ts';
import { withInstance, withInterface, withSubnet } from '../build.ts';
import { A, B, beforePeering, change, local, peered, withRoutes } from '../two-vpcs.ts';
import { fate, ping, records, toInterface } from './words.ts';

describe('interfaces, instances and hosts', () => {
  function behind(sourceDestCheck: boolean): Topology {
    let topology = withSubnet(peered, 'subnet-8', A.vpc, '10.1.80.0/24', local(A.cidr));
    topology = withSubnet(topology, 'subnet-9', A.vpc, '10.1.99.0/24', local(A.cidr));
    topology = withInstance(topology, 'box', 'subnet-8', '10.1.80.8', { sourceDestCheck });
    topology = withInstance(topology, 'n', 'subnet-9', '10.1.99.9');
    return withRoutes(topology, 'rtb-1', local(A.cidr), toInterface('10.1.99.0/24', 'eni-box'));
  }

  test('E1 the source/destination check refuses what is for somebody else', () => {
    expect(fate(behind(true), ping('10.1.99.9'))).toBe(
      'request: ENI_SOURCE_DEST_CHECK_RESTRICTION at network-interface eni-box',
    );
    expect(fate(behind(false), ping('10.1.99.9'))).toBe('answered');
  });

  test('E1 an instance that forwards must run', () => {
    expect(fate(change(behind(false), 'instances', 'i-box', { state: 'stopped' }), ping('10.1.99.9'))).toBe(
      'request: INSTANCE_NOT_RUNNING at instance i-box',
    );
  });

  test('E1 what an appliance sends to the internet for a host without a public address is open: it may translate', () => {
    let topology = withSubnet(
      beforePeering,
      'subnet-p',
      A.vpc,
      '10.1.64.0/24',
      local(A.cidr),
      toInterface('0.0.0.0/0', 'eni-box'),
    );
    topology = withInstance(topology, 'box', 'subnet-1', '10.1.0.8', {
      sourceDestCheck: false,
      publicIp: '35.179.1.8',
    });
    topology = withInstance(topology, 'p', 'subnet-p', '10.1.64.5');
    expect(fate(topology, ping('8.8.8.8', 'eni-p'))).toBe('request: UNKNOWN_TRANSLATION at internet-gateway igw-1');
  });

  test('E1 a route to an interface that is attached to nothing leads nowhere', () => {
    const topology = withInterface(
      withRoutes(peered, 'rtb-1', local(A.cidr), toInterface(B.cidr, 'eni-x')),
      'x',
      'subnet-1',
      '10.1.0.8',
      { attached: false },
    );
    expect(fate(topology, ping(B.privateIp))).toBe('request: BAD_STATE_ATTACHMENT at network-interface eni-x');
  });

  test('E1 a packet sent round in a circle of routes is stopped', () => {
    const circle = withRoutes(behind(false), 'rtb-subnet-8', local(A.cidr), toInterface('10.1.99.0/24', 'eni-box'));
    expect(fate(circle, ping('10.1.99.9'))).toBe('request: FORWARDING_LOOP at appliance i-box');
  });

  test('E1 a host takes what is for any of its addresses: from itself without a packet, from others by either interface', () => {
    const second = (topology: Topology) =>
      withInterface(topology, 'second', 'subnet-9', '10.1.99.50', { instanceId: 'i-box', deviceIndex: 1 });
    const topology = second(behind(false));
    expect(walk(topology, ping('10.1.99.50', 'eni-box'))).toMatchObject({ answer: 'delivered', crossings: [] });
    expect(walk(topology, ping('10.1.99.50'))).toMatchObject({ request: 'delivered', receiverId: 'eni-second' });
  });

  test('E2 each private address has its own public one', () => {
    const addresses = [
      { address: B.privateIp, primary: true },
      { address: '10.2.9.99', primary: false, publicIp: '35.179.2.99' },
    ];
    const topology = change(peered, 'networkInterfaces', B.eni, { addresses });
    expect(fate(topology, ping('35.179.2.99'))).toBe('answered');
    expect(records(topology, ping('35.179.2.99'))[1]).toBe(`eni-2 ${A.publicIp} ${B.privateIp} ACCEPT`);
  });

  test.each([
    'pending',
    'shutting-down',
    'terminated',
    'stopping',
    'stopped',
  ] as const)('E3 an instance that is %s neither sends nor answers', (state) => {
    expect(fate(change(peered, 'instances', 'i-2', { state }), ping(B.privateIp))).toBe(
      'request: INSTANCE_NOT_RUNNING at instance i-2',
    );
    expect(fate(change(peered, 'instances', 'i-1', { state }), ping(B.privateIp))).toBe(
      'request: INSTANCE_NOT_RUNNING at instance i-1',
    );
  });
});
