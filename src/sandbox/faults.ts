/** Faults on demand, for tests: how often an operation is throttled, fails, loses its connection, or is slow. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { AwsError } from './service.ts';

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
});
/** How many of the windows of flow logs are skipped: they show as SKIPDATA. */
const skipSchema = z.strictObject({ skip: rate });

const FLOW_LOGS = 'vpc-flow-logs:PutLogEvents';
const faultsSchema = z
  .object({ [FLOW_LOGS]: skipSchema.optional() })
  .catchall(faultSchema)
  .refine((faults) => Object.keys(faults).every((name) => /^(\*|[a-z0-9-]+:(\*|[A-Za-z0-9]+))$/.test(name)), {
    error: 'A fault is named by service and operation, such as ec2:DescribeVpcs, ec2:* or *.',
  });

export interface Faults {
  /** Replaces all faults by these. Throws for a document that is none. */
  set(document: string): void;
  /**
   * Waits as long as this operation, such as `ec2:DescribeVpcs`, is delayed. @returns `drop` where its connection is to be cut.
   * @throws AwsError where one is due.
   */
  strike(service: string, action: string): Promise<'drop' | 'serve'>;
  /** Is the window of a flow log that is being written to be skipped? */
  skips(): boolean;
}

/** @param random Numbers of its own in [0, 1): faults change nothing of what the world draws. */
export function createFaults(random: () => number): Faults {
  let faults: z.infer<typeof faultsSchema> = {};
  const strikes = (share = 0) => share > 0 && random() < share;
  return {
    set(document) {
      faults = faultsSchema.parse(JSON.parse(document));
    },
    async strike(service, action) {
      const fault = faults[`${service}:${action}`] ?? faults[`${service}:*`] ?? faults['*'];
      if (!fault || 'skip' in fault) return 'serve';
      if (fault.latencyMs) await sleep(fault.latencyMs);
      if (fault.error && fault.times !== 0) {
        if (fault.times !== undefined) fault.times -= 1;
        throw new AwsError(fault.error.code, fault.error.message, fault.error.status);
      }
      if (strikes(fault.drop)) return 'drop';
      if (strikes(fault.throttling)) throw throttled(service);
      if (strikes(fault.serverError)) throw serverError(service);
      return 'serve';
    },
    skips: () => strikes(faults[FLOW_LOGS]?.skip),
  };
}

/** EC2 Developer Guide, API throttling; CloudWatch Logs, Systems Manager and IAM API References, Common errors. */
function throttled(service: string): AwsError {
  if (service === 'ec2') return new AwsError('RequestLimitExceeded', 'Request limit exceeded.', 503);
  const code = service === 'iam' || service === 'sts' ? 'Throttling' : 'ThrottlingException';
  return new AwsError(code, 'Rate exceeded', 400);
}

function serverError(service: string): AwsError {
  if (service === 'ec2') return new AwsError('InternalError', 'An internal error has occurred', 500);
  if (service === 'iam' || service === 'sts')
    return new AwsError('ServiceFailure', 'The request processing has failed because of an unknown error', 500);
  return new AwsError('InternalServerError', 'An internal server error occurred.', 500);
}
