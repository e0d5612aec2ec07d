/**
 * One process a file: the lock names its holder, so that one that was killed does not lock it for ever. What is locked may
 * lie on a disk that several machines share.
 */
import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { codeOf } from './message.ts';

/** Who holds a lock, as far as that can be told. */
export interface Holder {
  readonly pid?: number;
  /** Where it is another machine. */
  readonly host?: string;
  /** Where it cannot be told from here whether the holder lives: the file to remove if nobody does. */
  readonly toRemove?: string;
}

/** " (process 7 on HOST)", to be put behind who holds the lock; empty where it is unknown. */
export function holderText({ pid, host }: Holder): string {
  return pid === undefined ? '' : ` (process ${pid}${host === undefined ? '' : ` on ${host}`})`;
}

/** " …: if it does not, remove FILE.", to be put behind the message; empty where the holder is known to live. */
export function removalText({ toRemove }: Holder): string {
  return toRemove === undefined
    ? ''
    : ` It cannot be told from here whether that one still runs: if it does not, remove ${toRemove}.`;
}

const ours = new Set<string>();

/**
 * @param inUse What is thrown where another process, or this one, holds the lock already.
 * @returns What gives the lock back.
 */
export function lockFile(lock: string, inUse: (holder: Holder) => Error): () => void {
  const content = `${process.pid} ${startOf(process.pid) ?? ''} ${hostname()}\n`;
  if (!create(lock, content)) {
    const found = look(lock);
    if (typeof found === 'object') throw inUse(found);
    takeOver(lock, content, inUse);
  }
  ours.add(lock);
  return () => {
    ours.delete(lock);
    // Somebody may have removed it by hand, and another one taken it.
    if (textOf(lock) === content) rmSync(lock, { force: true });
  };
}

/**
 * Of several that find the holder dead, one may make the lock its own. It never removes it: another one could have taken
 * it since it was looked at.
 */
function takeOver(lock: string, content: string, inUse: (holder: Holder) => Error): void {
  const guard = `${lock}.stale`;
  if (!create(guard, content)) throw inUse({ toRemove: guard });
  try {
    const found = look(lock);
    if (typeof found === 'object') throw inUse(found);
    if (found === 'dead') overwrite(lock, content);
    else if (!create(lock, content)) throw inUse({});
  } finally {
    rmSync(guard, { force: true });
  }
}

/** Of several that try it at once, one makes the file. */
function create(file: string, content: string): boolean {
  const opened = open(file);
  if (opened === undefined) return false;
  try {
    writeSync(opened, content);
    // A lock that lost its content with the power would name nobody, and hold until somebody removes it.
    fsyncSync(opened);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  } finally {
    closeSync(opened);
  }
  return true;
}

function open(file: string): number | undefined {
  try {
    return openSync(file, 'wx', 0o600);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return undefined;
    throw error;
  }
}

/** At no time is it empty: the new line stands before what is left of the old one goes. */
function overwrite(lock: string, content: string): void {
  const opened = openSync(lock, 'r+');
  try {
    ftruncateSync(opened, writeSync(opened, content, 0));
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

/** The holder, unless it is dead or there is no lock. One of another machine, or that cannot be read, counts as living. */
function look(lock: string): Holder | 'dead' | 'absent' {
  const text = textOf(lock);
  if (text === undefined) return 'absent';
  // Locks of earlier versions name no host. A line without its end is being written.
  const [, number, started, host = hostname()] = /^([1-9]\d*)(?: (\d*))?(?: (.*))?\n/.exec(text) ?? [];
  if (number === undefined) return { toRemove: lock };
  const pid = Number(number);
  if (host !== hostname()) return { pid, host, toRemove: lock };
  const isSame = lives(pid) && startOf(pid) === (started ?? '');
  return isSame && (pid !== process.pid || ours.has(lock)) ? { pid } : 'dead';
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
  const stat = textOf(`/proc/${pid}/stat`) ?? '';
  // The name before these fields stands in brackets, and may hold any character.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' || state === 'X' ? undefined : (fields[18] ?? '');
}

/** Empty where it cannot be read, undefined where there is no such file. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? undefined : '';
  }
}
