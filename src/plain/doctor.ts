/** What `labproof doctor` found, as text for people. */
import wrapAnsi from 'wrap-ansi';
import { safe } from '../lib/terminal-text.ts';
import type { TextOptions } from './result.ts';
import { styleWith } from './style.ts';
import { count, oneLine, type Tone } from './words.ts';

export type DoctorStatus = 'ok' | 'warning' | 'problem' | 'unknown';

export interface DoctorFinding {
  /** Of what was looked at: `credentials`, `region`, `permission ec2:DescribeVpcs`. */
  readonly id: string;
  readonly status: DoctorStatus;
  readonly message: string;
  readonly fix?: DoctorFix;
}

export interface DoctorFix {
  readonly message: string;
  /** Ready to paste. */
  readonly command?: string;
}

const LOOKS: Readonly<Record<DoctorStatus, { readonly glyph: string; readonly tone: Tone }>> = {
  ok: { glyph: '✓', tone: 'good' },
  warning: { glyph: '!', tone: 'warn' },
  problem: { glyph: '✗', tone: 'bad' },
  unknown: { glyph: '?', tone: 'odd' },
};
const INDENT = 4;

/** A paragraph a finding, with its fix, and how many there are of each at the end. Commands are never broken. Pure. */
export function doctorText(findings: readonly DoctorFinding[], { colour, width }: TextOptions): string {
  const style = styleWith(colour);
  const indented = (text: string) =>
    wrapAnsi(text, Math.max(20, width - INDENT), { trim: true }).replace(/^/gm, ' '.repeat(INDENT));
  const paragraphs = findings.flatMap(({ id, status, message, fix }) => {
    const { glyph, tone } = LOOKS[status];
    return [
      `${style(tone, `${glyph} ${status}`)}  ${style('strong', oneLine(id))}`,
      indented(oneLine(message)),
      ...(fix ? [indented(oneLine(fix.message))] : []),
      ...(fix?.command ? [`${' '.repeat(INDENT * 2)}${safe(fix.command)}`] : []),
    ];
  });
  return [...paragraphs, '', summary(findings)].join('\n');
}

function summary(findings: readonly DoctorFinding[]): string {
  const number = (status: DoctorStatus) => findings.filter((finding) => finding.status === status).length;
  const parts = [
    `${number('ok')} ok`,
    ...(number('warning') > 0 ? [count(number('warning'), 'warning')] : []),
    ...(number('unknown') > 0 ? [`${number('unknown')} unknown`] : []),
    count(number('problem'), 'problem'),
  ];
  return parts.join(', ');
}
