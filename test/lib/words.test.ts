import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { counted, line } from '../../src/lib/words.ts';
import { acting } from './harmless.ts';
import { hostile } from './hostile.ts';

test('one is counted as one, any other number as many', () => {
  expect([0, 1, 2, 0.5].map((count) => counted(count, 'point'))).toEqual([
    '0 points',
    '1 point',
    '2 points',
    '0.5 points',
  ]);
});

describe('one line', () => {
  test('has one space where there was any', () => {
    expect(line(' one\r\n\ttwo  three ')).toBe('one two three');
  });

  test('of words of others', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(acting(line(text))).toEqual([]);
        expect(line(text)).not.toMatch(/[\n\t]/);
      }),
    );
  });
});
