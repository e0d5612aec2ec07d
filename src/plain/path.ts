/** A packet's way as text for people: what `labproof path` prints without `--json`. */
import wrapAnsi from 'wrap-ansi';
import { LONGEST_NAME } from '../lib/terminal-text.ts';
import type { PathEnd, PathHop, PathResult } from '../run/path.ts';
import type { TextOptions } from './result.ts';
import { type Style, styleWith } from './style.ts';
import { oneLine, type Tone } from './words.ts';

const OUTCOMES = {
  delivered: { word: 'delivered', tone: 'good' },
  dropped: { word: 'dropped', tone: 'bad' },
  indeterminate: { word: 'cannot be told', tone: 'odd' },
  none: { word: 'none, as nothing arrived', tone: 'quiet' },
} as const satisfies Record<string, { word: string; tone: Tone }>;

const MARKS = {
  passed: { glyph: '✓', tone: 'good' },
  stopped: { glyph: '✗', tone: 'bad' },
  undecided: { glyph: '?', tone: 'odd' },
} as const satisfies Record<PathHop['outcome'], { glyph: string; tone: Tone }>;

/** Both ways hop by hop, what stops the packet, and what flow logs record of it. Pure. */
export function pathText(path: PathResult, { colour, width }: TextOptions): string {
  const style = styleWith(colour);
  return [
    ...wrap(`${path.protocol} from ${endText(path.from)} to ${endText(path.to)}`, 0, width),
    ...legLines('Request', path.request, style, width),
    ...legLines('Answer', path.answer, style, width),
    ...conclusion(path, style, width),
    ...recordLines(path, style, width),
  ].join('\n');
}

function endText({ address, instance, interface: at, name }: PathEnd): string {
  const who = [instance ?? at, name && `"${oneLine(name, LONGEST_NAME)}"`].filter(Boolean).join(' ');
  return oneLine(who ? `${who} (${address})` : address);
}

function legLines(
  title: string,
  { outcome, hops }: PathResult['request'] | PathResult['answer'],
  style: Style,
  width: number,
): string[] {
  const { word, tone } = OUTCOMES[outcome];
  return ['', `${style('strong', title)}: ${style(tone, word)}`, ...hops.flatMap((hop) => hopLines(hop, style, width))];
}

function hopLines(hop: PathHop, style: Style, width: number): string[] {
  const { glyph, tone } = MARKS[hop.outcome];
  const told = hop.rule.startsWith(`${hop.id} `) ? hop.rule.slice(hop.id.length + 1) : hop.rule;
  return [
    `  ${style(tone, glyph)} ${oneLine(`${hop.component.replaceAll('-', ' ')} ${hop.id}`)}`,
    ...wrap(oneLine(told), 6, width),
  ];
}

/** The first cause in one sentence, with its code. */
function conclusion({ verdict, stoppedAt }: PathResult, style: Style, width: number): string[] {
  if (!stoppedAt) {
    const lines = wrap('The packet arrives, and its answer comes back.', 0, width);
    return ['', ...lines.map((line) => style('good', line))];
  }
  const { leg, component, id, code = '', meaning = '' } = stoppedAt;
  const where = `${component.replaceAll('-', ' ')} ${id}`;
  const what =
    verdict === 'dropped' ? `The ${leg} is stopped at ${where}` : `The ${leg} cannot be followed past ${where}`;
  return ['', ...wrap(oneLine(`${what}: ${meaning} (${code})`), 0, width)];
}

function recordLines({ records }: PathResult, style: Style, width: number): string[] {
  if (records.length === 0) return [];
  return [
    '',
    style('strong', 'Flow logs record:'),
    ...records.flatMap(({ interfaceId, source, destination, action, direction }) =>
      wrap(oneLine(`${interfaceId}: ${source} ${destination} ${action} (${direction})`), 2, width),
    ),
  ];
}

function wrap(text: string, indent: number, width: number): string[] {
  return wrapAnsi(text, Math.max(20, width - indent), { trim: true, hard: true })
    .split('\n')
    .map((line) => ' '.repeat(indent) + line);
}
