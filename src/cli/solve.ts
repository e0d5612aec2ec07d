/** `labproof solve`: sends the reference solution, or prints it as AWS CLI commands. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AccountReader, Target } from '../account/reader.ts';
import type { Step } from '../lab/schema.ts';
import type { Trial } from '../lab/trials.ts';
import { safe } from '../lib/terminal-text.ts';
import type { Sending } from '../run/solve.ts';
import { withAccount } from './account.ts';
import { type Cloud, openCloud } from './cloud.ts';
import { CliError, EXIT } from './exit.ts';
import type { TargetFlags } from './flags.ts';
import { type LabAndChecks, openLab, openTrials, requireSteps } from './labs.ts';
import { verifyWith } from './verify.ts';

const CREATES = /^[a-z0-9]+:(Create|Run|Allocate)/;

export interface SolveFlags extends TargetFlags {
  readonly through?: string;
  readonly trial?: string;
  readonly print?: boolean;
  readonly yes?: boolean;
}

export async function solve(named: string | undefined, flags: SolveFlags): Promise<void> {
  const { lab, checks } = await openLab(named);
  if (flags.through !== undefined) requireSteps(lab, [flags.through]);
  const [trial] = flags.trial === undefined ? [] : await openTrials({ lab, checks }, [flags.trial]);
  const { stepsOf } = await import('../run/trial.ts');
  const steps = stepsOf(lab, trial ?? { through: flags.through, change: [] });
  if (flags.print) {
    const { solutionScript } = await import('../run/commands.ts');
    process.stdout.write(`${safe(solutionScript(steps, trial))}\n`);
    return;
  }
  const region = flags.region ?? trial?.region;
  const cloud = await openCloud({ ...flags, ...(region !== undefined && { region }) });
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
      if (trial) await makeTrial({ lab, checks }, cloud, trial, { say, signal: stop.signal });
    } catch (error) {
      if (!stop.signal.aborted) throw error;
      process.stderr.write('Stopped. Run it again to go on: what is there already is not made twice.\n');
      process.exitCode = EXIT.interrupted;
      return;
    }
    const applied = [...steps.map(({ id }) => id), ...(trial ? [`trial ${trial.id}`] : [])].join(', ');
    process.stdout.write(`Applied: ${applied}. What it came to: labproof verify ${lab.id}\n`);
  } finally {
    await cloud.close();
  }
}

type Progress = { readonly say: (detail: string) => void; readonly signal: AbortSignal };

/** Looks at the account first, then sends what is missing. @throws CliError where AWS refuses a call. */
export async function solveSteps(
  { lab, checks }: LabAndChecks,
  cloud: Cloud,
  steps: readonly Step[],
  { say, signal }: Progress,
): Promise<void> {
  const { solve: send } = await import('../run/solve.ts');
  say('looking at the account');
  const { before, partition, now } = await look({ lab, checks }, cloud, signal);
  await sending(cloud, { say, signal }, (how) => send({ ...how, before, steps, partition, now }));
}

/** What the trial does after the solution. */
async function makeTrial(labAndChecks: LabAndChecks, cloud: Cloud, trial: Trial, { say, signal }: Progress) {
  const { makeMistake } = await import('../run/trial.ts');
  const { before, partition, now } = await look(labAndChecks, cloud, signal, []);
  const { calls, callsIn } = trial;
  const { target } = cloud;
  const wait = (milliseconds: number) => passTime(target, milliseconds, { say, signal });
  await sending({ target: { ...target, ...(callsIn && { region: callsIn }) } }, { say, signal }, (how) =>
    makeMistake({ ...how, calls, before, partition, now, wait }),
  );
}

/** The sandbox's time is ours to move; AWS's passes by itself. */
async function passTime({ kind, endpointUrl }: Target, milliseconds: number, { say, signal }: Progress): Promise<void> {
  say(`${Math.ceil(milliseconds / 60_000)} minutes pass`);
  if (kind === 'aws') return sleep(milliseconds, undefined, { signal });
  const answer = await fetch(new URL('/_sandbox/advance', endpointUrl), {
    method: 'POST',
    body: JSON.stringify({ seconds: milliseconds / 1000 }),
    signal,
  });
  if (!answer.ok)
    throw new CliError(EXIT.failed, {
      code: 'SANDBOX',
      message: 'This sandbox cannot move its clock: start it again.',
    });
}

/** @throws CliError where AWS refuses a call. */
async function sending(
  { target }: Pick<Cloud, 'target'>,
  { say, signal }: Progress,
  send: (how: Sending) => Promise<void>,
): Promise<void> {
  const [{ openSender }, { CallError }] = await Promise.all([
    import('../account/sender.ts'),
    import('../account/reader.ts'),
  ]);
  const sender = openSender(target);
  const pause: Sending['sleep'] = (milliseconds, until) => sleep(milliseconds, undefined, { signal: until });
  try {
    await send({ sender, signal, say, sleep: pause });
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

/** @param steps The steps whose checks are asked, too: all where absent, none for what the lab's names are bound to. */
function look(labAndChecks: LabAndChecks, cloud: Cloud, signal: AbortSignal, steps?: readonly string[]) {
  return withAccount(cloud, signal, async (reader) => {
    const before = await verifyWith(reader, labAndChecks, steps ? { steps } : {});
    // Remembered by the reader: these ask nothing again.
    await requireRead(reader);
    const identity = await reader.identity();
    return { before, partition: identity.ok ? identity.value.partition : 'aws', now: reader.now() };
  });
}

/**
 * What could not be listed may be there: it would be made a second time.
 * @throws CliError naming what has to be allowed, or tried again
 */
async function requireRead(reader: AccountReader): Promise<void> {
  const { BINDING_SLICES } = await import('../run/bind.ts');
  for (const name of BINDING_SLICES) {
    const reading = await reader.read(name);
    if (!reading.ok)
      throw new CliError(EXIT.unknown, {
        code: reading.unread.reason.toUpperCase(),
        message: `Nothing is made before it is known what is there already. ${reading.unread.action} could not be read: ${reading.unread.message}`,
      });
  }
}

/** What the steps create, each thing once however many steps make sure of it. */
function makes(steps: readonly Step[]): string {
  const calls = steps.flatMap(({ solution }) => solution).filter(({ call }) => CREATES.test(call));
  const distinct = new Map(calls.map((call) => [JSON.stringify([call.call, call.input]), call]));
  const counts = Map.groupBy(distinct.values(), ({ call }) => call.replace(CREATES, ''));
  return [...counts].map(([what, all]) => `${all.length} ${what}`).join(', ');
}
