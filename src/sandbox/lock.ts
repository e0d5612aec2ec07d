/** One sandbox a state file. */
import { lockFile } from '../lib/lock.ts';

/** The state file is another sandbox's. */
export class FileInUse extends Error {
  constructor(file: string, holder: number | undefined) {
    super(
      `The sandbox's state file ${file} is in use by another sandbox${holder === undefined ? '' : ` (process ${holder})`}. Stop that one first.`,
    );
    this.name = 'FileInUse';
  }
}

/** @returns What gives it back. @throws FileInUse */
export function lockStateFile(lock: string, file: string): () => void {
  return lockFile(lock, (holder) => new FileInUse(file, holder));
}
