import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ReportError } from '../../src/report/error.ts';
import { writeReport } from '../../src/report/write.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'labproof-report-'));
});
afterEach(() => rm(dir, { recursive: true }));

test('the folder is made and the absolute path comes back', async () => {
  const file = await writeReport(relative(process.cwd(), join(dir, 'a', 'b')), 'lab.md', '# Lab\n');
  expect(file).toBe(join(dir, 'a', 'b', 'lab.md'));
  expect(await readFile(file, 'utf8')).toBe('# Lab\n');
});

test('an older report is replaced, and nothing else is left in the folder', async () => {
  await writeReport(dir, 'lab.md', 'old, and longer');
  await writeReport(dir, 'lab.md', 'new');
  expect(await readFile(join(dir, 'lab.md'), 'utf8')).toBe('new');
  expect(await readdir(dir)).toEqual(['lab.md']);
});

test('two reports written at once leave one of them whole', async () => {
  const texts = ['a'.repeat(100_000), 'b'.repeat(200_000)];
  await Promise.all(texts.map((text) => writeReport(dir, 'lab.md', text)));
  expect(texts).toContain(await readFile(join(dir, 'lab.md'), 'utf8'));
  expect(await readdir(dir)).toEqual(['lab.md']);
});

describe('what cannot be written is refused with its path and the reason, and nothing is left behind', () => {
  test.each([
    ['a folder under a file', 'file/sub', 'lab.md', /file\/sub\/lab\.md: a part of the path is a file/],
    ['a file where the folder should be', 'file', 'lab.md', /file\/lab\.md: a part of the path is a file/],
    ['a folder where the report should be', '.', 'folder', /a folder of the same name is in the way/],
    ['a name that is too long', '.', `${'x'.repeat(300)}.md`, /the name is too long/],
    ['a name that leaves the folder', '.', '../lab.md', /not a plain file name/],
    ['no name', '.', '', /not a plain file name/],
  ])('%s', async (_, folder, name, message) => {
    await writeFile(join(dir, 'file'), 'mine');
    await mkdir(join(dir, 'folder'));
    const failure = writeReport(join(dir, folder), name, '# Lab\n');
    await expect(failure).rejects.toThrow(ReportError);
    await expect(failure).rejects.toThrow(message);
    expect((await readdir(dir)).sort()).toEqual(['file', 'folder']);
    expect(await readFile(join(dir, 'file'), 'utf8')).toBe('mine');
  });
  test('a place where no folder can be made', async () => {
    await expect(writeReport('/proc/labproof', 'lab.md', '# Lab\n')).rejects.toThrow(
      '/proc/labproof/lab.md: the folder cannot be made there',
    );
  });
});
