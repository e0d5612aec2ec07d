/** The questions of a step with the learner's answers; whether a prediction was right, once that may be told. */
import { Box } from 'ink';
import type { LabQuestion, Step } from '../../lab/schema.ts';
import { safe } from '../../lib/terminal-text.ts';
import { isOpen, isRevealed } from '../../plain/progress.ts';
import { oneLine } from '../../plain/words.ts';
import { type Answer, isRight } from '../../run/session.ts';
import type { WalkState } from '../../run/walk.ts';
import { questionsAt } from '../view.ts';
import { Prose, Toned } from './toned.tsx';

export function Questions({ state, step }: { readonly state: WalkState; readonly step: Step }) {
  const questions = questionsAt(state, step);
  const open = questions.filter((question) => isOpen(state.session, question)).length;
  return (
    <>
      {questions.map((question) => (
        <QuestionText
          key={question.id}
          question={question}
          answer={isOpen(state.session, question) ? undefined : state.session.answers[question.id]}
          revealed={isRevealed(state.session, step, question)}
        />
      ))}
      <Toned tone="quiet">
        {questions.length === 0
          ? 'No questions here.'
          : open > 0
            ? `${open} open. Press a to answer.`
            : 'All answered. Press a to read or change an answer.'}
      </Toned>
    </>
  );
}

interface QuestionTextProps {
  readonly question: LabQuestion;
  readonly answer: Answer | undefined;
  readonly revealed: boolean;
}

function QuestionText({ question, answer, revealed }: QuestionTextProps) {
  return (
    <Box flexDirection="column" marginBottom={1}>
      <Prose tone="strong">{`${answer ? '●' : '○'} ${kindOf(question)}: ${oneLine(question.prompt)}`}</Prose>
      <Box paddingLeft={2} flexDirection="column">
        {answer ? <Prose>{answerText(question, answer)}</Prose> : <Toned tone="quiet">not answered yet</Toned>}
        {revealed && question.kind === 'choice' && (
          <Reveal question={question} right={isRight(question, answer) === true} />
        )}
      </Box>
    </Box>
  );
}

type Choice = Extract<LabQuestion, { kind: 'choice' }>;

export function Reveal({ question, right }: { readonly question: Choice; readonly right: boolean }) {
  return (
    <>
      <Prose tone={right ? 'good' : 'warn'}>
        {right ? '✓ right' : `✗ not quite: ${oneLine(question.options[question.answer] ?? '')}`}
      </Prose>
      <Prose>{safe(question.explanation)}</Prose>
    </>
  );
}

export function kindOf(question: LabQuestion): string {
  return question.kind === 'choice' && question.when === 'before' ? 'Predict' : 'Question';
}

function answerText(question: LabQuestion, { value }: Answer): string {
  return safe(question.kind === 'choice' ? (question.options[Number(value)] ?? '') : String(value));
}
