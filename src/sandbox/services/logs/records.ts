/** Single log records and their fields, as the console shows them beside a query's rows. */
import type * as Logs from '@aws-sdk/client-cloudwatch-logs';
import { discoveredFields } from '../../insights/row.ts';
import { textOf } from '../../insights/value.ts';
import type { Operation, Operations } from '../../service.ts';
import { countBefore, identifiedGroup, liveEvents } from './group.ts';
import { invalidParameter, required } from './refusal.ts';

/** The pointer is what a query gives as `@ptr`. */
const GetLogRecord: Operation<Logs.GetLogRecordRequest, Logs.GetLogRecordResponse> = (request, input) => {
  const pointer = Buffer.from(required(input.logRecordPointer, 'logRecordPointer'), 'base64').toString();
  const [account, name, stream = '', time, index] = pointer.split(':');
  const group = request.region.logGroups.find((candidate) => candidate.name === name);
  const event = group && liveEvents(group, stream, request.now)[Number(index)];
  if (!event || account !== request.account.id || event.timestamp !== Number(time))
    throw invalidParameter('The specified log record pointer is invalid.');
  const logRecord: Record<string, string> = {
    '@timestamp': String(event.timestamp),
    '@ingestionTime': String(event.ingestionTime),
    '@message': event.message,
    '@logStream': stream,
    '@log': `${account}:${name}`,
    '@ptr': input.logRecordPointer ?? '',
  };
  for (const [field, value] of discoveredFields(event.message)) {
    if (value !== undefined) logRecord[field] = textOf(value);
  }
  return { logRecord };
};

const quarterMs = 15 * 60_000;

/** Of the events from 8 minutes before to 8 minutes after `time` (epoch seconds), or of the last 15 minutes. */
const GetLogGroupFields: Operation<Logs.GetLogGroupFieldsRequest, Logs.GetLogGroupFieldsResponse> = (
  request,
  input,
) => {
  const group = identifiedGroup(request, input);
  const middle = input.time === undefined ? undefined : input.time * 1000;
  const [from, to] =
    middle === undefined ? [request.now - quarterMs, request.now] : [middle - 8 * 60_000, middle + 8 * 60_000];
  const counts = new Map<string, number>();
  let events = 0;
  for (const stream of Object.keys(group.streams)) {
    const live = liveEvents(group, stream, request.now);
    for (const event of live.slice(countBefore(live, from), countBefore(live, to + 1))) {
      events += 1;
      const always = ['@timestamp', '@ingestionTime', '@message', '@logStream', '@log'];
      for (const name of [...always, ...discoveredFields(event.message).keys()])
        counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  const fields = [...counts].map(([name, count]) => ({ name, percent: Math.round((100 * count) / events) }));
  return { logGroupFields: fields.toSorted((a, b) => b.percent - a.percent) };
};

export const logRecordOperations: Operations = { GetLogRecord, GetLogGroupFields };
