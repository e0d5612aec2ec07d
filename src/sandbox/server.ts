/** The HTTP side: who is asked (service, account, region) and how an answer looks. Loopback only, no browser. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { AwsError } from './service.ts';
import type { Protocol } from './wire/protocol.ts';

const MAX_BODY_BYTES = 1024 * 1024;

export interface Caller {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

export interface Answer {
  readonly status: number;
  readonly contentType?: string;
  readonly body: string | Uint8Array;
}

export interface Handlers {
  /** An AWS call. Errors are answers too. */
  call(caller: Caller, request: { target: string | undefined; body: string }, requestId: string): Promise<Answer>;
  /** `/_sandbox/…`; `undefined` for what there is not. */
  control(method: string, path: string, body: string): Promise<Answer | undefined>;
  /** How an error is written before it is known which service was asked. */
  protocolFor(target: string | undefined): Protocol;
  now(): number;
  requestId(): string;
}

/** Listens on 127.0.0.1. Rejects with a clear message where the port is taken. */
export function listen(port: number, handlers: Handlers): Promise<Server> {
  const server = createServer((request, response) => {
    const requestId = handlers.requestId();
    answer(request, handlers, requestId).then(
      (result) => send(response, result, requestId, handlers.now()),
      () => response.destroy(),
    );
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

function send(response: ServerResponse, answer: Answer, requestId: string, now: number): void {
  response.writeHead(answer.status, {
    ...(answer.contentType === undefined ? {} : { 'content-type': answer.contentType }),
    'content-length': Buffer.byteLength(answer.body),
    date: new Date(now).toUTCString(),
    'x-amzn-requestid': requestId,
  });
  response.end(answer.body);
}

async function answer(request: IncomingMessage, handlers: Handlers, requestId: string): Promise<Answer> {
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
  const body = await readBody(request);
  if (body === undefined)
    return refuse(new AwsError('RequestEntityTooLarge', 'The request is larger than 1 MiB.', 413));

  const [pathname = '/'] = (request.url ?? '/').split('?');
  if (pathname.startsWith('/_sandbox/') || pathname.startsWith('/moto-api/')) {
    const result = await handlers.control(request.method ?? 'GET', pathname, body);
    return result ?? { status: 404, contentType: 'application/json', body: '{"error":"not found"}' };
  }
  const caller = callerOf(header(request, 'authorization'));
  if (!caller) {
    return refuse(new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403));
  }
  return handlers.call(caller, { target, body }, requestId);
}

function isLoopback(host: string | undefined): boolean {
  return host !== undefined && /^(127\.0\.0\.1|localhost)(:\d+)?$/i.test(host);
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** The credential scope of Signature Version 4: `Credential=AKID/20261123/us-east-1/ec2/aws4_request`. */
function callerOf(authorization: string | undefined): Caller | undefined {
  const scope = authorization?.match(/\bCredential=([\w-]+)\/\d{8}\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request\b/);
  const [, accessKeyId, region, service] = scope ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) return undefined;
  return { accessKeyId, region, service };
}

/** The whole body, or `undefined` where it is too large. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return size > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks).toString('utf8');
}
