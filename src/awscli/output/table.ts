/** `--output table`: the sections of a table, as awscli/formatter.py of version 2 builds them. */
import type { Printable } from './printable.ts';
import { drawTable, type Section } from './table-drawing.ts';
import { isDictionary, isList, isScalar, word } from './text.ts';

type Dictionary = { readonly [key: string]: Printable };

/** @param width Of the terminal: a wider table is turned, so that its columns become rows. */
export function tableOf(title: string, value: Printable, width: number): string {
  const sections: Section[] = [];
  build(sections, title, value, 0);
  return sections.length === 0 ? '' : drawTable(sections, width);
}

function build(sections: Section[], title: string | undefined, value: Printable, indent: number): void {
  if (isEmpty(value)) return;
  if (title !== undefined) open(sections, title, indent);
  if (isList(value)) {
    if (isDictionary(value[0] ?? null)) list(sections, value.filter(isDictionary), title ?? '', indent);
    else for (const item of value) cell(sections, item);
  } else if (isDictionary(value)) dictionary(sections, value, indent);
}

function cell(sections: Section[], item: Printable): void {
  if (isScalar(item)) row(sections, [item]);
  else if (isList(item) && item.every(isScalar)) row(sections, item);
  // The AWS CLI shows no more than its keys here.
  else if (isDictionary(item)) row(sections, Object.keys(item));
  else build(sections, undefined, item, 0);
}

function dictionary(sections: Section[], value: Dictionary, indent: number): void {
  const { headers, more } = keysOf([value]);
  const [only] = headers;
  if (only !== undefined && headers.length === 1) row(sections, [only, value[only] ?? null]);
  else if (headers.length > 0) {
    head(sections, headers);
    row(
      sections,
      headers.map((key) => value[key] ?? null),
    );
  }
  for (const key of more) build(sections, key, value[key] ?? null, indent + 1);
}

/** A section of its own for each item only where something hangs below it. */
function list(sections: Section[], items: readonly Dictionary[], title: string, indent: number): void {
  const { headers, more } = keysOf(items);
  head(sections, headers);
  for (const [index, item] of items.entries()) {
    if (index > 0 && more.length > 0) {
      open(sections, title, indent);
      head(sections, headers);
    }
    row(
      sections,
      headers.map((key) => (Object.hasOwn(item, key) ? (item[key] ?? null) : '')),
    );
    for (const key of more) if (Object.hasOwn(item, key)) build(sections, key, item[key] ?? null, indent + 1);
  }
}

function keysOf(items: readonly Dictionary[]): {
  readonly headers: readonly string[];
  readonly more: readonly string[];
} {
  const headers = new Set<string>();
  const more = new Set<string>();
  for (const item of items)
    for (const [key, value] of Object.entries(item)) (isScalar(value) ? headers : more).add(key);
  return { headers: [...headers].sort(), more: [...more].sort() };
}

function open(sections: Section[], title: string, indent: number): void {
  sections.push({ title, indent, headers: [], rows: [] });
}

function head(sections: Section[], headers: readonly string[]): void {
  const section = sections.at(-1);
  if (section) section.headers = headers;
}

function row(sections: Section[], cells: readonly Printable[]): void {
  const section = sections.at(-1);
  const columns = (section?.rows[0] ?? section?.headers ?? cells).length || cells.length;
  if (columns !== cells.length) throw new Error(`Row should have ${columns} elements, instead it has ${cells.length}`);
  section?.rows.push(cells.map(word));
}

function isEmpty(value: Printable): boolean {
  return !value || (isList(value) ? value.length === 0 : isDictionary(value) && Object.keys(value).length === 0);
}
