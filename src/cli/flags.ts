/** The target flags, the same for every command. */
import { type Command, Option } from 'commander';

export interface TargetFlags {
  readonly sandbox?: boolean;
  readonly profile?: string;
  readonly region?: string;
  readonly endpointUrl?: string;
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
