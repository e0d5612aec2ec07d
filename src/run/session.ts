/** One learner's progress through one lab in one account and region. Plain data, changed only by `advance`. */
import type { Evidence } from '../check.ts';
import type { Lab, LabQuestion, Step } from '../lab/schema.ts';
import type { Result } from './result.ts';

export interface Answer {
  /** The text, or the index of the chosen option. */
  readonly value: string | number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What a check showed the first time it passed: "before" pictures that the account itself no longer shows later. */
export interface Passed {
  readonly at: number;
  readonly evidence: readonly Evidence[];
}

export interface Session {
  readonly schema: 1;
  readonly lab: string;
  readonly cloud: { readonly kind: 'aws' | 'sandbox'; readonly account: string; readonly region: string };
  /** The step that the learner is at. */
  readonly step: string;
  /** How many hints of each step were opened. */
  readonly hints: Readonly<Record<string, number>>;
  /** By question id. */
  readonly answers: Readonly<Record<string, Answer>>;
  /** By check id. */
  readonly passed: Readonly<Record<string, Passed>>;
  readonly startedAt: number;
}

export type SessionEvent =
  | { readonly type: 'step-chosen'; readonly step: string }
  | { readonly type: 'hint-opened'; readonly step: string; readonly of: number }
  | { readonly type: 'answered'; readonly question: string; readonly value: string | number; readonly at: number }
  | { readonly type: 'verified'; readonly result: Result; readonly at: number };

export function newSession(lab: Lab, cloud: Session['cloud'], now: number): Session {
  const [first] = lab.steps;
  if (!first) throw new Error(`Lab ${lab.id} has no step.`);
  return { schema: 1, lab: lab.id, cloud, step: first.id, hints: {}, answers: {}, passed: {}, startedAt: now };
}

/** The one way in which a session changes. */
export function advance(session: Session, event: SessionEvent): Session {
  switch (event.type) {
    case 'step-chosen':
      return { ...session, step: event.step };
    case 'hint-opened': {
      const shown = session.hints[event.step] ?? 0;
      return { ...session, hints: { ...session.hints, [event.step]: Math.min(shown + 1, event.of) } };
    }
    case 'answered':
      return {
        ...session,
        answers: { ...session.answers, [event.question]: { value: event.value, at: event.at } },
      };
    case 'verified': {
      const passed = { ...session.passed };
      for (const check of event.result.steps.flatMap((step) => step.checks))
        if (check.verdict === 'pass' && !passed[check.id])
          passed[check.id] = { at: event.at, evidence: check.evidence };
      return { ...session, passed };
    }
  }
}

/** The questions of a step that may be shown now: predictions before its checks have passed, the rest once they are due. */
export function questionsOf(step: Step, when: 'before' | 'after'): readonly LabQuestion[] {
  return step.questions.filter((question) => (question.kind === 'choice' ? question.when : 'after') === when);
}

/** An answer that the question can have: not blank, and an option that is there (the lab may have changed since). */
export function isAnswered(question: LabQuestion, answer: Answer | undefined): boolean {
  if (!answer) return false;
  return question.kind === 'choice'
    ? typeof answer.value === 'number' && question.options[answer.value] !== undefined
    : String(answer.value).trim() !== '';
}

export function isRight(question: LabQuestion, answer: Answer | undefined): boolean | undefined {
  return question.kind === 'choice' && answer ? answer.value === question.answer : undefined;
}
