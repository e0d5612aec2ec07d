/** HTML from text that nobody vouches for: whatever it holds, it stays text, in an element or in a quoted attribute. */
import { line } from '../../../lib/words.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const LONGEST = 200;

/** One line of text, cut where it is longer than any real one. */
export function text(value: string): string {
  const told = line(value);
  return escaped(told.length > LONGEST ? `${told.slice(0, LONGEST).toWellFormed()}…` : told);
}

/** All of it. */
export function escaped(value: string): string {
  return line(value)
    .replace(/[\uFFFE\uFFFF]/g, '')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
