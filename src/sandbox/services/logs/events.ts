/** Log events: put, read along a stream, and filtered across the streams of a group. */
import type * as Logs from '@aws-sdk/client-cloudwatch-logs';
import { page } from '../../page.ts';
import type { Operation, Operations } from '../../service.ts';
import { parseFilterPattern } from './filter-pattern.ts';
import { appendEvents, findGroup, findStream, liveEvents } from './group.ts';
import { bounded, invalidParameter, invalidToken, notFound, required } from './refusal.ts';

const hourMs = 3_600_000;

/** API Reference, PutLogEvents: events older than 14 days or more than 2 hours ahead are rejected, the rest is kept. */
const PutLogEvents: Operation<Logs.PutLogEventsRequest, Logs.PutLogEventsResponse> = (request, input) => {
  const group = findGroup(request, input.logGroupName);
  const stream = findStream(group, input.logStreamName);
  const events = required(input.logEvents, 'logEvents').map((event) => ({
    timestamp: required(event.timestamp, 'timestamp'),
    ingestionTime: request.now,
    message: required(event.message, 'message'),
  }));
  if (events.length < 1 || events.length > 10_000)
    throw invalidParameter('A batch must hold between 1 and 10,000 log events.');
  if (events.some((event, index) => event.timestamp < (events[index - 1]?.timestamp ?? 0)))
    throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
  const tooOld = events.filter((event) => event.timestamp < request.now - 14 * 24 * hourMs).length;
  const fresh = events.filter((event) => event.timestamp <= request.now + 2 * hourMs).length;
  appendEvents(stream, events.slice(tooOld, fresh));
  const rejected: Logs.RejectedLogEventsInfo = {
    ...(tooOld > 0 ? { tooOldLogEventEndIndex: tooOld } : {}),
    ...(fresh < events.length ? { tooNewLogEventStartIndex: fresh } : {}),
  };
  return {
    nextSequenceToken: '0',
    ...(Object.keys(rejected).length > 0 ? { rejectedLogEventsInfo: rejected } : {}),
  };
};

/**
 * Tokens name the index between two events, so that reading on after new events arrived skips none. At either end
 * the same token comes back, as the API Reference has it.
 */
const GetLogEvents: Operation<Logs.GetLogEventsRequest, Logs.GetLogEventsResponse> = (request, input) => {
  const group = findGroup(request, input.logGroupIdentifier ?? input.logGroupName);
  findStream(group, input.logStreamName);
  const { startTime = 0, endTime = Number.POSITIVE_INFINITY } = input;
  const events = liveEvents(group, required(input.logStreamName, 'logStreamName'), request.now).filter(
    (event) => event.timestamp >= startTime && event.timestamp < endTime,
  );
  const size = bounded(input.limit, 'limit', { min: 1, max: 10_000, byDefault: 10_000 });
  const [start, end] = span(input, events.length, size);
  return {
    events: events.slice(start, end),
    nextForwardToken: `f/${String(end).padStart(56, '0')}/s`,
    nextBackwardToken: `b/${String(start).padStart(56, '0')}/s`,
  };
};

function span(input: Logs.GetLogEventsRequest, count: number, size: number): [number, number] {
  if (input.nextToken === undefined)
    return input.startFromHead ? [0, Math.min(size, count)] : [Math.max(0, count - size), count];
  const token = /^([fb])\/(\d{56})\/s$/.exec(input.nextToken);
  if (!token) throw invalidToken();
  const at = Math.min(Number(token[2]), count);
  return token[1] === 'f' ? [at, Math.min(at + size, count)] : [Math.max(0, at - size), at];
}

const FilterLogEvents: Operation<Logs.FilterLogEventsRequest, Logs.FilterLogEventsResponse> = (request, input) => {
  const group = findGroup(request, input.logGroupIdentifier ?? input.logGroupName);
  const { logStreamNames: names, logStreamNamePrefix: prefix, startTime = 0 } = input;
  const endTime = input.endTime ?? Number.POSITIVE_INFINITY;
  if (names && prefix !== undefined)
    throw invalidParameter('LogStreamNames and LogStreamNamePrefix are mutually exclusive.');
  for (const name of names ?? []) if (!Object.hasOwn(group.streams, name)) throw notFound('log stream');
  const matches = parseFilterPattern(input.filterPattern ?? '');
  const found = Object.keys(group.streams)
    .filter((name) => names?.includes(name) ?? name.startsWith(prefix ?? ''))
    .flatMap((name) =>
      liveEvents(group, name, request.now).map((event, index): Logs.FilteredLogEvent & { timestamp: number } => ({
        logStreamName: name,
        timestamp: event.timestamp,
        message: event.message,
        ingestionTime: event.ingestionTime,
        eventId: `${event.timestamp}${String(index).padStart(20, '0')}`,
      })),
    )
    .filter((event) => event.timestamp >= startTime && event.timestamp <= endTime && matches(event.message ?? ''))
    .toSorted((a, b) => a.timestamp - b.timestamp);
  const size = bounded(input.limit, 'limit', { min: 1, max: 10_000, byDefault: 10_000 });
  const { items, nextToken } = page(found, size, input.nextToken, invalidToken());
  return { events: items, searchedLogStreams: [], nextToken };
};

export const eventOperations: Operations = { PutLogEvents, GetLogEvents, FilterLogEvents };
