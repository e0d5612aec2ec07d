/** Stands between a program and the sandbox, and keeps what passes: for tests of what must not get out. */
import { createServer, request } from 'node:http';

export interface Tap {
  readonly url: string;
  /** Keys and tokens that STS gave out. */
  readonly secrets: readonly string[];
  /** `AssumeRole`, `DescribeVpcs`, …, in their order; of the JSON protocols the target. */
  readonly asked: readonly string[];
  close(): void;
}

export async function openTap(to: string): Promise<Tap> {
  const secrets: string[] = [];
  const asked: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const body: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => body.push(chunk));
    incoming.on('end', () => {
      const text = Buffer.concat(body).toString();
      asked.push(new URLSearchParams(text).get('Action') ?? String(incoming.headers['x-amz-target'] ?? incoming.url));
      const { host, port } = new URL(to);
      const options = { host: '127.0.0.1', port, method: incoming.method, path: incoming.url };
      const further = request({ ...options, headers: { ...incoming.headers, host } }, (answer) => {
        const told: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => told.push(chunk));
        answer.on('end', () => {
          const whole = Buffer.concat(told);
          for (const [, secret] of whole.toString().matchAll(/<(?:SecretAccessKey|SessionToken)>([^<]+)</g))
            if (secret) secrets.push(secret);
          outgoing.writeHead(answer.statusCode ?? 500, answer.headers).end(whole);
        });
      });
      further.on('error', () => outgoing.destroy());
      further.end(Buffer.concat(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    secrets,
    asked,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
