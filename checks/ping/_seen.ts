/** What the account still shows of pings that were sent earlier: Run Command's history, and the flow log. */
import type { Context, Evidence, Finding, Judgement, Parameters } from '../../src/check.ts';
import { fail, unknown, waiting } from '../../src/check.ts';
import type { FlowLog, ManagedInstance, PingAnswer, QuestionOf, SliceName, Slices } from '../../src/model/account.ts';
import { meaningOf } from '../../src/model/network/codes.ts';
import type { Hop, Walk } from '../../src/model/network/packet.ts';
import { TOPOLOGY_SLICES } from '../../src/model/network/topology.ts';
import { walk } from '../../src/model/network/walk.ts';
import { closed, gateFinding, gates } from '../_gates.ts';
import type { Host } from '../_hosts.ts';
import {
  type Answered,
  CAPTURE_MS,
  type Exchange,
  exchangeEvidence,
  exchanges,
  flowLogsOf,
  formatFinding,
  isSettled,
  lackingFields,
  mayStillDeliver,
  pingsOf,
  recordsQuestions,
  theirPings,
  youthOf,
} from '../_records.ts';
import { DOCS, named, utc } from '../_words.ts';

export const PING_NEEDS = [...TOPOLOGY_SLICES, 'flowLogs', 'logGroups'] as const;

export const SEEN_CODES = {
  PING_NOT_SEEN: 'Neither the history of Run Command nor the flow log shows such a ping.',
  RECORDS_PENDING: 'The flow log may not show the ping yet. Its records arrive some minutes after the traffic.',
  RECORDS_AMBIGUOUS: 'The records may be of this ping, or of one that the other instance sent at the same time.',
  FORMAT_LACKS_FIELDS: 'The record format of the flow log leaves out fields without which no ping can be proven.',
} as const;

/** What `seenQuestions` asks. */
export const SEEN_QUESTIONS = ['pings', 'logEvents'] as const;

type PingSlices = Pick<Slices, (typeof PING_NEEDS)[number]> & {
  readonly managedInstances?: readonly ManagedInstance[];
};

export type Seen =
  | { readonly by: 'history'; readonly at: number; readonly answered: boolean; readonly ping: PingAnswer }
  | { readonly by: 'record'; readonly at: number; readonly answered: boolean; readonly exchange: Exchange };

export interface Pair {
  readonly from: Host;
  readonly to: Host;
  /** The address of `to` that is pinged. */
  readonly address: string;
  /** Those that record what `from` sends. */
  readonly flowLogs: readonly FlowLog[];
  /** Of these, the ones whose log group exists already. */
  readonly readable: readonly FlowLog[];
  /** Only what the learner did counts, and not what labproof has tried by itself. */
  readonly own: boolean;
}

export function pairOf(slices: PingSlices, from: Host, to: Host, address: string, own = false): Pair {
  const flowLogs = flowLogsOf(from, slices.flowLogs);
  const groups = new Set(slices.logGroups.map(({ name }) => name));
  const readable = flowLogs.filter(({ logGroupName = '' }) => groups.has(logGroupName));
  return { from, to, address, flowLogs, readable, own };
}

type SeenQuestion = QuestionOf<(typeof SEEN_QUESTIONS)[number]>;

export function seenQuestions(context: Answered, { from, to, address, readable }: Pair): readonly SeenQuestion[] {
  return [pingsOf(from), ...theirPings(context, from, to, address), ...recordsQuestions(readable, to)];
}

/**
 * Every ping of the address of which the account shows whether it was answered, oldest first. What could not be read
 * counts as empty.
 */
export function seenPings(context: Answered, pair: Pair): readonly Seen[] {
  const history = context.reading(pingsOf(pair.from));
  const sent = (history?.ok ? history.value : []).filter(
    (ping) => ping.address === pair.address && ping.transmitted > 0 && !(pair.own && ping.probe),
  );
  return [
    ...sent.map((ping): Seen => ({ by: 'history', at: ping.at, answered: ping.received > 0, ping })),
    ...exchangesOf(context, pair)
      .filter((exchange) => isSettled(exchange, context.now) && !exchange.ambiguous)
      .map((exchange): Seen => ({ by: 'record', at: exchange.at, answered: exchange.answer !== undefined, exchange })),
  ].toSorted((a, b) => a.at - b.at);
}

/** The records, but for those of pings that do not count. */
function exchangesOf(context: Answered, { from, to, address, readable, own }: Pair): readonly Exchange[] {
  const history = context.reading(pingsOf(from));
  const probes = (history?.ok ? history.value : []).filter((ping) => own && ping.probe && ping.address === address);
  return exchanges(context, readable, from, to, address).filter(
    ({ at, endedAt }) =>
      !probes.some((probe) => Math.abs(probe.at - at) < CAPTURE_MS || Math.abs(probe.at - endedAt) < CAPTURE_MS),
  );
}

/** Run Command's terminal says more than a record, so it goes first where both saw the ping. */
export function best(seen: readonly Seen[]): Seen | undefined {
  return seen.findLast(({ by }) => by === 'history') ?? seen.at(-1);
}

export function seenEvidence(seen: Seen, { from, address }: Pair): readonly Evidence[] {
  return seen.by === 'history' ? [terminal(seen.ping, from)] : exchangeEvidence(seen.exchange, from, address);
}

export function terminal({ address, at, output }: PingAnswer, from: Host): Evidence {
  return {
    kind: 'terminal',
    title: `Ping of ${address} from ${named(from.bound)}, ${utc(at)}`,
    content: output.trim(),
  };
}

/** Could everything be read that may show a ping? */
export function isAllRead(context: Answered, pair: Pair): boolean {
  return seenQuestions(context, pair).every((question) => context.reading(question)?.ok === true);
}

/** Makes the verdict `unknown` where something could not be read: what was looked for might be there. */
export function requireAll(context: Answered, pair: Pair): void {
  for (const question of seenQuestions(context, pair)) context.answer(question);
}

/** Where that could not be read, a ping by hand is what always works. */
export function isManaged({ managedInstances }: PingSlices, { from }: Pair): boolean {
  return managedInstances?.some(({ instanceId }) => instanceId === from.instanceId) ?? false;
}

/** For the case that no such ping was seen. */
export function notSeen(
  context: Answered & Pick<Context<Parameters, SliceName, 'managedInstances'>, 'slice'>,
  slices: PingSlices,
  pair: Pair,
  what: string,
): Judgement {
  const { from, to, address, flowLogs, readable } = pair;
  requireAll(context, pair);
  const managed = isManaged(slices, pair);
  const [last] = exchangesOf(context, pair).toReversed();
  if (last?.ambiguous) return unknown(ambiguousFinding(pair, last, managed));
  if (last) return waiting(unsettledFinding(pair, last));
  const [blind] = readable;
  if (!managed && blind && readable.every((flowLog) => lackingFields(flowLog).length > 0))
    return unknown(formatFinding(blind));
  const fresh = flowLogs.find((flowLog) => mayStillDeliver(flowLog, from, context.now));
  // Whether to wait for records depends on whether the history would show the ping.
  if (fresh) context.slice('managedInstances');
  const finding: Finding = {
    code: !managed && fresh ? 'RECORDS_PENDING' : 'PING_NOT_SEEN',
    severity: !managed && fresh ? 'info' : 'error',
    message: `No ${what} from ${named(from.bound)} to ${address} of ${named(to.bound)} was seen, neither in the history of Run Command nor in the flow log. Records arrive 5 to 10 minutes after a ping${!managed && fresh ? `, and ${youthOf(fresh, from)}` : ''}.`,
    resources: [from.instanceId, to.instanceId],
    expected: `ping -c 5 ${address}, run on ${named(from.bound)}`,
    actual: 'not seen',
    fix: pingFix(pair, managed),
  };
  return !managed && fresh ? waiting(finding) : fail(finding);
}

function ambiguousFinding(pair: Pair, { at, request }: Exchange, managed: boolean): Finding {
  const { from, to, address } = pair;
  return {
    code: 'RECORDS_AMBIGUOUS',
    severity: 'warning',
    message: `The flow log shows ICMP between ${named(from.bound)} and ${address} at ${utc(at)}, both ways. But ${named(to.bound)} pinged ${named(from.bound)} at that time, which leaves the same records. Ping ${address} from ${from.bound.label} again.`,
    resources: [from.instanceId, to.instanceId],
    expected: `a ping of ${address} from ${from.bound.label} alone`,
    actual: request.text,
    fix: pingFix(pair, managed),
  };
}

function unsettledFinding({ from, address }: Pair, { at, request }: Exchange): Finding {
  return {
    code: 'RECORDS_PENDING',
    severity: 'info',
    message: `The flow log shows the ping from ${named(from.bound)} to ${address} of ${utc(at)}. Records of its answers may still come: look again in a few minutes.`,
    resources: [from.instanceId],
    expected: `records ${address} -> ${from.privateIp}, or none within some minutes`,
    actual: request.text,
  };
}

export function pingFix({ from, address }: Pair, managed: boolean): NonNullable<Finding['fix']> {
  return {
    console: `EC2 > Instances > ${from.instanceId} > Connect > EC2 Instance Connect: ping -c 5 ${address}`,
    command: managed
      ? `aws ssm send-command --document-name AWS-RunShellScript --instance-ids ${from.instanceId} --parameters 'commands=["ping -c 5 ${address}"]'`
      : `ping -c 5 ${address}`,
    docs: DOCS.flowLogExamples,
  };
}

/** The way of the ping through today's network. A would-be answer proves nothing; where it stops is a cause. */
export function pingWalk(slices: PingSlices, { from, address }: Pair): Walk {
  return walk(slices, { protocol: 'icmp', from: { interfaceId: from.interface.id }, to: address });
}

/** Every filter on the way that stops the ping or its answer, in the order of the way: to mend one may not be enough. */
export function causesOf(slices: PingSlices, { from, to, address }: Pair): readonly Finding[] {
  const source = address === to.privateIp ? from.privateIp : from.publicIp;
  if (source === undefined) return [];
  return closed(gates(slices, from, to, { source, destination: address })).map((gate) => gateFinding(gate));
}

/** `the request stops at route table rtb-1: 0.0.0.0/0 -> pcx-1 (blackhole). The route that matches …` */
export function hopText({ component, id, rule, code, leg, outcome }: Hop): string {
  const verb = { passed: 'passes', stopped: 'stops at', undecided: 'cannot be followed past' }[outcome];
  const meaning = code === undefined ? '' : ` ${meaningOf(code)}`;
  const told = rule.startsWith(`${id} `) ? rule.slice(id.length + 1) : rule;
  return `the ${leg} ${verb} ${component.replaceAll('-', ' ')} ${id}: ${told}.${meaning}`;
}
