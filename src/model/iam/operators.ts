/** The comparisons of condition operators (IAM User Guide, "IAM JSON policy elements: Condition operators"). */
import ipaddr from 'ipaddr.js';
import { matches, unliteral } from './glob.ts';

/** Does the value of the request fit what the policy wrote? Values that are no number, date or address fit nothing. */
type Compare = (written: string, value: string) => boolean;

export interface Operator {
  readonly compare: Compare;
  /** `StringNotEquals` and its like: none of the written values may fit. */
  readonly negated: boolean;
  /** `ForAllValues:` and `ForAnyValue:` look at each value of a key that has several. */
  readonly each: 'all' | 'any' | undefined;
  readonly ifExists: boolean;
}

const equal: Compare = (written, value) => unliteral(written) === value;
const equalIgnoringCase: Compare = (written, value) => unliteral(written).toLowerCase() === value.toLowerCase();

/** ArnEquals and ArnLike behave alike: each of the six parts fits on its own. */
const arnLike: Compare = (written, value) => value.startsWith('arn:') && matchesArnParts(written, value);

const COMPARES: ReadonlyMap<string, Compare> = new Map([
  ['StringEquals', equal],
  ['StringEqualsIgnoreCase', equalIgnoringCase],
  ['StringLike', matches],
  ['ArnEquals', arnLike],
  ['ArnLike', arnLike],
  ['Bool', equalIgnoringCase],
  ['BinaryEquals', equal],
  ['IpAddress', inRange],
  ['NumericEquals', byNumber((a, b) => a === b)],
  ['NumericLessThan', byNumber((a, b) => a < b)],
  ['NumericLessThanEquals', byNumber((a, b) => a <= b)],
  ['NumericGreaterThan', byNumber((a, b) => a > b)],
  ['NumericGreaterThanEquals', byNumber((a, b) => a >= b)],
  ['DateEquals', byDate((a, b) => a === b)],
  ['DateLessThan', byDate((a, b) => a < b)],
  ['DateLessThanEquals', byDate((a, b) => a <= b)],
  ['DateGreaterThan', byDate((a, b) => a > b)],
  ['DateGreaterThanEquals', byDate((a, b) => a >= b)],
]);

/** Undefined for an operator that IAM does not have; `Null` is no comparison. */
export function operatorOf(name: string): Operator | undefined {
  const [, set, base = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  const positive = base === 'NotIpAddress' ? 'IpAddress' : base.replace('Not', '');
  const compare = COMPARES.get(positive);
  if (!compare) return undefined;
  const each = set === undefined ? undefined : set === 'ForAllValues' ? 'all' : 'any';
  return { compare, negated: positive !== base, each, ifExists: ifExists !== undefined };
}

function byNumber(test: (value: number, written: number) => boolean): Compare {
  const isNumber = (text: string) => /^[-+]?\d+(\.\d+)?$/.test(text);
  return (written, value) => isNumber(value) && isNumber(written) && test(Number(value), Number(written));
}

/** ISO 8601, or seconds since 1970. */
function byDate(test: (value: number, written: number) => boolean): Compare {
  const time = (text: string) => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text));
  return (written, value) => test(time(value), time(written));
}

function inRange(written: string, value: string): boolean {
  if (!ipaddr.isValid(value)) return false;
  const address = ipaddr.parse(value);
  const range = written.includes('/') ? written : `${written}/${address.kind() === 'ipv4' ? 32 : 128}`;
  if (!ipaddr.isValidCIDR(range)) return false;
  const [network, bits] = ipaddr.parseCIDR(range);
  return network.kind() === address.kind() && address.match(network, bits);
}

/** Splits at the first five colons: the sixth part, the resource, may hold more of them. */
function matchesArnParts(pattern: string, arn: string): boolean {
  const patterns = arnParts(pattern);
  const parts = arnParts(arn);
  return patterns.length === parts.length && patterns.every((part, index) => matches(part, parts[index] ?? ''));
}

function arnParts(arn: string): readonly string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}
