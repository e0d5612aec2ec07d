/** Faults on demand, for tests: an operation answers with this error instead of doing its work. */
import { z } from 'zod';
import { AwsError } from './service.ts';

const faultsSchema = z.record(
  z.string().regex(/^[a-z0-9]+:[A-Za-z0-9]+$/),
  z.strictObject({
    error: z.strictObject({ code: z.string(), status: z.int().min(400).max(599), message: z.string().default('') }),
    /** How many calls get it; every one where absent. */
    times: z.int().min(1).optional(),
  }),
);

export interface Faults {
  /** Replaces all faults by these. Throws for a document that is none. */
  set(document: string): void;
  /** Throws the error that is due for this operation, such as `ec2:DescribeVpcs`. */
  strike(operation: string): void;
}

export function createFaults(): Faults {
  let faults: z.infer<typeof faultsSchema> = {};
  return {
    set(document) {
      faults = faultsSchema.parse(JSON.parse(document));
    },
    strike(operation) {
      const fault = faults[operation];
      if (!fault || fault.times === 0) return;
      if (fault.times !== undefined) fault.times -= 1;
      throw new AwsError(fault.error.code, fault.error.message, fault.error.status);
    },
  };
}
