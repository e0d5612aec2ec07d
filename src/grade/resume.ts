/** What a run takes over from the one before it in its folder, and what it must not. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { counted } from '../lib/words.ts';
import { type Books, type How, type Run, rowDigest } from './books.ts';
import type { ClassRun } from './class-run.ts';
import { CLASS_FILES, FOLDERS, resultDigest } from './outputs.ts';
import type { Look } from './seen.ts';

type Refusal = 'UNFINISHED' | 'CHANGED' | 'OTHER_LAB' | 'LEARNERS_GONE' | 'FOREIGN_FILES';

/** What would mix, or lose, what was seen. */
export class RunRefused extends Error {
  readonly code: Refusal;
  constructor(code: Refusal, message: string) {
    super(message);
    this.name = 'RunRefused';
    this.code = code;
  }
}

/** @throws RunRefused where a folder without books holds what labproof would write over, or take away */
export function refuseForeign(dir: string): void {
  const found = [...CLASS_FILES, ...FOLDERS].filter((name) => existsSync(join(dir, name)));
  if (found.length > 0)
    throw new RunRefused(
      'FOREIGN_FILES',
      `${dir} holds ${found.join(', ')}, and no books of labproof that tell of it. Choose another folder.`,
    );
}

/** Learners of the last run who are not in the roster, and of whom nobody said that they left. */
function gone({ looks, left: before }: Books, { roster, left }: ClassRun): readonly string[] {
  const known = new Set([...roster.learners.map(({ id }) => id), ...before, ...left]);
  return [...looks.keys()].filter((id) => !known.has(id));
}

/** The run with which this one goes on; undefined where it is a new one. @throws RunRefused */
export function resumed(books: Books, how: How, run: ClassRun): Run | undefined {
  const { run: last } = books;
  const { dir, resume, tell } = run;
  if (!last) {
    if (resume) tell(`${dir} holds no run yet: this is the first.`);
    return undefined;
  }
  if (last.lab !== how.lab)
    throw new RunRefused('OTHER_LAB', `${dir} holds a class of the lab ${last.lab}. Choose another folder.`);
  const missing = gone(books, run);
  if (missing.length > 0)
    throw new RunRefused(
      'LEARNERS_GONE',
      `${dir} holds a class with ${some(missing)}, and the roster does not. To look at one learner again, give the whole roster, and --again LEARNER. Who has left the class: ${leftFlags(missing)}.`,
    );
  const changed = changes(last, how);
  if (resume) {
    if (changed.length > 0)
      throw new RunRefused(
        'CHANGED',
        `Not as it was in the run of ${last.startedAt} in ${dir}: ${changed.join(', ')}. What was seen then does not go with what would be seen now: take it as it was, or grade the class anew, without --resume.`,
      );
    return last;
  }
  if (!books.ended && changed.length === 0)
    throw new RunRefused(
      'UNFINISHED',
      `${dir} holds a run of ${last.startedAt} that was stopped. Go on with it by --resume, or choose another folder.`,
    );
  if (changed.length > 0)
    tell(`Not as it was in the run of ${last.startedAt}: ${changed.join(', ')}. Everybody is looked at as it is now.`);
  return undefined;
}

const NAMED = 5;

/** `ada, bob, cyd, dan, eve and 17 others`. */
export function some(learners: readonly string[]): string {
  const rest = learners.length - NAMED;
  return `${learners.slice(0, NAMED).join(', ')}${rest > 0 ? ` and ${counted(rest, 'other')}` : ''}`;
}

function leftFlags(learners: readonly string[]): string {
  const flags = learners.slice(0, NAMED).map((learner) => `--left ${learner}`);
  return `${flags.join(' ')}${learners.length > NAMED ? ' and so on' : ''}`;
}

/** What is not as it was in the last run. */
function changes(last: Run, how: How): readonly string[] {
  return [
    ...(last.digest !== how.digest ? ['the lab'] : []),
    ...(last.build !== how.build ? ['labproof itself'] : []),
    ...(last.ping !== how.ping ? ['--no-ping'] : []),
    ...(last.region !== how.region ? [`the Region (${last.region ?? 'none'} then, ${how.region ?? 'none'} now)`] : []),
    // Of workers it is not known: each tells it in what it has seen.
    ...(last.cloud !== null && how.cloud !== null && last.cloud !== how.cloud
      ? [`the cloud (${last.cloud} then, ${how.cloud} now)`]
      : []),
  ];
}

/** Of rows that lead where they led, and whose result is there whole. */
export async function known({ looks }: Books, { roster, dir, again }: ClassRun): Promise<ReadonlyMap<string, Look>> {
  const found = new Map<string, Look>();
  for (const learner of roster.learners.filter(({ id }) => !again.includes(id))) {
    const look = looks.get(learner.id);
    if (look?.row !== rowDigest(learner)) continue;
    const isLost = look.result !== undefined && look.result !== (await resultDigest(dir, learner.id));
    if (!isLost) found.set(learner.id, look);
  }
  return found;
}
