/** The class of a roster: CSV, YAML, or the gradebook that Canvas exports. */
import { stat } from 'node:fs/promises';
import pLimit from 'p-limit';
import { safe } from '../../lib/terminal-text.ts';
import type { Learner, Roster } from '../learner.ts';
import { type CanvasHeader, canvasHeader, canvasLearner, isStudent } from './canvas.ts';
import { ClassList, type Identity } from './class-list.ts';
import { ROSTER_COLUMNS, type RosterColumn, WAYS_IN } from './entry.ts';
import { type Columns, findColumns, hasAllCells, headerText, refuseMisspelled } from './header.ts';
import { type Place, Problems } from './problems.ts';
import { readTable, type Table, type TableRow } from './table.ts';

const EXPECTED = 'learner, name, account, region, and role_arn with external_id, or profile, or snapshot';
/** Names of a header that tell which character divides it. */
const NAMES = [...ROSTER_COLUMNS, 'student', 'lastname', 'firstname', 'id', 'sis_user_id', 'sis_login_id', 'section'];
const FILES_AT_ONCE = 32;

/** Reads a roster. @throws FileError with all that is wrong with it: nothing of it is used then. */
export async function readRoster(file: string): Promise<Roster> {
  const table = await readTable(file, NAMES, 'learners');
  const problems = new Problems(file);
  const canvas = table.delimiter && canvasHeader(table.header.cells);
  const columns = readHeader(table, canvas, problems);
  problems.throwIfAny();

  const rows = table.rows.map((row, index) => ({ row, index: index + 1 }));
  const students = canvas ? rows.filter(({ row }) => isStudent(row.cells, canvas)) : rows;
  const list = new ClassList(file, columns, problems);
  const learners: Learner[] = [];
  const rowOf: [string, number][] = [];
  const snapshots: Snapshot[] = [];
  for (const { row, index } of students) {
    if (!hasAllCells(table, row, problems)) continue;
    const learner = list.read(row, canvas ? canvasLearner(row.cells, canvas) : identityOf(row, columns));
    if (!learner) continue;
    learners.push(learner);
    rowOf.push([learner.id, index]);
    if (learner.entry.kind === 'snapshot')
      snapshots.push({ file: learner.entry.file, place: () => row.place(columns.known.get('snapshot')) });
  }
  if (students.length === 0)
    problems.add('EMPTY', () => table.header.place(), 'There is no learner in this roster, only its header.');
  await refuseMissing(snapshots, problems);
  problems.throwIfAny();

  return {
    learners,
    columns: columns.others.map(({ name }) => name),
    ...(canvas && {
      canvas: {
        file,
        delimiter: table.delimiter === ';' ? ';' : ',',
        rows: [table.header, ...table.rows].map(({ cells }) => cells),
        rowOf: Object.fromEntries(rowOf),
      },
    }),
  };
}

function identityOf({ cells }: TableRow, { known }: Columns<RosterColumn>): Identity {
  const text = (column: RosterColumn) => (cells[known.get(column) ?? -1] ?? '').trim();
  return { id: text('learner'), name: text('name'), idColumn: known.get('learner') ?? 0 };
}

interface Snapshot {
  readonly file: string;
  readonly place: () => Place;
}

async function refuseMissing(snapshots: readonly Snapshot[], problems: Problems): Promise<void> {
  const limit = pLimit(FILES_AT_ONCE);
  const found = await limit.map(snapshots, ({ file }) => stat(file).catch(() => undefined));
  for (const [index, { file, place }] of snapshots.entries())
    if (!found[index]) problems.add('NO_SNAPSHOT', place, `There is no file ${safe(file)}.`);
    else if (!found[index].isFile()) problems.add('NO_SNAPSHOT', place, `${safe(file)} is not a file.`);
}

function readHeader(table: Table, canvas: CanvasHeader | undefined, problems: Problems): Columns<RosterColumn> {
  const columns = canvas ? canvasColumns(table, canvas, problems) : plainColumns(table, problems);
  for (const { name, index } of columns.repeated)
    problems.add('DUPLICATE_COLUMN', () => table.header.place(index), `There are two columns ${name}.`);
  if (WAYS_IN.every((name) => !columns.known.has(name)))
    problems.add(
      'NO_WAY_IN',
      () => table.header.place(),
      () => {
        const advice = canvas ? 'Add it behind the columns of Canvas.' : headerText(table, EXPECTED);
        return `There is no column role_arn, profile or snapshot. ${advice}`;
      },
    );
  return columns;
}

function plainColumns(table: Table, problems: Problems): Columns<RosterColumn> {
  const columns = findColumns(table.header.cells, ROSTER_COLUMNS);
  refuseMisspelled(table, ROSTER_COLUMNS, columns, problems);
  if (!columns.known.has('learner'))
    problems.add(
      'NO_LEARNER_COLUMN',
      () => table.header.place(),
      () => `There is no column learner. ${headerText(table, EXPECTED)}`,
    );
  return columns;
}

/** Canvas' columns about the student are carried on; of what follows, only what the instructor added is looked at. */
function canvasColumns(table: Table, { section }: CanvasHeader, problems: Problems): Columns<RosterColumn> {
  const names = ROSTER_COLUMNS.filter((name) => name !== 'learner' && name !== 'name');
  const added = findColumns<RosterColumn>(table.header.cells, names, section + 1);
  refuseMisspelled(table, names, added, problems);
  const others = table.header.cells
    .slice(0, section + 1)
    .map((cell, index) => ({ name: cell.trim(), index }))
    .filter(({ name }) => !['', 'Student', 'LastName', 'FirstName'].includes(name));
  return { known: added.known, others, nameless: [], repeated: added.repeated.filter(({ isKnown }) => isKnown) };
}
