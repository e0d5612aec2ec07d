/** The guided walk as linear text with numbered prompts: no redraws, no escape codes, for screen readers and pipes. */
import type { LabQuestion, Step } from '../lab/schema.ts';
import { brief, safe } from '../lib/terminal-text.ts';
import type { Walk, WalkAction } from '../run/walk.ts';
import { checkText, revealText, stepText } from './lines.ts';
import * as progress from './progress.ts';
import { count, looks, oneLine, pointsText } from './words.ts';

export interface PlainIo {
  /** The learner's lines; `readline` interfaces are such. */
  readonly input: AsyncIterable<string>;
  print(line: string): void;
  /** The step's solution as AWS CLI commands. */
  commandsOf(step: Step): string;
  /** How to reach the sandbox with other tools; shown with the first step. */
  readonly sandboxHint?: string;
}

type Choice = 'check' | 'hint' | 'commands' | 'solve' | 'questions' | 'next' | 'previous' | 'report' | 'quit';

const MENU: readonly (readonly [number: string, choice: Choice, label: string])[] = [
  ['1', 'check', 'check this step'],
  ['2', 'hint', 'open a hint'],
  ['3', 'commands', 'show the commands'],
  ['4', 'solve', 'solve this step for me'],
  ['5', 'questions', 'answer questions'],
  ['6', 'next', 'next step'],
  ['7', 'previous', 'previous step'],
  ['8', 'report', 'write the report'],
  ['9', 'quit', 'quit'],
];

/** `done`: every step passes and the report is written. The end of the input quits; progress is saved after each change. */
export async function plainWalk(walk: Walk, io: PlainIo): Promise<'done' | 'quit'> {
  const lines = io.input[Symbol.asyncIterator]();
  const stopListening = tellProgress(walk, io.print);
  try {
    return await talk(walk, io, async (prompt) => {
      io.print(prompt);
      const { done, value } = await lines.next();
      return done ? undefined : value.trim();
    });
  } finally {
    stopListening();
  }
}

/** Prints a question and returns the learner's line; undefined at the end of the input. */
type Ask = (prompt: string) => Promise<string | undefined>;

async function talk(walk: Walk, io: PlainIo, ask: Ask): Promise<'done' | 'quit'> {
  const { print } = io;
  const { lab, session } = walk.get();
  print(oneLine(lab.title));
  print(safe(lab.summary));
  print(`About ${count(lab.minutes, 'minute')}. ${safe(lab.cost)}`);
  print(oneLine(`You walk it in: ${session.cloud.kind} ${session.cloud.account}, ${session.cloud.region}.`));
  if (io.sandboxHint) print(safe(io.sandboxHint));
  await showStep(walk, io, ask);

  for (;;) {
    const usable = MENU.filter(([, choice]) => isUsable(walk, choice));
    const line = await ask(`\nWhat next? ${usable.map(([number, , label]) => `${number} ${label}`).join(', ')}.`);
    if (line === undefined) break;
    const chosen = usable.find(([number]) => number === line)?.[1];
    if (!chosen) {
      print(`Type one of ${usable.map(([number]) => number).join(', ')}, then Enter.`);
      continue;
    }
    if (chosen === 'quit') break;
    await ACTS[chosen](walk, io, ask);
    const state = walk.get();
    if (chosen === 'report' && state.reportPath && progress.allPass(state)) {
      print('Every step passes and the report is written. Well done!');
      return 'done';
    }
  }
  print('Your progress is saved. Start labproof again to go on from here.');
  return 'quit';
}

function isUsable(walk: Walk, choice: Choice): boolean {
  const state = walk.get();
  const { step, index } = progress.currentStep(state);
  switch (choice) {
    case 'hint':
      return (state.session.hints[step.id] ?? 0) < step.hints.length;
    case 'solve':
      return state.session.cloud.kind === 'sandbox';
    case 'questions':
      return step.questions.some((question) => progress.isDue(state.session, step, question));
    case 'next':
      return index < state.lab.steps.length - 1;
    case 'previous':
      return index > 0;
    default:
      return true;
  }
}

type Act = (walk: Walk, io: PlainIo, ask: Ask) => Promise<void>;

const ACTS: Readonly<Record<Exclude<Choice, 'quit'>, Act>> = {
  check: (walk, io) => prove(walk, io, { type: 'check' }),
  async hint(walk, { print }) {
    await walk.send({ type: 'hint' });
    const { step } = progress.currentStep(walk.get());
    const opened = walk.get().session.hints[step.id] ?? 0;
    print(`Hint ${opened} of ${step.hints.length}: ${safe(step.hints[opened - 1] ?? '')}`);
  },
  async commands(walk, { print, commandsOf }) {
    print('The reference solution as AWS CLI commands:');
    print(safe(commandsOf(progress.currentStep(walk.get()).step)));
  },
  async solve(walk, io, ask) {
    const sure = await ask("This sends the lab's reference solution of this step to the sandbox. Type yes to go on.");
    if (sure?.toLowerCase() === 'yes') await prove(walk, io, { type: 'solve' });
    else io.print('Nothing was done.');
  },
  async questions(walk, { print }, ask) {
    const state = walk.get();
    const { step } = progress.currentStep(state);
    const open = progress.openQuestions(state, step);
    const due = progress.questionsInOrder(step).filter((question) => progress.isDue(state.session, step, question));
    for (const question of open.length > 0 ? open : due) {
      if (!(await askQuestion(walk, question, print, ask))) return;
      if (progress.isRevealed(walk.get().session, step, question))
        for (const line of revealText(question, walk.get().session.answers[question.id])) print(line);
    }
  },
  next: (walk, io, ask) => goBy(1, walk, io, ask),
  previous: (walk, io, ask) => goBy(-1, walk, io, ask),
  async report(walk, { print }, ask) {
    for (const question of walk.get().lab.questions)
      if (progress.isOpen(walk.get().session, question) && !(await askQuestion(walk, question, print, ask))) break;
    await walk.send({ type: 'report' });
    printNotice(walk, print);
  },
};

async function goBy(by: number, walk: Walk, io: PlainIo, ask: Ask): Promise<void> {
  const { lab } = walk.get();
  const target = lab.steps[progress.currentStep(walk.get()).index + by];
  if (!target) return;
  await walk.send({ type: 'go', step: target.id });
  await showStep(walk, io, ask);
}

async function showStep(walk: Walk, { print }: PlainIo, ask: Ask): Promise<void> {
  const state = walk.get();
  const { step, index } = progress.currentStep(state);
  for (const line of stepText(step, index + 1, state.lab.steps.length)) print(line);
  for (const question of progress.openPredictions(state, step)) {
    print('\nPredict before you look:');
    if (!(await askQuestion(walk, question, print, ask))) return;
  }
}

/** Checks or solves, then says what the checks of the current step found. */
async function prove(walk: Walk, { print }: PlainIo, action: WalkAction): Promise<void> {
  const before = walk.get().result;
  await walk.send(action);
  printNotice(walk, print);
  const state = walk.get();
  const { step } = progress.currentStep(state);
  const result = progress.resultOf(state, step);
  if (!result || state.result === before) return;
  for (const check of result.checks) for (const line of checkText(check)) print(line);
  const { word } = looks[result.verdict];
  print(
    `This step: ${word}, ${pointsText(result.points)} points. The lab: ${pointsText(progress.pointsOf(state))} points.`,
  );
  for (const question of step.questions)
    if (question.kind === 'choice' && question.when === 'before' && progress.isRevealed(state.session, step, question))
      for (const line of revealText(question, state.session.answers[question.id])) print(line);
}

/** False at the end of the input. An empty line leaves the answer as it is. */
async function askQuestion(walk: Walk, question: LabQuestion, print: PlainIo['print'], ask: Ask): Promise<boolean> {
  const old = walk.get().session.answers[question.id]?.value;
  print(oneLine(question.prompt));
  if (question.kind === 'text') {
    if (old !== undefined) print(`Your answer so far: ${safe(String(old))}`);
    const begin = question.stem ? `It may begin: ${oneLine(question.stem)} ` : '';
    const line = await ask(`${begin}Type your answer on one line; Enter alone leaves it.`);
    if (line) await walk.send({ type: 'answer', question: question.id, value: line });
    return line !== undefined;
  }
  for (const [index, option] of question.options.entries()) print(`  ${index + 1}. ${oneLine(option)}`);
  for (;;) {
    const line = await ask(`Type 1 to ${question.options.length}; Enter alone leaves it.`);
    if (!line) return line !== undefined;
    const value = Number(line) - 1;
    if (question.options[value] !== undefined) {
      await walk.send({ type: 'answer', question: question.id, value });
      return true;
    }
  }
}

function printNotice(walk: Walk, print: PlainIo['print']): void {
  const { notice } = walk.get();
  if (notice) print(`${notice.tone === 'error' ? 'Error: ' : ''}${brief(notice.text)}`);
}

const WORK = { checking: 'Checking', solving: 'Solving', reporting: 'Writing the report' } as const;

/** One line for each new piece of work under way. */
function tellProgress(walk: Walk, print: PlainIo['print']): () => void {
  let last = '';
  return walk.subscribe(() => {
    const { busy } = walk.get();
    const line = busy ? `${WORK[busy.work]}${busy.detail ? `: ${oneLine(busy.detail)}` : ''} …` : '';
    if (line && line !== last) print(line);
    last = line;
  });
}
