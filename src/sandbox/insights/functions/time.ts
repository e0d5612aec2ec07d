/** User Guide, "Datetime functions": periods such as `5m`, and what they cut an instant to. */
import { numberOf, type Value } from '../value.ts';
import { instant } from './general.ts';

export interface Period {
  readonly milliseconds?: number;
  /** Calendar months, which differ in length. */
  readonly months?: number;
}

const lengths: readonly (readonly [RegExp, Period])[] = [
  [/^(ms|msec|millisecond)s?$/, { milliseconds: 1 }],
  [/^(s|secs?|seconds?)$/, { milliseconds: 1000 }],
  [/^(m|mins?|minutes?)$/, { milliseconds: 60_000 }],
  [/^(h|hrs?|hours?)$/, { milliseconds: 3_600_000 }],
  [/^(d|days?)$/, { milliseconds: 86_400_000 }],
  [/^(w|weeks?)$/, { milliseconds: 7 * 86_400_000 }],
  [/^(mos?|mons?|months?)$/, { months: 1 }],
  [/^(q|qtrs?|quarters?)$/, { months: 3 }],
  [/^(y|yrs?|years?)$/, { months: 12 }],
];

/** `undefined` for an unknown unit and for none of a unit. */
export function periodOf(count: number, unit: string): Period | undefined {
  const [, one] = lengths.find(([names]) => names.test(unit)) ?? [];
  if (!one || count < 1 || !Number.isSafeInteger(count)) return undefined;
  return one.months === undefined ? { milliseconds: (one.milliseconds ?? 1) * count } : { months: one.months * count };
}

/** The start of the period that an instant is in. */
export function floorOf(value: Value, period: Period): Date | undefined {
  const at = numberOf(value);
  if (at === undefined) return undefined;
  if (period.months === undefined)
    return instant(Math.floor(at / (period.milliseconds ?? 1)) * (period.milliseconds ?? 1));
  const date = instant(at);
  return date && startOfMonth(Math.floor(monthOf(date) / period.months) * period.months);
}

/** The end of that period, or the instant itself where it is at the start of one. */
export function ceilOf(value: Value, period: Period): Date | undefined {
  const floor = floorOf(value, period);
  if (!floor || floor.getTime() === numberOf(value)) return floor;
  return period.months === undefined
    ? instant(floor.getTime() + (period.milliseconds ?? 1))
    : startOfMonth(monthOf(floor) + period.months);
}

/** Counted from year 0. */
function monthOf(date: Date): number {
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function startOfMonth(month: number): Date {
  return new Date(Date.UTC(Math.floor(month / 12), month % 12));
}
