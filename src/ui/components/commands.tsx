/** The step's solution as the AWS CLI has it, shown only when asked for. */
import { Box } from 'ink';
import { safe } from '../../lib/terminal-text.ts';
import { Toned } from './toned.tsx';

export function Commands({ text }: { readonly text: string }) {
  return (
    <>
      <Box marginBottom={1}>
        <Toned tone="quiet">The reference solution as AWS CLI commands. Press c to hide it.</Toned>
      </Box>
      {safe(text)
        .split('\n')
        .map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of one unchanging text
          <Toned key={index} tone={line.startsWith('#') ? 'quiet' : 'plain'}>
            {line || ' '}
          </Toned>
        ))}
    </>
  );
}
