/** Finds a resource by its id without looking through all of them: a describe by id costs the same in a world of any size. */

interface Index {
  readonly positions: Map<string, number>;
  /** How many of the list's items are in it. */
  count: number;
}

const indexes = new WeakMap<readonly unknown[], Index>();
/** Shorter lists are looked through; so is every list that is made for one call only. */
const FEW = 64;

/**
 * The lists of the world grow at their end or are replaced as a whole, and ids do not change: what an index says is
 * looked up again in the list, and where it is not there, all of it is read anew.
 */
export function findById<T>(all: readonly T[], idOf: (item: T) => string | undefined, id: string): T | undefined {
  if (all.length < FEW) return all.find((item) => idOf(item) === id);
  const index = indexes.get(all);
  if (!index) {
    indexes.set(all, { positions: new Map(), count: 0 });
    return all.find((item) => idOf(item) === id);
  }
  extend(index, all, idOf);
  const found = at(index, all, id);
  if (found !== undefined && idOf(found) === id) return found;
  index.positions.clear();
  index.count = 0;
  extend(index, all, idOf);
  return at(index, all, id);
}

function at<T>({ positions }: Index, all: readonly T[], id: string): T | undefined {
  const position = positions.get(id);
  return position === undefined ? undefined : all[position];
}

function extend<T>(index: Index, all: readonly T[], idOf: (item: T) => string | undefined): void {
  for (; index.count < all.length; index.count += 1) {
    const item = all[index.count];
    const id = item === undefined ? undefined : idOf(item);
    if (id !== undefined) index.positions.set(id, index.count);
  }
}
