/** A run over a class: from the books as they are, by looks at whom they lack, to everything that is written from them. */
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { BUILD } from '../lib/build.ts';
import { utc } from '../report/blocks.ts';
import type { Result } from '../run/result.ts';
import type { Attempt } from './attempt.ts';
import { type How, JOURNAL_SCHEMA, type Kept, type Marked, pastKey, readBooks, remember, rowDigest } from './books.ts';
import type { Grade } from './grade.ts';
import { openJournal } from './journal.ts';
import type { Learner, Roster } from './learner.ts';
import { gradeAll } from './looks.ts';
import { type Format, keepResult, writeBooks } from './outputs.ts';
import { known, refuseForeign, resumed, some } from './resume.ts';
import { fileNameKey } from './roster/file-name.ts';
import { PLAIN_RUBRIC } from './rubric.ts';
import { classInfo, gradeOf, type Marking } from './score.ts';
import type { Look } from './seen.ts';

/** Who looks at the accounts. */
export interface Looking {
  /**
   * Rejects only when aborted.
   * @param after When the learner was last looked at in this run, or the run began; ISO 8601.
   */
  look(learner: Learner, after: string, signal: AbortSignal): Promise<Attempt>;
  /** How many accounts at a time suit it. */
  readonly concurrency: number;
  /** Where the roster tells none. */
  readonly region: string | undefined;
  /** Absent where others look: what they reach is theirs. */
  readonly cloud?: Exclude<Result['cloud']['kind'], 'snapshot'>;
}

export interface ClassRun {
  /** It is there, and nobody else writes in it. */
  readonly dir: string;
  readonly roster: Roster;
  readonly marking: Marking;
  readonly ping: boolean;
  readonly formats: readonly Format[];
  readonly assignment?: string;
  /** What Classroom 50 sets where it runs a grader. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly looking: Looking;
  readonly concurrency: number;
  /** Goes on with the last run. */
  readonly resume: boolean;
  /** Ids of learners who are looked at again all the same, and of those who are in the class no more. */
  readonly again: readonly string[];
  readonly left: readonly string[];
  /** What the instructor should know of it. */
  readonly tell: (message: string) => void;
  /** Begins to show how it goes, from what was known before. */
  readonly show: (before: readonly Grade[]) => {
    readonly seen: (grade: Grade, again: boolean) => void;
    readonly end: () => void;
  };
  /** Our own clock, epoch milliseconds. */
  readonly clock: () => number;
  readonly signal: AbortSignal;
}

export interface ClassDone {
  /** In the roster's order. */
  readonly grades: readonly Grade[];
  /** The files that are about the whole class, and the folders with a file a learner. */
  readonly files: readonly string[];
}

/** @throws RunRefused, before anything is looked at. FileError for books that are none. Rejects where aborted, too. */
export async function gradeClass(run: ClassRun): Promise<ClassDone> {
  const { dir, roster, marking, looking, clock } = run;
  const file = join(dir, 'journal.jsonl');
  const books = await readBooks(file);
  const how: How = {
    lab: marking.lab.id,
    digest: marking.lab.digest,
    build: BUILD,
    ping: run.ping,
    region: roster.learners.some(needsRegion) ? (looking.region ?? null) : null,
    cloud: looking.cloud ?? null,
  };
  if (books.length === 0) refuseForeign(dir);
  const last = resumed(books, how, run);
  const looks = last ? await known(books, run) : new Map<string, Look>();
  const journal = await openJournal(file, books.length);
  try {
    const startedAt = last?.startedAt ?? new Date(clock()).toISOString();
    if (!last) await journal.append({ run: JOURNAL_SCHEMA, ...how, startedAt });
    if (run.left.length > 0) await journal.append({ left: run.left });
    const marked = { rubric: marking.rubric !== PLAIN_RUBRIC, overrides: marking.overrides.length > 0 };
    tellMarking(books.marked, marked, run.tell);
    if (!last || !isDeepStrictEqual(marked, books.marked)) await journal.append({ marked });

    const { past } = books;
    const lookedAt = new Map([...looks].map(([id, { at }]) => [id, at]));
    // An answer that waits in a queue since then is none to this question.
    for (const id of run.again) lookedAt.set(id, new Date(clock()).toISOString());
    const grade = (learner: Learner, { seen, at }: Look) => {
      const row = rowDigest(learner);
      const submittedAt = past.submittedAt.get(row) ?? at;
      const now = gradeOf(learner, seen, marking, { submittedAt, gradedAt: at });
      const look = past.best.get(pastKey(row, how.digest));
      return look ? noLess(now, gradeOf(learner, look.seen, marking, { submittedAt, gradedAt: look.at })) : now;
    };
    const before = new Map(
      roster.learners.flatMap((learner) => {
        const look = looks.get(learner.id);
        return look ? [[learner.id, grade(learner, look)] as const] : [];
      }),
    );
    const shown = run.show([...before.values()]);
    const grades = await gradeAll({
      learners: roster.learners,
      look: (learner, signal) => looking.look(learner, lookedAt.get(learner.id) ?? startedAt, signal),
      concurrency: run.concurrency,
      before,
      grade,
      async keep(learner, look, result) {
        const digest = result && (await keepResult(dir, learner.id, result));
        const kept: Kept = { learner: learner.id, row: rowDigest(learner), ...(digest && { result: digest }), ...look };
        await journal.append(kept);
        lookedAt.set(learner.id, look.at);
        remember(past, kept, how.digest);
      },
      seen: shown.seen,
      clock,
      signal: run.signal,
    }).finally(shown.end);
    tellClouds([...grades.values()], run.tell);
    const files = await writeBooks({
      ...run,
      info: classInfo(marking),
      rows: roster.learners.flatMap((learner) => {
        const found = grades.get(learner.id);
        return found ? [{ learner, grade: found }] : [];
      }),
      others: othersOf(roster, [...books.left, ...run.left]),
    });
    if (!(last && books.ended)) await journal.append({ end: JOURNAL_SCHEMA });
    return { grades: [...grades.values()], files };
  } finally {
    await journal.close();
  }
}

/** A snapshot holds its own. */
function needsRegion({ region, entry }: Learner): boolean {
  return region === undefined && entry.kind !== 'snapshot';
}

/** Learners clean up when they are graded, and accounts may be shut for a while: what was there is for a person to weigh. */
function noLess(now: Grade, before: Grade): Grade {
  if (before.status !== 'graded') return now;
  const remark = `It was worth ${before.points.earned} points when it was looked at on ${utc(Date.parse(before.gradedAt))}.`;
  if (now.status === 'unknown') return { ...now, reason: `${now.reason} ${remark}` };
  return now.points.earned < before.points.earned ? { ...now, remarks: [remark, ...now.remarks] } : now;
}

function tellMarking(before: Marked | undefined, now: Marked, tell: (message: string) => void): void {
  for (const flag of ['rubric', 'overrides'] as const)
    if (before?.[flag] && !now[flag])
      tell(`The last run into this folder was marked with --${flag}, and this one is not: nothing of it stays.`);
}

/** Workers of another class, or of a rehearsal, at the same queue. */
function tellClouds(grades: readonly Grade[], tell: (message: string) => void): void {
  const within = (kind: 'aws' | 'sandbox') =>
    grades.flatMap((grade) => (grade.status === 'graded' && grade.cloud?.kind === kind ? [grade.learner] : []));
  const [aws, sandbox] = [within('aws'), within('sandbox')];
  if (aws.length > 0 && sandbox.length > 0)
    tell(
      `Some accounts were looked at in AWS, and others in the sandbox (${some(sandbox)}): do all workers belong here?`,
    );
}

/** Whose files go. Of two ids that macOS and Windows take for one file, one may still be in the class. */
function othersOf({ learners }: Roster, left: readonly string[]): readonly string[] {
  const names = new Set(learners.map(({ id }) => fileNameKey(id)));
  return left.filter((id) => !names.has(fileNameKey(id)));
}
