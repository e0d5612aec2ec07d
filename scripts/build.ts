/** Builds `dist/`: one split ESM bundle, so that each command loads only what it needs. Runs as npm's `prepare`. */
import { chmodSync, copyFileSync, globSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

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
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: false,
  legalComments: 'none',
  // React's development build keeps every measurement for ever; Ink's dev tools are not shipped.
  define: { 'process.env.NODE_ENV': '"production"' },
  alias: { 'react-devtools-core': './scripts/no-devtools.ts' },
  // Bundled CommonJS packages call require for Node's own modules, and ask where they are.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url),__filename=import.meta.filename,__dirname=import.meta.dirname;",
  },
  logLevel: 'warning',
});
copyFileSync(join(root, 'src/cli/launch.js'), join(root, 'dist/cli.js'));
chmodSync(join(root, 'dist/cli.js'), 0o755);
