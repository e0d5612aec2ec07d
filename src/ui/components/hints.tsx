/** The hints that were opened, from a nudge to the exact property. */
import { Box } from 'ink';
import type { Step } from '../../lab/schema.ts';
import { count } from '../../plain/words.ts';
import { Hanging } from './paragraph.tsx';
import { Toned } from './toned.tsx';

export function Hints({ step, opened }: { readonly step: Step; readonly opened: number }) {
  const left = step.hints.length - opened;
  return (
    <>
      {step.hints.slice(0, opened).map((hint, index) => (
        <Box key={hint} marginBottom={1}>
          <Hanging mark={`${index + 1}.`} width={3} text={hint} />
        </Box>
      ))}
      <Toned tone="quiet">
        {left > 0 ? `${count(left, 'hint')} left. Press h to open one.` : 'That was the last hint.'}
      </Toned>
    </>
  );
}
