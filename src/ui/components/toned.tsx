/** Text in one of the theme's tones. */
import { Text, type TextProps, Transform } from 'ink';
import type { ReactNode } from 'react';
import { type ScreenTone, useTone } from '../theme.ts';

export interface TonedProps {
  readonly tone?: ScreenTone;
  readonly wrap?: NonNullable<TextProps['wrap']>;
  readonly children: ReactNode;
}

export function Toned({ tone = 'plain', wrap = 'wrap', children }: TonedProps) {
  return (
    <Text {...useTone(tone)} wrap={wrap}>
      {children}
    </Text>
  );
}

/** Ink leaves the blank at which it broke a line at the beginning of the next one (behind any colour codes). */
const BROKEN_AT_BLANK = /^((?:\u001b\[[\d;]*m)*) /;

/** Running text: wrapped, and flush at the left. */
export function Prose(props: Omit<TonedProps, 'wrap'>) {
  return (
    <Transform transform={(line) => line.replace(BROKEN_AT_BLANK, '$1')}>
      <Toned {...props} />
    </Transform>
  );
}

/** One line, cut where there is no room. */
export function Line(props: Omit<TonedProps, 'wrap'>) {
  return <Toned {...props} wrap="truncate-end" />;
}
