/** The ping of the public address, which needs no peering, was answered. */
import { defineCheck, fail, pass } from '../../src/check.ts';
import { GATE_CODES } from '../_gates.ts';
import { HOST_CODES, hostOf, missingHosts } from '../_hosts.ts';
import { capital, DOCS, named, utc } from '../_words.ts';
import {
  best,
  causesOf,
  hopText,
  isManaged,
  notSeen,
  PING_NEEDS,
  pairOf,
  pingFix,
  pingWalk,
  requireAll,
  SEEN_CODES,
  SEEN_QUESTIONS,
  seenEvidence,
  seenPings,
  seenQuestions,
} from './_seen.ts';

export default defineCheck({
  title: 'The public address answers the ping',
  params: { from: 'instance', to: 'instance' },
  needs: PING_NEEDS,
  uses: ['managedInstances'],
  codes: {
    ...HOST_CODES,
    ...SEEN_CODES,
    ...GATE_CODES,
    PUBLIC_ADDRESS_MISSING: 'The instance has no public IPv4 address that could be pinged.',
    PUBLIC_PING_UNANSWERED: 'The public address was pinged, and no answer came back.',
  },
  mayAsk: SEEN_QUESTIONS,
  asks(context) {
    const { params, slices } = context;
    const from = hostOf(slices, params.from);
    const to = hostOf(slices, params.to);
    return from && to?.publicIp !== undefined ? seenQuestions(context, pairOf(slices, from, to, to.publicIp)) : [];
  },
  judge(context) {
    const { params, slices } = context;
    const from = hostOf(slices, params.from);
    const to = hostOf(slices, params.to);
    if (!from || !to) return fail(missingHosts([params.from, params.to], [from, to]));
    if (to.publicIp === undefined)
      return fail({
        code: 'PUBLIC_ADDRESS_MISSING',
        severity: 'error',
        message: `${capital(named(params.to))} has no public IPv4 address.`,
        resources: [to.instanceId],
        expected: 'an auto-assigned or Elastic IPv4 address',
        actual: 'none',
        fix: {
          console: 'EC2 > Elastic IPs > Allocate Elastic IP address > Associate',
          command: `aws ec2 associate-address --instance-id ${to.instanceId} --allocation-id "$(aws ec2 allocate-address --query AllocationId --output text)"`,
          docs: DOCS.elasticIp,
        },
      });

    const pair = pairOf(slices, from, to, to.publicIp);
    const seen = seenPings(context, pair);
    const answered = best(seen.filter((each) => each.answered));
    if (answered) return pass(seenEvidence(answered, pair));
    const last = seen.at(-1);
    if (!last) return notSeen(context, slices, pair, 'ping');
    requireAll(context, pair);
    const stop = pingWalk(slices, pair).stoppedAt;
    return fail(
      [
        ...causesOf(slices, pair),
        {
          code: 'PUBLIC_PING_UNANSWERED',
          severity: 'error',
          message: `${capital(named(params.from))} pinged ${to.publicIp} at ${utc(last.at)}, and no answer came back. ${
            stop
              ? `In the network as it is now ${hopText(stop)}`
              : 'The network as it is now would let it pass, so ping again.'
          }`,
          resources: [to.instanceId, ...(stop ? [stop.id] : [])],
          expected: 'an answer',
          actual: 'no answer',
          fix: pingFix(pair, isManaged(slices, pair)),
        },
      ],
      seenEvidence(last, pair),
    );
  },
});
