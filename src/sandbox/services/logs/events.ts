/** Log events read: along a stream, and filtered across the streams of a group. */
import { createHash } from 'node:crypto';
import type * as Logs from '@aws-sdk/client-cloudwatch-logs';
import type { Operation, Operations } from '../../service.ts';
import type { LogEvent } from '../../world.ts';
import { parseFilterPattern } from './filter-pattern/pattern.ts';
import { countBefore, findStream, identifiedGroup, liveEvents } from './group.ts';
import { PutLogEvents } from './put-events.ts';
import { bounded, invalidParameter, invalidToken, lengthOf, notFound, required } from './refusal.ts';

/** API Reference: a page holds at most 10,000 events or 1 MB. */
const mostEvents = { min: 1, max: 10_000, byDefault: 10_000 };
const mostBytes = 1_048_576;

/**
 * Tokens name the index between two events, so that reading on after new events arrived skips none. At either end
 * the same token comes back, as the API Reference has it.
 */
const GetLogEvents: Operation<Logs.GetLogEventsRequest, Logs.GetLogEventsResponse> = (request, input) => {
  const limit = bounded(input.limit, 'limit', mostEvents);
  const group = identifiedGroup(request, input);
  findStream(group, input.logStreamName);
  const live = liveEvents(group, required(input.logStreamName, 'logStreamName'), request.now);
  const first = input.startTime === undefined ? 0 : countBefore(live, input.startTime);
  const last = input.endTime === undefined ? live.length : countBefore(live, input.endTime);
  const [start, end] = span(input, live, first, Math.max(first, last), limit);
  return {
    events: live.slice(start, end),
    nextForwardToken: `f/${String(end).padStart(56, '0')}/s`,
    nextBackwardToken: `b/${String(start).padStart(56, '0')}/s`,
  };
};

function span(
  { nextToken, startFromHead = false }: Logs.GetLogEventsRequest,
  live: readonly LogEvent[],
  first: number,
  last: number,
  limit: number,
): [number, number] {
  const token = nextToken === undefined ? undefined : /^([fb])\/(\d{56})\/s$/.exec(nextToken);
  if (token === null) throw invalidToken();
  const forward = token ? token[1] === 'f' : startFromHead;
  const at = token ? Math.min(Math.max(Number(token[2]), first), last) : forward ? first : last;
  return forward
    ? [at, at + fitting(live.slice(at, Math.min(at + limit, last)))]
    : [at - fitting(live.slice(Math.max(at - limit, first), at).toReversed()), at];
}

/** How many of these events a page holds: at least one. */
function fitting(events: readonly LogEvent[]): number {
  let bytes = 0;
  const over = events.findIndex((event) => {
    bytes += Buffer.byteLength(event.message) + 26;
    return bytes > mostBytes;
  });
  return over < 0 ? events.length : Math.max(over, 1);
}

interface Found {
  readonly event: LogEvent;
  readonly stream: string;
  readonly index: number;
}

const FilterLogEvents: Operation<Logs.FilterLogEventsRequest, Logs.FilterLogEventsResponse> = (request, input) => {
  const limit = bounded(input.limit, 'limit', mostEvents);
  const { logStreamNames: names, logStreamNamePrefix: prefix = '', filterPattern = '' } = input;
  if (names) lengthOf(names, 'logStreamNames', { min: 1, max: 100 });
  lengthOf(filterPattern, 'filterPattern', { min: 0, max: 1024 });
  const group = identifiedGroup(request, input);
  if (names && input.logStreamNamePrefix !== undefined)
    throw invalidParameter('LogStreamNames and LogStreamNamePrefix are mutually exclusive.');
  for (const name of names ?? []) if (!Object.hasOwn(group.streams, name)) throw notFound('log stream');
  const matches = parseFilterPattern(filterPattern);
  const found: Found[] = [];
  for (const stream of names ? new Set(names) : Object.keys(group.streams)) {
    if (!stream.startsWith(prefix)) continue;
    const live = liveEvents(group, stream, request.now);
    for (let index = countBefore(live, input.startTime ?? 0); index < live.length; index += 1) {
      const event = live[index];
      if (!event || event.timestamp > (input.endTime ?? Number.POSITIVE_INFINITY)) break;
      if (matches(event.message)) found.push({ event, stream, index });
    }
  }
  // The events of a stream are in order already: those of several are merged, not sorted anew.
  found.sort((a, b) => a.event.timestamp - b.event.timestamp);
  const start = startIn(input.nextToken, found.length);
  const candidates = found.slice(start, start + limit);
  const page = candidates.slice(0, fitting(candidates.map(({ event }) => event)));
  const end = start + page.length;
  const digits = new Map(
    [...new Set(page.map(({ stream }) => stream))].map((name) => [name, digitsOf(group.name, name)]),
  );
  return {
    events: page.map(({ event, stream, index }) => ({
      logStreamName: stream,
      ...event,
      // 56 digits, as AWS has them, which no other event of the account has.
      eventId: `3${String(event.timestamp).padStart(13, '0')}${digits.get(stream)}${String(index).padStart(10, '0')}`,
    })),
    searchedLogStreams: [],
    nextToken: end < found.length ? Buffer.from(`events:${end}`).toString('base64') : undefined,
  };
};

function startIn(token: string | undefined, count: number): number {
  if (token === undefined) return 0;
  const start = Number(/^events:(\d{1,9})$/.exec(Buffer.from(token, 'base64').toString())?.[1]);
  if (Number.isNaN(start) || start > count) throw invalidToken();
  return start;
}

function digitsOf(group: string, stream: string): string {
  const digest = createHash('sha1').update(`${group}:${stream}`).digest('hex');
  return BigInt(`0x${digest}`).toString().padStart(49, '0').slice(-32);
}

export const eventOperations: Operations = { PutLogEvents, GetLogEvents, FilterLogEvents };
