/** What a check is handed: its parameters bound, its slices, and the answers so far. */
import type { Check, CloudIdentity, Context, Finding, Parameters, ParameterValues } from '../check.ts';
import type { CheckUse } from '../lab/schema.ts';
import type { AnswerTo, Question, Reading, SliceName, Slices, Unread } from '../model/account.ts';
import type { Bindings } from './bind.ts';
import { UNREAD_CODES } from './codes.ts';
import type { Readings } from './verify.ts';

/** Thrown through a check that cannot do without an answer which could not be had. */
export class UnreadAnswer extends Error {
  readonly unread: Unread;
  constructor(unread: Unread) {
    super(unread.message);
    this.name = 'UnreadAnswer';
    this.unread = unread;
  }
}

export function contextOf(
  use: CheckUse,
  check: Check,
  { readings, bindings, identity }: { readings: Readings; bindings: Bindings; identity: CloudIdentity },
  answers: ReadonlyMap<string, Reading<unknown>>,
  now: number,
): Context<Parameters, SliceName, SliceName> {
  // The engine stores each answer under its own question, so the answer has that question's type.
  const reading = <Q extends Question>(question: Q) =>
    answers.get(JSON.stringify(question)) as Reading<AnswerTo<Q>> | undefined;
  return {
    params: parametersOf(use, check, bindings),
    slices: slicesOf([...check.needs, ...(check.uses ?? [])], readings),
    cloud: identity,
    now,
    reading,
    slice(name) {
      const found = readings[name] as Reading<Slices[typeof name]> | undefined;
      if (found?.ok) return found.value;
      throw new UnreadAnswer(
        found?.unread ?? { reason: 'error', action: name, message: `Nobody declared the use of ${name}.` },
      );
    },
    answer(question) {
      const found = reading(question);
      if (found?.ok) return found.value;
      throw new UnreadAnswer(
        found?.unread ?? { reason: 'error', action: question.kind, message: `Nobody asked for ${question.kind}.` },
      );
    },
  };
}

function parametersOf(use: CheckUse, check: Check, bindings: Bindings): ParameterValues<Parameters> {
  return Object.fromEntries(
    Object.entries(check.params).map(([name, kind]) => {
      const value = use.with[name];
      const isResource = typeof kind === 'string' && kind !== 'text' && kind !== 'number';
      return [name, isResource ? bindings[String(value)] : value];
    }),
  ) as ParameterValues<Parameters>;
}

function slicesOf(names: readonly SliceName[], readings: Readings): Slices {
  return Object.fromEntries(
    names.flatMap((name) => {
      const reading = readings[name];
      return reading?.ok ? [[name, reading.value]] : [];
    }),
  ) as unknown as Slices;
}

/** "I was not allowed to look" is never "you failed". */
export function unreadFinding({ reason, action, message }: Unread): Finding {
  return {
    code: UNREAD_CODES[reason],
    severity: 'warning',
    message: `${action} could not be read: ${message}`,
    resources: [],
    ...(reason === 'denied' && {
      fix: { console: `IAM > Policies: allow ${action} to the identity that labproof uses` },
    }),
  };
}
