/** A file that cannot be used ends a command with 2 and its place. */
import { FileError } from '../lib/text-file.ts';
import { CliError, EXIT } from './exit.ts';

/** @throws CliError in place of a FileError. */
export async function orFileProblem<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof FileError ? new CliError(EXIT.usage, ...error.problems) : error;
  }
}
