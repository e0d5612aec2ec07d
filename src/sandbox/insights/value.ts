/**
 * The values of Logs Insights: text that may be a number, numbers (1 and 0 for true and false), instants, and the maps
 * and lists that `jsonParse` and `split` make. `undefined`: the field is missing.
 */
import type { Comparison } from './query.ts';

export type Structure = readonly unknown[] | { readonly [name: string]: unknown };
export type Value = string | number | Date | Structure | undefined;

const numeric = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

export function numberOf(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return numeric.test(value) ? Number(value) : undefined;
  return value instanceof Date ? value.getTime() : undefined;
}

/** As GetQueryResults writes it: instants as `2026-11-23 10:00:00.000` UTC, numbers with at most four decimals. */
export function textOf(value: Exclude<Value, undefined>): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(Number.isInteger(value) ? value : Math.round(value * 10_000) / 10_000);
  if (value instanceof Date) return value.toISOString().replace('T', ' ').replace('Z', '');
  return JSON.stringify(value);
}

/** Equal for values that a group or `dedup` takes as one. */
export function keyOf(value: Value): string {
  if (typeof value === 'string') return value;
  if (value instanceof Date) return `\u0001${value.getTime()}`;
  return value === undefined ? '\u0002' : textOf(value);
}

/** What a JSON document's value is in a query. */
export function fromJson(json: unknown): Value {
  if (typeof json === 'boolean') return json ? 1 : 0;
  if (typeof json === 'string' || typeof json === 'number') return json;
  return json === null || json === undefined ? undefined : (json as Structure);
}

export function truth(value: boolean): number {
  return value ? 1 : 0;
}

export function isTrue(value: Value): boolean {
  return value !== undefined && value !== 0 && value !== '' && value !== '0' && value !== 'false';
}

/** A missing field equals nothing and is neither smaller nor larger than anything. */
export function compare(operator: Comparison, left: Value, right: Value): boolean {
  if (left === undefined || right === undefined) return operator === '!=' && left !== right;
  const [a, b] = [numberOf(left), numberOf(right)];
  const difference = a !== undefined && b !== undefined ? a - b : textDifference(textOf(left), textOf(right));
  switch (operator) {
    case '=':
      return difference === 0;
    case '!=':
      return difference !== 0;
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    case '>=':
      return difference >= 0;
  }
}

function textDifference(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * The order of `sort` (User Guide, sort): what is no number comes before all numbers; runs of digits in it are ordered by
 * their length and then their value, all else by its characters. A missing field comes first.
 */
export function order(left: Value, right: Value): number {
  if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined);
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== undefined && b !== undefined) return a - b;
  if (a !== undefined || b !== undefined) return a !== undefined ? 1 : -1;
  return naturally(textOf(left), textOf(right));
}

/** A value that is a number as a number, so that sorting need not find it out again and again. */
export function sortable(value: Value): number | string | undefined {
  return numberOf(value) ?? (value === undefined ? undefined : textOf(value));
}

/** Runs of digits are compared as a whole, all else character by character: without a list of parts, as sorts ask often. */
function naturally(left: string, right: string): number {
  let [a, b] = [0, 0];
  while (a < left.length && b < right.length) {
    const [aEnd, bEnd] = [endOfDigits(left, a), endOfDigits(right, b)];
    if (aEnd === a || bEnd === b) {
      const difference = left.charCodeAt(a) - right.charCodeAt(b);
      if (difference !== 0) return difference;
      [a, b] = [a + 1, b + 1];
      continue;
    }
    const difference = aEnd - a - (bEnd - b) || textDifference(left.slice(a, aEnd), right.slice(b, bEnd));
    if (difference !== 0) return difference;
    [a, b] = [aEnd, bEnd];
  }
  return left.length - a - (right.length - b);
}

function endOfDigits(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at += 1;
  return at;
}
