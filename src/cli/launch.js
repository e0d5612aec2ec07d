#!/usr/bin/env node
// The first file that runs, on whatever Node the machine has: it stays plain JavaScript and imports nothing of ours.
// Node 22 or newer goes on in this process; an older one hands over to the Node that the repository pins.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

if (Number(process.versions.node.split('.')[0]) >= 22) {
  module.enableCompileCache?.();
  process.env.NODE_ENV ??= 'production';
  await import('./src/cli/main.js');
} else {
  const pinned = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));
  if (existsSync(pinned)) {
    const child = spawn(pinned, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    child.on('exit', (code, signal) => {
      process.exitCode = code ?? 128 + ({ SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }[signal] ?? 9);
    });
  } else {
    process.stderr.write(
      `labproof needs Node 22 or newer; this is ${process.versions.node}. Install it from https://nodejs.org, or run "npm ci" here, which brings its own.\n`,
    );
    process.exitCode = 2;
  }
}
