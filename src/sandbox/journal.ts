/**
 * What happened since the world was last written as a whole: one line a request that changed it. Operations follow from
 * the world, their input, the clock and the world's own random numbers, so running them again gives the same world.
 */
import { closeSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { codeOf, messageOf } from '../lib/message.ts';

const entrySchema = z.strictObject({
  /** The clock, epoch milliseconds. */
  now: z.number(),
  caller: z.looseObject({ accessKeyId: z.string(), region: z.string(), service: z.string() }),
  /** How many random numbers had been drawn when the request came, and when its operation began. */
  draws: z.tuple([z.number(), z.number()]),
  /** What was asked; absent where only the clock changed something. */
  call: z.strictObject({ action: z.string(), target: z.string().optional(), body: z.string() }).optional(),
  /** What chance beyond the world's own random numbers decided, such as a new key. */
  chance: z.array(z.unknown()).optional(),
});

export type Entry = z.infer<typeof entrySchema>;

export interface Journal {
  /** Returns when the line has left the process: from then on nothing but the machine itself can lose it. */
  append(entry: Entry): void;
  close(): void;
}

export function openJournal(file: string): Journal {
  const descriptor = openSync(file, 'w', 0o600);
  return {
    append(entry) {
      const line = Buffer.from(`${JSON.stringify(entry)}\n`);
      for (let written = 0; written < line.length; ) written += writeSync(descriptor, line, written);
    },
    close: () => closeSync(descriptor),
  };
}

/**
 * The entries of a journal, or undefined where there is none. A last line without its end was never acknowledged: the
 * process was killed while it wrote it.
 * @throws Error for a line that is no entry.
 */
export function readJournal(file: string): Entry[] | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new Error(`The sandbox's journal ${file} cannot be read: ${messageOf(error)}`);
  }
  return text
    .split('\n')
    .slice(0, -1)
    .map((line, index) => {
      try {
        return entrySchema.parse(JSON.parse(line));
      } catch {
        throw new Error(`The sandbox's journal ${file} is damaged at line ${index + 1} and was left as it is.`);
      }
    });
}

/** The numbers of the journals that lie beside a state file, whether or not they belong to it. */
export function journalsBeside(file: string): number[] {
  const start = `${basename(file)}.journal-`;
  return readdirSync(dirname(file))
    .filter((name) => name.startsWith(start))
    .map((name) => Number(name.slice(start.length)))
    .filter(Number.isInteger);
}

export function removeJournal(file: string): void {
  rmSync(file, { force: true });
}
