/**
 * What `like`, `parse` and `regexReplace` search for. Regular expressions run on RE2, in time linear in the text: neither
 * they nor globs can hang the sandbox. What RE2 has not (look-around, back references) is refused.
 */
import { RE2JS } from 're2js';
import { type Pattern, QueryError } from './query.ts';

/** Instructions of a compiled regular expression: the time for a text is its length times these, at worst. */
const largest = 2000;

/** @throws QueryError for a regular expression that cannot be run. */
export function matcher(pattern: Pattern): (text: string) => boolean {
  if (pattern.kind === 'text') return (text) => text.includes(pattern.source);
  // A pattern of plain characters only needs no engine.
  if (/^[\w :,=<>"'@#%&;!~`-]+$/.test(pattern.source)) return (text) => text.includes(pattern.source);
  const { regex } = compile(pattern);
  return (text) => regex.test(text);
}

/** Takes the parts out of a text: one for each of the names, or `undefined` where the text does not match. */
export interface Extractor {
  readonly names: readonly string[];
  extract(text: string): readonly (string | undefined)[] | undefined;
}

/** @throws QueryError where names and wildcards do not fit together (User Guide, parse). */
export function extractor(pattern: Pattern, names: readonly string[]): Extractor {
  return pattern.kind === 'text' ? globExtractor(pattern, names) : regexExtractor(pattern, names);
}

/** Each star takes as little as it can, the last one at the end of the pattern all that is left. */
function globExtractor(pattern: Pattern, names: readonly string[]): Extractor {
  const [first = '', ...literals] = pattern.source.split('*');
  if (literals.length === 0 || literals.length !== names.length)
    throw new QueryError(
      `the number of wildcards (${literals.length}) must be the number of names (${names.length})`,
      pattern.place,
    );
  function extract(text: string): string[] | undefined {
    const start = text.indexOf(first);
    if (start < 0) return undefined;
    let at = start + first.length;
    const parts: string[] = [];
    for (const [index, literal] of literals.entries()) {
      const open = literal === '' && index === literals.length - 1;
      const end = open ? text.length : text.indexOf(literal, at);
      if (end < 0) return undefined;
      parts.push(text.slice(at, end));
      at = end + literal.length;
    }
    return parts;
  }
  return { names, extract };
}

function regexExtractor(pattern: Pattern, aliases: readonly string[]): Extractor {
  const { regex, groups } = compile(pattern);
  const named = groups.some((group) => group !== undefined);
  const names = named ? groups.map((group) => group ?? '') : aliases;
  if (groups.length === 0 || (named ? aliases.length > 0 : aliases.length !== groups.length))
    throw new QueryError(
      'a regular expression of parse must name what it captures, such as (?<name>.*)',
      pattern.place,
    );
  const wanted = names.flatMap((name, index) => (name === '' ? [] : [{ name, group: index + 1 }]));
  return {
    names: wanted.map(({ name }) => name),
    extract(text) {
      const found = regex.matcher(text);
      return found.find() ? wanted.map(({ group }) => found.group(group) ?? undefined) : undefined;
    },
  };
}

/** The capturing groups in order, with their names; names may hold `@`, which no engine knows, so they are taken out. */
function compile(pattern: Pattern): { regex: RE2JS; groups: readonly (string | undefined)[] } {
  const groups: (string | undefined)[] = [];
  const tokens = /\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\((?:\?P?<([^=!>][^>]*)>|(?!\?))/g;
  const plain = pattern.source.replace(tokens, (token: string, name?: string) => {
    if (!token.startsWith('(')) return token;
    groups.push(name);
    return '(';
  });
  try {
    const regex = RE2JS.compile(plain);
    if (regex.programSize() <= largest) return { regex, groups };
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
  throw invalid('it is too large');

  function invalid(reason: string): QueryError {
    return new QueryError(`invalid regular expression /${pattern.source}/: ${reason}`, pattern.place);
  }
}

/** Replaces every match; `$1` in the replacement is what the first group captured. */
export function replacer(pattern: Pattern): (text: string, replacement: string) => string {
  const { regex } = compile(pattern);
  return (text, replacement) => regex.matcher(text).replaceAll(replacement, true);
}
