import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_FORMAT, fieldsOf, formatOf } from '../../../src/model/flowlog/record.ts';
import { LONGEST_LINE, logReader } from '../../../src/model/flowlog/saved-log.ts';
import { hostile } from '../../lib/hostile.ts';

const SSH =
  '2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK';
const DEFAULT = formatOf(fieldsOf(DEFAULT_FORMAT));

/** What a reader says of the lines, one after the other. */
function read(lines: readonly (string | undefined)[], format = DEFAULT, given = false) {
  return lines.map(logReader(format, given));
}
const readOne = (line: string) => read([line])[0];
const plain = readOne(SSH);

describe('a record is found in what is around it', () => {
  test.each([
    ['nothing', SSH],
    ['spaces and tabs', `  \t${SSH} `],
    ['tabs between the fields', SSH.replaceAll(' ', '\t')],
    ['hard spaces, as copied from a web page', SSH.replaceAll(' ', '\u00a0')],
    ['a byte order mark', `\ufeff${SSH}`],
    ['a carriage return', `${SSH}\r`],
    ['colours', `\u001b[32m${SSH}\u001b[0m`],
    ['quotes', `"${SSH}"`],
    ['quotes and a comma', `    '${SSH}',`],
    ['aws logs tail', `2014-12-14T04:06:50.000000+00:00 eni-1235b8ca123456789-all ${SSH}`],
    ['aws logs tail --format short', `2014-12-14T04:06:50 ${SSH}`],
    ['the console', `2014-12-14T04:06:50.000Z\t${SSH}`],
    ['Logs Insights, as CSV', `2014-12-14 04:06:50.000,${SSH}`],
    ['an export, as CSV', `1418530010000,${SSH}`],
    ['get-log-events as JSON', `            "message": "${SSH}",`],
    ['get-log-events as text', `EVENTS\t1795451752975\t${SSH}\t1795448342000`],
    [
      'filter-log-events as text',
      `EVENTS\t317954483420\t1795451752975\teni-1235b8ca123456789-all\t${SSH}\t1795448342000`,
    ],
  ])('%s', (_, line) => expect(readOne(line)).toEqual(plain));

  test.each([
    '',
    '   ',
    '\r',
    '{',
    '}, {',
    '    "events": [',
    '"timestamp": 1795448342000,',
    '"nextToken": "abc"',
    ']',
  ])('there is none in %j, and nothing is said of it', (line) => expect(readOne(line)).toBeUndefined());
});

describe('what is no record is unreadable, and why', () => {
  test.each([
    [
      'cut off',
      SSH.slice(0, 60),
      '14 fields expected, 5 found; it may be cut off, or of a custom format (then use --log-format).',
    ],
    ['of another format', `${SSH} vpc-1`, '14 fields expected, 15 found; for a custom format, use --log-format.'],
    ['several', `${SSH}\t${SSH}`, 'if these are 2 records, put each on a line of its own.'],
    [
      'cut off behind a time and a stream',
      `2014-12-14T04:06:50 eni-1-all ${SSH.slice(2)}`,
      '14 fields expected, 13 found',
    ],
    ['with two words for the stream', `2014-12-14T04:06:50 a b ${SSH.slice(4)}`, 'This line cannot be read'],
    ['of other JSON', '{"a": 1}', 'This line cannot be read'],
    ['too long', undefined, 'longer than 65536 characters'],
  ])('%s', (_, line, why) =>
    expect(read([line])[0]).toMatchObject({
      status: 'unreadable',
      fields: {},
      explanation: expect.stringContaining(why),
    }));

  test('a wrong --log-format is suspected before the record', () => {
    expect(read([SSH], formatOf(['srcaddr', 'dstaddr', 'action']), true)[0]?.explanation).toContain(
      '--log-format may not be the format of this log',
    );
  });
});

describe('a line of field names', () => {
  test('is the format of what follows, and is no record', () => {
    const [header, record, cut] = read(['dstaddr srcaddr action', '10.0.0.2 10.0.0.1 REJECT', '10.0.0.2 10.0.0.1']);
    expect(header).toBeUndefined();
    expect(record).toMatchObject({
      action: 'REJECT',
      explanation: expect.stringContaining('from 10.0.0.1 to 10.0.0.2'),
    });
    expect(cut?.explanation).toContain('3 fields expected, 2 found');
  });

  test('may come again, with another format, as in files that were put together', () => {
    const lines = [fieldsOf(DEFAULT_FORMAT).join(' '), SSH, 'srcaddr action', '10.0.0.1 ACCEPT'];
    expect(read(lines).map((line) => line?.status)).toEqual([undefined, 'ok', undefined, 'ok']);
  });
});

test('whatever a line is, something is said of it, or there is nothing in it; and never a throw', () => {
  const words = fc
    .array(fc.constantFrom(...SSH.split(' '), '-', 'NODATA', 'version', '${version}', '"', '\t', '\u001b]0;x'), {
      maxLength: 16,
    })
    .map((parts) => parts.join(' '));
  const cut = fc.nat(SSH.length).map((length) => SSH.slice(0, length));
  const anything = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), hostile, words, cut);
  fc.assert(
    fc.property(anything, (line) => {
      const explained = readOne(line);
      if (explained === undefined) return;
      expect(explained.explanation).toMatch(/^[A-Z0-9].*\.$/s);
      expect(explained.explanation).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
      expect(Object.keys(explained.fields)).toEqual(explained.status === 'unreadable' ? [] : DEFAULT.names);
      // All that was read stands in the line.
      for (const value of Object.values(explained.fields)) expect(line).toContain(value);
    }),
    { numRuns: 2000 },
  );
});

test('a value of any length makes a short explanation', () => {
  const long = readOne(SSH.replace('172.31.16.21', 'x'.repeat(LONGEST_LINE - 200)));
  expect(long?.status).toBe('unreadable');
  expect(long?.explanation.length).toBeLessThan(200);
});
