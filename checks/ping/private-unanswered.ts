/**
 * The ping of the private address that got no answer, proven from what the account still shows: never by a ping sent
 * now, as the VPCs may be peered since.
 */
import { defineCheck, type Evidence, type Finding, fail, pass } from '../../src/check.ts';
import type { Walk } from '../../src/model/network/packet.ts';
import { routeTableOf } from '../../src/model/network/route.ts';
import type { Topology } from '../../src/model/network/topology.ts';
import { routesEvidence } from '../_evidence.ts';
import { HOST_CODES, hostOf, missingHosts } from '../_hosts.ts';
import { named, utc } from '../_words.ts';
import {
  best,
  hopText,
  notSeen,
  PING_NEEDS,
  pairOf,
  pingWalk,
  requireAll,
  SEEN_CODES,
  SEEN_QUESTIONS,
  type Seen,
  seenEvidence,
  seenPings,
  seenQuestions,
} from './_seen.ts';

export default defineCheck({
  title: 'The private ping was sent before the peering, and got no answer',
  params: { from: 'instance', to: 'instance', peering: 'peering' },
  needs: PING_NEEDS,
  uses: ['managedInstances'],
  codes: {
    ...HOST_CODES,
    ...SEEN_CODES,
    FIRST_PING_NOT_SEEN:
      'The private ping is answered, and was never seen unanswered: the VPCs were peered before it was sent, which is allowed.',
  },
  mayAsk: SEEN_QUESTIONS,
  asks(context) {
    const { params, slices } = context;
    const from = hostOf(slices, params.from);
    const to = hostOf(slices, params.to);
    return from && to ? seenQuestions(context, pairOf(slices, from, to, to.privateIp, true)) : [];
  },
  judge(context) {
    const { params, slices } = context;
    const from = hostOf(slices, params.from);
    const to = hostOf(slices, params.to);
    if (!from || !to) return fail(missingHosts([params.from, params.to], [from, to]));

    // labproof's own pings, once the VPCs are peered, are nothing that the learner did.
    const pair = pairOf(slices, from, to, to.privateIp, true);
    const seen = seenPings(context, pair);
    const unanswered = best(seen.filter(({ answered }) => !answered));
    if (!unanswered) requireAll(context, pair);
    const proof = unanswered ?? best(seen);
    if (!proof) return notSeen(context, slices, pair, 'ping');

    const table = routeTableOf(slices, from.interface.subnetId);
    const evidence: Evidence[] = [
      ...seenEvidence(proof, pair),
      ...(table ? [routesEvidence(`Route table ${table.id}, used by the subnet of ${params.from.label}`, table)] : []),
      { kind: 'document', title: 'Why', content: why(proof) },
    ];
    if (unanswered) return pass(evidence);
    const finding: Finding = {
      code: 'FIRST_PING_NOT_SEEN',
      severity: 'info',
      message: `The ping from ${named(params.from)} to ${to.privateIp} is answered, and was never seen unanswered. You peered the VPCs first; that is a right order, too.`,
      resources: [from.instanceId, to.instanceId, ...(params.peering.id === null ? [] : [params.peering.id])],
    };
    return pass(evidence, [finding]);

    function why(of: Seen): string {
      const sent = `The ping of ${utc(of.at)} got ${of.answered ? 'an' : 'no'} answer.`;
      const today = pingWalk(slices, pair);
      if (today.answer !== 'delivered')
        return [sent, 'The network as it is now explains why:', ...wayOf(today), ...publicly(today)].join('\n');
      if (of.answered) return [sent, 'The network lets it pass, both ways:', ...wayOf(today)].join('\n');
      const before = pingWalk(withoutPeering(slices), pair);
      const changed = `Since then the network was changed${params.peering.id === null ? '' : `: ${params.peering.id} joins the VPCs now`}. The same ping would be answered today.`;
      const lost =
        'A flow log shows such requests as ACCEPT, as they did leave the network interface, and no answers: what becomes of a packet further on, it does not see.';
      return before.stoppedAt
        ? [sent, changed, 'Without the routes through a peering connection, the way is:', ...wayOf(before), lost].join(
            '\n',
          )
        : [sent, changed, lost].join('\n');
    }

    /** The same machines and groups, another destination: where that works, it was the way. */
    function publicly({ stoppedAt }: Walk): readonly string[] {
      const onTheWay = ['route-table', 'internet-gateway', 'peering'].includes(stoppedAt?.component ?? '');
      if (to?.publicIp === undefined || !onTheWay) return [];
      const way = pingWalk(slices, { ...pair, address: to.publicIp });
      return way.answer === 'delivered'
        ? [
            `The same ping of the public address ${to.publicIp} would arrive and be answered, so no security group is to blame.`,
          ]
        : [];
    }
  },
});

function wayOf({ hops }: Walk): readonly string[] {
  return hops.map((hop) => `- ${hopText(hop)}`);
}

/** The same network, as it was before any route led through a peering connection. */
function withoutPeering<T extends Pick<Topology, 'routeTables'>>(topology: T): T {
  const routeTables = topology.routeTables.map((table) => ({
    ...table,
    routes: table.routes.filter(({ target }) => target.kind !== 'peering'),
  }));
  return { ...topology, routeTables };
}
