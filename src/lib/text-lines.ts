/** A stream of bytes as lines of text: gzip or not, in whatever Unicode, in bounded memory. */
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

export interface LineBatch {
  /** Number of the first line, from 1. */
  readonly first: number;
  /** Undefined for a line longer than was allowed. */
  readonly lines: readonly (string | undefined)[];
}

/**
 * The lines as they come, some at a time. Recognises gzip (also several members one after the other, as concatenated
 * files have) and UTF-16 (what PowerShell's `>` writes) by their first bytes; a byte order mark is left out. Lines end
 * with LF or CRLF. @throws Error with a code `Z_…` where compressed data is damaged or cut, and whatever the source does.
 */
export async function* linesOf(source: AsyncIterable<Uint8Array>, longest: number): AsyncGenerator<LineBatch> {
  const { head, rest } = await peek(source);
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  const bytes = isGzip ? await peek(gunzip(rest)) : { head, rest };
  const isUtf16 = bytes.head[0] === 0xff && bytes.head[1] === 0xfe;
  const decoder = new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8');

  const split = splitter(longest);
  let first = 1;
  for await (const chunk of bytes.rest) {
    const lines = split(decoder.decode(chunk, { stream: true }));
    if (lines.length > 0) yield { first, lines };
    first += lines.length;
  }
  const lines = [...split(decoder.decode()), ...split(undefined)];
  if (lines.length > 0) yield { first, lines };
}

/** The first two bytes, if there are so many, and all of it. */
async function peek(source: AsyncIterable<Uint8Array>) {
  const iterator = source[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < 2) {
    const next = await iterator.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  const rest = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield head;
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  };
  return { head, rest: rest() };
}

function gunzip(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  // The error reaches whoever reads the end of the pipeline.
  return pipeline(Readable.from(source, { objectMode: false }), createGunzip(), () => {});
}

/** Takes the text piece by piece, undefined for its end; gives the lines that are complete. */
function splitter(longest: number): (piece: string | undefined) => (string | undefined)[] {
  let pending = '';
  let isTooLong = false;
  const end = (line: string): string | undefined => {
    const kept = isTooLong || line.length > longest ? undefined : line;
    isTooLong = false;
    pending = '';
    return kept?.endsWith('\r') ? kept.slice(0, -1) : kept;
  };
  return (piece) => {
    if (piece === undefined) return pending !== '' || isTooLong ? [end(pending)] : [];
    const [head = '', ...others] = piece.split('\n');
    if (others.length > 0) {
      const last = others.pop() ?? '';
      const lines = [end(pending + head), ...others.map((line) => end(line))];
      pending = last;
      if (pending.length > longest) [pending, isTooLong] = ['', true];
      return lines;
    }
    if (!isTooLong) pending += head;
    if (pending.length > longest) [pending, isTooLong] = ['', true];
    return [];
  };
}
