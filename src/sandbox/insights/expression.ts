/** Expressions made into functions of a row. All that can be refused is refused here, before a row is looked at. */

import { aggregates } from './aggregates.ts';
import { addressFunctions, blockOf, subnetFunctions } from './functions/address.ts';
import { refuseLength, type ScalarFunction } from './functions/function.ts';
import { generalFunctions } from './functions/general.ts';
import { textFunctions } from './functions/text.ts';
import { ceilOf, floorOf, type Period, periodOf } from './functions/time.ts';
import { matcher, replacer } from './pattern.ts';
import { type Arithmetic, type Expression, type Pattern, QueryError } from './query.ts';
import { fieldReader, type Row } from './row.ts';
import { compare, isTrue, numberOf, order, textOf, truth, type Value } from './value.ts';

export type Evaluator = (row: Row) => Value;
export type Call = Extract<Expression, { kind: 'call' }>;

/** Where an expression stands. Times in epoch milliseconds. */
export interface Scope {
  readonly query: string;
  readonly now: number;
  readonly startTime: number;
  readonly endTime: number;
  /** What an expression may refer to; absent where that is any field. */
  readonly known?: ReadonlySet<string>;
  /** The columns that `stats` made. */
  readonly columns?: ReadonlySet<string>;
  /** Takes over the aggregate functions, where they may stand. */
  readonly aggregate?: (call: Call, name: string) => Evaluator;
}

const functions: Readonly<Record<string, ScalarFunction>> = {
  ...generalFunctions,
  ...textFunctions,
  ...addressFunctions,
};

/** @throws QueryError */
export function compile(expression: Expression, scope: Scope): Evaluator {
  // After `stats`, the text of an expression is the name of the column that came of it.
  const column = written(expression, scope);
  if (
    expression.kind !== 'field' &&
    expression.kind !== 'literal' &&
    scope.columns?.has(column) &&
    !isNew(expression, scope)
  )
    return (row) => row.computed?.get(column);
  switch (expression.kind) {
    case 'field': {
      const name = expression.path.join('.');
      if (name === 'true' || name === 'false') return () => truth(name === 'true');
      refuseUnknown(name, expression, scope);
      return fieldReader(expression.path);
    }
    case 'literal':
      return () => expression.value;
    case 'call':
      return compileCall(expression, scope);
    case 'arithmetic':
      return compileArithmetic(expression, scope);
    case 'period':
    case 'all':
      throw unexpected(expression, scope);
    default: {
      const holds = compileCondition(expression, scope);
      return (row) => truth(holds(row));
    }
  }
}

/** A second `stats` counts anew what it does not take from the first. */
function isNew(expression: Expression, scope: Scope): boolean {
  return scope.aggregate !== undefined && expression.kind === 'call' && isAggregate(expression);
}

function isAggregate({ name }: Call): boolean {
  return Object.hasOwn(aggregates, name.toLowerCase());
}

/** @throws QueryError, also for an expression that is neither true nor false. */
export function compileCondition(expression: Expression, scope: Scope): (row: Row) => boolean {
  switch (expression.kind) {
    case 'and': {
      const operands = expression.operands.map((operand) => compileCondition(operand, scope));
      return (row) => operands.every((holds) => holds(row));
    }
    case 'or': {
      const operands = expression.operands.map((operand) => compileCondition(operand, scope));
      return (row) => operands.some((holds) => holds(row));
    }
    case 'not': {
      const holds = compileCondition(expression.operand, scope);
      return (row) => !holds(row);
    }
    case 'compare': {
      const [left, right] = [compile(expression.left, scope), compile(expression.right, scope)];
      return (row) => compare(expression.operator, left(row), right(row));
    }
    case 'like': {
      const [value, matches] = [compile(expression.value, scope), matcher(expression.pattern)];
      return (row) => {
        const given = value(row);
        return given !== undefined && matches(textOf(given));
      };
    }
    case 'in': {
      const value = compile(expression.value, scope);
      const options = expression.options.map((option) => compile(option, scope));
      return (row) => {
        const given = value(row);
        return given !== undefined && options.some((option) => order(given, option(row)) === 0);
      };
    }
    case 'call': {
      const value = compileCall(expression, scope);
      return (row) => isTrue(value(row));
    }
    default:
      throw new QueryError(`a condition is expected instead of ${written(expression, scope)}`, expression.place);
  }
}

function compileCall(call: Call, scope: Scope): Evaluator {
  const name = call.name.toLowerCase();
  if (isAggregate(call)) {
    if (!scope.aggregate) throw unexpected(call, scope);
    return scope.aggregate(call, name);
  }
  if (Object.hasOwn(special, name)) return special[name]?.(call, scope) ?? (() => undefined);
  const found = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (!found) throw new QueryError(`unknown function ${call.name}`, call.place);
  refuseCount(call, found.least, found.most);
  const given = call.arguments.map((argument) => compile(argument, scope));
  if (subnetFunctions.has(name)) refuseSubnet(call.arguments[1]);
  return (row) => {
    const value = found.apply(given.map((argument) => argument(row)));
    if (typeof value === 'string') refuseLength(value.length);
    return value;
  };
}

/** At worst every character is replaced. */
const longestReplaced = 2 ** 26;

/** Functions of which an argument is not simply a value. */
const special: Readonly<Record<string, (call: Call, scope: Scope) => Evaluator>> = {
  bin(call, scope) {
    refuseCount(call, 1, 1);
    refuseUnknown('@timestamp', call, scope);
    const [timestamp, period] = [fieldReader(['@timestamp']), periodIn(call.arguments[0], scope)];
    return (row) => floorOf(timestamp(row), period);
  },
  datefloor: (call, scope) => rounded(call, scope, floorOf),
  dateceil: (call, scope) => rounded(call, scope, ceilOf),
  now: (call, scope) => constant(call, Math.floor(scope.now / 1000)),
  querystarttime: (call, scope) => constant(call, scope.startTime),
  queryendtime: (call, scope) => constant(call, scope.endTime),
  querytimerange: (call, scope) => constant(call, scope.endTime - scope.startTime),
  regexreplace(call, scope) {
    refuseCount(call, 3, 3);
    const [text, pattern, replacement] = call.arguments;
    if (!text || !replacement || pattern?.kind !== 'literal') throw unexpected(pattern ?? call, scope);
    const regex: Pattern = { kind: 'regex', source: String(pattern.value), place: pattern.place };
    const [value, replace, by] = [compile(text, scope), replacer(regex), compile(replacement, scope)];
    return (row) => {
      const [given, put] = [value(row), by(row)];
      if (given === undefined || put === undefined) return undefined;
      const [from, to] = [textOf(given), textOf(put)];
      refuseLength(from.length * to.length, longestReplaced);
      return replace(from, to);
    };
  },
};

function rounded(call: Call, scope: Scope, round: (value: Value, period: Period) => Value): Evaluator {
  refuseCount(call, 2, 2);
  const [value, length] = call.arguments;
  if (!value) throw unexpected(call, scope);
  const [instant, period] = [compile(value, scope), periodIn(length, scope)];
  return (row) => round(instant(row), period);
}

function constant(call: Call, value: number): Evaluator {
  refuseCount(call, 0, 0);
  return () => value;
}

function periodIn(argument: Expression | undefined, scope: Scope): Period {
  const period = argument?.kind === 'period' ? periodOf(argument.count, argument.unit) : undefined;
  if (argument && !period) throw new QueryError(`invalid period ${written(argument, scope)}`, argument.place);
  return period ?? {};
}

function compileArithmetic(expression: Extract<Expression, { kind: 'arithmetic' }>, scope: Scope): Evaluator {
  const first = compile(expression.first, scope);
  const rest = expression.rest.map(({ operator, operand }) => ({ operator, operand: compile(operand, scope) }));
  return (row) => {
    let result = numberOf(first(row)) ?? Number.NaN;
    for (const { operator, operand } of rest)
      result = calculate(operator, result, numberOf(operand(row)) ?? Number.NaN);
    return Number.isFinite(result) ? result : undefined;
  };
}

function calculate(operator: Arithmetic, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '^':
      return a ** b;
  }
}

export function refuseCount(call: Call, least: number, most: number): void {
  const count = call.arguments.length;
  if (count >= least && count <= most) return;
  const expected = least === most ? String(least) : `${least} to ${most}`;
  throw new QueryError(`${call.name} takes ${expected} arguments, not ${count}`, call.place);
}

/** @throws QueryError where `stats` has not passed this field on (User Guide, "Use multiple stats commands"). */
export function refuseUnknown(name: string, { place }: Expression, { known }: Scope): void {
  if (known && !known.has(name) && !known.has(name.split('.')[0] ?? ''))
    throw new QueryError(`invalid reference to ${name}: the stats command before does not define it`, place);
}

function refuseSubnet(argument: Expression | undefined): void {
  if (argument?.kind === 'literal' && !blockOf(String(argument.value)))
    throw new QueryError(`invalid subnet ${argument.value}`, argument.place);
}

export function unexpected(expression: Expression, scope: Scope): QueryError {
  return new QueryError(`unexpected symbol found ${written(expression, scope)}`, expression.place);
}

function written({ place }: Expression, { query }: Scope): string {
  return query.slice(place.start, place.end);
}
