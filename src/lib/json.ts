/** JSON written for terminals, too; and read with the place of every mistake, which `JSON.parse` leaves out of most of its messages. */
import { FileError, type FileProblem } from './text-file.ts';

/**
 * One document and a line break, as commands print it. JSON escapes only the first control characters and halves of
 * surrogate pairs; here so is all else that a terminal may act on or that turns the reading direction, so that the text
 * stays what it is for whoever reads the JSON, and harmless for whoever looks at it.
 */
export function jsonText(value: unknown, indent = 2): string {
  return `${escaped(JSON.stringify(value, null, indent))}\n`;
}

/** The same for JSON that is text already. */
export function escaped(json: string): string {
  return json.replace(
    /[\u007f-\u009f\u2028\u2029]|\p{Bidi_Control}/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

export type JsonPath = readonly PropertyKey[];

/** @throws FileError with line and column where the text is no JSON. */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const { offset, ended } = findPlace(text, undefined);
    const message = ended
      ? 'The file ends here, in the middle of its JSON: it is cut off.'
      : 'This is no JSON from here on.';
    throw new FileError({ code: 'BAD_JSON', message, file, ...lineAndColumn(text, offset) });
  }
}

/** A problem at the value of this path, or at what is nearest above it. The text is JSON. */
export function problemAt(text: string, file: string, path: JsonPath, code: string, message: string): FileProblem {
  return { code, message, file, ...lineAndColumn(text, findPlace(text, path).offset) };
}

function lineAndColumn(text: string, offset: number): { readonly line: number; readonly column: number } {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf('\n'); end !== -1 && end < offset; end = text.indexOf('\n', start)) {
    line += 1;
    start = end + 1;
  }
  return { line, column: offset - start + 1 };
}

interface Place {
  readonly offset: number;
  /** The text ended before its JSON did. */
  readonly ended: boolean;
}

/** An array or object that is open: what was read of it last, and whether it lies on the path that is looked for. */
interface Open {
  readonly close: ']' | '}';
  key: string | number;
  readonly onPath: boolean;
}

const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\r\n]*/y;

/** Walks the tokens without recursion, however deep they are nested. Without a path, to the first mistake. */
function findPlace(text: string, path: JsonPath | undefined): Place {
  const open: Open[] = [];
  let at = 0;
  let nearest = 0;
  let expects: 'value' | 'value-or-close' | 'key' | 'key-or-close' | 'comma' = 'value';

  const isWanted = () =>
    open.length <= (path?.length ?? -1) && open.every(({ onPath }) => onPath) && matches(open.at(-1), open.length);
  const matches = (top: Open | undefined, depth: number) =>
    top === undefined || String(path?.[depth - 1]) === String(top.key);
  const fail = (offset: number): Place => ({ offset: path ? nearest : offset, ended: offset >= text.length });

  for (;;) {
    at = endOf(SPACE, text, at) ?? at;
    const char = text[at];
    const top = open.at(-1);
    if (char === undefined) return fail(text.length);
    if ((char === ']' || char === '}') && top?.close === char && (expects === 'comma' || expects.endsWith('-close'))) {
      open.pop();
      at += 1;
      expects = 'comma';
    } else if (expects === 'comma') {
      if (char !== ',' || !top) return fail(at);
      at += 1;
      if (typeof top.key === 'number') top.key += 1;
      expects = top.close === '}' ? 'key' : 'value';
    } else if (expects.startsWith('key') && top) {
      const end = endOfString(text, at);
      if (end === undefined) return fail(char === '"' ? text.length : at);
      const key = parsed(text.slice(at, end));
      const colon = endOf(SPACE, text, end) ?? end;
      if (key === undefined || text[colon] !== ':') return fail(key === undefined ? at : colon);
      top.key = key;
      at = colon + 1;
      expects = 'value';
    } else {
      const wanted = isWanted();
      if (wanted) nearest = at;
      if (wanted && open.length === path?.length) return { offset: at, ended: false };
      if (char === '{' || char === '[') {
        open.push({ close: char === '{' ? '}' : ']', key: char === '{' ? '' : 0, onPath: wanted });
        expects = char === '{' ? 'key-or-close' : 'value-or-close';
        at += 1;
      } else {
        const end = char === '"' ? endOfString(text, at) : endOf(SCALAR, text, at);
        if (end === undefined) return fail(char === '"' || isCutOff(text, at) ? text.length : at);
        if (char === '"' && parsed(text.slice(at, end)) === undefined) return fail(at);
        at = end;
        expects = 'comma';
      }
    }
    if (open.length === 0 && expects === 'comma') {
      at = endOf(SPACE, text, at) ?? at;
      return fail(at);
    }
  }
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** Where the string that begins here ends; undefined where none does, or it has no end. */
function endOfString(text: string, at: number): number | undefined {
  if (text[at] !== '"') return undefined;
  for (let end = text.indexOf('"', at + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text[end - 1 - escapes] === '\\') escapes += 1;
    if (escapes % 2 === 0) return end + 1;
  }
  return undefined;
}

function parsed(literal: string): string | undefined {
  try {
    return String(JSON.parse(literal));
  } catch {
    return undefined;
  }
}

/** `tru` at the very end. */
function isCutOff(text: string, at: number): boolean {
  const rest = text.slice(at, at + 6);
  return rest.length < 6 && (['true', 'false', 'null'].some((word) => word.startsWith(rest)) || rest === '-');
}
