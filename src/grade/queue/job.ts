/** What stands in the queue: one account to look at, and what was seen. Never credentials, nor names of learners. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Lab, id as labId } from '../../lab/schema.ts';
import { BUILD } from '../../lib/build.ts';
import type { Result } from '../../run/result.ts';
import type { Attempt } from '../attempt.ts';
import { factsSchema } from '../facts.ts';
import type { Learner } from '../learner.ts';
import { cloudSchema, resourcesSchema, verdictSchema } from '../seen.ts';

const entrySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('role'), roleArn: z.string(), externalId: z.string().exactOptional() }),
  z.strictObject({ kind: z.literal('profile'), profile: z.string() }),
  z.strictObject({ kind: z.literal('snapshot'), file: z.string() }),
]);

const jobSchema = z.strictObject({
  schema: z.literal('labproof/look/v1'),
  /** The build of labproof that asks: another one may judge otherwise. */
  build: z.string(),
  // An id only: what a lab is, is for the worker to say.
  lab: z.strictObject({ id: labId, digest: z.string() }),
  learner: z
    .strictObject({
      id: z.string(),
      account: z.string().exactOptional(),
      region: z.string().exactOptional(),
      entry: entrySchema,
    })
    .refine(({ region, entry }) => region !== undefined || entry.kind === 'snapshot'),
  ping: z.boolean(),
  /** ISO 8601: the learner's newest grade, or the beginning of the run. Tells a second look from the first. */
  after: z.string(),
});

export type Job = z.infer<typeof jobSchema>;

export interface Asked {
  readonly lab: Pick<Lab, 'id' | 'digest'>;
  readonly learner: Learner;
  readonly ping: boolean;
  readonly after: string;
}

/** @param learner With a Region, but where a snapshot is looked at: workers may be anywhere. */
export function jobOf({ lab, learner, ping, after }: Asked): Job {
  const { id, account, region, entry } = learner;
  return {
    schema: 'labproof/look/v1',
    build: BUILD,
    lab: { id: lab.id, digest: lab.digest },
    learner: {
      id,
      ...(account !== undefined && { account }),
      ...(region !== undefined && { region }),
      entry: { ...entry },
    },
    ping,
    after,
  };
}

/** The same for the same job, in whatever process: a job that is put twice is there once. */
export function idOf(job: Job): string {
  return `look-${createHash('sha256').update(JSON.stringify(job)).digest('hex')}`;
}

/** Undefined for what another labproof has put there. */
export function readJob(data: unknown): Job | undefined {
  const { success, data: job } = jobSchema.safeParse(data);
  return success && job.build === BUILD ? job : undefined;
}

/** What is graded of a result; the rest is passed on as it is. */
const resultSchema = z.looseObject({
  schema: z.literal('labproof/result/v1'),
  lab: z.looseObject({ id: z.string(), digest: z.string() }),
  cloud: cloudSchema,
  resources: resourcesSchema,
  steps: z.array(
    z.looseObject({
      checks: z.array(
        z.looseObject({
          ...verdictSchema.shape,
          findings: z.array(z.looseObject({ code: z.string(), severity: z.string(), message: z.string() })),
        }),
      ),
    }),
  ),
});

const attemptSchema = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    // Workers are ours: what has the form of a result is taken as one.
    result: z.custom<Result>((value) => resultSchema.safeParse(value).success),
    facts: factsSchema,
  }),
  z.object({ ok: z.literal(false), code: z.string(), reason: z.string() }),
]);

/** What a worker has answered to the job. */
export function readAnswer(value: unknown, { lab }: Job): Attempt {
  const { success, data } = attemptSchema.safeParse(value);
  if (!success) return otherVersion('A worker');
  if (data.ok && (data.result.lab.id !== lab.id || data.result.lab.digest !== lab.digest))
    return otherLab('A worker', lab.id, data.result.lab.digest, lab.digest);
  return data;
}

export function otherLab(who: string, id: string, theirs: string, ours: string): Attempt {
  return {
    ok: false,
    code: 'OTHER_LAB',
    reason: `${who} has another lab ${id} (${theirs}) than this run (${ours}). Install the same labproof on all machines.`,
  };
}

export function otherVersion(who: string): Attempt {
  return {
    ok: false,
    code: 'OTHER_VERSION',
    reason: `${who} is not the same labproof as this run. Install the same version on all machines.`,
  };
}
