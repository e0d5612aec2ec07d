/** Dates through JSON: `{"$date": "2026-11-23T10:00:00.000Z"}`, as the AWS SDK's shapes hold them. */

/** The same value with its dates written out; what holds none is returned as it is. */
export function withoutDates(value: unknown): unknown {
  if (value instanceof Date) return { $date: value.toISOString() };
  if (Array.isArray(value)) return mapped(value, (item) => withoutDates(item));
  if (typeof value !== 'object' || value === null) return value;
  let copy: Record<string, unknown> | undefined;
  for (const [key, item] of Object.entries(value)) {
    const plain = withoutDates(item);
    if (plain === item) continue;
    copy ??= { ...value };
    copy[key] = plain;
  }
  return copy ?? value;
}

function mapped(items: readonly unknown[], map: (item: unknown) => unknown): readonly unknown[] {
  const plain = items.map(map);
  return plain.some((item, index) => item !== items[index]) ? plain : items;
}

/** Turns written dates back, in place. A tag may be called `$date` and hold anything: what is no date stays. */
export function withDates(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const date = dateIn(value);
  if (date) return date;
  for (const [key, item] of Object.entries(value)) {
    const revived = withDates(item);
    if (revived !== item)
      Object.defineProperty(value, key, { value: revived, writable: true, enumerable: true, configurable: true });
  }
  return value;
}

function dateIn(value: object): Date | undefined {
  if (!('$date' in value) || Object.keys(value).length !== 1) return undefined;
  const date = new Date(String(value.$date));
  return Number.isNaN(date.getTime()) ? undefined : date;
}
