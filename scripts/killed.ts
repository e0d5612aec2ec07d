/**
 * `npm run killed [KILLS]`: `labproof grade` is killed with SIGKILL at random moments and resumed, time and again. Says
 * what differs, in any file, from a run that nobody disturbed.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Disturb, killAndTell } from './killing.ts';
import { kill, startLabproof } from './labproof-process.ts';

export const killGrading: Disturb = async ({ args, env, kills, moment, reached }) => {
  const counts: number[] = [];
  while (counts.length < kills) {
    const { child, ended } = startLabproof(args, env);
    await Promise.race([ended, moment()]);
    await kill(child);
    // This one came too late: no kill.
    if (child.signalCode !== 'SIGKILL') break;
    counts.push(await reached());
  }
  return { code: await startLabproof(args, env).ended, reached: counts };
};

if (import.meta.main)
  await killAndTell(mkdtempSync(join(tmpdir(), 'labproof-killed-')), Number(process.argv[2] ?? 100), killGrading);
