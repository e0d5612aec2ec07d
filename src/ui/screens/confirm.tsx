/** Asks once before labproof does the learner's step. */
import { Box } from 'ink';
import { currentStep } from '../../plain/progress.ts';
import { oneLine } from '../../plain/words.ts';
import type { WalkState } from '../../run/walk.ts';
import { Footer } from '../components/footer.tsx';
import { Prose, Toned } from '../components/toned.tsx';
import type { Layout } from '../layout.ts';
import { useKeys } from '../use-keys.ts';

export interface ConfirmScreenProps {
  readonly state: WalkState;
  readonly layout: Layout;
  answer(yes: boolean): void;
  interrupt(): void;
}

export function ConfirmScreen({ state, layout, answer, interrupt }: ConfirmScreenProps) {
  useKeys('confirm', { state }, { yes: () => answer(true), close: () => answer(false), interrupt });
  const { step } = currentStep(state);
  return (
    <Box flexDirection="column" width={layout.columns} height={layout.rows} justifyContent="center">
      <Box flexDirection="column" paddingX={1} marginBottom={1}>
        <Toned tone="accent">{`Solve "${oneLine(step.title)}"?`}</Toned>
        <Prose>
          labproof sends the reference solution of this step to the sandbox and checks it. You learn more by trying it
          yourself first: the hints (h) help.
        </Prose>
      </Box>
      <Footer screen="confirm" situation={{ state }} columns={layout.columns} />
    </Box>
  );
}
