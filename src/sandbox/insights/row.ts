/** One row of a query: an event whose fields are found when they are asked for, and what the commands have computed. */
import { fromJson, numberOf, type Structure, type Value } from './value.ts';

/** A log event as a query scans it. Times in epoch milliseconds. */
export interface ScannedEvent {
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
  readonly stream: string;
  /** `<account>:<log group>`. */
  readonly log: string;
  /** Among the events of its stream. */
  readonly index: number;
}

/** Belongs to one run of one query, which alone changes it. */
export interface Row {
  /** Absent for what `stats` made. */
  readonly event?: ScannedEvent;
  computed?: Map<string, Value>;
  discovered?: Discovered | undefined;
}

type Discovered = readonly string[] | ReadonlyMap<string, Value>;

/**
 * The discovered fields of a flow-log record in the default format, in its order (CloudWatch Logs User Guide, "Supported
 * logs and discovered fields"). A record in another format has none.
 */
const flowLogFields: Readonly<Record<string, number>> = {
  version: 0,
  accountId: 1,
  interfaceId: 2,
  srcAddr: 3,
  dstAddr: 4,
  srcPort: 5,
  dstPort: 6,
  protocol: 7,
  packets: 8,
  bytes: 9,
  // The guide's table says startTime and endTime, the console shows start and end.
  start: 10,
  startTime: 10,
  end: 11,
  endTime: 11,
  action: 12,
  logStatus: 13,
};

const flowLogLength = 14;
const flowLogAccount = /^(?:\d{12}|unknown)$/;
const flowLogStatus: ReadonlySet<string | undefined> = new Set(['OK', 'NODATA', 'SKIPDATA']);
const nothing: Discovered = [];
/** User Guide, "Fields in JSON logs". */
const mostFields = 200;

const systemFields: Readonly<Record<string, (event: ScannedEvent) => Value>> = {
  '@timestamp': (event) => new Date(event.timestamp),
  '@ingestionTime': (event) => new Date(event.ingestionTime),
  '@message': (event) => event.message,
  '@logStream': (event) => event.stream,
  '@log': (event) => event.log,
  '@ptr': (event) => Buffer.from(`${event.log}:${event.stream}:${event.timestamp}:${event.index}`).toString('base64'),
};

export type Reader = (row: Row) => Value;

/** How a field is read, by the steps of its name: one computed before any other, then what the event itself has. */
export function fieldReader(path: readonly string[]): Reader {
  const name = path.join('.');
  const system = Object.hasOwn(systemFields, name) ? systemFields[name] : undefined;
  const position = Object.hasOwn(flowLogFields, name) ? flowLogFields[name] : undefined;
  return (row) => {
    if (row.computed) {
      if (row.computed.has(name)) return row.computed.get(name);
      const inside = path.length > 1 ? within(row.computed, path) : undefined;
      if (inside !== undefined) return inside;
    }
    if (!row.event) return undefined;
    if (system) return system(row.event);
    row.discovered ??= discover(row.event.message);
    if (row.discovered instanceof Map) return row.discovered.get(name);
    return position === undefined ? undefined : (row.discovered as readonly string[])[position];
  };
}

/** How what is shown under a name is read: the name of a column may be any text. */
export function columnReader(name: string): Reader {
  const read = fieldReader(name.split('.'));
  return (row) => row.computed?.get(name) ?? read(row);
}

/** `map.attribute` and `list[0]`, where an expression before made the map or list. */
function within(computed: ReadonlyMap<string, Value>, path: readonly string[]): Value {
  for (let length = path.length - 1; length > 0; length -= 1) {
    let value: Value = computed.get(path.slice(0, length).join('.'));
    for (const step of path.slice(length)) value = member(value, step);
    if (value !== undefined) return value;
  }
  return undefined;
}

function member(value: Value, step: string): Value {
  if (typeof value !== 'object' || value instanceof Date || !Object.hasOwn(value, step)) return undefined;
  return fromJson((value as Readonly<Record<string, unknown>>)[step]);
}

function discover(message: string): Discovered {
  if (message.startsWith('2 ')) {
    const values = message.split(' ');
    if (isFlowLogRecord(values)) return values;
  }
  const json = /^\s*[{[]/.test(message) ? parsedJson(message) : undefined;
  if (json === undefined) return nothing;
  const fields = new Map<string, Value>();
  flatten(json, '', fields);
  return fields;
}

function isFlowLogRecord(values: readonly string[]): boolean {
  const [, account = '', interfaceId] = values;
  return (
    values.length === flowLogLength &&
    flowLogStatus.has(values[13]) &&
    interfaceId?.startsWith('eni-') === true &&
    flowLogAccount.test(account)
  );
}

/** Every field of an event that is discovered in its message. */
export function discoveredFields(message: string): ReadonlyMap<string, Value> {
  const found = discover(message);
  if (found instanceof Map) return found;
  const values = found as readonly string[];
  return new Map(
    Object.entries(flowLogFields).flatMap(([name, position]) => {
      const value = values[position];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Of levels in a document: what walks it is recursive, and the stack has an end. */
const deepest = 200;

/** A document that is a map or a list; `undefined` for all other text. */
export function parsedJson(text: string): Structure | undefined {
  if (depthOf(text) > deepest) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Structure) : undefined;
  } catch {
    return undefined;
  }
}

function depthOf(text: string): number {
  let [depth, most] = [0, 0];
  for (const [bracket] of text.matchAll(/[[{}\]]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    most = Math.max(most, depth);
  }
  return most;
}

/** User Guide, "Fields in JSON logs": dots between levels, numbers for the items of arrays, `@` doubled at the start. */
function flatten(json: Structure, prefix: string, fields: Map<string, Value>): void {
  for (const [key, inner] of Object.entries(json)) {
    if (fields.size >= mostFields) return;
    const name = prefix === '' ? key.replace(/^@/, '@@') : `${prefix}.${key}`;
    const value = fromJson(inner);
    if (typeof value === 'object' && !(value instanceof Date)) flatten(value, name, fields);
    else if (value !== undefined) fields.set(name, value);
  }
}

/** The time of a row's event, for what is earliest and latest. */
export function timeOf(row: Row): number | undefined {
  return row.event?.timestamp ?? numberOf(row.computed?.get('@timestamp'));
}
