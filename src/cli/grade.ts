/** `labproof grade`: a class, from a roster to a gradebook. */
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { canvasColumn } from '../grade/formats/canvas.ts';
import type { Grade } from '../grade/grade.ts';
import { type Books, JOURNAL_SCHEMA, openJournal, readBooks, rowDigest } from '../grade/journal.ts';
import type { Roster } from '../grade/learner.ts';
import { FORMATS, type Format, keepResult, writeBooks } from '../grade/outputs.ts';
import { readOverrides } from '../grade/roster/overrides.ts';
import { readRoster } from '../grade/roster/roster.ts';
import { PLAIN_RUBRIC, readRubric } from '../grade/rubric.ts';
import { gradeAll } from '../grade/run.ts';
import { classInfo, type Marking } from '../grade/score.ts';
import type { Lab } from '../lab/schema.ts';
import { BUILD } from '../lib/build.ts';
import { lockFile } from '../lib/lock.ts';
import { codeOf, messageOf } from '../lib/message.ts';
import { suggestion } from '../lib/nearest.ts';
import { safe } from '../lib/terminal-text.ts';
import { CliError, EXIT, type ExitCode, usage } from './exit.ts';
import { orFileProblem } from './file-problem.ts';
import type { TargetFlags } from './flags.ts';
import { showGrading } from './grading-progress.ts';
import { interruptSignal } from './interrupt.ts';
import { openLab, orLabProblem } from './labs.ts';
import { type Looking, openLooking } from './looking.ts';

export interface GradeFlags extends TargetFlags {
  readonly roster: string;
  readonly output: string;
  /** Where absent, as many as suits the place where they are looked at. */
  readonly concurrency?: number;
  readonly queue?: string;
  readonly resume?: boolean;
  readonly format: readonly string[];
  readonly rubric?: string;
  readonly overrides?: string;
  readonly assignment?: string;
  readonly ping: boolean;
}

export async function grade(named: string, flags: GradeFlags): Promise<void> {
  const formats = formatsOf(flags.format);
  const { lab, checks } = await openLab(named);
  const { rubric, overrides } = flags;
  const roster = await orFileProblem(() => readRoster(flags.roster));
  const checkIds = lab.steps.flatMap((step) => step.checks.map(({ id }) => id));
  const learnerIds = roster.learners.map(({ id }) => id);
  const marking: Marking = {
    lab,
    rubric: rubric === undefined ? PLAIN_RUBRIC : await orLabProblem(() => readRubric(rubric, lab)),
    overrides: overrides === undefined ? [] : await orFileProblem(() => readOverrides(overrides, learnerIds, checkIds)),
  };
  if (formats.includes('canvas')) await checkCanvas(roster, flags.assignment ?? lab.title);

  const dir = resolve(flags.output);
  const signal = interruptSignal();
  const looking = await openLooking(flags, { lab, checks, signal });
  let unlock = () => {};
  try {
    unlock = await takeFolder(dir);
    const grades = await gradeInto(dir, { lab, roster, marking, flags, signal, looking });
    const rows = roster.learners.flatMap((learner) => {
      const found = grades.get(learner.id);
      return found ? [{ learner, grade: found }] : [];
    });
    const files = await writeBooks({
      dir,
      info: classInfo(marking),
      roster,
      rows,
      formats,
      environment: process.env,
      ...(flags.assignment !== undefined && { assignment: flags.assignment }),
    });
    process.stdout.write(
      summary(
        [...grades.values()],
        files.map((file) => join(dir, file)),
      ),
    );
    process.exitCode = exitOf([...grades.values()]);
  } catch (error) {
    if (!signal.aborted) throw unwritten(error, dir) ?? error;
    throw new CliError(EXIT.interrupted, {
      code: 'INTERRUPTED',
      message: `Interrupted. What is graded is kept in ${dir}: go on with the same command and --resume.`,
    });
  } finally {
    await looking.close();
    unlock();
  }
}

/** No room, no right, no disk: what is graded so far is kept all the same. */
function unwritten(error: unknown, dir: string): CliError | undefined {
  const code = codeOf(error);
  if (!['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EACCES', 'EPERM', 'EIO'].includes(code)) return undefined;
  return new CliError(EXIT.unknown, {
    code: 'UNWRITABLE',
    message: `${dir} cannot be written any more (${code}). Make room, then go on with the same command and --resume.`,
  });
}

/** Before an hour is spent on grading: Canvas takes the column, and no slip of the finger makes an assignment unnoticed. */
async function checkCanvas({ canvas }: Roster, assignment: string): Promise<void> {
  if (!canvas) throw usage('--format canvas gives back the export of a Canvas gradebook: give that as --roster.');
  const column = await orFileProblem(async () => canvasColumn(canvas, assignment));
  if (column.kind === 'existing') return;
  const similar = column.similar === undefined ? '' : ` Is --assignment "${column.similar}" meant?`;
  process.stderr.write(safe(`Your export has no assignment ${column.header}: Canvas will make one.${similar}\n`));
}

interface Task {
  readonly lab: Lab;
  readonly roster: Roster;
  readonly marking: Marking;
  readonly flags: GradeFlags;
  readonly signal: AbortSignal;
  readonly looking: Looking;
}

async function gradeInto(dir: string, task: Task): Promise<ReadonlyMap<string, Grade>> {
  const { lab, roster, marking, flags, signal, looking } = task;
  const file = join(dir, 'journal.jsonl');
  const books = await orFileProblem(() => readBooks(file, lab.id));
  const digest = digestOf(marking, flags.ping);
  const goesOn = resumes(books, digest, flags, dir);
  const journal = await openJournal(file, books.length);
  try {
    const startedAt = (goesOn && books.run?.startedAt) || new Date().toISOString();
    if (!goesOn) await journal.append({ run: JOURNAL_SCHEMA, lab: lab.id, digest, startedAt });
    const before = goesOn ? known(books, roster) : new Map<string, Grade>();
    const newest = new Map([...before].map(([id, { gradedAt }]) => [id, gradedAt]));
    const shown = showGrading(roster.learners.length, before);
    const grades = await gradeAll({
      ...marking,
      learners: roster.learners,
      look: (learner) => looking.look(learner, newest.get(learner.id) ?? startedAt),
      concurrency: flags.concurrency ?? looking.concurrency,
      before,
      submittedAt: books.submittedAt,
      async keep(learner, told, result) {
        await keepResult(dir, learner.id, result);
        await journal.append({ ...told, row: rowDigest(learner) });
        newest.set(learner.id, told.gradedAt);
      },
      seen: shown.seen,
      clock: Date.now,
      signal,
    });
    shown.end();
    if (!(goesOn && books.ended)) await journal.append({ end: JOURNAL_SCHEMA });
    return grades;
  } finally {
    await journal.close();
  }
}

/** Those of rows that the roster still has as they were. */
function known({ grades, rows }: Books, { learners }: Roster): ReadonlyMap<string, Grade> {
  return new Map(
    learners.flatMap((learner) => {
      const found = grades.get(learner.id);
      return found && rows.get(learner.id) === rowDigest(learner) ? [[learner.id, found] as const] : [];
    }),
  );
}

/** Does this go on with the run that the folder holds? @throws CliError where that would mix, or lose, grades */
function resumes({ run, ended }: Books, digest: string, { resume = false }: GradeFlags, dir: string): boolean {
  if (!run) return false;
  if (!resume && !ended)
    throw new CliError(EXIT.usage, {
      code: 'UNFINISHED',
      message: `${dir} holds a run of ${run.startedAt} that was stopped. Go on with it by --resume, or choose another folder.`,
    });
  if (resume && run.digest !== digest)
    throw new CliError(EXIT.usage, {
      code: 'CHANGED',
      message: `labproof, the lab, the rubric, the overrides or --no-ping are not those of the run of ${run.startedAt} in ${dir}. Take them as they were then, or grade the class into another folder.`,
    });
  return resume;
}

/** What the grades depend on beside the accounts. */
function digestOf({ lab, rubric, overrides }: Marking, ping: boolean): string {
  const text = JSON.stringify([BUILD, lab.digest, rubric, overrides, ping]);
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/** @throws CliError where the folder cannot be made, or another process grades into it */
async function takeFolder(dir: string): Promise<() => void> {
  const refuse = (message: string) => new CliError(EXIT.usage, { code: 'FOLDER', message });
  try {
    await mkdir(dir, { recursive: true });
    return lockFile(join(dir, 'journal.lock'), (holder) =>
      refuse(`Another labproof${holder === undefined ? '' : ` (process ${holder})`} grades into ${dir} now.`),
    );
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw refuse(`${dir} cannot be written (${codeOf(error) || messageOf(error)}).`);
  }
}

function formatsOf(names: readonly string[]): readonly Format[] {
  return names.map((name) => {
    const format = FORMATS.find((known) => known === name);
    if (!format) throw usage(`There is no format "${name}".${suggestion(name, FORMATS)}`);
    return format;
  });
}

function summary(grades: readonly Grade[], files: readonly string[]): string {
  const graded = grades.filter(({ status }) => status === 'graded');
  const passed = graded.filter((each) => each.status === 'graded' && each.passed);
  const unknown = grades.flatMap((each) => (each.status === 'unknown' ? [each] : []));
  const lines = [
    `${graded.length} of ${grades.length} graded, ${passed.length} passed.`,
    ...(unknown.length > 0 ? [`${unknown.length} could not be told, which is no zero:`] : []),
    ...unknown.map(({ learner, code, reason }) => `  ${learner}: ${code}. ${reason}`),
    ...files,
  ];
  return `${safe(lines.join('\n'))}\n`;
}

function exitOf(grades: readonly Grade[]): ExitCode {
  if (grades.some((each) => each.status === 'graded' && !each.passed)) return EXIT.failed;
  return grades.some(({ status }) => status === 'unknown') ? EXIT.unknown : EXIT.ok;
}
