/**
 * The ping of the private address that got no answer, proven from what the account still shows: never by a ping sent
 * now, as the VPCs may be peered since.
 */
import { defineCheck, type Evidence, type Finding, fail, pass } from '../../src/check.ts';
import { routeTableOf } from '../../src/model/network/route.ts';
import { walk } from '../../src/model/network/walk.ts';
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
  SEEN_CODES,
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
  asks({ params, slices }) {
    const from = hostOf(slices, params.from);
    const to = hostOf(slices, params.to);
    return from && to ? seenQuestions(pairOf(slices, from, to, to.privateIp)) : [];
  },
  judge(context) {
    const { params, slices } = context;
    const from = hostOf(slices, params.from);
    const to = hostOf(slices, params.to);
    if (!from || !to) return fail(missingHosts([params.from, params.to], [from, to]));

    const pair = pairOf(slices, from, to, to.privateIp);
    const seen = seenPings(context, pair);
    const unanswered = best(seen.filter(({ answered }) => !answered));
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
      const today = pingWalk(slices, pair);
      const way = today.hops.map((hop) => `- ${hopText(hop)}`).join('\n');
      const sent = `The ping of ${utc(of.at)} got ${of.answered ? 'an' : 'no'} answer.`;
      if (today.answer !== 'delivered')
        return `${sent} The network as it is now explains why:\n${way}\n${publicly()}`.trimEnd();
      const since = of.answered
        ? 'The network as it is now lets it pass, both ways:'
        : `Since then the network was changed${params.peering.id === null ? '' : ` (${params.peering.id} joins the VPCs now)`}: a flow log that shows requests as ACCEPT and no answers means that they left the network interface and were lost on the way. No security group is to blame for that. Today's way:`;
      return `${sent} ${since}\n${way}`;
    }

    function publicly(): string {
      if (to?.publicIp === undefined || !from) return '';
      const way = walk(slices, { protocol: 'icmp', from: { interfaceId: from.interface.id }, to: to.publicIp });
      return way.answer === 'delivered'
        ? `The same ping of the public address ${to.publicIp} would arrive and be answered, so the security groups are not the cause.`
        : '';
    }
  },
});
