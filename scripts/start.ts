/** `npm start`: the guided walk in the sandbox; where stdout is no terminal, the same walk by itself. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const alone = process.stdout.isTTY && process.stdin.isTTY ? [] : ['--auto', '--plain'];
const cli = join(import.meta.dirname, '../dist/cli.js');
const child = spawn(
  process.execPath,
  [cli, 'start', 'vpc-flow-logs', '--sandbox', ...alone, ...process.argv.slice(2)],
  {
    stdio: 'inherit',
  },
);
// The terminal sends Ctrl-C to both: the walk decides what it means.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal ? 130 : 1);
});
