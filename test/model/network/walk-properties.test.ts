/** What must hold of every network, tried on random ones around the lab's. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Packet, Walk } from '../../../src/model/network/packet.ts';
import type {
  InstanceState,
  NetworkAclEntry,
  PeeringStatus,
  Route,
  SecurityGroupRule,
  Topology,
} from '../../../src/model/network/topology.ts';
import { walk } from '../../../src/model/network/walk.ts';
import { A, B, change, local, openAcl, peered, toGateway, toPeer, withRoutes } from './two-vpcs.ts';

const cidr = fc.constantFrom(
  '0.0.0.0/0',
  A.cidr,
  B.cidr,
  '10.0.0.0/8',
  `${A.privateIp}/32`,
  `${B.privateIp}/32`,
  '35.0.0.0/8',
);

const groupRule: fc.Arbitrary<SecurityGroupRule> = fc
  .record({
    protocol: fc.constantFrom('-1', 'icmp', 'tcp', 'icmpv6'),
    fromPort: fc.constantFrom(-1, 0, 8, 22),
    toPort: fc.constantFrom(-1, 0, 22),
    peer: fc.oneof(
      cidr.map((block) => ({ kind: 'cidr', cidr: block }) as const),
      fc.constantFrom('sg-1', 'sg-2').map((groupId) => ({ kind: 'group', groupId }) as const),
      fc.constant({ kind: 'prefix-list', id: 'pl-1' } as const),
    ),
  })
  .map(({ fromPort, toPort, ...rule }) => (rule.protocol === '-1' ? rule : { ...rule, fromPort, toPort }));

const aclEntry: fc.Arbitrary<NetworkAclEntry> = fc.record({
  ruleNumber: fc.integer({ min: 1, max: 32_766 }),
  egress: fc.boolean(),
  action: fc.constantFrom('allow', 'deny'),
  protocol: fc.constantFrom('-1', '1', '6'),
  cidr,
  icmp: fc.record({ type: fc.constantFrom(-1, 0, 8), code: fc.constant(-1) }),
});
/** Rule numbers are unique in a direction, as AWS demands. */
const aclEntries = fc.uniqueArray(aclEntry, {
  maxLength: 6,
  selector: ({ ruleNumber, egress }) => `${ruleNumber} ${egress}`,
});

/** Three networks in four have it as it should be: else hardly a packet would arrive. */
const mostly = <T>(right: T, others: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: fc.constant(right), weight: 3 }, { arbitrary: others, weight: 1 });

const rules = mostly<SecurityGroupRule[]>(
  [{ protocol: '-1', peer: { kind: 'cidr', cidr: '0.0.0.0/0' } }],
  fc.array(groupRule, { maxLength: 3 }),
);
const route = (right: Route) => mostly([right], fc.constantFrom([], [{ ...right, state: 'blackhole' as const }]));
const routes = (own: string, other: string, gateway: string) =>
  fc
    .tuple(route(toPeer(other)), route(toGateway(gateway)), mostly<Route[]>([], fc.constant([toPeer('pl-1')])))
    .map((some) => [local(own), ...some.flat()]);

const network: fc.Arbitrary<Topology> = fc
  .record({
    groups: fc.tuple(rules, rules, rules, rules),
    acls: fc.tuple(mostly(openAcl('', '').entries, aclEntries), mostly(openAcl('', '').entries, aclEntries)),
    routes: fc.tuple(routes(A.cidr, B.cidr, 'igw-1'), routes(B.cidr, A.cidr, 'igw-2')),
    status: mostly<PeeringStatus>('active', fc.constantFrom('pending-acceptance', 'deleted')),
    state: mostly<InstanceState>('running', fc.constant('stopped')),
  })
  .map(({ groups: [in1, out1, in2, out2], acls: [acl1, acl2], routes: [routes1, routes2], status, state }) => {
    let topology = withRoutes(withRoutes(peered, 'rtb-1', ...routes1), 'rtb-2', ...routes2);
    topology = change(topology, 'securityGroups', 'sg-1', { ingress: in1, egress: out1 });
    topology = change(topology, 'securityGroups', 'sg-2', { ingress: in2, egress: out2 });
    topology = change(topology, 'networkAcls', 'acl-1', { entries: acl1 });
    topology = change(topology, 'networkAcls', 'acl-2', { entries: acl2 });
    return change(change(topology, 'peeringConnections', 'pcx-1', { status }), 'instances', 'i-2', { state });
  });

const packet: fc.Arbitrary<Packet> = fc.record({
  protocol: fc.constantFrom('icmp', 'tcp'),
  from: fc.constantFrom({ interfaceId: A.eni }, { interfaceId: B.eni }, { internet: '203.0.113.12' }),
  to: fc.constantFrom(A.privateIp, B.privateIp, A.publicIp, B.publicIp, '8.8.8.8', '10.3.0.1'),
  destinationPort: fc.constantFrom(22, 80),
});

function expectNoMoreDelivered(before: Walk, after: Walk): void {
  if (before.request !== 'delivered') expect(after.request).not.toBe('delivered');
  if (before.answer !== 'delivered') expect(after.answer).not.toBe('delivered');
}

/** The list without its element at the index, which wraps around. */
function without<T>(list: readonly T[], index: number): T[] {
  return list.filter((_, at) => at !== index % Math.max(list.length, 1));
}

test('removing an allow rule of a security group never opens a way', () => {
  fc.assert(
    fc.property(
      network,
      packet,
      fc.constantFrom('sg-1', 'sg-2'),
      fc.boolean(),
      fc.nat(2),
      (topology, sent, id, inward, index) => {
        const direction = inward ? 'ingress' : 'egress';
        const group = topology.securityGroups.find((each) => each.id === id);
        const stricter = change(topology, 'securityGroups', id, {
          [direction]: without(group?.[direction] ?? [], index),
        });
        expectNoMoreDelivered(walk(topology, sent), walk(stricter, sent));
      },
    ),
    { numRuns: 400 },
  );
});

test('removing an allow entry of a network ACL never opens a way', () => {
  fc.assert(
    fc.property(network, packet, fc.constantFrom('acl-1', 'acl-2'), fc.nat(5), (topology, sent, id, index) => {
      const entries = topology.networkAcls.find((each) => each.id === id)?.entries ?? [];
      fc.pre(entries[index % Math.max(entries.length, 1)]?.action === 'allow');
      const stricter = change(topology, 'networkAcls', id, { entries: without(entries, index) });
      expectNoMoreDelivered(walk(topology, sent), walk(stricter, sent));
    }),
    { numRuns: 200 },
  );
});

/** The walk without the words, which name rule numbers. */
function outcome(topology: Topology, sent: Packet) {
  const { hops, stoppedAt: _, ...rest } = walk(topology, sent);
  return { ...rest, hops: hops.map(({ rule: _rule, ...hop }) => hop) };
}

test('renumbering the entries of network ACLs in their order, and listing them in another, changes nothing', () => {
  fc.assert(
    fc.property(network, packet, fc.integer({ min: 1, max: 50 }), (topology, sent, step) => {
      const renumbered = {
        ...topology,
        networkAcls: topology.networkAcls.map((acl) => ({
          ...acl,
          entries: acl.entries
            .toSorted((a, b) => a.ruleNumber - b.ruleNumber)
            .map((entry, index) => ({ ...entry, ruleNumber: (index + 1) * step }))
            .toReversed(),
        })),
      };
      expect(outcome(renumbered, sent)).toEqual(outcome(topology, sent));
    }),
  );
});

test('which side requested the peering connection changes nothing', () => {
  fc.assert(
    fc.property(network, packet, (topology, sent) => {
      const peeringConnections = topology.peeringConnections.map((each) => ({
        ...each,
        requester: each.accepter,
        accepter: each.requester,
      }));
      expect(walk({ ...topology, peeringConnections }, sent)).toEqual(walk(topology, sent));
    }),
  );
});

test('the order of everything that AWS lists in no order changes nothing', () => {
  fc.assert(
    fc.property(network, packet, (topology, sent) => {
      const reversed: Topology = {
        ...topology,
        vpcs: topology.vpcs.toReversed(),
        subnets: topology.subnets.toReversed(),
        routeTables: topology.routeTables
          .toReversed()
          .map((table) => ({ ...table, routes: table.routes.toReversed() })),
        networkInterfaces: topology.networkInterfaces.toReversed(),
        instances: topology.instances.toReversed(),
        networkAcls: topology.networkAcls.toReversed(),
        securityGroups: topology.securityGroups.toReversed(),
      };
      expect(walk(reversed, sent).crossings).toEqual(walk(topology, sent).crossings);
    }),
  );
});

test('an answer needs no rule of its own: the ingress rules of the asker and the egress rules of the answerer change nothing', () => {
  fc.assert(
    fc.property(network, packet, fc.constantFrom(B.privateIp, B.publicIp), rules, (topology, any, to, others) => {
      const sent = { ...any, from: { interfaceId: A.eni }, to };
      const [asker, answerer] = [{ ingress: others }, { egress: others }];
      const other = change(change(topology, 'securityGroups', 'sg-1', asker), 'securityGroups', 'sg-2', answerer);
      expect(walk(other, sent)).toEqual(walk(topology, sent));
    }),
  );
});

test('what a walk tells hangs together', () => {
  fc.assert(
    fc.property(network, packet, (topology, sent) => {
      const { request, answer, hops, stoppedAt, crossings, receiverId } = walk(topology, sent);
      if (answer !== 'none') expect(request).toBe('delivered');
      expect(stoppedAt === undefined).toBe(request === 'delivered' && (answer === 'delivered' || answer === 'none'));
      if (stoppedAt) expect(hops.at(-1)?.leg).toBe(stoppedAt.leg);
      for (const hop of hops) expect(hop.code === undefined).toBe(hop.outcome === 'passed');
      const rejected = crossings.findIndex(({ action }) => action === 'REJECT');
      if (rejected !== -1) expect(rejected).toBe(crossings.length - 1);
      if (request === 'delivered' && crossings.length > 1 && receiverId)
        expect(crossings.some(({ interfaceId }) => interfaceId === receiverId)).toBe(true);
    }),
    { numRuns: 400 },
  );
});
