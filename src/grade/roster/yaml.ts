/** YAML as a table: a list of maps, alone or under one key. Every value is text, as in CSV. */
import { LabError } from '../../lab/problem.ts';
import { type Path, parseSource, type Source } from '../../lab/source.ts';
import { FileError } from '../../lib/text-file.ts';
import { type Place, Problems } from './problems.ts';
import type { Table, TableRow } from './table.ts';

const MOST_KEYS = 100;
const MOST_ENTRIES = 40_000;

/** @throws FileError */
export function readYaml(text: string, file: string, listKey: string): Table {
  const source = parse(text, file);
  const problems = new Problems(file);
  const placeOf = (path: Path) => () => placeIn(source, path);

  const above = isMap(source.value) && listKey in source.value ? [listKey] : [];
  const list = isMap(source.value) ? source.value[listKey] : source.value;
  for (const key of above.length > 0 && isMap(source.value) ? Object.keys(source.value) : [])
    if (key !== listKey)
      problems.add('UNKNOWN_KEY', placeOf([key]), `Beside ${listKey}, this file has no ${JSON.stringify(key)}.`);
  if (list === null || list === undefined || list === '')
    throw new FileError({ code: 'EMPTY', message: 'This file is empty: a list is expected.', file });
  if (!Array.isArray(list))
    throw new FileError({
      code: 'INVALID',
      message: 'A list is expected here, one entry a row.',
      file,
      ...placeOf([])(),
    });

  if (list.length > MOST_ENTRIES)
    throw new FileError({
      code: 'TOO_MANY_ROWS',
      message: `There are ${list.length} entries: ${MOST_ENTRIES} are the most. Write it as CSV.`,
      file,
    });

  const columns = new Map<string, number>();
  const keys: string[] = [];
  const headings: Path[] = [];
  const rows: TableRow[] = [];
  for (const [index, item] of list.entries()) {
    const path = [...above, index];
    if (!isMap(item)) {
      problems.add('INVALID', placeOf(path), 'An entry with keys is expected here, such as learner: jdoe.');
      continue;
    }
    const cells: string[] = [];
    for (const [key, value] of Object.entries(item)) {
      if (typeof value !== 'string')
        problems.add('INVALID', placeOf([...path, key]), `${key} must be a text, not a list or a map.`);
      if (!columns.has(key)) {
        columns.set(key, keys.push(key) - 1);
        headings.push([...path, key]);
      }
      if (keys.length > MOST_KEYS) {
        problems.add('TOO_MANY_KEYS', placeOf([...path, key]), `There are more than ${MOST_KEYS} different keys.`);
        problems.throwIfAny();
      }
      cells[columns.get(key) ?? 0] = typeof value === 'string' ? value : '';
    }
    rows.push({
      cells,
      place: (column) => placeIn(source, column === undefined ? path : [...path, keys[column] ?? '']),
    });
  }
  problems.throwIfAny();
  const header = {
    cells: keys,
    place: (column?: number) =>
      column === undefined ? placeIn(source, above) : placeOfKey(source, headings[column] ?? []),
  };
  return { file, header, rows, delimiter: undefined };
}

function parse(text: string, file: string): Source {
  try {
    return parseSource(text, file, 'failsafe');
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    const [first, ...rest] = error.problems.map((problem) => ({ ...problem, file }));
    throw first ? new FileError(first, ...rest) : error;
  }
}

function placeIn(source: Source, path: Path): Place {
  const { line = 1, column = 1 } = source.problem('', path, '');
  return { line, column };
}

function placeOfKey(source: Source, path: Path): Place {
  const { line = 1, column = 1 } = source.problemAtKey('', path, '');
  return { line, column };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
