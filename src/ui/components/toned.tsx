/** Text in one of the theme's tones. */
import { Text, type TextProps } from 'ink';
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

/** One line, cut where there is no room. */
export function Line(props: Omit<TonedProps, 'wrap'>) {
  return <Toned {...props} wrap="truncate-end" />;
}
