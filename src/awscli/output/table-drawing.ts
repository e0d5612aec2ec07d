/** Draws a table as awscli/table.py of version 2 does, to the letter, its rounding included. */
import { eastAsianWidth } from 'get-east-asian-width';

export interface Section {
  readonly title: string;
  /** How many borders stand on each side. */
  readonly indent: number;
  headers: readonly string[];
  readonly rows: string[][];
}

const PADDING = 4;
const BORDER = 2;

export function drawTable(sections: readonly Section[], width: number): string {
  const asTheyAre = widthOf(sections);
  const drawn = asTheyAre > width ? sections.map(turned) : sections;
  const most = asTheyAre > width ? widthOf(drawn) : asTheyAre;
  return `${'-'.repeat(most)}\n${drawn.map((section) => drawSection(section, most)).join('')}`;
}

/** One row under its headers becomes a column beside them. */
function turned(section: Section): Section {
  const [row, second] = section.rows;
  if (row === undefined || second !== undefined || section.headers.length === 0) return section;
  return { ...section, headers: [], rows: section.headers.map((header, index) => [header, row[index] ?? '']) };
}

function widthOf(sections: readonly Section[]): number {
  return Math.max(
    ...sections.map((section) => {
      const cells = columnWidths(section).reduce((sum, column) => sum + column + PADDING, 0);
      return Math.max(textWidth(section.title), cells) + BORDER + 2 * section.indent;
    }),
  );
}

function columnWidths({ headers, rows }: Section): readonly number[] {
  const lines = headers.length > 0 ? [headers, ...rows] : rows;
  return (lines[0] ?? []).map((_, index) =>
    lines.reduce((most, line) => Math.max(most, textWidth(line[index] ?? '')), 0),
  );
}

function drawSection(section: Section, most: number): string {
  const { title, headers, rows, indent } = section;
  const width = most - 2 * indent;
  const columns = scaled(
    columnWidths(section).map((column) => column + PADDING),
    width,
  );
  const lines: string[] = [];
  if (title !== '') {
    lines.push(centred(title, width, '|'));
    if (headers.length === 0 && rows.length === 0) lines.push(`+${'-'.repeat(width - 2)}+`);
  }
  const edge = columns.map(
    (column, index) => `${index === 0 ? '+' : ''}${'-'.repeat(column - (index === 0 ? 2 : 1))}+`,
  );
  const rule = edge.join('');
  const line = (cells: readonly string[], draw: typeof centred) =>
    columns.map((column, index) => draw(cells[index] ?? '', column, index === 0 ? '|' : '')).join('');
  if (headers.length > 0) lines.push(rule, line(headers, centred));
  if (rows.length > 0 && columns.length > 0) lines.push(rule, ...rows.map((row) => line(row, leftAligned)), rule);
  const side = '|'.repeat(indent);
  return lines.map((each) => `${side}${each}${side}\n`).join('');
}

/** Columns stretched to the whole width; what rounding adds or takes is evened out from one end. */
function scaled(columns: readonly number[], width: number): readonly number[] {
  const sum = columns.reduce((total, column) => total + column, 0);
  if (sum === 0) return columns;
  const result = columns.map((column) => roundHalfEven((width / sum) * column));
  let over = result.reduce((total, column) => total + column, 0) - width;
  while (over !== 0) {
    const order = [...result.keys()];
    if (over < 0) order.reverse();
    const step = Math.sign(over);
    for (const index of order) {
      result[index] = (result[index] ?? 0) - step;
      over -= step;
      if (over === 0) break;
    }
  }
  return result;
}

/** Python's `round`. */
function roundHalfEven(number: number): number {
  const floor = Math.floor(number);
  if (number - floor !== 0.5) return Math.round(number);
  return floor % 2 === 0 ? floor : floor + 1;
}

function centred(text: string, width: number, leftEdge: string): string {
  const length = textWidth(text);
  const start = Math.floor(width / 2) - Math.floor(length / 2) - 1;
  return `${leftEdge}${spaces(start)}${text}${spaces(width - 1 - leftEdge.length - start - length)}|`;
}

function leftAligned(text: string, width: number, leftEdge: string): string {
  const length = textWidth(text);
  const padding = width - (length + 2 + leftEdge.length + 1) >= 0 ? 2 : 0;
  return `${leftEdge}${spaces(padding)}${text}${spaces(width - leftEdge.length - padding - length - 1)}|`;
}

function spaces(count: number): string {
  return ' '.repeat(Math.max(0, count));
}

/** Wide letters take two places, and so do those that only sometimes are wide. */
function textWidth(text: string): number {
  let width = 0;
  for (const letter of text) width += eastAsianWidth(letter.codePointAt(0) ?? 0, { ambiguousAsWide: true });
  return width;
}
