import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { code, fence, inline, quote, table } from '../../src/lib/markdown.ts';
import { hostile } from './hostile.ts';

describe('one line of text', () => {
  test.each([
    [
      'values of the lab stay as they are',
      '10.1.0.0/16 -> pcx-0a1b (active), 56(84) bytes',
      '10.1.0.0/16 -> pcx-0a1b (active), 56(84) bytes',
    ],
    ['HTML', '<img src=x onerror=alert(1)>', '&lt;img src=x onerror=alert(1)>'],
    ['an entity stays the text it is', '&lt;b&gt;', '\\&lt;b\\&gt;'],
    ['a link', '[click](javascript:alert(1))', '\\[click\\](javascript:alert(1))'],
    ['an image', '![x](https://evil.example/pixel)', '!\\[x\\](https\\://evil.example/pixel)'],
    ['a bare address', 'see www.evil.example', 'see www\\.evil.example'],
    ['a cell of a table', 'a | b', 'a \\| b'],
    ['a backslash before a pipe', '\\|', '\\\\\\|'],
    ['emphasis and code', '*a* _b_ `c` ~d~', '\\*a\\* \\_b\\_ \\`c\\` \\~d\\~'],
    ['mathematics', '$x$', '\\$x\\$'],
    ['a heading', '# Passed', '\\# Passed'],
    ['a list', '- a', '\\- a'],
    ['a numbered list', '12. a', '12\\. a'],
    ['an underlined heading', '===', '\\==='],
    ['a quotation', '> a', '\\> a'],
    ['line breaks become spaces', 'a\n\n# b', 'a # b'],
    ['escape codes', '\u001b[2Ja', 'a'],
  ])('%s', (_, text, expected) => expect(inline(text)).toBe(expected));
});

describe('a quotation', () => {
  test('keeps lines and paragraphs, and each of them is plain text', () => {
    expect(quote('one\n- two\n\n\n    <b>three</b>')).toBe('> one\\\n> \\- two\n>\n> &lt;b>three&lt;/b>');
  });
  test('cannot be left', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const line of quote(text).split('\n')) if (line !== '') expect(line).toMatch(/^>( |$)/);
      }),
    );
  });
});

describe('code', () => {
  test.each([
    ['an id', 'vpc-0a1b2c', '`vpc-0a1b2c`'],
    ['an ARN', 'arn:aws:iam::123456789012:role/My-Role', '`arn:aws:iam::123456789012:role/My-Role`'],
    ['a name that would end the code is plain text', 'a`b', 'a\\`b'],
    ['a name that would end the cell is plain text', 'a|b', 'a\\|b'],
  ])('%s', (_, text, expected) => expect(code(text)).toBe(expected));
});

describe('a fenced block', () => {
  test('is fenced by more backticks than it holds', () => {
    expect(fence('````\n</script>')).toBe('`````text\n````\n</script>\n`````');
  });
  test('ends where it should, whatever is in it', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const lines = fence(text).split('\n');
        const bar = lines.at(-1) ?? '';
        expect(bar).toMatch(/^`{3,}$/);
        expect(lines[0]).toBe(`${bar}text`);
        // CommonMark 4.5: a closing fence has at least as many backticks as the opening one.
        for (const line of lines.slice(1, -1))
          expect(/^ {0,3}(`{3,})\s*$/.exec(line)?.[1]?.length ?? 0).toBeLessThan(bar.length);
      }),
    );
  });
});

describe('a table', () => {
  test('fills up and cuts rows to its header', () => {
    expect(table(['a', 'b'], [['1'], ['1', '2', '3']])).toBe('| a | b |\n| --- | --- |\n| 1 |  |\n| 1 | 2 |');
  });
  test('keeps its columns, whatever is in a cell', () => {
    fc.assert(
      fc.property(hostile, hostile, (one, two) => {
        const row = table(['a', 'b'], [[inline(one), code(two)]]).split('\n')[2] ?? '';
        // GFM 4.10: a pipe is part of a cell where a backslash stands before it.
        expect(row.match(/(?<!\\)\|/g)).toHaveLength(3);
      }),
    );
  });
});

test('no text becomes HTML, a link or an image', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      for (const written of [inline(text), quote(text), code(text)]) {
        expect(written).not.toMatch(/</);
        if (!written.startsWith('`')) expect(written).not.toMatch(/(?<!\\)(?:[[\]]|:\/\/)|www\./);
      }
    }),
  );
});
