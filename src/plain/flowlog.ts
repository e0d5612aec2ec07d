/** An explained line of a flow log as text for people: what `labproof flowlog` prints without `--json`. */
import wrapAnsi from 'wrap-ansi';
import type { ExplainedLine } from '../model/flowlog/saved-log.ts';
import { styleWith } from './style.ts';
import type { Tone } from './words.ts';

export interface LineTextOptions {
  readonly colour: boolean;
  /** Undefined: not broken into lines, so that a pipe gets one line for each record. */
  readonly width: number | undefined;
}

/** `12: 1 packet of TCP …`, with the number of the line in the log. Pure. */
export function explainedText(
  number: number,
  { status, action, explanation }: ExplainedLine,
  options: LineTextOptions,
): string {
  const { colour, width } = options;
  if (width === undefined && !colour) return `${number}: ${explanation}`;
  const style = styleWith(colour);
  const label = `${number}: `;
  const tone = toneOf(status, action);
  const lines =
    width === undefined
      ? [explanation]
      : wrapAnsi(explanation, Math.max(width - label.length, 20), { hard: true }).split('\n');
  return lines
    .map((line, index) => {
      const indent = index === 0 ? style('quiet', label) : ' '.repeat(label.length);
      return indent + (tone === undefined ? line : style(tone, line));
    })
    .join('\n');
}

function toneOf(status: ExplainedLine['status'], action: ExplainedLine['action']): Tone | undefined {
  if (status === 'unreadable') return 'odd';
  if (status !== 'ok') return 'quiet';
  return action === 'REJECT' ? 'warn' : undefined;
}
