/** The books survive whatever happens to their last line. */
import { appendFileSync, mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Entry, JOURNAL_SCHEMA, type Kept, pastKey, readBooks, rowDigest } from '../../src/grade/books.ts';
import { openJournal } from '../../src/grade/journal.ts';
import { type Seen, seenOf } from '../../src/grade/seen.ts';
import { learner } from './formats/class.ts';
import { attemptOf } from './marking.ts';

const shut: Seen = { ok: false, code: 'SHUT', reason: 'É · 学 · 🔑' };
const open = seenOf(attemptOf({ ping: 'waiting' }));
const told = seenOf(attemptOf({ ping: 'fail' }));
const [DAY_1, DAY_2, DAY_3] = ['2026-11-23T10:00:00.000Z', '2026-11-24T10:00:00.000Z', '2026-11-25T10:00:00.000Z'];

function run(digest = 'sha256:1'): Entry {
  const how = { lab: 'small', digest, build: 'source', ping: true, region: null, cloud: null };
  return { run: JOURNAL_SCHEMA, ...how, startedAt: DAY_1 };
}

const kept = (learner: string, at = DAY_1, seen: Seen = shut): Kept => ({
  learner,
  at,
  seen,
  row: `row of ${learner}`,
});
const newFile = () => join(mkdtempSync(join(tmpdir(), 'labproof-journal-')), 'journal.jsonl');

async function write(file: string, ...entries: readonly Entry[]): Promise<void> {
  const journal = await openJournal(file, (await readBooks(file)).length);
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
      const books = await readBooks(file);
      expect(books.length).toBe(ends[lines - 1] ?? 0);
      expect([...books.looks.keys()]).toEqual(['ada', 'bob'].slice(0, Math.max(0, lines - 1)));
      expect(books.run !== undefined).toBe(lines > 0);
      if (lines === 0) continue;
      await write(file, kept('cyd'));
      const more = await readBooks(file);
      expect([...more.looks.keys()]).toEqual([...books.looks.keys(), 'cyd']);
      expect(more.looks.get('cyd')).toEqual(kept('cyd'));
    }
  });

  test('holds the newest look at each learner of the last run', async () => {
    const file = newFile();
    await write(file, run(), kept('ada', DAY_1, told), kept('bob'), { end: JOURNAL_SCHEMA });
    expect((await readBooks(file)).ended).toBe(true);
    await write(file, run(), kept('ada', DAY_2), kept('ada', DAY_3, told));
    const books = await readBooks(file);
    expect(books.ended).toBe(false);
    expect([...books.looks.values()]).toEqual([kept('ada', DAY_3, told)]);
  });

  test('tells when a learner handed in: when all could be told for the first time, of the same account', async () => {
    const file = newFile();
    await write(file, run(), { ...kept('ada', DAY_1, told), row: 'another account' });
    await write(file, run(), kept('ada', DAY_1), kept('ada', DAY_1, open), kept('ada', DAY_2, told));
    await write(file, run(), kept('ada', DAY_3, told), kept('bob', DAY_3, open));
    const { submittedAt } = (await readBooks(file)).past;
    expect(submittedAt.get('row of ada')).toBe(DAY_2);
    expect(submittedAt.has('row of bob')).toBe(false);
  });

  test('knows the best look before the newest, of the same account and by the same lab', async () => {
    const file = newFile();
    const [best, less] = [seenOf(attemptOf()), told];
    await write(file, run('sha256:0'), kept('ada', DAY_1, best), kept('ada', DAY_1, shut));
    await write(file, run(), { ...kept('ada', DAY_1, best), row: 'another account' });
    const key = pastKey('row of ada', 'sha256:1');
    await write(file, kept('ada', DAY_1, best));
    expect((await readBooks(file)).past.best.has(key)).toBe(false);
    await write(file, kept('ada', DAY_2, less), kept('ada', DAY_3, shut), kept('ada', DAY_3, less));
    expect((await readBooks(file)).past.best.get(key)).toEqual({ seen: best, at: DAY_1 });
  });

  test('tells who has left, and how the last run was marked', async () => {
    const file = newFile();
    await write(file, run(), { left: ['bob'] }, { marked: { rubric: true, overrides: false } }, { left: ['cyd'] });
    const { left, marked } = await readBooks(file);
    expect([[...left], marked]).toEqual([['bob', 'cyd'], { rubric: true, overrides: false }]);
  });

  test('is refused, with the line, where somebody else wrote in it', async () => {
    const upwards = JSON.stringify(kept('../../precious'));
    const empty = '{"learner":"ada"}';
    for (const line of [
      upwards,
      empty,
      '{"name":"a package"}',
      'learner,points',
      '[]',
      'null',
      '{"run":"labproof/journal/v1"}',
    ]) {
      const file = newFile();
      await write(file, run());
      appendFileSync(file, `${line}\n`);
      await expect(readBooks(file)).rejects.toMatchObject({ problems: [{ code: 'NO_JOURNAL', line: 2 }] });
    }
  });

  test('that was emptied begins anew', async () => {
    const file = newFile();
    await write(file, run(), kept('ada'));
    truncateSync(file);
    expect(await readBooks(file)).toMatchObject({ run: undefined, length: 0 });
  });
});

test('a row is another one when its account, its way in or its Region changes, and neither by its external id nor by what is said about the learner', () => {
  const role = { kind: 'role', roleArn: 'arn:aws:iam::111122223333:role/grader', externalId: 'one' } as const;
  const ada = learner('ada', { account: '111122223333', entry: role });
  const sameWay = [
    { ...ada, entry: { ...role, externalId: 'two' } },
    { ...ada, name: 'Ada L.' },
    { ...ada, columns: { note: 'Asked for a week more.' } },
  ];
  expect(new Set([ada, ...sameWay].map(rowDigest)).size).toBe(1);
  const others = [
    { ...ada, account: '444455556666' },
    { ...ada, region: 'eu-west-3' },
    { ...ada, entry: { ...role, roleArn: 'arn:aws:iam::111122223333:role/other' } },
    { ...ada, entry: { kind: 'snapshot', file: '/class/ada.json' } as const },
  ];
  expect(new Set([ada, ...others].map(rowDigest)).size).toBe(others.length + 1);
});
