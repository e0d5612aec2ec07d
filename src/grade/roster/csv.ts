/** CSV as Excel, Canvas and people write it. */
import { CsvError, type Options, parse } from 'csv-parse/sync';
import { FileError } from '../../lib/text-file.ts';
import { columnName } from './header.ts';
import type { Place } from './problems.ts';
import type { Delimiter, Table, TableRow } from './table.ts';

const DELIMITERS: readonly Delimiter[] = [',', ';', '\t'];
/** What a header is looked for in. */
const HEAD = 2 ** 16;
const MOST_ROWS = 200_000;
/** Bounds the memory that a file of nothing but delimiters takes. */
const MOST_CELLS = 5_000_000;
const MOST_ROW_BYTES = 2 ** 20;

const OPTIONS: Options = {
  record_delimiter: ['\r\n', '\n', '\r'],
  relax_column_count: true,
  max_record_size: MOST_ROW_BYTES,
};

/** @throws FileError */
export function readCsv(text: string, file: string, names: readonly string[]): Table {
  const bytes = Buffer.from(text);
  const delimiter = delimiterOf(text.slice(0, HEAD), names);
  const placeAt = placesIn(bytes, delimiter);
  const refuse = (code: string, place: Partial<Place>, message: string) =>
    new FileError({ code, message, file, ...place });

  if (countOf(bytes, delimiter) > MOST_CELLS)
    throw refuse('TOO_MANY_CELLS', {}, `This file has more than ${MOST_CELLS} cells.`);
  const rows: TableRow[] = [];
  let records = 0;
  let start = 0;
  try {
    parse(bytes, {
      ...OPTIONS,
      delimiter,
      on_record(cells: string[], context) {
        const from = start;
        start = context.bytes;
        records += 1;
        if (records > MOST_ROWS)
          throw refuse('TOO_MANY_ROWS', placeAt(from), `There are too many rows: ${MOST_ROWS} are the most.`);
        if (cells.some((cell) => cell.trim() !== '')) rows.push({ cells, place: (column) => placeAt(from, column) });
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const column = typeof error.column === 'number' ? error.column : undefined;
    throw refuse('BAD_CSV', placeAt(start, column), syntaxMessage(error));
  }
  const [header, ...others] = rows;
  if (!header) throw new FileError({ code: 'EMPTY', message: 'This file is empty: a header is expected.', file });
  return { file, header, rows: others, delimiter };
}

/** The one by which the header has most of the expected columns, or at least the most columns. */
function delimiterOf(head: string, names: readonly string[]): Delimiter {
  const text = head.replace(/^(?:[^\S\n]*\n)+/, '');
  const score = (delimiter: Delimiter) => {
    try {
      const [header = []] = parse(text, { ...OPTIONS, delimiter, to: 1 });
      return header.filter((cell) => names.includes(columnName(cell))).length * HEAD + header.length;
    } catch {
      return -1;
    }
  };
  return DELIMITERS.reduce((best, delimiter) => (score(delimiter) > score(best) ? delimiter : best));
}

function syntaxMessage(error: CsvError): string {
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'The quote that opens here is never closed.';
    case 'CSV_INVALID_CLOSING_QUOTE':
      return 'After the closing quote of this cell comes more text. Quotes within a quoted cell are written twice: "".';
    case 'INVALID_OPENING_QUOTE':
      return 'There is a quote within this cell. Put the whole cell in quotes, and each quote within it twice: "".';
    case 'CSV_MAX_RECORD_SIZE':
      return 'This row has more than 1 MiB. Is a quote in it never closed?';
    default:
      return `This is no valid CSV: ${error.message}.`;
  }
}

/** Where the record that begins at a byte stands, or one of its cells. Lines are counted as far as is asked for. */
function placesIn(bytes: Buffer, delimiter: Delimiter): (start: number, column?: number) => Place {
  const lineStarts = [0];
  let counted = 0;
  return (start, column = 0) => {
    const at = startOfCell(bytes, start, column, delimiter.charCodeAt(0));
    for (; counted < at; counted++)
      if (bytes[counted] === LF || (bytes[counted] === CR && bytes[counted + 1] !== LF)) lineStarts.push(counted + 1);
    const line = lineNumber(lineStarts, at);
    return { line, column: bytes.toString('utf8', lineStarts[line - 1] ?? 0, at).length + 1 };
  };
}

const [LF, CR, QUOTE] = [0x0a, 0x0d, 0x22];

function countOf(bytes: Buffer, delimiter: Delimiter): number {
  const wanted = delimiter.charCodeAt(0);
  let count = 0;
  for (const byte of bytes) if (byte === wanted) count += 1;
  return count;
}

/** A quote that stands for itself is written twice, so that counting quotes tells what is inside of them. */
function startOfCell(bytes: Buffer, start: number, column: number, delimiter: number): number {
  let isQuoted = false;
  let cell = 0;
  let cellStart = start;
  for (let at = start; at < bytes.length && cell < column; at++) {
    if (bytes[at] === QUOTE) isQuoted = !isQuoted;
    else if (bytes[at] === delimiter && !isQuoted) {
      cell += 1;
      cellStart = at + 1;
    } else if ((bytes[at] === LF || bytes[at] === CR) && !isQuoted) break;
  }
  return cellStart;
}

/** From 1. */
function lineNumber(starts: readonly number[], at: number): number {
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle;
  }
  return low + 1;
}
