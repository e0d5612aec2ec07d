/** The steps at the left, two lines each, as many around the current one as fit. */
import { Box } from 'ink';
import type { Step } from '../../lab/schema.ts';
import { currentStep, possiblePoints, resultOf, standingOf } from '../../plain/progress.ts';
import { looks, oneLine, pointsText } from '../../plain/words.ts';
import type { WalkState } from '../../run/walk.ts';
import { Line, Toned } from './toned.tsx';

export interface StepListProps {
  readonly state: WalkState;
  readonly width: number;
  readonly height: number;
}

export function StepList({ state, width, height }: StepListProps) {
  const { steps } = state.lab;
  const { index: current } = currentStep(state);
  const shown = Math.max(1, Math.floor(height / 2));
  const start = Math.max(0, Math.min(current - Math.floor(shown / 2), steps.length - shown));
  return (
    <Box flexDirection="column" width={width} flexShrink={0} overflow="hidden" aria-role="list">
      {steps.slice(start, start + shown).map((step, offset) => (
        <Row key={step.id} state={state} step={step} index={start + offset} isCurrent={start + offset === current} />
      ))}
    </Box>
  );
}

interface RowProps {
  readonly state: WalkState;
  readonly step: Step;
  readonly index: number;
  readonly isCurrent: boolean;
}

function Row({ state, step, index, isCurrent }: RowProps) {
  const standing = standingOf(state, step);
  const { glyph, word, tone } = looks[standing];
  const points = standing === 'to-do' ? undefined : resultOf(state, step)?.points;
  return (
    <Box flexDirection="column" aria-role="listitem" aria-state={{ selected: isCurrent }}>
      <Line tone={isCurrent ? 'strong' : 'plain'}>
        {isCurrent ? '▌' : ' '}
        <Toned tone={tone}>{glyph}</Toned>
        {` ${index + 1} ${oneLine(step.title)}`}
      </Line>
      <Line tone="quiet">
        {isCurrent ? '▌' : ' '}
        {`    ${word} ${points ? pointsText(points) : `· ${possiblePoints(step)} points`}`}
      </Line>
    </Box>
  );
}

/** The same on one line, for narrow windows: `✓1 [◐2] ○3`. */
export function StepStrip({ state }: { readonly state: WalkState }) {
  const { index: current } = currentStep(state);
  return (
    <Line tone="quiet">
      {state.lab.steps.map((step, index) => {
        const mark = `${looks[standingOf(state, step)].glyph}${index + 1}`;
        return index === current ? `[${mark}]` : ` ${mark} `;
      })}
    </Line>
  );
}
