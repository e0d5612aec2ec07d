/** A flow log's format as a person writes it, and as the first line of a file in S3 has it. */
import { suggestion } from '../../lib/nearest.ts';
import { FIELDS, versionOfField } from './fields.ts';

export interface FormatProblem {
  readonly message: string;
  /** Of the name that is meant, from 1. */
  readonly column: number;
}

/**
 * The names in `${version} ${srcaddr}`, as `LogFormat` has them, or in `version srcaddr`; the problem with the first
 * that is no field.
 */
export function parseLogFormat(text: string): readonly string[] | FormatProblem {
  const words = [...text.matchAll(/\$+\{\s*([^{}\s]*)\s*\}|[^\s,$]+|\$/g)];
  // A shell puts nothing for `${version}`, and `id` for `${account-id}`, within double quotes.
  const quotes = text.includes('${')
    ? ''
    : " In a shell, write the format in single quotes: '${version} ${srcaddr} …'.";
  if (words.length === 0) return { message: `It names no field.${quotes}`, column: 1 };
  for (const { 0: word, 1: inBraces, index } of words) {
    const name = inBraces ?? word;
    if (versionOfField(name) === undefined)
      return {
        message: `There is no field ${name || word}.${nearestField(name)}${quotes}`,
        column: index + 1 + word.indexOf(name),
      };
  }
  return words.map(({ 0: word, 1: inBraces }) => inBraces ?? word);
}

function nearestField(name: string): string {
  const meant = suggestion(name, FIELDS);
  return meant.startsWith(' Did') ? meant : '';
}

/**
 * Are these words the line of field names with which a file in S3 begins? A field that came after this program was
 * written is let pass, as long as most are known. No record looks like it: its words have digits, capitals or `-` alone.
 */
export function isHeader(words: readonly string[]): boolean {
  if (!words.every((word) => /^[a-z][a-z0-9-]*$/.test(word))) return false;
  const known = words.filter((word) => versionOfField(word) !== undefined).length;
  return known >= 2 && known * 2 > words.length;
}
