/** `labproof start`: the guided walk, on a screen, as linear text, or by itself. */
import type { CloudIdentity } from '../check.ts';
import type { Lab } from '../lab/schema.ts';
import { solutionCommands } from '../run/commands.ts';
import { loadSession, saveSession } from '../run/progress.ts';
import { newSession, type Session } from '../run/session.ts';
import { createWalk, type Walk, type WalkWork } from '../run/walk.ts';
import { unavailable, withAccount } from './account.ts';
import { type Cloud, openCloud, ownSandbox, SANDBOX_ACCOUNT, sandboxRegion } from './cloud.ts';
import { EXIT, usage } from './exit.ts';
import type { TargetFlags } from './flags.ts';
import { type LabAndChecks, openLab } from './labs.ts';
import { progressDir } from './paths.ts';
import { isInteractive, usesColour } from './terminal.ts';

export interface StartFlags extends TargetFlags {
  readonly plain?: boolean;
  readonly auto?: boolean;
  readonly output: string;
}

/** The demo's clock: a flow log's ten minutes pass in a second. */
const AUTO_TIME_SCALE = 600;
const SANDBOX_HINT = 'In a second terminal: eval "$(npx labproof sandbox env)", then use the aws command.';
/** Reading the SDK holds up everything for a moment; other terminals may use the sandbox soon after. */
const AFTER_FIRST_SCREEN_MS = 150;

export async function start(named: string | undefined, flags: StartFlags): Promise<void> {
  if (flags.auto && !flags.sandbox)
    throw usage('--auto solves each step by itself, so it works in the sandbox only: add --sandbox.');
  const opened = await openLab(named);
  if (flags.auto) return auto(opened, flags);
  const plain = flags.plain || !isInteractive();

  let opening: Promise<Cloud> | undefined;
  const cloud = () => {
    // One that could not be opened is tried again when it is needed again.
    opening ??= openCloud(flags, { announced: true }).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
  // The sandbox is known without asking, so that the first screen does not wait for it.
  const key = flags.sandbox
    ? ({ kind: 'sandbox', account: SANDBOX_ACCOUNT, region: sandboxRegion(flags) } as const)
    : await identify(await cloud());
  const session = await resume(opened.lab, key);
  const walk = createWalk(opened.lab, session, workOf(opened, cloud, flags.output, key.kind === 'sandbox', saveTo));
  const opens = setTimeout(() => void cloud().catch(() => {}), AFTER_FIRST_SCREEN_MS);
  try {
    const hint = key.kind === 'sandbox' ? SANDBOX_HINT : undefined;
    const outcome = plain ? await showPlain(walk, hint) : await showScreen(walk, hint);
    if (outcome === 'interrupted') process.exitCode = EXIT.interrupted;
  } finally {
    clearTimeout(opens);
    await (await opening?.catch(() => undefined))?.close();
  }
}

/** Always a new world and no saved progress: a demo shows the same every time. */
async function auto(opened: LabAndChecks, flags: StartFlags): Promise<void> {
  await (await import('./report.ts')).requireReportFolder(flags.output);
  const cloud = await ownSandbox(flags, undefined, AUTO_TIME_SCALE);
  try {
    const { autoWalk } = await import('../plain/auto.ts');
    const session = newSession(
      opened.lab,
      { kind: 'sandbox', account: SANDBOX_ACCOUNT, region: sandboxRegion(flags) },
      Date.now(),
    );
    const walk = createWalk(
      opened.lab,
      session,
      workOf(
        opened,
        async () => cloud,
        flags.output,
        true,
        () => {},
      ),
    );
    process.once('SIGINT', () => void walk.send({ type: 'stop' }));
    const { passed } = await autoWalk(walk, { print: (line) => void process.stdout.write(`${line}\n`) });
    process.exitCode = passed ? EXIT.ok : EXIT.failed;
  } finally {
    await cloud.close();
  }
}

async function showPlain(walk: Walk, hint: string | undefined): Promise<'quit' | 'interrupted'> {
  if (hint) process.stdout.write(`${hint}\n\n`);
  const [{ plainWalk }, { createInterface }] = await Promise.all([import('../plain/walk.ts'), import('node:readline')]);
  const input = createInterface({ input: process.stdin });
  let interrupted = false;
  process.once('SIGINT', () => {
    interrupted = true;
    input.close();
  });
  await plainWalk(walk, {
    input,
    print: (line) => void process.stdout.write(`${line}\n`),
    commandsOf: solutionCommands,
  });
  input.close();
  return interrupted ? 'interrupted' : 'quit';
}

async function showScreen(walk: Walk, hint: string | undefined): Promise<'quit' | 'interrupted'> {
  const { showWalk } = await import('../ui/index.tsx');
  return showWalk(walk, {
    stdin: process.stdin,
    stdout: process.stdout,
    colour: usesColour(process.stdout),
    commandsOf: solutionCommands,
    ...(hint && { sandboxHint: hint }),
  });
}

async function identify(cloud: Cloud): Promise<Session['cloud']> {
  process.stderr.write('Looking up your AWS account …\n');
  const identity = await withAccount(cloud, undefined, (reader) => reader.identity());
  if (!identity.ok) throw unavailable(identity.unread);
  return keyOf(identity.value);
}

function keyOf({ kind, account, region }: CloudIdentity): Session['cloud'] {
  return { kind: kind === 'sandbox' ? 'sandbox' : 'aws', account, region };
}

async function resume(lab: Lab, cloud: Session['cloud']): Promise<Session> {
  const { session, setAside } = await loadSession(progressDir, lab.id, cloud, Date.now());
  if (setAside)
    process.stderr.write(
      `Your saved progress could not be read. It was set aside as ${setAside}; this walk starts anew.\n`,
    );
  if (!session) return newSession(lab, cloud, Date.now());
  // A newer version of the lab may no longer have the step that the learner stood at.
  const known = lab.steps.some(({ id }) => id === session.step);
  return known ? session : { ...session, step: newSession(lab, cloud, Date.now()).step };
}

function saveTo(session: Session): Promise<void> {
  return saveSession(progressDir, session);
}

function workOf(
  opened: LabAndChecks,
  cloud: () => Promise<Cloud>,
  output: string,
  sandbox: boolean,
  save: WalkWork['save'],
): WalkWork {
  const solveOne: WalkWork['solve'] = async (id, signal, say) => {
    const { solveSteps } = await import('./solve.ts');
    await solveSteps(
      opened,
      await cloud(),
      opened.lab.steps.filter((step) => step.id === id),
      { signal, say },
    );
  };
  return {
    async verify(signal, say) {
      const { verifyOnce } = await import('./verify.ts');
      return verifyOnce(opened, await cloud(), { signal, say });
    },
    ...(sandbox && { solve: solveOne }),
    async report(session, result) {
      const { writeWriteUp } = await import('./report.ts');
      return writeWriteUp(opened.lab, output, result, session);
    },
    save,
    now: Date.now,
  };
}
