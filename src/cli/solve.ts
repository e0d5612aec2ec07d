/** `labproof solve`: sends the reference solution, or prints it as AWS CLI commands. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Step } from '../lab/schema.ts';
import { safe } from '../lib/terminal-text.ts';
import { withAccount } from './account.ts';
import { type Cloud, openCloud } from './cloud.ts';
import { CliError, EXIT } from './exit.ts';
import type { TargetFlags } from './flags.ts';
import { type LabAndChecks, openLab, requireSteps } from './labs.ts';
import { verifyWith } from './verify.ts';

const CREATES = /^[a-z0-9]+:(Create|Run|Allocate)/;

export interface SolveFlags extends TargetFlags {
  readonly through?: string;
  readonly print?: boolean;
  readonly yes?: boolean;
}

export async function solve(named: string | undefined, flags: SolveFlags): Promise<void> {
  const { lab, checks } = await openLab(named);
  if (flags.through !== undefined) requireSteps(lab, [flags.through]);
  const last =
    flags.through === undefined ? lab.steps.length - 1 : lab.steps.findIndex(({ id }) => id === flags.through);
  const steps = lab.steps.slice(0, last + 1);
  if (flags.print) {
    const { solutionScript } = await import('../run/commands.ts');
    process.stdout.write(`${solutionScript(steps)}\n`);
    return;
  }
  const cloud = await openCloud(flags);
  try {
    if (cloud.target.kind === 'aws' && !flags.yes)
      throw new CliError(EXIT.usage, {
        code: 'NEEDS_YES',
        message: `This creates ${makes(steps)} in your AWS account. ${lab.cost} Add --yes to do it, or --print to see the commands first.`,
      });
    const stop = new AbortController();
    process.once('SIGINT', () => stop.abort());
    const say = (detail: string) => process.stderr.write(`${safe(detail)}\n`);
    try {
      await solveSteps({ lab, checks }, cloud, steps, { say, signal: stop.signal });
    } catch (error) {
      if (!stop.signal.aborted) throw error;
      process.stderr.write('Stopped. Run it again to go on: what is there already is not made twice.\n');
      process.exitCode = EXIT.interrupted;
      return;
    }
    process.stdout.write(
      `Applied: ${steps.map(({ id }) => id).join(', ')}. What it came to: labproof verify ${lab.id}\n`,
    );
  } finally {
    await cloud.close();
  }
}

/** Looks at the account first, then sends what is missing. @throws CliError where AWS refuses a call. */
export async function solveSteps(
  { lab, checks }: LabAndChecks,
  cloud: Cloud,
  steps: readonly Step[],
  { say, signal }: { readonly say: (detail: string) => void; readonly signal: AbortSignal },
): Promise<void> {
  const [{ openSender }, { CallError }, run] = await Promise.all([
    import('../account/sender.ts'),
    import('../account/reader.ts'),
    import('../run/solve.ts'),
  ]);
  say('looking at the account');
  const { before, partition, now } = await look({ lab, checks }, cloud, signal);
  const sender = openSender(cloud.target);
  try {
    await run.solve({
      sender,
      before,
      steps,
      partition,
      signal,
      say,
      now,
      sleep: (milliseconds, until) => sleep(milliseconds, undefined, { signal: until }),
    });
  } catch (error) {
    if (error instanceof CallError)
      throw new CliError(EXIT.failed, {
        code: error.code,
        message: `${error.call} was refused: ${error.message} (${error.code})`,
      });
    throw error;
  } finally {
    sender.close();
  }
}

function look(labAndChecks: LabAndChecks, cloud: Cloud, signal: AbortSignal) {
  return withAccount(cloud, signal, async (reader) => {
    const before = await verifyWith(reader, labAndChecks);
    // Remembered by the reader: this asks nothing again.
    const identity = await reader.identity();
    return { before, partition: identity.ok ? identity.value.partition : 'aws', now: reader.now() };
  });
}

/** What the steps create, each thing once however many steps make sure of it. */
function makes(steps: readonly Step[]): string {
  const calls = steps.flatMap(({ solution }) => solution).filter(({ call }) => CREATES.test(call));
  const distinct = new Map(calls.map((call) => [JSON.stringify([call.call, call.input]), call]));
  const counts = Map.groupBy(distinct.values(), ({ call }) => call.replace(CREATES, ''));
  return [...counts].map(([what, all]) => `${all.length} ${what}`).join(', ');
}
