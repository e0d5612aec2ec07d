/** Text that is being typed, with a cursor. Pure. */
import { safe } from '../lib/terminal-text.ts';

export interface Draft {
  readonly text: string;
  /** Where the next character goes, as an index of `text`; never inside a character of several code units. */
  readonly cursor: number;
}

/** As long as a lab's own texts may be. */
const LONGEST = 8000;
const characters = new Intl.Segmenter();

export function draftOf(text: string): Draft {
  return { text, cursor: text.length };
}

export function typed({ text, cursor }: Draft, input: string): Draft {
  const clean = safe(input.replace(/\r\n?/g, '\n'))
    .replaceAll('\t', ' ')
    .slice(0, LONGEST - text.length);
  return { text: text.slice(0, cursor) + clean + text.slice(cursor), cursor: cursor + clean.length };
}

/** @returns the same draft where the key (as `pressesOf` names it) edits nothing. */
export function edited(draft: Draft, name: string): Draft {
  const { text, cursor } = draft;
  const before = lengthOf([...characters.segment(text.slice(0, cursor))].at(-1));
  const [next] = characters.segment(text.slice(cursor));
  const after = lengthOf(next);
  switch (name) {
    case 'left':
      return { text, cursor: cursor - before };
    case 'right':
      return { text, cursor: cursor + after };
    case 'home':
      return { text, cursor: 0 };
    case 'end':
      return { text, cursor: text.length };
    case 'backspace':
      return { text: text.slice(0, cursor - before) + text.slice(cursor), cursor: cursor - before };
    case 'delete':
      return { text: text.slice(0, cursor) + text.slice(cursor + after), cursor };
    default:
      return draft;
  }
}

function lengthOf(segment: Intl.SegmentData | undefined): number {
  return segment?.segment.length ?? 0;
}
