/** A verification as text for people: what `labproof verify` prints without `--json`. */
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';
import type { Finding } from '../check.ts';
import { commandText } from '../lib/terminal-text.ts';
import { detailsOf } from '../run/finding.ts';
import type { CheckResult, Result, StepResult } from '../run/result.ts';
import { type Style, styleWith } from './style.ts';
import { looks, oneLine, pointsText } from './words.ts';

export interface TextOptions {
  readonly colour: boolean;
  /** Columns; commands are never broken, so that they can be copied. */
  readonly width: number;
}

/** Of text that is broken: in a narrower window it goes over the edge. */
const LEAST_WIDTH = 20;

/** Every step with its checks and findings, and the total at the end. Pure. */
export function resultText(result: Result, { colour, width }: TextOptions): string {
  const style = styleWith(colour);
  const { account, region, kind } = result.cloud;
  return [
    style('quiet', oneLine(`${result.lab.id} ${result.lab.version} · ${kind} ${account} · ${region}`)),
    '',
    ...result.steps.flatMap((step) => [...stepLines(step, style, width), '']),
    summaryLine(result, style),
  ].join('\n');
}

export function summaryLine({ verdict, points, steps }: Result, style: Style): string {
  const { glyph, word, tone } = looks[verdict];
  const passed = steps.filter((step) => step.verdict === 'pass').length;
  return `${style(tone, `${glyph} ${word}`)}  ${style('strong', `${pointsText(points)} points`)}, ${passed} of ${steps.length} steps pass`;
}

function stepLines(step: StepResult, style: Style, width: number): string[] {
  const look = looks[step.verdict];
  const [first = '', ...more] = row(oneLine(step.title), `${look.word}  ${pointsText(step.points)}`, 2, width);
  const title = [`${look.glyph} ${first}`, ...more].map((line) => style('strong', line));
  return [...title, ...step.checks.flatMap((check) => checkLines(check, style, width))];
}

/** One check: its verdict, and what was found. Of a blocked one, only what it waits for. */
export function checkLines(check: CheckResult, style: Style, width: number): string[] {
  const { glyph, word, tone } = looks[check.verdict];
  const [first = '', ...more] = row(oneLine(check.title), pointsText(check.points), 14, width);
  const title = [`    ${style(tone, `${glyph} ${word.padEnd(7)}`)} ${first}`, ...more];
  if (check.verdict === 'blocked')
    return [
      ...title,
      ...check.findings.flatMap(({ code, message }) =>
        code !== 'BLOCKED' ? [] : indented(oneLine(message), 14, width).map((line) => style('quiet', line)),
      ),
    ];
  return [...title, ...check.findings.flatMap((finding) => findingLines(finding, style, width))];
}

function findingLines(finding: Finding, style: Style, width: number): string[] {
  const lines = indented(oneLine(finding.message), 14, width);
  for (const [label, value] of detailsOf(finding))
    if (label !== 'command')
      lines.push(
        ...indented(oneLine(value), 26, width).map((line, index) =>
          index === 0 ? `${' '.repeat(16)}${style('quiet', label.padEnd(9))} ${line.trimStart()}` : line,
        ),
      );
  // Last, and in one piece, so that it can be copied.
  if (finding.fix?.command)
    lines.push(
      `${' '.repeat(16)}${style('quiet', 'command  ')} ${commandText(finding.fix.command).replaceAll('\n', `\n${' '.repeat(26)}`)}`,
    );
  return lines;
}

function indented(text: string, indent: number, width: number): string[] {
  return wrapAnsi(text, Math.max(LEAST_WIDTH, width - indent), { trim: true })
    .split('\n')
    .map((line) => ' '.repeat(indent) + line);
}

/**
 * `title` from the column `indent` on, broken under itself where it is too long, and `score` at the right edge of its
 * first line. That line comes without its indent.
 */
function row(title: string, score: string, indent: number, width: number): string[] {
  const room = Math.max(LEAST_WIDTH, width - indent - score.length - 1);
  const [first = '', ...more] = wrapAnsi(title, room, { hard: true }).split('\n');
  const gap = ' '.repeat(room - stringWidth(first) + 1);
  return [`${first}${gap}${score}`, ...more.map((line) => ' '.repeat(indent) + line)];
}
