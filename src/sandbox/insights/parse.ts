/**
 * Recursive descent over the part of the Logs Insights language that the sandbox evaluates (CloudWatch Logs User Guide,
 * "CloudWatch Logs Insights language query syntax"). What it does not know is refused with its place, never ignored:
 * a query that cannot be evaluated must not succeed with wrong rows.
 */
import type { Aggregate, Column, Command, Comparison, Expression, Query } from './query.ts';
import { QueryError, type Token, tokenize } from './tokens.ts';

const comparisons: readonly string[] = ['=', '!=', '<', '<=', '>', '>='] satisfies Comparison[];
const aggregates: readonly string[] = ['sum', 'count', 'avg', 'min', 'max'] satisfies Aggregate['function'][];
const milliseconds: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Of parentheses and `not`: no query that a person writes is deeper, and the stack has an end. */
const deepest = 100;

/** @throws QueryError */
export function parseQuery(text: string): Query {
  const parser = new Parser(text);
  return parser.query();
}

class Parser {
  private readonly text: string;
  private readonly tokens: readonly Token[];
  private at = 0;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
    this.tokens = tokenize(text);
  }

  query(): Query {
    const commands = [this.command()];
    while (this.skip('|')) {
      // User Guide, dedup: "The only query command that you can use in a query after the dedup command is limit."
      if (commands.some(({ kind }) => kind === 'dedup') && this.next.text !== 'limit') throw this.unexpected();
      commands.push(this.command());
    }
    if (this.next.kind !== 'end') throw this.unexpected();
    return commands;
  }

  private command(): Command {
    const keyword = this.next;
    const name = keyword.kind === 'word' ? keyword.text.toLowerCase() : '';
    this.at += 1;
    switch (name) {
      case 'fields':
      case 'display':
        return { kind: name, columns: this.list(() => this.column()) };
      case 'filter':
        return { kind: name, condition: this.or() };
      case 'stats': {
        const functions = this.list(() => this.aggregate());
        return { kind: name, aggregates: functions, by: this.skip('by') ? this.list(() => this.column()) : [] };
      }
      case 'sort':
        return { kind: name, keys: this.list(() => this.sortKey()) };
      case 'limit':
        return { kind: name, count: Number(this.take('number').text) };
      case 'dedup':
        return { kind: name, fields: this.list(() => this.take('word').text) };
      default:
        this.at -= 1;
        throw this.unexpected();
    }
  }

  private column(): Column {
    const start = this.next.start;
    const first = this.next;
    const expression = this.value();
    const written = expression.kind === 'field' ? first.text : this.text.slice(start, this.previousEnd);
    return { expression, name: this.alias() ?? written };
  }

  private aggregate(): Aggregate {
    const start = this.next.start;
    const name = this.next.text.toLowerCase();
    if (!isAggregate(name)) throw this.unexpected();
    this.at += 1;
    this.expect('(');
    const all = name === 'count' && (this.skip('*') || this.next.text === ')');
    const argument = all ? undefined : this.value();
    this.expect(')');
    const written = this.text.slice(start, this.previousEnd);
    return { name: this.alias() ?? written, function: name, ...(argument ? { argument } : {}) };
  }

  private alias(): string | undefined {
    return this.skip('as') ? this.take('word').text : undefined;
  }

  private sortKey(): { field: string; descending: boolean } {
    const field = this.take('word').text;
    const descending = this.skip('desc');
    if (!descending) this.skip('asc');
    return { field, descending };
  }

  private or(): Expression {
    let left = this.and();
    while (this.skip('or')) left = { kind: 'or', left, right: this.and() };
    return left;
  }

  private and(): Expression {
    let left = this.not();
    while (this.skip('and')) left = { kind: 'and', left, right: this.not() };
    return left;
  }

  private not(): Expression {
    if (this.depth > deepest) throw new QueryError('too many nested conditions', this.next);
    this.depth += 1;
    const condition = this.nested();
    this.depth -= 1;
    return condition;
  }

  private nested(): Expression {
    if (this.skip('not')) return { kind: 'not', operand: this.not() };
    if (!this.skip('(')) return this.comparison();
    const inner = this.or();
    this.expect(')');
    return inner;
  }

  private comparison(): Expression {
    if (this.skip('ispresent')) {
      this.expect('(');
      const field = this.take('word').text;
      this.expect(')');
      return { kind: 'present', field };
    }
    const left = this.value();
    if (this.skip('not')) return { kind: 'not', operand: this.membership(left) };
    const operator = this.next.text;
    if (this.next.kind === 'symbol' && isComparison(operator)) {
      this.at += 1;
      return { kind: 'compare', operator, left, right: this.value() };
    }
    return this.membership(left);
  }

  private membership(value: Expression): Expression {
    if (this.skip('in')) {
      this.expect('[');
      const options = this.list(() => this.value());
      this.expect(']');
      return { kind: 'in', value, options };
    }
    if (this.skip('=~')) return { kind: 'like', value, pattern: this.regex() };
    if (this.skip('like'))
      return { kind: 'like', value, pattern: this.next.kind === 'string' ? this.take('string').text : this.regex() };
    throw this.unexpected();
  }

  private regex(): RegExp {
    const token = this.take('regex');
    const insensitive = token.text.startsWith('(?i)');
    try {
      return insensitive ? new RegExp(token.text.slice(4), 'i') : new RegExp(token.text);
    } catch {
      throw new QueryError(`invalid regular expression /${token.text}/`, token);
    }
  }

  private value(): Expression {
    const token = this.next;
    this.at += 1;
    if (token.kind === 'string') return { kind: 'literal', value: token.text };
    if (token.kind === 'number') return { kind: 'literal', value: Number(token.text) };
    if (token.kind === 'word' && this.next.text !== '(') return { kind: 'field', name: token.text };
    if (token.kind === 'word' && token.text.toLowerCase() === 'bin') return this.bin();
    this.at -= 1;
    throw this.unexpected();
  }

  private bin(): Expression {
    this.expect('(');
    const period = this.take('duration');
    this.expect(')');
    const [, count, unit] = /^(\d+)([a-z]+)$/.exec(period.text) ?? [];
    const length = Number(count) * (milliseconds[unit ?? ''] ?? 0);
    if (!(length > 0)) throw new QueryError(`invalid period ${period.text}`, period);
    return { kind: 'bin', milliseconds: length };
  }

  private get next(): Token {
    const token = this.tokens[Math.min(this.at, this.tokens.length - 1)];
    if (!token) throw new Error('A token list ends with its end token.');
    return token;
  }

  private get previousEnd(): number {
    return this.tokens[this.at - 1]?.end ?? 0;
  }

  private list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.skip(',')) items.push(item());
    return items;
  }

  /** Goes on if a keyword or symbol stands here. Quoted text is neither. */
  private skip(text: string): boolean {
    const { kind, start, end } = this.next;
    const here = (kind === 'word' || kind === 'symbol') && this.text.slice(start, end).toLowerCase() === text;
    if (here) this.at += 1;
    return here;
  }

  private expect(text: string): void {
    if (!this.skip(text)) throw this.unexpected();
  }

  private take(kind: Token['kind']): Token {
    const token = this.next;
    if (token.kind !== kind) throw this.unexpected();
    this.at += 1;
    return token;
  }

  private unexpected(): QueryError {
    return new QueryError(`unexpected symbol found ${this.next.text}`, this.next);
  }
}

function isComparison(text: string): text is Comparison {
  return comparisons.includes(text);
}

function isAggregate(text: string): text is Aggregate['function'] {
  return aggregates.includes(text);
}
