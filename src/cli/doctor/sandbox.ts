/** The sandbox on this machine: is one running, and can the saved one be read? */
import { existsSync } from 'node:fs';
import { messageOf } from '../../lib/message.ts';
import type { DoctorFinding } from '../../plain/doctor.ts';
import { runningSandbox } from '../running.ts';

export async function sandboxFinding(stateFile: string): Promise<DoctorFinding> {
  const id = 'sandbox';
  const running = await runningSandbox();
  if (running) return { id, status: 'ok', message: `A sandbox is running at ${running.url}; --sandbox uses it.` };
  if (!existsSync(stateFile))
    return { id, status: 'ok', message: 'Nothing is saved yet; --sandbox begins with a new account.' };
  const [{ openStore }, { FileInUse }] = await Promise.all([
    import('../../sandbox/store.ts'),
    import('../../sandbox/lock.ts'),
  ]);
  try {
    const store = openStore(stateFile);
    try {
      await store.load();
    } finally {
      store.close();
    }
    return { id, status: 'ok', message: `--sandbox goes on with what is saved in ${stateFile}.` };
  } catch (error) {
    if (error instanceof FileInUse && error.isAlive)
      return { id, status: 'ok', message: 'Another command is using the saved sandbox now; --sandbox waits for it.' };
    if (error instanceof FileInUse) return { id, status: 'problem', message: error.message };
    return {
      id,
      status: 'problem',
      message: messageOf(error),
      fix: { message: 'Forget what is saved, or move the file away to keep it.', command: 'labproof sandbox reset' },
    };
  }
}
