/** `labproof report`: verifies once more and writes the write-up. */
import type { Lab } from '../lab/schema.ts';
import { safe } from '../lib/terminal-text.ts';
import type { Loaded } from '../run/progress.ts';
import type { Result } from '../run/result.ts';
import type { Session } from '../run/session.ts';
import { CliError, EXIT } from './exit.ts';
import type { TargetFlags } from './flags.ts';
import { openLab } from './labs.ts';
import { progressDir } from './paths.ts';
import { openReadable } from './recorded.ts';
import { verifyOnce } from './verify.ts';

export interface ReportFlags extends TargetFlags {
  readonly output: string;
}

export async function report(named: string | undefined, flags: ReportFlags): Promise<void> {
  const { lab, checks } = await openLab(named);
  const cloud = await openReadable(flags);
  try {
    const result = await verifyOnce({ lab, checks }, cloud);
    // Every sandbox has the same account: what was recorded of one may be another learner's.
    const isAnyones = 'snapshot' in cloud && cloud.snapshot.cloud.kind === 'sandbox';
    const { session, setAside }: Loaded = isAnyones ? {} : await loadAnswers(lab, result);
    if (setAside)
      process.stderr.write(`Your saved answers could not be read; the file was set aside as ${setAside}.\n`);
    const file = await writeWriteUp(lab, flags.output, result, session);
    process.stdout.write(`${safe(file)}\n`);
  } finally {
    await cloud.close();
  }
}

async function loadAnswers({ id }: Lab, { cloud }: Result): Promise<Loaded> {
  const { loadSession } = await import('../run/progress.ts');
  const kind = cloud.kind === 'sandbox' ? 'sandbox' : 'aws';
  return loadSession(progressDir, id, { ...cloud, kind }, Date.now());
}

/** @returns the file's absolute path. @throws CliError where the folder cannot be written, or the lab's template is broken. */
export function writeWriteUp(lab: Lab, dir: string, result: Result, session?: Session): Promise<string> {
  return orCliError(async () => {
    const [{ renderReport }, { writeReport }] = await Promise.all([
      import('../report/report.ts'),
      import('../report/write.ts'),
    ]);
    return writeReport(
      dir,
      `${lab.id}.md`,
      renderReport({ lab, result, now: Date.now(), ...(session && { session }) }),
    );
  });
}

/** @throws CliError where no report could be written there. */
export function requireReportFolder(dir: string): Promise<void> {
  return orCliError(async () => (await import('../report/write.ts')).prepareFolder(dir));
}

/** @throws CliError in place of a ReportError. */
export async function orCliError<T>(write: () => Promise<T>): Promise<T> {
  const { ReportError } = await import('../report/error.ts');
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof ReportError)) throw error;
    throw new CliError(EXIT.usage, { code: 'REPORT', message: error.message });
  }
}
