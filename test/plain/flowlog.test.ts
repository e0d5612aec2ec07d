import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { DEFAULT_FORMAT, fieldsOf, formatOf } from '../../src/model/flowlog/record.ts';
import { type ExplainedLine, logReader } from '../../src/model/flowlog/saved-log.ts';
import { explainedText } from '../../src/plain/flowlog.ts';

function explained(line: string): ExplainedLine {
  const found = logReader(formatOf(fieldsOf(DEFAULT_FORMAT)), false)(line);
  if (!found) throw new Error('no record');
  return found;
}

const scan = explained(
  '2 123456789012 eni-04a8d0454d22b39cb 2001:db8:1234:a100:8d6e:3477:df66:f105 10.1.13.148 49191 22 6 1 44 1778334621 1778334680 REJECT OK',
);
const garbage = explained('hello');

describe('on a terminal', () => {
  test.each([20, 40, 60, 120])('%i columns are not exceeded, and no word is lost', (width) => {
    const text = explainedText(1234, scan, { colour: false, width });
    const lines = text.split('\n');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(Math.max(width, 26));
    expect(lines[0]).toMatch(/^1234: 1 packet/);
    for (const line of lines.slice(1)) expect(line).toMatch(/^ {6}\S/);
    expect(text.replace(/\s+/g, '')).toBe(`1234:${scan.explanation}`.replace(/\s+/g, ''));
  });

  test('colour adds nothing but colour', () => {
    for (const line of [scan, garbage]) {
      const coloured = explainedText(7, line, { colour: true, width: 60 });
      expect(coloured).not.toBe(stripVTControlCharacters(coloured));
      expect(stripVTControlCharacters(coloured)).toBe(explainedText(7, line, { colour: false, width: 60 }));
    }
  });
});

test('in a pipe a record is one line', () => {
  expect(explainedText(7, scan, { colour: false, width: undefined })).toBe(`7: ${scan.explanation}`);
});
