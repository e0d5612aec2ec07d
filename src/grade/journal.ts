/**
 * Writes the books of a class: each entry is safe before the next one is said to be done. A line that was cut off
 * half-written counts as never written.
 */
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Entry } from './books.ts';

export interface Journal {
  /** Resolves when the disk holds it. */
  append(entry: Entry): Promise<void>;
  close(): Promise<void>;
}

/**
 * After an entry that could not be written, none is: it may stand there half-written, and must be the last.
 * @param length Where the last whole line ends: what follows it was cut off half-written.
 */
export async function openJournal(file: string, length: number): Promise<Journal> {
  const handle = await open(file, 'a');
  await handle.truncate(length);
  await syncFolder(dirname(file));
  let last: Promise<void> = Promise.resolve();
  let waiting: string[] = [];
  // Lines that come while the disk is busy go with one sync: thirty at once cost no more than one.
  async function flush(): Promise<void> {
    const lines = waiting;
    if (lines.length === 0) return;
    waiting = [];
    await handle.appendFile(lines.join(''));
    await handle.datasync();
  }
  return {
    append(entry) {
      waiting.push(`${JSON.stringify(entry)}\n`);
      last = last.then(flush);
      return last;
    },
    async close() {
      await last.catch(() => {});
      await handle.close();
    },
  };
}

/** A new file lasts when its folder does. Windows has no such call. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
