/** PutLogEvents: a batch of events for one stream. */
import type * as Logs from '@aws-sdk/client-cloudwatch-logs';
import type { Operation } from '../../service.ts';
import type { LogEvent, LogGroupState } from '../../world.ts';
import { appendEvents, dayMs, findGroup, findStream, sequenceToken } from './group.ts';
import { invalidParameter, lengthOf, required } from './refusal.ts';

const hourMs = 3_600_000;
/** API Reference, PutLogEvents: of a batch, where each event counts as its UTF-8 and 26 bytes; and of one event. */
const mostBytes = 1_048_576;
const overhead = 26;

/** The sequence token is ignored, as AWS does. What is too old or too new is rejected, and the rest is kept. */
export const PutLogEvents: Operation<Logs.PutLogEventsRequest, Logs.PutLogEventsResponse> = (request, input) => {
  const group = findGroup(request, input.logGroupName);
  const stream = findStream(group, input.logStreamName);
  const given = required(input.logEvents, 'logEvents');
  lengthOf(given, 'logEvents', { min: 1, max: 10_000 });
  const events = given.map((event): LogEvent => {
    const message = required(event.message, 'logEvents.1.member.message');
    lengthOf(message, 'logEvents.1.member.message', { min: 1, max: mostBytes });
    return {
      timestamp: required(event.timestamp, 'logEvents.1.member.timestamp'),
      ingestionTime: request.now,
      message,
    };
  });
  refuseBatch(events);
  const rejected = rejection(events, group, request.now);
  appendEvents(
    stream,
    events.slice(
      Math.max(rejected.tooOldLogEventEndIndex ?? 0, rejected.expiredLogEventEndIndex ?? 0),
      rejected.tooNewLogEventStartIndex,
    ),
  );
  return {
    nextSequenceToken: sequenceToken(request.now),
    ...(Object.keys(rejected).length > 0 ? { rejectedLogEventsInfo: rejected } : {}),
  };
};

function refuseBatch(events: readonly LogEvent[]): void {
  const bytes = events.reduce((sum, event) => sum + Buffer.byteLength(event.message) + overhead, 0);
  if (bytes > mostBytes) throw invalidParameter(`Upload too large: ${bytes} bytes exceeds limit of ${mostBytes}`);
  if (events.some((event, index) => event.timestamp < (events[index - 1]?.timestamp ?? 0)))
    throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
  const [first, last] = [events[0]?.timestamp ?? 0, events.at(-1)?.timestamp ?? 0];
  if (last - first > 24 * hourMs)
    throw invalidParameter('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.');
}

/** More than 14 days old, older than the group's retention, or more than 2 hours ahead. */
function rejection(events: readonly LogEvent[], group: LogGroupState, now: number): Logs.RejectedLogEventsInfo {
  const before = (time: number) => events.filter((event) => event.timestamp < time).length;
  const tooOld = before(now - 14 * dayMs);
  const expired = group.retentionInDays === undefined ? 0 : before(now - group.retentionInDays * dayMs);
  const fresh = before(now + 2 * hourMs + 1);
  return {
    ...(tooOld > 0 ? { tooOldLogEventEndIndex: tooOld } : {}),
    ...(expired > tooOld ? { expiredLogEventEndIndex: expired } : {}),
    ...(fresh < events.length ? { tooNewLogEventStartIndex: fresh } : {}),
  };
}
