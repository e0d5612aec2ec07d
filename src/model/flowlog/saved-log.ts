/** A saved flow log line by line: a file from S3, what the AWS CLI prints, or lines pasted from anywhere. */
import { safe } from '../../lib/terminal-text.ts';
import { explainRecord } from './explain-record.ts';
import { isHeader } from './log-format.ts';
import { type FlowRecord, type Format, formatOf, readRecord } from './record.ts';

export interface ExplainedLine {
  readonly status: FlowRecord['status'] | 'unreadable';
  readonly action: FlowRecord['action'];
  /** As they stand in the line, by AWS's names; none of a line that cannot be read. */
  readonly fields: Readonly<Record<string, string>>;
  readonly explanation: string;
}

/** Of what people call a record, none comes near: 42 fields with ARNs are 2 kB. */
export const LONGEST_LINE = 64 * 1024;

/** Where the format comes from decides what may be wrong with it. */
type Origin = 'default' | 'given' | 'header';

/**
 * Explains one line after the other, in the order of the log: a line of field names sets the format of those after it.
 * Lines that hold no record (empty, field names, the brackets of a JSON document) give undefined. `undefined` stands for
 * a line longer than LONGEST_LINE. Never throws.
 */
export function logReader(start: Format, given: boolean): (line: string | undefined) => ExplainedLine | undefined {
  let format = start;
  let origin: Origin = given ? 'given' : 'default';
  return (line) => {
    if (line === undefined) return unreadable(`it is longer than ${LONGEST_LINE} characters, as no record is`);
    const text = recordIn(isPlain(line) ? line : cleaned(line));
    if (text === '') return undefined;
    const words = wordsOf(text);
    if (isHeader(words)) {
      format = formatOf(words);
      origin = 'header';
      return undefined;
    }
    const record = readRecord(words, format);
    if (record.status === 'unreadable') return unreadable(record.why + hint(words.length, format.names.length, origin));
    const { status, action, fields } = record;
    return { status, action, fields, explanation: explainRecord(record) };
  };
}

function unreadable(why: string): ExplainedLine {
  return { status: 'unreadable', action: undefined, fields: {}, explanation: `This line cannot be read: ${why}.` };
}

function hint(found: number, expected: number, origin: Origin): string {
  if (found > expected && found % expected === 0)
    return `; if these are ${found / expected} records, put each on a line of its own`;
  if (origin === 'default')
    return found < expected
      ? '; it may be cut off, or of a custom format (then use --log-format)'
      : '; for a custom format, use --log-format';
  return origin === 'given'
    ? '; --log-format may not be the format of this log'
    : '; the line of field names above may not be the one of this record';
}

/** Nearly all lines are: they need no cleaning. */
function isPlain(line: string): boolean {
  return /^[\t -~]*$/.test(line);
}

/** Harmless, and with no spaces but plain ones and tabs. */
function cleaned(line: string): string {
  return safe(line).replace(/[^\S\t]/g, ' ');
}

/** The keys beside `message` in the answers of GetLogEvents and FilterLogEvents, as the AWS CLI prints them. */
const ENVELOPE =
  /^(?:[[\]{}, ]+|"(?:events|eventId|ingestionTime|logStreamName|timestamp|nextToken|nextForwardToken|nextBackwardToken|searchedLogStreams|searchedCompletely)":.*)$/;

/** The record without what may be around it; empty for a line that holds none. */
function recordIn(line: string): string {
  const text = line.trim();
  const first = text.charCodeAt(0);
  // A record begins with a digit, a letter or a hyphen.
  if (first === DOUBLE_QUOTE || first === SINGLE_QUOTE || BRACKETS.has(first)) {
    if (ENVELOPE.test(text)) return '';
    const [, message] = /^"message":\s*"([^"]*)",?$/.exec(text) ?? [];
    const [, , quoted] = /^(["'])([^"']*)\1,?$/.exec(text) ?? [];
    return (message ?? quoted ?? text).trim();
  }
  // --output text: the message is the one cell with spaces in it.
  if (text.startsWith('EVENTS\t')) return text.split('\t').find((cell) => cell.includes(' ')) ?? text;
  return text.startsWith('SEARCHEDLOGSTREAMS\t') || /^b\/\d+(\/s)?\tf\/\d+(\/s)?$/.test(text) ? '' : text;
}

const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const BRACKETS: ReadonlySet<number> = new Set([...'{}[]'].map((bracket) => bracket.charCodeAt(0)));

/** `aws logs tail`, the console and exports put it before the record. No field of a record looks like it. */
const TIME = /^(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?[\s,]+|\d{13}[,\t]\s*)/;
/** The stream's name, which `aws logs tail` puts after the time: `<interface>-all` (VPC User Guide, Publish to CloudWatch Logs). */
const STREAM = /^\S+-(?:all|accept|reject)\s+/;

function wordsOf(text: string): readonly string[] {
  const record = TIME.test(text) ? text.replace(TIME, '').replace(STREAM, '') : text;
  // One space between fields is how AWS writes it, and several times faster to split by.
  return record.includes('  ') || record.includes('\t') ? record.split(/\s+/) : record.split(' ');
}
