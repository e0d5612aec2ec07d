/** Accounts looked at by workers on other machines: what is asked goes into the queue, what was seen comes out of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue } from 'bullmq';
import type { Attempt } from '../attempt.ts';
import type { Looking } from '../class-run.ts';
import { type Connection, PREFIX } from './connection.ts';
import { type Asked, idOf, type Job, jobOf, readAnswer } from './job.ts';

const POLL_MS = 100;
const PART_MS = 1000;
/** Redis may have forgotten what it was given. */
const PUT_AGAIN_MS = 5000;
/** What was seen for a process that was stopped: older, it tells too little of now. */
const KEEP_S = 3600;

export interface QueueLooking extends Pick<Asked, 'lab' | 'ping'> {
  /** Our own clock, epoch milliseconds. */
  readonly clock: () => number;
}

interface Waited {
  readonly job: Job;
  readonly settle: (seen: Attempt) => void;
  /** What was found in the queue was too old: it is asked once more, and no oftener, as clocks differ. */
  asked?: 'anew';
}

export interface QueueLook {
  readonly look: Looking['look'];
  /** How many are at the queue; undefined where Redis does not tell. */
  workers(): Promise<number | undefined>;
  /** What is not seen yet stays in the queue, for `--resume`. */
  close(): Promise<void>;
}

/**
 * One loop does all that is done to the queue, in this order: puts jobs, and again what Redis may have lost; takes what is
 * finished; takes it out of the queue; only then hands it on. So a job that was handed on is never found again.
 */
export function queueLook(connection: Connection, looking: QueueLooking): QueueLook {
  const { redis, trouble } = connection;
  const { clock } = looking;
  const queue = new Queue<unknown, unknown>(connection.queue, {
    connection: redis,
    prefix: PREFIX,
    skipVersionCheck: true,
  });
  queue.on('error', trouble);
  const waited = new Map<string, Waited>();
  const fresh = new Set<string>();
  const closing = new AbortController();

  async function put(ids: Iterable<string>): Promise<void> {
    const keep = { age: KEEP_S };
    await Promise.all(
      [...ids].map(async (jobId) => {
        const one = waited.get(jobId);
        if (one) await queue.add('look', one.job, { jobId, removeOnComplete: keep, removeOnFail: keep });
      }),
    );
  }

  async function take(id: string): Promise<void> {
    const found = await queue.getJob(id);
    const one = waited.get(id);
    // Lost, or looked at anew, since it was listed.
    if (!one || found?.finishedOn === undefined) return;
    await found.remove();
    if (one.asked === undefined && clock() - found.finishedOn > KEEP_S * 1000) {
      one.asked = 'anew';
      fresh.add(id);
      return;
    }
    waited.delete(id);
    one.settle(found.failedReason ? givenUp(found.failedReason) : readAnswer(found.returnvalue, one.job));
  }

  /** Each result stands among BullMQ's events, too. Nobody reads them there: they would fill the memory, and stay. */
  async function forgetEvents(): Promise<void> {
    await redis.del(queue.toKey('events'));
  }

  async function serve(): Promise<void> {
    let putAt = 0;
    while (!closing.signal.aborted) {
      try {
        const again = clock() - putAt >= PUT_AGAIN_MS;
        const toPut = again ? [...waited.keys()] : [...fresh];
        fresh.clear();
        if (again) putAt = clock();
        await put(toPut);
        if (waited.size > 0) {
          const finished = await queue.getRanges(['completed', 'failed'], 0, -1);
          await Promise.all(finished.filter((id) => waited.has(id)).map(take));
          if (again) await forgetEvents();
        }
      } catch (error) {
        trouble(error);
      }
      await sleep(POLL_MS, undefined, { signal: closing.signal }).catch(() => {});
    }
  }

  const serving = serve();
  return {
    look(learner, after, signal) {
      const job = jobOf({ ...looking, learner, after });
      const id = idOf(job);
      return new Promise((resolve, reject) => {
        const abort = () => {
          waited.delete(id);
          reject(signal.reason);
        };
        if (signal.aborted) return abort();
        signal.addEventListener('abort', abort, { once: true });
        const settle = (seen: Attempt) => {
          signal.removeEventListener('abort', abort);
          resolve(seen);
        };
        waited.set(id, { job, settle });
        fresh.add(id);
      });
    },
    workers: () => queue.getWorkersCount().catch(() => undefined),
    async close() {
      closing.abort();
      // Not where Redis is away, or goes away now.
      if (redis.status === 'ready')
        await Promise.race([serving.then(forgetEvents), sleep(PART_MS, undefined, { ref: false })]).catch(trouble);
      connection.close();
      await serving;
    },
  };
}

/** The job killed worker after worker, or could not be worked at. */
function givenUp(reason: string): Attempt {
  const lost = /stalled/.test(reason);
  return {
    ok: false,
    code: 'WORKER_LOST',
    reason: lost ? 'Several workers were lost while they looked at this account.' : `The worker failed: ${reason}`,
  };
}
