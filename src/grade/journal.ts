/**
 * The books of a class: a file to which each grade is appended, and is safe before the next one is said to be done. A
 * run that was killed is taken up where the file ends; a line that was cut off half-written counts as never written.
 */
import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../lib/message.ts';
import { FileError } from '../lib/text-file.ts';
import type { Grade } from './grade.ts';
import type { Learner } from './learner.ts';

export const JOURNAL_SCHEMA = 'labproof/journal/v1';

/** Begins a run. What was graded under another is not mixed with it. */
export interface Run {
  readonly run: typeof JOURNAL_SCHEMA;
  readonly lab: string;
  /** Of the lab's file, the rubric, the overrides and how it is looked: `sha256:…`. */
  readonly digest: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

/** With the row of the roster that it is of, as `rowDigest` has it. */
export type Kept = Grade & { readonly row: string };
export type Entry = Run | Kept | { readonly end: typeof JOURNAL_SCHEMA };

export interface Books {
  /** The last run; absent in a new file. */
  readonly run: Run | undefined;
  /** It came to its end. */
  readonly ended: boolean;
  /** The last run's, the newest of each learner. */
  readonly grades: ReadonlyMap<string, Grade>;
  /** Of which row each of them is. */
  readonly rows: ReadonlyMap<string, string>;
  /** Of all runs of this lab: when each learner was graded for the first time, ISO 8601. */
  readonly submittedAt: ReadonlyMap<string, string>;
  /** Where the last whole line ends. */
  readonly length: number;
}

/**
 * What an entry of the roster says, but for secrets: where it was put right, a grade is of another account than it says.
 */
export function rowDigest({ id, name, account, region, entry, columns }: Learner): string {
  const way = entry.kind === 'role' ? { kind: entry.kind, roleArn: entry.roleArn } : entry;
  const text = JSON.stringify([id, name, account, region, way, columns]);
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/**
 * @param lab Its id: when a learner handed in another one is not asked for.
 * @throws FileError where the file is no journal, or cannot be read
 */
export async function readBooks(file: string, lab: string): Promise<Books> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return '';
    throw new FileError({ code: 'UNREADABLE', message: `This journal cannot be read (${codeOf(error)}).`, file });
  });
  const end = text.lastIndexOf('\n') + 1;
  let run: Run | undefined;
  let ended = false;
  const grades = new Map<string, Grade>();
  const rows = new Map<string, string>();
  const submittedAt = new Map<string, string>();
  for (const [index, line] of text.slice(0, end).split('\n').slice(0, -1).entries()) {
    const entry = parse(line, file, index + 1);
    if ('run' in entry) {
      run = entry;
      ended = false;
      grades.clear();
    } else if ('end' in entry) ended = true;
    else {
      const { row, ...grade } = entry;
      grades.set(grade.learner, grade);
      rows.set(grade.learner, row);
      if (run?.lab === lab && !submittedAt.has(grade.learner)) submittedAt.set(grade.learner, grade.submittedAt);
    }
  }
  return { run, ended, grades, rows, submittedAt, length: Buffer.byteLength(text.slice(0, end)) };
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
