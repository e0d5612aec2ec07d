/**
 * `npm run killed [KILLS]`: `labproof grade` is killed with SIGKILL at random moments and resumed, time and again. Says
 * what differs, in any file, from a run that nobody disturbed.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readBooks } from '../src/grade/journal.ts';
import type { Result } from '../src/run/result.ts';
import { startSandbox } from '../test/e2e/labproof.ts';
import { classOf, type Pupil, writeClass, writeSnapshots } from './class-of.ts';
import { makeStates, type States } from './class-states.ts';
import { labproof } from './labproof-process.ts';

const cli = join(import.meta.dirname, '../dist/cli.js');

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
  readonly kills: number;
  /** How far the kills came: shares of the class that was in the books. */
  readonly reached: readonly number[];
  /** Of the runs' folders, files that are not those of the undisturbed run. */
  readonly differences: readonly string[];
}

export async function killed({ dir, states, recorded, live, kills, say = () => {} }: Killing): Promise<Killed> {
  const pupils = classOf(states, live + recorded, Number.POSITIVE_INFINITY).map(
    (pupil, index): Pupil => ({
      ...pupil,
      id: `${index < live ? 'live' : 'recorded'}-${index}`,
    }),
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
  const args = (out: string) => [
    ...['grade', 'vpc-flow-logs', '--roster', roster, '-o', out, '--resume', '--concurrency', '4'],
    ...['json', 'html', 'gradescope'].flatMap((format) => ['--format', format]),
  ];
  const reference = join(dir, 'undisturbed');
  const first = await openSandbox(0);
  const undisturbed = await labproof(args(reference), first.env);
  await first.stop();
  const expected = await filesOf(reference);
  const length = statSync(join(reference, 'journal.jsonl')).size;
  const differences: string[] = [];
  const reached: number[] = [];
  let [runs, done] = [0, 0];
  while (done < kills) {
    runs += 1;
    const out = join(dir, `run-${runs}`);
    const sandbox = await openSandbox(runs);
    // One of these comes too late, and the run has ended: it is no kill.
    for (let hits = 1 + (runs % 3); hits > 0 && done < kills; hits -= 1) {
      // At any moment of the process, or at any length of its books: most of the time goes by before and after these.
      const moment =
        done % 2 === 0 ? pause(Math.random() * undisturbed.seconds * 1000) : grown(out, Math.random() * length);
      if (!(await killedAfter(args(out), sandbox.env, moment))) break;
      done += 1;
      reached.push((await gradesIn(out)).size / pupils.length);
    }
    const ended = await labproof(args(out), sandbox.env);
    await sandbox.stop();
    if (ended.code !== undisturbed.code) differences.push(`run ${runs}: exit ${ended.code}: ${ended.stderr}`);
    differences.push(...differing(expected, await filesOf(out)).map((text) => `run ${runs}: ${text}`));
    say(`run ${runs}: ${done} kills, ${differences.length} differences`);
    if (differences.length === 0) rmSync(out, { recursive: true });
  }
  return { runs, kills: done, reached, differences };
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

/** Did the kill come before the end? */
async function killedAfter(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  moment: Promise<unknown>,
): Promise<boolean> {
  const child = spawn(process.execPath, [cli, ...args], { env, stdio: 'ignore' });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  await Promise.race([ended, moment]);
  child.kill('SIGKILL');
  return (await ended) === 'SIGKILL';
}

/** Resolves when the books are as long, bytes; after a minute in any case. */
async function grown(out: string, length: number): Promise<void> {
  const file = join(out, 'journal.jsonl');
  for (let waited = 0; waited < 60_000 && (statSync(file, { throwIfNoEntry: false })?.size ?? 0) < length; waited += 2)
    await pause(2, undefined, { ref: false });
}

const gradesIn = async (out: string) => (await readBooks(join(out, 'journal.jsonl'), 'vpc-flow-logs')).grades;

/**
 * Every file but the journal, whose lines stand in the order in which they came. The times at which a learner was graded
 * are put out of it, exactly these; and of a live account, when it was looked at and how long that took.
 */
async function filesOf(out: string): Promise<ReadonlyMap<string, string>> {
  const times = [...(await gradesIn(out)).values()].flatMap(({ gradedAt, submittedAt }) => [gradedAt, submittedAt]);
  const forms = times.flatMap((time) => {
    const seconds = time.slice(0, 19);
    return [time, `${seconds.replace('T', ' ')} UTC`];
  });
  const pattern = new RegExp([...new Set(forms)].map((form) => form.replaceAll('.', '\\.')).join('|'), 'g');
  const names = globSync('**/*', { cwd: out, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'journal.jsonl')
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    names.map((file) => {
      const name = file.slice(out.length + 1);
      const text = readFileSync(file, 'utf8');
      if (/^results\/live-/.test(name)) return [name, withoutDurations(text)];
      if (/^results\//.test(name)) return [name, text];
      const timeless = text.replace(pattern, 'TIME');
      return [name, /^gradescope\/live-/.test(name) ? timeless.replace(/"execution_time": [\d.]+/, '') : timeless];
    }),
  );
}

function withoutDurations(text: string): string {
  const result = JSON.parse(text) as Result;
  const steps = result.steps.map((step) => ({
    ...step,
    checks: step.checks.map((check) => ({ ...check, durationMs: 0 })),
  }));
  return JSON.stringify({ ...result, startedAt: '', durationMs: 0, steps });
}

function differing(expected: ReadonlyMap<string, string>, found: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...expected.keys(), ...found.keys()])].flatMap((name) => {
    const [one, other] = [expected.get(name), found.get(name)];
    if (one === other) return [];
    if (one === undefined || other === undefined) return [`${name} is only ${one === undefined ? 'here' : 'there'}`];
    const at = [...one].findIndex((letter, index) => letter !== other[index]);
    return [`${name} differs at ${at}: ${one.slice(at - 60, at + 60)} / ${other.slice(at - 60, at + 60)}`];
  });
}

if (import.meta.main) {
  const dir = mkdtempSync(join(tmpdir(), 'labproof-killed-'));
  const say = (text: string) => void process.stdout.write(`${text}\n`);
  say(`in ${dir}`);
  const states = await makeStates(({ kind, id }) => kind !== 'trial' || /^(cidrs|gateway|one-vpc)/.test(id));
  const { runs, kills, reached, differences } = await killed({
    ...{ dir, states, recorded: 200, live: 20, kills: Number(process.argv[2] ?? 100), say },
  });
  for (const each of differences.slice(0, 20)) say(`  ${each}`);
  const tenths = Array.from({ length: 11 }, (_, tenth) => reached.filter((r) => Math.floor(r * 10) === tenth).length);
  say(`${kills} kills in ${runs} runs, ${differences.length} differences; load ${loadavg()[0]?.toFixed(1)}`);
  say(`kills by tenths of the class that was in the books: ${tenths.join(' ')}`);
  process.exitCode = differences.length > 0 ? 1 : 0;
}
