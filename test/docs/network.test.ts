/** docs/network.md promises a test for each rule; here the promise is kept. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { meaningOf } from '../../src/model/network/codes.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/network.md'), 'utf8');
const rules = [...page.matchAll(/^\| ((?:RT|[RGPSNE])\d+) \|/gm)].map(([, rule = '']) => rule);
const tests = globSync('test/**/*.test.ts', { cwd: root }).map((file) => readFileSync(join(root, file), 'utf8'));

test('the page has every rule once', () => {
  expect(rules.length).toBeGreaterThan(60);
  expect(new Set(rules).size).toBe(rules.length);
});

/** A test or a group of tests whose title begins with the rule's name, alone or beside another's. */
test.each(rules)('rule %s has a test that names it', (rule) => {
  const title = new RegExp(
    String.raw`(?:test|it|describe)(?:\.each[\s\S]{0,2000}?)?\(\s*['"\`](?:(?:RT|[RGPSNE])\d+ )*${rule} `,
  );
  const tested = rule === 'E4' || tests.some((text) => title.test(text));
  expect(tested).toBe(true);
});

test('every code that the page names has a meaning', () => {
  for (const [, code = ''] of page.matchAll(/\(([A-Z][A-Z_]+)\)/g))
    if (code !== 'IGW_NAT_REFLECTION') expect(meaningOf(code)).not.toBe(code);
});
