import { describe, expect, test } from 'vitest';
import type { Flow } from '../../../src/model/network/filter.ts';
import { networkAclDecision, networkAclOf } from '../../../src/model/network/network-acl.ts';
import { securityGroupDecision } from '../../../src/model/network/security-group.ts';
import type { NetworkAclEntry, SecurityGroupRule, Topology } from '../../../src/model/network/topology.ts';
import { A, B, beforePeering, change, openAcl, peered, peering } from './two-vpcs.ts';

const ping: Flow = { protocol: 'icmp', source: A.privateIp, destination: B.privateIp, icmpType: 8 };
const reply: Flow = { protocol: 'icmp', source: B.privateIp, destination: A.privateIp, icmpType: 0 };
const ssh: Flow = {
  protocol: 'tcp',
  source: A.privateIp,
  destination: B.privateIp,
  sourcePort: 50_000,
  destinationPort: 22,
};

const anywhere = { kind: 'cidr', cidr: '0.0.0.0/0' } as const;
function rule(protocol: string, fromPort?: number, toPort?: number): SecurityGroupRule {
  return {
    protocol,
    ...(fromPort !== undefined && { fromPort }),
    ...(toPort !== undefined && { toPort }),
    peer: anywhere,
  };
}
function admit(topology: Topology, ingress: SecurityGroupRule[], flow: Flow = ping) {
  return securityGroupDecision(change(topology, 'securityGroups', 'sg-2', { ingress }), B.eni, 'ingress', flow);
}

describe('a security group', () => {
  // The shapes seen in real accounts (VPC User Guide, Security group rules; EC2 API, IpPermission).
  test.each<[string, SecurityGroupRule, Flow, string]>([
    ['All ICMP - IPv4 allows ping', rule('icmp', -1, -1), ping, 'passed'],
    ['echo request of any code allows ping', rule('icmp', 8, -1), ping, 'passed'],
    ['echo request of code 0 allows ping', rule('icmp', 8, 0), ping, 'passed'],
    ['all traffic allows ping', rule('-1'), ping, 'passed'],
    ['the number of ICMP allows ping', rule('1', -1, -1), ping, 'passed'],
    ['echo request of a code that no ping has does not', rule('icmp', 8, 1), ping, 'stopped'],
    ['echo reply alone does not', rule('icmp', 0, -1), ping, 'stopped'],
    ['fragmentation needed alone does not', rule('icmp', 3, 4), ping, 'stopped'],
    ['ICMPv6 does not', rule('icmpv6', -1, -1), ping, 'stopped'],
    ['all TCP does not', rule('tcp', 0, 65535), ping, 'stopped'],
    ['port 22 allows SSH', rule('tcp', 22, 22), ssh, 'passed'],
    ['a range holds its last port', rule('6', 20, 22), ssh, 'passed'],
    ['another port does not', rule('tcp', 80, 80), ssh, 'stopped'],
    ['the same port of UDP does not', rule('udp', 22, 22), ssh, 'stopped'],
  ])('rule for %s', (_, only, flow, outcome) => expect(admit(peered, [only], flow).outcome).toBe(outcome));

  test.each<[string, SecurityGroupRule['peer'], string]>([
    ["the peer VPC's block", { kind: 'cidr', cidr: A.cidr }, 'passed'],
    ["the sender's own address", { kind: 'cidr', cidr: `${A.privateIp}/32` }, 'passed'],
    ["the sender's public address", { kind: 'cidr', cidr: `${A.publicIp}/32` }, 'stopped'],
    ['every IPv6 address', { kind: 'cidr6', cidr: '::/0' }, 'stopped'],
    ["the sender's group", { kind: 'group', groupId: 'sg-1' }, 'passed'],
    ["the receiver's own group", { kind: 'group', groupId: 'sg-2' }, 'stopped'],
    ['a group that is gone', { kind: 'group', groupId: 'sg-gone' }, 'stopped'],
    ['a prefix list', { kind: 'prefix-list', id: 'pl-1' }, 'undecided'],
  ])('that allows ping from %s: the private ping is judged right', (_, peer, outcome) => {
    expect(admit(peered, [{ protocol: 'icmp', fromPort: -1, toPort: -1, peer }]).outcome).toBe(outcome);
  });

  const fromGroup: SecurityGroupRule = { protocol: '-1', peer: { kind: 'group', groupId: 'sg-1' } };

  test('refers to a group by private addresses only, so a public ping does not match it', () => {
    expect(admit(peered, [fromGroup], { ...ping, source: A.publicIp })).toMatchObject({
      outcome: 'stopped',
      code: 'ENI_SG_RULES_MISMATCH',
    });
  });

  test.each([
    ['without a peering connection', []],
    ['over one that is not active', [{ ...peering, status: 'pending-acceptance' as const }]],
    ['over one to another Region', [{ ...peering, accepter: { ...peering.accepter, region: 'eu-west-1' } }]],
  ])("cannot refer to another VPC's group %s", (_, peeringConnections) => {
    expect(admit({ ...peered, peeringConnections }, [fromGroup]).outcome).toBe('stopped');
  });

  test("cannot tell who is in a peer account's group", () => {
    const foreign = {
      ...peered,
      vpcs: peered.vpcs.filter(({ id }) => id !== A.vpc),
      networkInterfaces: peered.networkInterfaces.filter(({ vpcId }) => vpcId !== A.vpc),
    };
    expect(admit(foreign, [fromGroup])).toMatchObject({ outcome: 'undecided', code: 'UNKNOWN_PEERED_SGS' });
    expect(admit(foreign, [fromGroup], { ...ping, source: '10.9.0.1' }).outcome).toBe('stopped');
    const withBlocks = (...cidrs: string[]) => ({
      ...foreign,
      peeringConnections: [{ ...peering, requester: { ...peering.requester, cidrs } }],
    });
    expect(admit(withBlocks('10.9.0.0/16', A.cidr), [fromGroup]).outcome).toBe('undecided');
    const { cidrs: _, ...side } = peering.requester;
    const notTold = { ...foreign, peeringConnections: [{ ...peering, requester: side }] };
    expect(admit(notTold, [fromGroup], { ...ping, source: '10.9.0.1' }).outcome).toBe('undecided');
  });

  test('says which rule allowed, and which rules there are where none does', () => {
    expect(admit(peered, [rule('icmp', 8, 0)])).toEqual({
      outcome: 'passed',
      id: 'sg-2',
      rule: 'sg-2 (vpc-2 group) ingress: icmp type 8 code 0 0.0.0.0/0',
    });
    const refused = admit(peered, [rule('tcp', 22, 22), rule('icmp', 0, -1)]);
    expect(refused).toMatchObject({ outcome: 'stopped', id: 'sg-2', code: 'ENI_SG_RULES_MISMATCH' });
    expect(refused.rule).toContain('icmp type 8 from 10.1.11.66 to 10.2.9.247');
    expect(refused.rule).toContain('tcp 22 0.0.0.0/0; icmp type 0 0.0.0.0/0');
  });

  test('without any rules has its own code', () => {
    expect(admit(peered, [])).toMatchObject({ outcome: 'stopped', code: 'SG_HAS_NO_RULES' });
  });

  test('of several allows what any of them allows', () => {
    const both = change(peered, 'networkInterfaces', B.eni, { groupIds: ['sg-3', 'sg-2'] });
    const [template] = peered.securityGroups;
    const empty = template ? [{ ...template, id: 'sg-3', ingress: [] }] : [];
    const topology = { ...both, securityGroups: [...empty, ...both.securityGroups] };
    expect(securityGroupDecision(topology, B.eni, 'ingress', ping)).toMatchObject({ outcome: 'passed', id: 'sg-2' });
  });

  test('that could not be read leaves open what the others do not allow', () => {
    const topology = change(peered, 'networkInterfaces', B.eni, { groupIds: ['sg-unread'] });
    expect(securityGroupDecision(topology, B.eni, 'ingress', ping)).toMatchObject({
      outcome: 'undecided',
      id: 'sg-unread',
    });
  });
});

function acl(...entries: Partial<NetworkAclEntry>[]) {
  const base = { ruleNumber: 100, egress: false, action: 'allow', protocol: '1', cidr: '0.0.0.0/0' } as const;
  return { ...openAcl('acl-2', B.vpc), entries: entries.map((entry) => ({ ...base, ...entry })) };
}

describe('a network ACL', () => {
  test.each<[string, Partial<NetworkAclEntry>[], Flow, string]>([
    ['without a rule that fits denies', [], ping, 'stopped'],
    ['all protocols', [{ protocol: '-1' }], ping, 'passed'],
    ['all ICMP', [{ icmp: { type: -1, code: -1 } }], ping, 'passed'],
    ['echo requests', [{ icmp: { type: 8, code: -1 } }], ping, 'passed'],
    ['echo requests, and a reply comes', [{ icmp: { type: 8, code: -1 } }], reply, 'stopped'],
    ['echo requests of a code that no ping has', [{ icmp: { type: 8, code: 1 } }], ping, 'stopped'],
    ['echo replies', [{ icmp: { type: 0, code: 0 } }], reply, 'passed'],
    [
      'ephemeral TCP ports, which are nothing to ICMP',
      [{ protocol: '6', ports: { from: 1024, to: 65535 } }],
      reply,
      'stopped',
    ],
    ['another source', [{ protocol: '-1', cidr: '10.9.0.0/16' }], ping, 'stopped'],
    ['the other direction only', [{ protocol: '-1', egress: true }], ping, 'stopped'],
    [
      'a deny with a lower number wins',
      [
        { protocol: '-1', ruleNumber: 200 },
        { action: 'deny', ruleNumber: 50 },
      ],
      ping,
      'stopped',
    ],
    [
      'a deny with a higher number is never reached',
      [
        { action: 'deny', ruleNumber: 200 },
        { protocol: '-1', ruleNumber: 50 },
      ],
      ping,
      'passed',
    ],
    ['port 22', [{ protocol: '6', ports: { from: 22, to: 22 } }], ssh, 'passed'],
    ['port 80', [{ protocol: '6', ports: { from: 80, to: 80 } }], ssh, 'stopped'],
  ])('with rules for %s', (_, entries, flow, outcome) => {
    expect(networkAclDecision(acl(...entries), 'ingress', flow).outcome).toBe(outcome);
  });

  test('names the rule by which it decided', () => {
    expect(networkAclDecision(acl({ icmp: { type: 8, code: -1 }, action: 'deny' }), 'ingress', ping)).toMatchObject({
      code: 'SUBNET_ACL_RESTRICTION',
      rule: expect.stringContaining('acl-2 ingress rule 100: deny icmp type 8 from 0.0.0.0/0'),
    });
    expect(networkAclDecision(acl(), 'ingress', ping).rule).toContain('rule *: deny all');
  });

  test("of a subnet is the associated one, else its own VPC's default one", () => {
    const own = { ...openAcl('acl-own', B.vpc), isDefault: false, subnetIds: ['subnet-2'] };
    expect(networkAclOf(beforePeering, 'subnet-2')?.id).toBe('acl-2');
    expect(networkAclOf({ ...beforePeering, networkAcls: [...beforePeering.networkAcls, own] }, 'subnet-2')?.id).toBe(
      'acl-own',
    );
  });
});
