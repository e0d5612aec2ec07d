/**
 * The books of a class: a file with a line for each look at an account. Marks are not in it: they follow from it, the rubric
 * and what is decided by hand. A run that was killed is taken up where the file ends.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { digestOf } from '../lib/digest.ts';
import { codeOf } from '../lib/message.ts';
import { FileError } from '../lib/text-file.ts';
import type { Learner } from './learner.ts';
import { unfitForFileName } from './roster/file-name.ts';
import { isTold, type Look, seenSchema } from './seen.ts';

export const JOURNAL_SCHEMA = 'labproof/journal/v2';

/** How accounts are looked at: what was seen otherwise is not mixed with it. */
const howSchema = z.object({
  lab: z.string(),
  /** Of the lab's file: `sha256:…`. */
  digest: z.string(),
  /** Of labproof. */
  build: z.string(),
  ping: z.boolean(),
  /** Where a row of the roster tells none; null where all do, or nothing does. */
  region: z.string().nullable(),
  /** Null where workers look: what they reach is theirs. */
  cloud: z.enum(['aws', 'sandbox']).nullable(),
});
export type How = Readonly<z.infer<typeof howSchema>>;

/** Begins a run. */
const runSchema = howSchema.extend({
  run: z.literal(JOURNAL_SCHEMA),
  /** ISO 8601. */
  startedAt: z.string(),
});
export type Run = Readonly<z.infer<typeof runSchema>>;

/** By what the last run was marked, beside the lab. */
const markedSchema = z.object({ rubric: z.boolean(), overrides: z.boolean() });
export type Marked = Readonly<z.infer<typeof markedSchema>>;

const id = z.string().refine((text) => unfitForFileName(text) === undefined);

const keptSchema = z.object({
  learner: id,
  /** Of the roster's row, as `rowDigest` has it. */
  row: z.string(),
  /** ISO 8601. */
  at: z.string(),
  /** Of the file of its result, `sha256:…`; absent where there is none. */
  result: z.string().exactOptional(),
  seen: seenSchema,
});
export type Kept = Look & Readonly<Omit<z.infer<typeof keptSchema>, keyof Look>>;

/** `left`: who is in the class no more. */
const entrySchema = z.union([
  keptSchema,
  runSchema,
  z.object({ end: z.literal(JOURNAL_SCHEMA) }),
  z.object({ left: z.array(id) }),
  z.object({ marked: markedSchema }),
]);
export type Entry =
  | Run
  | Kept
  | { readonly end: typeof JOURNAL_SCHEMA }
  | { readonly left: readonly string[] }
  | { readonly marked: Marked };

export interface Books {
  /** The last run; absent in a new file. */
  readonly run: Run | undefined;
  /** It came to its end. */
  readonly ended: boolean;
  /** The last run's, the newest of each learner. */
  readonly looks: ReadonlyMap<string, Kept>;
  /** Of all runs. */
  readonly past: Past;
  readonly left: ReadonlySet<string>;
  readonly marked: Marked | undefined;
  /** Where the last whole line ends, bytes. */
  readonly length: number;
}

/** What all looks leave to know, by row: another account's are not this one's. */
export interface Past {
  /** When all could be told for the first time, ISO 8601. */
  readonly submittedAt: Map<string, string>;
  /** By row and lab: the newest look, and of those before it at which all could be told, the one worth most. */
  readonly newest: Map<string, Look>;
  readonly best: Map<string, Look>;
}

/** Which account a row of the roster leads to, and how, but for secrets. */
export function rowDigest({ id: learner, account, region, entry }: Learner): string {
  const way = entry.kind === 'role' ? { kind: entry.kind, roleArn: entry.roleArn } : entry;
  return digestOf(JSON.stringify([learner, account, region, way]));
}

/** @param lab Its digest. */
export function pastKey(row: string, lab: string): string {
  return `${row} ${lab}`;
}

/** The look is the newest now. @param lab The digest of the lab by which it was looked. */
export function remember({ submittedAt, newest, best }: Past, { row, seen, at }: Kept, lab: string): void {
  const key = pastKey(row, lab);
  const before = newest.get(key);
  if (before && isTold(before.seen) && worth(before) >= worth(best.get(key))) best.set(key, before);
  newest.set(key, { seen, at });
  if (isTold(seen) && !submittedAt.has(row)) submittedAt.set(row, at);
}

/** By the lab's own points. */
function worth(look: Look | undefined): number {
  return look?.seen.ok ? look.seen.checks.reduce((sum, { points }) => sum + points.earned, 0) : 0;
}

/** @throws FileError where the file is no journal, or cannot be read */
export async function readBooks(file: string): Promise<Books> {
  const bytes = await readFile(file).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return Buffer.alloc(0);
    throw new FileError({ code: 'UNREADABLE', message: `This journal cannot be read (${codeOf(error)}).`, file });
  });
  let run: Run | undefined;
  let ended = false;
  let marked: Marked | undefined;
  const looks = new Map<string, Kept>();
  const left = new Set<string>();
  const past: Past = { submittedAt: new Map(), newest: new Map(), best: new Map() };
  let length = 0;
  let number = 0;
  // Line by line: the whole may be longer than a text can be.
  for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, length)) {
    number += 1;
    const entry = parse(bytes.toString('utf8', length, end), file, number);
    length = end + 1;
    if ('run' in entry) {
      run = entry;
      ended = false;
      looks.clear();
    } else if ('end' in entry) ended = true;
    else if ('left' in entry) for (const learner of entry.left) left.add(learner);
    else if ('marked' in entry) marked = entry.marked;
    else {
      looks.set(entry.learner, entry);
      remember(past, entry, run?.digest ?? '');
    }
  }
  return { run, ended, looks, past, left, marked, length };
}

/** Only we write it: what it is no part of is a file of somebody else's, or damaged. */
function parse(line: string, file: string, number: number): Entry {
  try {
    return entrySchema.parse(JSON.parse(line));
  } catch {
    throw new FileError({
      code: 'NO_JOURNAL',
      message: 'This line is none of the books of this labproof. Choose another folder.',
      file,
      line: number,
    });
  }
}
