/** A text file that somebody hands us, whatever it turns out to be; and what is wrong with it, and where. */
import { readFile, stat } from 'node:fs/promises';
import { codeOf } from './message.ts';

export interface FileProblem {
  /** `UPPER_SNAKE`, stable. */
  readonly code: string;
  readonly message: string;
  readonly file: string;
  /** From 1. */
  readonly line?: number;
  /** From 1, in UTF-16 units, as editors count. */
  readonly column?: number;
}

/** A file that cannot be used. Nothing of it is. */
export class FileError extends Error {
  readonly problems: readonly [FileProblem, ...FileProblem[]];
  constructor(...problems: readonly [FileProblem, ...FileProblem[]]) {
    super(problems[0].message);
    this.name = 'FileError';
    this.problems = problems;
  }
}

/** The text of a regular file, in UTF-8 or, as PowerShell writes it, in UTF-16. @throws FileError */
export async function readTextFile(file: string, mostBytes: number): Promise<string> {
  const refuse = (code: string, message: string) => new FileError({ code, message, file });
  try {
    // A pipe or a device would never end: only what is known to be a file is opened.
    const found = await stat(file);
    if (found.isDirectory()) throw refuse('NOT_A_FILE', 'This is a folder, not a file.');
    if (!found.isFile()) throw refuse('NOT_A_FILE', 'This is no regular file.');
    if (found.size > mostBytes)
      throw refuse('TOO_LARGE', `This file has ${sizeText(found.size)}; ${sizeText(mostBytes)} is the most.`);
    return decode(await readFile(file), file);
  } catch (error) {
    if (error instanceof FileError) throw error;
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') throw refuse('NOT_FOUND', 'There is no such file.');
    throw refuse('UNREADABLE', `This file cannot be read (${code || String(error)}).`);
  }
}

function decode(bytes: Uint8Array, file: string): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  try {
    return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new FileError({ code: 'NOT_TEXT', message: 'This is no text file (its bytes are not UTF-8).', file });
  }
}

function sizeText(bytes: number): string {
  return bytes < 2 ** 30 ? `${Math.ceil(bytes / 2 ** 20)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
