/** Faults on demand, for tests: how often an operation is throttled, fails, loses its connection, or is slow. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultTable } from './fault-schema.ts';
import { AwsError } from './service.ts';

export interface Faults {
  /** Replaces all faults by these. Rejects for a document that is none. */
  set(document: string): Promise<void>;
  clear(): void;
  /**
   * Waits as long as this operation, such as `ec2:DescribeVpcs`, is delayed for this account. @returns `drop` where its connection is to be cut.
   * @throws AwsError where one is due.
   */
  strike(service: string, action: string, account: string): Promise<'drop' | 'serve'>;
  /** Is the window of a flow log that is being written to be skipped? */
  skips(): boolean;
}

/** @param random Numbers of its own in [0, 1): faults change nothing of what the world draws. */
export function createFaults(random: () => number): Faults {
  let faults: FaultTable = {};
  const strikes = (share = 0) => share > 0 && random() < share;
  return {
    async set(document) {
      const { faultsSchema } = await import('./fault-schema.ts');
      faults = faultsSchema.parse(JSON.parse(document));
    },
    clear() {
      faults = {};
    },
    async strike(service, action, account) {
      const fault = faults[`${service}:${action}`] ?? faults[`${service}:*`] ?? faults['*'];
      if (!fault || 'skip' in fault || fault.accounts?.includes(account) === false) return 'serve';
      // A sandbox that is stopped meanwhile does not stay for it.
      if (fault.latencyMs) await sleep(fault.latencyMs, undefined, { ref: false });
      if (fault.error && fault.times !== 0) {
        if (fault.times !== undefined) fault.times -= 1;
        throw new AwsError(fault.error.code, fault.error.message, fault.error.status);
      }
      if (strikes(fault.drop)) return 'drop';
      if (strikes(fault.throttling)) throw throttled(service);
      if (strikes(fault.serverError)) throw serverError(service);
      return 'serve';
    },
    skips: () => strikes(faults['vpc-flow-logs:PutLogEvents']?.skip),
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
