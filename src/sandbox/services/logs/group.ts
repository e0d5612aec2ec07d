/** What every operation of CloudWatch Logs needs: finding groups, streams and their events. */
import type { Request } from '../../service.ts';
import type { LogEvent, LogGroupState } from '../../world.ts';
import { invalidParameter, lengthOf, matching, notFound, required } from './refusal.ts';

export const dayMs = 86_400_000;

export function groupArn(request: Request, name: string): string {
  return `arn:aws:logs:${request.regionName}:${request.account.id}:log-group:${name}`;
}

/** The name in a log group's identifier, which is a name or an ARN with or without `:*`. */
export function groupNameOf(identifier: string): string {
  return /^arn:[^:]+:logs:[^:]*:\d*:log-group:([^:]+)(:\*)?$/.exec(identifier)?.[1] ?? identifier;
}

/** @param name A log group's name. @throws AwsError */
export function findGroup(request: Request, name: string | undefined): LogGroupState {
  const given = required(name, 'logGroupName');
  refuseGroupName(given, 'logGroupName');
  return groupNamed(request, given);
}

/** @throws AwsError, also for both or neither of name and identifier. */
export function identifiedGroup(
  request: Request,
  { logGroupName, logGroupIdentifier }: { logGroupName?: string | undefined; logGroupIdentifier?: string | undefined },
): LogGroupState {
  if (logGroupIdentifier === undefined) return findGroup(request, logGroupName);
  if (logGroupName !== undefined)
    throw invalidParameter('LogGroupName and logGroupIdentifier are mutually exclusive parameters.');
  refuseIdentifier(logGroupIdentifier, 'logGroupIdentifier');
  return groupNamed(request, groupNameOf(logGroupIdentifier));
}

export function groupNamed(request: Request, name: string): LogGroupState {
  const group = request.region.logGroups.find((candidate) => candidate.name === name);
  if (!group) throw notFound('log group');
  return group;
}

export function refuseGroupName(name: string, member: string): void {
  lengthOf(name, member, { min: 1, max: 512 });
  matching(name, member, '[\\.\\-_/#A-Za-z0-9]+');
}

/** A name, or an ARN without `:*`. */
export function refuseIdentifier(identifier: string, member: string): void {
  lengthOf(identifier, member, { min: 1, max: 2048 });
  matching(identifier, member, '[\\w#+=/:,.@-]*');
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
  const expired = countBefore(events, now - group.retentionInDays * dayMs);
  return expired === 0 ? events : events.slice(expired);
}

/** How many of the events, which are in order of time, are older. */
export function countBefore(events: readonly LogEvent[], time: number): number {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle]?.timestamp ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Adds events and keeps the stream in order of time; events of the same time stay in order of arrival. */
export function appendEvents(stream: { events: LogEvent[] }, added: readonly LogEvent[]): void {
  const last = stream.events.at(-1)?.timestamp ?? 0;
  stream.events.push(...added);
  const inOrder = added.every((event, index) => event.timestamp >= (added[index - 1]?.timestamp ?? last));
  if (!inOrder) stream.events.sort((a, b) => a.timestamp - b.timestamp);
}

/** Deprecated, still sent and never asked for again: 56 digits. */
export function sequenceToken(time: number): string {
  return `49${String(time).padStart(13, '0')}`.padEnd(56, '0');
}
