/** What the write-up knows of a question or a check: the lab's words, the session's memory and the newest result in one place. */
import type { Evidence, Verdict } from '../check.ts';
import type { Lab, LabQuestion, Step } from '../lab/schema.ts';
import type { CheckResult, Result } from '../run/result.ts';
import { type Answer, isAnswered, type Session } from '../run/session.ts';

export interface ReportInput {
  readonly lab: Lab;
  /** Absent for an instructor, who has only the account. */
  readonly session?: Session;
  /** Absent as long as nothing was verified. */
  readonly result?: Result;
  /** When the report is written, epoch milliseconds. */
  readonly now: number;
}

/** Pieces of evidence of one check, and when they were seen. */
export interface Seen {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly evidence: readonly Evidence[];
}

export interface CheckView {
  readonly title: string;
  readonly possible: number;
  /** Of the newest verification. */
  readonly result?: CheckResult;
  /** What the newest verification showed. */
  readonly now?: Seen;
  /** What the check showed when it first passed: the account may not show it any more. */
  readonly first?: Seen;
}

export interface QuestionView {
  readonly question: LabQuestion;
  readonly answer?: Answer;
}

export function stepOf(lab: Lab, id: string): Step {
  const step = lab.steps.find((candidate) => candidate.id === id);
  if (!step) throw new Error(`the lab has no step "${id}"`);
  return step;
}

export function questionView({ lab, session }: ReportInput, id: string): QuestionView {
  const question = [...lab.questions, ...lab.steps.flatMap((step) => step.questions)].find(
    (candidate) => candidate.id === id,
  );
  if (!question) throw new Error(`the lab has no question "${id}"`);
  const answer = session?.answers[id];
  return { question, ...(answer && isAnswered(question, answer) && { answer }) };
}

export function checkView({ lab, session, result }: ReportInput, id: string): CheckView {
  const use = lab.steps.flatMap((step) => step.checks).find((candidate) => candidate.id === id);
  if (!use) throw new Error(`the lab has no check "${id}"`);
  const found = result?.steps.flatMap((step) => step.checks).find((candidate) => candidate.id === id);
  const first = session?.passed[id];
  return {
    title: found?.title ?? use.title ?? use.use,
    possible: use.points,
    ...(found && result && { result: found, now: { at: Date.parse(result.startedAt), evidence: found.evidence } }),
    ...(first && { first }),
  };
}

/** The verdict of a check as far as it is known: the newest verification counts, then the session's memory. */
export function verdictOf(view: CheckView): Verdict | 'not verified' {
  return view.result?.verdict ?? (view.first ? 'pass' : 'not verified');
}
