/** Where the world is kept. */
import type { Entry } from './journal.ts';
import type { WorldState } from './world.ts';

export interface Store {
  /** The saved world and what happened after it, or `undefined` where there is nothing yet. Rejects for what cannot be understood. */
  load(): Promise<{ readonly world: WorldState; readonly entries: readonly Entry[] } | undefined>;
  /** Returns when the change is safe from a killed process. @param tookMs What it took, and will take again. */
  append(entry: Entry, world: WorldState, tookMs: number): Promise<void>;
  /** Writes the world as a whole. */
  save(world: WorldState): Promise<void>;
  close(): void;
}

/** A world that is kept in memory only. */
export const noStore: Store = {
  load: async () => undefined,
  append: async () => undefined,
  save: async () => undefined,
  close: () => undefined,
};
