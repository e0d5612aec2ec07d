/** `labproof flowlog`: the records of a saved flow log, each in words. */
import { createReadStream } from 'node:fs';
import { jsonText } from '../lib/json.ts';
import { codeOf, messageOf } from '../lib/message.ts';
import { oneLine } from '../lib/terminal-text.ts';
import { type LineBatch, linesOf } from '../lib/text-lines.ts';
import { parseLogFormat } from '../model/flowlog/log-format.ts';
import { DEFAULT_FORMAT, type Format, fieldsOf, formatOf } from '../model/flowlog/record.ts';
import { type ExplainedLine, LONGEST_LINE, logReader } from '../model/flowlog/saved-log.ts';
import { explainedText } from '../plain/flowlog.ts';
import { CliError, EXIT, usage } from './exit.ts';
import { usesColour } from './terminal.ts';

export interface FlowlogFlags {
  readonly logFormat?: string;
  readonly json?: boolean;
}

export async function flowlog(file: string | undefined, flags: FlowlogFlags): Promise<void> {
  try {
    await explainLog(file === '-' ? undefined : file, flags);
  } catch (error) {
    if (!flags.json || !(error instanceof CliError)) throw error;
    // One object a line, this one too.
    process.stdout.write(jsonText({ error: error.details[0] }, 0));
    process.exitCode = error.exit;
  }
}

async function explainLog(file: string | undefined, flags: FlowlogFlags): Promise<void> {
  const read = logReader(formatFrom(flags.logFormat), flags.logFormat !== undefined);
  const name = file ?? 'standard input';
  if (file === undefined && process.stdin.isTTY)
    process.stderr.write('Paste flow-log records, a line each, then press Ctrl+D.\n');
  const source = file === undefined ? process.stdin : createReadStream(file, { highWaterMark: CHUNK_BYTES });

  const options = {
    colour: usesColour(process.stdout),
    width: process.stdout.isTTY ? process.stdout.columns : undefined,
  };
  let all = 0;
  let unread = 0;
  const explain = ({ first, lines }: LineBatch): string => {
    let text = '';
    for (const [index, line] of lines.entries()) {
      const explained = read(line);
      if (explained === undefined) continue;
      all++;
      if (explained.status === 'unreadable') unread++;
      text += flags.json ? jsonLine(first + index, explained) : `${explainedText(first + index, explained, options)}\n`;
    }
    return text;
  };

  try {
    for await (const batch of linesOf(source, LONGEST_LINE)) {
      if (batch.first === 1 && batch.lines[0]?.startsWith('PAR1'))
        throw usage(`${name} is a Parquet file, and only flow logs in plain text can be read.`);
      // Whoever reads has had enough (`| head`).
      if (!(await written(explain(batch)))) break;
    }
  } catch (error) {
    throw error instanceof CliError ? error : unreadable(name, error);
  }
  if (all === 0) process.stderr.write(`labproof: There is no flow-log record in ${oneLine(name)}.\n`);
  if (unread > 0 && all > 1) process.stderr.write(`labproof: ${unread} of ${all} lines could not be read.\n`);
  process.exitCode = unread > 0 ? EXIT.failed : EXIT.ok;
}

const CHUNK_BYTES = 64 * 1024;

function jsonLine(line: number, { status, fields, explanation }: ExplainedLine): string {
  return jsonText({ line, status, fields, explanation }, 0);
}

/** Resolves when the text has left, so that a slow reader slows the reading; false when nobody reads any more. */
function written(text: string): Promise<boolean> {
  return new Promise((resolve) => process.stdout.write(text, (error) => resolve(!error)));
}

/** @throws CliError that names the place in the format. */
function formatFrom(text: string | undefined): Format {
  const names = text === undefined ? fieldsOf(DEFAULT_FORMAT) : parseLogFormat(text);
  if (!('column' in names)) return formatOf(names);
  const { message, column } = names;
  throw new CliError(EXIT.usage, {
    code: 'LOG_FORMAT',
    message: `--log-format, column ${column}: ${message}`,
    column,
  });
}

function unreadable(name: string, error: unknown): CliError {
  const code = codeOf(error);
  if (code === 'ENOENT') return usage(`There is no file ${name}.`);
  if (code === 'EISDIR') return usage(`${name} is a folder: name a file in it.`);
  if (code === 'EACCES' || code === 'EPERM') return usage(`${name} cannot be read: permission denied.`);
  if (code === 'Z_BUF_ERROR') return usage(`${name} ends in the middle of its gzip data. Was it downloaded whole?`);
  if (code.startsWith('Z_')) return usage(`${name} has damaged gzip data (${messageOf(error)}).`);
  return usage(`${name} cannot be read: ${messageOf(error)}`);
}
