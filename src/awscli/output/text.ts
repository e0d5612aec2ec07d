/** `--output text`: tab-separated lines, as awscli/text.py of version 2 writes them. */
import type { Printable } from './printable.ts';

type Dictionary = { readonly [key: string]: Printable };

export function textOf(value: Printable): string {
  const lines: string[] = [];
  write(value, lines);
  return lines.map((line) => `${line}\n`).join('');
}

function write(value: Printable, lines: string[], name?: string, columns?: readonly string[]): void {
  if (isList(value)) writeList(value, lines, name);
  else if (isDictionary(value)) writeDictionary(value, lines, name, columns);
  else lines.push(word(value));
}

function writeList(list: readonly Printable[], lines: string[], name: string | undefined): void {
  if (list.some(isDictionary)) {
    const columns = scalarKeys(list.filter(isDictionary));
    for (const item of list) write(item, lines, name, columns);
    return;
  }
  const scalars = list.filter(isScalar);
  if (scalars.length > 0) {
    if (name === undefined) lines.push(scalars.map(word).join('\t'));
    else for (const item of scalars) lines.push(`${name.toUpperCase()}\t${word(item)}`);
  }
  for (const item of list) if (!isScalar(item)) write(item, lines, name);
}

/** Where it is one of several, all show the same columns. */
function writeDictionary(
  dictionary: Dictionary,
  lines: string[],
  name: string | undefined,
  columns: readonly string[] | undefined,
): void {
  const keys = Object.keys(dictionary).sort();
  const shown = columns ?? keys.filter((key) => isScalar(dictionary[key] ?? null));
  const scalars = shown.map((key) => (Object.hasOwn(dictionary, key) ? word(dictionary[key] ?? null) : ''));
  if (scalars.length > 0) lines.push([...(name === undefined ? [] : [name.toUpperCase()]), ...scalars].join('\t'));
  for (const key of keys) if (!shown.includes(key)) write(dictionary[key] ?? null, lines, key);
}

function scalarKeys(dictionaries: readonly Dictionary[]): readonly string[] {
  const keys = new Set<string>();
  for (const dictionary of dictionaries)
    for (const [key, value] of Object.entries(dictionary)) if (isScalar(value)) keys.add(key);
  return [...keys].sort();
}

/** A value as Python prints it: a list or a structure may stand where others have text, as in policy documents. */
export function word(value: Printable): string {
  return typeof value === 'string' ? value : inner(value);
}

function inner(value: Printable): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (isList(value)) return `[${value.map(inner).join(', ')}]`;
  if (isDictionary(value))
    return `{${Object.entries(value)
      .map(([key, item]) => `${inner(key)}: ${inner(item)}`)
      .join(', ')}}`;
  if (typeof value === 'number') return String(value);
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
  const escaped = value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  return `${quote}${quote === "'" ? escaped.replaceAll("'", "\\'") : escaped}${quote}`;
}

export function isScalar(value: Printable): value is string | number | boolean | null {
  return typeof value !== 'object' || value === null;
}

export function isList(value: Printable): value is readonly Printable[] {
  return Array.isArray(value);
}

export function isDictionary(value: Printable): value is Dictionary {
  return !isScalar(value) && !isList(value);
}
