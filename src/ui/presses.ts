/** What Ink hears, as single named presses. */
import type { Key } from 'ink';

const NAMED = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'page-up'],
  ['pageDown', 'page-down'],
  ['home', 'home'],
  ['end', 'end'],
  ['escape', 'esc'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
] as const satisfies readonly (readonly [keyof Key, string])[];

export interface Press {
  /** `enter`, `shift-tab`, `ctrl-c`, or the character itself. */
  readonly name: string;
  /** What it would type. */
  readonly text: string;
}

const CONTROLS: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\r\n': 'enter',
  '\n': 'ctrl-j',
  '\t': 'tab',
  '\u007f': 'backspace',
};
const characters = new Intl.Segmenter();

/** What Ink heard, as single presses: a slow line delivers several at once, and Ink parts them only at escape codes. */
export function pressesOf(input: string, key: Key): readonly Press[] {
  const name = nameOf(input, key);
  if (name) return [{ name, text: '' }];
  if (key.meta) return [];
  return [...characters.segment(input)].map(({ segment }) => ({ name: CONTROLS[segment] ?? segment, text: segment }));
}

/** The name of a key that types nothing. */
function nameOf(input: string, key: Key): string | undefined {
  if (key.return) return 'enter';
  if (key.tab) return key.shift ? 'shift-tab' : 'tab';
  if (key.ctrl) return `ctrl-${input}`;
  return NAMED.find(([flag]) => key[flag])?.[1];
}
