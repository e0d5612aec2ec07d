/** IAM's wildcards: `*` for any text, `?` for one character. */

/** Stand for a star and a question mark that are no wildcards; no request holds them. */
const STAR = '\uE000';
const QUESTION = '\uE001';

/** The text with its wildcards taken to the letter. */
export function literal(text: string): string {
  return text.replaceAll('*', STAR).replaceAll('?', QUESTION);
}

/** What `literal` made, back again: for comparisons that know no wildcards. */
export function unliteral(text: string): string {
  return text.replaceAll(STAR, '*').replaceAll(QUESTION, '?');
}

/**
 * Does the text fit the pattern? Takes at most pattern length times text length steps, whatever the pattern:
 * policies come from strangers, and a regular expression made of one can be made to run for ever.
 */
export function matches(pattern: string, text: string): boolean {
  return fits(pattern, text, () => true);
}

/**
 * The same for ARNs: a `*` goes beyond a colon only as the last character of its segment
 * (IAM User Guide, JSON policy elements: Resource).
 */
export function matchesArn(pattern: string, arn: string): boolean {
  return fits(pattern, arn, (at) => at === pattern.length - 1 || pattern[at + 1] === ':');
}

function fits(pattern: string, text: string, crossesColons: (at: number) => boolean): boolean {
  if (!/[*?]/.test(pattern)) return unliteral(pattern) === text;
  // reached[n]: the pattern so far fits the first n characters of the text.
  let reached = Array.from({ length: text.length + 1 }, (_, n) => n === 0);
  for (let at = 0; at < pattern.length; at += 1) {
    const symbol = pattern[at];
    const exact = unliteral(symbol ?? '');
    const next: boolean[] = [];
    for (let n = 0; n <= text.length; n += 1) {
      const last = text[n - 1];
      if (symbol === '*') {
        const grows = n > 0 && next[n - 1] === true && (last !== ':' || crossesColons(at));
        next.push(reached[n] === true || grows);
      } else {
        const same = symbol === '?' ? last !== undefined : exact === last;
        next.push(n > 0 && reached[n - 1] === true && same);
      }
    }
    reached = next;
  }
  return reached[text.length] === true;
}
