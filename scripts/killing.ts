/** A class that is graded time and again while something is killed: are its files those of a run that nobody disturbed? */
import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Entry, readBooks } from '../src/grade/books.ts';
import { isTold } from '../src/grade/seen.ts';
import { startSandbox } from '../test/e2e/labproof.ts';
import { differing, filesOf } from './class-files.ts';
import { classOf, type Pupil, writeClass, writeSnapshots } from './class-of.ts';
import { makeStates, type States } from './class-states.ts';
import { labproof } from './labproof-process.ts';

export interface Killing {
  readonly dir: string;
  readonly states: States;
  /** By snapshots, and by roles. */
  readonly recorded: number;
  readonly live: number;
  readonly kills: number;
  readonly say?: (text: string) => void;
}

export interface Killed {
  readonly runs: number;
  /** How far the books had come at each kill: shares of the class. */
  readonly reached: readonly number[];
  /** Of the runs' folders, files that are not those of the undisturbed run. */
  readonly differences: readonly string[];
}

/** One run. */
export interface Run {
  /** From 1. */
  readonly number: number;
  /** `labproof grade …`, which goes on where the folder holds a run. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly kills: number;
  /** Resolves at any moment of the process, or at any length of its books: most of the time goes by before and after these. */
  moment(): Promise<unknown>;
  /** How many learners are in the books. */
  reached(): Promise<number>;
}

/** Grades the class to its end. @returns its exit code, and how many learners were in the books at each kill */
export type Disturb = (run: Run) => Promise<{ readonly code: number | null; readonly reached: readonly number[] }>;

export async function killed(
  { dir, states, recorded, live, kills, say = () => {} }: Killing,
  disturb: Disturb,
): Promise<Killed> {
  const pupils = classOf(states, live + recorded, Number.POSITIVE_INFINITY).map(
    (pupil, index): Pupil => ({ ...pupil, id: `${index < live ? 'live' : 'recorded'}-${index}` }),
  );
  const roster = await writeRoster(dir, states, pupils, live);
  const home = join(dir, 'home');
  mkdirSync(home);
  /** The same accounts for every run, and their time stands almost still: what they hold stays the same. */
  const openSandbox = (run: number) => {
    const state = join(home, `state-${run}.json`);
    copyFileSync(join(dir, 'state.json'), state);
    return startSandbox(
      { PATH: process.env.PATH, HOME: home, XDG_DATA_HOME: home },
      ...['--state', state, '--time-scale', '0.01', '--enforce-iam'],
    );
  };
  const argsFor = (out: string) => [
    ...['grade', 'vpc-flow-logs', '--roster', roster, '-o', out, '--resume', '--concurrency', '4'],
    ...['json', 'html', 'gradescope'].flatMap((format) => ['--format', format]),
  ];
  const reference = join(dir, 'undisturbed');
  const first = await openSandbox(0);
  const undisturbed = await labproof(argsFor(reference), first.env);
  await first.stop();
  const expected = filesOf(reference);
  const length = statSync(join(reference, 'journal.jsonl')).size;
  const differences: string[] = [];
  const reached: number[] = [];
  let runs = 0;
  while (reached.length < kills) {
    runs += 1;
    const out = join(dir, `run-${runs}`);
    const sandbox = await openSandbox(runs);
    let moments = runs;
    const books: string[] = [];
    const ended = await disturb({
      number: runs,
      args: argsFor(out),
      env: sandbox.env,
      kills: Math.min(1 + (runs % 3), kills - reached.length),
      moment() {
        moments += 1;
        return moments % 2 === 0
          ? pause(Math.random() * undisturbed.seconds * 1000, undefined, { ref: false })
          : grown(out, Math.random() * length);
      },
      async reached() {
        const file = join(out, 'journal.jsonl');
        const { looks, length } = await readBooks(file);
        if (length > 0) books.push(readFileSync(file).subarray(0, length).toString());
        return looks.size;
      },
    });
    await sandbox.stop();
    reached.push(...ended.reached.map((count) => count / pupils.length));
    if (ended.code !== undisturbed.code) differences.push(`run ${runs}: exit ${ended.code}`);
    differences.push(
      ...wrongBooks(readFileSync(join(out, 'journal.jsonl'), 'utf8'), books).map((text) => `run ${runs}: ${text}`),
    );
    differences.push(...differing(expected, filesOf(out)).map((text) => `run ${runs}: ${text}`));
    say(`run ${runs}: ${reached.length} kills, ${differences.length} differences`);
    if (differences.length === 0) rmSync(out, { recursive: true });
  }
  return { runs, reached, differences };
}

/** Nothing that was in the books at a kill is gone, and nobody was graded twice. */
function wrongBooks(text: string, earlier: readonly string[]): readonly string[] {
  const told = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Entry)
    .flatMap((entry) => ('seen' in entry && isTold(entry.seen) ? [entry.learner] : []));
  return [
    ...earlier.filter((before) => !text.startsWith(before)).map(() => 'the books are not those of before the kill'),
    ...[...Map.groupBy(told, (learner) => learner)].flatMap(([learner, { length }]) =>
      length > 1 ? [`${learner} was graded ${length} times`] : [],
    ),
  ];
}

async function writeRoster(dir: string, states: States, pupils: readonly Pupil[], live: number): Promise<string> {
  await writeClass(dir, states, pupils.slice(0, live));
  writeSnapshots(dir, pupils.slice(live));
  const rows = readFileSync(join(dir, 'class.csv'), 'utf8').trimEnd().split('\n');
  const roster = join(dir, 'mixed.csv');
  const mixed = [
    ...rows.map((row, index) => `${row},${index === 0 ? 'snapshot' : ''}`),
    ...pupils.slice(live).map(({ id }) => `${id},,,,,${id}.json`),
  ];
  writeFileSync(roster, `${mixed.join('\n')}\n`);
  return roster;
}

/** Resolves when the books are as long, bytes; after a minute in any case. */
async function grown(out: string, length: number): Promise<void> {
  const file = join(out, 'journal.jsonl');
  for (let waited = 0; waited < 60_000 && (statSync(file, { throwIfNoEntry: false })?.size ?? 0) < length; waited += 2)
    await pause(2, undefined, { ref: false });
}

/** The whole of it, for a person: says what it does, and what it found. Sets the exit code. */
export async function killAndTell(dir: string, kills: number, disturb: Disturb): Promise<void> {
  const say = (text: string) => void process.stdout.write(`${text}\n`);
  say(`in ${dir}`);
  const states = await makeStates(({ kind, id }) => kind !== 'trial' || /^(cidrs|gateway|one-vpc)/.test(id));
  const { runs, reached, differences } = await killed({ dir, states, recorded: 200, live: 20, kills, say }, disturb);
  for (const each of differences.slice(0, 20)) say(`  ${each}`);
  const tenths = Array.from({ length: 11 }, (_, tenth) => reached.filter((r) => Math.floor(r * 10) === tenth).length);
  say(`${reached.length} kills in ${runs} runs, ${differences.length} differences; load ${loadavg()[0]?.toFixed(1)}`);
  say(`kills by tenths of the class that was in the books: ${tenths.join(' ')}`);
  process.exitCode = differences.length > 0 ? 1 : 0;
}
