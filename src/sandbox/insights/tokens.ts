/** Splits a Logs Insights query into tokens, each with its place in the text. */

export interface Place {
  readonly start: number;
  readonly end: number;
}

export interface Token extends Place {
  readonly kind: 'word' | 'duration' | 'number' | 'string' | 'regex' | 'symbol' | 'end';
  /** A string, a regular expression or a field in backticks stands here without its quotes. */
  readonly text: string;
}

/** Why a query cannot be understood, and where. */
export class QueryError extends Error {
  readonly place: Place;
  constructor(message: string, place: Place) {
    super(message);
    this.name = 'QueryError';
    this.place = place;
  }
}

const space = /(?:\s|#[^\n]*)*/y;
const lexemes: readonly { kind: Token['kind']; pattern: RegExp }[] = [
  { kind: 'duration', pattern: /\d+[A-Za-z]+/y },
  { kind: 'number', pattern: /-?\d+(?:\.\d+)?/y },
  { kind: 'word', pattern: /@?[A-Za-z_][A-Za-z0-9_.]*/y },
  { kind: 'word', pattern: /`([^`]+)`/y },
  { kind: 'string', pattern: /"((?:[^"\\]|\\.)*)"/y },
  { kind: 'string', pattern: /'((?:[^'\\]|\\.)*)'/y },
  { kind: 'regex', pattern: /\/((?:[^/\\\n]|\\.)+)\//y },
  { kind: 'symbol', pattern: /=~|!=|<=|>=|[=<>|,()[\]*]/y },
];

export function tokenize(query: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    space.lastIndex = at;
    at += space.exec(query)?.[0].length ?? 0;
    if (at >= query.length) break;
    const token = tokenAt(query, at);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: 'end', text: '<end of query>', start: query.length, end: query.length });
  return tokens;
}

function tokenAt(query: string, start: number): Token {
  for (const { kind, pattern } of lexemes) {
    pattern.lastIndex = start;
    const found = pattern.exec(query);
    if (!found) continue;
    const inner = found[1] ?? found[0];
    const text = kind === 'string' ? inner.replaceAll(/\\(["'\\])/g, '$1') : inner;
    return { kind, text, start, end: start + found[0].length };
  }
  const text = query.slice(start, start + 1);
  throw new QueryError(`unexpected symbol found ${text}`, { start, end: start + 1 });
}
