/** What can be said of a walk's state: the same for the screen, the linear walk and the automatic one. Pure. */
import type { LabQuestion, Step } from '../lab/schema.ts';
import type { Points, StepResult } from '../run/result.ts';
import { isAnswered, questionsOf, type Session } from '../run/session.ts';
import type { WalkState } from '../run/walk.ts';
import type { Standing } from './words.ts';

export function currentStep({ lab, session }: WalkState): { readonly step: Step; readonly index: number } {
  const index = Math.max(
    0,
    lab.steps.findIndex(({ id }) => id === session.step),
  );
  const step = lab.steps[index];
  if (!step) throw new Error(`Lab ${lab.id} has no step.`);
  return { step, index };
}

export function resultOf({ result }: WalkState, step: Step): StepResult | undefined {
  return result?.steps.find(({ id }) => id === step.id);
}

/** Did every check of the step pass, now or in an earlier verification? */
export function everPassed(session: Session, step: Step): boolean {
  return step.checks.every(({ id }) => session.passed[id]);
}

/** A step that lies ahead is to do, not failed, as long as nothing in it was reached. */
export function standingOf(state: WalkState, step: Step): Standing {
  const result = resultOf(state, step);
  if (!result) return everPassed(state.session, step) ? 'passed-before' : 'to-do';
  const ahead = state.lab.steps.indexOf(step) > currentStep(state).index;
  return ahead && result.points.earned === 0 && result.verdict !== 'unknown' ? 'to-do' : result.verdict;
}

export function possiblePoints(step: Step): number {
  return step.checks.reduce((sum, { points }) => sum + points, 0);
}

/** The points of this run's newest verification or, before there is one, of what passed in earlier runs. */
export function pointsOf({ lab, session, result }: WalkState): Points {
  if (result) return result.points;
  const checks = lab.steps.flatMap((step) => step.checks);
  const sum = (some: typeof checks) => some.reduce((total, { points }) => total + points, 0);
  return { earned: sum(checks.filter(({ id }) => session.passed[id])), possible: sum(checks) };
}

export function allPass({ lab, result }: WalkState): boolean {
  return result?.verdict === 'pass' && result.steps.length === lab.steps.length;
}

export function isOpen(session: Session, question: LabQuestion): boolean {
  return !isAnswered(question, session.answers[question.id]);
}

/** Predictions of a step that are not made yet. Once its checks have passed there is nothing left to predict. */
export function openPredictions({ session }: WalkState, step: Step): readonly LabQuestion[] {
  if (everPassed(session, step)) return [];
  return questionsOf(step, 'before').filter((question) => isOpen(session, question));
}

/** A question on what was seen is due when the step has passed; all others at any time. */
export function isDue(session: Session, step: Step, question: LabQuestion): boolean {
  return question.kind === 'text' || question.when === 'before' || everPassed(session, step);
}

/** Whether a prediction was right is told when the step has passed: predict, then see. */
export function isRevealed(session: Session, step: Step, question: LabQuestion): boolean {
  if (question.kind === 'text' || isOpen(session, question)) return false;
  return question.when === 'after' || everPassed(session, step);
}

/** Predictions first, then the rest in the lab's order. */
export function questionsInOrder(step: Step): readonly LabQuestion[] {
  return [...questionsOf(step, 'before'), ...questionsOf(step, 'after')];
}

/** What the learner could answer now and has not. */
export function openQuestions({ session }: WalkState, step: Step): readonly LabQuestion[] {
  return questionsInOrder(step).filter((question) => isDue(session, step, question) && isOpen(session, question));
}
