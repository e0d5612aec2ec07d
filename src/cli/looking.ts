/** Who looks at the accounts of a class: this process, or workers at a queue. */
import { attempt } from '../grade/attempt.ts';
import type { Looking } from '../grade/class-run.ts';
import type { Learner } from '../grade/learner.ts';
import type { Lab } from '../lab/schema.ts';
import { openCloud, targetOf } from './cloud.ts';
import { openEntrance } from './enter.ts';
import { usage } from './exit.ts';
import type { TargetFlags } from './flags.ts';
import { tellAbove } from './grading-progress.ts';
import type { LabAndChecks } from './labs.ts';
import { openQueueOf } from './queue.ts';

export interface OpenLooking extends Looking {
  close(): Promise<void>;
}

interface Flags extends TargetFlags {
  readonly queue?: string;
  readonly ping: boolean;
}

interface What extends Pick<LabAndChecks, 'checks'> {
  readonly lab: Lab;
  readonly learners: readonly Learner[];
}

const HERE_CONCURRENCY = 16;
/** Enough that no worker waits, and few enough that two classes take turns in one queue. */
const QUEUE_CONCURRENCY = 256;

/** @throws CliError where the cloud, or the queue, cannot be used */
export async function openLooking(flags: Flags, what: What): Promise<OpenLooking> {
  // An empty LABPROOF_QUEUE is none.
  return flags.queue ? atQueue(flags.queue, flags, what) : here(flags, what);
}

async function here(flags: Flags, { lab, checks: load }: What): Promise<OpenLooking> {
  const cloud = await openCloud(flags);
  const { regionOf } = await import('../account/region.ts');
  const entrance = await openEntrance(cloud.target);
  const checks = await load();
  return {
    look: (learner, _, signal) => attempt(learner, { lab, checks, enter: entrance.enter, ping: flags.ping, signal }),
    concurrency: HERE_CONCURRENCY,
    region: await regionOf(cloud.target),
    cloud: cloud.target.kind,
    async close() {
      entrance.close();
      await cloud.close();
    },
  };
}

async function atQueue(url: string, flags: Flags, { lab, learners }: What): Promise<OpenLooking> {
  const { queueLook } = await import('../grade/queue/look.ts');
  const regions = await regionsOf(learners, flags);
  const connection = await openQueueOf(url, tellAbove);
  const queue = queueLook(connection, { lab, ping: flags.ping, clock: Date.now });
  void queue.workers().then((count) => {
    if (count === 0) tellAbove(`Nobody works at ${connection.place} yet. On each machine: labproof worker --queue URL`);
  });
  return {
    look: (learner, after, signal) => queue.look({ ...learner, ...regions.get(learner.id) }, after, signal),
    concurrency: QUEUE_CONCURRENCY,
    region: await regionFor(flags),
    close: queue.close,
  };
}

/** Found out here: of workers, each may have another one. @throws CliError where nothing tells it */
async function regionsOf(
  learners: readonly Learner[],
  flags: Flags,
): Promise<ReadonlyMap<string, Pick<Learner, 'region'>>> {
  const byProfile = new Map<string | undefined, string | undefined>();
  const regions = new Map<string, { readonly region: string }>();
  const lost: string[] = [];
  for (const { id, region: told, entry } of learners) {
    if (entry.kind === 'snapshot') continue;
    const profile = entry.kind === 'profile' ? entry.profile : undefined;
    if (told === undefined && !byProfile.has(profile)) byProfile.set(profile, await regionFor(flags, profile));
    const region = told ?? byProfile.get(profile);
    if (region === undefined) lost.push(id);
    else regions.set(id, { region });
  }
  const [first] = lost;
  if (first === undefined) return regions;
  throw usage(
    `No Region is told for ${first}${lost.length > 1 ? ` and ${lost.length - 1} more` : ''}: add a column region to the roster, or --region.`,
  );
}

async function regionFor(flags: Flags, profile?: string): Promise<string | undefined> {
  const { regionOf } = await import('../account/region.ts');
  return regionOf(targetOf({ ...flags, ...(profile !== undefined && { profile }) }));
}
