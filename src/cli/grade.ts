/** `labproof grade`: a class, from a roster to a gradebook. */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { gradeClass } from '../grade/class-run.ts';
import { canvasColumn } from '../grade/formats/canvas.ts';
import type { Grade } from '../grade/grade.ts';
import type { Roster } from '../grade/learner.ts';
import { FORMATS, type Format, isWritten } from '../grade/outputs.ts';
import { RunRefused } from '../grade/resume.ts';
import { readOverrides } from '../grade/roster/overrides.ts';
import { readRoster } from '../grade/roster/roster.ts';
import { PLAIN_RUBRIC, readRubric } from '../grade/rubric.ts';
import { classInfo, type Marking } from '../grade/score.ts';
import type { Lab } from '../lab/schema.ts';
import { holderText, lockFile, removalText } from '../lib/lock.ts';
import { codeOf, messageOf } from '../lib/message.ts';
import { suggestion } from '../lib/nearest.ts';
import { safe } from '../lib/terminal-text.ts';
import { CliError, EXIT, type ExitCode, usage } from './exit.ts';
import { orFileProblem } from './file-problem.ts';
import type { TargetFlags } from './flags.ts';
import { showGrading, tellAbove } from './grading-progress.ts';
import { endWith, interruptSignal } from './interrupt.ts';
import { openLab, orLabProblem } from './labs.ts';
import { openLooking } from './looking.ts';

export interface GradeFlags extends TargetFlags {
  readonly roster: string;
  readonly output: string;
  /** Where absent, as many as suits the place where they are looked at. */
  readonly concurrency?: number;
  readonly queue?: string;
  readonly resume?: boolean;
  /** Ids of learners. */
  readonly again: readonly string[];
  readonly left: readonly string[];
  readonly format: readonly string[];
  readonly rubric?: string;
  readonly overrides?: string;
  readonly assignment?: string;
  readonly ping: boolean;
}

export async function grade(named: string, flags: GradeFlags): Promise<void> {
  const formats = formatsOf(flags.format);
  const { lab, checks } = await openLab(named);
  const roster = await orFileProblem(() => readRoster(flags.roster));
  const marking = await markingOf(lab, roster, flags);
  requireLearners(flags, roster);
  if (formats.includes('canvas')) await checkCanvas(roster, flags.assignment ?? lab.title);
  else if (flags.assignment !== undefined) throw usage('--assignment is for --format canvas.');

  const dir = resolve(flags.output);
  refuseInputsIn(dir, roster, flags);
  const signal = interruptSignal();
  const looking = await openLooking(flags, { lab, checks, learners: roster.learners });
  let unlock = () => {};
  let failure: CliError | undefined;
  try {
    unlock = await takeFolder(dir);
    const { grades, files } = await orFileProblem(() =>
      gradeClass({
        ...{ dir, roster, marking, formats, looking, signal },
        ...(flags.assignment !== undefined && { assignment: flags.assignment }),
        ping: flags.ping,
        resume: (flags.resume ?? false) || flags.again.length > 0,
        again: flags.again,
        left: flags.left,
        tell: tellAbove,
        concurrency: flags.concurrency ?? looking.concurrency,
        environment: process.env,
        show: (before) => showGrading(roster.learners.length, before),
        clock: Date.now,
      }),
    );
    process.stdout.write(
      summary(
        grades,
        files.map((file) => join(dir, file)),
      ),
    );
    process.exitCode = exitOf(grades);
  } catch (error) {
    failure = signal.aborted ? interrupted(dir) : failureOf(error, dir);
    if (!failure) throw error;
  } finally {
    await looking.close().finally(unlock);
  }
  // Calls that were given up would keep the process alive for minutes.
  if (failure) await endWith(failure);
}

function interrupted(dir: string): CliError {
  return new CliError(EXIT.interrupted, {
    code: 'INTERRUPTED',
    message: `Interrupted. What was seen is kept in ${dir}: go on with the same command and --resume.`,
  });
}

async function markingOf(lab: Lab, roster: Roster, { rubric, overrides }: GradeFlags): Promise<Marking> {
  const marking = {
    lab,
    rubric: rubric === undefined ? PLAIN_RUBRIC : await orLabProblem(() => readRubric(rubric, lab, roster.columns)),
    overrides: [],
  };
  if (overrides === undefined) return marking;
  const learners = roster.learners.map(({ id }) => id);
  return {
    ...marking,
    overrides: await orFileProblem(() => readOverrides(overrides, learners, classInfo(marking))),
  };
}

/** What is read here must not be written over. */
function refuseInputsIn(dir: string, { learners }: Roster, { roster, rubric, overrides }: GradeFlags): void {
  const snapshots = learners.flatMap(({ entry }) => (entry.kind === 'snapshot' ? [entry.file] : []));
  for (const file of [roster, rubric, overrides, ...snapshots])
    if (file !== undefined && isWritten(dir, file))
      throw usage(`${file} lies where labproof writes into ${dir}. Move it, or choose another folder.`);
}

function requireLearners({ again, left }: GradeFlags, { learners }: Roster): void {
  const ids = learners.map(({ id }) => id);
  for (const id of again)
    if (!ids.includes(id)) throw usage(`--again: there is no learner "${id}" in the roster.${suggestion(id, ids)}`);
  for (const id of left)
    if (ids.includes(id)) throw usage(`--left: ${id} stands in the roster. Take the row out of it.`);
}

/** What a run ends with. No room, no right, no disk: what was seen so far is kept all the same. */
function failureOf(error: unknown, dir: string): CliError | undefined {
  if (error instanceof RunRefused) return new CliError(EXIT.usage, { code: error.code, message: error.message });
  const code = codeOf(error);
  if (!['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EACCES', 'EPERM', 'EIO', 'ENOTDIR', 'EISDIR'].includes(code))
    return undefined;
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
  const { header, assignments } = column;
  const others = assignments.length > 0 ? ` It has: ${assignments.join(', ')}; --assignment takes another title.` : '';
  tellAbove(`Your export has no assignment ${header}: Canvas will make one.${others}`);
}

/** @throws CliError where the folder cannot be made, or another process grades into it */
async function takeFolder(dir: string): Promise<() => void> {
  const refuse = (message: string) => new CliError(EXIT.usage, { code: 'FOLDER', message });
  try {
    await mkdir(dir, { recursive: true });
    return lockFile(join(dir, 'journal.lock'), (holder) =>
      refuse(`Another labproof${holderText(holder)} grades into ${dir} now.${removalText(holder)}`),
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
