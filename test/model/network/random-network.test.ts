/** What must hold of every network, tried on ten thousand random ones with everything in them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { networkAclDecision, networkAclOf } from '../../../src/model/network/network-acl.ts';
import type { Crossing, Packet, Walk } from '../../../src/model/network/packet.ts';
import { chooseRoute, routeText } from '../../../src/model/network/route.ts';
import { securityGroupDecision } from '../../../src/model/network/security-group.ts';
import type { Topology } from '../../../src/model/network/topology.ts';
import { walk } from '../../../src/model/network/walk.ts';
import { randomNetwork } from './random-network.ts';

const NETWORKS = 10_000;

/** Every property on networks of its own: together ten thousand. */
function everywhere(runs: number, property: (topology: Topology, packet: Packet, seed: number) => void): void {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const { topology, packets } = randomNetwork(seed);
      for (const packet of packets) property(topology, packet, seed);
    }),
    { numRuns: runs },
  );
}

const delivered = ({ request, answer }: Walk) => [request === 'delivered', answer === 'delivered'] as const;

function expectNoMoreDelivered(before: Walk, after: Walk): void {
  const [[request, answer], [laterRequest, laterAnswer]] = [delivered(before), delivered(after)];
  if (!request) expect(laterRequest).toBe(false);
  if (!answer) expect(laterAnswer).toBe(false);
}

test('no packet, however odd, hangs or throws, and what a walk tells hangs together', () => {
  const seen = new Set<string>();
  everywhere(NETWORKS * 0.4, (topology, packet) => {
    const { request, answer, hops, stoppedAt, crossings } = walk(topology, packet);
    expect(hops.length).toBeLessThan(200);
    if (answer !== 'none') expect(request).toBe('delivered');
    const arrived = request === 'delivered' && (answer === 'delivered' || answer === 'none');
    expect(stoppedAt === undefined).toBe(arrived);
    for (const { code, outcome } of hops) expect(code === undefined).toBe(outcome === 'passed');
    const rejected = crossings.findIndex(({ action }) => action === 'REJECT');
    if (rejected !== -1) expect(rejected).toBe(crossings.length - 1);
    seen.add(stoppedAt?.code ?? `answer ${answer}`);
  });
  // The networks are varied enough to meet these: a generator that only makes dead ones would prove nothing.
  for (const code of [
    'answer delivered',
    'ENI_SG_RULES_MISMATCH',
    'SUBNET_ACL_RESTRICTION',
    'NO_ROUTE_TO_DESTINATION',
    'BAD_STATE_ROUTE',
    'PEERING_NOT_ACTIVE',
    'FORWARDING_LOOP',
    'ENI_SOURCE_DEST_CHECK_RESTRICTION',
    'NGW_UNSOLICITED_TRAFFIC',
    'UNSUPPORTED_COMPONENT',
    'PCX_REQUIRES_ADDRESS_IN_VPC_CIDR',
  ])
    expect(seen).toContain(code);
});

/** The filters of one crossing, asked on their own. Inside a subnet there is no ACL. */
function judgedAlone(topology: Topology, crossing: Crossing, { protocol }: Packet): string {
  const { interfaceId, direction, packetSource: source, packetDestination: destination, leg, ...ports } = crossing;
  const at = topology.networkInterfaces.find(({ id }) => id === interfaceId);
  const icmp = protocol === 'icmp' && { icmpType: leg === 'request' ? 8 : 0 };
  const flow = {
    protocol,
    source,
    destination,
    sourcePort: ports.sourcePort,
    destinationPort: ports.destinationPort,
    ...icmp,
  };
  const acl = networkAclOf(topology, at?.subnetId ?? '');
  const groups = securityGroupDecision(topology, interfaceId, direction, flow);
  return [acl && networkAclDecision(acl, direction, flow).outcome, groups.outcome].includes('stopped')
    ? 'REJECT'
    : 'ACCEPT';
}

test('a walk agrees with each of its hops evaluated alone', () => {
  everywhere(NETWORKS * 0.2, (topology, packet) => {
    const { crossings, hops } = walk(topology, packet);
    const asked = new Set(
      hops.filter(({ component }) => component === 'network-acl').map(({ leg, id }) => `${leg} ${id}`),
    );
    for (const crossing of crossings) {
      const at = topology.networkInterfaces.find(({ id }) => id === crossing.interfaceId);
      const acl = networkAclOf(topology, at?.subnetId ?? '');
      const filtered = asked.has(`${crossing.leg} ${acl?.id}`) && at?.instanceId !== undefined;
      const plain = hops.every(({ component }) => component !== 'appliance' && component !== 'nat-gateway');
      if (
        crossing.leg === 'request' &&
        filtered &&
        plain &&
        hops.every(({ code }) => code !== 'VPC_BLOCK_PUBLIC_ACCESS_ENABLED')
      )
        expect(crossing.action).toBe(judgedAlone(topology, crossing, packet));
    }
    for (const { component, id, rule, outcome } of hops) {
      if (component !== 'route-table' || outcome !== 'passed') continue;
      const table = topology.routeTables.find((each) => each.id === id);
      const lists = (list: string) => topology.prefixLists.find((each) => each.id === list);
      const choices = crossings.flatMap(({ packetDestination }) => {
        const choice = table && chooseRoute(table, packetDestination, lists);
        return choice?.kind === 'route' ? [routeText(choice.route)] : [];
      });
      expect(choices).toContain(rule);
    }
  });
});

test('removing an allow rule of a group or an ACL never opens a way', () => {
  everywhere(NETWORKS * 0.15, (topology, packet, seed) => {
    const index = Math.abs(seed) % topology.securityGroups.length;
    const stricter = topology.securityGroups.map((group, at) =>
      at === index
        ? { ...group, ingress: group.ingress.slice(1), egress: group.egress.slice(seed % 2 === 0 ? 0 : 1) }
        : group,
    );
    expectNoMoreDelivered(walk(topology, packet), walk({ ...topology, securityGroups: stricter }, packet));
    const closed = topology.networkAcls.map((acl, at) => {
      const allowed = acl.entries.findIndex(({ action }) => action === 'allow');
      return at === Math.abs(seed) % topology.networkAcls.length
        ? { ...acl, entries: acl.entries.filter((_, each) => each !== allowed) }
        : acl;
    });
    expectNoMoreDelivered(walk(topology, packet), walk({ ...topology, networkAcls: closed }, packet));
  });
});

test('neither who requested a peering, nor the order of what is listed, nor what is not on the way changes anything', () => {
  everywhere(NETWORKS * 0.15, (topology, packet) => {
    const before = walk(topology, packet);
    const peeringConnections = topology.peeringConnections.map((each) => ({
      ...each,
      requester: each.accepter,
      accepter: each.requester,
    }));
    expect(walk({ ...topology, peeringConnections }, packet)).toEqual(before);
    const reversed: Topology = {
      ...topology,
      vpcs: topology.vpcs.toReversed(),
      subnets: topology.subnets.toReversed(),
      networkInterfaces: topology.networkInterfaces.toReversed(),
      instances: topology.instances.toReversed(),
      networkAcls: topology.networkAcls.map((acl) => ({ ...acl, entries: acl.entries.toReversed() })).toReversed(),
      securityGroups: topology.securityGroups.toReversed(),
    };
    expect(walk(reversed, packet)).toEqual(before);
    const island = { id: 'vpc-x', cidrs: ['172.31.0.0/16'], isDefault: true, ownerId: '123456789012', tags: {} };
    expect(walk({ ...topology, vpcs: [...topology.vpcs, island] }, packet)).toEqual(before);
  });
});

test('renumbering the entries of network ACLs in their order changes nothing', () => {
  everywhere(NETWORKS * 0.1, (topology, packet, seed) => {
    const step = 1 + (Math.abs(seed) % 40);
    const networkAcls = topology.networkAcls.map((acl) => ({
      ...acl,
      entries: acl.entries
        .toSorted((a, b) => a.ruleNumber - b.ruleNumber)
        .map((entry, index) => ({ ...entry, ruleNumber: (index + 1) * step })),
    }));
    expect(walk({ ...topology, networkAcls }, packet).crossings).toEqual(walk(topology, packet).crossings);
  });
});
