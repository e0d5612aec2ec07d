/** `labproof path` without its command line: from a network and a question to hops, records and words. */
import { describe, expect, test } from 'vitest';
import type { CloudIdentity } from '../../src/check.ts';
import type { Topology } from '../../src/model/network/topology.ts';
import { pathText } from '../../src/plain/path.ts';
import { type PathRequest, pathIn } from '../../src/run/path.ts';
import { withInstance, withInterface } from '../model/network/build.ts';
import { A, B, beforePeering, change, local, peered, toPeer, withRoutes } from '../model/network/two-vpcs.ts';

const cloud: CloudIdentity = { kind: 'sandbox', account: '123456789012', region: 'us-east-1', partition: 'aws' };
const named = (topology: Topology) =>
  change(change(topology, 'instances', 'i-1', { tags: { Name: 'one' } }), 'instances', 'i-2', {
    tags: { Name: 'two' },
  });
const path = (topology: Topology, from: string, to: string, protocol: PathRequest['protocol'] = { name: 'icmp' }) =>
  pathIn(cloud, topology, { from, to, protocol });

describe('the places', () => {
  test.each([
    ['i-1', 'i-2'],
    ['one', 'two'],
    ['eni-1', 'eni-2'],
    [A.privateIp, B.privateIp],
    [A.publicIp, 'two'],
  ])('from %s to %s is the same way', (from, to) => {
    expect(path(named(peered), from, to)).toEqual(path(named(peered), 'i-1', 'i-2'));
    expect(path(named(peered), from, to)).toMatchObject({
      from: { address: A.privateIp, interface: 'eni-1', instance: 'i-1', name: 'one' },
      to: { address: B.privateIp, interface: 'eni-2', instance: 'i-2', name: 'two' },
      verdict: 'delivered',
    });
  });

  test.each([
    '10.200.1.1',
    '100.64.0.1',
    '127.0.0.1',
  ])('%s, which nobody here has, is no host on the internet', (from) => {
    expect(() => path(peered, from, B.publicIp)).toThrow(`Nothing here has ${from}, and no host on the internet can`);
  });

  test('an address that nobody here has is on the internet', () => {
    expect(path(beforePeering, '203.0.113.12', B.publicIp)).toMatchObject({
      from: { address: '203.0.113.12' },
      to: { address: B.publicIp, interface: 'eni-2' },
      verdict: 'delivered',
    });
  });

  test('from the internet, an instance that is named is reached by its public address', () => {
    const named = path(beforePeering, '203.0.113.12', 'i-2');
    expect(named).toMatchObject({ to: { address: B.publicIp, instance: 'i-2' }, verdict: 'delivered' });
    expect(path(beforePeering, '203.0.113.12', B.privateIp).verdict).toBe('dropped');
  });

  test('an instance with several interfaces sends from the one in whose subnet the address is', () => {
    const second = withInterface(
      {
        ...peered,
        subnets: [
          ...peered.subnets,
          {
            ...peered.subnets[0],
            id: 'subnet-9',
            vpcId: A.vpc,
            cidr: '10.1.99.0/24',
            availabilityZone: 'a',
            mapPublicIpOnLaunch: false,
            tags: {},
          },
        ],
      },
      'second',
      'subnet-9',
      '10.1.99.5',
      { instanceId: 'i-1', deviceIndex: 1 },
    );
    const topology = withInstance(second, 'n', 'subnet-9', '10.1.99.9');
    expect(path(topology, 'i-1', '10.1.99.9').from.interface).toBe('eni-second');
    expect(path(topology, 'i-1', B.privateIp).from.interface).toBe('eni-1');
  });

  const twins = withInstance(peered, 'x', 'subnet-2', '10.2.3.3');
  test.each<[string, Topology, string, string, string]>([
    [
      'an unknown instance',
      named(peered),
      'i-9',
      'i-2',
      'There is no instance "i-9" here. There is: i-1 (one), i-2 (two).',
    ],
    ['an unknown name', peered, 'i-1', 'nobody', 'There is no instance "nobody" here. There is: i-1, i-2.'],
    [
      'an unknown interface',
      peered,
      'eni-9',
      'i-2',
      'There is no network interface "eni-9" here. There is: eni-1, eni-2.',
    ],
    [
      'an empty account',
      { ...peered, instances: [], networkInterfaces: [] },
      'i-1',
      'i-2',
      'There is none in this Region.',
    ],
    [
      'a name that two have',
      change(change(twins, 'instances', 'i-x', { tags: { Name: 'web' } }), 'instances', 'i-2', {
        tags: { Name: 'web' },
      }),
      'i-1',
      'web',
      'Several instances are named "web": i-2, i-x. Name one by its id.',
    ],
    [
      'an address that two have',
      change(twins, 'networkInterfaces', 'eni-x', { addresses: [{ address: A.privateIp, primary: true }] }),
      A.privateIp,
      'i-2',
      `Several network interfaces have ${A.privateIp}: eni-1, eni-x. Name one of them.`,
    ],
    [
      'a terminated instance',
      {
        ...change(peered, 'instances', 'i-1', { state: 'terminated' }),
        networkInterfaces: peered.networkInterfaces.slice(1),
      },
      'i-1',
      'i-2',
      'Instance i-1 is terminated and has no network interface any more.',
    ],
  ])('%s is said so', (_, topology, from, to, message) => {
    expect(() => path(topology, from, to)).toThrow(message);
  });
});

describe('the result', () => {
  test('has both ways hop by hop, the cause with its meaning, and what flow logs record', () => {
    const oneWay = withRoutes(peered, 'rtb-2', local(B.cidr));
    expect(path(oneWay, 'i-1', 'i-2')).toEqual({
      schema: 'labproof/path/v1',
      cloud: { kind: 'sandbox', account: '123456789012', region: 'us-east-1' },
      from: { address: A.privateIp, interface: 'eni-1', instance: 'i-1' },
      to: { address: B.privateIp, interface: 'eni-2', instance: 'i-2' },
      protocol: 'icmp',
      verdict: 'dropped',
      request: {
        outcome: 'delivered',
        hops: expect.arrayContaining([expect.objectContaining({ component: 'peering' })]),
      },
      answer: {
        outcome: 'dropped',
        hops: expect.arrayContaining([expect.objectContaining({ component: 'route-table', outcome: 'stopped' })]),
      },
      stoppedAt: {
        leg: 'answer',
        component: 'route-table',
        id: 'rtb-2',
        outcome: 'stopped',
        code: 'NO_ROUTE_TO_DESTINATION',
        rule: `no route to ${A.privateIp}; it has 10.2.0.0/16 -> local`,
        meaning: 'The route table has no route whose destination holds this address.',
      },
      unread: [],
      records: [
        { interfaceId: 'eni-1', direction: 'egress', source: A.privateIp, destination: B.privateIp, action: 'ACCEPT' },
        { interfaceId: 'eni-2', direction: 'ingress', source: A.privateIp, destination: B.privateIp, action: 'ACCEPT' },
        { interfaceId: 'eni-2', direction: 'egress', source: B.privateIp, destination: A.privateIp, action: 'ACCEPT' },
      ],
    });
  });

  test('is about the port that was asked for', () => {
    expect(path(peered, 'i-1', 'i-2', { name: 'tcp', port: 22 })).toMatchObject({
      protocol: 'tcp:22',
      verdict: 'delivered',
    });
    expect(path(peered, 'i-1', 'i-2', { name: 'tcp', port: 443 })).toMatchObject({
      verdict: 'dropped',
      stoppedAt: { code: 'ENI_SG_RULES_MISMATCH', id: 'sg-2' },
    });
  });

  test('is indeterminate where the model does not follow', () => {
    expect(path(peered, 'i-1', '2600:1f18::5').verdict).toBe('indeterminate');
    expect(path(withRoutes(peered, 'rtb-1', toPeer('pl-1')), 'i-1', 'i-2')).toMatchObject({
      verdict: 'indeterminate',
      stoppedAt: { code: 'PREFIX_LIST_NOT_READ' },
    });
  });
});

describe('in words', () => {
  const text = (topology: Topology, width = 80) =>
    pathText(path(named(topology), 'one', 'two'), { colour: false, width });

  test('the lab’s first ping is stopped at the internet gateway, and what is missing is named', () => {
    expect(text(beforePeering)).toBe(
      [
        `icmp from i-1 "one" (${A.privateIp}) to i-2 "two" (${B.privateIp})`,
        '',
        'Request: dropped',
        '  ✓ instance i-1',
        '      is running',
        '  ✓ security group sg-1',
        '      (vpc-1 group) egress: all 0.0.0.0/0',
        '  ✓ network acl acl-1',
        '      egress rule 100: allow all to 0.0.0.0/0',
        '  ✓ route table rtb-1',
        '      0.0.0.0/0 -> igw-1 (active)',
        '  ✗ internet gateway igw-1',
        `      ${B.privateIp} is a private address (RFC 1918); no other route of rtb-1 holds`,
        '      it',
        '',
        'Answer: none, as nothing arrived',
        '',
        'The request is stopped at internet gateway igw-1: The packet was routed to an',
        'internet gateway, which delivers nothing to a private address (RFC 1918).',
        '(IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS)',
        '',
        'Flow logs record:',
        `  eni-1: ${A.privateIp} ${B.privateIp} ACCEPT (egress)`,
      ].join('\n'),
    );
  });

  test('one that is answered says so', () => {
    expect(text(peered)).toContain('The packet arrives, and its answer comes back.');
  });

  test('no line is wider than the terminal', () => {
    for (const line of text(peered, 40).split('\n')) expect(line.length).toBeLessThanOrEqual(40);
  });

  test('names from the account cannot write to the terminal', () => {
    const hostile = change(peered, 'instances', 'i-1', { tags: { Name: '\u001b[2Jone\nRequest: delivered' } });
    expect(pathText(path(hostile, 'i-1', 'i-2'), { colour: false, width: 80 }).split('\n')[0]).toBe(
      `icmp from i-1 "one Request: delivered" (${A.privateIp}) to i-2 (${B.privateIp})`,
    );
  });
});
