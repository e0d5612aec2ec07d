import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { draftOf, edited, typed } from '../../src/ui/draft.ts';

const KEYS = ['left', 'right', 'home', 'end', 'backspace', 'delete'] as const;

describe('text being typed', () => {
  test.each([
    ['a flag is one character', 'a🇩🇪', ['backspace'], 'a'],
    ['a letter with its accent is one character', 'ae\u0301', ['backspace'], 'a'],
    ['delete takes what follows', 'abc', ['home', 'delete'], 'bc'],
    ['backspace at the beginning takes nothing', 'abc', ['home', 'backspace'], 'abc'],
    ['delete at the end takes nothing', 'abc', ['delete'], 'abc'],
  ] as const)('%s', (_name, text, keys, left) => {
    expect(keys.reduce<ReturnType<typeof draftOf>>(edited, draftOf(text)).text).toBe(left);
  });

  test('what is typed stands before the cursor', () => {
    expect(typed(edited(draftOf('ac'), 'left'), 'b')).toEqual({ text: 'abc', cursor: 2 });
  });

  test('escape codes and carriage returns are not taken in', () => {
    expect(typed(draftOf(''), 'a\u001b[31mb\r\nc\rd\u0000').text).toBe('ab\nc\nd');
  });

  test('it ends at the length of a long answer', () => {
    expect(typed(draftOf(''), 'x'.repeat(20_000)).text).toHaveLength(8000);
  });

  test('whatever keys are pressed, the cursor stays within the text and typing adds just what is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.constantFrom(...KEYS)), (text, keys) => {
        const draft = keys.reduce<ReturnType<typeof draftOf>>(edited, draftOf(text));
        expect(draft.cursor).toBeGreaterThanOrEqual(0);
        expect(draft.cursor).toBeLessThanOrEqual(draft.text.length);
        expect(draft.text.isWellFormed()).toBe(text.isWellFormed());
        expect(typed(draft, 'x').text.length).toBe(draft.text.length + 1);
      }),
    );
  });
});
