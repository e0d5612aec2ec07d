import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLine, csvText, rawCsvText } from '../../src/lib/csv.ts';

test('numbers stay numbers, and what is not there is empty', () => {
  expect(csvLine(['jdoe', -1.5, 0, undefined, '', '2'])).toBe('jdoe,-1.5,0,,,2\n');
});

test.each([
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\rx',
  ' =1',
  '\u200b=1',
  '＝1',
  '\n=1',
])('%j is no formula any more', (text) => {
  expect(parse(csvLine([text]))).toEqual([[`'${text}`]]);
});

test('any text comes back, but for the quote before what would be a formula', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.string({ unit: 'binary' }), { minLength: 2, maxLength: 4 }), { minLength: 1 }),
      (rows) => {
        const even = rows.map((row) => ['id', ...row.map((text) => text.toWellFormed())]);
        expect(parse(Buffer.from(rawCsvText(even, ';')), { delimiter: ';', relax_column_count: true })).toEqual(even);
        const read = parse(Buffer.from(csvText(even)), { relax_column_count: true });
        for (const [y, row] of read.entries())
          for (const [x, cell] of row.entries()) {
            expect([even[y]?.[x], `'${even[y]?.[x]}`]).toContain(cell);
            expect(cell).not.toMatch(/^\s*[=+\-@]/);
          }
      },
    ),
  );
});
