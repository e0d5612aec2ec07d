/** Classes whose verdicts are known beforehand: whoever looks how, and whatever stops it, they get these. */
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { gradesIn } from '../../scripts/class-files.ts';
import { classOf, faultsFor, surprises, TROUBLES, writeClass } from '../../scripts/class-of.ts';
import { makeStates, type States } from '../../scripts/class-states.ts';
import { killGrading } from '../../scripts/killed.ts';
import { killQueue } from '../../scripts/killed-queue.ts';
import { type Disturb, killed } from '../../scripts/killing.ts';
import { freshEnv, labproof, startSandbox } from './labproof.ts';
import { redisIsHere } from './redis.ts';

/** Some of each step, and all that ends in what could not be told; `npm run class` takes them all. */
const STATES = [
  'empty account',
  'solution through vpcs',
  'solution through permissions',
  'solution',
  'cidrs-the-same',
  'gateway-detached',
  'another-region',
  'flow-log-just-made',
  'trust-for-ec2',
  'other-names-and-blocks',
];
const SIZE = 120;

let states: States;
let dir: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'labproof-class-'));
  states = await makeStates(({ id }) => STATES.includes(id));
}, 120_000);

describe.each([1, 64])('%i accounts at a time', (concurrency) => {
  test('of a class of 120, some shut, throttled or away, everybody is told what is the case', async () => {
    const env = freshEnv();
    const home = env.HOME ?? '';
    const pupils = classOf(states, SIZE, 16);
    expect(new Set(pupils.flatMap(({ trouble }) => trouble ?? []))).toEqual(new Set(TROUBLES));
    await writeClass(home, states, pupils);
    const state = ['--state', join(home, 'state.json'), '--time-scale', '0.01', '--enforce-iam'];
    const sandbox = await startSandbox(env, ...state);
    await fetch(`${sandbox.url}/_sandbox/faults`, { method: 'POST', body: JSON.stringify(faultsFor(pupils)) });
    const out = join(home, 'grades');
    const flags = ['--roster', join(home, 'class.csv'), '-o', out, '--format', 'json'];
    const { code } = await labproof(
      ['grade', 'vpc-flow-logs', ...flags, '--concurrency', String(concurrency)],
      sandbox.env,
    );
    await sandbox.stop();
    expect(code).toBe(1);
    const grades = gradesIn(out);
    expect(pupils.flatMap((pupil) => surprises(out, states.lab, pupil, grades.get(pupil.id)))).toEqual([]);
  }, 120_000);
});

test.each<[string, number, Disturb]>([
  ['a grading', 12, killGrading],
  ...(redisIsHere ? [['a worker, Redis or the grading', 4, killQueue] as [string, number, Disturb]] : []),
])(
  '%s that is killed at random moments, and resumed, leaves the files of a class that nobody disturbed',
  async (what, kills, disturb) => {
    const folder = join(dir, what);
    mkdirSync(folder);
    const { reached, differences } = await killed({ dir: folder, states, recorded: 30, live: 4, kills }, disturb);
    expect(reached).toHaveLength(kills);
    expect(differences).toEqual([]);
  },
  240_000,
);
