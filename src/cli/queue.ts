/** The queue that `--queue` names. */
import type { Connection } from '../grade/queue/connection.ts';
import { CliError, EXIT, usage } from './exit.ts';

/** @throws CliError: 2 for what is no URL of a queue, 3 where nobody answers. Never with the URL, which may hold a password. */
export async function openQueueOf(url: string, tell: (message: string) => void): Promise<Connection> {
  const { openQueue, QueueError } = await import('../grade/queue/connection.ts');
  return openQueue(url, tell).catch((error: unknown) => {
    if (!(error instanceof QueueError)) throw error;
    throw error.code === 'URL'
      ? usage(error.message)
      : new CliError(EXIT.unknown, { code: 'QUEUE', message: error.message });
  });
}
