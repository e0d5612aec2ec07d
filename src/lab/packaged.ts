/**
 * The labs that come with the product, read and checked once, when it is built. Reading a lab's YAML and holding it
 * against every check takes a tenth of a second, which a learner would wait for at each start.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digestOf } from '../lib/digest.ts';
import { TEMPLATE_FILE } from './list.ts';
import type { Lab } from './schema.ts';

const ID = /^[a-z][a-z0-9-]*$/;

export function packagedFile(dir: string, id: string): string {
  return join(dir, `${id}.json`);
}

/** Undefined where there is none, or where the lab or its template was edited since. */
export async function packagedLab(id: string, dir: string): Promise<Lab | undefined> {
  if (!ID.test(id)) return undefined;
  try {
    const lab = JSON.parse(await readFile(packagedFile(dir, id), 'utf8')) as Lab;
    const template = join(dirname(lab.file), TEMPLATE_FILE);
    const [source, text] = await Promise.all([readFile(lab.file), readFile(template, 'utf8').catch(() => undefined)]);
    const same = digestOf(source) === lab.digest && text === lab.reportTemplate;
    return same ? lab : undefined;
  } catch {
    return undefined;
  }
}
