/** The target flags, the same for every command. */
import { type Command, Option } from 'commander';

export interface TargetFlags {
  readonly sandbox?: boolean;
  readonly profile?: string;
  readonly region?: string;
  readonly endpointUrl?: string;
  /** Only where `withRecorded` offers it. */
  readonly snapshot?: string;
}

export function withTarget(command: Command): Command {
  return command
    .addOption(
      new Option('--sandbox', 'the simulated AWS on this machine: no account, no cost').conflicts([
        'profile',
        'endpointUrl',
      ]),
    )
    .option('--profile <name>', 'a profile of your AWS configuration')
    .option('--region <region>', 'the AWS Region')
    .option('--endpoint-url <url>', 'another AWS endpoint, such as a running sandbox');
}

/** For commands that only read: a recorded account will do as well. */
export function withRecorded(command: Command): Command {
  return withTarget(command).addOption(
    new Option('--snapshot <file>', 'an account saved by labproof snapshot').conflicts([
      'sandbox',
      'profile',
      'region',
      'endpointUrl',
    ]),
  );
}
