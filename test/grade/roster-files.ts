/** Rosters for a test: written to a folder of their own, read by the public door. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { FileError } from '../../src/lib/text-file.ts';

export const folder = mkdtempSync(join(tmpdir(), 'labproof-roster-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

export function write(name: string, content: string | Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

/** Each problem as `line:column CODE message`. */
export async function problemsOf(read: () => unknown): Promise<string[]> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return error.problems.map(({ line, column, code, message }) => `${line}:${column} ${code} ${message}`);
  }
  return [];
}
