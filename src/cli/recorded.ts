/** What a command that only reads may look at: a cloud, or an account that was recorded. */
import type { Snapshot } from '../account/snapshot.ts';
import { oneLine } from '../lib/terminal-text.ts';
import { type Cloud, openCloud } from './cloud.ts';
import { orFileProblem } from './file-problem.ts';
import type { TargetFlags } from './flags.ts';

export interface Recorded {
  readonly snapshot: Snapshot;
  close(): Promise<void>;
}

/** Opens what the flags name. @throws CliError with the place of what is wrong with a snapshot */
export async function openReadable(
  flags: TargetFlags,
  options?: { readonly announced?: boolean },
): Promise<Cloud | Recorded> {
  const { snapshot: file } = flags;
  if (file === undefined) return openCloud(flags, options);
  const { loadSnapshot } = await import('../account/snapshot-file.ts');
  const snapshot = await orFileProblem(() => loadSnapshot(file));
  const { kind, account, region } = snapshot.cloud;
  process.stderr.write(
    `${oneLine(`Recorded ${snapshot.takenAt}: ${kind === 'sandbox' ? 'the sandbox' : 'AWS'}, account ${account}, ${region}.`)}\n`,
  );
  return { snapshot, close: async () => {} };
}
