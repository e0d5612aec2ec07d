/** What dies with the screen: where the learner looks. Everything else is the walk's state. */
import type { LabQuestion, Step } from '../lab/schema.ts';
import { isDue, isOpen, questionsInOrder } from '../plain/progress.ts';
import type { Session } from '../run/session.ts';
import type { WalkState } from '../run/walk.ts';

const SECTIONS = ['task', 'hints', 'checks', 'questions', 'commands'] as const;
export type Section = (typeof SECTIONS)[number];

export type Screen =
  | { readonly kind: 'walk' }
  /** Asks these one after the other. */
  | { readonly kind: 'answer'; readonly questions: readonly LabQuestion[]; readonly first: number }
  | { readonly kind: 'confirm' }
  | { readonly kind: 'help' };

export interface View {
  readonly section: Section;
  readonly screen: Screen;
  /** The solution's commands give the step away: they have no tab until the learner asks for them. */
  readonly commandsShown: boolean;
  /** Steps whose predictions were asked for instead of a first check. */
  readonly offered: readonly string[];
}

export const FIRST_VIEW: View = { section: 'task', screen: { kind: 'walk' }, commandsShown: false, offered: [] };

export function sectionsOf({ commandsShown }: View): readonly Section[] {
  return SECTIONS.filter((section) => commandsShown || section !== 'commands');
}

/** `by` 1 is the next section, -1 the one before; round and round. */
export function turned(view: View, by: 1 | -1): View {
  const sections = sectionsOf(view);
  const next = sections.at((sections.indexOf(view.section) + by) % sections.length) ?? 'task';
  return { ...view, section: next };
}

/** The step's questions that may be answered now; with the last step, those on the whole project. */
export function questionsAt({ lab, session }: Pick<WalkState, 'lab' | 'session'>, step: Step): readonly LabQuestion[] {
  const due = questionsInOrder(step).filter((question) => isDue(session, step, question));
  return step === lab.steps.at(-1) ? [...due, ...lab.questions] : due;
}

/** Where answering begins: at the first open question, else at the first. */
export function firstOpen(questions: readonly LabQuestion[], session: Session): number {
  return Math.max(
    0,
    questions.findIndex((question) => isOpen(session, question)),
  );
}
