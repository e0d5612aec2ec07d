/** A worker: takes accounts from the queue, looks at each, and puts there what it has seen. */
import { hostname } from 'node:os';
import { Worker } from 'bullmq';
import type { Attempt } from '../attempt.ts';
import { type Connection, PREFIX } from './connection.ts';
import { type Job, otherVersion, readJob } from './job.ts';

/** A worker that is not heard of for so long is lost: its accounts go to others. */
const LOCK_MS = 15_000;
const STALLED_MS = 5000;
/** So many workers may be lost over one account. */
const MOST_LOST = 3;
const RETRY_MS = 1000;

export interface Working {
  readonly look: (job: Job) => Promise<Attempt>;
  /** How many accounts at a time. */
  readonly concurrency: number;
  /** Told after each. */
  readonly seen: () => void;
}

/** @returns What takes no more, and resolves when all that was begun is finished. */
export function workAt(
  { redis, queue, trouble }: Connection,
  { look, concurrency, seen }: Working,
): () => Promise<void> {
  const worker = new Worker<unknown, Attempt>(
    queue,
    async ({ data }) => {
      const job = readJob(data);
      return job ? look(job) : otherVersion(`The worker on ${hostname()}`);
    },
    {
      connection: redis,
      prefix: PREFIX,
      concurrency,
      skipVersionCheck: true,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_MS,
      maxStalledCount: MOST_LOST,
      runRetryDelay: RETRY_MS,
    },
  );
  worker.on('error', trouble);
  worker.on('completed', seen);
  return () => worker.close();
}
