/** `labproof verify`: the checks once, or until what AWS has not finished is finished. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AccountReader } from '../account/reader.ts';
import { resultText } from '../plain/result.ts';
import type { Result } from '../run/result.ts';
import { unavailable, withAccount } from './account.ts';
import { type Cloud, openCloud } from './cloud.ts';
import { exitOf } from './exit.ts';
import type { TargetFlags } from './flags.ts';
import { type LabAndChecks, openLab, requireSteps } from './labs.ts';
import { usesColour } from './terminal.ts';

export interface VerifyFlags extends TargetFlags {
  readonly step: readonly string[];
  readonly json?: boolean;
  readonly timeout: number;
}

const AGAIN_MS = 2000;

export async function verify(named: string | undefined, flags: VerifyFlags): Promise<void> {
  const { lab, checks } = await openLab(named);
  requireSteps(lab, flags.step);
  const cloud = await openCloud(flags);
  try {
    const until = Date.now() + flags.timeout * 1000;
    let result = await verifyOnce({ lab, checks }, cloud, { steps: flags.step });
    while (isWaiting(result) && Date.now() < until) {
      process.stderr.write('Waiting for what AWS has not finished …\n');
      await sleep(Math.min(AGAIN_MS, Math.max(until - Date.now(), 0)));
      result = await verifyOnce({ lab, checks }, cloud, { steps: flags.step });
    }
    for (const line of unreadLines(result)) process.stderr.write(`labproof: ${line}\n`);
    process.stdout.write(
      flags.json
        ? `${JSON.stringify(result, null, 2)}\n`
        : `${resultText(result, { colour: usesColour(process.stdout), width: process.stdout.columns ?? 80 })}\n`,
    );
    process.exitCode = exitOf(result.verdict);
  } finally {
    await cloud.close();
  }
}

/** One verification. @throws CliError where not even our identity could be read. */
export function verifyOnce(
  labAndChecks: LabAndChecks,
  cloud: Cloud,
  { signal, ...options }: VerifyOptions = {},
): Promise<Result> {
  return withAccount(cloud, signal, (reader) => verifyWith(reader, labAndChecks, options));
}

interface VerifyOptions {
  readonly steps?: readonly string[];
  readonly say?: (detail: string) => void;
  readonly signal?: AbortSignal;
}

/** The same with a reader that is asked more afterwards. */
export async function verifyWith(
  reader: AccountReader,
  { lab, checks }: LabAndChecks,
  { steps = [], say }: Omit<VerifyOptions, 'signal'> = {},
): Promise<Result> {
  const { CloudUnavailable, verify: run } = await import('../run/verify.ts');
  try {
    return await run({
      lab,
      checks: await checks(),
      reader,
      clock: Date.now,
      ...(steps.length > 0 && { steps }),
      ...(say && { say }),
    });
  } catch (error) {
    throw error instanceof CloudUnavailable ? unavailable(error.unread) : error;
  }
}

function isWaiting(result: Result): boolean {
  return result.steps.some(({ checks }) => checks.some(({ verdict }) => verdict === 'waiting'));
}

/** What could not be read, once each, however many checks it leaves open. */
function unreadLines(result: Result): readonly string[] {
  const findings = result.steps
    .flatMap(({ checks }) => checks)
    .filter(({ verdict }) => verdict === 'unknown')
    .flatMap(({ findings: all }) => all.filter(({ code }) => code !== 'DEPENDS').map(({ message }) => message));
  return [...new Set(findings)];
}
