/** The program's way in: runs one command, and sets the exit code. */
import { type Command, CommanderError } from 'commander';
import { messageOf } from '../lib/message.ts';
import { safe } from '../lib/terminal-text.ts';
import { CliError, EXIT, printError } from './exit.ts';
import { program } from './program.ts';

/** Commander prints its own usage errors; with `--json` they must be the one document on stdout instead. */
async function main(argv: readonly string[]): Promise<void> {
  const json = argv.includes('--json');
  const debug = argv.includes('--debug');
  const labproof = program(argv);
  const quiet = (command: Command): void => {
    command.exitOverride();
    // It quotes what it does not understand.
    command.configureOutput({ writeErr: json ? () => {} : (text) => process.stderr.write(safe(text)) });
    for (const child of command.commands) quiet(child);
  };
  quiet(labproof);
  if (json) process.once('SIGINT', interrupted);
  try {
    if (argv.length === 0) labproof.outputHelp();
    else await labproof.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
      if (error.exitCode !== 0 && json)
        printError(new CliError(EXIT.usage, { code: 'USAGE', message: error.message.replace(/^error: /, '') }), true);
      return;
    }
    if (debug && error instanceof Error) process.stderr.write(`${safe(error.stack ?? '')}\n`);
    const known =
      error instanceof CliError
        ? error
        : new CliError(EXIT.unknown, {
            code: 'UNEXPECTED',
            message: messageOf(error),
          });
    printError(known, json);
    process.exitCode = known.exit;
  }
}

/** Also then, stdout is exactly one document. */
function interrupted(): never {
  printError(new CliError(EXIT.interrupted, { code: 'INTERRUPTED', message: 'Interrupted.' }), true);
  process.exit(EXIT.interrupted);
}

// `labproof … | head` closes the pipe early: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
await main(process.argv.slice(2));
