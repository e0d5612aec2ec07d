/** A window too small for the walk: asks for more room. */
import { Box } from 'ink';
import type { WalkState } from '../../run/walk.ts';
import { Prose } from '../components/toned.tsx';
import type { Layout } from '../layout.ts';
import { useKeys } from '../use-keys.ts';

export interface TinyScreenProps {
  readonly state: WalkState;
  readonly layout: Layout;
  quit(): void;
  interrupt(): void;
}

export function TinyScreen({ state, layout, quit, interrupt }: TinyScreenProps) {
  useKeys('walk', { state }, { quit, interrupt });
  return (
    <Box width={layout.columns} height={layout.rows} overflow="hidden">
      <Prose>Please make this window larger: 40 by 10 at least, 80 by 24 for comfort. q quits.</Prose>
    </Box>
  );
}
