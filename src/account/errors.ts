/** The one place where AWS's errors become reasons: what could not be read, why, and what to do about it. */
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
    this.code = codeOf(cause);
    this.status = statusOf(cause);
  }
}

const REASONS: readonly (readonly [Unread['reason'], RegExp])[] = [
  ['denied', /^(UnauthorizedOperation|AccessDenied(Exception)?|NotAuthorized|AuthorizationError)$/],
  ['throttled', /^(RequestLimitExceeded|Throttl|TooManyRequests|EC2Throttled|LimitExceeded|SlowDown|BandwidthLimit)/],
  [
    'credentials',
    /^(ExpiredToken|InvalidClientTokenId|UnrecognizedClient|AuthFailure|SignatureDoesNotMatch|InvalidAccessKeyId|MissingAuthenticationToken|CredentialsProviderError|InvalidSignature|IncompleteSignature|TokenRefreshRequired|SSOTokenProviderFailure|OptInRequired)/,
  ],
  [
    'unreachable',
    /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPIPE|EPROTO|CERT_|DEPTH_ZERO)/,
  ],
  ['timeout', /^(TimeoutError|ETIMEDOUT|AbortError|RequestTimeout)/],
  [
    'unsupported',
    /^(NotImplemented|InvalidAction|UnknownOperation|UnsupportedOperation|UnknownEndpoint|InternalFailure)/,
  ],
];

/** @param endpoint Where the calls went, for "cannot be reached"; absent for AWS itself. */
export function unreadOf(error: unknown, endpoint: string | undefined): Unread {
  const { action, code, status, message } =
    error instanceof CallFailure ? error : new CallFailure('sts:GetCallerIdentity', error);
  const reason = REASONS.find(([, pattern]) => pattern.test(code))?.[0] ?? (status === 501 ? 'unsupported' : 'error');
  return { reason, action, message: explain(reason, action, code, message, endpoint) };
}

function explain(
  reason: Unread['reason'],
  action: string,
  code: string,
  message: string,
  endpoint: string | undefined,
): string {
  switch (reason) {
    case 'denied':
      return `not permitted (${code}). Allow ${action} to the identity that labproof uses.`;
    case 'throttled':
      return `AWS is limiting the rate of calls (${code}). Wait a minute and ask again.`;
    case 'credentials':
      return `AWS does not accept the credentials (${code}): ${message} Sign in again (aws sso login, aws configure), or choose another --profile.`;
    case 'unreachable':
      return unreachable(endpoint ?? /\b(?:127\.0\.0\.1|::1):\d+/.exec(message)?.[0], code);
    case 'timeout':
      return `${endpoint ?? 'AWS'} did not answer in time. Ask again.`;
    case 'unsupported':
      return `${endpoint ?? 'this endpoint'} does not know ${action} (${code}).`;
    default:
      return /region/i.test(code + message) && /missing/i.test(message)
        ? 'No AWS Region is set. Add --region us-east-1 (or the one of your lab), or set AWS_REGION.'
        : `${message} (${code})`;
  }
}

/** Node's message names the address; on this machine it can only have been a sandbox or another emulator. */
function unreachable(endpoint: string | undefined, code: string): string {
  return endpoint === undefined
    ? `AWS cannot be reached (${code}). Is this machine online?`
    : `${endpoint} cannot be reached (${code}). If it is a sandbox, start it: labproof sandbox start.`;
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

/** One short line; AWS's encoded authorization messages are cut off, as they tell people nothing. */
function messageOf(error: unknown): string {
  const { message, errors } = Object(error) as SdkError;
  const text =
    typeof message === 'string' && message !== ''
      ? message
      : Array.isArray(errors)
        ? messageOf(errors[0])
        : String(error);
  return text
    .replace(/Encoded authorization failure message:.*/s, '')
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, 400);
}
