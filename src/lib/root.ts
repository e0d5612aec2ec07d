import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's own folder, found upwards from this module: it lies in `src/lib` in the sources and in a chunk of `dist` when built. */
function packageRoot(): string {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dir, 'package.json'))) {
    const parent = dirname(dir);
    if (parent === dir) throw new Error('labproof is not installed completely: its package.json is missing.');
    dir = parent;
  }
  return dir;
}

/** The folder of the compiled checks, or of their sources where these are run directly. */
export function checksDir(): string {
  const root = packageRoot();
  return fileURLToPath(import.meta.url).startsWith(join(root, 'dist'))
    ? join(root, 'dist/checks')
    : join(root, 'checks');
}

export function labsDir(): string {
  return join(packageRoot(), 'labs');
}

/** Where the build puts the labs that it has checked. */
export function packagedDir(): string {
  return join(packageRoot(), 'dist/labs');
}
