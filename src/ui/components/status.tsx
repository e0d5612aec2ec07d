/** One thing to know now: the work under way, what came of it, or what to do next. */
import { Box, useAnimation } from 'ink';
import { brief } from '../../lib/terminal-text.ts';
import { allPass, currentStep, everPassed, openPredictions, resultOf } from '../../plain/progress.ts';
import { oneLine } from '../../plain/words.ts';
import type { WalkState, Work } from '../../run/walk.ts';
import { Line, Prose, Toned } from './toned.tsx';

export function Status({ state }: { readonly state: WalkState }) {
  const { busy, notice } = state;
  return (
    <Box flexShrink={0} paddingX={1} maxHeight={4} overflow="hidden">
      {busy ? (
        <Busy work={busy.work} detail={busy.detail} />
      ) : notice ? (
        <Prose tone={notice.tone === 'error' ? 'bad' : notice.tone === 'good' ? 'good' : 'plain'}>
          {notice.tone === 'error' ? `✗ ${brief(notice.text)}` : brief(notice.text)}
        </Prose>
      ) : (
        <Line tone="quiet">{nextMove(state)}</Line>
      )}
    </Box>
  );
}

const WORK: Readonly<Record<Work, string>> = {
  checking: 'Checking',
  solving: 'Solving',
  reporting: 'Writing the report',
};
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

function Busy({ work, detail }: { readonly work: Work; readonly detail: string }) {
  const { frame, time } = useAnimation({ interval: 100 });
  const parts = [WORK[work], oneLine(detail), `${Math.floor(time / 1000)} s`, 'ctrl-c stops it'];
  return (
    <Line>
      <Toned tone="accent">{FRAMES[frame % FRAMES.length]}</Toned>
      {` ${parts.filter(Boolean).join(' · ')}`}
    </Line>
  );
}

/** In a learner's words, what comes next. */
function nextMove(state: WalkState): string {
  const { step, index } = currentStep(state);
  if (allPass(state)) return 'Every step passes. Press r to write your report.';
  const result = resultOf(state, step);
  if (!result?.points.earned && openPredictions(state, step).length > 0)
    return 'Predict first: press a. Then do the step.';
  switch (result?.verdict) {
    case 'pass':
      return index < state.lab.steps.length - 1 ? 'This step passes. Press n for the next one.' : 'This step passes.';
    case 'waiting':
      return 'AWS has not finished. Press enter again in a minute.';
    case 'blocked':
      return 'An earlier step has to pass first.';
    case 'unknown':
      return 'Some of it could not be told; the checks say why.';
    case 'fail':
    case 'partial':
      return 'Mend what the checks found, then press enter again.';
    case undefined:
      return everPassed(state.session, step)
        ? 'This step passed before. Press enter to check it again.'
        : 'Do the step, then press enter to check it.';
  }
}
