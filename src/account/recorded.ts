/** A reader that remembers everything it is told, and a reader that answers from what another has remembered. */
import type { Answers, AnswerTo, Question, QuestionKind, Reading, SliceName, Slices } from '../model/account.ts';
import { type Permission, questionPermissions, slicePermissions } from './permissions.ts';
import type { AccountReader } from './reader.ts';
import { questionText, SLICE_NAMES, SNAPSHOT_SCHEMA, type Snapshot } from './snapshot.ts';

export interface Recording {
  readonly reader: AccountReader;
  /**
   * All that was read and answered so far, and every slice, as `path` may ask for any. The clock is the one that was last
   * told, so that what was judged by it is judged the same again.
   * @throws Error where our identity could not be read
   */
  snapshot(): Promise<Snapshot>;
}

/** Remembers what the reader says. Nothing is asked of it that is not asked here, until `snapshot`. */
export function recording(reader: AccountReader): Recording {
  const answers = new Map<string, readonly [Question, Promise<Reading<Answers[QuestionKind]>>]>();
  let told: number | undefined;
  return {
    reader: {
      identity: () => reader.identity(),
      read: (slice) => reader.read(slice),
      ask<Q extends Question>(question: Q) {
        const answer = reader.ask(question);
        answers.set(JSON.stringify(question), [question, answer]);
        return answer;
      },
      now() {
        told = reader.now();
        return told;
      },
      calls: () => reader.calls(),
      close: () => reader.close(),
    },
    async snapshot() {
      const [identity, slices, answered] = await Promise.all([
        reader.identity(),
        Promise.all(SLICE_NAMES.map(async (name) => [name, await reader.read(name)] as const)),
        Promise.all([...answers.values()].map(async ([question, answer]) => [question, await answer] as const)),
      ]);
      if (!identity.ok) throw new Error(identity.unread.message);
      const { kind, account, region, partition } = identity.value;
      return {
        schema: SNAPSHOT_SCHEMA,
        takenAt: new Date(told ?? reader.now()).toISOString(),
        cloud: { kind: kind === 'sandbox' ? 'sandbox' : 'aws', account, region, partition },
        slices: Object.fromEntries(slices),
        answers: answered,
      };
    },
  };
}

/** Answers from a snapshot. What it does not hold is unread, never empty. */
export function openSnapshot({ takenAt, cloud, slices, answers }: Snapshot): AccountReader {
  const known = new Map(answers.map(([question, reading]) => [keyOf(question), reading]));
  const missing = ([needed]: readonly Permission[], what: string): Reading<never> => ({
    ok: false,
    unread: {
      reason: 'unsupported',
      action: needed?.action ?? '',
      message: `the snapshot, recorded ${takenAt}, does not hold ${what}.`,
    },
  });
  return {
    identity: async () => ({ ok: true, value: { ...cloud, kind: 'snapshot' } }),
    async read<N extends SliceName>(name: N): Promise<Reading<Slices[N]>> {
      // A reading lies under the name of what was read, so it has that type.
      return (
        (slices[name] as Reading<Slices[N]> | undefined) ?? missing(slicePermissions[name], `the account's ${name}`)
      );
    },
    async ask<Q extends Question>(question: Q): Promise<Reading<AnswerTo<Q>>> {
      // The same: an answer lies under its own question.
      return (
        (known.get(keyOf(question)) as Reading<AnswerTo<Q>> | undefined) ??
        missing(questionPermissions[question.kind], questionText(question))
      );
    },
    now: () => Date.parse(takenAt),
    calls: () => ({ total: 0, byOperation: {} }),
    close: () => {},
  };
}

/** The same for the same question, in whatever order its members stand. */
function keyOf(question: Question): string {
  return JSON.stringify(Object.entries(question).sort(([a], [b]) => (a < b ? -1 : 1)));
}
