import { mkdtempSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { loadSession, progressFile, saveSession } from '../../src/run/progress.ts';
import type { Session } from '../../src/run/session.ts';

const cloud = { kind: 'sandbox', account: '123456789012', region: 'us-east-1' } as const;
const session: Session = {
  schema: 1,
  lab: 'demo',
  cloud,
  step: 'one',
  hints: {},
  answers: {},
  passed: {},
  startedAt: 1000,
};
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'labproof-progress-'));
});

test('what was saved is resumed', async () => {
  await saveSession(dir, { ...session, answers: { why: { value: 'because', at: 5 } } });
  expect((await loadSession(dir, 'demo', cloud, 0)).session?.answers).toEqual({ why: { value: 'because', at: 5 } });
});

test('another account has a progress of its own', async () => {
  await saveSession(dir, session);
  expect(await loadSession(dir, 'demo', { ...cloud, account: '999999999999' }, 0)).toEqual({});
});

test('two runs at once keep the answers, hints and passes of both', async () => {
  await saveSession(dir, { ...session, answers: { a: { value: 'mine', at: 5 } }, hints: { one: 3 } });
  await saveSession(dir, {
    ...session,
    answers: { b: { value: 'theirs', at: 6 } },
    hints: { one: 1 },
    passed: { x: { at: 9, evidence: [] } },
  });
  const { session: merged } = await loadSession(dir, 'demo', cloud, 0);
  expect(merged).toMatchObject({
    answers: { a: { value: 'mine' }, b: { value: 'theirs' } },
    hints: { one: 3 },
    passed: { x: { at: 9 } },
  });
});

test('of two answers to one question the newer one stays, whichever run saves last', async () => {
  await saveSession(dir, { ...session, answers: { a: { value: 'new', at: 9 } } });
  await saveSession(dir, { ...session, answers: { a: { value: 'old', at: 5 } } });
  expect((await loadSession(dir, 'demo', cloud, 0)).session?.answers.a?.value).toBe('new');
});

test.each([
  '{"schema":1',
  '[]',
  '{"schema":2}',
  '',
])('a damaged file (%s) is set aside unchanged and named', async (text) => {
  const file = progressFile(dir, 'demo', cloud);
  writeFileSync(file, text);
  const { session: none, setAside } = await loadSession(dir, 'demo', cloud, 77);
  expect(none).toBeUndefined();
  expect(readFileSync(setAside ?? '', 'utf8')).toBe(text);
  await saveSession(dir, session);
  expect((await loadSession(dir, 'demo', cloud, 78)).session).toEqual(session);
});

test('a hostile lab id cannot leave the folder', async () => {
  await saveSession(dir, { ...session, lab: '../../etc/passwd' });
  expect(readdirSync(dir)).toEqual(['.._.._etc_passwd--sandbox-123456789012-us-east-1.json']);
});

test('the lock of a killed run does not stop the next one', async () => {
  const lock = `${progressFile(dir, 'demo', cloud)}.lock`;
  writeFileSync(lock, '');
  const old = new Date(Date.now() - 60_000);
  utimesSync(lock, old, old);
  await saveSession(dir, session);
  expect((await loadSession(dir, 'demo', cloud, 0)).session).toEqual(session);
});
