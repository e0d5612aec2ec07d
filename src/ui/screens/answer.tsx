/** Asks questions one after the other. Whatever was typed is kept, however the learner leaves. */
import { Box } from 'ink';
import { useState } from 'react';
import { currentStep, isRevealed } from '../../plain/progress.ts';
import { oneLine } from '../../plain/words.ts';
import type { Walk, WalkState } from '../../run/walk.ts';
import { Choice } from '../components/choice.tsx';
import { Editor } from '../components/editor.tsx';
import { kindOf } from '../components/questions.tsx';
import { Line, Prose } from '../components/toned.tsx';
import type { Layout } from '../layout.ts';
import type { Screen } from '../view.ts';

export interface AnswerScreenProps {
  readonly walk: Walk;
  readonly state: WalkState;
  readonly layout: Layout;
  readonly asked: Extract<Screen, { kind: 'answer' }>;
  close(): void;
  interrupt(): void;
}

export function AnswerScreen({ walk, state, layout, asked, close, interrupt }: AnswerScreenProps) {
  const { questions } = asked;
  const [index, setIndex] = useState(asked.first);
  const question = questions[index];
  if (!question) return null;

  const { step } = currentStep(state);
  const common = {
    situation: { state, question, asked: questions.length },
    layout,
    answer: state.session.answers[question.id],
    save: (value: string | number) => void walk.send({ type: 'answer', question: question.id, value }),
    next: () => (index < questions.length - 1 ? setIndex(index + 1) : close()),
    back: () => setIndex(Math.max(0, index - 1)),
    close,
    interrupt,
  };
  return (
    <Box flexDirection="column" width={layout.columns} height={layout.rows} overflow="hidden">
      <Box
        flexDirection="column"
        paddingX={1}
        marginBottom={layout.gap}
        flexShrink={0}
        maxHeight={Math.ceil(layout.rows / 2)}
        overflow="hidden"
      >
        <Line tone="quiet">{`${kindOf(question)} ${index + 1} of ${questions.length} · ${oneLine(step.title)}`}</Line>
        <Prose tone="accent">{oneLine(question.prompt)}</Prose>
      </Box>
      {question.kind === 'text' ? (
        <Editor key={question.id} {...common} question={question} />
      ) : (
        <Choice
          key={question.id}
          {...common}
          question={question}
          revealed={isRevealed(state.session, step, question)}
        />
      )}
    </Box>
  );
}
