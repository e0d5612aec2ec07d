/**
 * The grammar of Logs Insights QL (CloudWatch Logs User Guide, "CloudWatch Logs Insights language query syntax"), as far
 * as the sandbox evaluates it. What it does not know is refused with its place, never ignored: a query that cannot be
 * evaluated must not succeed with wrong rows.
 */
import P, { type Parser } from 'parsimmon';
import type { Arithmetic, Column, Command, Comparison, Expression, Pattern, Place, Query } from './query.ts';
import { QueryError } from './query.ts';

/** Of parentheses: no query that a person writes is deeper, and the stack has an end. */
const deepest = 100;

const blank = P.regexp(/(?:\s|#[^\n]*)*/);
const lexeme = <T>(parser: Parser<T>) => blank.then(parser);
const symbol = (text: string) => lexeme(P.string(text));
const keyword = (text: string) => lexeme(P.regexp(new RegExp(`${text}\\b`, 'i')));
const list = <T>(item: Parser<T>) => item.sepBy1(symbol(','));

/** Gives what a parser makes the place where it was written, without the blanks before it. */
function placed<T, U>(parser: Parser<T>, make: (value: T, place: Place) => U): Parser<U> {
  return lexeme(
    P.seqMap(P.index, parser, P.index, (start, value, end) => make(value, { start: start.offset, end: end.offset })),
  );
}

const text = P.regexp(/"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'/).map((quoted) =>
  quoted.slice(1, -1).replaceAll(/\\(["'\\])/g, '$1'),
);
const slashed = P.regexp(/\/((?:\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|[^/\\[])+)\//, 1);
const regex: Parser<Pattern> = placed(slashed, (source, place) => ({ kind: 'regex', source, place }));
const pattern: Parser<Pattern> = P.alt(
  placed(text, (source, place): Pattern => ({ kind: 'text', source, place })),
  regex,
);

/** User Guide, fields: other characters than letters, digits, `@` and the period stand in backticks. */
const word = P.regexp(/(?!(?:and|or|not|like|in|as|by|asc|desc)\b)[@A-Za-z_$][A-Za-z0-9_@$]*/i);
const segment = P.alt(P.regexp(/`([^`]+)`/, 1), word);
const step = P.alt(P.string('.').then(P.alt(segment, P.regexp(/\d+/))), P.regexp(/\[\s*(\d+)\s*\]/, 1));
const path = P.seqMap(segment, step.many(), (first, rest) => [first, ...rest]);
const field: Parser<Expression> = placed(path, (names, place) => ({ kind: 'field', path: names, place }));
const name = lexeme(path).map((names) => names.join('.'));

const number: Parser<Expression> = placed(P.regexp(/\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![A-Za-z_])/), (digits, place) => ({
  kind: 'literal',
  value: Number(digits),
  place,
}));
const literal: Parser<Expression> = P.alt(
  number,
  placed(text, (value, place): Expression => ({ kind: 'literal', value, place })),
);

const units =
  'milliseconds?|msecs?|ms|seconds?|secs?|s|minutes?|mins?|months?|mons?|mos?|m|hours?|hrs?|h|days?|d|weeks?|w|quarters?|qtrs?|q|years?|yrs?|y';
const period: Parser<Expression> = placed(
  P.seq(P.regexp(/\d+/).map(Number), P.regexp(new RegExp(`\\s*(${units})\\b`, 'i'), 1)),
  ([count, unit], place) => ({ kind: 'period', count, unit: unit.toLowerCase(), place }),
);
const all: Parser<Expression> = placed(P.string('*'), (_, place) => ({ kind: 'all', place }));

const condition: Parser<Expression> = P.lazy(() => or);

const call: Parser<Expression> = P.lazy(() =>
  placed(
    P.seq(
      word,
      symbol('(')
        .then(P.alt(period, all, condition).sepBy(symbol(',')))
        .skip(symbol(')')),
    ),
    ([called, arguments_], place) => ({
      kind: 'call',
      name: called,
      arguments: arguments_,
      place,
    }),
  ),
);
const primary: Parser<Expression> = P.lazy(() =>
  P.alt(literal, call, field, symbol('(').then(condition).skip(symbol(')'))),
);
/** `-x` is `0 - x`. */
const unary: Parser<Expression> = placed(P.seq(lexeme(P.string('-')).many(), primary), ([signs, operand], place) =>
  signs.length % 2 === 0
    ? operand
    : { kind: 'arithmetic', first: { kind: 'literal', value: 0, place }, rest: [{ operator: '-', operand }], place },
);

function chain(term: Parser<Expression>, operators: RegExp): Parser<Expression> {
  const operator = lexeme(P.regexp(operators)) as Parser<Arithmetic>;
  const further = P.seqMap(operator, term, (each, operand) => ({ operator: each, operand })).many();
  return P.seqMap(term, further, (first, rest): Expression => {
    const last = rest.at(-1);
    return last ? { kind: 'arithmetic', first, rest, place: around(first, last.operand) } : first;
  });
}

function around(left: Expression, right: Expression): Place {
  return { start: left.place.start, end: right.place.end };
}

const power = chain(unary, /\^/);
const product = chain(power, /[*/%]/);
const sum = chain(product, /[+-]/);

type Test = (value: Expression) => Expression;

const comparison: Parser<Test> = P.seqMap(
  lexeme(P.regexp(/!=|<=|>=|<|>|=(?!~)/)) as Parser<Comparison>,
  sum,
  (operator, right) => (left) => ({ kind: 'compare', operator, left, right, place: around(left, right) }),
);
const likeness: Parser<Test> = P.alt(keyword('like').then(pattern), symbol('=~').then(regex)).map(
  (like) => (value) => ({
    kind: 'like',
    value,
    pattern: like,
    place: { start: value.place.start, end: like.place.end },
  }),
);
const membership: Parser<Test> = keyword('in')
  .then(symbol('['))
  .then(list(sum))
  .skip(symbol(']'))
  .map((options) => (value) => ({ kind: 'in', value, options, place: value.place }));
const test: Parser<Test> = P.alt(
  comparison,
  likeness,
  membership,
  keyword('not')
    .then(P.alt(likeness, membership))
    .map((positive) => (value) => ({ kind: 'not', operand: positive(value), place: value.place })),
);

const tested = P.seqMap(sum, test.times(0, 1), (value, [made]) => (made ? made(value) : value));
const not = P.seqMap(
  keyword('not').many(),
  tested,
  (nots, operand): Expression => (nots.length % 2 === 0 ? operand : { kind: 'not', operand, place: operand.place }),
);
const and = joined('and', not);
const or: Parser<Expression> = joined('or', and);

function joined(kind: 'and' | 'or', operand: Parser<Expression>): Parser<Expression> {
  return operand
    .sepBy1(keyword(kind))
    .map((operands) => (operands.length === 1 ? operands[0] : { kind, operands, place: operands[0].place }));
}

/** The columns of a list, each named by its alias or as it was written. */
function columns(query: string): Parser<Column[]> {
  const alias = keyword('as').then(name).times(0, 1);
  return list(
    P.seqMap(condition, alias, (expression, [given]) => ({
      expression,
      name: given ?? (expression.kind === 'field' ? expression.path.join('.') : written(query, expression.place)),
    })),
  );
}

function written(query: string, place: Place): string {
  return query.slice(place.start, place.end);
}

function commands(query: string): Parser<Command> {
  const several = columns(query);
  const command = <T extends object>(keywords: string, parser: Parser<T>) =>
    placed(P.seq(keyword(keywords), parser), ([, value], place) => ({ ...value, place }));
  const sortKey = P.seqMap(condition, keyword('(?:asc|desc)').times(0, 1), (value, [direction]) => ({
    value,
    descending: direction?.toLowerCase() === 'desc',
  }));
  const count = lexeme(P.regexp(/\d+(?![\w.])/)).map(Number);
  return P.alt<Command>(
    command(
      'fields',
      several.map((each) => ({ kind: 'fields' as const, columns: each })),
    ),
    command(
      'display',
      several.map((each) => ({ kind: 'display' as const, columns: each })),
    ),
    command(
      '(?:filter|where)',
      condition.map((each) => ({ kind: 'filter' as const, condition: each })),
    ),
    command(
      'stats',
      P.seqMap(several, keyword('by').then(several).times(0, 1), (each, [by = []]) => ({
        kind: 'stats' as const,
        columns: each,
        by,
      })),
    ),
    command(
      'sort',
      list(sortKey).map((keys) => ({ kind: 'sort' as const, keys })),
    ),
    command(
      'limit',
      count.map((each) => ({ kind: 'limit' as const, count: each })),
    ),
    command(
      'dedup',
      list(field).map((fields) => ({ kind: 'dedup' as const, fields })),
    ),
    command(
      'parse',
      P.seqMap(
        field.times(0, 1),
        pattern,
        keyword('as').then(list(name)).times(0, 1),
        ([from], each, [names = []]) => ({
          kind: 'parse' as const,
          from,
          pattern: each,
          names,
        }),
      ),
    ),
  );
}

/** @throws QueryError with AWS's words and the place of what was not expected. */
export function parseQuery(query: string): Query {
  refuseDepth(query);
  const result = commands(query).sepBy1(symbol('|')).skip(blank).parse(query);
  if (result.status) return result.value;
  const start = result.index.offset;
  const found = /^(?:[@A-Za-z0-9_.]+|[\s\S])/.exec(query.slice(start))?.[0] ?? '';
  throw new QueryError(`unexpected symbol found ${found || '<EOF>'}`, { start, end: start + found.length });
}

function refuseDepth(query: string): void {
  let depth = 0;
  for (let at = 0; at < query.length; at += 1) {
    if (query[at] === '(') depth += 1;
    if (query[at] === ')') depth -= 1;
    if (depth > deepest) throw new QueryError('too many nested conditions', { start: at, end: at + 1 });
  }
}
