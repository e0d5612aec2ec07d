/**
 * The books of a class: a file to which each look at an account is appended, and is safe before the next one is said to
 * be done. Marks are not in it: they follow from it, the rubric and what is decided by hand. A run that was killed is taken
 * up where the file ends; a line that was cut off half-written counts as never written.
 */
import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../lib/message.ts';
import { FileError } from '../lib/text-file.ts';
import type { Learner } from './learner.ts';
import { isTold, type Look } from './seen.ts';

export const JOURNAL_SCHEMA = 'labproof/journal/v2';

/** How accounts are looked at: what was seen otherwise is not mixed with it. */
export interface How {
  readonly lab: string;
  /** Of the lab's file: `sha256:…`. */
  readonly digest: string;
  /** Of labproof. */
  readonly build: string;
  readonly ping: boolean;
  /** Where a row of the roster tells none; null where all do, or nothing does. */
  readonly region: string | null;
}

/** Begins a run. */
export interface Run extends How {
  readonly run: typeof JOURNAL_SCHEMA;
  /** ISO 8601. */
  readonly startedAt: string;
}

export interface Kept extends Look {
  readonly learner: string;
  /** Of the roster's row, as `rowDigest` has it. */
  readonly row: string;
  /** Of the file of its result, `sha256:…`; absent where there is none. */
  readonly result?: string;
}

export type Entry = Run | Kept | { readonly end: typeof JOURNAL_SCHEMA };

export interface Books {
  /** The last run; absent in a new file. */
  readonly run: Run | undefined;
  /** It came to its end. */
  readonly ended: boolean;
  /** The last run's, the newest of each learner. */
  readonly looks: ReadonlyMap<string, Kept>;
  /** Of all runs, the newest of each learner; and the newest before that at which all could be told. */
  readonly newest: ReadonlyMap<string, Look>;
  readonly earlier: ReadonlyMap<string, Look>;
  /** Of all runs: when everything about a learner could be told for the first time, ISO 8601. */
  readonly submittedAt: ReadonlyMap<string, string>;
  /** Where the last whole line ends. */
  readonly length: number;
}

/** Which account a row of the roster leads to, and how, but for secrets: where that was put right, another one was seen. */
export function rowDigest({ id, account, region, entry }: Learner): string {
  const way = entry.kind === 'role' ? { kind: entry.kind, roleArn: entry.roleArn } : entry;
  return digestOf(JSON.stringify([id, account, region, way]));
}

export function digestOf(text: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/** @throws FileError where the file is no journal, or cannot be read */
export async function readBooks(file: string): Promise<Books> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return '';
    throw new FileError({ code: 'UNREADABLE', message: `This journal cannot be read (${codeOf(error)}).`, file });
  });
  const end = text.lastIndexOf('\n') + 1;
  let run: Run | undefined;
  let ended = false;
  const looks = new Map<string, Kept>();
  const newest = new Map<string, Look>();
  const earlier = new Map<string, Look>();
  const submittedAt = new Map<string, string>();
  for (const [index, line] of text.slice(0, end).split('\n').slice(0, -1).entries()) {
    const entry = parse(line, file, index + 1);
    if ('run' in entry) {
      run = entry;
      ended = false;
      looks.clear();
    } else if ('end' in entry) ended = true;
    else {
      const { learner, seen, at } = entry;
      looks.set(learner, entry);
      succeed(newest, earlier, learner, { seen, at });
      if (isTold(seen) && !submittedAt.has(learner)) submittedAt.set(learner, at);
    }
  }
  return { run, ended, looks, newest, earlier, submittedAt, length: Buffer.byteLength(text.slice(0, end)) };
}

/** The look is the newest now. */
export function succeed(newest: Map<string, Look>, earlier: Map<string, Look>, learner: string, look: Look): void {
  const before = newest.get(learner);
  if (before && isTold(before.seen)) earlier.set(learner, before);
  newest.set(learner, look);
}

/** Only we write it: what it is no part of is a file of somebody else's, or damaged. */
function parse(line: string, file: string, number: number): Entry {
  const refuse = () =>
    new FileError({
      code: 'NO_JOURNAL',
      message: 'This line is none of a journal of grades. Choose another folder, or move the file away.',
      file,
      line: number,
    });
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry !== 'object' || entry === null) throw refuse();
    const known = 'run' in entry ? entry.run : 'end' in entry ? entry.end : 'learner' in entry && JOURNAL_SCHEMA;
    if (known !== JOURNAL_SCHEMA) throw refuse();
    return entry as Entry;
  } catch {
    throw refuse();
  }
}

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
