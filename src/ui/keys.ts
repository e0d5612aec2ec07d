/** The one table of keys: what is pressed, what it does, what it is called and when it can be used. */
import type { LabQuestion } from '../lab/schema.ts';
import { currentStep } from '../plain/progress.ts';
import type { WalkState } from '../run/walk.ts';
import { questionsAt, type Screen } from './view.ts';

export type Command =
  | 'check'
  | 'hint'
  | 'answer'
  | 'commands'
  | 'solve'
  | 'report'
  | 'section-next'
  | 'section-back'
  | 'step-next'
  | 'step-back'
  | 'step-number'
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'help'
  | 'quit'
  | 'interrupt'
  | 'yes'
  | 'close'
  | 'save'
  | 'new-line'
  | 'question-next'
  | 'question-back'
  | 'option-number';

export interface Situation {
  readonly state: WalkState;
  /** The question being answered, and how many are asked. */
  readonly question?: LabQuestion;
  readonly asked?: number;
}

export interface Binding {
  readonly command: Command;
  readonly on: readonly Screen['kind'][];
  /** As `pressesOf` names them. */
  readonly keys: readonly string[];
  /** As the footer and the help show them. */
  readonly shown: string;
  /** One or two words for the footer; empty where only the help tells of it. */
  readonly label: string;
  readonly help: string;
  usable?(situation: Situation): boolean;
}

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** In the order of the footer, where the last ones give way when the window is narrow. */
export const BINDINGS: readonly Binding[] = [
  {
    command: 'check',
    on: ['walk'],
    keys: ['enter', 'v'],
    shown: 'enter',
    label: 'check',
    help: 'check every step against your account',
    usable: isIdle,
  },
  {
    command: 'hint',
    on: ['walk'],
    keys: ['h'],
    shown: 'h',
    label: 'hint',
    help: 'open the next hint',
    usable: ({ state }) => hintsLeft(state) > 0,
  },
  {
    command: 'answer',
    on: ['walk'],
    keys: ['a'],
    shown: 'a',
    label: 'answer',
    help: 'answer the questions of this step',
    usable: ({ state }) => questionsAt(state, currentStep(state).step).length > 0,
  },
  {
    command: 'section-next',
    on: ['walk'],
    keys: ['tab'],
    shown: 'tab',
    label: 'view',
    help: 'next view of the step (shift-tab: the one before)',
  },
  { command: 'section-back', on: ['walk'], keys: ['shift-tab'], shown: '', label: '', help: '' },
  {
    command: 'step-next',
    on: ['walk'],
    keys: ['right', 'n'],
    shown: 'n',
    label: 'next',
    help: 'next step (or →)',
    usable: ({ state }) => currentStep(state).index < state.lab.steps.length - 1,
  },
  { command: 'step-number', on: ['walk'], keys: DIGITS, shown: '1-9', label: '', help: 'go to that step' },
  {
    command: 'commands',
    on: ['walk'],
    keys: ['c'],
    shown: 'c',
    label: 'CLI',
    help: 'the solution as AWS CLI commands',
  },
  {
    command: 'solve',
    on: ['walk'],
    keys: ['s'],
    shown: 's',
    label: 'solve',
    help: 'let labproof do this step (sandbox only)',
    usable: (situation) => isIdle(situation) && situation.state.session.cloud.kind === 'sandbox',
  },
  {
    command: 'report',
    on: ['walk'],
    keys: ['r'],
    shown: 'r',
    label: 'report',
    help: 'write the project report',
    usable: isIdle,
  },
  {
    command: 'step-back',
    on: ['walk'],
    keys: ['left', 'p'],
    shown: 'p',
    label: 'back',
    help: 'previous step (or ←)',
    usable: ({ state }) => currentStep(state).index > 0,
  },
  { command: 'up', on: ['walk', 'help'], keys: ['up', 'k'], shown: '↑ k', label: '', help: 'scroll up' },
  { command: 'down', on: ['walk', 'help'], keys: ['down', 'j'], shown: '↓ j', label: '', help: 'scroll down' },
  { command: 'page-up', on: ['walk', 'help'], keys: ['page-up', 'b'], shown: 'pgup b', label: '', help: 'a page up' },
  { command: 'page-up', on: ['answer'], keys: ['page-up'], shown: '', label: '', help: '', usable: isChoice },
  { command: 'page-down', on: ['answer'], keys: ['page-down'], shown: '', label: '', help: '', usable: isChoice },
  {
    command: 'page-down',
    on: ['walk', 'help'],
    keys: ['page-down', ' '],
    shown: 'pgdn space',
    label: '',
    help: 'a page down',
  },
  { command: 'yes', on: ['confirm'], keys: ['y'], shown: 'y', label: 'yes', help: '' },
  { command: 'close', on: ['confirm'], keys: ['n', 'esc', 'q'], shown: 'n', label: 'no', help: '' },
  { command: 'close', on: ['help'], keys: ['esc', '?', 'q', 'enter'], shown: 'esc', label: 'back', help: '' },
  { command: 'save', on: ['answer'], keys: ['enter'], shown: 'enter', label: 'save', help: '' },
  {
    command: 'up',
    on: ['answer'],
    keys: ['up'],
    shown: '↑↓',
    label: 'choose',
    help: '',
    usable: isChoice,
  },
  { command: 'down', on: ['answer'], keys: ['down'], shown: '', label: '', help: '', usable: isChoice },
  { command: 'option-number', on: ['answer'], keys: DIGITS, shown: '', label: '', help: '', usable: isChoice },
  {
    command: 'new-line',
    on: ['answer'],
    keys: ['ctrl-j'],
    shown: 'ctrl-j',
    label: 'new line',
    help: '',
    usable: (situation) => !isChoice(situation),
  },
  {
    command: 'question-next',
    on: ['answer'],
    keys: ['tab'],
    shown: 'tab',
    label: 'next',
    help: '',
    usable: isOneOfMany,
  },
  {
    command: 'question-back',
    on: ['answer'],
    keys: ['shift-tab'],
    shown: 'shift-tab',
    label: 'previous',
    help: '',
    usable: isOneOfMany,
  },
  { command: 'close', on: ['answer'], keys: ['esc'], shown: 'esc', label: 'back', help: '' },
  { command: 'help', on: ['walk'], keys: ['?'], shown: '?', label: 'help', help: 'this page' },
  { command: 'quit', on: ['walk'], keys: ['q'], shown: 'q', label: 'quit', help: 'quit; your progress is saved' },
  {
    command: 'interrupt',
    on: ['walk', 'answer', 'confirm', 'help'],
    keys: ['ctrl-c'],
    shown: 'ctrl-c',
    label: '',
    help: 'stop the work under way, else quit',
  },
];

export function usableOn(screen: Screen['kind'], situation: Situation): readonly Binding[] {
  return BINDINGS.filter(({ on, usable }) => on.includes(screen) && (!usable || usable(situation)));
}

function hintsLeft(state: WalkState): number {
  const { step } = currentStep(state);
  return step.hints.length - (state.session.hints[step.id] ?? 0);
}

function isIdle({ state }: Situation): boolean {
  return !state.busy;
}

function isChoice({ question }: Situation): boolean {
  return question?.kind === 'choice';
}

function isOneOfMany({ asked }: Situation): boolean {
  return asked !== undefined && asked > 1;
}
