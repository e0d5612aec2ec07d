/** One process a file: the lock names its holder, so that one that was killed does not lock it for ever. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';

const ours = new Set<string>();

/**
 * @param what The file that is locked, for the message.
 * @returns What gives the lock back.
 * @throws Error where another process, or this one, already uses it.
 */
export function lockFile(lock: string, what: string): () => void {
  const holder = holderOf(lock);
  if (holder !== undefined)
    throw new Error(
      `The sandbox's state file ${what} is in use by another sandbox (process ${holder}). Stop that one, or name another file.`,
    );
  writeFileSync(lock, `${process.pid}\n`, { mode: 0o600 });
  ours.add(lock);
  return () => {
    ours.delete(lock);
    rmSync(lock, { force: true });
  };
}

/** The living process that holds the lock. */
function holderOf(lock: string): number | undefined {
  const pid = Number(read(lock));
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  if (pid === process.pid) return ours.has(lock) ? pid : undefined;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? pid : undefined;
  }
}

function read(lock: string): string {
  try {
    return readFileSync(lock, 'utf8');
  } catch {
    return '';
  }
}
