/** Which labs there are: a folder each, with a lab.yaml in it. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export const LAB_FILE = 'lab.yaml';
/** The write-up's template, beside it. */
export const TEMPLATE_FILE = 'report.md.liquid';
/** Its trials, beside it. */
export const TRIALS_FILE = 'trials.yaml';

/** The ids of the labs in this folder, sorted. */
export async function listLabs(labsDir: string): Promise<readonly string[]> {
  const folders = await readdir(labsDir).catch(() => []);
  const found = await Promise.all(folders.map(async (id) => ((await isFile(join(labsDir, id, LAB_FILE))) ? [id] : [])));
  return found.flat().sort();
}

export async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
