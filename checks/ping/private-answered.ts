/** Through the peering connection the private address answers: seen earlier, or by a ping sent now. Never by a model. */
import {
  type Context,
  defineCheck,
  type Finding,
  fail,
  type Judgement,
  pass,
  unknown,
  waiting,
} from '../../src/check.ts';
import type { ManagedInstance, Question, Unread } from '../../src/model/account.ts';
import { GATE_CODES } from '../_gates.ts';
import { HOST_CODES, type Host, hostOf, missingHosts } from '../_hosts.ts';
import { capital, named, utc } from '../_words.ts';
import {
  best,
  causesOf,
  hopText,
  isAllRead,
  notSeen,
  type Pair,
  PING_NEEDS,
  pairOf,
  pingFix,
  pingWalk,
  requireAll,
  SEEN_CODES,
  SEEN_QUESTIONS,
  type Seen,
  seenEvidence,
  seenPings,
  seenQuestions,
  terminal,
} from './_seen.ts';

const PARAMS = { from: 'instance', to: 'instance', peering: 'peering' } as const;
type Here = Context<typeof PARAMS, (typeof PING_NEEDS)[number], 'managedInstances'>;

export default defineCheck({
  title: 'Through the peering connection, the private address answers the ping',
  params: PARAMS,
  needs: PING_NEEDS,
  uses: ['managedInstances'],
  codes: {
    ...HOST_CODES,
    ...SEEN_CODES,
    ...GATE_CODES,
    PRIVATE_PING_UNANSWERED: 'The private address was pinged, and no answer came back.',
    PING_NOT_SENT: 'No ping since the network lets it pass was seen, and labproof could not send one itself.',
  },
  mayAsk: [...SEEN_QUESTIONS, 'ping'],
  asks(context) {
    const { params, slices } = context;
    const from = hostOf(slices, params.from);
    const to = hostOf(slices, params.to);
    if (!from || !to) return [];
    const pair = pairOf(slices, from, to, to.privateIp);
    const questions = seenQuestions(context, pair);
    if (questions.some((question) => !context.reading(question))) return questions;
    const proven = provenBy(context, pair) !== undefined;
    // Where the list of managed instances could not be read, Systems Manager is asked by the ping itself.
    const mayPing = slices.managedInstances === undefined || isOnline(slices.managedInstances, from);
    return proven || !mayPing ? questions : [...questions, livePing(pair)];
  },
  judge(context) {
    const { params, slices } = context;
    const from = hostOf(slices, params.from);
    const to = hostOf(slices, params.to);
    if (!from || !to) return fail(missingHosts([params.from, params.to], [from, to]));
    const pair = pairOf(slices, from, to, to.privateIp);
    const proof = provenBy(context, pair);
    if (proof) return pass(seenEvidence(proof, pair));

    const live = context.reading(livePing(pair));
    if (live?.ok) {
      const evidence = [terminal(live.value, from)];
      return live.value.received > 0 ? pass(evidence) : unanswered(context, pair, live.value.at, evidence);
    }
    // It was sent without knowing whether it can be: that is what there is to read.
    if (live) context.slice('managedInstances');
    const last = seenPings(context, pair).at(-1);
    if (live && !live.ok && !stopOf(context, pair)) {
      if (!isMeant(live.unread)) context.answer(livePing(pair));
      return notSent(context, pair, last, live.unread);
    }
    if (!last) return notSeen(context, slices, pair, 'answered ping');
    requireAll(context, pair);
    if (!stopOf(context, pair)) return waiting(pending(pair, last), seenEvidence(last, pair));
    return unanswered(context, pair, last.at, seenEvidence(last, pair));
  },
});

/** The last word counts: what was answered once may be broken since, and only all that there is to read tells that it is not. */
function provenBy(context: Here, pair: Pair): Seen | undefined {
  if (!isAllRead(context, pair)) return undefined;
  const seen = seenPings(context, pair);
  const lastUnanswered = seen.findLast(({ answered }) => !answered)?.at ?? Number.NEGATIVE_INFINITY;
  return best(seen.filter(({ answered, at }) => answered && at > lastUnanswered));
}

/** Grading that may only read, an instance without Systems Manager, a snapshot: asking again would change nothing. */
function isMeant({ reason }: Unread): boolean {
  return reason === 'denied' || reason === 'unsupported';
}

/** Nothing blocks the ping, and what could prove it was not to be had: that is no failure of the learner, who can prove it. */
function notSent(context: Here, pair: Pair, last: Seen | undefined, { message }: Unread): Judgement {
  requireAll(context, pair);
  const { from, to, address } = pair;
  const before = last ? ` since that of ${utc(last.at)}, which had no answer,` : '';
  return unknown(
    {
      code: 'PING_NOT_SENT',
      severity: 'warning',
      message: `The network as it is now lets a ping from ${named(from.bound)} to ${address} of ${named(to.bound)} pass. But none${before} was seen, and labproof could not send one: ${message} Ping ${address} from ${from.bound.label} yourself; its flow-log records usually take 5 to 10 minutes.`,
      resources: [from.instanceId, to.instanceId],
      expected: 'an answer',
      actual: 'no such ping',
      fix: pingFix(pair, false),
    },
    last ? seenEvidence(last, pair) : [],
  );
}

/** Who pings by hand, pings before the records of it can be there. */
function pending(pair: Pair, { at }: Seen): Finding {
  const { from, to, address } = pair;
  return {
    code: 'RECORDS_PENDING',
    severity: 'info',
    message: `The last ping from ${named(from.bound)} to ${address} of ${named(to.bound)} that was seen, of ${utc(at)}, had no answer. The network as it is now lets it pass: if you pinged again, the records of that usually take 5 to 10 minutes; if not, ping now.`,
    resources: [from.instanceId, to.instanceId],
    expected: 'an answer',
    actual: 'no answer yet',
    fix: pingFix(pair, false),
  };
}

function livePing({ from, address }: Pair): Question & { readonly kind: 'ping' } {
  return { kind: 'ping', instanceId: from.instanceId, address };
}

function isOnline(managed: readonly ManagedInstance[] | undefined, { instanceId }: Host): boolean {
  return managed?.some((each) => each.instanceId === instanceId && each.pingStatus === 'Online') ?? false;
}

function stopOf({ slices }: Here, pair: Pair) {
  return pingWalk(slices, pair).stoppedAt;
}

function unanswered(context: Here, pair: Pair, at: number, evidence: Judgement['evidence']): Judgement {
  const { from, to, address } = pair;
  const stop = stopOf(context, pair);
  const cause = stop
    ? `In the network as it is now ${hopText(stop)}`
    : 'The network as it is now would let it pass: ping again, and give its flow-log records 5 to 10 minutes.';
  return fail(
    [
      ...causesOf(context.slices, pair),
      {
        code: 'PRIVATE_PING_UNANSWERED',
        severity: 'error',
        message: `${capital(named(from.bound))} pinged ${address} of ${named(to.bound)} at ${utc(at)}, and no answer came back. ${cause}`,
        resources: [from.instanceId, to.instanceId, ...(stop ? [stop.id] : [])],
        expected: 'an answer',
        actual: 'no answer',
        fix: pingFix(pair, isOnline(context.slices.managedInstances, from)),
      },
    ],
    evidence,
  );
}
