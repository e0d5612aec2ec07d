/** The built program as a process, and what it took (Linux only). */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const cli = join(import.meta.dirname, '../dist/cli.js');

export interface Took {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
  /** Of user and system together. */
  readonly cpuSeconds: number;
  /** Peak of resident memory, MiB. */
  readonly peak: number;
  /** What `ps` showed of it. */
  readonly commandLine: string;
}

const TICKS = 100;

export function labproof(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Took> {
  const started = performance.now();
  const child = spawn(process.execPath, [cli, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr, peak, cpuSeconds, commandLine] = ['', '', 0, 0, ''];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const sample = () => {
    try {
      const read = (file: string) => readFileSync(`/proc/${child.pid}/${file}`, 'utf8');
      peak = Number(/VmHWM:\s+(\d+)/.exec(read('status'))?.[1] ?? 0) / 1024 || peak;
      const [, , , , , , , , , , , user = 0, system = 0] = read('stat')
        .replace(/^.*\) /, '')
        .split(' ')
        .map(Number);
      cpuSeconds = (user + system) / TICKS || cpuSeconds;
      commandLine = read('cmdline').replaceAll('\0', ' ') || commandLine;
    } catch {
      // It has ended.
    }
  };
  const timer = setInterval(sample, 20);
  return new Promise((resolve) =>
    child.on('close', (code) => {
      clearInterval(timer);
      const seconds = (performance.now() - started) / 1000;
      resolve({ code, stdout, stderr, seconds, cpuSeconds, peak, commandLine });
    }),
  );
}

export interface Started {
  readonly child: ChildProcess;
  /** Its exit code; null where it was killed. */
  readonly ended: Promise<number | null>;
}

export function startLabproof(args: readonly string[], env: NodeJS.ProcessEnv): Started {
  const child = spawn(process.execPath, [cli, ...args], { env, stdio: 'ignore' });
  return { child, ended: new Promise((resolve) => child.once('exit', (code) => resolve(code))) };
}

/** `labproof worker`. Resolves when it works. */
export async function startWorker(queue: string, env: NodeJS.ProcessEnv, concurrency = 16): Promise<ChildProcess> {
  const args = [cli, 'worker', '--queue', queue, '--concurrency', String(concurrency)];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The worker ended with ${code}: ${stderr}`)));
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      if (stderr.includes('Working at')) resolve();
    });
  });
  return child;
}

/** Resolves when it is gone. */
export function kill(child: ChildProcess, signal: 'SIGKILL' | 'SIGINT' = 'SIGKILL'): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}
