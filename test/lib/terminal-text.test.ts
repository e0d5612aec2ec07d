import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { safe } from '../../src/lib/terminal-text.ts';

describe('text from a cloud or a file, made safe', () => {
  test.each([
    ['colour codes are removed', '\u001b[31mred\u001b[0m', 'red'],
    ['a window title is removed', '\u001b]0;owned\u0007name', 'name'],
    ['a terminal link keeps only its text', '\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007', 'click'],
    ['a lone escape is removed', 'a\u001bb', 'ab'],
    ['codes inside codes leave nothing that acts', '\u001b\u001b[31m[2J', '[2J'],
    ['single-byte control sequences are removed', '\u009b2Jname', 'name'],
    ['backspaces and bells are removed', 'a\bb\u0007c', 'abc'],
    ['a carriage return cannot overwrite the line', 'real\rfake', 'realfake'],
    ['line ends of Windows become line ends', 'a\r\nb', 'a\nb'],
    ['NUL is removed', 'a\u0000b', 'ab'],
    ['reading direction cannot be turned', 'gpj.\u202eexe\u202c\u2066x\u2069', 'gpj.exex'],
    ['separators that only some programs break lines at are removed', 'a\u2028b\u2029c', 'abc'],
    ['half a surrogate pair becomes a replacement character', 'a\ud800b', 'a\ufffdb'],
    ['newlines and tabs stay', 'a\n\tb', 'a\n\tb'],
    ['other scripts and emoji stay', 'Müller 東京 👩‍💻 नमस्ते', 'Müller 東京 👩‍💻 नमस्ते'],
  ])('%s', (_, text, expected) => expect(safe(text)).toBe(expected));

  test('whatever comes in, no control character goes out, and a second time changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = safe(text);
        expect(once).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        expect(safe(once)).toBe(once);
      }),
    );
  });
});
