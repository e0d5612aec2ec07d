/** Everything that is written from the grades: whole files, from the books, in the roster's order. */
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
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

export interface Books {
  readonly dir: string;
  readonly info: ClassInfo;
  readonly roster: Roster;
  readonly rows: readonly Row[];
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

export async function keepResult(dir: string, learner: string, result: Result | undefined): Promise<void> {
  const file = resultFile(dir, learner);
  await writeOrRemove(file, result && `${JSON.stringify(result, null, 2)}\n`);
}

/** @returns the files written, but for those of single learners. */
export async function writeBooks({ dir, info, roster, rows: told, formats, assignment, environment }: Books) {
  const times = new Map<string, readonly string[]>();
  for (const { learner } of told) {
    const result = await readResult(dir, learner.id);
    if (result) times.set(learner.id, pingTimes(result));
  }
  const same = sameness(told, times);
  const rows = withSameness(told, same);
  const files: string[] = [];
  const write = async (name: string, pieces: Iterable<string> | AsyncIterable<string>) => {
    await writeWhole(join(dir, name), pieces);
    files.push(name);
  };

  await write('gradebook.csv', gradebook(info, roster.columns, rows));
  await eachLearner(dir, rows, { info, formats, environment });
  if (same.length > 0) await write('sameness.md', [samenessMarkdown(info, same)]);
  else await rm(join(dir, 'sameness.md'), { force: true });
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
  return files;
}

/** What each learner has a file of. */
async function eachLearner(
  dir: string,
  rows: readonly Row[],
  { info, formats, environment }: Pick<Books, 'info' | 'formats' | 'environment'>,
): Promise<void> {
  for await (const { result, ...row } of withResults(dir, rows)) {
    const { id } = row.learner;
    await writeWhole(join(dir, 'feedback', `${id}.md`), [feedback(info, row, result)]);
    if (formats.includes('gradescope'))
      await writeOrRemove(join(dir, 'gradescope', `${id}.json`), gradescope(info, row, result));
    if (formats.includes('classroom50'))
      await writeOrRemove(join(dir, 'classroom50', `${id}.json`), classroom50(info, row, environment));
  }
}

async function* withResults(dir: string, rows: readonly Row[]) {
  for (const row of rows) yield { ...row, result: await readResult(dir, row.learner.id) };
}

/** Only we write it, whole. */
async function readResult(dir: string, learner: string): Promise<Result | undefined> {
  try {
    return JSON.parse(await readFile(resultFile(dir, learner), 'utf8')) as Result;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
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

/** Beside it first, then in its place: at every moment, and after a loss of power, there is the old file or the new one. */
async function writeWhole(file: string, pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = draftOf(file);
  await pipeline(Readable.from(pieces), createWriteStream(draft, { flush: true }));
  await rename(draft, file);
}
