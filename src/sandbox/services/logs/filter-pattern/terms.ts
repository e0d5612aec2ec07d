/**
 * Patterns of terms: all must occur, of those with `?` one must, those with `-` must not. Terms are case-sensitive; one
 * with other than letters, digits and underscores stands in double quotes; beside other terms `?` is ignored.
 */
import { invalidParameter } from '../refusal.ts';
import { type Test, textTest } from './value.ts';

export function parseTerms(pattern: string): Test {
  const all: Test[] = [];
  const any: Test[] = [];
  const none: Test[] = [];
  let rest = pattern;
  while (rest.length > 0) {
    const term = /^([?-]?)(?:"((?:[^"\\]|\\.)*)"|(%[^%]+%)|([\p{L}\p{N}_]+))(?=\s|$)\s*/u.exec(rest);
    const [whole, sign, quoted, regex, word] = term ?? [];
    if (whole === undefined) throw invalidParameter(`Invalid character(s) in term '${rest.split(/\s/)[0]}'`);
    const text = quoted?.replaceAll(/\\(.)/g, '$1') ?? word ?? '';
    const occurs: Test = regex === undefined ? (message) => message.includes(text) : textTest(regex);
    (sign === '?' ? any : sign === '-' ? none : all).push(occurs);
    rest = rest.slice(whole.length);
  }
  return (message) =>
    all.every((occurs) => occurs(message)) &&
    (any.length === 0 || all.length + none.length > 0 || any.some((occurs) => occurs(message))) &&
    !none.some((occurs) => occurs(message));
}
