/** Builds `dist/`: one split ESM bundle, so that each command loads only what it needs. Runs as npm's `prepare`. */
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import { loadChecks } from '../src/lab/checks.ts';
import { listLabs } from '../src/lab/list.ts';
import { LabError, loadLab } from '../src/lab/load.ts';
import { packagedFile } from '../src/lab/packaged.ts';

const root = join(import.meta.dirname, '..');

rmSync(join(root, 'dist'), { recursive: true, force: true });
await build({
  absWorkingDir: root,
  // Checks are entry points of their own: they are found by their path, not by a list.
  entryPoints: ['src/cli/main.ts', ...globSync('checks/**/*.ts', { cwd: root })],
  outdir: 'dist',
  outbase: '.',
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node22',
  mainFields: ['module', 'main'],
  minify: true,
  legalComments: 'none',
  // React's development build keeps every measurement for ever; Ink's dev tools are not shipped.
  define: { 'process.env.NODE_ENV': '"production"', LABPROOF_BUILD: JSON.stringify(digestOfSources()) },
  alias: { 'react-devtools-core': './scripts/no-devtools.ts' },
  // Bundled CommonJS packages call require for Node's own modules, and ask where they are.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url),__filename=import.meta.filename,__dirname=import.meta.dirname;",
  },
  logLevel: 'warning',
});
await packageLabs();
copyFileSync(join(root, 'src/cli/launch.js'), join(root, 'dist/cli.js'));
chmodSync(join(root, 'dist/cli.js'), 0o755);

/** Of all that judges: two builds of one version need not be the same. */
function digestOfSources(): string {
  const hash = createHash('sha256');
  for (const file of globSync(['src/**/*', 'checks/**/*', 'package-lock.json'], { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort())
    hash.update(`${relative(root, file)}\0`).update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}

/** Every lab is loaded and checked now, so that it need not be at each start. A lab with a problem stops the build. */
async function packageLabs(): Promise<void> {
  const checks = await loadChecks(join(root, 'checks'));
  const labsDir = join(root, 'labs');
  mkdirSync(join(root, 'dist/labs'));
  for (const id of await listLabs(labsDir)) {
    const lab = await loadLab(id, { labsDir, checks }).catch((error: unknown) => {
      throw error instanceof LabError ? new Error(JSON.stringify(error.problems, null, 2)) : error;
    });
    writeFileSync(packagedFile(join(root, 'dist/labs'), id), JSON.stringify(lab));
  }
}
