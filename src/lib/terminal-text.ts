import { stripVTControlCharacters } from 'node:util';

/**
 * Text that came from a cloud, a file or a learner, made harmless for a terminal and for a document: without escape
 * sequences, control characters (newline and tab stay), characters that turn the reading direction (they make a line
 * show other than it is: Unicode TR 36, 2.7) and halves of surrogate pairs.
 */
export function safe(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/(?![\n\t])\p{Cc}|\p{Bidi_Control}|[\u2028\u2029]/gu, '')
    .toWellFormed();
}
