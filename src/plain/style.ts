/** Colour for plain text, or none: the only place outside `ui/` that knows of escape codes. */
import { styleText } from 'node:util';
import type { Tone } from './words.ts';

const FORMATS = {
  good: 'green',
  bad: 'red',
  warn: 'yellow',
  wait: 'cyan',
  odd: 'magenta',
  quiet: 'dim',
  strong: 'bold',
} as const satisfies Record<Tone | 'strong', Parameters<typeof styleText>[0]>;

export type Style = (tone: Tone | 'strong', text: string) => string;

/** Whether colour is wanted was decided by the caller (NO_COLOR, a pipe, TERM=dumb), so the stream is not asked again. */
export function styleWith(colour: boolean): Style {
  return (tone, text) => (colour ? styleText(FORMATS[tone], text, { validateStream: false }) : text);
}
