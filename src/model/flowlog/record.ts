/** One line of a flow log, written and read (VPC User Guide, Flow log records). */
import { FIELDS, type Validity, validityOf, versionOfField } from './fields.ts';

/** What a flow log without a custom format writes: the fields of version 2. */
export const DEFAULT_FORMAT = FIELDS.filter((name) => versionOfField(name) === 2)
  .map((name) => `\${${name}}`)
  .join(' ');

/** A line as far as it has the field and the field has a value: AWS writes `-` for none. */
export interface FlowRecord {
  /** `nodata`: there was no traffic in the interval. `skipdata`: AWS skipped records in it. */
  readonly status: 'ok' | 'nodata' | 'skipdata';
  /** Every field of the line as it stands there, by AWS's name, in the order of the format. */
  readonly fields: Readonly<Record<string, string>>;
  readonly interfaceId: string | undefined;
  readonly srcaddr: string | undefined;
  readonly dstaddr: string | undefined;
  readonly srcport: number | undefined;
  readonly dstport: number | undefined;
  /** IANA protocol number. */
  readonly protocol: number | undefined;
  readonly packets: number | undefined;
  readonly bytes: number | undefined;
  /** Unix seconds. */
  readonly start: number | undefined;
  /** Unix seconds. */
  readonly end: number | undefined;
  readonly action: 'ACCEPT' | 'REJECT' | undefined;
}

export interface Unreadable {
  readonly status: 'unreadable';
  readonly why: string;
}

/** Which field stands where in a flow log's lines. */
export interface Format {
  readonly names: readonly string[];
  /** Of each field, in the same order; undefined where AWS may write any value. */
  readonly validities: readonly (Validity | undefined)[];
  /** What its records say in their field `version`; undefined where a field is of a version not known here. */
  readonly version: number | undefined;
}

const STATUS: ReadonlyMap<string, FlowRecord['status']> = new Map([
  ['OK', 'ok'],
  ['NODATA', 'nodata'],
  ['SKIPDATA', 'skipdata'],
]);

/** The names of a format's fields: `${srcaddr} ${dstaddr}` has `srcaddr` and `dstaddr`. */
export function fieldsOf(format: string): string[] {
  return [...format.matchAll(/\$\{([^{}]+)\}/g)].flatMap(([, name]) => name ?? []);
}

/** "If you use a custom format, the version is the highest version among the specified fields" (Flow log records). */
export function versionOf(format: string): number {
  return highest(fieldsOf(format).map((name) => versionOfField(name) ?? 2));
}

/** The format whose fields have these names, in this order. */
export function formatOf(names: readonly string[]): Format {
  const versions = names.flatMap((name) => versionOfField(name) ?? []);
  const validities = names.map(validityOf);
  return { names, validities, version: versions.length < names.length ? undefined : highest(versions) };
}

function highest(versions: readonly number[]): number {
  return versions.reduce((most, version) => Math.max(most, version), 2);
}

/** A line in this format; `-` for a field without a value. */
export function writeRecord(values: Readonly<Record<string, string>>, format: string): string {
  return fieldsOf(format)
    .map((field) => (Object.hasOwn(values, field) && values[field]) || '-')
    .join(' ');
}

/** Reads a line by its flow log's format (`LogFormat` of DescribeFlowLogs). Never throws. */
export function parseRecord(line: string, format: string = DEFAULT_FORMAT): FlowRecord | Unreadable {
  return readRecord(line.trim().split(/\s+/), formatOf(fieldsOf(format)));
}

/** Reads the words of a line. Never throws. */
export function readRecord(values: readonly string[], { names, validities, version }: Format): FlowRecord | Unreadable {
  if (values.length !== names.length) return unreadable(`${names.length} fields expected, ${values.length} found`);
  const wrong = values.findIndex((value, index) => value !== '-' && validities[index]?.(value) === false);
  if (wrong >= 0) return unreadable(`${names[wrong]} cannot be ${clipped(values[wrong] ?? '')}`);
  const fields: Record<string, string> = {};
  names.forEach((name, index) => {
    fields[name] = values[index] ?? '-';
  });
  const written = numberOf(fields, 'version');
  if (written !== undefined && version !== undefined && written !== version)
    return unreadable(`it is of version ${written}, and this format of version ${version}`);
  const status = STATUS.get(textOf(fields, 'log-status') ?? 'OK') ?? 'ok';
  const action = textOf(fields, 'action');
  if (status !== 'ok' && (action ?? textOf(fields, 'srcaddr') ?? textOf(fields, 'packets')) !== undefined)
    return unreadable(`log-status is ${fields['log-status']}, and yet it tells of traffic`);

  return {
    status,
    fields,
    interfaceId: textOf(fields, 'interface-id'),
    srcaddr: textOf(fields, 'srcaddr'),
    dstaddr: textOf(fields, 'dstaddr'),
    srcport: numberOf(fields, 'srcport'),
    dstport: numberOf(fields, 'dstport'),
    protocol: numberOf(fields, 'protocol'),
    packets: numberOf(fields, 'packets'),
    bytes: numberOf(fields, 'bytes'),
    start: numberOf(fields, 'start'),
    end: numberOf(fields, 'end'),
    action: action === 'ACCEPT' || action === 'REJECT' ? action : undefined,
  };
}

function unreadable(why: string): Unreadable {
  return { status: 'unreadable', why };
}

type Fields = Readonly<Record<string, string>>;

/** A field's value; undefined where the format has no such field, or the record no value in it. */
export function textOf(fields: Fields, name: string): string | undefined {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return value === '-' ? undefined : value;
}

function numberOf(fields: Fields, name: string): number | undefined {
  const value = textOf(fields, name);
  return value === undefined ? undefined : Number(value);
}

const MOST_QUOTED = 40;

function clipped(value: string): string {
  return value.length > MOST_QUOTED ? `${value.slice(0, MOST_QUOTED)}…` : value;
}
