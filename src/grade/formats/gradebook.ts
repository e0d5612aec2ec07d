/** `gradebook.csv`: a line a learner, for spreadsheets and for whatever else reads CSV. */
import { type CsvCell, csvLine } from '../../lib/csv.ts';
import { safe } from '../../lib/terminal-text.ts';
import { line } from '../../lib/words.ts';
import type { CheckGrade, ClassInfo, Override, Row } from '../grade.ts';
import { accountOf, checksOf, overridesOf } from './view.ts';

const FIRST = ['learner', 'name', 'account', 'status', 'points', 'possible', 'percent', 'passed'];
const THEN = ['late_days', 'overrides', 'remarks'];

/**
 * The lines, each with its line break, header first. What could not be graded has no points at all, not even zero.
 * @param columns the roster's other columns
 */
export function* gradebook(info: ClassInfo, columns: readonly string[], rows: Iterable<Row>): Generator<string> {
  yield csvLine(unique([...FIRST, ...info.columns.map(({ check }) => check), ...THEN, ...columns.map(line)]));
  for (const row of rows) {
    const cells = [
      ...identity(row),
      ...points(info, row),
      ...checks(info, row),
      ...notes(row),
      ...columns.map((column) => row.learner.columns[column]),
    ];
    yield csvLine(cells.map((cell) => (typeof cell === 'string' ? safe(cell) : cell)));
  }
}

function identity(row: Row): readonly CsvCell[] {
  return [row.learner.id, row.learner.name, accountOf(row), row.grade.status];
}

function points(info: ClassInfo, { grade }: Row): readonly CsvCell[] {
  if (grade.status !== 'graded') return [undefined, info.possible, undefined, undefined];
  return [grade.points.earned, grade.points.possible, grade.percent, String(grade.passed)];
}

function checks(info: ClassInfo, { grade }: Row): readonly CsvCell[] {
  if (grade.status !== 'graded') return info.columns.map(() => undefined);
  return checksOf(info, grade).map((view) => view.points?.earned);
}

function notes({ grade }: Row): readonly CsvCell[] {
  if (grade.status !== 'graded')
    return [undefined, undefined, `${grade.code}: ${line(grade.reason)}${toldAllTheSame(grade.checks)}`];
  return [grade.late?.days ?? 0, overridesOf(grade).map(overrideText).join('; '), grade.remarks.map(line).join(' ')];
}

function overrideText({ check, points: given, reason }: Override): string {
  return `${check ?? 'all'} = ${given} (${line(reason)})`;
}

function toldAllTheSame(told: readonly CheckGrade[] | undefined): string {
  if (!told || told.length === 0) return '';
  const passed = told.filter(({ verdict }) => verdict === 'pass').length;
  return ` (${passed} of ${told.length} checks passed as far as could be told)`;
}

/** A header that is there already gets a number, so that readers by name find each column. */
function unique(headers: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return headers.map((header) => {
    let name = header;
    for (let number = 2; taken.has(name); number += 1) name = `${header}_${number}`;
    taken.add(name);
    return name;
  });
}
