/** The walk that walks itself: solves each step, proves it, answers with the lab's samples and writes the report. */
import type { LabQuestion, Step } from '../lab/schema.ts';
import { questionsOf } from '../run/session.ts';
import type { Walk } from '../run/walk.ts';
import { checkTitle } from './lines.ts';
import { resultOf } from './progress.ts';
import { looks, oneLine, pointsText } from './words.ts';

export interface AutoIo {
  print(line: string): void;
}

/** Ends with the report's path as the last line, or with the step that could not be passed. */
export async function autoWalk(walk: Walk, { print }: AutoIo): Promise<{ passed: boolean; reportPath?: string }> {
  const { lab, session } = walk.get();
  const { kind, account, region } = session.cloud;
  print(oneLine(lab.title));
  print(oneLine(`${kind} ${account}, ${region}`));

  for (const [index, step] of lab.steps.entries()) {
    await walk.send({ type: 'go', step: step.id });
    print('');
    print(`Step ${index + 1} of ${lab.steps.length}: ${oneLine(step.title)}`);
    print(`  ${oneLine(step.goal)}`);
    await answer(walk, questionsOf(step, 'before'), print);
    if (!(await proved(walk, step, print))) return { passed: false };
    await answer(walk, questionsOf(step, 'after'), print);
  }
  await answer(walk, lab.questions, print);
  await walk.send({ type: 'report' });

  const { result, reportPath, notice } = walk.get();
  if (!reportPath) {
    print(`The report could not be written. ${oneLine(notice?.text ?? '')}`);
    return { passed: false };
  }
  print('');
  const width = Math.max(...lab.steps.map(({ title }) => oneLine(title).length));
  for (const { title, verdict, points } of result?.steps ?? [])
    print(`${looks[verdict].glyph} ${oneLine(title).padEnd(width)}  ${looks[verdict].word}  ${pointsText(points)}`);
  if (result) print(`${' '.repeat(width + 4)}total ${pointsText(result.points)}`);
  print('');
  print('The report:');
  print(reportPath);
  return { passed: result?.verdict === 'pass', reportPath };
}

/** Solves the step and prints what its checks say; false, with the reason, where they do not all pass. */
async function proved(walk: Walk, step: Step, print: AutoIo['print']): Promise<boolean> {
  const before = walk.get().result;
  await walk.send({ type: 'solve' });
  const state = walk.get();
  const result = state.result === before ? undefined : resultOf(state, step);
  for (const check of result?.checks ?? []) {
    print(checkTitle(check));
    const [main] = check.verdict === 'pass' ? [] : check.findings;
    if (main) print(`      ${oneLine(main.message)}`);
  }
  if (result?.verdict === 'pass') return true;
  const reason = result ? `its verdict is "${looks[result.verdict].word}"` : oneLine(state.notice?.text ?? 'stopped');
  print('');
  print(`Stopped at step "${oneLine(step.title)}": ${reason}`);
  return false;
}

/** As a learner who is right: the lab's sample for a text, the right option for a choice. */
async function answer(walk: Walk, questions: readonly LabQuestion[], print: AutoIo['print']): Promise<void> {
  for (const question of questions) {
    const value = question.kind === 'text' ? question.sample : question.answer;
    await walk.send({ type: 'answer', question: question.id, value });
    if (question.kind === 'choice') {
      print(`  ${question.when === 'before' ? 'Prediction' : 'Question'}: ${oneLine(question.prompt)}`);
      print(`    ${oneLine(question.options[question.answer] ?? '')}`);
    }
  }
}
