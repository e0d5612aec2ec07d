/** The sandbox that is running on this machine now: one small file says where. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { sandboxRunFile } from './paths.ts';

export interface Running {
  readonly url: string;
  readonly pid: number;
}

export function announceSandbox(url: string): void {
  mkdirSync(dirname(sandboxRunFile), { recursive: true, mode: 0o700 });
  writeFileSync(sandboxRunFile, JSON.stringify({ url, pid: process.pid }), { mode: 0o600 });
}

/** Only our own announcement: another sandbox may have been started since. */
export function withdrawSandbox(): void {
  if (announced()?.pid === process.pid) rmSync(sandboxRunFile, { force: true });
}

/** The announced sandbox, if it really answers. */
export async function runningSandbox(): Promise<Running | undefined> {
  const running = announced();
  return running && (await isSandbox(running.url)) ? running : undefined;
}

/** Is this address a labproof sandbox? Only loopback addresses are asked. */
export async function isSandbox(url: string): Promise<boolean> {
  const parsed = URL.parse(url);
  if (!parsed || !['127.0.0.1', 'localhost', '[::1]'].includes(parsed.hostname)) return false;
  try {
    const response = await fetch(new URL('/_sandbox/health', parsed), { signal: AbortSignal.timeout(2000) });
    const health: unknown = await response.json();
    return response.ok && typeof health === 'object' && health !== null && 'timeScale' in health;
  } catch {
    return false;
  }
}

function announced(): Running | undefined {
  try {
    const { url, pid } = JSON.parse(readFileSync(sandboxRunFile, 'utf8')) as Record<string, unknown>;
    return typeof url === 'string' && URL.canParse(url) && typeof pid === 'number' ? { url, pid } : undefined;
  } catch {
    return undefined;
  }
}
