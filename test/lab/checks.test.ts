import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadChecks } from '../../src/lab/checks.ts';

const dir = mkdtempSync(join(tmpdir(), 'labproof-checks-'));
afterAll(() => rmSync(dir, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(join(dir, path, '..'), { recursive: true });
  writeFileSync(join(dir, path), text);
}
const check = (title: string) =>
  `export default { title: '${title}', params: {}, needs: [], codes: {}, judge: () => ({}) };\n`;

test("a check's id is its path; helpers and tests are no checks", async () => {
  write('network/routes.js', check('Routes'));
  write('iam/deep/trust.js', check('Trust'));
  write('network/_words.js', 'export const words = 1;\n');
  write('_shared/words.js', 'export const words = 1;\n');
  write('network/routes.test.js', 'throw new Error("a test was run");\n');
  write('network/routes.d.ts', 'not even code');
  write('network/readme.md', '# Checks\n');
  const checks = await loadChecks(dir);
  expect(Object.entries(checks).map(([id, { title }]) => [id, title])).toEqual([
    ['iam/deep/trust', 'Trust'],
    ['network/routes', 'Routes'],
  ]);
});

test.each([
  ['nothing', 'export const check = 1;\n'],
  ['a function', 'export default () => 1;\n'],
  ['half a check', 'export default { title: "Half", params: {} };\n'],
])('a file whose default export is %s is named', async (_, text) => {
  write('bad/half.js', text);
  await expect(loadChecks(join(dir, 'bad'))).rejects.toThrow(/half\.js: the default export is no check/);
  rmSync(join(dir, 'bad'), { recursive: true });
});
