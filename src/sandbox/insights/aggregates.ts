/** The functions of `stats` (User Guide, "Functions to use with stats"): each sees the rows of a group, one after another. */
import { type Row, timeOf } from './row.ts';
import { numberOf, order, textOf, type Value } from './value.ts';

export interface Accumulator {
  add(row: Row): void;
  result(): Value;
}

type Evaluator = (row: Row) => Value;

/** Makes the accumulator of one group. The percentile is that of `pct`. */
type Aggregate = (of: Evaluator, percentile: number) => Accumulator;

export const aggregates: Readonly<Record<string, Aggregate>> = {
  count(of) {
    let count = 0;
    return {
      add(row) {
        if (of(row) !== undefined) count += 1;
      },
      result: () => count,
    };
  },
  count_distinct(of) {
    const seen = new Set<string>();
    return {
      add(row) {
        const value = of(row);
        if (value !== undefined) seen.add(textOf(value));
      },
      result: () => seen.size,
    };
  },
  sum(of) {
    let sum = 0;
    return {
      add(row) {
        sum += numberOf(of(row)) ?? 0;
      },
      result: () => sum,
    };
  },
  avg(of) {
    const moments = momentsOf(of);
    return { add: moments.add, result: () => (moments.count() > 0 ? moments.mean() : undefined) };
  },
  /** Of the whole population: the guide does not say which. */
  stddev(of) {
    const moments = momentsOf(of);
    return { add: moments.add, result: () => (moments.count() > 0 ? Math.sqrt(moments.variance()) : undefined) };
  },
  min: (of) => extreme(of, -1),
  max: (of) => extreme(of, 1),
  pct: percentileOf,
  median(of) {
    const numbers = numbersOf(of);
    return {
      add: numbers.add,
      result() {
        const sorted = numbers.sorted();
        const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
        return low === undefined || high === undefined ? undefined : (low + high) / 2;
      },
    };
  },
  earliest: (of) => chosen(of, (row) => timeOf(row), -1),
  latest: (of) => chosen(of, (row) => timeOf(row), 1),
  sortsfirst: (of) => chosen(of, of, -1),
  sortslast: (of) => chosen(of, of, 1),
};

/** Those that look at the time of the event itself. */
export const timed: ReadonlySet<string> = new Set(['earliest', 'latest']);

/** Count, mean and variance in one pass (Welford). */
function momentsOf(of: Evaluator) {
  let [count, mean, squares] = [0, 0, 0];
  return {
    add(row: Row) {
      const value = numberOf(of(row));
      if (value === undefined) return;
      count += 1;
      const difference = value - mean;
      mean += difference / count;
      squares += difference * (value - mean);
    },
    count: () => count,
    mean: () => mean,
    variance: () => squares / count,
  };
}

function numbersOf(of: Evaluator) {
  const numbers: number[] = [];
  return {
    add(row: Row) {
      const value = numberOf(of(row));
      if (value !== undefined) numbers.push(value);
    },
    sorted: () => Float64Array.from(numbers).sort(),
  };
}

/** The smallest value that at least so many percent of the values do not exceed. */
function percentileOf(of: Evaluator, percentile: number): Accumulator {
  const numbers = numbersOf(of);
  return {
    add: numbers.add,
    result() {
      const sorted = numbers.sorted();
      return sorted[Math.max(0, Math.ceil((percentile / 100) * sorted.length) - 1)];
    },
  };
}

/** Of the numbers, where there is one, else of the texts: flow logs have `-` for what they do not know. */
function extreme(of: Evaluator, sign: 1 | -1): Accumulator {
  let number: { value: number; of: Value } | undefined;
  let text: Value;
  return {
    add(row) {
      const value = of(row);
      const each = numberOf(value);
      if (each === undefined) {
        if (value !== undefined && (text === undefined || sign * order(value, text) > 0)) text = value;
      } else if (number === undefined || sign * (each - number.value) > 0) number = { value: each, of: value };
    },
    result: () => (number?.of instanceof Date ? number.of : (number?.value ?? text)),
  };
}

/** The value of the row whose rank is the lowest or the highest, among those that have a value. */
function chosen(of: Evaluator, rank: Evaluator, sign: 1 | -1): Accumulator {
  let best: { value: Value; rank: Value } | undefined;
  return {
    add(row) {
      const value = of(row);
      if (value === undefined) return;
      const each = rank(row);
      if (best === undefined || sign * order(each, best.rank) > 0) best = { value, rank: each };
    },
    result: () => best?.value,
  };
}
