import type { Value } from './value.ts';

/** A log event as a query scans it. Times in epoch milliseconds. */
export interface ScannedEvent {
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
  readonly stream: string;
  /** `<account>:<log group>`. */
  readonly log: string;
  readonly pointer: string;
}

/**
 * The discovered fields of a flow-log record in the default format (CloudWatch Logs User Guide, "Supported logs and
 * discovered fields"). A record in another format has none.
 */
const flowLogFields = [
  'version',
  'accountId',
  'interfaceId',
  'srcAddr',
  'dstAddr',
  'srcPort',
  'dstPort',
  'protocol',
  'packets',
  'bytes',
  'start',
  'end',
  'action',
  'logStatus',
] as const;

const defaultFormat = /^2 (?:\d{12}|unknown) eni-[0-9a-f]+ (?:\S+ ){10}(?:OK|NODATA|SKIPDATA)$/;

export function rowOf(event: ScannedEvent): Map<string, Value> {
  const row = new Map<string, Value>([
    ['@timestamp', new Date(event.timestamp)],
    ['@ingestionTime', event.ingestionTime],
    ['@message', event.message],
    ['@logStream', event.stream],
    ['@log', event.log],
    ['@ptr', event.pointer],
  ]);
  if (defaultFormat.test(event.message)) {
    const values = event.message.split(' ');
    for (const [index, field] of flowLogFields.entries()) row.set(field, values[index]);
  }
  return row;
}
