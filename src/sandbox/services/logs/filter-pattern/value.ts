/** What the values of `{ … }` and `[ … ]` patterns are compared with: text with `*`, `%regular expressions%`, numbers. */
import P, { type Parser } from 'parsimmon';
import { RE2JS } from 're2js';
import { invalidPattern } from '../refusal.ts';

export type Test = (text: string) => boolean;
export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=';

export const blank = P.regexp(/\s*/);
export const lexeme = <T>(parser: Parser<T>) => parser.skip(blank);
export const symbol = (text: string) => lexeme(P.string(text));
export const operator = lexeme(P.regexp(/!=|<=|>=|=|<|>/)) as Parser<Operator>;
/** A value as written, in its quotes where it has them. */
export const literal = lexeme(P.regexp(/"(?:[^"\\]|\\.)*"|%[^%]+%|[^\s&|(){}[\],"]+/));

const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

export function numberIn(text: string): number | undefined {
  return number.test(text) ? Number(text) : undefined;
}

/** @throws AwsError for what cannot be compared so. */
export function comparison(how: Operator, value: string): Test {
  const wanted = numberIn(value);
  if (how === '=' || how === '!=') {
    const equal = textTest(value);
    const holds: Test = (text) => equal(text) || (wanted !== undefined && numberIn(text) === wanted);
    return how === '=' ? holds : (text) => !holds(text);
  }
  if (wanted === undefined) throw invalidPattern(`${value} is no number to compare with ${how}`);
  return (text) => {
    const given = numberIn(text);
    return given !== undefined && compares(how, given - wanted);
  };
}

function compares(how: Operator, difference: number): boolean {
  if (how === '<') return difference < 0;
  if (how === '<=') return difference <= 0;
  return how === '>' ? difference > 0 : difference >= 0;
}

/** `*` stands for any text at the start and at the end of a value, and for itself within. */
export function textTest(written: string): Test {
  if (/^%.+%$/.test(written)) {
    const regex = compiled(written.slice(1, -1));
    return (text) => regex.test(text);
  }
  const value = /^".*"$/s.test(written) ? written.slice(1, -1).replaceAll(/\\(.)/g, '$1') : written;
  if (value === '*') return () => true;
  const [open, close] = [value.startsWith('*'), value.endsWith('*')];
  const inner = value.slice(open ? 1 : 0, close ? -1 : undefined);
  if (open && close) return (text) => text.includes(inner);
  if (open) return (text) => text.endsWith(inner);
  return close ? (text) => text.startsWith(inner) : (text) => text === inner;
}

function compiled(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch {
    throw invalidPattern(`%${source}% is no regular expression`);
  }
}

/** Conditions with `&&` and `||` between them, of which `&&` binds closer. */
export function combined<T>(condition: Parser<(subject: T) => boolean>): Parser<(subject: T) => boolean> {
  const and = condition.sepBy1(symbol('&&')).map((all) => (subject: T) => all.every((holds) => holds(subject)));
  return and.sepBy1(symbol('||')).map((any) => (subject: T) => any.some((holds) => holds(subject)));
}

/** @throws AwsError */
export function parsed<T>(parser: Parser<T>, pattern: string): T {
  // A pattern has at most 1,024 characters, of which as many may be parentheses.
  if (/\({50}/.test(pattern.replaceAll(/\s/g, ''))) throw invalidPattern('too many nested conditions');
  const result = parser.parse(pattern);
  if (result.status) return result.value;
  throw invalidPattern(`unexpected ${pattern.charAt(result.index.offset) || 'end'} at position ${result.index.offset}`);
}
