/** Keeps the pings of one verification for the next ones, so that looking often does not send packets often. */
import type { AccountReader } from '../account/reader.ts';
import type { Answers, AnswerTo, Question, Reading, SliceName, Slices } from '../model/account.ts';

interface Kept {
  /** The account as it was read before the ping was sent. */
  readonly account: string;
  readonly until: number;
  readonly answer: Reading<Answers['ping']>;
}

/**
 * Readers of later looks get the answer of an earlier ping, for as long as what was read of the account is the same and
 * the answer is fresh. Whatever the learner changes in the network, the next look pings again.
 * @param freshMs How long an answer serves, in milliseconds of `clock`: what is no part of the slices (a firewall in the
 * instance, AWS's own delay) is noticed no later.
 */
export function keepPings(freshMs: number, clock: () => number): (reader: AccountReader) => AccountReader {
  const pings = new Map<string, Kept>();
  return (reader) => {
    const read = new Map<SliceName, Reading<unknown>>();
    return {
      ...reader,
      async read<N extends SliceName>(name: N): Promise<Reading<Slices[N]>> {
        const reading = await reader.read(name);
        read.set(name, reading);
        return reading;
      },
      async ask<Q extends Question>(question: Q): Promise<Reading<AnswerTo<Q>>> {
        if (question.kind !== 'ping') return reader.ask(question);
        const key = JSON.stringify(question);
        const account = JSON.stringify([...read].sort(([a], [b]) => a.localeCompare(b)));
        const kept = pings.get(key);
        // Kept under its own question, so it is the answer to it.
        if (kept && kept.account === account && clock() < kept.until) return kept.answer as Reading<AnswerTo<Q>>;
        const answer = await reader.ask(question);
        if (answer.ok)
          pings.set(key, { account, until: clock() + freshMs, answer: answer as Reading<Answers['ping']> });
        return answer;
      },
    };
  };
}
