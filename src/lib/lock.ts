/** One process a file: the lock names its holder, so that one that was killed does not lock it for ever. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { codeOf } from './message.ts';

const ours = new Set<string>();

/**
 * @param inUse What is thrown where another process, or this one, holds the lock already: with its process id, if known.
 * @returns What gives the lock back.
 */
export function lockFile(lock: string, inUse: (holder: number | undefined) => Error): () => void {
  if (!take(lock)) {
    const holder = holderOf(lock);
    if (holder !== undefined) throw inUse(holder);
    rmSync(lock, { force: true });
    if (!take(lock)) throw inUse(holderOf(lock));
  }
  ours.add(lock);
  return () => {
    ours.delete(lock);
    rmSync(lock, { force: true });
  };
}

/** Of two processes that try it at once, one makes the file. */
function take(lock: string): boolean {
  try {
    writeFileSync(lock, `${process.pid} ${startOf(process.pid) ?? ''}\n`, { mode: 0o600, flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** The living process that holds the lock. */
function holderOf(lock: string): number | undefined {
  const [number = '', started = ''] = read(lock).trim().split(' ');
  const pid = Number(number);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  if (pid === process.pid) return ours.has(lock) ? pid : undefined;
  return lives(pid) && startOf(pid) === started ? pid : undefined;
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return codeOf(error) === 'EPERM';
  }
}

/**
 * What tells a process from a later one with the same number: its start time (proc_pid_stat(5), field 22). Undefined for
 * one that was killed and whose parent did not ask yet; empty where the system has no /proc.
 */
function startOf(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`);
  // The name before these fields stands in brackets, and may hold any character.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' || state === 'X' ? undefined : (fields[18] ?? '');
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
