/** Everything that is written from the grades: whole files, from the books, in the roster's order. */
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { digestOf } from '../lib/digest.ts';
import { codeOf } from '../lib/message.ts';
import type { Result } from '../run/result.ts';
import { canvasFile } from './formats/canvas.ts';
import { classroom50 } from './formats/classroom50.ts';
import { feedback } from './formats/feedback.ts';
import { gradebook } from './formats/gradebook.ts';
import { gradescope } from './formats/gradescope.ts';
import { html } from './formats/html/page.ts';
import { json } from './formats/json.ts';
import { junit } from './formats/junit.ts';
import type { ClassInfo, Row } from './grade.ts';
import type { Roster } from './learner.ts';
import { pingTimes, sameness, samenessMarkdown, withSameness } from './sameness.ts';

export const FORMATS = ['csv', 'json', 'html', 'junit', 'gradescope', 'classroom50', 'canvas'] as const;
export type Format = (typeof FORMATS)[number];

export interface Writing {
  readonly dir: string;
  readonly info: ClassInfo;
  readonly roster: Roster;
  readonly rows: readonly Row[];
  /** Ids of learners who have left the class. */
  readonly others: readonly string[];
  readonly formats: readonly Format[];
  /** Canvas' name of it; the lab's title where absent. */
  readonly assignment?: string;
  /** What Classroom 50 sets where it runs a grader. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The full result of one learner, kept when it was told. */
export function resultFile(dir: string, learner: string): string {
  return join(dir, 'results', `${learner}.json`);
}

/** @returns its digest */
export async function keepResult(dir: string, learner: string, result: Result): Promise<string> {
  const text = `${JSON.stringify(result, null, 2)}\n`;
  await writeWhole(resultFile(dir, learner), [text]);
  return digestOf(text);
}

/** Of the file as it is there; undefined where there is none. */
export async function resultDigest(dir: string, learner: string): Promise<string | undefined> {
  const bytes = await readResultFile(dir, learner);
  return bytes && digestOf(bytes);
}

/** What stands for the whole class. */
export const CLASS_FILES = [
  'gradebook.csv',
  'sameness.md',
  'grades.json',
  'grades.html',
  'junit.xml',
  'canvas.csv',
] as const;
/** Formats with a file a learner, in folders of these names. */
const LEARNER_FILES = ['gradescope', 'classroom50'] as const;
export const FOLDERS = ['feedback', 'results', ...LEARNER_FILES] as const;

/** Would a run into this folder write over it, or take it away? */
export function isWritten(dir: string, file: string): boolean {
  const [first = ''] = relative(resolve(dir), resolve(file)).split(sep);
  return [...CLASS_FILES, ...FOLDERS, 'journal.jsonl'].some((name) => name === first);
}

/**
 * What an earlier run wrote and this one does not is taken away, as it would look like this one's. Results stay: they are
 * what was seen.
 * @returns the files written, and the folders of those of single learners
 */
export async function writeBooks(writing: Writing): Promise<readonly string[]> {
  const { dir, info, roster, rows: told, formats, assignment } = writing;
  const times = await eachLearner(writing);
  const same = sameness(told, times);
  const rows = withSameness(told, same);
  const files: (typeof CLASS_FILES)[number][] = [];
  const write = async (name: (typeof CLASS_FILES)[number], pieces: Iterable<string> | AsyncIterable<string>) => {
    await writeWhole(join(dir, name), pieces);
    files.push(name);
  };

  await write('gradebook.csv', gradebook(info, roster.columns, rows));
  if (same.length > 0) await write('sameness.md', [samenessMarkdown(info, same)]);
  if (formats.includes('json')) await write('grades.json', json(info, rows, same));
  if (formats.includes('html')) await write('grades.html', html(info, rows, same));
  if (formats.includes('junit')) await write('junit.xml', junit(info, withResults(dir, rows)));
  if (formats.includes('canvas') && roster.canvas) {
    const scores = new Map(
      rows.flatMap(({ learner, grade }) => (grade.status === 'graded' ? [[learner.id, grade.points.earned]] : [])),
    );
    await write('canvas.csv', [
      canvasFile(roster.canvas, { title: assignment ?? info.lab.title, possible: info.possible }, (id) =>
        scores.get(id),
      ),
    ]);
  }
  await removeOthers(writing, files);
  return [
    ...files,
    ...['feedback', 'results', ...LEARNER_FILES.filter((format) => formats.includes(format))].map((folder) =>
      join(folder, '/'),
    ),
  ];
}

async function removeOthers({ dir, formats, rows, others }: Writing, written: readonly string[]): Promise<void> {
  const stale = [
    ...CLASS_FILES.filter((name) => !written.includes(name)),
    ...others.map((id) => join('feedback', `${id}.md`)),
    ...LEARNER_FILES.flatMap((format) => {
      const learners = formats.includes(format) ? others : [...others, ...rows.map(({ learner }) => learner.id)];
      return learners.map((id) => join(format, `${id}.json`));
    }),
  ];
  for (const name of stale) await writeOrRemove(join(dir, name), undefined);
}

/** What each learner has a file of. @returns what `sameness` asks of their results: no remark of it is in these files */
async function eachLearner({ dir, info, rows, formats, environment }: Writing) {
  const times = new Map<string, readonly string[]>();
  for await (const { result, ...row } of withResults(dir, rows)) {
    const { id } = row.learner;
    if (result) times.set(id, pingTimes(result));
    await writeWhole(join(dir, 'feedback', `${id}.md`), [feedback(info, row, result)]);
    if (formats.includes('gradescope'))
      await writeOrRemove(join(dir, 'gradescope', `${id}.json`), gradescope(info, row, result));
    if (formats.includes('classroom50'))
      await writeOrRemove(join(dir, 'classroom50', `${id}.json`), classroom50(info, row, environment));
  }
  return times;
}

async function* withResults(dir: string, rows: readonly Row[]) {
  for (const row of rows) yield { ...row, result: await readResult(dir, row.learner.id) };
}

/** Only we write it, whole. */
async function readResult(dir: string, learner: string): Promise<Result | undefined> {
  const bytes = await readResultFile(dir, learner);
  return bytes && (JSON.parse(bytes.toString()) as Result);
}

async function readResultFile(dir: string, learner: string): Promise<Buffer | undefined> {
  return readFile(resultFile(dir, learner)).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
}

async function writeOrRemove(file: string, text: string | undefined): Promise<void> {
  if (text !== undefined) return writeWhole(file, [text]);
  await rm(file, { force: true });
  await rm(draftOf(file), { force: true });
}

/** Always the same: what a killed process left behind is written over. */
function draftOf(file: string): string {
  return `${file}.new`;
}

/**
 * Beside it first, then in its place: at every moment there is the old file or the new one. After a loss of power it may be
 * the old one: the books have the digest of a result.
 */
async function writeWhole(file: string, pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = draftOf(file);
  await pipeline(Readable.from(pieces), createWriteStream(draft, { flush: true }));
  await rename(draft, file);
}
