/** What a function of the query language is: how many arguments it takes, and what it makes of their values. */
import { QueryStopped } from '../query.ts';
import { numberOf, textOf, type Value } from '../value.ts';

export interface ScalarFunction {
  readonly least: number;
  readonly most: number;
  apply(values: readonly Value[]): Value;
}

export function values(least: number, most: number, apply: (...given: Value[]) => Value): ScalarFunction {
  return { least, most, apply: (given) => apply(...given) };
}

/** Of texts: missing where one of them is. */
export function texts(least: number, most: number, apply: (...given: string[]) => Value): ScalarFunction {
  return {
    least,
    most,
    apply(given) {
      const known = given.filter((value) => value !== undefined);
      return known.length < given.length ? undefined : apply(...known.map(textOf));
    },
  };
}

/** Of numbers: missing where one of them is none, or where there is no result. */
export function numbers(least: number, most: number, apply: (...given: number[]) => number): ScalarFunction {
  return {
    least,
    most,
    apply(given) {
      const known = given.map(numberOf).filter((value) => value !== undefined);
      const result = known.length < given.length ? Number.NaN : apply(...known);
      return Number.isFinite(result) ? result : undefined;
    },
  };
}

/** Of what a function makes, in characters: a few nested ones could ask for more than there is memory. */
const longestText = 2 ** 20;

/** @throws QueryStopped */
export function refuseLength(length: number, longest = longestText): void {
  if (length > longest) throw new QueryStopped('Failed');
}
