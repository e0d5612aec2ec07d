import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rounded } from '../../src/lib/points.ts';

/** Far more than a lab gives. */
const MOST = 1_000_000;

describe('points have two decimals', () => {
  test.each([
    [1.005, 1.01],
    [2.675, 2.68],
    [10.075, 10.08],
    [1.004999, 1],
    [100 / 3, 33.33],
    [0.1 + 0.2, 0.3],
    [1e-9, 0],
    [0, 0],
  ])('%d is %d', (points, expected) => {
    expect(rounded(points)).toBe(expected);
  });

  test('a third decimal of 5 or more goes up, any other down, as whole numbers tell', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MOST * 1000 }), (thousandths) => {
        expect(rounded(thousandths / 1000)).toBe(Math.floor((thousandths + 5) / 10) / 100);
      }),
    );
  });

  test('of a sum, the machine’s own errors are gone, whatever is added', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: MOST }), { maxLength: 200 }), (hundredths) => {
        const sum = hundredths.reduce((total, each) => total + each / 100, 0);
        expect(rounded(sum)).toBe(hundredths.reduce((total, each) => total + each, 0) / 100);
      }),
    );
  });

  test('what has two decimals already stays', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: MOST, noNaN: true }), (points) => {
        expect(rounded(rounded(points))).toBe(rounded(points));
      }),
    );
  });
});
