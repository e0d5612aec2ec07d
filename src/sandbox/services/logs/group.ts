/** What every operation of CloudWatch Logs needs: finding groups and streams, and AWS's refusals. */
import { AwsError, type Request } from '../../service.ts';
import type { LogEvent, LogGroupState } from '../../world.ts';

const dayMs = 86_400_000;

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

/** AWS's words for a member that breaks its constraint, such as "Member must not be null". */
export function violation(value: unknown, member: string, constraint: string): AwsError {
  const shown = value === undefined ? 'null' : `'${String(value)}'`;
  return invalidParameter(
    `1 validation error detected: Value ${shown} at '${member}' failed to satisfy constraint: Member ${constraint}`,
  );
}

export function required<T>(value: T | undefined, member: string): T {
  if (value === undefined) throw violation(value, member, 'must not be null');
  return value;
}

/** A whole number between the bounds of the API reference, or the default. */
export function bounded(value: number | undefined, member: string, bounds: { max: number; byDefault: number }): number {
  if (value === undefined) return bounds.byDefault;
  if (value < 1) throw violation(value, member, 'must have value greater than or equal to 1');
  if (value > bounds.max) throw violation(value, member, `must have value less than or equal to ${bounds.max}`);
  return value;
}

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
  if (!group) throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
  return group;
}

export function findStream(
  group: LogGroupState,
  name: string | undefined,
): { creationTime: number; events: LogEvent[] } {
  const stream = group.streams[required(name, 'logStreamName')];
  if (!stream) throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
  return stream;
}

/** A new, empty group: made by its owner, or by a flow log whose role may. */
export function newGroup(name: string, now: number, tags: Record<string, string> = {}): LogGroupState {
  return { name, creationTime: now, tags: { ...tags }, streams: {} };
}

/** The stream's events in order of time, without those that the group's retention has expired. */
export function liveEvents(group: LogGroupState, stream: string, now: number): readonly LogEvent[] {
  const events = group.streams[stream]?.events ?? [];
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
