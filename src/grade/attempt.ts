/** One look at one learner's account: what the checks say, or why nobody could look. */
import type { AccountReader } from '../account/reader.ts';
import type { Registry } from '../lab/checks.ts';
import type { Lab } from '../lab/schema.ts';
import { messageOf } from '../lib/message.ts';
import type { Question, Unread } from '../model/account.ts';
import type { Result } from '../run/result.ts';
import { CloudUnavailable, verify } from '../run/verify.ts';
import { type Facts, factsOf } from './facts.ts';
import type { Learner } from './learner.ts';

export type Attempt =
  | { readonly ok: true; readonly result: Result; readonly facts: Facts }
  /** Nothing is known of the learner's work. */
  | { readonly ok: false; readonly code: string; readonly reason: string };

/** The account could not be entered. */
export class EntryRefused extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'EntryRefused';
    this.code = code;
  }
}

/** Enters the account. @throws EntryRefused */
export type Enter = (learner: Learner, signal: AbortSignal) => Promise<AccountReader>;

export interface Attempting {
  readonly lab: Lab;
  readonly checks: Registry;
  readonly enter: Enter;
  /** Pings are sent where they help. */
  readonly ping: boolean;
  readonly signal: AbortSignal;
}

/** Rejects only when aborted. */
export async function attempt(learner: Learner, { lab, checks, enter, ping, signal }: Attempting): Promise<Attempt> {
  try {
    const entered = await enter(learner, signal);
    try {
      const reader = ping ? entered : withoutPings(entered);
      const stranger = await otherAccount(reader, learner);
      signal.throwIfAborted();
      if (stranger) return stranger;
      // A recorded account gives the same result whenever it is graded. Of a live one the cloud's clock tells whole seconds.
      const clock = learner.entry.kind === 'snapshot' ? () => reader.now() : Date.now;
      const result = await verify({ lab, checks, reader, clock });
      const facts = await factsOf(reader, result);
      // What was stopped half-way reads as what could not be read.
      signal.throwIfAborted();
      return { ok: true, result, facts };
    } finally {
      entered.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof EntryRefused) return { ok: false, code: error.code, reason: error.message };
    if (error instanceof CloudUnavailable) return unavailable(error.unread, learner);
    return { ok: false, code: 'UNEXPECTED', reason: `${messageOf(error)} That is a fault of labproof.` };
  }
}

function unavailable({ reason, message }: Unread, { entry }: Learner): Attempt {
  const by = entry.kind === 'profile' ? `Profile ${entry.profile}: ` : '';
  return { ok: false, code: reason.toUpperCase(), reason: `${by}${message}` };
}

/** Another account than the roster's is somebody else's work, or a slip of the roster. */
async function otherAccount(reader: AccountReader, { account }: Learner): Promise<Attempt | undefined> {
  const identity = await reader.identity();
  if (!identity.ok || account === undefined || identity.value.account === account) return undefined;
  return {
    ok: false,
    code: 'OTHER_ACCOUNT',
    reason: `The roster says account ${account}, and its entry leads to account ${identity.value.account}.`,
  };
}

/** Grading that only reads. What is not asked is not known: never a failure. */
function withoutPings(reader: AccountReader): AccountReader {
  return {
    ...reader,
    ask<Q extends Question>(question: Q) {
      if (question.kind !== 'ping') return reader.ask(question);
      const message = 'pings were left out (--no-ping).';
      return Promise.resolve({ ok: false, unread: { reason: 'unsupported', action: 'ssm:SendCommand', message } });
    },
  };
}
