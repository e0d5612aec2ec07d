/** The command table: names, flags and help. Each command's own file is loaded only when it is called. */
import { Command, Option } from 'commander';
import { withRecorded, withTarget } from './flags.ts';
import { accountId, collect, concurrency, port, protocol, seconds, timeScale } from './values.ts';

const VERSION = '0.1.0';
const LAB = 'a lab id, or the path of a lab.yaml; may be left out where there is just one lab';

export function program(argv: readonly string[]): Command {
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

  withRecorded(labproof.command('verify').description('run the checks once'))
    .argument('[lab]', LAB)
    .addOption(repeatable('--step <id>', 'only this step', 'all'))
    .option('--json', 'the result as one JSON document')
    .option('--junit <file>', 'write the result as JUnit XML, too')
    .addOption(
      new Option('--watch', 'verify again and again, until all has passed or Ctrl+C').conflicts([
        'timeout',
        'snapshot',
      ]),
    )
    .option('--timeout <seconds>', 'how long to wait for what AWS has not finished', seconds, 0)
    .action(async (lab, flags) => (await import('./verify.ts')).verify(lab, flags));

  withTarget(labproof.command('solve').description('apply the reference solution'))
    .argument('[lab]', LAB)
    .option('--through <step>', 'stop after this step')
    .addOption(
      new Option('--trial <name>', 'make this mistake in it, to see what is said of that').conflicts('through'),
    )
    .option('--print', 'show the solution as AWS CLI commands instead')
    .option('--yes', 'create the resources on a real account')
    .action(async (lab, flags) => (await import('./solve.ts')).solve(lab, flags));

  withRecorded(labproof.command('report').description('write the project report'))
    .argument('[lab]', LAB)
    .option('-o, --output <dir>', 'where the report goes', 'labproof-reports')
    .action(async (lab, flags) => (await import('./report.ts')).report(lab, flags));

  withRecorded(labproof.command('path').description('follow a packet and its answer, hop by hop'))
    .requiredOption('--from <instance>', 'an instance (id or Name), a network interface or an address')
    .requiredOption('--to <place>', 'an address, or one of the same')
    .addOption(
      new Option('--protocol <protocol>', 'icmp, tcp:PORT or udp:PORT')
        .argParser(protocol)
        .default({ name: 'icmp' }, 'icmp'),
    )
    .option('--json', 'the path as one JSON document')
    .action(async (flags) => (await import('./path.ts')).path(flags));

  labproof
    .command('flowlog')
    .description('explain flow-log records, a line each in words')
    .argument('[file]', 'a saved flow log, gzip too; standard input where absent')
    .option('--log-format <format>', "the flow log's own format, such as '${version} ${srcaddr} ${dstaddr} ${action}'")
    .option('--json', 'one JSON object a line')
    .action(async (file, flags) => (await import('./flowlog.ts')).flowlog(file, flags));

  withTarget(labproof.command('snapshot').description('save what the checks read, to verify it later or elsewhere'))
    .argument('[lab]', LAB)
    .option('-o, --output <file>', 'where it goes', 'labproof-snapshot.json')
    .option('--import <dir>', 'build it from saved outputs of the AWS CLI instead')
    .action(async (lab, flags) => (await import('./snapshot.ts')).snapshot(lab, flags));

  withTarget(labproof.command('cleanup').description('what the lab made and still exists; --yes deletes it'))
    .argument('[lab]', LAB)
    .option('--yes', 'delete it, and prove each gone')
    .addOption(repeatable('--vpc <id>', "this VPC is the lab's, where its signs leave that open", 'none'))
    .option('--json', 'the list as one JSON document')
    .action(async (lab, flags) => (await import('./cleanup.ts')).cleanup(lab, flags));

  withTarget(labproof.command('doctor').description('credentials, permissions, clock, terminal: each with its fix'))
    .argument('[lab]', LAB)
    .option('--json', 'the findings as one JSON document')
    .action(async (lab, flags) => (await import('./doctor.ts')).doctor(lab, flags));

  labproof
    .command('policy')
    .description('the IAM policy that a lab needs, and nothing more')
    .argument('[lab]', LAB)
    .addOption(
      new Option('--for <who>', 'checker: to verify; learner: to do the lab')
        .choices(['checker', 'learner'])
        .default('checker'),
    )
    .option('--cloudformation', 'a grading role for other accounts, with an external id, as a CloudFormation template')
    .action(async (lab, flags) => (await import('./policy.ts')).policy(lab, flags));

  withTarget(labproof.command('grade').description('grade the accounts of a class'))
    .argument('<lab>', 'a lab id, or the path of a lab.yaml')
    .requiredOption(
      '--roster <file>',
      'who is in the class, and how each account is entered: CSV, YAML or a Canvas export',
    )
    .requiredOption('-o, --output <dir>', 'where the grades go')
    .addOption(
      new Option('--queue <url>', 'have workers look at the accounts, through this Redis (redis://…)')
        .env('LABPROOF_QUEUE')
        .conflicts(['sandbox', 'profile', 'endpointUrl']),
    )
    .option('--concurrency <number>', 'how many accounts at a time (16; with --queue, 256)', concurrency)
    .option('--resume', 'go on with the last run: look only at who is missing or could not be told, and mark anew')
    .addOption(repeatable('--again <learner>', 'go on with the last run, and look at this learner again', 'none'))
    .addOption(repeatable('--left <learner>', 'is in the class no more, though the folder tells of them', 'none'))
    .addOption(
      repeatable('--format <name>', 'write this, too: csv json html junit gradescope classroom50 canvas', 'csv'),
    )
    .option('--rubric <file>', 'points, pass mark, hidden checks, lateness (YAML)')
    .option('--overrides <file>', 'what was decided by hand, with a reason each (CSV or YAML)')
    .option('--assignment <title>', "its title in Canvas; the lab's where absent")
    .option('--no-ping', 'only read: no ping is sent through Systems Manager')
    .action(async (lab, flags) => (await import('./grade.ts')).grade(lab, flags));

  withTarget(labproof.command('worker').description('look at the accounts that `grade --queue` puts into a queue'))
    .argument('[labs...]', 'paths of labs that labproof does not bring with it')
    .addOption(
      new Option('--queue <url>', 'the Redis that holds the queue (redis://…)')
        .env('LABPROOF_QUEUE')
        .makeOptionMandatory(),
    )
    .option('--concurrency <number>', 'how many accounts at a time', concurrency, 16)
    .action(async (labs, flags) => (await import('./worker.ts')).worker(labs, flags));

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
  lab
    .command('test')
    .description('try the solution, each part of it and every trial, in sandboxes of their own')
    .argument('[lab]', LAB)
    .addOption(repeatable('--trial <name>', 'only this trial', 'all'))
    .option('--json', 'as one JSON document')
    .action(async (id, flags) => (await import('./lab-test.ts')).test(id, flags));

  const check = labproof.command('check').description('the checks that labs use');
  check
    .command('list')
    .description('list them')
    .option('--json', 'as one JSON document')
    .action(async (flags) => (await import('./check.ts')).list(flags));
  check
    .command('show')
    .description('what it needs, and everything that it may find')
    .argument('<id>', 'such as network/cidrs-unique')
    .option('--json', 'as one JSON document')
    .action(async (id, flags) => (await import('./check.ts')).show(id, flags));
  return labproof;
}

/** @param none What holds where it is not given. */
function repeatable(flags: string, description: string, none: string): Option {
  return new Option(flags, `${description} (repeatable)`).argParser(collect).default([], none);
}
