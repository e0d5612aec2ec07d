/** What the flow log shows of pings from one instance to an address of another. */
import type { Context, Evidence, Finding, Parameters } from '../src/check.ts';
import type { FlowLog, LogEventAnswer, PingAnswer, Question, SliceName } from '../src/model/account.ts';
import { explainFields } from '../src/model/flowlog/explain.ts';
import { type FlowRecord, type Format, fieldsOf, formatOf, readRecord } from '../src/model/flowlog/record.ts';
import { table } from './_evidence.ts';
import type { Host } from './_hosts.ts';
import { DOCS, listed, named, utc } from './_words.ts';

export type Answered = Pick<Context<Parameters, SliceName, never>, 'reading' | 'answer' | 'now'>;

/** IANA number of ICMP. */
const ICMP = 1;
/** `start` and `end` may be up to this much later than the packet (VPC User Guide, Flow log records). */
const CAPTURE_SECONDS = 60;
export const CAPTURE_MS = CAPTURE_SECONDS * 1000;

/** Fields of the record format without which no ping can be proven. */
const NEEDED_FIELDS = ['srcaddr', 'dstaddr', 'protocol', 'action'];

/** Those of them that a flow log leaves out. */
export function lackingFields({ format }: FlowLog): readonly string[] {
  const fields = fieldsOf(format);
  return NEEDED_FIELDS.filter((field) => !fields.includes(field));
}

/** Where records cannot be read for what they leave out. Whether they show a ping is not known then. */
export function formatFinding(flowLog: FlowLog): Finding {
  return {
    code: 'FORMAT_LACKS_FIELDS',
    severity: 'warning',
    message: `The record format of ${flowLog.id} leaves out ${listed(lackingFields(flowLog))}, so its records cannot prove a ping.`,
    resources: [flowLog.id],
    expected: `a format with ${listed(NEEDED_FIELDS)}, such as the default one`,
    actual: flowLog.format,
    fix: {
      console: `VPC > Your VPCs > ${flowLog.resourceId} > Flow logs: create another flow log with the AWS default format, as ${flowLog.id} cannot be edited`,
      docs: DOCS.flowLogsCreate,
    },
  };
}

/** A record with the line that it was read from. */
export interface Line {
  readonly text: string;
  readonly record: FlowRecord;
}

/** Requests that the interface let out in one interval, and the answers that came back to it in the same. */
export interface Exchange {
  /** Epoch milliseconds of the first request. */
  readonly at: number;
  readonly endedAt: number;
  readonly request: Line;
  readonly answer: Line | undefined;
  /** The other end had a ping of its own answered at the same time, which leaves the same two records. */
  readonly ambiguous: boolean;
}

/** Requests and answers may be delivered apart: so soon after the last request, missing answers may still come. */
const SETTLED_MS = 3 * 60_000;

/** Is it certain whether the requests were answered? */
export function isSettled({ answer, endedAt }: Exchange, now: number): boolean {
  return answer !== undefined || now - endedAt >= SETTLED_MS;
}

/** The flow logs that record what this host sends, and deliver it to CloudWatch Logs. */
export function flowLogsOf({ interface: { id, subnetId, vpcId } }: Host, flowLogs: readonly FlowLog[]) {
  return flowLogs.filter(
    ({ resourceId, destinationType }) =>
      [id, subnetId, vpcId].includes(resourceId) && destinationType === 'cloud-watch-logs',
  );
}

/** The first records of a new flow log may take ten minutes and more (VPC User Guide, Flow log troubleshooting). */
const YOUNG_MS = 15 * 60_000;
/** After so long without any delivery there was no traffic, or something is wrong. */
const SILENT_MS = 60 * 60_000;

/** Nothing of the host may have been delivered yet, as one of the two is new, and no one is to blame for that. */
export function mayStillDeliver(flowLog: FlowLog, { launchedAt }: Host, now: number): boolean {
  const { createdAt, deliverStatus, maxAggregationSeconds } = flowLog;
  const age = now - Math.max(createdAt, launchedAt) - maxAggregationSeconds * 1000;
  return age < YOUNG_MS || (deliverStatus === undefined && age < SILENT_MS);
}

/** Which of the two is new: `flow log fl-1 was made at …`. */
export function youthOf({ id, createdAt }: FlowLog, { bound, launchedAt }: Host): string {
  return launchedAt > createdAt
    ? `${named(bound)} was started at ${utc(launchedAt)}`
    : `flow log ${id} was made at ${utc(createdAt)}`;
}

/** The same for every check of this pair, so that it is asked once. */
export function recordsQuestion(logGroup: string, to: Host): Question & { readonly kind: 'logEvents' } {
  return { kind: 'logEvents', logGroup, anyOf: [to.privateIp, ...(to.publicIp === undefined ? [] : [to.publicIp])] };
}

/** Asked where the sender's own history does not show the ping: then a record alone must tell, and may be of another's. */
export function theirPings(context: Answered, from: Host, to: Host, address: string): readonly PingsQuestion[] {
  const own = context.reading(pingsOf(from));
  if (!own || (own.ok && own.value.some((ping) => ping.address === address))) return [];
  return [pingsOf(to)];
}

type PingsQuestion = Question & { readonly kind: 'pings' };

/** What Run Command's history shows of pings from this host. */
export function pingsOf({ instanceId }: Host): PingsQuestion {
  return { kind: 'pings', instanceId };
}

export function recordsQuestions(flowLogs: readonly FlowLog[], to: Host) {
  const groups = new Set(flowLogs.flatMap(({ logGroupName }) => logGroupName ?? []));
  return [...groups].map((logGroup) => recordsQuestion(logGroup, to));
}

/**
 * Every exchange of pings between the host and the address that the host's own interface saw, oldest first. Groups that
 * could not be read count as empty here: who finds no proof asks for them with `answer`.
 */
export function exchanges(
  context: Answered,
  flowLogs: readonly FlowLog[],
  from: Host,
  to: Host,
  address: string,
): readonly Exchange[] {
  const ofGroups = Map.groupBy(flowLogs, ({ logGroupName }) => logGroupName);
  const pings = recordsQuestions(flowLogs, to).flatMap((question) => {
    const reading = context.reading(question);
    const formats = new Set(ofGroups.get(question.logGroup)?.map(({ format }) => format));
    return reading?.ok ? pingsAmong(reading.value, [...formats], from) : [];
  });
  const between = (source: string, destination: string) =>
    pings.filter(({ record }) => record.srcaddr === source && record.dstaddr === destination);
  const answers = meeting(between(address, from.privateIp), spanOf);
  const blind = theirPings(context, from, to, address).some((question) => context.reading(question)?.ok === false);
  const pinged = theirsLike(context, from, to, address);
  const theirs = meeting(pinged, (ping) => ping);
  const theirsAnswered = meeting(
    pinged.filter(({ received }) => received > 0),
    (ping) => ping,
  );
  return between(from.privateIp, address)
    .flatMap((request): readonly Exchange[] => {
      const span = spanOf(request);
      const answer = answers(span);
      // What the other end sent may look the same, and could not be read.
      if (answer && blind) return [];
      const ambiguous = answer !== undefined && theirs(span) !== undefined;
      // Their requests, and our answers that did not reach them: the way to them is broken, so ours were not answered.
      if (ambiguous && theirsAnswered(span) === undefined) return [];
      return [{ at: span.start * 1000, endedAt: span.end * 1000, request, answer, ambiguous }];
    })
    .toSorted((a, b) => a.at - b.at);
}

interface Span {
  /** Epoch seconds. */
  readonly start: number;
  readonly end: number;
}

/**
 * A record has no ICMP type: a ping of the other end, to our address of the same kind, leaves the same pair here, its
 * requests and our answers to them. Ping sends one packet a second.
 */
function theirsLike(context: Answered, from: Host, to: Host, address: string): readonly (Span & PingAnswer)[] {
  const theirs = context.reading(pingsOf(to));
  const ours = address === to.privateIp ? from.privateIp : from.publicIp;
  return (theirs?.ok ? theirs.value : [])
    .filter((ping) => ping.address === ours)
    .map((ping) => ({ ...ping, start: ping.at / 1000, end: ping.at / 1000 + ping.transmitted }));
}

/** An answer is plain data that nobody changes, and several checks look at it: its records are read once. */
const known = new WeakMap<readonly LogEventAnswer[], Map<string, readonly Line[]>>();

function pingsAmong(events: readonly LogEventAnswer[], formats: readonly string[], host: Host): readonly Line[] {
  const ofEvents = known.get(events) ?? new Map<string, readonly Line[]>();
  known.set(events, ofEvents);
  const key = JSON.stringify([host.interface.id, formats]);
  const before = ofEvents.get(key);
  if (before) return before;
  const parsed = formats.map((format) => formatOf(fieldsOf(format)));
  const lines = events.flatMap((event) => readPing(event, parsed, host) ?? []);
  ofEvents.set(key, lines);
  return lines;
}

/** Accepted ICMP at the host's interface. */
function readPing(event: LogEventAnswer, formats: readonly Format[], { interface: { id } }: Host): Line | undefined {
  const text = event.message.trim();
  const values = text.split(/\s+/);
  for (const format of formats) {
    const record = readRecord(values, format);
    if (record.status !== 'ok') continue;
    // A format may leave the interface out; the stream is named after it.
    if ((record.interfaceId ?? event.stream.replace(/-(all|accept|reject)$/, '')) !== id) continue;
    if (record.protocol !== ICMP || record.action !== 'ACCEPT') return undefined;
    const at = Math.floor(event.at / 1000);
    return { text, record: { ...record, start: record.start ?? at, end: record.end ?? at } };
  }
  return undefined;
}

function spanOf({ record: { start = 0, end = start } }: Line): Span {
  return { start, end };
}

/**
 * Finds the earliest of them at the time of a span, in a time that grows with the logarithm of their number: a learner can
 * put hundreds of thousands of records into a log group.
 */
function meeting<T>(all: readonly T[], spanOfOne: (item: T) => Span): (span: Span) => T | undefined {
  const byStart = all.map((item) => ({ item, ...spanOfOne(item) })).toSorted((a, b) => a.start - b.start);
  // Until when at least one of those up to here lasts: it never falls, so the first that lasts long enough can be searched.
  let latest = Number.NEGATIVE_INFINITY;
  const lasting = byStart.map(({ end }) => {
    latest = Math.max(latest, end);
    return latest;
  });
  return ({ start, end }) => {
    let low = 0;
    let high = lasting.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((lasting[middle] ?? 0) < start - CAPTURE_SECONDS) low = middle + 1;
      else high = middle;
    }
    const first = byStart[low];
    return first && first.start <= end + CAPTURE_SECONDS ? first.item : undefined;
  };
}

/** The raw line, and every field explained. */
export function recordEvidence(title: string, { text, record }: Line): Evidence {
  const fields = table(
    title,
    ['Field', 'Value', 'Meaning'],
    explainFields(record).map(({ field, value, meaning }) => [field, value, meaning]),
  );
  return { kind: 'record', title, content: `${text}\n\n${fields.content}` };
}

export function exchangeEvidence({ at, request, answer }: Exchange, from: Host, address: string): readonly Evidence[] {
  const { label } = from.bound;
  return [
    recordEvidence(`Flow-log record of the requests from ${label} to ${address}, ${utc(at)}`, request),
    ...(answer ? [recordEvidence(`Flow-log record of the answers from ${address} to ${label}`, answer)] : []),
  ];
}
