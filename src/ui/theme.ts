/** Tones of the screen. Without colour no escape code is sent at all: every state is also a glyph and a word. */
import type { TextProps } from 'ink';
import { createContext, useContext } from 'react';
import type { Tone } from '../plain/words.ts';

export type ScreenTone = Tone | 'plain' | 'strong' | 'accent';

const TONES = {
  plain: {},
  good: { color: 'green' },
  bad: { color: 'red' },
  warn: { color: 'yellow' },
  wait: { color: 'cyan' },
  odd: { color: 'magenta' },
  quiet: { dimColor: true },
  strong: { bold: true },
  accent: { bold: true, color: 'cyan' },
} as const satisfies Record<ScreenTone, TextProps>;

export const ColourContext = createContext(true);

export function useTone(tone: ScreenTone): TextProps {
  return useContext(ColourContext) ? TONES[tone] : TONES.plain;
}
