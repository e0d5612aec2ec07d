/** User data of instances (EC2 User Guide, "Run commands when you launch an EC2 instance"). */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { AwsError } from '../../service.ts';
import type { Ec2State } from '../../world.ts';

/** Before it is encoded. */
const MOST_USER_DATA = 16_384;

/** @returns As given: base64. */
export function requireUserData(text: string): string {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text.replaceAll(/\s/g, '')))
    throw new AwsError('InvalidParameterValue', 'Invalid BASE64 encoding of user data.');
  if (Buffer.from(text, 'base64').length > MOST_USER_DATA)
    throw new AwsError('InvalidParameterValue', `User data is limited to ${MOST_USER_DATA} bytes`);
  return text;
}

/** A first line that names a shell, and gives it no options. */
const SHELL = /^#![ \t]*\/(usr\/)?bin\/(env[ \t]+)?(ba)?sh[ \t]*$/;
/** cloud-init has no such limit; here somebody has to end what never ends. */
const LONGEST_MS = 24 * 3_600_000;

/** Will it run its user data as soon as it has booted? */
export function isFirstBoot({ userData, launches }: Ec2State, { InstanceId = '', State }: Ec2.Instance): boolean {
  return State?.Name === 'pending' && userData?.[InstanceId] !== undefined && launches?.[InstanceId]?.neverRan === true;
}

/**
 * Begins the script in the instance's user data if this is its first boot: cloud-init runs it once per instance. Other
 * user data (`#cloud-config` …) does nothing here. @param at Epoch milliseconds.
 */
export function boot(ec2: Ec2State, { InstanceId = '', Platform }: Ec2.Instance, at: number): void {
  const launch = ec2.launches?.[InstanceId];
  if (!launch?.neverRan) return;
  delete launch.neverRan;
  const lines = Buffer.from(ec2.userData?.[InstanceId] ?? '', 'base64')
    .toString()
    .split('\n');
  const [first = ''] = lines;
  if (!first.startsWith('#!') || Platform !== undefined) return;
  const run = { startedAt: at, deadline: at + LONGEST_MS, exitCode: 0, stdout: '', stderr: '' };
  ec2.userDataRuns ??= {};
  ec2.userDataRuns[InstanceId] = SHELL.test(first)
    ? { ...run, script: { lines, number: 0, at, packets: 0 } }
    : {
        ...run,
        finishedAt: at,
        stdout: 'this sandbox runs user data of #!/bin/bash and #!/bin/sh without options only\n',
      };
}
