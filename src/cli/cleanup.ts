/** `labproof cleanup`: what the lab made and still exists; with `--yes`, deletes it and proves each gone. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openSender } from '../account/sender.ts';
import type { Lab } from '../lab/schema.ts';
import { jsonText } from '../lib/json.ts';
import { oneLine, safe } from '../lib/terminal-text.ts';
import { cleanedText, cleanupText } from '../plain/cleanup.ts';
import { type CleanupDocument, cleanupDocument } from '../run/cleanup/document.ts';
import { type Looked, lookAround, NoSuchVpc } from '../run/cleanup/look.ts';
import { recall, remember } from '../run/cleanup/memory.ts';
import { type Cleaned, cleanUp } from '../run/cleanup/perform.ts';
import { CloudUnavailable } from '../run/verify.ts';
import { unavailable, withAccount } from './account.ts';
import { type Cloud, openCloud } from './cloud.ts';
import { CliError, EXIT, type ExitCode, usage } from './exit.ts';
import type { TargetFlags } from './flags.ts';
import { openLab } from './labs.ts';
import { cleanupDir } from './paths.ts';
import { usesColour } from './terminal.ts';

export interface CleanupFlags extends TargetFlags {
  readonly vpc: readonly string[];
  readonly yes?: boolean;
  readonly json?: boolean;
}

export async function cleanup(named: string | undefined, flags: CleanupFlags): Promise<void> {
  const { lab } = await openLab(named);
  const cloud = await openCloud(flags);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  try {
    process.stderr.write('looking at the account\n');
    const looked = await look(lab, cloud, flags.vpc, stop.signal);
    const before = cleanupDocument(lab, looked.identity, looked.plan);
    if (flags.yes) await perform(lab, cloud, looked, before, { json: flags.json ?? false, signal: stop.signal });
    else {
      const next = looked.plan.resources.length > 0 ? `\n\nTo delete all of it: ${commandWithYes(lab, flags)}` : '';
      process.stdout.write(flags.json ? jsonOf(before) : `${cleanupText(before, format())}${next}\n`);
      process.exitCode = before.gaps.length > 0 ? EXIT.unknown : EXIT.ok;
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    process.stderr.write('Stopped. Nothing was deleted.\n');
    process.exitCode = EXIT.interrupted;
  } finally {
    await cloud.close();
  }
}

function look(lab: Lab, cloud: Cloud, chosen: readonly string[], signal: AbortSignal): Promise<Looked> {
  return withAccount(cloud, signal, async (reader) => {
    const sender = openSender(cloud.target);
    try {
      const remembered = (identity: Looked['identity']) => recall(cleanupDir, lab.id, identity);
      return await lookAround({ lab, reader, sender, remembered, chosen, signal });
    } catch (error) {
      if (error instanceof CloudUnavailable) throw unavailable(error.unread);
      throw error instanceof NoSuchVpc ? usage(error.message) : error;
    } finally {
      sender.close();
    }
  });
}

async function perform(
  lab: Lab,
  cloud: Cloud,
  { plan, identity, now }: Looked,
  before: CleanupDocument,
  { json, signal }: { readonly json: boolean; readonly signal: AbortSignal },
): Promise<void> {
  if (plan.gaps.length > 0)
    throw new CliError(EXIT.unknown, {
      code: 'NOT_READ',
      message: `Nothing was deleted, as not all could be read: ${plan.gaps.map(({ action, message }) => `${action}: ${message}`).join(' ')}`,
    });
  if (!json) process.stdout.write(`${cleanupText(before, format())}\n`);
  if (plan.resources.length === 0) {
    if (json) process.stdout.write(jsonOf(before));
    return;
  }
  remember(cleanupDir, lab.id, identity, { resources: plan.resources, at: now });
  const sender = openSender(cloud.target);
  try {
    const cleaned = await cleanUp({
      sender,
      resources: plan.resources,
      left: plan.left.map(({ id }) => id),
      signal,
      say: (line) => process.stderr.write(`${oneLine(line)}\n`),
      sleep: (milliseconds, until) => sleep(milliseconds, undefined, { signal: until }),
    });
    const after = cleanupDocument(lab, identity, plan, cleaned);
    process.stdout.write(json ? jsonOf(after) : `\n${cleanedText(after, format())}\n`);
    sayEnd(cleaned, identity.kind === 'aws' && plan.resources.some(({ kind }) => kind === 'log-group'));
    process.exitCode = exitOf(cleaned, after);
  } finally {
    sender.close();
  }
}

function sayEnd({ ended }: Cleaned, mayComeBack: boolean): void {
  if (ended === 'interrupted')
    process.stderr.write('Stopped. Run it again to go on: what is gone already is not asked for twice.\n');
  else if (ended) process.stderr.write(`labproof: ${oneLine(ended.message)}\n`);
  else if (mayComeBack)
    process.stderr.write(
      'AWS may deliver records some minutes late and make the log group again for them: run it once more in a quarter of an hour.\n',
    );
}

function exitOf({ ended }: Cleaned, { resources }: CleanupDocument): ExitCode {
  if (ended === 'interrupted') return EXIT.interrupted;
  if (resources.some(({ status }) => status === 'failed')) return EXIT.failed;
  return ended || resources.some(({ status }) => status === 'unknown') ? EXIT.unknown : EXIT.ok;
}

function jsonOf(document: CleanupDocument): string {
  return jsonText(document);
}

function format() {
  return { colour: usesColour(process.stdout), width: process.stdout.columns ?? 80 };
}

/** The same command again, to be copied. */
function commandWithYes(lab: Lab, { sandbox, profile, region, endpointUrl, vpc }: CleanupFlags): string {
  const target = [
    ...(sandbox ? ['--sandbox'] : []),
    ...(profile ? ['--profile', profile] : []),
    ...(region ? ['--region', region] : []),
    ...(endpointUrl ? ['--endpoint-url', endpointUrl] : []),
    ...vpc.flatMap((id) => ['--vpc', id]),
  ];
  return safe(['labproof cleanup', lab.id, ...target, '--yes'].join(' '));
}
