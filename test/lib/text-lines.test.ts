import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeOf } from '../../src/lib/message.ts';
import { linesOf } from '../../src/lib/text-lines.ts';

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function linesIn(bytes: Buffer, size = 1000, longest = 100): Promise<(string | undefined)[]> {
  const all: (string | undefined)[] = [];
  for await (const { first, lines } of linesOf(inPieces(bytes, size), longest)) {
    expect(first).toBe(all.length + 1);
    all.push(...lines);
  }
  return all;
}

const TEXT = 'one\ntwo\r\n\nfour é 🙂\nlast';
const LINES = ['one', 'two', '', 'four é 🙂', 'last'];

describe('the same lines', () => {
  test.each([
    ['plain', Buffer.from(TEXT)],
    ['with a byte order mark', Buffer.from(`\ufeff${TEXT}`)],
    ['with a line end at the end', Buffer.from(`${TEXT}\n`)],
    ['gzip', gzipSync(TEXT)],
    ['gzip in two members, as cat joins files', Buffer.concat([gzipSync(TEXT.slice(0, 9)), gzipSync(TEXT.slice(9))])],
    ['UTF-16, as PowerShell writes it', Buffer.from(`\ufeff${TEXT}`, 'utf16le')],
    ['gzip of UTF-16', gzipSync(Buffer.from(`\ufeff${TEXT}`, 'utf16le'))],
  ])('%s, in pieces of any size', async (_, bytes) => {
    for (const size of [1, 2, 3, 7, 1000]) expect(await linesIn(bytes, size)).toEqual(LINES);
  });

  test('as splitting the whole text gives', async () => {
    const text = fc.array(fc.constantFrom('a', 'é', '🙂', '\n', '\r\n', 'x'.repeat(9)), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 40 }), fc.boolean(), async (parts, size, zipped) => {
        const whole = parts.join('');
        const pieces = whole.split('\n').map((line) => line.replace(/\r$/, ''));
        const expected = pieces.at(-1) === '' ? pieces.slice(0, -1) : pieces;
        const bytes = Buffer.from(whole);
        expect(await linesIn(zipped ? gzipSync(bytes) : bytes, size, 2000)).toEqual(expected);
      }),
    );
  });
});

test('a line that is too long is told as such, wherever it stands, and the next is read', async () => {
  const long = 'x'.repeat(101);
  for (const size of [1, 64, 1000]) {
    expect(await linesIn(Buffer.from(`a\n${long}\nb\n${long}`), size)).toEqual(['a', undefined, 'b', undefined]);
  }
  expect(await linesIn(Buffer.from('x'.repeat(100)))).toEqual(['x'.repeat(100)]);
});

test('a line without an end does not fill the memory', async () => {
  const before = process.memoryUsage.rss();
  async function* endless() {
    const piece = Buffer.alloc(1024 * 1024, 'x');
    for (let i = 0; i < 1000; i++) yield piece;
  }
  const batches = [];
  for await (const batch of linesOf(endless(), 65_536)) batches.push(batch);
  expect(batches).toEqual([{ first: 1, lines: [undefined] }]);
  expect(process.memoryUsage.rss() - before).toBeLessThan(300 * 1024 * 1024);
});

test('nothing has no lines', async () => {
  expect(await linesIn(Buffer.alloc(0))).toEqual([]);
});

test.each([
  ['cut', gzipSync(TEXT).subarray(0, 30)],
  ['damaged', gzipSync(TEXT).fill(0xff, 12, 20)],
])('gzip that is %s throws with a code', async (_, bytes) => {
  const code = await linesIn(bytes).then(
    () => 'none',
    (error: unknown) => codeOf(error),
  );
  expect(code).toMatch(/^Z_/);
});

test('the source is let go when nobody reads on', async () => {
  let isOpen = true;
  async function* source() {
    try {
      for (;;) yield Buffer.from('line\n');
    } finally {
      isOpen = false;
    }
  }
  for await (const { lines } of linesOf(source(), 100)) if (lines.length > 0) break;
  expect(isOpen).toBe(false);
});
