/** What is found by verifying itself, whichever check it is: `labproof check show` lists it beside the check's own codes. */
import type { Unread } from '../model/account.ts';

/** Every code with what it means. */
export const ENGINE_CODES = {
  BLOCKED: 'A check that has to pass first has failed.',
  DEPENDS: 'A check that has to pass first could not tell yet.',
  NOT_PERMITTED: 'The identity that labproof uses may not read what the check needs. Nobody has failed.',
  THROTTLED: 'AWS limits the rate of calls. Ask again in a minute.',
  UNREACHABLE: 'AWS could not be reached.',
  CREDENTIALS: 'AWS does not accept the credentials, or there are none.',
  TIMEOUT: 'AWS did not answer in time.',
  NOT_SUPPORTED: 'This endpoint cannot do what the check asks, or Systems Manager does not manage the instance.',
  READ_ERROR: 'AWS answered with an error that is none of these.',
  CHECK_ERROR: 'The check itself failed, which is a fault of labproof.',
} as const satisfies Readonly<Record<string, string>>;

export type EngineCode = keyof typeof ENGINE_CODES;

/** Why something could not be read, as a finding says it. */
export const UNREAD_CODES: Readonly<Record<Unread['reason'], EngineCode>> = {
  denied: 'NOT_PERMITTED',
  throttled: 'THROTTLED',
  unreachable: 'UNREACHABLE',
  credentials: 'CREDENTIALS',
  timeout: 'TIMEOUT',
  unsupported: 'NOT_SUPPORTED',
  error: 'READ_ERROR',
};
