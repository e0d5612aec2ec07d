/** Sends a lab's reference solution, step by step, as far as the account does not hold it already. */
import { CallError, type CallSender } from '../account/reader.ts';
import type { SolutionCall, Step } from '../lab/schema.ts';
import type { Result } from './result.ts';
import { at, substitute, type Variables } from './substitute.ts';

/** How a call is sent, and what is said of it. */
export interface Sending {
  readonly sender: CallSender;
  readonly signal: AbortSignal;
  say(detail: string): void;
  /** Waits between two looks at something that is not ready; rejects when aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export interface Solving extends Sending {
  /** The account before the first call: what is there already is not made again. */
  readonly before: Result;
  /** The steps to solve, in order. */
  readonly steps: readonly Step[];
  readonly partition: string;
  /** The cloud's own clock as it began, epoch milliseconds. */
  readonly now: number;
}

/** The longest that one call waits for its `until`, in looks at the longest pause; AWS's slowest (first records) takes 15 minutes. */
const PATIENCE_MS = 20 * 60_000;
/** IAM is eventually consistent: seconds, rarely a minute (IAM User Guide, "Troubleshooting IAM"). */
const CONSISTENCY_MS = 90_000;
const HOUR_SECONDS = 3600;

/** @throws CallError where AWS refuses a call, Error where something a call needs is not there. */
export async function solve(solving: Solving): Promise<void> {
  const { before, steps } = solving;
  const variables = knownIn(solving);
  const there = Object.keys(before.resources).filter((name) => Object.hasOwn(variables, name));
  for (const step of steps) {
    if (before.steps.find(({ id }) => id === step.id)?.verdict === 'pass') continue;
    for (const call of step.solution) {
      if (call.makes !== undefined && there.includes(call.makes)) continue;
      Object.assign(variables, await perform(call, variables, solving));
    }
  }
}

interface Known {
  readonly before: Pick<Result, 'cloud' | 'resources'>;
  readonly partition: string;
  readonly now: number;
}

/** What `${…}` may name before the first call. */
export function knownIn({ before, partition, now }: Known): Record<string, string | number> {
  const epochSeconds = Math.floor(now / 1000);
  const found = Object.entries(before.resources).flatMap(([name, id]) => (id === null ? [] : [[name, id] as const]));
  return {
    account: before.cloud.account,
    region: before.cloud.region,
    partition,
    start: epochSeconds - 2 * HOUR_SECONDS,
    end: epochSeconds + 24 * HOUR_SECONDS,
    ...Object.fromEntries(found),
  };
}

/** One call, repeated as its `retry` and `until` say; returns what it saves. */
export async function perform(call: SolutionCall, variables: Variables, solving: Sending): Promise<Variables> {
  const { sender, signal, say, sleep } = solving;
  say(`${call.call}: ${call.why}`);
  const input = substitute(call.input, variables) as Readonly<Record<string, unknown>>;
  const pause = pauses();
  let waited = 0;
  for (;;) {
    signal.throwIfAborted();
    let output: unknown;
    try {
      output = await sender.send(call.call, input, signal);
    } catch (error) {
      if (error instanceof CallError && call.ignore?.includes(error.code)) return {};
      if (!(error instanceof CallError && call.retry?.includes(error.code) && waited < CONSISTENCY_MS)) throw error;
    }
    if (output !== undefined && isReached(call, output)) return savedFrom(call, output);
    if (waited > PATIENCE_MS)
      throw new Error(`${call.call}: gave up waiting (${call.until?.usually ?? 'a minute'} is usual).`);
    if (call.until && waited > 0) say(`${call.call}: ${call.why} (usually ${call.until.usually})`);
    const milliseconds = pause.next().value;
    await sleep(milliseconds, signal);
    waited += milliseconds;
  }
}

/** Short pauses first, as a fast cloud is ready at once; then longer ones, within AWS's request rates. */
function* pauses(): Generator<number, never> {
  for (let milliseconds = 50; ; milliseconds = Math.min(milliseconds * 1.6, 3000)) yield Math.round(milliseconds);
}

function isReached({ until }: SolutionCall, output: unknown): boolean {
  if (!until) return true;
  const value = at(until.path, output);
  return 'is' in until ? String(value) === until.is : value !== undefined && value !== null && value !== '';
}

function savedFrom(call: SolutionCall, output: unknown): Variables {
  return Object.fromEntries(
    Object.entries(call.save ?? {}).map(([name, path]) => {
      const value = at(path, output);
      if (typeof value !== 'string' && typeof value !== 'number')
        throw new Error(`${call.call} answered without ${path}, which the next calls need.`);
      return [name, value];
    }),
  );
}
