/** Who looks at the accounts of a class: this process, or workers at a queue. */
import { type Attempt, attempt } from '../grade/attempt.ts';
import type { Learner } from '../grade/learner.ts';
import type { Lab } from '../lab/schema.ts';
import { openCloud } from './cloud.ts';
import { openEntrance } from './enter.ts';
import type { TargetFlags } from './flags.ts';
import { tellAbove } from './grading-progress.ts';
import type { LabAndChecks } from './labs.ts';
import { openQueueOf } from './queue.ts';

export interface Looking {
  /**
   * Rejects only when aborted.
   * @param after When the learner was last graded in this run, or the run began; ISO 8601.
   */
  look(learner: Learner, after: string): Promise<Attempt>;
  /** How many accounts at a time suit it. */
  readonly concurrency: number;
  close(): Promise<void>;
}

interface Flags extends TargetFlags {
  readonly queue?: string;
  readonly ping: boolean;
}

interface What extends Pick<LabAndChecks, 'checks'> {
  readonly lab: Lab;
  readonly signal: AbortSignal;
}

const HERE_CONCURRENCY = 16;
/** Enough that no worker waits, and few enough that two classes take turns in one queue. */
const QUEUE_CONCURRENCY = 256;

/** @throws CliError where the cloud, or the queue, cannot be used */
export async function openLooking(flags: Flags, what: What): Promise<Looking> {
  // An empty LABPROOF_QUEUE is none.
  return flags.queue ? atQueue(flags.queue, flags, what) : here(flags, what);
}

async function here(flags: Flags, { lab, checks: load, signal }: What): Promise<Looking> {
  const cloud = await openCloud(flags);
  const entrance = await openEntrance(cloud.target);
  const checks = await load();
  return {
    look: (learner) => attempt(learner, { lab, checks, enter: entrance.enter, ping: flags.ping, signal }),
    concurrency: HERE_CONCURRENCY,
    async close() {
      entrance.close();
      await cloud.close();
    },
  };
}

async function atQueue(url: string, { region, ping }: Flags, { lab, signal }: What): Promise<Looking> {
  const { queueLook } = await import('../grade/queue/look.ts');
  const connection = await openQueueOf(url, tellAbove);
  const queue = queueLook(connection, {
    lab,
    region: region ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION,
    ping,
    signal,
    clock: Date.now,
  });
  void queue.workers().then((count) => {
    if (count === 0) tellAbove(`Nobody works at ${connection.place} yet. On each machine: labproof worker --queue URL`);
  });
  return { look: queue.look, concurrency: QUEUE_CONCURRENCY, close: queue.close };
}
