/** The built sandbox as a process, and plain requests to it: for measurements. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';

const cli = join(import.meta.dirname, '../dist/cli.js');

export interface Running {
  readonly child: ChildProcess;
  /** From the start of the process to its first line, milliseconds. */
  readonly readyMs: number;
  call(service: string, body: string, target?: string): Promise<{ readonly status: number; readonly text: string }>;
  /** Resident memory, MiB. Linux only. */
  memory(): number;
  /** Ends it as `kill` does with this signal. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** `labproof sandbox start` on a port of its own. */
export async function startSandbox(home: string, ...flags: readonly string[]): Promise<Running> {
  const started = performance.now();
  const child = spawn(process.execPath, [cli, 'sandbox', 'start', '--port', '0', ...flags], {
    env: { ...process.env, XDG_DATA_HOME: home },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (line: Buffer) => resolve(line.toString().trim()));
    child.once('exit', () => reject(new Error('the sandbox ended before it was ready')));
  });
  const readyMs = performance.now() - started;
  const port = Number(new URL(url).port);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  return {
    child,
    readyMs,
    call: (service, body, target) => post(agent, port, service, body, target),
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
    async end(signal) {
      child.kill(signal);
      await exited;
      agent.destroy();
    },
  };
}

function post(agent: Agent, port: number, service: string, body: string, target?: string) {
  const authorization = `AWS4-HMAC-SHA256 Credential=test/20261123/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  const headers = {
    authorization,
    'content-type': 'application/x-www-form-urlencoded',
    ...(target && { 'x-amz-target': target }),
  };
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const sent = request({ agent, host: '127.0.0.1', port, method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Runs `make` so many times, so many at once. @returns Calls a second, and the latencies in order, milliseconds. */
export async function load(times: number, atOnce: number, make: (index: number) => Promise<unknown>) {
  const latencies: number[] = [];
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (next < times) {
        const index = next;
        next += 1;
        const sent = performance.now();
        await make(index);
        latencies.push(performance.now() - sent);
      }
    }),
  );
  return { perSecond: times / ((performance.now() - started) / 1000), latencies: latencies.sort((a, b) => a - b) };
}
