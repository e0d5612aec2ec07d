/** Reads an author's file, whatever it turns out to be. */
import { open, stat } from 'node:fs/promises';
import { codeOf } from '../lib/message.ts';
import { LabError } from './problem.ts';

const MAX_BYTES = 1024 * 1024;

/** The bytes of a regular file of at most 1 MiB. Rejects with a `LabError`. */
export async function readBytes(file: string): Promise<Buffer> {
  const refuse = (code: string, message: string) => new LabError([{ code, message, file }]);
  try {
    // A pipe or a device would never end: only what is known to be a file is opened.
    const { size } = await stat(file).then((found) => {
      if (found.isDirectory()) throw refuse('NOT_A_FILE', 'This is a folder. Name the lab.yaml in it.');
      if (!found.isFile()) throw refuse('NOT_A_FILE', 'This is no regular file.');
      return found;
    });
    if (size > MAX_BYTES) throw refuse('TOO_LARGE', `This file has ${size} bytes; 1 MiB is the most.`);
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAX_BYTES + 1), 0, MAX_BYTES + 1, 0);
      if (bytesRead > MAX_BYTES) throw refuse('TOO_LARGE', 'This file has more than 1 MiB.');
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof LabError) throw error;
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') throw refuse('NOT_FOUND', 'There is no such file.');
    throw refuse('UNREADABLE', `This file cannot be read (${code || String(error)}).`);
  }
}

/** Text of UTF-8 bytes. Throws a `LabError` for anything else. */
export function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new LabError([{ code: 'NOT_TEXT', message: 'This is no text file (its bytes are not UTF-8).', file }]);
  }
}
