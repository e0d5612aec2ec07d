/** `labproof verify`: the checks once, until what AWS has not finished is finished, or again and again. */
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AccountReader } from '../account/reader.ts';
import { jsonText } from '../lib/json.ts';
import { oneLine } from '../lib/terminal-text.ts';
import { resultText, summaryLine } from '../plain/result.ts';
import { styleWith } from '../plain/style.ts';
import { changeText } from '../plain/watch.ts';
import type { Result } from '../run/result.ts';
import type { Looking } from '../run/watch.ts';
import { unavailable, withAccount } from './account.ts';
import type { Cloud } from './cloud.ts';
import { CliError, EXIT, exitOf, printError } from './exit.ts';
import type { TargetFlags } from './flags.ts';
import { endNow, interruptSignal } from './interrupt.ts';
import { type LabAndChecks, openLab, requireSteps } from './labs.ts';
import { openReadable, type Recorded } from './recorded.ts';
import { orCliError } from './report.ts';
import { usesColour } from './terminal.ts';

export interface VerifyFlags extends TargetFlags {
  readonly step: readonly string[];
  readonly json?: boolean;
  readonly junit?: string;
  readonly watch?: boolean;
  readonly timeout: number;
}

/** Between two looks. One look is some twenty calls, far below what AWS lets an account send in this time. */
const PAUSE_MS = 10_000;
const SANDBOX_PAUSE_MS = 2000;
/** An answer to a ping serves so many looks, as long as nothing in the account has changed. */
const LOOKS_A_PING = 6;

export async function verify(named: string | undefined, flags: VerifyFlags): Promise<void> {
  const labAndChecks = await openLab(named);
  requireSteps(labAndChecks.lab, flags.step);
  const { junit } = flags;
  if (junit !== undefined) await orCliError(async () => (await import('../report/write.ts')).prepareFile(junit));

  const signal = interruptSignal();
  const { lookUntilDone, unreadMessages } = await import('../run/watch.ts');
  const clouds = cloudsOf(flags);
  let result: Result | undefined;
  try {
    const cloud = await clouds.get();
    const pauseMs = 'target' in cloud && cloud.target.kind === 'sandbox' ? SANDBOX_PAUSE_MS : PAUSE_MS;
    const { keepPings } = await import('../run/pings.ts');
    const kept = keepPings(pauseMs * LOOKS_A_PING, Date.now);
    // What was recorded finishes no more, however long one waits.
    const mode = await (flags.watch
      ? watching(flags, pauseMs, clouds)
      : waiting('snapshot' in cloud ? 0 : flags.timeout, pauseMs));
    result = await orCliUnavailable(() =>
      lookUntilDone({
        look: async () =>
          withAccount(await clouds.get(), signal, (reader) => look(kept(reader), labAndChecks, { steps: flags.step })),
        pause: (milliseconds) => sleep(milliseconds, undefined, { signal }).catch(() => {}),
        signal,
        ...mode,
      }),
    );
    if (result) {
      if (junit !== undefined) await writeJunit(junit, result);
      if (!flags.watch) for (const message of unreadMessages(result)) tell(`labproof: ${message}`);
      process.stdout.write(flags.json ? jsonText(result) : mode.last(result));
      process.exitCode = exitOf(result.verdict);
    }
  } finally {
    await clouds.close();
  }
  if (!signal.aborted) return;
  if (!result)
    printError(new CliError(EXIT.interrupted, { code: 'INTERRUPTED', message: 'Interrupted.' }), flags.json === true);
  await endNow(EXIT.interrupted);
}

interface Mode extends Pick<Looking, 'again' | 'seen' | 'missed'> {
  /** What ends stdout where it is for people. */
  last(result: Result): string;
}

/** Once; with `--timeout` (seconds) for as long as something waits and there is time. Each thing that it waits for is said once. */
async function waiting(timeout: number, pauseMs: number): Promise<Mode> {
  const { isWaiting, waitedFor } = await import('../run/watch.ts');
  const until = Date.now() + timeout * 1000;
  const said = new Set<string>();
  let begun = false;
  return {
    again: (result) => (isWaiting(result) && Date.now() < until ? Math.min(pauseMs, until - Date.now()) : undefined),
    seen(result) {
      if (!isWaiting(result) || Date.now() >= until) return;
      if (!begun) tell(`Waiting for AWS, at most ${timeout} s, looking every ${pauseMs / 1000} s.`);
      begun = true;
      for (const [what, message] of waitedFor(result)) {
        if (!said.has(what)) tell(`Waiting: ${message}`);
        said.add(what);
      }
    },
    last: (result) => `${resultText(result, textOptions(process.stdout))}\n`,
  };
}

/** The whole result once, then only what is new. With `--json` that goes to stderr: stdout is one document, the last. */
async function watching(flags: VerifyFlags, pauseMs: number, clouds: Clouds): Promise<Mode> {
  const { startNews } = await import('../run/watch.ts');
  const out = flags.json ? process.stderr : process.stdout;
  const options = textOptions(out);
  const news = startNews();
  let missed: string | undefined;
  let looks = 0;
  return {
    again: ({ verdict }) => (verdict === 'pass' ? undefined : pauseMs),
    async seen(result) {
      looks += 1;
      const { changes, unread } = news(result);
      if (flags.junit !== undefined && (looks === 1 || changes.length > 0)) await writeJunit(flags.junit, result);
      if (missed !== undefined) tell(`${clockTime()} There are answers again.`);
      missed = undefined;
      if (looks === 1 && !flags.json) out.write(`${resultText(result, options)}\n\n`);
      if (looks === 1 && result.verdict !== 'pass')
        tell(`Looking again every ${pauseMs / 1000} s, until all has passed. Ctrl+C ends it.`);
      for (const change of changes) out.write(`${changeText(change, clockTime(), options)}\n`);
      for (const message of unread) tell(`${clockTime()} ${message}`);
    },
    missed({ unread }) {
      if (missed !== unread.message) tell(`${clockTime()} ${unread.message} Looking on.`);
      missed = unread.message;
      if (unread.reason === 'unreachable') clouds.lose();
      return pauseMs;
    },
    last: (result) =>
      looks === 1 && result.verdict === 'pass' ? '' : `${summaryLine(result, styleWith(options.colour))}\n`,
  };
}

interface Clouds {
  get(): Promise<Cloud | Recorded>;
  /** A sandbox that another command had started may have ended with it: the next one is opened anew. */
  lose(): void;
  close(): Promise<void>;
}

function cloudsOf(flags: VerifyFlags): Clouds {
  let open: Cloud | Recorded | undefined;
  let lost = false;
  return {
    async get() {
      if (lost) await open?.close();
      // Other terminals must find a sandbox that is kept open for long.
      if (!open || lost) open = await openReadable(flags, { announced: flags.watch === true || flags.timeout > 0 });
      lost = false;
      return open;
    },
    lose() {
      lost = flags.sandbox === true;
    },
    close: async () => open?.close(),
  };
}

function textOptions(stream: NodeJS.WriteStream) {
  return { colour: usesColour(stream), width: stream.columns ?? 80 };
}

function tell(line: string): void {
  process.stderr.write(`${oneLine(line)}\n`);
}

function clockTime(): string {
  return new Date().toTimeString().slice(0, 8);
}

async function writeJunit(file: string, result: Result): Promise<void> {
  const [{ junitXml }, { writeReport }] = await Promise.all([
    import('../report/junit.ts'),
    import('../report/write.ts'),
  ]);
  const xml = junitXml([{ name: result.lab.id, result }]);
  await orCliError(() => writeReport(dirname(file), basename(file), xml));
}

/** One verification. @throws CliError where not even our identity could be read. */
export function verifyOnce(
  labAndChecks: LabAndChecks,
  cloud: Cloud | Recorded,
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
  labAndChecks: LabAndChecks,
  options: Omit<VerifyOptions, 'signal'> = {},
): Promise<Result> {
  return orCliUnavailable(() => look(reader, labAndChecks, options));
}

/** @throws CloudUnavailable */
async function look(
  reader: AccountReader,
  { lab, checks }: LabAndChecks,
  { steps = [], say }: Omit<VerifyOptions, 'signal'>,
): Promise<Result> {
  const { verify: run } = await import('../run/verify.ts');
  return run({
    lab,
    checks: await checks(),
    reader,
    clock: Date.now,
    ...(steps.length > 0 && { steps }),
    ...(say && { say }),
  });
}

async function orCliUnavailable<T>(work: () => Promise<T>): Promise<T> {
  const { CloudUnavailable } = await import('../run/verify.ts');
  try {
    return await work();
  } catch (error) {
    throw error instanceof CloudUnavailable ? unavailable(error.unread) : error;
  }
}
