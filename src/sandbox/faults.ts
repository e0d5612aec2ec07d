/** Faults on demand, for tests: an operation answers with this error instead of doing its work. */
import { z } from 'zod';
import { AwsError } from './service.ts';

const errorSchema = z.strictObject({
  error: z.strictObject({ code: z.string(), status: z.int().min(400).max(599), message: z.string().default('') }),
  /** How many calls get it; every one where absent. */
  times: z.int().min(1).optional(),
});
/** How many of the windows of flow logs are skipped, 0 to 1: they show as SKIPDATA. */
const skipSchema = z.strictObject({ skip: z.number().min(0).max(1) });

const FLOW_LOGS = 'vpc-flow-logs:PutLogEvents';
const faultsSchema = z
  .object({ [FLOW_LOGS]: skipSchema.optional() })
  .catchall(errorSchema)
  .refine((faults) => Object.keys(faults).every((name) => /^[a-z0-9-]+:[A-Za-z0-9]+$/.test(name)), {
    error: 'A fault is named by service and operation, such as ec2:DescribeVpcs.',
  });

export interface Faults {
  /** Replaces all faults by these. Throws for a document that is none. */
  set(document: string): void;
  /** Throws the error that is due for this operation, such as `ec2:DescribeVpcs`. */
  strike(operation: string): void;
  /** Is the window of a flow log that is being written to be skipped? */
  skips(random: () => number): boolean;
}

export function createFaults(): Faults {
  let faults: z.infer<typeof faultsSchema> = {};
  return {
    set(document) {
      faults = faultsSchema.parse(JSON.parse(document));
    },
    strike(operation) {
      const fault = faults[operation];
      if (!fault || !('error' in fault) || fault.times === 0) return;
      if (fault.times !== undefined) fault.times -= 1;
      throw new AwsError(fault.error.code, fault.error.message, fault.error.status);
    },
    skips(random) {
      const rate = faults[FLOW_LOGS]?.skip ?? 0;
      return rate > 0 && random() < rate;
    },
  };
}
