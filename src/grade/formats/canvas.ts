/**
 * One column of scores for Canvas' gradebook, to be uploaded there. Only the columns about the student and this one are
 * given back: what Canvas is not given, it does not change.
 * By Canvas' lib/gradebook_importer.rb and lib/gradebook_exporter.rb.
 */
import { rawCsvText } from '../../lib/csv.ts';
import { nearest } from '../../lib/nearest.ts';
import { rounded } from '../../lib/points.ts';
import { FileError } from '../../lib/text-file.ts';
import type { CanvasExport } from '../learner.ts';
import { canvasHeader, isPointsPossible } from '../roster/canvas.ts';

export interface CanvasAssignment {
  /** With Canvas' number behind it, `Title (12345)`, or without. */
  readonly title: string;
  /** What the scores are out of; more than 0. */
  readonly possible: number;
}

export type CanvasColumn =
  | {
      readonly kind: 'existing';
      readonly index: number;
      readonly header: string;
      /** What its scores are out of; undefined where the export does not tell, or it is worth nothing. */
      readonly possible: number | undefined;
    }
  /** Canvas will make an assignment of this title, beside those that it has. */
  | { readonly kind: 'new'; readonly header: string; readonly assignments: readonly string[] };

/** Columns that Canvas reckons itself; its importer passes over a header that holds one of these. */
const RECKONED = /(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)/;
const NUMBERED = /^(.*?)\s*\((\d+)\)$/s;
/** Not for us to change: excused, and not assigned. */
const SETTLED = /^\s*(EX|N\/A)\s*$/i;
/**
 * Canvas writes two decimals and never a mark between thousands (`format_numbers`); a spreadsheet that saves the export
 * again may leave the decimals out, or put such marks in: `1,000` could then be a thousand, or one.
 */
const POINTS = /^\d+([.,]\d{1,2})?$/;

/** The column that an assignment's scores go to. @throws FileError where Canvas would not take them, or elsewhere. */
export function canvasColumn(canvas: CanvasExport, wanted: string): CanvasColumn {
  const { file, rows } = canvas;
  const header = (rows[0] ?? []).map((cell) => cell.trim());
  const title = wanted.trim();
  const refuse = (message: string) => new FileError({ code: 'BAD_ASSIGNMENT', message, file, line: 1, column: 1 });

  const named = header.flatMap((cell, index) => {
    const [, name] = NUMBERED.exec(cell) ?? [];
    return name !== undefined && (cell === title || name === title)
      ? [{ index, header: rows[0]?.[index] ?? cell }]
      : [];
  });
  const [first, second] = named;
  const exact = named.find((column) => column.header.trim() === title);
  if (first && second && !exact)
    throw refuse(`Canvas has two assignments of this title: say ${first.header} or ${second.header}.`);
  const found = exact ?? first;
  if (found) {
    const row = rows.findIndex(isPointsPossible);
    const points = (rows[row]?.[found.index] ?? '').trim();
    if (/read\s+only/.test(points)) throw refuse(`Canvas lets nobody change ${found.header}: it is read only.`);
    if (points !== '' && !POINTS.test(points))
      throw new FileError({
        code: 'BAD_POINTS',
        message: `The points possible of ${found.header} are ${JSON.stringify(points)}, which is no number as Canvas writes it, such as 1000.00. Put them right in this file, or export it from Canvas again.`,
        file,
        ...placeOf(canvas, row, found.index),
      });
    return { kind: 'existing', ...found, possible: Number(points.replace(',', '.')) || undefined };
  }

  const numbered = header.filter((cell) => NUMBERED.test(cell));
  const bare = new Map(numbered.map((cell) => [NUMBERED.exec(cell)?.[1] ?? cell, cell]));
  const similar = nearest(title, numbered) ?? bare.get(nearest(title, bare.keys()) ?? '');
  if (title === '') throw refuse('An assignment needs a title.');
  if (NUMBERED.test(title))
    throw refuse(
      `This export has no column ${title}, and Canvas would take the number in it for another assignment's.${similar ? ` Is ${similar} meant?` : ''}`,
    );
  if (header.includes(title) || RECKONED.test(title))
    throw refuse(`Canvas keeps the column ${title} for itself: no assignment can have this title.`);
  return { kind: 'new', header: title, assignments: numbered };
}

/**
 * The CSV to upload. Scores have two decimals. Where the assignment in Canvas has other points than ours, they are
 * turned into its points. Without a score, or excused, or not assigned, a learner's cell stays as Canvas exported it: an
 * empty cell would take away a grade that is there.
 * @param scoreOf By a learner's id: points out of `assignment.possible`; undefined for who has no grade.
 * @throws FileError as `canvasColumn` does
 */
export function canvasFile(
  canvas: CanvasExport,
  assignment: CanvasAssignment,
  scoreOf: (learner: string) => number | undefined,
): string {
  const column = canvasColumn(canvas, assignment.title);
  const [header = [], ...rows] = canvas.rows;
  const section = canvasHeader(header)?.section ?? 0;
  const student = (cells: readonly string[]) =>
    Array.from({ length: section + 1 }, (_, index) => withoutFormula(cells[index] ?? ''));
  const before = (cells: readonly string[]) => (column.kind === 'existing' ? (cells[column.index] ?? '') : '');

  const points = rows.find(isPointsPossible) ?? ['    Points Possible'];
  const possible = column.kind === 'existing' ? before(points) : twoDecimals(assignment.possible);
  const inCanvas = (column.kind === 'existing' && column.possible) || assignment.possible;
  const inOrder = Object.entries(canvas.rowOf).sort(([, a], [, b]) => a - b);
  const learners = inOrder.map(([learner, index]) => {
    const cells = canvas.rows[index] ?? [];
    const score = scoreOf(learner);
    const stays = score === undefined || SETTLED.test(before(cells));
    return [...student(cells), stays ? before(cells) : twoDecimals((score * inCanvas) / assignment.possible)];
  });
  return rawCsvText(
    [[...student(header), column.header], [...student(points), possible], ...learners],
    canvas.delimiter,
  );
}

function twoDecimals(points: number): string {
  return rounded(points).toFixed(2);
}

/** Of a cell, reckoned from the cells before it: exact in what Canvas or a spreadsheet wrote, who quote nothing in vain. */
function placeOf({ rows, delimiter }: CanvasExport, row: number, column: number): { line: number; column: number } {
  const before = rawCsvText([...rows.slice(0, row), (rows[row] ?? []).slice(0, column)], delimiter).split('\n');
  // The end of the written line stands where the delimiter before the cell does.
  const start = before.at(-2) ?? '';
  return { line: before.length - 1, column: start.length + 2 };
}

/** As Canvas' exporter guards names: a text for a spreadsheet. What it has guarded already stays. */
function withoutFormula(cell: string): string {
  if (!/^\s*=/.test(cell) || /^="[^"]*"$/.test(cell)) return cell;
  return `="${cell.replaceAll('"', '""')}"`;
}
