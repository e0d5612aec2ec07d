/** A reader of the cloud for as long as it is needed, and what is said where the cloud does not know us. */
import type { AccountReader } from '../account/reader.ts';
import type { Unread } from '../model/account.ts';
import type { Cloud } from './cloud.ts';
import { CliError, EXIT } from './exit.ts';
import type { Recorded } from './recorded.ts';

/** Each use has a reader of its own, so that nothing is remembered from an earlier look. */
export async function withAccount<T>(
  cloud: Cloud | Recorded,
  signal: AbortSignal | undefined,
  use: (reader: AccountReader) => Promise<T>,
): Promise<T> {
  const reader = await openReader(cloud, signal);
  try {
    return await use(reader);
  } finally {
    reader.close();
  }
}

async function openReader(cloud: Cloud | Recorded, signal: AbortSignal | undefined): Promise<AccountReader> {
  if ('snapshot' in cloud) return (await import('../account/recorded.ts')).openSnapshot(cloud.snapshot);
  return (await import('../account/live.ts')).openAccount(cloud.target, signal ? { signal } : {});
}

/** Nothing can be told at all: exit 3 and one message. */
export function unavailable({ reason, message }: Unread): CliError {
  return new CliError(EXIT.unknown, { code: reason.toUpperCase(), message });
}
