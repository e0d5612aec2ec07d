/** Where the statements of a policy document stand, as policy simulations tell it. */

export interface Position {
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
}

export interface Span {
  readonly start: Position;
  readonly end: Position;
}

/**
 * A statement begins right behind the bracket, comma or colon before it, and ends right behind its brace: as AWS's
 * simulations show it, where `"Statement": [` is on one line and the brace on the next.
 * @param document JSON, known to be a policy document.
 */
export function statementSpans(document: string): readonly Span[] {
  const spans: Span[] = [];
  let depth = 0;
  let key = '';
  /** Where the statements' own braces stand: within the list, or where the only one is. */
  let level = -1;
  let start = 0;
  for (const { token, from, to } of tokens(document)) {
    if (depth === 1 && token.startsWith('"') && level === -1) key = token;
    if (token === '{' || token === '[') {
      if (level === -1 && depth === 1 && key === '"Statement"') level = token === '[' ? 2 : 1;
      if (token === '{' && depth === level) start = behindLastToken(document, from);
      depth += 1;
    }
    if (token === '}' || token === ']') {
      depth -= 1;
      if (token === '}' && depth === level) spans.push({ start: at(document, start), end: at(document, to) });
      if (depth === 1) level = -1;
      if (depth === 1) key = '';
    }
  }
  return spans;
}

function* tokens(text: string) {
  for (const match of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]]/gs))
    yield { token: match[0], from: match.index, to: match.index + match[0].length };
}

function behindLastToken(text: string, from: number): number {
  return text.slice(0, from).trimEnd().length;
}

function at(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}
