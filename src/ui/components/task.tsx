/** What to do in this step, and why. */
import { Box } from 'ink';
import type { Step } from '../../lab/schema.ts';
import { Hanging, Paragraph } from './paragraph.tsx';
import { Toned } from './toned.tsx';

export function Task({ step, sandboxHint }: { readonly step: Step; readonly sandboxHint: string | undefined }) {
  return (
    <>
      <Paragraph heading="Goal" text={step.goal} />
      <Paragraph heading="Why" text={step.why} />
      <Toned tone="strong">In the console</Toned>
      {step.console.map((instruction, index) => (
        <Hanging key={instruction} mark={`${index + 1}.`} width={3} text={instruction} />
      ))}
      {sandboxHint && (
        <Box marginTop={1} flexDirection="column">
          <Paragraph heading="In the sandbox" text={sandboxHint} />
        </Box>
      )}
    </>
  );
}
