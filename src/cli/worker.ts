/** `labproof worker`: looks at the accounts that `labproof grade --queue` puts into a queue, here or on any other machine. */
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Attempt, attempt } from '../grade/attempt.ts';
import { type Job, otherLab } from '../grade/queue/job.ts';
import { type Cloud, openCloud } from './cloud.ts';
import { openEntrance } from './enter.ts';
import { CliError, EXIT, usage } from './exit.ts';
import type { TargetFlags } from './flags.ts';
import { tellAbove as tell } from './grading-progress.ts';
import { endWith, interruptSignal } from './interrupt.ts';
import { type LabAndChecks, openLab } from './labs.ts';
import { openQueueOf } from './queue.ts';

export interface WorkerFlags extends TargetFlags {
  readonly queue: string;
  readonly concurrency: number;
}

/** To finish what was begun. What is not finished then is looked at by another worker. */
const GRACE_MS = 10_000;
const TOLD_EVERY_MS = 10_000;

/** @param paths Labs that labproof does not bring with it: a job names its lab by id only. */
export async function worker(paths: readonly string[], flags: WorkerFlags): Promise<void> {
  if (flags.queue === '') throw usage('--queue is empty. Write it as redis://HOST:6379.');
  const signal = interruptSignal();
  const { workAt } = await import('../grade/queue/work.ts');
  const own = await Promise.all(paths.map(openLab));
  const cloud = await openCloud(flags);
  try {
    const look = await lookAt(cloud, own);
    const connection = await openQueueOf(flags.queue, tell);
    const count = counted();
    const finish = workAt(connection, { look, concurrency: flags.concurrency, seen: count.seen });
    tell(`Working at ${connection.place}, ${flags.concurrency} accounts at a time. Ctrl+C ends.`);
    await interrupted(signal);
    tell('Finishing what is begun. Ctrl+C again ends at once.');
    await Promise.race([finish(), sleep(GRACE_MS)]);
    count.end();
  } finally {
    await cloud.close();
  }
  await endWith(new CliError(EXIT.interrupted, { code: 'INTERRUPTED', message: 'Interrupted.' }));
}

function interrupted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function lookAt({ target }: Cloud, own: readonly LabAndChecks[]): Promise<(job: Job) => Promise<Attempt>> {
  const entrance = await openEntrance(target);
  const never = new AbortController().signal;
  const labs = new Map(own.map((opened) => [opened.lab.id, opened]));
  return async ({ lab: asked, learner, ping }) => {
    try {
      const { lab, checks } = labs.get(asked.id) ?? (await openLab(asked.id));
      labs.set(asked.id, { lab, checks });
      if (lab.digest !== asked.digest) return otherLab(`The worker on ${hostname()}`, lab.id, lab.digest, asked.digest);
      return await attempt(
        { ...learner, columns: {} },
        { lab, checks: await checks(), enter: entrance.enter, ping, signal: never },
      );
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      return { ok: false, code: 'OTHER_LAB', reason: `The worker on ${hostname()} has no such lab: ${error.message}` };
    }
  };
}

/** How much was done, now and then. */
function counted() {
  let count = 0;
  let told = 0;
  const say = () => {
    if (count > told) tell(`${count} looked at.`);
    told = count;
  };
  const timer = setInterval(say, TOLD_EVERY_MS);
  return {
    seen: () => {
      count += 1;
    },
    end() {
      clearInterval(timer);
      say();
    },
  };
}
