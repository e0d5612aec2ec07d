/** The SDK's waiters, made to stop at an error that no waiting mends, as the AWS CLI's do. */
import { CallFailure } from './errors.ts';

/** What all clients have in common, whichever command they are handed. */
export interface AnyClient {
  send(command: object): Promise<object>;
}
export type Waiter = (
  how: { client: AnyClient; abortSignal: AbortSignal; maxWaitTime: number; minDelay: number; maxDelay: number },
  input: Readonly<Record<string, unknown>>,
) => Promise<unknown>;

/** Seconds. The AWS CLI asks 40 times, 15 seconds apart; here the first questions follow each other faster. */
const WAIT = { maxWaitTime: 600, minDelay: 2, maxDelay: 15 };
/** What is not there yet, or no more: the waiters themselves know what it means to them. */
const ABSENT = /NotFound|NoSuchEntity|DoesNotExist/;

/** @throws CallFailure for AWS's refusal; the SDK's own error where it took too long or cannot come any more. */
export async function waitWith(
  until: Waiter,
  client: AnyClient,
  input: Readonly<Record<string, unknown>>,
): Promise<void> {
  const stop = new AbortController();
  let refused: CallFailure | undefined;
  const asking: AnyClient = {
    async send(command) {
      try {
        return await client.send(command);
      } catch (error) {
        // The SDK's waiters go by the SDK's errors, and ask again after any that they do not know.
        if (error instanceof CallFailure && ABSENT.test(error.code)) throw error.cause;
        if (error instanceof CallFailure) refused = error;
        stop.abort();
        throw error;
      }
    },
  };
  try {
    await until({ client: asking, abortSignal: stop.signal, ...WAIT }, input);
  } catch (error) {
    throw refused ?? error;
  }
}

/** Why a waiter gave up, in the AWS CLI's words. */
export function whyNot(error: unknown): string {
  const late = error instanceof Error && error.name === 'TimeoutError';
  return late ? 'Max attempts exceeded' : 'Waiter encountered a terminal failure state';
}
