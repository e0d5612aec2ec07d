/** What somebody decided by hand: points for a check or for the whole, each with its reason. CSV or YAML. */
import { nearest } from '../../lib/nearest.ts';
import type { ClassInfo, Override } from '../grade.ts';
import { type Columns, findColumns, hasAllCells, headerText } from './header.ts';
import { Problems } from './problems.ts';
import { readTable, type Table, type TableRow } from './table.ts';

const COLUMNS = ['learner', 'check', 'points', 'reason'] as const;
type Name = (typeof COLUMNS)[number];
const EXPECTED = 'learner, check (may be empty: the whole), points, reason';

/**
 * @param learners Ids of the roster.
 * @param info How many points each check has, and the whole: more are a slip of the finger.
 * @throws FileError with all that is wrong with the file: nothing of it is used then.
 */
export async function readOverrides(
  file: string,
  learners: readonly string[],
  info: Pick<ClassInfo, 'columns' | 'possible'>,
): Promise<readonly Override[]> {
  const table = await readTable(file, COLUMNS, 'overrides');
  const problems = new Problems(file);
  const columns = readHeader(table, problems);
  problems.throwIfAny();

  const known = {
    learners: new Set(learners),
    possible: new Map(info.columns.map(({ check, possible }) => [check, possible])),
    whole: info.possible,
  };
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

interface Known {
  readonly learners: ReadonlySet<string>;
  /** Points of each check. */
  readonly possible: ReadonlyMap<string, number>;
  readonly whole: number;
}

function readRow(
  row: TableRow,
  table: Table,
  columns: Columns<Name>,
  known: Known,
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
  else if (!known.learners.has(learner))
    refuse('UNKNOWN_LEARNER', 'learner', () => unknown(`learner ${learner} in the roster`, learner, known.learners));
  if (check !== '' && !known.possible.has(check))
    refuse('UNKNOWN_CHECK', 'check', () => unknown(`check ${check} in the lab`, check, known.possible.keys()));
  const most = check === '' ? known.whole : (known.possible.get(check) ?? Infinity);
  if (!/^\d{1,9}(\.\d+)?$/.test(points))
    refuse('BAD_POINTS', 'points', `${JSON.stringify(points)} is not a number of points, such as 4 or 2.5.`);
  else if (Number(points) > most)
    refuse('TOO_MANY_POINTS', 'points', `${points} points are too many: ${check || 'the whole'} has ${most}.`);
  if (reason === '') refuse('NO_REASON', 'reason', 'An override needs its reason: the learner will ask.');
  if (isRefused) return undefined;
  return { learner, ...(check !== '' && { check }), points: Number(points), reason };
}

function unknown(what: string, word: string, words: Iterable<string>): string {
  const lower = word.toLowerCase();
  const known = [...words];
  const meant = known.find((candidate) => candidate.toLowerCase() === lower) ?? nearest(word, known);
  return `There is no ${what}.${meant ? ` Did you mean ${meant}?` : ''}`;
}
