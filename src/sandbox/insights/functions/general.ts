/** User Guide, "Boolean, comparison, numeric, datetime, and other functions": numeric, general and JSON functions. */
import { parsedJson } from '../row.ts';
import { fromJson, isTrue, numberOf, textOf, truth, type Value } from '../value.ts';
import { numbers, type ScalarFunction, texts, values } from './function.ts';

export const generalFunctions: Readonly<Record<string, ScalarFunction>> = {
  abs: numbers(1, 1, Math.abs),
  ceil: numbers(1, 1, Math.ceil),
  floor: numbers(1, 1, Math.floor),
  greatest: numbers(1, 100, Math.max),
  least: numbers(1, 100, Math.min),
  log: numbers(1, 1, Math.log),
  sqrt: numbers(1, 1, Math.sqrt),
  pow: numbers(2, 2, Math.pow),
  mod: numbers(2, 2, (a, b) => a % b),
  ispresent: values(1, 1, (value) => truth(value !== undefined)),
  coalesce: values(1, 100, (...given) => given.find((value) => value !== undefined)),
  if: values(3, 3, (condition, yes, no) => (isTrue(condition) ? yes : no)),
  case: values(2, 21, (...given) => firstTrue(given)),
  isnumeric: values(1, 1, (value) => truth(numberOf(value) !== undefined)),
  messagesize: texts(1, 1, (text) => Buffer.byteLength(text)),
  tomillis: values(1, 1, (value) => (value instanceof Date ? value.getTime() : undefined)),
  frommillis: values(1, 1, (value) => instant(numberOf(value))),
  jsonparse: texts(1, 1, (text) => parsedJson(text)),
  jsonstringify: values(1, 1, (value) => (typeof value === 'object' ? textOf(value) : undefined)),
  jsonarraysize: values(1, 1, (value) => listIn(value)?.length),
  jsonarraycontains: values(2, 2, (value, wanted) => truth(includes(listIn(value) ?? [], wanted))),
};

/** `case(condition, value, …, default)`. */
function firstTrue(given: readonly Value[]): Value {
  for (let index = 0; index + 1 < given.length; index += 2) {
    if (isTrue(given[index])) return given[index + 1];
  }
  return given.length % 2 === 1 ? given.at(-1) : undefined;
}

export function instant(milliseconds: number | undefined): Date | undefined {
  const date = new Date(milliseconds ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function listIn(value: Value): readonly unknown[] | undefined {
  const list = typeof value === 'string' ? parsedJson(value) : value;
  return Array.isArray(list) ? list : undefined;
}

function includes(list: readonly unknown[], wanted: Value): boolean {
  return list.some((item) => {
    const value = fromJson(item);
    return value !== undefined && wanted !== undefined && textOf(value) === textOf(wanted);
  });
}
