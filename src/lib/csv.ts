/** CSV that is written for people, who open it in a spreadsheet. */
import { stringify } from 'csv-stringify/sync';

export type CsvCell = string | number | undefined;

/** What a spreadsheet may take for a formula (OWASP: CSV Injection), also behind spaces and invisible characters. */
const FORMULA = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]|^[\t\r]/u;

/** One line with its end. Text that a spreadsheet would run as a formula gets a `'` before it; numbers stay numbers. */
export function csvLine(cells: readonly CsvCell[]): string {
  return csvText([cells]);
}

/** Lines of `csvLine`. */
export function csvText(rows: readonly (readonly CsvCell[])[]): string {
  return stringify(rows.map((row) => row.map(guarded)));
}

/** Lines exactly as they are, for a program that must find its own texts again. */
export function rawCsvText(rows: readonly (readonly string[])[], delimiter: string): string {
  return stringify(rows.slice(), { delimiter });
}

function guarded(cell: CsvCell): CsvCell {
  return typeof cell === 'string' && FORMULA.test(cell) ? `'${cell}` : cell;
}
