/** Ctrl+C, for a command that has something to finish, and an end that waits for nothing else. */
import { type CliError, type ExitCode, printError } from './exit.ts';

/**
 * From here on, the first Ctrl+C raises the signal and nothing else, so that the command can say what it has and end with
 * 130; a second one ends the program at once.
 */
export function interruptSignal(): AbortSignal {
  const stop = new AbortController();
  process.removeAllListeners('SIGINT');
  process.once('SIGINT', () => stop.abort());
  return stop.signal;
}

/** Ends the program as soon as everything is written: calls and processes that are still under way would keep it alive. */
export async function endNow(exit: ExitCode): Promise<never> {
  await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))));
  process.exit(exit);
}

export async function endWith(error: CliError): Promise<never> {
  printError(error, false);
  return endNow(error.exit);
}
