/** The rules of docs/network.md by their names there: security groups. */
import { describe, expect, test } from 'vitest';
import type { NetworkAclEntry, SecurityGroupRule } from '../../../../src/model/network/topology.ts';
import { allowAll, anywhere, withInstance, withSubnet } from '../build.ts';
import { A, B, change, local, peered, withRoutes } from '../two-vpcs.ts';
import { fate, group, ping, tcp, toInterface } from './words.ts';

describe('security groups', () => {
  const rule = (
    protocol: string,
    ports: { fromPort?: number; toPort?: number } = {},
    cidr = '0.0.0.0/0',
  ): SecurityGroupRule => ({
    protocol,
    ...ports,
    peer: { kind: 'cidr', cidr },
  });

  test('S1 the rules of all groups of the interface count, and nothing else is allowed', () => {
    const none = group(peered, 'sg-2');
    expect(fate(none, ping(B.privateIp))).toBe('request: SG_HAS_NO_RULES at security-group sg-2');
    const second = change(
      {
        ...none,
        securityGroups: [
          ...none.securityGroups,
          { id: 'sg-9', name: 'nine', vpcId: B.vpc, ingress: [allowAll], egress: [], tags: {} },
        ],
      },
      'networkInterfaces',
      B.eni,
      { groupIds: ['sg-2', 'sg-9'] },
    );
    expect(fate(second, ping(B.privateIp))).toBe('answered');
  });

  test('S2 the answer to an allowed ping is allowed, whatever the rules of the other direction', () => {
    const closed = change(change(peered, 'securityGroups', 'sg-1', { ingress: [] }), 'securityGroups', 'sg-2', {
      egress: [],
    });
    expect(fate(closed, ping(B.privateIp))).toBe('answered');
  });

  test('S3 of TCP, too, the answer to what was allowed is allowed', () => {
    const closed = change(group(peered, 'sg-1'), 'securityGroups', 'sg-2', { egress: [] });
    expect(fate(closed, tcp(B.privateIp, 22))).toBe('answered');
    expect(fate(closed, tcp(B.privateIp, 80))).toBe('request: ENI_SG_RULES_MISMATCH at security-group sg-2');
  });

  test.each<[string, SecurityGroupRule, boolean]>([
    ['icmp -1/-1', rule('icmp', { fromPort: -1, toPort: -1 }), true],
    ['icmp 8/-1', rule('icmp', { fromPort: 8, toPort: -1 }), true],
    ['icmp 8/0', rule('icmp', { fromPort: 8, toPort: 0 }), true],
    ['1 8/-1', rule('1', { fromPort: 8, toPort: -1 }), true],
    ['all traffic', rule('-1'), true],
    ['icmp 0/-1, the reply only', rule('icmp', { fromPort: 0, toPort: -1 }), false],
    ['icmp 3/4', rule('icmp', { fromPort: 3, toPort: 4 }), false],
    ['icmpv6', rule('icmpv6', { fromPort: -1, toPort: -1 }), false],
    ['58', rule('58', { fromPort: -1, toPort: -1 }), false],
    ['tcp 0-65535', rule('tcp', { fromPort: 0, toPort: 65_535 }), false],
  ])('S4 S5 %s lets a ping in, or not', (_, one, admitted) => {
    expect(fate(group(peered, 'sg-2', one), ping(B.privateIp))).toBe(
      admitted ? 'answered' : 'request: ENI_SG_RULES_MISMATCH at security-group sg-2',
    );
  });

  test.each<[string, SecurityGroupRule['peer'], boolean]>([
    ['anywhere', anywhere, true],
    ['the /32 of the sender', { kind: 'cidr', cidr: `${A.privateIp}/32` }, true],
    ["the peer VPC's block", { kind: 'cidr', cidr: A.cidr }, true],
    ["the sender's public address", { kind: 'cidr', cidr: `${A.publicIp}/32` }, false],
    ['a prefix list that holds it', { kind: 'prefix-list', id: 'pl-a' }, true],
    ['a prefix list that does not', { kind: 'prefix-list', id: 'pl-b' }, false],
    ['an IPv6 block', { kind: 'cidr6', cidr: '::/0' }, false],
  ])('S6 a source of %s is compared with where the packet really comes from', (_, peer, admitted) => {
    const prefixLists = [
      { id: 'pl-a', name: 'a', cidrs: [A.cidr] },
      { id: 'pl-b', name: 'b', cidrs: ['10.99.0.0/16'] },
    ];
    const topology = { ...group(peered, 'sg-2', { protocol: '-1', peer }), prefixLists };
    expect(fate(topology, ping(B.privateIp))).toBe(
      admitted ? 'answered' : 'request: ENI_SG_RULES_MISMATCH at security-group sg-2',
    );
  });

  test('S7 behind an appliance the group of the sender is not preserved', () => {
    let topology = withSubnet(peered, 'subnet-8', A.vpc, '10.1.80.0/24', local(A.cidr));
    topology = withSubnet(topology, 'subnet-9', A.vpc, '10.1.99.0/24', local(A.cidr));
    topology = withInstance(topology, 'box', 'subnet-8', '10.1.80.8', { sourceDestCheck: false });
    topology = withInstance(topology, 'n', 'subnet-9', '10.1.99.9');
    topology = group(topology, 'sg-n', { protocol: '-1', peer: { kind: 'group', groupId: 'sg-1' } });
    expect(fate(topology, ping('10.1.99.9'))).toBe('answered');
    const inspected = withRoutes(topology, 'rtb-1', local(A.cidr), toInterface('10.1.99.0/24', 'eni-box'));
    expect(fate(inspected, ping('10.1.99.9'))).toBe('request: SG_REFERENCES_NOT_PRESERVED at security-group sg-n');
  });

  test('S8 a group of another VPC counts where an interface has it', () => {
    const shared = change(peered, 'networkInterfaces', B.eni, { groupIds: ['sg-1'] });
    expect(fate(shared, ping(B.privateIp))).toBe('answered');
  });

  test('S9 a ping asks with ICMP type 8 and is answered with type 0', () => {
    const only = (type: number): NetworkAclEntry[] => [
      { ruleNumber: 1, egress: true, action: 'allow', protocol: '1', cidr: '0.0.0.0/0', icmp: { type, code: -1 } },
      { ruleNumber: 1, egress: false, action: 'allow', protocol: '-1', cidr: '0.0.0.0/0' },
    ];
    expect(fate(change(peered, 'networkAcls', 'acl-1', { entries: only(8) }), ping(B.privateIp))).toBe('answered');
    expect(fate(change(peered, 'networkAcls', 'acl-2', { entries: only(0) }), ping(B.privateIp))).toBe('answered');
    expect(fate(change(peered, 'networkAcls', 'acl-1', { entries: only(0) }), ping(B.privateIp))).toContain(
      'SUBNET_ACL_RESTRICTION',
    );
  });
});
