/** What a cleanup found and did, as text for people. */
import wrapAnsi from 'wrap-ansi';
import { type CleanupDocument, type CleanupResource, isThere, type Status } from '../run/cleanup/document.ts';
import { described } from '../run/cleanup/perform.ts';
import type { TextOptions } from './result.ts';
import { type Style, styleWith } from './style.ts';
import { oneLine, type Tone } from './words.ts';

const MARKS: Readonly<Record<Status, { readonly glyph: string; readonly tone: Tone }>> = {
  exists: { glyph: '•', tone: 'quiet' },
  deleted: { glyph: '✓', tone: 'good' },
  gone: { glyph: '✓', tone: 'good' },
  failed: { glyph: '✗', tone: 'bad' },
  unknown: { glyph: '?', tone: 'odd' },
  left: { glyph: '-', tone: 'quiet' },
};

/** The list before anything is deleted: in the order of deletion, with costs, what is left alone and what is not known. */
export function cleanupText(cleanup: CleanupDocument, { colour, width }: TextOptions): string {
  const style = styleWith(colour);
  const { account, region, kind } = cleanup.cloud;
  const own = cleanup.resources.filter(({ status }) => status !== 'left');
  const place = `in account ${account}, ${region}${kind === 'sandbox' ? ' (sandbox)' : ''}`;
  const head =
    own.length === 0
      ? nothingLeft(cleanup)
      : `What lab ${cleanup.lab.id} made and is still there, ${place}, in the order of deletion:`;
  return [
    ...wrap(oneLine(head), 0, width),
    ...(own.length > 0 ? [''] : []),
    ...own.flatMap((resource) => lines(resource, style, width)),
    ...(own.length > 0 ? ['', ...costLines(cleanup, width)] : []),
    ...leftLines(cleanup, style, width),
    ...gapLines(cleanup, width),
  ].join('\n');
}

/** What became of each, in the end. */
export function cleanedText(cleanup: CleanupDocument, { colour, width }: TextOptions): string {
  const style = styleWith(colour);
  const own = cleanup.resources.filter(({ status }) => status !== 'left');
  const there = own.filter(({ status }) => isThere(status));
  const gone = own.length - there.length;
  if (there.length === 0)
    return wrap(`Deleted, and proven gone: ${gone}. ${nothingLeft(cleanup)}`, 0, width).join('\n');
  return [
    ...wrap(`Deleted, and proven gone: ${gone} of ${own.length}. Still there:`, 0, width),
    '',
    ...there.flatMap((resource) => lines(resource, style, width)),
    '',
    ...costLines(cleanup, width),
  ].join('\n');
}

function nothingLeft({ gaps }: CleanupDocument): string {
  return gaps.length > 0 ? 'Nothing of this lab was found, but not all could be read.' : 'Nothing of this lab is left.';
}

function lines({ kind, id, name, why, hourlyCost, status, reason }: CleanupResource, style: Style, width: number) {
  const { glyph, tone } = MARKS[status];
  const cost = hourlyCost === null ? ', price not known' : hourlyCost > 0 ? `, ${dollars(hourlyCost)} an hour` : '';
  const what = described({ kind, id, ...(name !== null && { name }) });
  const [first = '', ...more] = wrap(oneLine(`${what}${cost}`), 4, width);
  return [
    `  ${style(tone, glyph)} ${first.trimStart()}`,
    ...more,
    ...wrap(oneLine(reason ?? why), 6, width).map((line) => style('quiet', line)),
  ];
}

function costLines({ hourlyCost: { total, unpriced, basis }, cloud }: CleanupDocument, width: number): string[] {
  const more = unpriced > 0 ? `, and ${unpriced} whose price is not known` : '';
  if (total === 0 && unpriced === 0) return wrap('Nothing of it costs anything by the hour.', 0, width);
  const sandbox = cloud.kind === 'sandbox' ? ' In the sandbox it costs nothing.' : '';
  return wrap(`About ${dollars(total)} an hour${more} (${basis}; other Regions cost more).${sandbox}`, 0, width);
}

function leftLines({ resources }: CleanupDocument, style: Style, width: number): string[] {
  const left = resources.filter(({ status }) => status === 'left');
  if (left.length === 0) return [];
  return ['', 'Left alone:', '', ...left.flatMap((resource) => lines(resource, style, width))];
}

function gapLines({ gaps }: CleanupDocument, width: number): string[] {
  if (gaps.length === 0) return [];
  return [
    '',
    'Not read, so this list may lack something:',
    '',
    ...gaps.flatMap(({ action, message }) => wrap(oneLine(`${action}: ${message}`), 2, width)),
  ];
}

/** Four digits: a small disk costs less than a cent. */
function dollars(amount: number): string {
  return `$${amount.toFixed(4)}`;
}

function wrap(text: string, indent: number, width: number): string[] {
  return wrapAnsi(text, Math.max(20, width - indent), { trim: true, hard: true })
    .split('\n')
    .map((line) => ' '.repeat(indent) + line);
}
