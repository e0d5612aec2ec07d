/** Every key of the walk, from the one table, and what the words of verdicts mean. */
import { Box } from 'ink';
import { looks } from '../../plain/words.ts';
import type { WalkState } from '../../run/walk.ts';
import { Footer } from '../components/footer.tsx';
import { Scroll } from '../components/scroll.tsx';
import { Prose, Toned } from '../components/toned.tsx';
import { BINDINGS } from '../keys.ts';
import type { Layout } from '../layout.ts';
import { useKeys } from '../use-keys.ts';
import { useScroll } from '../use-scroll.ts';

const MEANINGS = [
  ['pass', 'as it should be'],
  ['partial', 'some of it is'],
  ['fail', 'not yet; the finding says what to mend'],
  ['waiting', 'AWS has not finished: check again in a minute'],
  ['blocked', 'a check that it depends on has not passed'],
  ['unknown', 'could not tell, for instance for lack of permission'],
] as const;

export interface HelpScreenProps {
  readonly state: WalkState;
  readonly layout: Layout;
  close(): void;
  interrupt(): void;
}

export function HelpScreen({ state, layout, close, interrupt }: HelpScreenProps) {
  const { offset, onExtent, scrolling } = useScroll();
  useKeys('help', { state }, { ...scrolling, close, interrupt });
  return (
    <Box flexDirection="column" width={layout.columns} height={layout.rows}>
      <Box flexGrow={1} flexShrink={1} flexBasis={0} paddingX={1} flexDirection="column">
        <Scroll offset={offset} onExtent={onExtent}>
          <Toned tone="accent">Keys</Toned>
          {BINDINGS.filter(({ on, help }) => help && on.includes('walk')).map(({ command, shown, help }) => (
            <Row key={command} name={shown} text={help} />
          ))}
          <Box marginTop={1}>
            <Toned tone="accent">Verdicts</Toned>
          </Box>
          {MEANINGS.map(([verdict, text]) => (
            <Row key={verdict} name={`${looks[verdict].glyph} ${looks[verdict].word}`} text={text} />
          ))}
        </Scroll>
      </Box>
      <Footer screen="help" situation={{ state }} columns={layout.columns} />
    </Box>
  );
}

function Row({ name, text }: { readonly name: string; readonly text: string }) {
  return (
    <Box columnGap={1}>
      <Box width={11} flexShrink={0}>
        <Toned tone="strong">{name}</Toned>
      </Box>
      <Prose>{text}</Prose>
    </Box>
  );
}
