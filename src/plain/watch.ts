/** What `verify --watch` says between the first result and the last: only what is new. */
import type { Change } from '../run/watch.ts';
import { checkLines, type TextOptions } from './result.ts';
import { styleWith } from './style.ts';
import { looks } from './words.ts';

/** @param time Of the look, such as `10:32:05`. */
export function changeText({ before, now }: Change, time: string, { colour, width }: TextOptions): string {
  const style = styleWith(colour);
  const { glyph, word, tone } = looks[now.verdict];
  const same = before.verdict === now.verdict;
  const what = same ? `still ${word}, but not as before` : `${looks[before.verdict].word} → ${word}`;
  const head = `${style('quiet', time)} ${style(tone, `${glyph} ${now.id}: ${what}`)}`;
  const isTold = now.verdict === 'pass' || now.verdict === 'blocked';
  return isTold ? head : [head, ...checkLines(now, style, width)].join('\n');
}
