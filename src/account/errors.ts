/** The one place where AWS's errors become reasons: what could not be read, why, and what to do about it. */
import { safe } from '../lib/terminal-text.ts';
import type { Unread } from '../model/account.ts';

/** An error of one call, with the action that it belongs to. */
export class CallFailure extends Error {
  /** As IAM writes it: `ec2:DescribeVpcs`. */
  readonly action: string;
  /** AWS's code as it was on the wire: `EntityAlreadyExists`, not the SDK's exception class. */
  readonly code: string;
  readonly status: number | undefined;
  constructor(action: string, cause: unknown) {
    super(messageOf(cause), { cause });
    this.name = 'CallFailure';
    this.action = action;
    this.code = line(codeOf(cause), 80);
    this.status = statusOf(cause);
  }
}

/** Our own code: Systems Manager cannot run anything on this instance. */
export const NOT_MANAGED = 'InstanceNotManaged';
/** Our own code: the saved outputs of the AWS CLI do not hold it. */
export const NOT_SAVED = 'NotSaved';

const REASONS: readonly (readonly [Unread['reason'], RegExp])[] = [
  ['denied', /^(UnauthorizedOperation|AccessDenied(Exception)?|NotAuthorized|AuthorizationError)$/],
  [
    'throttled',
    /^(RequestLimitExceeded|RequestThrottled|Throttl|TooManyRequests|EC2Throttled|PriorRequestNotComplete|SlowDown|BandwidthLimit)/,
  ],
  [
    'credentials',
    /^(ExpiredToken|InvalidClientTokenId|UnrecognizedClient|AuthFailure|SignatureDoesNotMatch|InvalidAccessKeyId|MissingAuthenticationToken|CredentialsProviderError|TokenProviderError|RequestExpired|RequestTimeTooSkewed|InvalidSignature|IncompleteSignature|TokenRefreshRequired|SSOTokenProviderFailure|OptInRequired)/,
  ],
  [
    'unreachable',
    /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPIPE|EPROTO|HPE_|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS)/,
  ],
  ['timeout', /^(TimeoutError|ETIMEDOUT|AbortError|RequestTimeout)/],
  [
    'unsupported',
    new RegExp(`^(NotImplemented|InvalidAction|UnknownOperation|UnknownEndpoint|${NOT_MANAGED}$|${NOT_SAVED}$)`),
  ],
];

/** @param endpoint Where the calls went, for "cannot be reached"; absent for AWS itself. */
export function unreadOf(error: unknown, endpoint: string | undefined): Unread {
  const failure = error instanceof CallFailure ? error : new CallFailure('sts:GetCallerIdentity', error);
  const { action, code, status } = failure;
  const reason = REASONS.find(([, pattern]) => pattern.test(code))?.[0] ?? reasonByStatus(status);
  return { reason, action, message: explain(reason, failure, endpoint && withoutPassword(endpoint)) };
}

function reasonByStatus(status: number | undefined): Unread['reason'] {
  return status === 501 ? 'unsupported' : status === 429 ? 'throttled' : 'error';
}

function explain(
  reason: Unread['reason'],
  { action, code, status, message }: CallFailure,
  endpoint: string | undefined,
): string {
  switch (reason) {
    case 'denied':
      return `not permitted (${code}). Allow ${action} to the identity that labproof uses.`;
    case 'throttled':
      return `AWS is limiting the rate of calls (${code}). Wait a minute and ask again.`;
    case 'credentials':
      if (
        /^RequestTimeTooSkewed|^RequestExpired|^RequestInTheFuture/.test(code) ||
        /^Signature (expired|not yet current)/.test(message)
      )
        return `AWS does not accept the time of this computer (${code}): ${sentence(message)} Set its clock.`;
      return code === 'CredentialsProviderError'
        ? `there are no AWS credentials to use: ${sentence(message)} Sign in (aws sso login, aws configure), or choose another --profile.`
        : `AWS does not accept the credentials (${code}): ${sentence(message)} Sign in again (aws sso login, aws configure), or choose another --profile.`;
    case 'unreachable':
      return unreachable(endpoint ?? /\b(?:127\.0\.0\.1|::1):\d+/.exec(message)?.[0], code, message);
    case 'timeout':
      return code === 'AbortError'
        ? 'stopped before there was an answer.'
        : `${endpoint ?? 'AWS'} did not answer in time. Ask again.`;
    case 'unsupported':
      return code === NOT_MANAGED || code === NOT_SAVED
        ? message
        : `${endpoint ?? 'this endpoint'} does not know ${action} (${code}).`;
    default:
      if (isNoAnswerOfAws(code, message))
        return `${endpoint ?? 'AWS'} answered ${action} with the HTTP status ${status ?? 'unknown'} and nothing that AWS would send. Is that an AWS endpoint, and is there a proxy in between?`;
      if (/region/i.test(code + message) && /missing/i.test(message))
        return 'No AWS Region is set. Add --region us-east-1 (or the one of your lab), or set AWS_REGION.';
      return code === 'Error' ? message : `${message} (${code})`;
  }
}

/** Node's message names the address; on this machine it can only have been a sandbox or another emulator. */
function unreachable(endpoint: string | undefined, code: string, message: string): string {
  return endpoint === undefined
    ? `AWS cannot be reached: ${sentence(message)} Is this machine online, and the Region's name right?`
    : `${endpoint} cannot be reached (${code}). If it is a sandbox, start it: labproof sandbox start.`;
}

/** The SDK names an error without a code `Unknown`, and passes on its parsers' words for the rest. */
function isNoAnswerOfAws(code: string, message: string): boolean {
  return code === 'Unknown' || /in JSON|valid JSON|JSON input|XML parse error/.test(message);
}

interface SdkError {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly Code?: unknown;
  readonly message?: unknown;
  readonly errors?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly statusCode?: number };
}

/** By name and code, not by class: each client package has its own classes (SDK guide, "Error handling"). */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'Unknown';
  const { Code, code, name, errors } = error as SdkError;
  if (typeof Code === 'string') return Code;
  if (typeof code === 'string') return code;
  // Several addresses of one host were tried: Node says so with an AggregateError.
  if (Array.isArray(errors) && errors.length > 0) return codeOf(errors[0]);
  return typeof name === 'string' ? name : 'Unknown';
}

function statusOf(error: unknown): number | undefined {
  const { $metadata, $response } = Object(error) as SdkError;
  return $metadata?.httpStatusCode ?? $response?.statusCode;
}

/** One short line. AWS's encoded authorization messages are cut off, as is the SDK's advice to its own callers. */
function messageOf(error: unknown): string {
  const { message, errors } = Object(error) as SdkError;
  if (Array.isArray(errors) && !message) return messageOf(errors[0]);
  const text = typeof message === 'string' && message !== '' ? message : String(error);
  return line(
    text.replace(/Encoded authorization failure message:.*|Deserialization error: to see the raw.*/s, ''),
    400,
  );
}

/**
 * Text of the other side as part of a sentence. What AWS repeats of a request it could not verify (the canonical string of
 * `SignatureDoesNotMatch`, the header of `IncompleteSignature`) may hold a session token: from there on it is left out.
 */
function line(text: string, most: number): string {
  return safe(text)
    .replace(
      /(The Canonical String|Authorization[=:]|AWS4-HMAC|Credential=|X-Amz-Security-Token|X-Amz-Signature).*/is,
      '',
    )
    .replace(/\b(AKIA|ASIA)[A-Z0-9]{12,}\b/g, '(access key)')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, most);
}

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

function withoutPassword(endpoint: string): string {
  return endpoint.replace(/\/\/[^/@]*@/, '//');
}
