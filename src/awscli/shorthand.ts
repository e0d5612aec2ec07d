/**
 * The AWS CLI's shorthand syntax: `Key=Name,Value=a`, `Values=a,b`, `List=[a,{b=c}]` (AWS CLI User Guide, "Using
 * shorthand syntax"). It knows no types: every leaf is text.
 */
import { Misuse } from './misuse.ts';

export type Parsed = string | readonly Parsed[] | { readonly [key: string]: Parsed };

const KEY = /[a-zA-Z0-9\-_.#/:]*/y;
// A value's first letter is no quote, comma, equals sign or opening bracket; what follows depends on where it stands.
const VALUE = /(?:\\,|[!#-&(-+\--<>-Z\\-z|-\uffff])(?:\\,|[\s!#-&(-+\--\\^-|~-\uffff])*/y;
const VALUE_IN_LIST = /(?:\\,|[!#-&(-+\--<>-Z\\-z|-\uffff])(?:\\,|[\s!#-&(-+\--<>-\uffff])*/y;
const QUOTED = { "'": /'(?:\\\\|\\'|[^'])*'/y, '"': /"(?:\\\\|\\"|[^"])*"/y };

/** @throws Misuse that shows where the text went wrong. */
export function parseShorthand(text: string): { readonly [key: string]: Parsed } {
  let at = 0;

  function parameter(): { readonly [key: string]: Parsed } {
    const result = new Map<string, Parsed>();
    while (true) {
      const start = at;
      const name = key();
      const value = values();
      if (result.has(name)) {
        at = start;
        throw new Misuse(
          `Second instance of key "${name}" encountered for input:\n${pointed()}\nThis is often because there is a preceding "," instead of a space.`,
        );
      }
      result.set(name, value);
      if (at >= text.length) return Object.fromEntries(result);
      expect(',');
    }
  }

  /** With its equals sign. */
  function key(): string {
    const name = take(KEY) ?? '';
    expect('=');
    return name;
  }

  function values(): Parsed {
    if (at >= text.length) return '';
    if (text[at] === '[' || text[at] === '{') return nested();
    return commaSeparated();
  }

  /** `a=b` is text, `a=b,c` a list, and in `a=b,c=d` the comma ends the value. */
  function commaSeparated(): Parsed {
    const first = value();
    space();
    if (text[at] !== ',') return first;
    const list = [first];
    while (text[at] === ',') {
      expect(',');
      const next = valueInList();
      space();
      if (next !== undefined && (at >= text.length || text[at] === ',')) {
        list.push(next);
        continue;
      }
      if (at >= text.length) throw unexpected('<second>', '<none>');
      at = text.lastIndexOf(',', at);
      break;
    }
    return list.length === 1 ? first : list;
  }

  function nested(): Parsed {
    if (text[at] === '[') return explicitList();
    return text[at] === '{' ? braces() : value();
  }

  function explicitList(): Parsed {
    expect('[');
    const list: Parsed[] = [];
    while (text[at] !== ']') {
      list.push(nested());
      between(']');
    }
    at++;
    return list;
  }

  function braces(): Parsed {
    expect('{');
    const members: [string, Parsed][] = [];
    while (text[at] !== '}') {
      members.push([key(), nested()]);
      between('}');
    }
    at++;
    return Object.fromEntries(members);
  }

  function between(end: ']' | '}'): void {
    space();
    if (text[at] !== end) expect(',');
  }

  function value(): string {
    return quoted() ?? unescaped(take(VALUE)) ?? '';
  }

  function valueInList(): string | undefined {
    return quoted() ?? unescaped(take(VALUE_IN_LIST));
  }

  function quoted(): string | undefined {
    const quote = text[at];
    if (quote !== "'" && quote !== '"') return undefined;
    const whole = take(QUOTED[quote]);
    if (whole === undefined) throw unexpected(quote === "'" ? '<singled quoted>' : '<double quoted>', '<none>');
    return whole.slice(1, -1).replaceAll(`\\${quote}`, quote).replaceAll('\\\\', '\\');
  }

  function take(pattern: RegExp): string | undefined {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  }

  function expect(letter: string): void {
    space();
    if (text[at] !== letter) throw unexpected(letter, text[at] ?? 'EOF');
    at++;
    space();
  }

  function space(): void {
    while (/\s/.test(text[at] ?? '')) at++;
  }

  function unexpected(expected: string, received: string): Misuse {
    return new Misuse(`Expected: '${expected}', received: '${received}' for input:\n${pointed()}`);
  }

  function pointed(): string {
    const end = text.indexOf('\n', at);
    const line = end === -1 ? text.length : end;
    return `${text.slice(0, line)}\n${' '.repeat(at - text.lastIndexOf('\n', at - 1) - 1)}^${text.slice(line)}`;
  }

  return parameter();
}

function unescaped(value: string | undefined): string | undefined {
  return value?.replaceAll('\\,', ',').trimEnd();
}
