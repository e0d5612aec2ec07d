/** One line of a flow log, written and read (VPC User Guide, Flow log records). */
import ipaddr from 'ipaddr.js';
import { isAddress } from '../network/cidr.ts';

/** What a flow log without a custom format writes: the fields of version 2. */
export const DEFAULT_FORMAT =
  '${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}';

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

const STATUS: ReadonlyMap<string, FlowRecord['status']> = new Map([
  ['OK', 'ok'],
  ['NODATA', 'nodata'],
  ['SKIPDATA', 'skipdata'],
]);

/** The names of a format's fields: `${srcaddr} ${dstaddr}` has `srcaddr` and `dstaddr`. */
export function fieldsOf(format: string): string[] {
  return [...format.matchAll(/\$\{([^{}]+)\}/g)].flatMap(([, name]) => name ?? []);
}

const FIELD_VERSIONS: readonly (readonly [version: number, fields: readonly string[]])[] = [
  [5, ['flow-direction', 'traffic-path', 'pkt-src-aws-service', 'pkt-dst-aws-service']],
  [4, ['region', 'az-id', 'sublocation-type', 'sublocation-id']],
  [3, ['vpc-id', 'subnet-id', 'instance-id', 'tcp-flags', 'type', 'pkt-srcaddr', 'pkt-dstaddr']],
  [2, fieldsOf(DEFAULT_FORMAT)],
];

/** Is it a field of a flow log up to version 5? */
export function isField(name: string): boolean {
  return FIELD_VERSIONS.some(([, fields]) => fields.includes(name));
}

/** "If you use a custom format, the version is the highest version among the specified fields" (Flow log records). */
export function versionOf(format: string): number {
  const fields = fieldsOf(format);
  return FIELD_VERSIONS.find(([, names]) => names.some((name) => fields.includes(name)))?.[0] ?? 2;
}

/** A line in this format; `-` for a field without a value. */
export function writeRecord(values: Readonly<Record<string, string>>, format: string): string {
  return fieldsOf(format)
    .map((field) => (Object.hasOwn(values, field) && values[field]) || '-')
    .join(' ');
}

/** Reads a line by its flow log's format (`LogFormat` of DescribeFlowLogs). Never throws. */
export function parseRecord(line: string, format: string = DEFAULT_FORMAT): FlowRecord | Unreadable {
  const names = fieldsOf(format);
  const values = line.trim().split(/\s+/);
  if (values.length !== names.length)
    return { status: 'unreadable', why: `it has ${values.length} fields, and the format has ${names.length}` };
  const fields = Object.fromEntries(names.map((name, index) => [name, values[index] ?? '-']));

  const status = STATUS.get(textOf(fields, 'log-status') ?? 'OK');
  if (!status)
    return { status: 'unreadable', why: `log-status ${fields['log-status']} is none of ${[...STATUS.keys()]}` };
  const wrong = names.find((name) => !isValid(name, fields[name] ?? '-'));
  if (wrong !== undefined) return { status: 'unreadable', why: `${wrong} cannot be ${fields[wrong]}` };

  const action = textOf(fields, 'action');
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

type Fields = Readonly<Record<string, string>>;

function textOf(fields: Fields, name: string): string | undefined {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return value === '-' ? undefined : value;
}

function numberOf(fields: Fields, name: string): number | undefined {
  const value = textOf(fields, name);
  return value === undefined ? undefined : Number(value);
}

/** Unix seconds at the end of the year 9999: later instants have no usual notation. */
const LAST_SECOND = 253_402_300_799;

const LARGEST: ReadonlyMap<string, number> = new Map([
  ['version', 99],
  ['srcport', 65_535],
  ['dstport', 65_535],
  ['protocol', 255],
  ['packets', Number.MAX_SAFE_INTEGER],
  ['bytes', Number.MAX_SAFE_INTEGER],
  ['start', LAST_SECOND],
  ['end', LAST_SECOND],
]);

function isValid(name: string, value: string): boolean {
  if (value === '-') return true;
  if (name === 'action') return value === 'ACCEPT' || value === 'REJECT';
  if (name === 'srcaddr' || name === 'dstaddr') return isAddress(value) || ipaddr.IPv6.isValid(value);
  const largest = LARGEST.get(name);
  return largest === undefined || (/^\d{1,16}$/.test(value) && Number(value) <= largest);
}
