/** Parts of a walk as linear text: whole sentences, words before glyphs, no escape codes, for screen readers and pipes. */
import type { Finding } from '../check.ts';
import type { LabQuestion, Step } from '../lab/schema.ts';
import { commandText, safe } from '../lib/terminal-text.ts';
import { type Detail, detailsOf } from '../run/finding.ts';
import type { CheckResult } from '../run/result.ts';
import { type Answer, isRight } from '../run/session.ts';
import { looks, oneLine, pointsText } from './words.ts';

export function stepText(step: Step, number: number, of: number): string[] {
  return [
    '',
    `Step ${number} of ${of}: ${oneLine(step.title)}`,
    '',
    `Goal: ${safe(step.goal)}`,
    `Why: ${safe(step.why)}`,
    'In the console:',
    ...step.console.map((instruction, index) => `  ${index + 1}. ${safe(instruction)}`),
  ];
}

export function checkTitle({ verdict, title, points }: CheckResult): string {
  const { glyph, word } = looks[verdict];
  return `  ${glyph} ${word}: ${oneLine(title)} (${pointsText(points)} points)`;
}

export function checkText(check: CheckResult): string[] {
  return [checkTitle(check), ...check.findings.flatMap(findingText)];
}

const LABELS: Readonly<Record<Detail[0], string>> = {
  expected: 'Expected',
  actual: 'Actual',
  console: 'Fix in the console',
  command: 'Fix by command',
  docs: 'Read more',
};

function findingText(finding: Finding): string[] {
  const details = detailsOf(finding).map(
    ([label, text]) => `      ${LABELS[label]}: ${label === 'command' ? commandText(text) : oneLine(text)}`,
  );
  return [`      ${oneLine(finding.message)}`, ...details];
}

/** Was the choice right, and why. Empty for a text question or an open one. */
export function revealText(question: LabQuestion, answer: Answer | undefined): string[] {
  const right = isRight(question, answer);
  if (question.kind === 'text' || !answer || right === undefined) return [];
  const optionAt = (index: number) => oneLine(question.options[index] ?? '');
  return [
    `  ${oneLine(question.prompt)}`,
    `  You said: ${optionAt(Number(answer.value))}`,
    right ? '  Right.' : `  Not quite. It is: ${optionAt(question.answer)}`,
    `  ${safe(question.explanation)}`,
  ];
}
