/** Another account, entered by a role that trusts us (IAM User Guide, "Access to AWS accounts owned by third parties"). */
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import type { Connection } from './connection.ts';
import { CallFailure } from './errors.ts';
import type { Target } from './reader.ts';

export interface RoleToAssume {
  readonly roleArn: string;
  readonly externalId?: string;
  /** For whom, as CloudTrail of that account will show it. */
  readonly session: string;
}

/** Enough for any look, and the least that STS gives; chained from a role, an hour would be the most. */
const SESSION_SECONDS = 900;

/**
 * The same place, as that role. Its keys stay in memory, for as long as the target does.
 * @throws CallFailure as STS refuses it: `AccessDenied` for a role that is not there, too
 */
export async function assumeRole(
  connection: Connection,
  target: Target,
  { roleArn, externalId, session }: RoleToAssume,
  abortSignal?: AbortSignal,
): Promise<Target> {
  const sts = await connection.client('sts');
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: roleArn,
      RoleSessionName: sessionName(session),
      DurationSeconds: SESSION_SECONDS,
      ...(externalId !== undefined && { ExternalId: externalId }),
    }),
    abortSignal && { abortSignal },
  );
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken)
    throw new CallFailure('sts:AssumeRole', new Error('STS answered without credentials'));
  const { profile: _, ...place } = target;
  return {
    ...place,
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
  };
}

/** What STS takes: 2 to 64 of these characters (STS API Reference, AssumeRole). */
function sessionName(text: string): string {
  return `labproof-${text.replace(/[^\w+=,.@-]/g, '_')}`.slice(0, 64);
}
