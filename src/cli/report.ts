/** `labproof report`: verifies once more and writes the write-up. */
import type { Lab } from '../lab/schema.ts';
import { safe } from '../lib/terminal-text.ts';
import type { Result } from '../run/result.ts';
import type { Session } from '../run/session.ts';
import { openCloud } from './cloud.ts';
import { CliError, EXIT } from './exit.ts';
import type { TargetFlags } from './flags.ts';
import { openLab } from './labs.ts';
import { progressDir } from './paths.ts';
import { verifyOnce } from './verify.ts';

export interface ReportFlags extends TargetFlags {
  readonly output: string;
}

export async function report(named: string | undefined, flags: ReportFlags): Promise<void> {
  const { lab, checks } = await openLab(named);
  const cloud = await openCloud(flags);
  try {
    const result = await verifyOnce({ lab, checks }, cloud);
    const { loadSession } = await import('../run/progress.ts');
    const kind = result.cloud.kind === 'sandbox' ? 'sandbox' : 'aws';
    const { session, setAside } = await loadSession(progressDir, lab.id, { ...result.cloud, kind }, Date.now());
    if (setAside)
      process.stderr.write(`Your saved answers could not be read; the file was set aside as ${setAside}.\n`);
    const file = await writeWriteUp(lab, flags.output, result, session);
    process.stdout.write(`${safe(file)}\n`);
  } finally {
    await cloud.close();
  }
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

async function orCliError<T>(write: () => Promise<T>): Promise<T> {
  const { ReportError } = await import('../report/error.ts');
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof ReportError)) throw error;
    throw new CliError(EXIT.usage, { code: 'REPORT', message: error.message });
  }
}
