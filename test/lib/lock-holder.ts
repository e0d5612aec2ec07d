/**
 * A process that takes a lock again and again and writes down when it has it: node lock-holder.ts LOCK LOG TURNS [dead].
 * With `dead`, the lock is not given back, but left as a killed process leaves it.
 */
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { lockFile } from '../../src/lib/lock.ts';

class InUse extends Error {}

const [lock = '', log = '', turns = '', end] = process.argv.slice(2);

for (let turn = 0; turn < Number(turns); ) {
  const giveBack = take();
  if (!giveBack) continue;
  turn += 1;
  // Flushed: that takes some time, in which another one might come in.
  appendFileSync(log, `in ${process.pid}\n`, { flush: true });
  appendFileSync(log, `out ${process.pid}\n`);
  if (end === 'dead') {
    // The number of a living process that began at another time. Renamed: at no time does the lock name nobody.
    writeFileSync(`${lock}.${process.pid}`, `${process.ppid} 1\n`);
    renameSync(`${lock}.${process.pid}`, lock);
  } else giveBack();
}

function take(): (() => void) | undefined {
  try {
    return lockFile(lock, () => new InUse());
  } catch (error) {
    if (error instanceof InUse) return undefined;
    throw error;
  }
}
