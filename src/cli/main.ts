/** The command table: names, flags and help. Each command's own file is loaded only when it is called. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { messageOf } from '../lib/message.ts';
import type { PathProtocol } from '../run/path.ts';
import { CliError, EXIT, printError } from './exit.ts';
import { withTarget } from './flags.ts';

const VERSION = '0.1.0';
const LAB = 'a lab id, or the path of a lab.yaml; may be left out where there is just one lab';

function program(argv: readonly string[]): Command {
  const labproof = new Command('labproof')
    .description('Walk a cloud lab step by step; every step is proven against your account.')
    .version(VERSION)
    .option('--debug', 'show stack traces')
    .showSuggestionAfterError()
    .addHelpText('after', '\nTry it with no AWS account:\n  labproof start vpc-flow-logs --sandbox\n');

  withTarget(labproof.command('start').description('walk a lab, guided'))
    .argument('[lab]', LAB)
    .option('--plain', 'linear text with numbered prompts, no redraws')
    .addOption(
      new Option('--auto', 'solve, check and answer each step by itself, and write the report (sandbox only)').implies({
        plain: true,
      }),
    )
    .option('-o, --output <dir>', 'where the report goes', 'labproof-reports')
    .action(async (lab, flags) => (await import('./start.ts')).start(lab, flags));

  withTarget(labproof.command('verify').description('run the checks once'))
    .argument('[lab]', LAB)
    .option('--step <id>', 'only this step (repeatable)', collect, [])
    .option('--json', 'the result as one JSON document')
    .option('--timeout <seconds>', 'how long to wait for what AWS has not finished', seconds, 0)
    .action(async (lab, flags) => (await import('./verify.ts')).verify(lab, flags));

  withTarget(labproof.command('solve').description('apply the reference solution'))
    .argument('[lab]', LAB)
    .option('--through <step>', 'stop after this step')
    .option('--print', 'show the solution as AWS CLI commands instead')
    .option('--yes', 'create the resources on a real account')
    .action(async (lab, flags) => (await import('./solve.ts')).solve(lab, flags));

  withTarget(labproof.command('report').description('write the project report'))
    .argument('[lab]', LAB)
    .option('-o, --output <dir>', 'where the report goes', 'labproof-reports')
    .action(async (lab, flags) => (await import('./report.ts')).report(lab, flags));

  withTarget(labproof.command('path').description('follow a packet and its answer, hop by hop'))
    .requiredOption('--from <instance>', 'an instance (id or Name), a network interface or an address')
    .requiredOption('--to <place>', 'an address, or one of the same')
    .addOption(
      new Option('--protocol <protocol>', 'icmp, tcp:PORT or udp:PORT')
        .argParser(protocol)
        .default({ name: 'icmp' }, 'icmp'),
    )
    .option('--json', 'the path as one JSON document')
    .action(async (flags) => (await import('./path.ts')).path(flags));

  const sandbox = labproof.command('sandbox').description('the simulated AWS on this machine');
  sandbox
    .command('start')
    .description('serve it in the foreground, on loopback')
    .option('--port <number>', 'the port; 0 picks one', port, 4599)
    .option('--state <file>', 'keep everything in this file, and resume from it')
    .option('--time-scale <number>', 'how many sandbox seconds pass in one real second', timeScale, 20)
    .option('--enforce-iam', 'IAM users and roles may do only what their policies allow')
    .action(async (flags) => (await import('./sandbox.ts')).start(flags));
  sandbox
    .command('env')
    .description('print the settings by which aws, boto3 and Terraform use the running sandbox')
    .option('--account <id>', 'a 12-digit account of your choice', accountId)
    .option('--region <region>', 'the AWS Region', 'us-east-1')
    .action(async (flags) => (await import('./sandbox.ts')).env(flags));
  sandbox
    .command('reset')
    .description('forget everything in it')
    .action(async () => (await import('./sandbox.ts')).reset());

  labproof
    .command('aws')
    .description('the same words as the AWS CLI, with no AWS CLI installed: labproof aws help')
    .helpOption(false)
    .allowUnknownOption()
    .argument('[words...]')
    // Its flags are the AWS CLI's own: they are read from what the user wrote, not from what is left of it here.
    .action(async () => (await import('./aws.ts')).aws(argv.slice(argv.indexOf('aws') + 1)));

  const lab = labproof.command('lab').description('the labs');
  lab
    .command('list')
    .description('list them')
    .option('--json', 'as one JSON document')
    .action(async (flags) => (await import('./lab.ts')).list(flags));
  lab
    .command('show')
    .description("show a lab's steps, checks and points")
    .argument('[lab]', LAB)
    .option('--json', 'as one JSON document')
    .action(async (id, flags) => (await import('./lab.ts')).show(id, flags));
  return labproof;
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function seconds(value: string): number {
  return numberIn(value, 0, 86_400, 'a number of seconds');
}

function port(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
  return numberIn(value, 0, 65_535, 'a whole number');
}

function protocol(value: string): PathProtocol {
  const [, name, digits] = /^(icmp|tcp|udp)(?::(\d{1,5}))?$/.exec(value) ?? [];
  if (name === 'icmp' && digits === undefined) return { name };
  const number = Number(digits);
  if ((name === 'tcp' || name === 'udp') && number >= 1 && number <= 65_535) return { name, port: number };
  throw new InvalidArgumentError('It must be icmp, tcp:PORT or udp:PORT, such as tcp:443.');
}

function timeScale(value: string): number {
  return numberIn(value, 0.01, 1e9, 'a number');
}

function accountId(value: string): string {
  if (!/^\d{12}$/.test(value)) throw new InvalidArgumentError('It must be 12 digits.');
  return value;
}

function numberIn(value: string, least: number, most: number, what: string): number {
  const number = Number(value);
  if (value.trim() === '' || !(number >= least && number <= most))
    throw new InvalidArgumentError(`It must be ${what} from ${least} to ${most}.`);
  return number;
}

/** Commander prints its own usage errors; with `--json` they must be the one document on stdout instead. */
async function main(argv: readonly string[]): Promise<void> {
  const json = argv.includes('--json');
  const debug = argv.includes('--debug');
  const labproof = program(argv);
  const quiet = (command: Command): void => {
    command.exitOverride();
    if (json) command.configureOutput({ writeErr: () => {} });
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
    if (debug && error instanceof Error) process.stderr.write(`${error.stack}\n`);
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
