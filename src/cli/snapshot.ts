/** `labproof snapshot`: all that a lab's checks read, saved in one file. */
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { AccountReader } from '../account/reader.ts';
import type { Snapshot } from '../account/snapshot.ts';
import { codeOf, messageOf } from '../lib/message.ts';
import { oneLine, safe } from '../lib/terminal-text.ts';
import { withAccount } from './account.ts';
import { openCloud } from './cloud.ts';
import { CliError, EXIT, usage } from './exit.ts';
import { orFileProblem } from './file-problem.ts';
import type { TargetFlags } from './flags.ts';
import { type LabAndChecks, openLab } from './labs.ts';
import { verifyWith } from './verify.ts';

export interface SnapshotFlags extends TargetFlags {
  readonly output: string;
  readonly import?: string;
}

export async function snapshot(named: string | undefined, flags: SnapshotFlags): Promise<void> {
  const labAndChecks = await openLab(named);
  const file = resolve(flags.output);
  await requireFile(file);
  const taken = await (flags.import === undefined ? takeLive(labAndChecks, flags) : takeSaved(labAndChecks, flags));
  const { snapshotText, parseSnapshot } = await import('../account/snapshot-file.ts');
  const text = snapshotText(taken);
  // What could not be read again is not written: a new state of AWS's, or an output that somebody has changed.
  await orFileProblem(async () => parseSnapshot(text, flags.import ?? file));
  for (const line of unreadLines(taken)) process.stderr.write(`${oneLine(line)}\n`);
  await write(file, text);
  process.stdout.write(`${safe(file)}\n`);
}

async function takeLive(labAndChecks: LabAndChecks, flags: SnapshotFlags): Promise<Snapshot> {
  const cloud = await openCloud(flags);
  try {
    return await withAccount(cloud, undefined, (reader) => take(reader, labAndChecks));
  } finally {
    await cloud.close();
  }
}

async function takeSaved(labAndChecks: LabAndChecks, flags: SnapshotFlags): Promise<Snapshot> {
  const { import: dir = '', region } = flags;
  if (flags.sandbox || flags.profile !== undefined || flags.endpointUrl !== undefined)
    throw usage('--import reads files, no cloud: leave out --sandbox, --profile and --endpoint-url.');
  const { openSaved } = await import('../account/saved/reader.ts');
  const { reader, ignored } = await orFileProblem(() => openSaved(dir, region));
  try {
    if (ignored.length > 0) process.stderr.write(`${oneLine(`Not used: ${ignored.join(', ')}`)}\n`);
    return await take(reader, labAndChecks);
  } finally {
    reader.close();
  }
}

/** By verifying once, so that every question is asked that the lab has. */
async function take(reader: AccountReader, labAndChecks: LabAndChecks): Promise<Snapshot> {
  const { recording } = await import('../account/recorded.ts');
  const recorded = recording(reader);
  await verifyWith(recorded.reader, labAndChecks);
  return recorded.snapshot();
}

/** What could not be read, once each. */
function unreadLines({ slices, answers }: Snapshot): readonly string[] {
  const readings = [...Object.values(slices), ...answers.map(([, reading]) => reading)];
  const lines = readings.flatMap((reading) =>
    reading.ok ? [] : [`Not read: ${reading.unread.action}: ${reading.unread.message}`],
  );
  return [...new Set(lines)];
}

/** Before anything is read, so that a long look does not end at a file that cannot be. */
async function requireFile(file: string): Promise<void> {
  const there = await statOf(file);
  if (there && !there.isFile())
    throw cannotWrite(file, there.isDirectory() ? 'it is a folder' : 'it is no regular file');
  const folder = await statOf(dirname(file));
  if (!folder?.isDirectory()) throw cannotWrite(file, `there is no folder ${dirname(file)}`);
}

function statOf(file: string) {
  return stat(file).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw cannotWrite(file, messageOf(error));
  });
}

async function write(file: string, text: string): Promise<void> {
  try {
    // It tells much of an account: only its owner shall read it.
    await writeFileAtomic(file, text, { mode: 0o600 });
  } catch (error) {
    throw cannotWrite(file, messageOf(error));
  }
}

function cannotWrite(file: string, why: string): CliError {
  const message = `The snapshot cannot be written to ${file}: ${why}. Choose another file with -o.`;
  return new CliError(EXIT.usage, { code: 'SNAPSHOT', message });
}
