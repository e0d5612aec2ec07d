/** Progress on disk: one JSON file a lab, account and region. Saved after each change; two runs at once lose nothing. */
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { codeOf } from '../lib/message.ts';
import type { Answer, Passed, Session } from './session.ts';

export interface Loaded {
  readonly session?: Session;
  /** Where a damaged file was moved to, unchanged. */
  readonly setAside?: string;
}

export function progressFile(dir: string, lab: string, cloud: Session['cloud']): string {
  return join(dir, `${lab}--${cloud.kind}-${cloud.account}-${cloud.region}.json`.replace(/[^A-Za-z0-9._-]/g, '_'));
}

/** A damaged file is set aside under another name, never overwritten: it may hold a learner's only copy of an evening's answers. */
export async function loadSession(dir: string, lab: string, cloud: Session['cloud'], now: number): Promise<Loaded> {
  const file = progressFile(dir, lab, cloud);
  if (!existsSync(file)) return {};
  const { parseSession } = await import('./session-file.ts');
  const found = readSession(file, parseSession);
  if (found !== 'damaged') return found ? { session: found } : {};
  const setAside = `${file}.damaged-${now}`;
  renameSync(file, setAside);
  return { setAside };
}

/** Saves what this run knows together with what another run saved in the meantime. */
export async function saveSession(dir: string, session: Session): Promise<void> {
  const { parseSession } = await import('./session-file.ts');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const file = progressFile(dir, session.lab, session.cloud);
  locked(`${file}.lock`, () => {
    const saved = readSession(file, parseSession);
    if (saved === 'damaged') renameSync(file, `${file}.damaged-${session.startedAt}`);
    const merged = saved && saved !== 'damaged' ? merge(saved, session) : session;
    writeFileAtomic.sync(file, `${JSON.stringify(merged, null, 2)}\n`, { mode: 0o600 });
  });
}

/** Newest answers, most hints, first passes; the step is the one that was saved last. */
function merge(saved: Session, session: Session): Session {
  return {
    ...session,
    startedAt: Math.min(saved.startedAt, session.startedAt),
    hints: mergeBy(saved.hints, session.hints, (a, b) => Math.max(a, b)),
    answers: mergeBy<Answer>(saved.answers, session.answers, (a, b) => (a.at > b.at ? a : b)),
    passed: mergeBy<Passed>(saved.passed, session.passed, (a, b) => (a.at <= b.at ? a : b)),
  };
}

function mergeBy<T>(
  one: Readonly<Record<string, T>>,
  other: Readonly<Record<string, T>>,
  choose: (one: T, other: T) => T,
) {
  const merged: Record<string, T> = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const there = merged[key];
    merged[key] = there === undefined ? value : choose(there, value);
  }
  return merged;
}

function readSession(file: string, parse: (text: string) => Session): Session | 'damaged' | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return parse(text);
  } catch {
    return 'damaged';
  }
}

const LOCK_STALE_MS = 5000;

/** A save takes milliseconds, so a lock older than seconds was left by a killed process. */
function locked(lock: string, save: () => void): void {
  for (;;) {
    try {
      closeSync(openSync(lock, 'wx', 0o600));
      break;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      if (ageOf(lock) > LOCK_STALE_MS) rmSync(lock, { force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
  try {
    save();
  } finally {
    rmSync(lock, { force: true });
  }
}

function ageOf(file: string): number {
  return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
}
