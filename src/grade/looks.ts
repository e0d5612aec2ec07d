/** Many accounts at a time: each is looked at and entered in the books; who could not be told, once more. */
import type { Result } from '../run/result.ts';
import type { Attempt } from './attempt.ts';
import type { Grade } from './grade.ts';
import type { Learner } from './learner.ts';
import { type Look, seenOf } from './seen.ts';

export interface Looks {
  readonly learners: readonly Learner[];
  /** Looks at one account. Rejects only when aborted. */
  readonly look: (learner: Learner, signal: AbortSignal) => Promise<Attempt>;
  readonly concurrency: number;
  /** Of whom something was seen before in this run. */
  readonly before: ReadonlyMap<string, Grade>;
  /** What a look comes to. */
  readonly grade: (learner: Learner, look: Look) => Grade;
  /** Makes it last: the result first, then the look. */
  readonly keep: (learner: Learner, look: Look, result: Result | undefined) => Promise<void>;
  readonly seen: (grade: Grade, again: boolean) => void;
  /** Our own clock, epoch milliseconds. */
  readonly clock: () => number;
  readonly signal: AbortSignal;
}

/** @returns the newest grade of every learner, in the roster's order. Rejects where a look could not be kept, or aborted. */
export async function gradeAll(looks: Looks): Promise<ReadonlyMap<string, Grade>> {
  const { learners, before } = looks;
  const grades = new Map(before);
  const visit = async (learner: Learner, signal: AbortSignal, again: boolean): Promise<void> => {
    const attempt = await looks.look(learner, signal);
    const look: Look = { seen: seenOf(attempt), at: new Date(looks.clock()).toISOString() };
    await looks.keep(learner, look, attempt.ok ? attempt.result : undefined);
    const grade = looks.grade(learner, look);
    grades.set(learner.id, grade);
    looks.seen(grade, again);
  };
  await inParallel(
    learners.filter(({ id }) => !grades.has(id)),
    looks,
    (learner, signal) => visit(learner, signal, false),
  );
  // What kept an account shut may have passed meanwhile.
  await inParallel(
    learners.filter(({ id }) => grades.get(id)?.status === 'unknown'),
    looks,
    (learner, signal) => visit(learner, signal, true),
  );
  return new Map(
    learners.flatMap(({ id }) => {
      const grade = grades.get(id);
      return grade ? [[id, grade] as const] : [];
    }),
  );
}

/** Fails with the first that fails: nothing is begun then, and what was begun is given up, as it may take for ever. */
async function inParallel<T>(
  items: readonly T[],
  { concurrency, signal }: Pick<Looks, 'concurrency' | 'signal'>,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      either.throwIfAborted();
      await work(item, either);
    }
  };
  const workers = Array.from({ length: Math.min(concurrency, items.length) }, worker);
  await Promise.all(workers).catch((error: unknown) => {
    failed.abort(error);
    throw error;
  });
}
