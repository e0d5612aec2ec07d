/**
 * `npm run class [SIZE]`: as many accounts in a sandbox, in every state whose verdicts are known beforehand, and some that
 * are shut, throttled or away; graded at a concurrency of 1 and of 64. Says what was told otherwise than expected.
 */
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBooks } from '../src/grade/journal.ts';
import { startSandbox } from '../test/e2e/labproof.ts';
import { classOf, faultsFor, surprises, writeClass } from './class-of.ts';
import { makeStates } from './class-states.ts';
import { labproof } from './labproof-process.ts';

const size = Number(process.argv[2] ?? 1000);
const say = (text: string) => void process.stdout.write(`${text}\n`);

const dir = mkdtempSync(join(tmpdir(), 'labproof-class-'));
say(`in ${dir}`);
const states = await makeStates();
const pupils = classOf(states, size, 15);
await writeClass(dir, states, pupils);
say(`${size} accounts in ${states.states.length} states`);

let wrong = 0;
for (const concurrency of [1, 64]) {
  // Each time the same accounts: a look may send pings.
  const state = join(dir, `state-${concurrency}.json`);
  await copyFile(join(dir, 'state.json'), state);
  const home = join(dir, `home-${concurrency}`);
  mkdirSync(home);
  const sandbox = await startSandbox(
    { PATH: process.env.PATH, HOME: home, XDG_DATA_HOME: home },
    ...['--state', state, '--time-scale', '1', '--enforce-iam'],
  );
  await fetch(`${sandbox.url}/_sandbox/faults`, { method: 'POST', body: JSON.stringify(faultsFor(pupils)) });
  const out = join(dir, `grades-${concurrency}`);
  const flags = ['--roster', join(dir, 'class.csv'), '-o', out, '--concurrency', String(concurrency)];
  const took = await labproof(['grade', 'vpc-flow-logs', ...flags], sandbox.env);
  await sandbox.stop();

  const { grades } = await readBooks(join(out, 'journal.jsonl'));
  const found = pupils.flatMap((pupil) => surprises(out, states.lab, pupil, grades.get(pupil.id)));
  wrong += found.length;
  for (const each of found.slice(0, 20)) say(`  ${each}`);
  const lines = readFileSync(join(out, 'journal.jsonl'), 'utf8').split('\n').length - 3;
  say(
    [
      `concurrency ${concurrency}: exit ${took.code}, ${found.length} surprises, ${grades.size} of ${size} in the books`,
      `${took.seconds.toFixed(1)} s, ${(size / took.seconds).toFixed(1)} accounts a second, ${lines} looks`,
      `${((took.cpuSeconds * 1000) / lines).toFixed(0)} ms of CPU a look, peak ${took.peak.toFixed(0)} MiB`,
      `load ${loadavg()[0]?.toFixed(1)}`,
    ].join('; '),
  );
}
process.exitCode = wrong > 0 ? 1 : 0;
