/** The keys that can be used now, as many as fit; the ways out and the help always do. */
import { Box } from 'ink';
import { Fragment } from 'react';
import { type Binding, type Command, type Situation, usableOn } from '../keys.ts';
import type { Screen } from '../view.ts';
import { Line, Toned } from './toned.tsx';

const ALWAYS: ReadonlySet<Command> = new Set(['help', 'quit', 'close']);

export interface FooterProps {
  readonly screen: Screen['kind'];
  readonly situation: Situation;
  readonly columns: number;
}

export function Footer({ screen, situation, columns }: FooterProps) {
  const keys = fitting(
    usableOn(screen, situation).filter(({ label }) => label),
    columns - 1,
  );
  return (
    <Box flexShrink={0} paddingLeft={1}>
      <Line>
        {keys.map(({ shown, label }, index) => (
          <Fragment key={label}>
            {index > 0 && '  '}
            <Toned tone="strong">{shown}</Toned>
            <Toned tone="quiet">{` ${label}`}</Toned>
          </Fragment>
        ))}
      </Line>
    </Box>
  );
}

/** Drops the last ones before those until the line fits. */
function fitting(bindings: readonly Binding[], width: number): readonly Binding[] {
  const length = bindings.reduce((sum, { shown, label }) => sum + shown.length + label.length + 3, -2);
  const kept = bindings.findLastIndex(({ command }) => !ALWAYS.has(command));
  return length <= width || kept <= 0 ? bindings : fitting(bindings.toSpliced(kept, 1), width);
}
