/** The checks of a folder: a check's id is its path there. */
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Check } from '../check.ts';

export type Registry = Readonly<Record<string, Check>>;

/**
 * Imports every check below a folder. Files and folders that begin with `_` are helpers of checks, not checks.
 * Rejects with an Error that names the file whose default export is no check.
 */
export async function loadChecks(checksDir: string): Promise<Registry> {
  const entries = await readdir(checksDir, { recursive: true, withFileTypes: true });
  const ids = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(checksDir, join(entry.parentPath, entry.name)).split(sep))
    .filter((parts) => /\.[jt]s$/.test(parts.at(-1) ?? '') && !parts.some((part) => /^_|\.test\.|\.d\.ts$/.test(part)))
    .map((parts) => parts.join('/'))
    .sort();
  const loaded = await Promise.all(
    ids.map(async (path): Promise<[string, Check]> => {
      const module: { readonly default?: unknown } = await import(pathToFileURL(join(checksDir, path)).href);
      if (!isCheck(module.default))
        throw new Error(`${join(checksDir, path)}: the default export is no check (make it with defineCheck).`);
      return [path.replace(/\.[jt]s$/, ''), module.default];
    }),
  );
  return Object.fromEntries(loaded);
}

function isCheck(value: unknown): value is Check {
  if (typeof value !== 'object' || value === null) return false;
  const check: { readonly [Key in keyof Check]?: unknown } = value;
  return (
    typeof check.title === 'string' &&
    typeof check.params === 'object' &&
    Array.isArray(check.needs) &&
    typeof check.codes === 'object' &&
    typeof check.judge === 'function'
  );
}
