/** A question with one right answer. Once it has been told, it stays as it was answered. */
import { Box } from 'ink';
import { useState } from 'react';
import type { LabQuestion } from '../../lab/schema.ts';
import { oneLine } from '../../plain/words.ts';
import { isRight } from '../../run/session.ts';
import { useKeys } from '../use-keys.ts';
import { useScroll } from '../use-scroll.ts';
import type { AnswerProps } from './editor.tsx';
import { Footer } from './footer.tsx';
import { Reveal } from './questions.tsx';
import { Scroll } from './scroll.tsx';
import { Prose, Toned } from './toned.tsx';

export interface ChoiceProps extends AnswerProps {
  readonly question: Extract<LabQuestion, { kind: 'choice' }>;
  readonly revealed: boolean;
}

export function Choice(props: ChoiceProps) {
  const { question, revealed, situation, layout, answer, save, next, back, close, interrupt } = props;
  const [cursor, setCursor] = useState(Number(answer?.value ?? 0));
  const { offset, onExtent, scrolling } = useScroll();
  const last = question.options.length - 1;

  function choose(): void {
    if (!revealed) save(cursor);
    // Where the answer is told at once, it is read before going on.
    if (revealed || question.when === 'before') next();
  }
  useKeys('answer', situation, {
    ...scrolling,
    up: () => setCursor(Math.max(0, cursor - 1)),
    down: () => setCursor(Math.min(last, cursor + 1)),
    'option-number': (name) => setCursor(Math.min(last, Number(name) - 1)),
    save: choose,
    'question-next': next,
    'question-back': back,
    close,
    interrupt,
  });

  const chosen = revealed ? Number(answer?.value) : cursor;
  return (
    <>
      <Box paddingX={1} flexGrow={1} flexShrink={1} flexBasis={0}>
        <Scroll offset={offset} onExtent={onExtent}>
          {question.options.map((option, index) => (
            <Box key={option} columnGap={1}>
              <Box flexShrink={0}>
                <Toned
                  tone={index === chosen ? 'accent' : 'quiet'}
                >{`${index === chosen ? '❯' : ' '} ${index + 1}.`}</Toned>
              </Box>
              <Prose tone={index === chosen ? 'strong' : 'plain'}>{oneLine(option)}</Prose>
            </Box>
          ))}
          <Box marginTop={1} flexDirection="column">
            {revealed ? (
              <Reveal question={question} right={isRight(question, answer) === true} />
            ) : (
              question.when === 'before' && (
                <Prose tone="quiet">Whether it is right, you will see when the checks of this step pass.</Prose>
              )
            )}
          </Box>
        </Scroll>
      </Box>
      <Footer screen="answer" situation={situation} columns={layout.columns} />
    </>
  );
}
