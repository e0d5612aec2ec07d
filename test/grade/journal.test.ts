/** The books survive whatever happens to their last line. */
import { appendFileSync, mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Ungraded } from '../../src/grade/grade.ts';
import { type Entry, JOURNAL_SCHEMA, openJournal, readBooks, rowDigest } from '../../src/grade/journal.ts';
import { learner } from './formats/class.ts';

const LAB = 'small';

function run(lab = LAB): Entry {
  return { run: JOURNAL_SCHEMA, lab, digest: 'sha256:1', startedAt: '2026-11-23T10:00:00.000Z' };
}

function told(id: string, submittedAt = '2026-11-23T10:00:01.000Z'): Ungraded {
  return { status: 'unknown', learner: id, submittedAt, gradedAt: submittedAt, code: 'SHUT', reason: 'É · 学 · 🔑' };
}

const kept = (id: string, submittedAt?: string): Entry => ({ ...told(id, submittedAt), row: `row of ${id}` });
const newFile = () => join(mkdtempSync(join(tmpdir(), 'labproof-journal-')), 'journal.jsonl');

async function write(file: string, ...entries: readonly Entry[]): Promise<void> {
  const journal = await openJournal(file, (await readBooks(file, LAB)).length);
  await Promise.all(entries.map((entry) => journal.append(entry)));
  await journal.close();
}

describe('a journal', () => {
  test('that is cut off at any byte holds every whole line, and goes on where they end', async () => {
    const whole = newFile();
    await write(whole, run(), kept('ada'), kept('bob'));
    const bytes = readFileSync(whole);
    const ends = [...bytes.entries()].filter(([, byte]) => byte === 0x0a).map(([at]) => at + 1);
    const file = newFile();
    for (let length = 0; length < bytes.length; length += 1) {
      writeFileSync(file, bytes.subarray(0, length));
      const lines = ends.filter((end) => end <= length).length;
      const books = await readBooks(file, LAB);
      expect(books.length).toBe(ends[lines - 1] ?? 0);
      expect([...books.grades.keys()]).toEqual(['ada', 'bob'].slice(0, Math.max(0, lines - 1)));
      expect(books.run !== undefined).toBe(lines > 0);
      if (lines === 0) continue;
      await write(file, kept('cyd'));
      const more = await readBooks(file, LAB);
      expect([...more.grades.keys()]).toEqual([...books.grades.keys(), 'cyd']);
      expect(more.grades.get('cyd')).toEqual(told('cyd'));
    }
  });

  test('holds the newest grade of each learner, of the last run', async () => {
    const file = newFile();
    await write(file, run(), kept('ada', '2026-11-23T10:00:00.000Z'), kept('bob'), { end: JOURNAL_SCHEMA });
    expect((await readBooks(file, LAB)).ended).toBe(true);
    await write(file, run(), kept('ada', '2026-11-24T10:00:00.000Z'), kept('ada', '2026-11-25T10:00:00.000Z'));
    const books = await readBooks(file, LAB);
    expect(books.ended).toBe(false);
    expect([...books.grades.keys()]).toEqual(['ada']);
    expect(books.grades.get('ada')?.gradedAt).toBe('2026-11-25T10:00:00.000Z');
    expect(books.submittedAt.get('ada')).toBe('2026-11-23T10:00:00.000Z');
    expect(books.submittedAt.has('bob')).toBe(true);
  });

  test('of two labs tells when a learner handed in this one', async () => {
    const file = newFile();
    await write(file, run('other'), kept('ada', '2026-01-01T10:00:00.000Z'), { end: JOURNAL_SCHEMA });
    await write(file, run(), kept('ada', '2026-11-24T10:00:00.000Z'));
    expect((await readBooks(file, LAB)).submittedAt.get('ada')).toBe('2026-11-24T10:00:00.000Z');
  });

  test('is refused, with the line, where somebody else wrote in it', async () => {
    for (const line of ['{"name":"a package"}', 'learner,points', '[]', 'null', '{"run":"labproof/journal/v9"}']) {
      const file = newFile();
      await write(file, run());
      appendFileSync(file, `${line}\n`);
      await expect(readBooks(file, LAB)).rejects.toMatchObject({ problems: [{ code: 'NO_JOURNAL', line: 2 }] });
    }
  });

  test('that was emptied begins anew', async () => {
    const file = newFile();
    await write(file, run(), kept('ada'));
    truncateSync(file);
    expect(await readBooks(file, LAB)).toMatchObject({ run: undefined, length: 0 });
  });
});

test('a row is another one when its account, its way in or its Region changes, and holds no secret', () => {
  const role = { kind: 'role', roleArn: 'arn:aws:iam::111122223333:role/grader', externalId: 'one' } as const;
  const ada = learner('ada', { account: '111122223333', entry: role });
  expect(rowDigest({ ...ada, entry: { ...role, externalId: 'two' } })).toBe(rowDigest(ada));
  const others = [
    { ...ada, account: '444455556666' },
    { ...ada, region: 'eu-west-3' },
    { ...ada, entry: { ...role, roleArn: 'arn:aws:iam::111122223333:role/other' } },
    { ...ada, entry: { kind: 'snapshot', file: '/class/ada.json' } as const },
    { ...ada, columns: { number: '7' } },
  ];
  expect(new Set([ada, ...others].map(rowDigest)).size).toBe(others.length + 1);
});
