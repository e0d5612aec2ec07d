/** What every operation of CloudWatch Logs needs: finding groups, streams and their events. */
import type { Request } from '../../service.ts';
import type { LogEvent, LogGroupState } from '../../world.ts';
import { notFound, required } from './refusal.ts';

const dayMs = 86_400_000;

export function groupArn(request: Request, name: string): string {
  return `arn:aws:logs:${request.regionName}:${request.account.id}:log-group:${name}`;
}

/** The name in a log group's identifier, which is a name or an ARN with or without `:*`. */
export function groupNameOf(identifier: string): string {
  return /^arn:[^:]+:logs:[^:]*:\d*:log-group:([^:]+)(:\*)?$/.exec(identifier)?.[1] ?? identifier;
}

export function findGroup(request: Request, identifier: string | undefined): LogGroupState {
  const name = groupNameOf(required(identifier, 'logGroupName'));
  const group = request.region.logGroups.find((candidate) => candidate.name === name);
  if (!group) throw notFound('log group');
  return group;
}

export function findStream(group: LogGroupState, name: string | undefined): LogGroupState['streams'][string] {
  const stream = streamOf(group, required(name, 'logStreamName'));
  if (!stream) throw notFound('log stream');
  return stream;
}

function streamOf(group: LogGroupState, name: string): LogGroupState['streams'][string] | undefined {
  return Object.hasOwn(group.streams, name) ? group.streams[name] : undefined;
}

/** A new, empty group: made by its owner, or by a flow log whose role may. */
export function newGroup(name: string, now: number, tags: Record<string, string> = {}): LogGroupState {
  return { name, creationTime: now, tags: { ...tags }, streams: {} };
}

/** The stream's events in order of time, without those that the group's retention has expired. */
export function liveEvents(group: LogGroupState, stream: string, now: number): readonly LogEvent[] {
  const events = streamOf(group, stream)?.events ?? [];
  if (group.retentionInDays === undefined) return events;
  const oldest = now - group.retentionInDays * dayMs;
  return events.filter((event) => event.timestamp >= oldest);
}

/** Adds events and keeps the stream in order of time; events of the same time stay in order of arrival. */
export function appendEvents(stream: { events: LogEvent[] }, added: readonly LogEvent[]): void {
  const last = stream.events.at(-1)?.timestamp ?? 0;
  stream.events.push(...added);
  const inOrder = added.every((event, index) => event.timestamp >= (added[index - 1]?.timestamp ?? last));
  if (!inOrder) stream.events.sort((a, b) => a.timestamp - b.timestamp);
}
