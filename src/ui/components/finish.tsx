/** Shown when every step passes: what is left to do is the report. */
import { Box } from 'ink';
import { safe } from '../../lib/terminal-text.ts';
import { isOpen, pointsOf } from '../../plain/progress.ts';
import { count, pointsText } from '../../plain/words.ts';
import type { WalkState } from '../../run/walk.ts';
import { Prose } from './toned.tsx';

export function Finish({ state }: { readonly state: WalkState }) {
  const { lab, session, reportPath } = state;
  const open = [...lab.steps.flatMap(({ questions }) => questions), ...lab.questions].filter((question) =>
    isOpen(session, question),
  ).length;
  return (
    <Box flexDirection="column" flexShrink={0} marginBottom={1}>
      <Prose tone="good">{`✓ Every step passes: ${pointsText(pointsOf(state))} points. Well done!`}</Prose>
      <Prose>
        {reportPath
          ? `Your report: ${safe(reportPath)}`
          : `Press r for your report${open > 0 ? `; ${count(open, 'question')} still open` : ''}.`}
      </Prose>
    </Box>
  );
}
