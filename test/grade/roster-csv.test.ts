import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRoster } from '../../src/grade/roster/roster.ts';
import { readTable } from '../../src/grade/roster/table.ts';
import { problemsOf, write } from './roster-files.ts';

/** Cells made to be taken for something else. */
const cell = fc.oneof(
  fc.string({ unit: 'binary' }).filter((text) => !text.includes('\ufeff')),
  fc
    .array(
      fc.constantFrom(
        '"',
        '""',
        ',',
        ';',
        '\t',
        '\n',
        '\r\n',
        '\r',
        ' ',
        "'",
        '=',
        '-1',
        'learner',
        'ü',
        '漢',
        '\\',
        '😀',
      ),
      {
        maxLength: 6,
      },
    )
    .map((parts) => parts.join('')),
);
const table = fc.integer({ min: 1, max: 5 }).chain((width) =>
  fc
    .array(
      fc.array(cell, { minLength: width, maxLength: width }).map((cells, index = 0) => [`row ${index}`, ...cells]),
      { maxLength: 6 },
    )
    .map((rows) => [['learner', ...Array.from({ length: width }, (_, index) => `note ${index}`)], ...rows]),
);
const style = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t'),
  record_delimiter: fc.constantFrom('\n', '\r\n', '\r'),
  quote_record_delimiter: fc.constant(true),
  quoted: fc.boolean(),
  bom: fc.boolean(),
  eof: fc.boolean(),
});

test('any table that a spreadsheet writes is read as it was', async () => {
  await fc.assert(
    fc.asyncProperty(table, style, async (rows, options) => {
      const read = await readTable(write('table.csv', stringify(rows, options)), ['learner'], 'learners');
      const wellFormed = rows.map((row) => row.map((text) => text.toWellFormed()));
      expect([read.header, ...read.rows].map(({ cells }) => cells)).toEqual(wellFormed);
    }),
    { numRuns: 300 },
  );
});

test('a cell is told where an editor shows it', async () => {
  await fc.assert(
    fc.asyncProperty(table, style, fc.nat(), fc.nat(), async (rows, options, row, column) => {
      // A word that stands nowhere else shows the place.
      const marked = rows.map((cells) => cells.slice());
      const [y, x] = [row % rows.length, 1 + (column % ((rows[0]?.length ?? 2) - 1))];
      (marked[y] ?? [])[x] = 'HERE';
      const text = stringify(marked, options);
      const read = await readTable(write('places.csv', text), ['learner'], 'learners');
      const place = [read.header, ...read.rows][y]?.place(x);
      const lines = text
        .replace(/^\ufeff/, '')
        .toWellFormed()
        .split(/\r\n|\n|\r/);
      const found = lines[(place?.line ?? 0) - 1]?.slice((place?.column ?? 0) - 1);
      expect(found).toMatch(/^"?HERE/);
    }),
    { numRuns: 300 },
  );
});

test('whatever the file holds, it is a roster or a list of its problems', async () => {
  const piece = fc.constantFrom(
    'learner',
    'profile',
    'role_arn',
    'snapshot',
    'Student',
    'ID',
    'Section',
    'account',
    ',',
    ';',
    '\t',
    '"',
    '\n',
    '\r',
    '\0',
    ' ',
    'a',
    '- ',
    ': ',
    '&a ',
    '*a ',
    '{',
    '}',
    '[',
    ']',
    '!!js ',
    '---',
    '../x',
    '__proto__',
    'toString',
    '\u001b[2J',
    '123456789012',
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 40 }),
      fc.constantFrom('any.csv', 'any.yaml'),
      async (pieces, name) => {
        const problems = await problemsOf(() => readRoster(write(name, pieces.join(''))));
        expect(problems.join('\n')).not.toMatch(/[\0\u001b]/);
      },
    ),
    { numRuns: 500 },
  );
});
