import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonText, parseJson, problemAt } from '../../src/lib/json.ts';
import { FileError } from '../../src/lib/text-file.ts';

function refused(text: string) {
  try {
    parseJson(text, 'a.json');
  } catch (error) {
    if (error instanceof FileError) return error.problems[0];
    throw error;
  }
  throw new Error('it was read');
}

describe('text that is no JSON is refused at its place', () => {
  test.each([
    ['', 1, 1],
    ['{"a": [1, 2', 1, 12],
    ['{"a": [\n  1,\n  2', 3, 4],
    ['{"a": tru', 1, 10],
    ['{"a":"x', 1, 8],
    ['{"a"', 1, 5],
  ])('cut off: %j', (text, line, column) => {
    expect(refused(text)).toMatchObject({ line, column, message: expect.stringContaining('cut off') });
  });

  test.each([
    ['{"a" 1}', 1, 6],
    ['[1,]', 1, 4],
    ['{"a":1} x', 1, 9],
    ['{"a":\n nope}', 2, 2],
    ['{a: 1}', 1, 2],
    ['[1 2]', 1, 4],
    ['[1}', 1, 3],
    ['["\\q"]', 1, 2],
    ['Vpcs:\n- VpcId: vpc-1\n', 1, 1],
  ])('wrong: %j', (text, line, column) => {
    expect(refused(text)).toMatchObject({ line, column, message: expect.stringContaining('no JSON') });
  });

  test('the place of what JSON.parse itself places is the same', () => {
    const damaged = fc.tuple(fc.json(), fc.nat(), fc.constantFrom(',', '}', ']', ':', '"', 'x', ' 1 '));
    fc.assert(
      fc.property(damaged, ([text, seed, noise]) => {
        const at = seed % (text.length + 1);
        const broken = text.slice(0, at) + noise + text.slice(at);
        const theirs = offsetOfParse(broken);
        if (theirs === undefined) return;
        const ours = (refused(broken).column ?? 0) - 1;
        // A number that goes wrong in the middle is placed where it goes wrong, or where it ends being one.
        expect(broken.slice(Math.min(ours, theirs), Math.max(ours, theirs))).toMatch(/^[-+.\deE]*$/);
      }),
      { numRuns: 2000 },
    );
  });

  test('a million brackets are no trouble', () => {
    expect(refused('['.repeat(1_000_000))).toMatchObject({ column: 1_000_001 });
  });
});

/** Its own messages tell the offset of some mistakes. That of a string without end is the text's end in ours. */
function offsetOfParse(text: string): number | undefined {
  try {
    JSON.parse(text);
  } catch (error) {
    const message = String(error);
    const [, offset] = / at position (\d+)/.exec(message) ?? [];
    if (offset !== undefined && !/string|escape|control/i.test(message)) return Number(offset);
  }
  return undefined;
}

test('the place of a value is found by its path', () => {
  fc.assert(
    fc.property(fc.array(fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue())), (value) => {
      const text = JSON.stringify([...value, { a: [0, { b: '\u0007mark' }] }], null, 1);
      const { line = 0, column = 0 } = problemAt(text, 'a.json', [value.length, 'a', 1, 'b'], 'X', 'x');
      expect(text.split('\n')[line - 1]?.slice(column - 1)).toBe(JSON.stringify('\u0007mark'));
    }),
  );
});

test('where there is nothing at the path, the place is the nearest above it', () => {
  expect(problemAt('{"a": {"b": 1}}', 'a.json', ['a', 'c', 'd'], 'X', 'x')).toMatchObject({ line: 1, column: 7 });
  expect(problemAt('{"a": {"b": 1}}', 'a.json', [], 'X', 'x')).toMatchObject({ line: 1, column: 1 });
});

test('JSON that is written says what it was given, whatever that is, and shows a terminal nothing to act on', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(0, 2), (text, indent) => {
      const written = jsonText({ [text]: [text] }, indent);
      expect(JSON.parse(written)).toEqual({ [text]: [text] });
      expect(written).not.toMatch(/(?!\n)\p{Cc}|\p{Bidi_Control}|[\u2028\u2029]|\p{Surrogate}/u);
    }),
  );
  expect(jsonText('a\u009b2J\u202e\ud800\u001b')).toBe('"a\\u009b2J\\u202e\\ud800\\u001b"\n');
});
