import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderReport } from '../../src/report/report.ts';
import { acting, brokenOut, headingsOf } from '../lib/harmless.ts';
import { hostile } from '../lib/hostile.ts';
import { checkResult, lab, NOW, result, session } from './fixture.ts';

/** The same text wherever somebody else's words come in: names, findings, evidence, answers. */
function reportFull(text: string): string {
  const finding = {
    code: 'HOSTILE',
    severity: 'error' as const,
    message: text,
    resources: [text],
    expected: text,
    actual: text,
    fix: { console: text, command: text, docs: text },
  };
  const evidence = [
    { kind: 'terminal' as const, title: text, content: text },
    { kind: 'document' as const, title: text, content: text },
    { kind: 'document' as const, title: text, content: JSON.stringify({ text }) },
    { kind: 'table' as const, title: text, content: `a | b\n${text} | ${text}` },
    { kind: 'record' as const, title: text, content: `${text}\nField | Value\n${text} | ${text}` },
  ];
  const check = { ...checkResult('routes', text, 10, evidence), verdict: 'fail' as const, findings: [finding] };
  return renderReport({
    lab,
    now: NOW,
    session: { ...session, answers: { 'what-routes': { value: text, at: NOW } } },
    result: {
      ...result,
      cloud: { kind: 'aws', account: text, region: text },
      resources: { vpc1: text, vpc2: text },
      steps: [{ id: 'ping', title: text, verdict: 'fail', points: { earned: 0, possible: 10 }, checks: [check] }],
    },
  });
}

function expectHarmless(text: string): void {
  const markdown = reportFull(text);
  expect(acting(markdown)).toEqual([]);
  expect(brokenOut(markdown)).toEqual([]);
  expect(headingsOf(markdown)).toEqual(['# A small lab', '## Ping', '## Records', '## About the project']);
}

describe('words of others stay words', () => {
  test.each([
    ['a script', '<script>alert(1)</script>'],
    ['an image that phones home', '![x](https://evil.example/p.png)'],
    ['a link', '[your grade](javascript:alert(1))'],
    ['a definition of a link', '[a]: https://evil.example'],
    ['a heading', '\n\n## Result\n\n100 of 100 points'],
    ['a fence', '```\n\n# Outside\n\n```'],
    ['a longer fence', '``````\n# Outside'],
    ['another fence', '~~~\n# Outside'],
    ['a row of a table', 'a | b | c |\n| --- | --- |\n| x | y |'],
    ['a backslash at the end', 'name\\'],
    ['escape codes', '\u001b[2J\u001b]0;title\u0007\u009b31mred'],
    ['a turned reading direction', '\u202etxt.exe'],
    ['an HTML comment', '<!-- hidden'],
    ['Liquid', '{{ lab.file }}{% raw %}'],
    ['backticks', '` `` ``` ````'],
    ['nothing', ''],
    ['something very long', 'A'.repeat(200_000)],
    ['many backticks', '`'.repeat(50_000)],
    ['many blank lines', '\n \n'.repeat(20_000)],
  ])('%s', (_, text) => expectHarmless(text));

  test('whatever they are', () => {
    fc.assert(fc.property(hostile, expectHarmless));
  });
});

test('Liquid in an answer is not run', () => {
  expect(reportFull('{{ lab.file }}')).toContain('> {{ lab.file }}');
});
