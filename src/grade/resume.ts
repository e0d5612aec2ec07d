/** What a run takes over from the one before it in its folder, and what it must not. */
import { counted } from '../lib/words.ts';
import type { ClassRun } from './class-run.ts';
import { type Books, type How, type Run, rowDigest } from './journal.ts';
import type { Roster } from './learner.ts';
import { resultDigest } from './outputs.ts';
import type { Look } from './seen.ts';

type Refusal = 'UNFINISHED' | 'CHANGED' | 'OTHER_LAB' | 'LEARNERS_GONE';

/** What would mix, or lose, what was seen. */
export class RunRefused extends Error {
  readonly code: Refusal;
  constructor(code: Refusal, message: string) {
    super(message);
    this.name = 'RunRefused';
    this.code = code;
  }
}

/** Learners of the last run who are not in the roster. */
export function gone({ looks }: Books, { learners }: Roster): readonly string[] {
  const ids = new Set(learners.map(({ id }) => id));
  return [...looks.keys()].filter((id) => !ids.has(id));
}

/** The run with which this one goes on; undefined where it is a new one. @throws RunRefused */
export function resumed(books: Books, how: How, run: ClassRun): Run | undefined {
  const { run: last } = books;
  const { dir, roster, resume, tell } = run;
  if (!last) {
    if (resume) tell(`${dir} holds no run yet: this is the first.`);
    return undefined;
  }
  if (last.lab !== how.lab)
    throw new RunRefused('OTHER_LAB', `${dir} holds a class of the lab ${last.lab}. Choose another folder.`);
  const missing = gone(books, roster);
  const changed = changes(last, books, how, run);
  if (resume) {
    if (changed.length > 0)
      throw new RunRefused(
        'CHANGED',
        `Not as it was in the run of ${last.startedAt} in ${dir}: ${changed.join(', ')}. What was seen then does not go with what would be seen now: take it as it was, or grade the class anew, without --resume.`,
      );
    if (missing.length > 0)
      tell(`Not in the roster any more, nor in what is written now: ${some(missing)}. What was seen of them stays.`);
    return last;
  }
  if (!books.ended && changed.length === 0)
    throw new RunRefused(
      'UNFINISHED',
      `${dir} holds a run of ${last.startedAt} that was stopped. Go on with it by --resume, or choose another folder.`,
    );
  if (missing.length > 0)
    throw new RunRefused(
      'LEARNERS_GONE',
      `${dir} holds a class with ${some(missing)}, and the roster does not. To look at a learner again, give the whole roster, and --again LEARNER; where they have left the class, go on by --resume, or choose another folder.`,
    );
  if (changed.length > 0)
    tell(`Not as it was in the run of ${last.startedAt}: ${changed.join(', ')}. Everybody is looked at as it is now.`);
  return undefined;
}

const NAMED = 5;

function some(learners: readonly string[]): string {
  const rest = learners.length - NAMED;
  return `${learners.slice(0, NAMED).join(', ')}${rest > 0 ? ` and ${counted(rest, 'other')}` : ''}`;
}

/** What is not as it was in the last run. */
function changes(last: Run, { looks }: Books, how: How, { looking }: ClassRun): readonly string[] {
  const clouds = [...looks.values()].flatMap(({ seen }) => (seen.ok ? [seen.cloud.kind] : []));
  return [
    ...(last.digest !== how.digest ? ['the lab'] : []),
    ...(last.build !== how.build ? ['labproof itself'] : []),
    ...(last.ping !== how.ping ? ['--no-ping'] : []),
    ...(last.region !== how.region ? [`the Region (${last.region ?? 'none'} then, ${how.region ?? 'none'} now)`] : []),
    ...(looking.cloud && clouds.some((kind) => kind !== 'snapshot' && kind !== looking.cloud)
      ? ['the cloud (AWS or the sandbox)']
      : []),
  ];
}

/** Of rows that lead where they led, and whose result is there whole. */
export async function known({ looks }: Books, { roster, dir, again }: ClassRun): Promise<ReadonlyMap<string, Look>> {
  const found = new Map<string, Look>();
  for (const learner of roster.learners.filter(({ id }) => !again.includes(id))) {
    const look = looks.get(learner.id);
    if (look?.row !== rowDigest(learner) || look.result !== (await resultDigest(dir, learner.id))) continue;
    found.set(learner.id, look);
  }
  return found;
}
