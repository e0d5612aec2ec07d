/**
 * `npm run class [SIZE]`: as many accounts in a sandbox, in every state whose verdicts are known beforehand, and some that
 * are shut, throttled or away; graded at a concurrency of 1 and of 64, and by three workers over Redis. Says what was told
 * otherwise than expected.
 */
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '../test/e2e/labproof.ts';
import { startRedis } from '../test/e2e/redis.ts';
import { gradesIn } from './class-files.ts';
import { classOf, faultsFor, type Pupil, surprises, writeClass } from './class-of.ts';
import { makeStates, type States } from './class-states.ts';
import { kill, labproof, startWorker, type Took } from './labproof-process.ts';

const size = Number(process.argv[2] ?? 1000);
const say = (text: string) => void process.stdout.write(`${text}\n`);

/** Judging these sends pings, which take their time. */
const SENDS_PINGS = ['peering-at-the-second-try', 'private-ping-not-repeated'];

const byItself = (concurrency: number) => (args: readonly string[], env: NodeJS.ProcessEnv) =>
  labproof([...args, '--concurrency', String(concurrency)], env);

async function byWorkers(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Took> {
  const redis = await startRedis();
  const workers = await Promise.all(Array.from({ length: 3 }, () => startWorker(redis.url, env)));
  try {
    return await labproof([...args, '--queue', redis.url], env);
  } finally {
    await Promise.all(workers.map((worker) => kill(worker, 'SIGINT')));
    await redis.stop();
  }
}

const WAYS = { 'concurrency 1': byItself(1), 'concurrency 64': byItself(64), '3 workers': byWorkers };

/** The accounts, in a sandbox of their own each time, as a look may send pings. @returns how many surprises there were */
async function grade(name: string, states: States, pupils: readonly Pupil[], timeScale: string): Promise<number> {
  let wrong = 0;
  for (const [way, run] of Object.entries(WAYS)) {
    const home = join(dir, `${name}, ${way}`);
    mkdirSync(home);
    await writeClass(home, states, pupils);
    const sandbox = await startSandbox(
      { PATH: process.env.PATH, HOME: home, XDG_DATA_HOME: home },
      ...['--state', join(home, 'state.json'), '--time-scale', timeScale, '--enforce-iam'],
    );
    await fetch(`${sandbox.url}/_sandbox/faults`, { method: 'POST', body: JSON.stringify(faultsFor(pupils)) });
    const out = join(home, 'grades');
    const flags = ['--roster', join(home, 'class.csv'), '-o', out, '--format', 'json'];
    const took = await run(['grade', 'vpc-flow-logs', ...flags], sandbox.env);
    await sandbox.stop();

    const grades = gradesIn(out);
    const found = pupils.flatMap((pupil) => surprises(out, states.lab, pupil, grades.get(pupil.id)));
    wrong += found.length;
    for (const each of found.slice(0, 20)) say(`  ${each}`);
    const looks = readFileSync(join(out, 'journal.jsonl'), 'utf8').split('\n').length - 3;
    say(
      [
        `${name}, ${way}: exit ${took.code}, ${found.length} surprises, ${grades.size} of ${pupils.length} in the books`,
        `${took.seconds.toFixed(1)} s, ${(pupils.length / took.seconds).toFixed(1)} accounts a second, ${looks} looks`,
        `${((took.cpuSeconds * 1000) / looks).toFixed(0)} ms of CPU a look, peak ${took.peak.toFixed(0)} MiB`,
        `load ${loadavg()[0]?.toFixed(1)}`,
      ].join('; '),
    );
  }
  return wrong;
}

const dir = mkdtempSync(join(tmpdir(), 'labproof-class-'));
say(`in ${dir}`);
const made = await makeStates();
say(`${size} accounts in ${made.states.length} states`);
const having = (wanted: (id: string) => boolean): States => ({
  ...made,
  states: made.states.filter(({ one }) => wanted(one.id)),
});
const [still, pinging] = [having((id) => !SENDS_PINGS.includes(id)), having((id) => SENDS_PINGS.includes(id))];
// Its time stands almost still: what is told of some states is another thing a minute later.
const wrong =
  (await grade('still', still, classOf(still, size, 15), '0.01')) +
  (await grade('pinging', pinging, classOf(pinging, 16, Number.POSITIVE_INFINITY), '5'));
process.exitCode = wrong > 0 ? 1 : 0;
