/** The smallest lab that uses everything, and checks for it. */
import { defineCheck, pass } from '../../src/check.ts';
import type { Registry } from '../../src/lab/checks.ts';

const common = { needs: [], codes: {}, judge: () => pass() } as const;

export const checks: Registry = {
  'network/one': defineCheck({ ...common, title: 'One', params: { vpc: 'vpc', other: 'vpc' } }),
  'network/two': defineCheck({
    ...common,
    title: 'Two',
    params: { port: 'number', protocol: ['icmp', 'tcp'], reason: 'text' },
  }),
};

export const minimal = `format: 1
id: small
title: A small lab
version: 1.2.3
summary: Nothing much.
minutes: 5
cost: None.
resources:
  left: { kind: vpc, label: Left, cidr: 10.1.0.0/16, peeredWith: right }
  right: { kind: vpc, label: Right }
  peering: { kind: peering, label: Peering, between: [left, right] }
steps:
  - id: first
    title: First
    goal: Do it.
    why: Because.
    console: [Click.]
    hints: [One, Two, Three]
    checks:
      - { id: one, use: network/one, with: { vpc: left, other: right }, points: 60 }
      - { id: two, use: network/two, with: { port: 22, protocol: tcp, reason: so }, points: 40, after: [one] }
    questions:
      - { id: guess, kind: choice, when: before, prompt: Which?, options: [This, That], answer: 1, explanation: It is. }
    solution:
      - { call: ec2:CreateVpc, why: Left, makes: left, input: { CidrBlock: 10.1.0.0/16 }, save: { left: Vpc.VpcId, table: Vpc.X } }
      - { call: ec2:CreateRoute, why: Way, makes: left, input: { RouteTableId: '\${table}', VpcPeeringConnectionId: '\${peering}' } }
      - call: ec2:DescribeVpcs
        why: Look
        input: { VpcIds: ['\${left}', 'of \${account}'] }
        save: { cidr: 'Vpcs[0].CidrBlock' }
        until: { path: 'Vpcs[0].State', is: available, usually: a second }
questions:
  - { id: said, kind: text, prompt: What?, stem: It was …, sample: It was fine. }
`;
