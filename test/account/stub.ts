/** A stand-in for AWS that replays recorded answers over real HTTP, and remembers what it was asked. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Target } from '../../src/account/reader.ts';

export interface Asked {
  /** `DescribeVpcs`, of either protocol. */
  readonly operation: string;
  /** The form fields, or the JSON members as text. */
  readonly input: Readonly<Record<string, string>>;
}

export interface Recorded {
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** `drop`: the connection is cut instead. `cut`: in the middle of the answer. `stall`: no more comes after it. `never`: nothing comes. */
  readonly fault?: 'drop' | 'cut' | 'stall' | 'never';
}

export interface Stub {
  readonly target: Target;
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

export const keys = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};

/** Each operation's answers in their order; the last one stays. */
export async function replay(answers: Readonly<Record<string, readonly Recorded[]>>): Promise<Stub> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const one = read(request.headers['x-amz-target'], Buffer.concat(chunks).toString());
    const times = asked.filter(({ operation }) => operation === one.operation).length;
    asked.push(one);
    const list = answers[one.operation] ?? [];
    write(response, list[Math.min(times, list.length - 1)] ?? { status: 500, body: 'not recorded' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    target: { kind: 'aws', region: 'us-east-1', endpointUrl: `http://127.0.0.1:${port}`, credentials: keys },
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function read(target: string | string[] | undefined, body: string): Asked {
  if (typeof target === 'string') {
    const members = Object.entries(JSON.parse(body) as Record<string, unknown>);
    const input = members.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]);
    return { operation: target.split('.').at(-1) ?? '', input: Object.fromEntries(input) };
  }
  const input = Object.fromEntries(new URLSearchParams(body));
  return { operation: input.Action ?? '', input };
}

function write(response: ServerResponse, { status = 200, body = '', headers = {}, fault }: Recorded): void {
  if (fault === 'never') return;
  if (fault === 'drop') {
    response.destroy();
    return;
  }
  const longer = fault === undefined ? {} : { 'content-length': String(Buffer.byteLength(body) + 100) };
  response.writeHead(status, { 'x-amzn-requestid': 'f1a2', ...headers, ...longer });
  if (fault === 'cut') response.write(body, () => response.destroy());
  else if (fault === 'stall') response.write(body);
  else response.end(body);
}

/** EC2's error document (EC2 Developer Guide, "Example error response"). */
export function ec2Error(status: number, code: string, message: string): Recorded {
  const error = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, body: `<Response><Errors>${error}</Errors><RequestID>ea966190</RequestID></Response>` };
}

export function ec2Page(operation: string, inside: string, token = ''): Recorded {
  const next = token === '' ? '' : `<nextToken>${token}</nextToken>`;
  return {
    body: `<${operation}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">${inside}${next}</${operation}Response>`,
  };
}

/** IAM's and STS's error document. */
export function queryError(status: number, code: string, message: string): Recorded {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, body: `<ErrorResponse>${error}<RequestId>7a62c49f</RequestId></ErrorResponse>` };
}

export function json(value: unknown): Recorded {
  return { body: JSON.stringify(value), headers: { 'content-type': 'application/x-amz-json-1.1' } };
}

export function jsonError(status: number, code: string, message: string): Recorded {
  return { ...json({ __type: code, message }), status };
}
