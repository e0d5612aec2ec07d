/** The values of Logs Insights: text that may be a number, numbers, and instants. `undefined`: the field is missing. */
import type { Comparison, Expression } from './query.ts';

export type Value = string | number | Date | undefined;
export type Row = ReadonlyMap<string, Value>;

export function numberOf(value: Value): number | undefined {
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'string') return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
  return value;
}

/** As GetQueryResults writes it: instants as `2026-11-23 10:00:00.000` UTC, numbers with at most four decimals. */
export function textOf(value: Exclude<Value, undefined>): string {
  if (value instanceof Date) return value.toISOString().replace('T', ' ').replace('Z', '');
  return typeof value === 'number' ? String(Math.round(value * 10_000) / 10_000) : value;
}

/** Orders two values: numbers as numbers, else as text; a missing field comes first. */
export function order(left: Value, right: Value): number {
  if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined);
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== undefined && b !== undefined) return a - b;
  const [leftText, rightText] = [textOf(left), textOf(right)];
  return leftText < rightText ? -1 : leftText > rightText ? 1 : 0;
}

export function evaluate(expression: Expression, row: Row): Value {
  switch (expression.kind) {
    case 'field':
      return row.get(expression.name);
    case 'literal':
      return expression.value;
    case 'bin': {
      const at = numberOf(row.get('@timestamp'));
      return at === undefined ? undefined : new Date(at - (at % expression.milliseconds));
    }
    default:
      return holds(expression, row) ? 1 : 0;
  }
}

export function holds(expression: Expression, row: Row): boolean {
  switch (expression.kind) {
    case 'and':
      return holds(expression.left, row) && holds(expression.right, row);
    case 'or':
      return holds(expression.left, row) || holds(expression.right, row);
    case 'not':
      return !holds(expression.operand, row);
    case 'present':
      return row.get(expression.field) !== undefined;
    case 'like': {
      const value = evaluate(expression.value, row);
      if (value === undefined) return false;
      const text = textOf(value);
      return typeof expression.pattern === 'string' ? text.includes(expression.pattern) : expression.pattern.test(text);
    }
    case 'in': {
      const value = evaluate(expression.value, row);
      return value !== undefined && expression.options.some((option) => order(value, evaluate(option, row)) === 0);
    }
    case 'compare':
      return compare(expression.operator, evaluate(expression.left, row), evaluate(expression.right, row));
    // A bare value is true unless missing, zero or empty.
    default: {
      const value = evaluate(expression, row);
      return value !== undefined && value !== 0 && value !== '';
    }
  }
}

/** A missing field equals nothing and is neither smaller nor larger than anything. */
function compare(operator: Comparison, left: Value, right: Value): boolean {
  if (left === undefined || right === undefined) return operator === '!=' && left !== right;
  const difference = order(left, right);
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
