/** The HTTP side: who is asked (service, account, region) and how an answer looks. Loopback only, no browser. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { RequestForm } from './absent-service.ts';
import { AwsError } from './service.ts';
import type { Protocol, WireRequest } from './wire/protocol.ts';

/** More than any request that AWS takes here: PutLogEvents has at most 1 MiB of text. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;
const MAX_REQUESTS_AT_ONCE = 512;
/** A client that sends slower than this is not waited for, real milliseconds. */
const SLOWEST = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 5000 };
/** How long answers that are on their way may take when the sandbox stops, real milliseconds. */
const STOPPING_MS = 1000;

export interface Caller {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string;
}

export interface Answer {
  readonly status: number;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

export interface Handlers {
  /** The answer for a service that there is not; undefined for one that there is. */
  absent(service: string, form: RequestForm, requestId: string): Promise<Answer | undefined>;
  /** An AWS call. Errors are answers too; undefined where the connection is to be cut instead. */
  call(caller: Caller, request: WireRequest, requestId: string): Promise<Answer | undefined>;
  /** `/_sandbox/…`; `undefined` for what there is not. */
  control(method: string, path: string, body: string): Promise<Answer | undefined>;
  /** How an error is written before it is known which service was asked. */
  protocolFor(target: string | undefined): Protocol;
  now(): number;
  requestId(): string;
}

/** Listens on 127.0.0.1. Rejects with a clear message where the port is taken. */
export function listen(port: number, handlers: Handlers): Promise<Server> {
  let atOnce = 0;
  const server = createServer(SLOWEST, (request, response) => {
    const requestId = handlers.requestId();
    atOnce += 1;
    answer(request, handlers, requestId, atOnce > MAX_REQUESTS_AT_ONCE)
      .then((result) => (result ? send(response, result, requestId, handlers.now()) : response.destroy()))
      .catch(() => response.destroy())
      .finally(() => {
        atOnce -= 1;
      });
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(
        taken
          ? new Error(`Port ${port} is taken by another program. Choose another one, or 0 for any free port.`)
          : error,
      );
    });
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

/** Lets answers that are on their way arrive, and takes nothing new. */
export async function stop(server: Server): Promise<void> {
  const late = setTimeout(() => server.closeAllConnections(), STOPPING_MS);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(late);
}

function send(response: ServerResponse, answer: Answer, requestId: string, now: number): void {
  response.writeHead(answer.status, {
    ...(answer.contentType === undefined ? {} : { 'content-type': answer.contentType }),
    ...answer.headers,
    'content-length': Buffer.byteLength(answer.body),
    date: new Date(now).toUTCString(),
    'x-amzn-requestid': requestId,
  });
  response.end(answer.body);
}

async function answer(
  request: IncomingMessage,
  handlers: Handlers,
  requestId: string,
  crowded: boolean,
): Promise<Answer | undefined> {
  const target = header(request, 'x-amz-target');
  const refuse = (error: AwsError): Answer => {
    const protocol = handlers.protocolFor(target);
    return { status: error.status, contentType: protocol.contentType, body: protocol.writeError(error, requestId) };
  };
  // A page in a browser must not reach the sandbox, neither by a request of its own nor by DNS rebinding.
  if (request.headers.origin !== undefined || !isLoopback(request.headers.host)) {
    request.resume();
    return refuse(new AwsError('AccessDenied', 'The sandbox answers programs on this machine only.', 403));
  }
  if (crowded) {
    request.resume();
    return refuse(
      new AwsError(target === undefined ? 'RequestLimitExceeded' : 'ThrottlingException', 'Rate exceeded', 503),
    );
  }
  const [pathname = '/', query = ''] = (request.url ?? '/').split('?');
  const parameters = new URLSearchParams(query);
  const caller = callerOf(request, parameters);
  const absent = caller && (await handlers.absent(caller.service, formOf(request), requestId));
  if (absent) {
    // Whatever it holds: a file for S3 is neither text nor small.
    request.resume();
    return absent;
  }
  const bytes = await readBody(request);
  if (bytes === undefined)
    return refuse(new AwsError('RequestEntityTooLarge', 'The request is larger than 4 MiB.', 413));
  const body = textOf(bytes);
  if (body === undefined)
    return refuse(
      target === undefined
        ? new AwsError('MalformedQueryString', 'The query string contains a syntax error.')
        : new AwsError('SerializationException', 'The request is not valid UTF-8.'),
    );

  if (pathname.startsWith('/_sandbox/') || pathname.startsWith('/moto-api/')) {
    const result = await handlers.control(request.method ?? 'GET', pathname, body);
    return result ?? { status: 404, contentType: 'application/json', body: '{"error":"not found"}' };
  }
  if (!caller) {
    return refuse(new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403));
  }
  // The query protocols take their parameters from the URL, too (IAM User Guide, Making query requests).
  return handlers.call(caller, { target, body: body || withoutSignature(parameters) }, requestId);
}

function isLoopback(host: string | undefined): boolean {
  return host !== undefined && /^(127\.0\.0\.1|localhost)(:\d+)?$/i.test(host);
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function formOf(request: IncomingMessage): RequestForm {
  return {
    target: header(request, 'x-amz-target'),
    contentType: header(request, 'content-type'),
    smithyProtocol: header(request, 'smithy-protocol'),
  };
}

/**
 * The credential scope of Signature Version 4, `AKID/20261123/us-east-1/ec2/aws4_request`, and the session token: in headers,
 * or in the URL of a presigned request (IAM User Guide, "Elements of an AWS API request signature").
 */
function callerOf(request: IncomingMessage, parameters: URLSearchParams): Caller | undefined {
  const [, signed] = header(request, 'authorization')?.match(/\bCredential=([^,\s]+)/) ?? [];
  const credential = signed ?? parameters.get('X-Amz-Credential') ?? '';
  const [, accessKeyId, region, service] =
    credential.match(/^([\w-]+)\/\d{8}\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request$/) ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) return undefined;
  const sessionToken = header(request, 'x-amz-security-token') ?? parameters.get('X-Amz-Security-Token');
  return { accessKeyId, region, service, ...(sessionToken !== null && { sessionToken }) };
}

/** What is asked for: the parameters of a URL but for those that sign it, which are no input and must not be kept. */
function withoutSignature(parameters: URLSearchParams): string {
  return new URLSearchParams([...parameters].filter(([name]) => !name.startsWith('X-Amz-'))).toString();
}

function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The whole body, or `undefined` where it is too large. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return size > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks);
}
