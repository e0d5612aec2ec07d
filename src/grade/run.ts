/** Many accounts at a time: each learner is looked at, graded and entered in the books; who could not be told, once more. */
import type { Result } from '../run/result.ts';
import type { Attempt } from './attempt.ts';
import type { Grade } from './grade.ts';
import type { Learner } from './learner.ts';
import { gradeOf, type Marking } from './score.ts';

export interface Grading extends Marking {
  readonly learners: readonly Learner[];
  /** Looks at one account. Rejects only when aborted. */
  readonly look: (learner: Learner, signal: AbortSignal) => Promise<Attempt>;
  readonly concurrency: number;
  /** Who was graded before in this run. */
  readonly before: ReadonlyMap<string, Grade>;
  /** When a learner was graded for the first time, in whatever run; ISO 8601. */
  readonly submittedAt: ReadonlyMap<string, string>;
  /** Makes it last: the result first, then the grade. */
  readonly keep: (learner: Learner, grade: Grade, result: Result | undefined) => Promise<void>;
  readonly seen: (grade: Grade, again: boolean) => void;
  /** Our own clock, epoch milliseconds. */
  readonly clock: () => number;
  readonly signal: AbortSignal;
}

/** @returns the newest grade of every learner, in the roster's order. Rejects where a grade could not be kept, or aborted. */
export async function gradeAll(grading: Grading): Promise<ReadonlyMap<string, Grade>> {
  const grades = new Map(grading.before);
  const visit = async (learner: Learner, again: boolean): Promise<void> => {
    const seen = await grading.look(learner, grading.signal);
    const gradedAt = new Date(grading.clock()).toISOString();
    const submittedAt = grading.submittedAt.get(learner.id) ?? grades.get(learner.id)?.submittedAt ?? gradedAt;
    const grade = gradeOf(learner, seen, grading, { submittedAt, gradedAt });
    await grading.keep(learner, grade, seen.ok ? seen.result : undefined);
    grades.set(learner.id, grade);
    grading.seen(grade, again);
  };
  await inParallel(
    grading.learners.filter(({ id }) => !grades.has(id)),
    grading,
    (learner) => visit(learner, false),
  );
  // What kept an account shut may have passed meanwhile.
  await inParallel(
    grading.learners.filter(({ id }) => grades.get(id)?.status === 'unknown'),
    grading,
    (learner) => visit(learner, true),
  );
  return new Map(
    grading.learners.flatMap(({ id }) => {
      const grade = grades.get(id);
      return grade ? [[id, grade] as const] : [];
    }),
  );
}

/** Stops at the first that fails: the others end what they have begun. */
async function inParallel<T>(
  items: readonly T[],
  { concurrency, signal }: Pick<Grading, 'concurrency' | 'signal'>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      signal.throwIfAborted();
      if (failed) return;
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(concurrency, items.length) }, worker));
  const rejected = ended.find((each) => each.status === 'rejected');
  if (rejected) throw rejected.reason;
}
