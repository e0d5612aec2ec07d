/** Looks again and again, and tells what is new. Time and the looking itself are handed in. */
import type { CheckResult, Result } from './result.ts';
import { CloudUnavailable } from './verify.ts';

export interface Looking {
  /** One verification, with nothing remembered from the one before. */
  look(): Promise<Result>;
  /** How long to pause before the next look, in milliseconds; undefined: this was the last one. */
  again(result: Result): number | undefined;
  /** Ends early, without an error, when the signal is raised. */
  pause(milliseconds: number): Promise<void>;
  readonly signal: AbortSignal;
  /** Each result, as it comes. */
  seen(result: Result): void | Promise<void>;
  /** A later look that got no answer at all: what was seen before still holds, and there will be another. */
  missed?(error: CloudUnavailable): number;
}

/**
 * @returns the last result; undefined where the signal was raised before there was one. A look under way is then left
 * alone: what is read while everything is being stopped is worth nothing.
 * @throws CloudUnavailable where the first look got no answer, or any where `missed` is absent.
 */
export async function lookUntilDone(looking: Looking): Promise<Result | undefined> {
  const { signal, again, pause, seen } = looking;
  let last: Result | undefined;
  while (!signal.aborted) {
    let next: number | undefined;
    try {
      const result = await orStopped(looking.look(), signal);
      if (result === undefined) break;
      last = result;
      await seen(result);
      next = again(result);
    } catch (error) {
      if (!(error instanceof CloudUnavailable) || !last || !looking.missed) throw error;
      next = looking.missed(error);
    }
    if (next === undefined) break;
    await pause(next);
  }
  return last;
}

async function orStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  let stop = () => {};
  const stopped = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  // It may fail later, when nobody waits for it any more.
  work.catch(() => {});
  try {
    const done = await Promise.race([work, stopped]);
    return signal.aborted ? undefined : done;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

export interface Change {
  readonly before: CheckResult;
  readonly now: CheckResult;
}

export interface News {
  readonly changes: readonly Change[];
  /** What could not be read, where that was not said of the look before. */
  readonly unread: readonly string[];
}

/**
 * Compares each result with the ones before; the first is no news. A check that could not be told now is no change: it is held against what was
 * last known of it, so that a lost network is said once, and not once a check, twice.
 */
export function startNews(): (result: Result) => News {
  const known = new Map<string, CheckResult>();
  let unread: readonly string[] = [];
  return (result) => {
    const changes = checksOf(result).flatMap((now): Change[] => {
      const before = known.get(now.id);
      if (before && now.verdict === 'unknown') return [];
      known.set(now.id, now);
      return !before || (before.verdict === now.verdict && essence(before) === essence(now)) ? [] : [{ before, now }];
    });
    const said = unread;
    unread = unreadMessages(result);
    return { changes, unread: unread.filter((message) => !said.includes(message)) };
  };
}

function checksOf(result: Result): readonly CheckResult[] {
  return result.steps.flatMap(({ checks }) => checks);
}

/** Messages are left out: some tell a time, which is news to nobody. */
function essence({ findings }: CheckResult): string {
  return JSON.stringify(findings.map(({ code, resources, expected, actual }) => [code, resources, expected, actual]));
}

/** What could not be read, once each, however many checks it leaves open. */
export function unreadMessages(result: Result): readonly string[] {
  const findings = checksOf(result)
    .filter(({ verdict }) => verdict === 'unknown')
    .flatMap(({ findings: all }) => all.filter(({ code }) => code !== 'DEPENDS').map(({ message }) => message));
  return [...new Set(findings)];
}

/** What is being waited for, by check: the findings of what AWS has not finished. */
export function waitedFor(result: Result): ReadonlyMap<string, string> {
  return new Map(
    checksOf(result)
      .filter(({ verdict }) => verdict === 'waiting')
      .flatMap(({ id, findings }) =>
        findings
          .filter(({ code }) => code !== 'DEPENDS')
          .map(({ code, message }) => [`${id} ${code}`, message] as const),
      ),
  );
}

export function isWaiting(result: Result): boolean {
  return checksOf(result).some(({ verdict }) => verdict === 'waiting');
}
