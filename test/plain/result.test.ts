import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import type { Verdict } from '../../src/check.ts';
import { resultText } from '../../src/plain/result.ts';
import type { Result } from '../../src/run/result.ts';
import { finding, lab, resultWith } from './fixture.ts';

const half = resultWith(lab, new Set(['networks']));
const none = resultWith(lab, new Set());
const plain = { colour: false, width: 80 };

function withVerdict(verdict: Verdict): Result {
  const steps = half.steps.map((step) => ({ ...step, checks: step.checks.map((check) => ({ ...check, verdict })) }));
  return { ...half, steps };
}

describe('a verification as text', () => {
  test('shows steps, checks, findings with their fix, and the total', () => {
    expect(resultText(none, plain)).toMatchSnapshot();
  });

  test.each([
    ['pass', '✓ pass'],
    ['partial', '◐ partial'],
    ['fail', '✗ fail'],
    ['waiting', '… waiting'],
    ['blocked', '⊘ blocked'],
    ['unknown', '? unknown'],
  ] as const)('says %s as a glyph and a word', (verdict, words) => {
    expect(resultText(withVerdict(verdict), plain)).toContain(`    ${words}`);
  });

  test('gives a blocked check one line', () => {
    const lines = resultText(withVerdict('blocked'), plain).split('\n');
    expect(lines.filter((line) => line.includes('10.1.0.0/16'))).toEqual([]);
  });

  test('says the same in colour as without', () => {
    const coloured = resultText(none, { ...plain, colour: true });
    expect(coloured).toContain('\u001b[');
    expect(stripVTControlCharacters(coloured)).toBe(resultText(none, plain));
  });

  test('sends no escape code without colour, whatever the names hold', () => {
    const hostile = { ...finding, message: '\u001b[31mred\u001b[0m\r\u0007', expected: 'a\u0000b' };
    const title = 'two\nlines \u001b]8;;http://x\u0007link';
    const result = resultWith({ ...lab, steps: lab.steps.map((step) => ({ ...step, title })) }, new Set(), hostile);
    expect(resultText(result, plain)).not.toMatch(/[^\P{Cc}\n]/u);
    expect(resultText(result, plain)).toContain('✗ two lines link');
  });

  test.each([60, 80, 120])('breaks long titles under themselves at %i columns, beside the scores', (width) => {
    const title = `${'網 é words '.repeat(20)}${'x'.repeat(150)}`;
    const steps = lab.steps.map((step) => ({
      ...step,
      title,
      checks: step.checks.map((check) => ({ ...check, title })),
    }));
    const text = resultText(resultWith({ ...lab, steps }, new Set()), { colour: false, width });
    const lines = text.split('\n').filter((line) => /words|xx/.test(line));
    const scored = lines.filter((line) => / \d+\/\d+$/.test(line));
    expect(scored.map((line) => line.trim().split(' ')[0])).toEqual(['✗', '✗', '⊘', '✗', '✗']);
    expect(scored.map((line) => stringWidth(line))).toEqual(Array(5).fill(width));
    const others = lines.filter((line) => !scored.includes(line));
    expect(others.filter((line) => stringWidth(line) > width - 5)).toEqual([]);
    expect(others.filter((line) => !/^( {2}| {14})[^ ]/.test(line))).toEqual([]);
    expect(lines.join('').match(/x/g)).toHaveLength(5 * 150);
  });

  test.each([60, 80, 120])('keeps within %i columns, except for commands, which stay whole', (width) => {
    const long = { ...finding, message: 'word '.repeat(60), expected: 'value '.repeat(40), actual: 'x' };
    const lines = resultText(resultWith(lab, new Set(), long), { colour: false, width }).split('\n');
    const command = 'aws ec2 create-vpc --cidr-block 10.1.0.0/16';
    expect(lines.filter((line) => line.length > width && !line.endsWith(command))).toEqual([]);
    expect(lines.some((line) => line.endsWith(command))).toBe(true);
  });
});
