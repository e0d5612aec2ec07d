/** Each learner's account, entered as the roster says; with clients and a retry budget of its own. */
import { basename } from 'node:path';
import type { Connection } from '../account/connection.ts';
import type { AccountReader, Target } from '../account/reader.ts';
import { EntryRefused } from '../grade/attempt.ts';
import type { Entry, Learner } from '../grade/learner.ts';
import { FileError } from '../lib/text-file.ts';

/** Opens accounts from the instructor's own place. `close` gives up the connection to STS. */
export async function openEntrance(base: Target) {
  const [{ connect }, { openAccount }] = await Promise.all([
    import('../account/connection.ts'),
    import('../account/live.ts'),
  ]);
  const connection = connect(base);
  return {
    async enter({ id, region = base.region, entry }: Learner, signal: AbortSignal): Promise<AccountReader> {
      if (entry.kind === 'snapshot') return openRecorded(entry.file, base);
      const here: Target = { ...base, ...(region !== undefined && { region }) };
      if (entry.kind === 'role') return openAccount(await roleTarget(connection, here, entry, id, signal), { signal });
      const { credentials: _, ...place } = here;
      return openAccount({ ...place, profile: entry.profile }, { signal });
    },
    close: () => connection.close(),
  };
}

/** @throws EntryRefused: with what the instructor, or the learner, has to look at */
async function roleTarget(
  connection: Connection,
  here: Target,
  { roleArn, externalId }: Entry & { readonly kind: 'role' },
  session: string,
  signal: AbortSignal,
): Promise<Target> {
  const [{ assumeRole }, { unreadOf }] = await Promise.all([
    import('../account/enter.ts'),
    import('../account/errors.ts'),
  ]);
  try {
    // By the STS of the account's Region: tokens of the global one are refused by Regions that are switched on by hand.
    const sts = here.region === undefined ? connection : connection.in(here.region);
    return await assumeRole(sts, here, { roleArn, session, ...(externalId !== undefined && { externalId }) }, signal);
  } catch (error) {
    const { reason, message } = unreadOf(error, here.endpointUrl);
    if (reason !== 'denied') throw new EntryRefused(reason.toUpperCase(), message);
    throw new EntryRefused(
      'ENTRY_DENIED',
      `${roleArn} cannot be assumed. Is it there, does it trust your account, and is the external id the same in both places?`,
    );
  }
}

/** Where accounts of AWS are graded, nobody hands in the sandbox's, in which everything can be had for nothing. */
async function openRecorded(file: string, { kind }: Target): Promise<AccountReader> {
  const [{ loadSnapshot }, { openSnapshot }] = await Promise.all([
    import('../account/snapshot-file.ts'),
    import('../account/recorded.ts'),
  ]);
  const snapshot = await loadSnapshot(file).catch((error: unknown) => {
    if (!(error instanceof FileError)) throw error;
    const [{ code, line, column }] = error.problems;
    if (['NOT_FOUND', 'UNREADABLE', 'NOT_A_FILE'].includes(code))
      throw new EntryRefused('NO_SNAPSHOT', `${file}: ${error.message}`);
    // Learners read this: folders of the instructor's are none of their business.
    const place = [basename(file), line, column].filter(Boolean).join(':');
    throw new EntryRefused('BAD_SNAPSHOT', `${place}: ${error.message}`);
  });
  if (snapshot.cloud.kind === 'sandbox' && kind === 'aws')
    throw new EntryRefused(
      'SANDBOX_SNAPSHOT',
      `${basename(file)} is of the sandbox, and not of an AWS account. A class that works in the sandbox is graded with --sandbox.`,
    );
  return openSnapshot(snapshot);
}
