/** Which column is which. */
import { editDistance } from '../../lib/nearest.ts';
import type { Problems } from './problems.ts';
import type { Table, TableRow } from './table.ts';

/** What comes along when a title is copied from a page, such as U+200B, and nobody sees. */
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

function titleOf(cell: string): string {
  return cell.replace(INVISIBLE, '').trim();
}

/** `Role ARN`, `role-arn` and `role_arn` are one name. */
export function columnName(text: string): string {
  return titleOf(text)
    .toLowerCase()
    .replace(/[\s_-]+/g, '_');
}

export interface Columns<Name extends string> {
  /** Index of each expected column that is there. */
  readonly known: ReadonlyMap<Name, number>;
  /** The others that have a name. */
  readonly others: readonly Column[];
  readonly nameless: readonly number[];
  /** Columns whose name an earlier one has. */
  readonly repeated: readonly (Column & { readonly isKnown: boolean })[];
}

export interface Column {
  readonly name: string;
  readonly index: number;
}

/** @param from Columns before this index are not looked at. */
export function findColumns<Name extends string>(
  header: readonly string[],
  names: readonly Name[],
  from = 0,
): Columns<Name> {
  const known = new Map<Name, number>();
  const others = new Map<string, number>();
  const nameless: number[] = [];
  const repeated: (Column & { isKnown: boolean })[] = [];
  for (const [index, cell] of header.entries()) {
    if (index < from) continue;
    const title = titleOf(cell);
    const name = names.find((candidate) => candidate === columnName(title));
    if (title === '') nameless.push(index);
    else if (name ? known.has(name) : others.has(title))
      repeated.push({ name: name ?? title, index, isKnown: name !== undefined });
    else if (name) known.set(name, index);
    else others.set(title, index);
  }
  return { known, others: Array.from(others, ([name, index]) => ({ name, index })), nameless, repeated };
}

/** Refuses columns whose name is a slip of the finger for one that is expected and not there: it would be passed over. */
export function refuseMisspelled<Name extends string>(
  table: Table,
  names: readonly Name[],
  { known, others }: Pick<Columns<Name>, 'known' | 'others'>,
  problems: Problems,
): void {
  for (const { name, index } of others) {
    const meant = names.find((candidate) => !known.has(candidate) && isSlip(columnName(name), candidate));
    if (meant)
      problems.add('UNKNOWN_COLUMN', () => table.header.place(index), `Is the column ${name} meant to be ${meant}?`);
  }
}

function isSlip(name: string, meant: string): boolean {
  const isTurned = name.length === meant.length && [...name].sort().join() === [...meant].sort().join();
  return editDistance(name, meant) <= (meant.length >= 8 || isTurned ? 2 : 1);
}

/** What a header has and what it should have; for messages. */
export function headerText(table: Table, expected: string): string {
  const titles = table.header.cells.map(titleOf).filter((title) => title !== '');
  const shown = titles.slice(0, 20).map((title) => (title.length > 40 ? `${title.slice(0, 40)}…` : title));
  const has = `${shown.join(', ')}${titles.length > 20 ? ', …' : ''}`;
  return `The columns here are: ${has || 'none'}. Expected: ${expected}.`;
}

/** Only CSV has rows with other cells than its header; empty ones at the end are what Excel leaves. */
export function hasAllCells({ header, delimiter }: Table, row: TableRow, problems: Problems): boolean {
  const [has, needs] = [row.cells.length, header.cells.length];
  if (!delimiter || has === needs) return true;
  if (has > needs && row.cells.slice(needs).every((cell) => cell.trim() === '')) return true;
  problems.add('WRONG_CELLS', () => row.place(), `This row has ${has} cells, but the header has ${needs}.`);
  return false;
}
