/** The rules of docs/network.md by their names there: network acls. */
import { describe, expect, test } from 'vitest';
import type { NetworkAclEntry } from '../../../../src/model/network/topology.ts';
import { withInstance, withSubnet } from '../build.ts';
import { A, B, change, peered } from '../two-vpcs.ts';
import { fate, ping, records, tcp } from './words.ts';

describe('network ACLs', () => {
  const entry = (
    ruleNumber: number,
    egress: boolean,
    action: 'allow' | 'deny',
    protocol = '-1',
    more: Partial<NetworkAclEntry> = {},
  ): NetworkAclEntry => ({
    ruleNumber,
    egress,
    action,
    protocol,
    cidr: '0.0.0.0/0',
    ...more,
  });
  const open = [entry(100, true, 'allow'), entry(100, false, 'allow')];
  const acl2 = (...entries: NetworkAclEntry[]) => change(peered, 'networkAcls', 'acl-2', { entries });
  const denied = (leg: string) => `${leg}: SUBNET_ACL_RESTRICTION at network-acl acl-2`;

  test('N1 the lowest number that fits decides, and what no rule fits is denied', () => {
    expect(fate(acl2(...open, entry(99, false, 'deny', '1')), ping(B.privateIp))).toBe(denied('request'));
    expect(fate(acl2(...open, entry(101, false, 'deny', '1')), ping(B.privateIp))).toBe('answered');
    expect(fate(acl2(entry(100, true, 'allow')), ping(B.privateIp))).toBe(denied('request'));
  });

  test('N2 it is asked where traffic enters or leaves a subnet, not inside one', () => {
    const inside = withInstance(acl2(), 'n', 'subnet-2', '10.2.3.3');
    expect(fate(inside, ping('10.2.3.3', B.eni))).toBe('answered');
    const across = withInstance(withSubnet(acl2(), 'subnet-9', B.vpc, '10.2.99.0/24'), 'n', 'subnet-9', '10.2.99.9');
    expect(fate(across, ping('10.2.99.9', B.eni))).toBe(denied('request'));
  });

  test.each<[string, Partial<NetworkAclEntry>, boolean]>([
    ['type -1', { icmp: { type: -1, code: -1 } }, true],
    ['type 8', { icmp: { type: 8, code: -1 } }, true],
    ['type 8 code 0', { icmp: { type: 8, code: 0 } }, true],
    ['type 0', { icmp: { type: 0, code: -1 } }, false],
    ['no type at all', {}, true],
  ])('N3 an ICMP rule with %s admits a ping, or not', (_, more, admitted) => {
    const topology = acl2(entry(100, true, 'allow'), entry(100, false, 'allow', '1', more));
    expect(fate(topology, ping(B.privateIp))).toBe(admitted ? 'answered' : denied('request'));
  });

  test('N4 ephemeral ports do nothing for a ping', () => {
    const ephemeral = { ports: { from: 1024, to: 65_535 } };
    const topology = acl2(entry(100, false, 'allow'), entry(100, true, 'allow', '6', ephemeral));
    expect(fate(topology, ping(B.privateIp))).toBe(denied('answer'));
    expect(fate(topology, tcp(B.privateIp, 22))).toBe('answered');
  });

  test("N5 a subnet without an association has its VPC's default ACL", () => {
    const own = { id: 'acl-9', vpcId: B.vpc, isDefault: false, subnetIds: ['subnet-2'], entries: [] };
    expect(fate({ ...peered, networkAcls: [...peered.networkAcls, own] }, ping(B.privateIp))).toContain(
      'at network-acl acl-9',
    );
    expect(
      fate({ ...peered, networkAcls: [...peered.networkAcls, { ...own, subnetIds: [] }] }, ping(B.privateIp)),
    ).toBe('answered');
  });

  test("N6 it does not concern AWS's own addresses on the link", () => {
    const closed = change(peered, 'networkAcls', 'acl-1', { entries: [] });
    for (const to of ['169.254.169.254', '169.254.169.253', '169.254.169.123', '10.1.0.2'])
      expect(fate(closed, { ...tcp(to, 53), protocol: 'udp' })).toBe(
        `request: UNSUPPORTED_COMPONENT at network-interface ${to}`,
      );
  });

  test('N7 one that admits the request and denies the reply shows REJECT for the reply', () => {
    const topology = acl2(...open, entry(50, true, 'deny', '1', { icmp: { type: 0, code: -1 } }));
    expect(records(topology, ping(B.privateIp))).toEqual([
      `eni-1 ${A.privateIp} ${B.privateIp} ACCEPT`,
      `eni-2 ${A.privateIp} ${B.privateIp} ACCEPT`,
      `eni-2 ${B.privateIp} ${A.privateIp} REJECT`,
    ]);
  });
});
