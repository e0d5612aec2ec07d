/** The rules of docs/network.md by their names there: peering. */
import { describe, expect, test } from 'vitest';
import type { Topology } from '../../../../src/model/network/topology.ts';
import { walk } from '../../../../src/model/network/walk.ts';
import { withInstance, withSubnet } from '../build.ts';
import { A, active, B, change, local, peered, peering, toPeer, withRoutes } from '../two-vpcs.ts';
import { fate, group, ping } from './words.ts';

describe('VPC peering', () => {
  test.each([
    'initiating-request',
    'pending-acceptance',
    'deleted',
    'rejected',
    'failed',
    'expired',
    'provisioning',
    'deleting',
  ] as const)('P1 one that is %s carries nothing', (status) => {
    const topology = change(peered, 'peeringConnections', 'pcx-1', { status });
    expect(fate(topology, ping(B.privateIp))).toBe('request: PEERING_NOT_ACTIVE at peering pcx-1');
  });

  test('P2 a dead one beside the active one changes nothing', () => {
    const dead = { ...peering, id: 'pcx-0', status: 'deleted' } as const;
    expect(fate({ ...peered, peeringConnections: [dead, peering] }, ping(B.privateIp))).toBe('answered');
  });

  test('P3 each side needs its own route: without the one back the answer is lost at the other subnet', () => {
    const oneWay = withRoutes(peered, 'rtb-2', local(B.cidr));
    expect(fate(oneWay, ping(B.privateIp))).toBe('answer: NO_ROUTE_TO_DESTINATION at route-table rtb-2');
    const noWay = withRoutes(peered, 'rtb-1', local(A.cidr));
    expect(fate(noWay, ping(B.privateIp))).toBe('request: NO_ROUTE_TO_DESTINATION at route-table rtb-1');
  });

  const third = { id: 'vpc-3', cidrs: ['10.3.0.0/16'], isDefault: false, ownerId: '123456789012', tags: {} };
  const toThird = {
    ...peering,
    id: 'pcx-3',
    requester: peering.accepter,
    accepter: { ...peering.accepter, vpcId: 'vpc-3', cidrs: ['10.3.0.0/16'] },
  };
  let chain: Topology = { ...peered, vpcs: [...peered.vpcs, third], peeringConnections: [peering, toThird] };
  chain = withSubnet(
    chain,
    'subnet-3',
    'vpc-3',
    '10.3.0.0/20',
    local('10.3.0.0/16'),
    active('0.0.0.0/0', { kind: 'peering', id: 'pcx-3' }),
  );
  chain = withInstance(
    {
      ...chain,
      networkAcls: [
        ...chain.networkAcls,
        {
          ...chain.networkAcls[0],
          id: 'acl-3',
          vpcId: 'vpc-3',
          isDefault: true,
          subnetIds: [],
          entries: chain.networkAcls[0]?.entries ?? [],
        },
      ],
    },
    '3',
    'subnet-3',
    '10.3.0.3',
  );

  test('P4 peering is not transitive', () => {
    const topology = withRoutes(chain, 'rtb-1', local(A.cidr), toPeer('10.0.0.0/8'));
    expect(fate(topology, ping('10.3.0.3'))).toBe('request: PCX_REQUIRES_ADDRESS_IN_VPC_CIDR at peering pcx-1');
  });

  test("P4 a peer's internet gateway is not reached over peering", () => {
    const topology = withRoutes(peered, 'rtb-1', local(A.cidr), toPeer('0.0.0.0/0'));
    expect(fate(topology, ping('8.8.8.8'))).toBe('request: PCX_REQUIRES_ADDRESS_IN_VPC_CIDR at peering pcx-1');
  });

  test('P5 only a packet for the blocks of the peer crosses', () => {
    const topology = withRoutes(peered, 'rtb-1', local(A.cidr), toPeer('10.77.0.0/16'));
    expect(fate(topology, ping('10.77.0.1'))).toBe('request: PCX_REQUIRES_ADDRESS_IN_VPC_CIDR at peering pcx-1');
  });

  test('P6 with two peers of the same blocks the answer can go to the wrong one, whose interface has no request of its own', () => {
    const twin = { ...third, id: 'vpc-4', cidrs: [A.cidr] };
    const toTwin = { ...peering, id: 'pcx-4', requester: { ...peering.requester, vpcId: 'vpc-4' } };
    let topology: Topology = { ...peered, vpcs: [...peered.vpcs, twin], peeringConnections: [peering, toTwin] };
    topology = withInstance(
      withSubnet(topology, 'subnet-4', 'vpc-4', '10.1.0.0/20', local(A.cidr)),
      '4',
      'subnet-4',
      A.privateIp,
    );
    const astray = withRoutes(topology, 'rtb-2', local(B.cidr), active(A.cidr, { kind: 'peering', id: 'pcx-4' }));
    expect(fate(astray, ping(B.privateIp))).toBe('answer: ANSWER_TO_ANOTHER_INTERFACE at network-interface eni-4');
  });

  test('P7 a group of a peer VPC may be named in the same Region, while the peering is active', () => {
    const byGroup = group(peered, 'sg-2', {
      protocol: 'icmp',
      peer: { kind: 'group', groupId: 'sg-1', peeringId: 'pcx-1' },
    });
    expect(fate(byGroup, ping(B.privateIp))).toBe('answered');
    const far = change(byGroup, 'peeringConnections', 'pcx-1', {
      accepter: { ...peering.accepter, region: 'eu-west-1' },
    });
    expect(fate(far, ping(B.privateIp))).toBe('request: ENI_SG_RULES_MISMATCH at security-group sg-2');
  });

  test('P8 a rule for a group that is gone matches nothing', () => {
    const stale = group(peered, 'sg-2', {
      protocol: '-1',
      peer: { kind: 'group', groupId: 'sg-gone', peeringId: 'pcx-1' },
    });
    expect(fate(stale, ping(B.privateIp))).toBe('request: ENI_SG_RULES_MISMATCH at security-group sg-2');
  });

  test("P9 blocks that AWS does not tell are the VPC's own where it is known, and open where it is not", () => {
    const untold = change(peered, 'peeringConnections', 'pcx-1', {
      accepter: { vpcId: B.vpc, ownerId: '123456789012' },
    });
    expect(fate(untold, ping(B.privateIp))).toBe('answered');
    const foreign = { ...untold, vpcs: untold.vpcs.slice(0, 1) };
    expect(fate(foreign, ping(B.privateIp))).toBe('request: UNKNOWN_RESOURCE at peering pcx-1');
  });

  test('P10 it does not matter who requested it', () => {
    const turned = change(peered, 'peeringConnections', 'pcx-1', {
      requester: peering.accepter,
      accepter: peering.requester,
    });
    expect(walk(turned, ping(B.privateIp))).toEqual(walk(peered, ping(B.privateIp)));
  });
});
