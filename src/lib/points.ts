/** What binary arithmetic leaves of a decimal number's digits (IEEE 754, binary64). */
const EXACT_DIGITS = 15;

/**
 * Two decimals, as all points have; a half up, as one reckons by hand: `1.005 * 100` is 100.49999999999999 to the machine,
 * and yet 1.01 here.
 */
export function rounded(points: number): number {
  return Math.round(Number((points * 100).toPrecision(EXACT_DIGITS))) / 100;
}

interface Points {
  readonly earned: number;
  readonly possible: number;
}

/** Of all of them together. */
export function sumOf(all: readonly { readonly points: Points }[]): Points {
  return {
    earned: rounded(all.reduce((sum, { points }) => sum + points.earned, 0)),
    possible: rounded(all.reduce((sum, { points }) => sum + points.possible, 0)),
  };
}
