/** Splits a command line into options and other words by the rules of Python's argparse, which the AWS CLI uses. */
import { nearest } from '../lib/nearest.ts';
import { Misuse } from './misuse.ts';

export interface Takes {
  readonly takes: 'nothing' | 'one' | 'optional' | 'many';
}

export interface Split {
  /** In the order of the command line; a later one wins. */
  readonly given: readonly { readonly name: string; readonly words: readonly string[] }[];
  readonly others: readonly string[];
}

const NEGATIVE_NUMBER = /^-\d+$|^-\d*\.\d+$/;

/** @param known Every option that may stand here. @throws Misuse */
export function split(words: readonly string[], known: ReadonlyMap<string, Takes>): Split {
  const given: { name: string; words: string[] }[] = [];
  const others: string[] = [];
  let at = 0;
  while (at < words.length) {
    const word = words[at++] ?? '';
    if (!isOption(word, known)) {
      others.push(word);
      continue;
    }
    const { name, attached } = named(word, known);
    const { takes } = known.get(name) ?? { takes: 'nothing' };
    if (attached !== undefined && takes === 'nothing')
      throw new Misuse(`argument --${name}: ignored explicit argument '${attached}'`);
    const values = attached === undefined ? [] : [attached];
    const most = { nothing: 0, one: 1, optional: 1, many: Number.POSITIVE_INFINITY }[takes];
    while (attached === undefined && values.length < most && at < words.length && !isOption(words[at] ?? '', known))
      values.push(words[at++] ?? '');
    if (takes === 'one' && values.length === 0) throw new Misuse(`argument --${name}: expected one argument`);
    given.push({ name, words: values });
  }
  return { given, others };
}

/** `-1` is a value, and so is what begins with a dash and goes on with spaces. */
function isOption(word: string, known: ReadonlyMap<string, Takes>): boolean {
  if (!word.startsWith('-') || word === '-' || NEGATIVE_NUMBER.test(word)) return false;
  const [written = ''] = word.split('=', 1);
  return !word.includes(' ') || [...known.keys()].some((name) => `--${name}`.startsWith(written));
}

/** An option may be shortened as long as it can be no other: `--filter` for `--filters`. */
function named(word: string, known: ReadonlyMap<string, Takes>): { name: string; attached: string | undefined } {
  const cut = word.indexOf('=');
  const written = cut === -1 ? word : word.slice(0, cut);
  const attached = cut === -1 ? undefined : word.slice(cut + 1);
  const name = written.slice(2);
  if (written.startsWith('--') && known.has(name)) return { name, attached };
  const possible = written.startsWith('--') ? [...known.keys()].filter((each) => each.startsWith(name)) : [];
  const [only] = possible;
  if (only !== undefined && possible.length === 1) return { name: only, attached };
  if (possible.length > 1)
    throw new Misuse(`ambiguous option: ${written} could match ${possible.map((each) => `--${each}`).join(', ')}`);
  const meant = nearest(name, known.keys());
  throw new Misuse(`Unknown options: ${written}${meant === undefined ? '' : ` (maybe you meant --${meant})`}`);
}

/** The first words that are no option and no option's value, and everything else in its order. @throws Misuse */
export function leading(
  words: readonly string[],
  count: number,
  known: ReadonlyMap<string, Takes>,
): { readonly first: readonly string[]; readonly rest: readonly string[] } {
  const first: string[] = [];
  const rest: string[] = [];
  let at = 0;
  while (at < words.length && first.length < count) {
    const word = words[at++] ?? '';
    if (!isOption(word, known)) {
      first.push(word);
      continue;
    }
    const { name, attached } = named(word, known);
    rest.push(word);
    if (known.get(name)?.takes === 'one' && attached === undefined && at < words.length) rest.push(words[at++] ?? '');
  }
  return { first, rest: [...rest, ...words.slice(at)] };
}
