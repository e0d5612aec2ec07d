/** Log streams: made, listed by name or by their newest event, deleted. */
import type * as Logs from '@aws-sdk/client-cloudwatch-logs';
import { page } from '../../page.ts';
import { AwsError, type Operation, type Operations } from '../../service.ts';
import { findGroup, findStream, groupArn, identifiedGroup, liveEvents, sequenceToken } from './group.ts';
import { bounded, invalidParameter, invalidToken, lengthOf, matching, oneOf, required } from './refusal.ts';

const CreateLogStream: Operation<Logs.CreateLogStreamRequest, object> = (request, input) => {
  const group = findGroup(request, input.logGroupName);
  const name = required(input.logStreamName, 'logStreamName');
  lengthOf(name, 'logStreamName', { min: 1, max: 512 });
  matching(name, 'logStreamName', '[^:*]*');
  // The one name that a plain object cannot hold.
  if (name === '__proto__') throw invalidParameter('The sandbox has no log stream of this name.');
  if (Object.hasOwn(group.streams, name))
    throw new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists');
  group.streams[name] = { creationTime: request.now, events: [] };
  return {};
};

const DeleteLogStream: Operation<Logs.DeleteLogStreamRequest, object> = (request, input) => {
  const group = findGroup(request, input.logGroupName);
  findStream(group, input.logStreamName);
  delete group.streams[required(input.logStreamName, 'logStreamName')];
  return {};
};

const DescribeLogStreams: Operation<Logs.DescribeLogStreamsRequest, Logs.DescribeLogStreamsResponse> = (
  request,
  input,
) => {
  const group = identifiedGroup(request, input);
  if (input.orderBy !== undefined) oneOf(input.orderBy, 'orderBy', ['LogStreamName', 'LastEventTime']);
  const byTime = input.orderBy === 'LastEventTime';
  const prefix = input.logStreamNamePrefix;
  if (byTime && prefix !== undefined)
    throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
  const streams = Object.entries(group.streams)
    .filter(([name]) => name.startsWith(prefix ?? ''))
    .map(([name, stream]): Logs.LogStream & { logStreamName: string } => {
      const events = liveEvents(group, name, request.now);
      const newest = events.at(-1);
      return {
        logStreamName: name,
        creationTime: stream.creationTime,
        firstEventTimestamp: events[0]?.timestamp,
        lastEventTimestamp: newest?.timestamp,
        lastIngestionTime: newest && Math.max(...events.slice(-100).map((event) => event.ingestionTime)),
        uploadSequenceToken: sequenceToken(newest?.ingestionTime ?? stream.creationTime),
        arn: `${groupArn(request, group.name)}:log-stream:${name}`,
        storedBytes: 0,
      };
    })
    .toSorted((a, b) => {
      const older = byTime ? (a.lastEventTimestamp ?? 0) - (b.lastEventTimestamp ?? 0) : 0;
      return older || (a.logStreamName < b.logStreamName ? -1 : 1);
    });
  if (input.descending) streams.reverse();
  const size = bounded(input.limit, 'limit', { min: 1, max: 50, byDefault: 50 });
  const { items, nextToken } = page(streams, size, input.nextToken, invalidToken());
  return { logStreams: items, nextToken };
};

export const streamOperations: Operations = { CreateLogStream, DeleteLogStream, DescribeLogStreams };
