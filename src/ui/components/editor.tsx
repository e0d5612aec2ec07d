/** An answer in the learner's own words. */
import { Box, usePaste } from 'ink';
import { useState } from 'react';
import wrapAnsi from 'wrap-ansi';
import type { LabQuestion } from '../../lab/schema.ts';
import { safe } from '../../lib/terminal-text.ts';
import { oneLine } from '../../plain/words.ts';
import type { Answer } from '../../run/session.ts';
import { draftOf, edited, typed } from '../draft.ts';
import type { Situation } from '../keys.ts';
import type { Layout } from '../layout.ts';
import { useKeys } from '../use-keys.ts';
import { Footer } from './footer.tsx';
import { Scroll } from './scroll.tsx';
import { Prose, Toned } from './toned.tsx';

/** What both kinds of question are given. */
export interface AnswerProps {
  readonly situation: Situation;
  readonly layout: Layout;
  readonly answer: Answer | undefined;
  save(value: string | number): void;
  next(): void;
  back(): void;
  close(): void;
  interrupt(): void;
}

export interface EditorProps extends AnswerProps {
  readonly question: Extract<LabQuestion, { kind: 'text' }>;
}

export function Editor({ question, situation, layout, answer, save, next, back, close, interrupt }: EditorProps) {
  const old = safe(String(answer?.value ?? ''));
  const [draft, setDraft] = useState(() => draftOf(old));
  const [page, setPage] = useState(1);

  /** However the question is left, what was typed is kept. */
  function keepAnd(leave: () => void): () => void {
    return () => {
      const text = draft.text.trim();
      if (text !== old.trim()) save(text);
      leave();
    };
  }
  useKeys(
    'answer',
    situation,
    {
      'new-line': () => setDraft(typed(draft, '\n')),
      save: keepAnd(next),
      'question-next': keepAnd(next),
      'question-back': keepAnd(back),
      close: keepAnd(close),
      interrupt: keepAnd(interrupt),
    },
    (name, input) => {
      const after = edited(draft, name);
      setDraft(after === draft ? typed(draft, input) : after);
    },
  );
  usePaste((text) => setDraft(typed(draft, text)));

  const before = wrapAnsi(draft.text.slice(0, draft.cursor), layout.columns - 4, { hard: true, trim: false });
  const cursorLine = before.split('\n').length - 1;
  return (
    <>
      <Box flexDirection="column" paddingX={1} rowGap={layout.gap} flexGrow={1} flexShrink={1} flexBasis={0}>
        {question.stem && (
          <Box flexShrink={0}>
            <Prose tone="quiet">{`It may begin: ${oneLine(question.stem)}`}</Prose>
          </Box>
        )}
        <Scroll offset={Math.max(0, cursorLine - page + 2)} onExtent={(extent) => setPage(extent.page)}>
          <Box
            paddingLeft={1}
            borderStyle="single"
            borderTop={false}
            borderRight={false}
            borderBottom={false}
            aria-role="textbox"
          >
            <Toned>{`${draft.text.slice(0, draft.cursor)}▏${draft.text.slice(draft.cursor)}`}</Toned>
          </Box>
        </Scroll>
      </Box>
      <Footer screen="answer" situation={situation} columns={layout.columns} />
    </>
  );
}
