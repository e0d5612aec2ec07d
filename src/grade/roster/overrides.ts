/** What somebody decided by hand: points for a check or for the whole, each with its reason. CSV or YAML. */
import { nearest } from '../../lib/nearest.ts';
import type { Override } from '../grade.ts';
import { type Columns, findColumns, hasAllCells, headerText } from './header.ts';
import { Problems } from './problems.ts';
import { readTable, type Table, type TableRow } from './table.ts';

const COLUMNS = ['learner', 'check', 'points', 'reason'] as const;
type Name = (typeof COLUMNS)[number];
const EXPECTED = 'learner, check (may be empty: the whole), points, reason';

/**
 * @param learners Ids of the roster.
 * @param checks Ids of the lab's checks.
 * @throws FileError with all that is wrong with the file: nothing of it is used then.
 */
export async function readOverrides(
  file: string,
  learners: readonly string[],
  checks: readonly string[],
): Promise<readonly Override[]> {
  const table = await readTable(file, COLUMNS, 'overrides');
  const problems = new Problems(file);
  const columns = readHeader(table, problems);
  problems.throwIfAny();

  const known = { learner: new Set(learners), check: new Set(checks) };
  const seen = new Map<string, TableRow>();
  const overrides = table.rows.flatMap((row) => {
    const override = readRow(row, table, columns, known, problems);
    if (!override) return [];
    const key = JSON.stringify([override.learner, override.check]);
    const earlier = seen.get(key);
    if (earlier)
      problems.add(
        'DUPLICATE_OVERRIDE',
        () => row.place(),
        () => `Line ${earlier.place().line} overrides the same already.`,
      );
    else seen.set(key, row);
    return [override];
  });
  problems.throwIfAny();
  return overrides;
}

function readHeader(table: Table, problems: Problems): Columns<Name> {
  const columns = findColumns(table.header.cells, COLUMNS);
  for (const { name, index } of [...columns.others, ...columns.repeated]) {
    const message = COLUMNS.some((column) => column === name)
      ? `There are two columns ${name}.`
      : `There is no column ${name} in overrides. Expected: ${EXPECTED}.`;
    problems.add('UNKNOWN_COLUMN', () => table.header.place(index), message);
  }
  for (const name of COLUMNS)
    if (name !== 'check' && !columns.known.has(name))
      problems.add(
        'NO_COLUMN',
        () => table.header.place(),
        () => `There is no column ${name}. ${headerText(table, EXPECTED)}`,
      );
  return columns;
}

function readRow(
  row: TableRow,
  table: Table,
  columns: Columns<Name>,
  known: { readonly learner: ReadonlySet<string>; readonly check: ReadonlySet<string> },
  problems: Problems,
): Override | undefined {
  if (!hasAllCells(table, row, problems)) return undefined;
  let isRefused = false;
  const refuse = (code: string, name: Name, message: string | (() => string)) => {
    isRefused = true;
    problems.add(code, () => row.place(columns.known.get(name)), message);
  };
  const textOf = (name: Name) => (row.cells[columns.known.get(name) ?? -1] ?? '').trim();
  const [learner, check, points, reason] = [textOf('learner'), textOf('check'), textOf('points'), textOf('reason')];

  if (learner === '') refuse('NO_LEARNER', 'learner', 'This row names no learner.');
  else if (!known.learner.has(learner))
    refuse('UNKNOWN_LEARNER', 'learner', () => unknown(`learner ${learner} in the roster`, learner, known.learner));
  if (check !== '' && !known.check.has(check))
    refuse('UNKNOWN_CHECK', 'check', () => unknown(`check ${check} in the lab`, check, known.check));
  if (!/^\d{1,9}(\.\d+)?$/.test(points))
    refuse('BAD_POINTS', 'points', `${JSON.stringify(points)} is not a number of points, such as 4 or 2.5.`);
  if (reason === '') refuse('NO_REASON', 'reason', 'An override needs its reason: the learner will ask.');
  if (isRefused) return undefined;
  return { learner, ...(check !== '' && { check }), points: Number(points), reason };
}

function unknown(what: string, word: string, words: ReadonlySet<string>): string {
  const lower = word.toLowerCase();
  const meant = [...words].find((candidate) => candidate.toLowerCase() === lower) ?? nearest(word, words);
  return `There is no ${what}.${meant ? ` Did you mean ${meant}?` : ''}`;
}
