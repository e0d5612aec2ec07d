/**
 * `npm run killed-queue [KILLS]`: three workers grade a class over Redis, and at random moments a worker, Redis or
 * `labproof grade` itself is killed with SIGKILL and started again. Says what differs, in any file, from a run on one
 * machine that nobody disturbed.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis } from '../test/e2e/redis.ts';
import { type Disturb, killAndTell } from './killing.ts';
import { kill, startLabproof, startWorker } from './labproof-process.ts';

const WORKERS = 3;
const AT_ONCE = 2;
/** A Redis that remembers, in every other run. */
const REMEMBERING = ['--appendonly', 'yes', '--appendfsync', 'always'];

export const killQueue: Disturb = async ({ number, args, env, kills, moment, reached }) => {
  const redis = await startRedis(...(number % 2 === 0 ? REMEMBERING : []));
  const work = () => startWorker(redis.url, env, AT_ONCE);
  const workers = await Promise.all(Array.from({ length: WORKERS }, work));
  const grade = () => startLabproof([...args, '--queue', redis.url], env);
  let grading = grade();
  const killAndStart = [
    async () => {
      const [victim] = workers.splice(Math.floor(Math.random() * WORKERS), 1);
      if (victim) await kill(victim);
      workers.push(await work());
    },
    () => redis.restart(),
    async () => {
      await kill(grading.child);
      grading = grade();
    },
  ];
  const counts: number[] = [];
  while (counts.length < kills) {
    await Promise.race([grading.ended, moment()]);
    if (grading.child.exitCode !== null) break;
    counts.push(await reached());
    await killAndStart[Math.floor(Math.random() * killAndStart.length)]?.();
  }
  const code = await grading.ended;
  await Promise.all(workers.map((worker) => kill(worker)));
  await redis.stop();
  return { code, reached: counts };
};

if (import.meta.main)
  await killAndTell(mkdtempSync(join(tmpdir(), 'labproof-killed-')), Number(process.argv[2] ?? 100), killQueue);
