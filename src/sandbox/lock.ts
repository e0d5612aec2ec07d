/** One sandbox a state file. */
import { type Holder, holderText, lockFile, removalText } from '../lib/lock.ts';

/** The state file is another sandbox's. */
export class FileInUse extends Error {
  /** Is it known that the other one runs? Else the message says which file to remove. */
  readonly isAlive: boolean;
  constructor(file: string, holder: Holder) {
    super(
      `The sandbox's state file ${file} is in use by another sandbox${holderText(holder)}. Stop that one first.${removalText(holder)}`,
    );
    this.name = 'FileInUse';
    this.isAlive = holder.toRemove === undefined;
  }
}

/** @returns What gives it back. @throws FileInUse */
export function lockStateFile(lock: string, file: string): () => void {
  return lockFile(lock, (holder) => new FileInUse(file, holder));
}
