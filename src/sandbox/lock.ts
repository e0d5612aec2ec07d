/** One process a file: the lock names its holder, so that one that was killed does not lock it for ever. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { codeOf } from '../lib/message.ts';

const ours = new Set<string>();

/** The state file is another sandbox's. */
export class FileInUse extends Error {
  constructor(file: string, holder: number | undefined) {
    super(
      `The sandbox's state file ${file} is in use by another sandbox${holder === undefined ? '' : ` (process ${holder})`}. Stop that one first.`,
    );
    this.name = 'FileInUse';
  }
}

/**
 * @param what The file that is locked, for the message.
 * @returns What gives the lock back.
 * @throws FileInUse where another process, or this one, already uses it.
 */
export function lockFile(lock: string, what: string): () => void {
  if (!take(lock)) {
    const holder = holderOf(lock);
    if (holder !== undefined) throw new FileInUse(what, holder);
    rmSync(lock, { force: true });
    if (!take(lock)) throw new FileInUse(what, holderOf(lock));
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
