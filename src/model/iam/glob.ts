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
  // Where the last star stands, and to where in the text it reaches: when what follows does not fit, it takes one more.
  let star = -1;
  let reach = 0;
  let at = 0;
  let n = 0;
  while (n < text.length) {
    const symbol = pattern[at];
    if (symbol === '*') {
      star = at;
      reach = n;
      at += 1;
    } else if (symbol === '?' || isSame(symbol, text[n])) {
      at += 1;
      n += 1;
    } else if (star >= 0) {
      at = star + 1;
      reach += 1;
      n = reach;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}

/**
 * The same for ARNs: a `*` goes beyond a colon only as the last character of its segment
 * (IAM User Guide, JSON policy elements: Resource).
 */
export function matchesArn(pattern: string, arn: string): boolean {
  // reached[n]: the pattern so far fits the first n characters of the text. None before `first` is reached.
  let reached = new Uint8Array(arn.length + 1);
  let next = new Uint8Array(arn.length + 1);
  reached[0] = 1;
  let first = 0;
  for (let at = 0; at < pattern.length && first <= arn.length; at += 1) {
    const symbol = pattern[at];
    const isStar = symbol === '*';
    const isAny = symbol === '?';
    const crossesColons = at === pattern.length - 1 || pattern[at + 1] === ':';
    let nextFirst = arn.length + 1;
    next.fill(0);
    for (let n = arn.length; n >= first && !isStar; n -= 1) {
      if (n === 0 || reached[n - 1] !== 1 || (!isAny && !isSame(symbol, arn[n - 1]))) continue;
      next[n] = 1;
      nextFirst = n;
    }
    for (let n = first; n <= arn.length && isStar; n += 1) {
      const grows = n > 0 && next[n - 1] === 1 && (crossesColons || arn[n - 1] !== ':');
      if (reached[n] !== 1 && !grows) continue;
      next[n] = 1;
      nextFirst = Math.min(nextFirst, n);
    }
    [reached, next, first] = [next, reached, nextFirst];
  }
  return reached[arn.length] === 1;
}

/** Of one symbol that is no wildcard. */
function isSame(symbol: string | undefined, character: string | undefined): boolean {
  return symbol === character || (symbol === STAR && character === '*') || (symbol === QUESTION && character === '?');
}
