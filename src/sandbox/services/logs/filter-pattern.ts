import { invalidParameter } from './refusal.ts';

/**
 * The unstructured patterns of "Filter pattern syntax for metric filters, subscription filters, and filter log events"
 * (CloudWatch Logs User Guide): terms that must all occur, `?term` of which one must, `-term` which must not. Terms are
 * case-sensitive; one with other than letters, digits and underscores stands in double quotes; beside other terms
 * `?` is ignored. JSON and space-delimited patterns and regular expressions are refused.
 */
export function parseFilterPattern(pattern: string): (message: string) => boolean {
  const trimmed = pattern.trim();
  if (/^[[{%]/.test(trimmed))
    throw invalidParameter(
      `Invalid filter pattern: the sandbox knows terms, "quoted terms", ?either ?or and -exclusions, not ${trimmed.slice(0, 1)} patterns`,
    );
  const all: string[] = [];
  const any: string[] = [];
  const none: string[] = [];
  let rest = trimmed;
  while (rest.length > 0) {
    const term = /^([?-]?)(?:"((?:[^"\\]|\\.)*)"|([\p{L}\p{N}_]+))(?=\s|$)\s*/u.exec(rest);
    const text = term?.[2]?.replaceAll(/\\(.)/g, '$1') ?? term?.[3];
    if (!term || text === undefined) throw invalidParameter(`Invalid character(s) in term '${rest.split(/\s/)[0]}'`);
    const list = term[1] === '?' ? any : term[1] === '-' ? none : all;
    list.push(text);
    rest = rest.slice(term[0].length);
  }
  return (message) =>
    all.every((term) => message.includes(term)) &&
    (any.length === 0 || all.length + none.length > 0 || any.some((term) => message.includes(term))) &&
    !none.some((term) => message.includes(term));
}
