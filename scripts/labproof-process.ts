/** The built program as a process, and what it took. Linux only. */
import { spawn } from 'node:child_process';
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
