/** `labproof path`: where a packet goes, hop by hop, and its answer. */
import { jsonText } from '../lib/json.ts';
import { oneLine } from '../lib/terminal-text.ts';
import { pathText } from '../plain/path.ts';
import type { PathProtocol, PathResult } from '../run/path.ts';
import { unavailable, withAccount } from './account.ts';
import { CliError, EXIT } from './exit.ts';
import type { TargetFlags } from './flags.ts';
import { openReadable } from './recorded.ts';
import { usesColour } from './terminal.ts';

export interface PathFlags extends TargetFlags {
  readonly from: string;
  readonly to: string;
  readonly protocol: PathProtocol;
  readonly json?: boolean;
}

const EXITS = { delivered: EXIT.ok, dropped: EXIT.failed, indeterminate: EXIT.unknown } as const;

export async function path(flags: PathFlags): Promise<void> {
  const { CloudUnavailable } = await import('../run/verify.ts');
  const { findPath, UnknownPlace } = await import('../run/path.ts');
  const cloud = await openReadable(flags);
  try {
    const found: PathResult = await withAccount(cloud, undefined, (reader) => findPath(reader, flags));
    for (const line of found.unread) process.stderr.write(`labproof: ${oneLine(line)}\n`);
    process.stdout.write(
      flags.json
        ? jsonText(found)
        : `${pathText(found, { colour: usesColour(process.stdout), width: process.stdout.columns ?? 80 })}\n`,
    );
    process.exitCode = EXITS[found.verdict];
  } catch (error) {
    if (error instanceof CloudUnavailable) throw unavailable(error.unread);
    if (error instanceof UnknownPlace)
      throw new CliError(EXIT.usage, { code: 'UNKNOWN_PLACE', message: error.message });
    throw error;
  } finally {
    await cloud.close();
  }
}
