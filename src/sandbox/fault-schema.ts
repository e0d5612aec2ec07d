/** What `POST /_sandbox/faults` takes. */
import { z } from 'zod';

const rate = z.number().min(0).max(1);

const faultSchema = z.strictObject({
  /** How many of the calls are throttled, with the service's own code. */
  throttling: rate.optional(),
  /** How many fail on AWS's side (HTTP 5xx). */
  serverError: rate.optional(),
  /** How many get no answer: the connection is cut. */
  drop: rate.optional(),
  /** How much later every answer comes, real milliseconds. */
  latencyMs: z.number().min(0).max(60_000).optional(),
  /** This very error, for so many calls; for every call where `times` is absent. */
  error: z
    .strictObject({ code: z.string(), status: z.int().min(400).max(599), message: z.string().default('') })
    .optional(),
  times: z.int().min(1).optional(),
  /** Only these accounts meet it; all where absent. */
  accounts: z.array(z.string().regex(/^\d{12}$/)).optional(),
});
/** How many of the windows of flow logs are skipped: they show as SKIPDATA. */
const skipSchema = z.strictObject({ skip: rate });

/** The one fault that no call meets: what becomes of flow-log records. */
export const FLOW_LOGS = 'vpc-flow-logs:PutLogEvents';
export const faultsSchema = z
  .object({ [FLOW_LOGS]: skipSchema.optional() })
  .catchall(faultSchema)
  .refine((faults) => Object.keys(faults).every((name) => /^(\*|[a-z0-9-]+:(\*|[A-Za-z0-9]+))$/.test(name)), {
    error: 'A fault is named by service and operation, such as ec2:DescribeVpcs, ec2:* or *.',
  });

export type FaultTable = z.infer<typeof faultsSchema>;
