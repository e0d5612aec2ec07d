/** Text under a small heading, and lists whose lines hang. */
import { Box } from 'ink';
import { safe } from '../../lib/terminal-text.ts';
import { Prose, Toned } from './toned.tsx';

export function Paragraph({ heading, text }: { readonly heading: string; readonly text: string }) {
  return (
    <Box flexDirection="column" marginBottom={1}>
      <Toned tone="strong">{heading}</Toned>
      <Prose>{safe(text)}</Prose>
    </Box>
  );
}

/** `mark` stands before the text, whose further lines begin below its first. */
export function Hanging({
  mark,
  width,
  text,
}: {
  readonly mark: string;
  readonly width: number;
  readonly text: string;
}) {
  return (
    <Box>
      <Box width={width} flexShrink={0}>
        <Toned tone="quiet">{mark}</Toned>
      </Box>
      <Prose>{safe(text)}</Prose>
    </Box>
  );
}
