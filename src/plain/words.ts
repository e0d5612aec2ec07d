/** How verdicts are said and drawn, on the screen and in plain text: always a word, never a colour alone. */
import type { Verdict } from '../check.ts';
import type { Points } from '../run/result.ts';

export { oneLine } from '../lib/terminal-text.ts';

/** A verdict, or what is known of a step before it was verified in this run. */
export type Standing = Verdict | 'passed-before' | 'to-do';

export type Tone = 'good' | 'bad' | 'warn' | 'wait' | 'odd' | 'quiet';

interface Look {
  readonly glyph: string;
  readonly word: string;
  readonly tone: Tone;
}

export const looks: Readonly<Record<Standing, Look>> = {
  pass: { glyph: '✓', word: 'pass', tone: 'good' },
  partial: { glyph: '◐', word: 'partial', tone: 'warn' },
  fail: { glyph: '✗', word: 'fail', tone: 'bad' },
  waiting: { glyph: '…', word: 'waiting', tone: 'wait' },
  blocked: { glyph: '⊘', word: 'blocked', tone: 'quiet' },
  unknown: { glyph: '?', word: 'unknown', tone: 'odd' },
  'passed-before': { glyph: '✓', word: 'passed before', tone: 'quiet' },
  'to-do': { glyph: '○', word: 'to do', tone: 'quiet' },
};

export function pointsText({ earned, possible }: Points): string {
  return `${earned}/${possible}`;
}

/** `1 hint`, `2 hints`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
