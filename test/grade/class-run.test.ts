/** A run over a class, and what it takes over from the one before it in its folder. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Attempt } from '../../src/grade/attempt.ts';
import { type ClassRun, gradeClass } from '../../src/grade/class-run.ts';
import { PLAIN_RUBRIC } from '../../src/grade/rubric.ts';
import { learner } from './formats/class.ts';
import { attemptOf, smallLab } from './marking.ts';

const SHUT: Attempt = { ok: false, code: 'ENTRY_DENIED', reason: 'Shut.' };
const solved = attemptOf();

/** A folder, and runs into it: each an hour after the one before. */
function folder() {
  const dir = mkdtempSync(join(tmpdir(), 'labproof-class-run-'));
  let time = Date.parse('2026-11-23T09:00:00Z');
  return async (look: (id: string, after: string) => Attempt, more: Partial<ClassRun> = {}, ids = ['ada', 'bob']) => {
    time += 60 * 60_000;
    const said: string[] = [];
    const asked: string[] = [];
    const { grades } = await gradeClass({
      dir,
      roster: { learners: ids.map((id) => learner(id)), columns: [] },
      marking: { lab: smallLab, rubric: PLAIN_RUBRIC, overrides: [] },
      ping: true,
      formats: [],
      environment: {},
      looking: {
        look: async ({ id }, after) => {
          asked.push(`${id} ${after}`);
          return look(id, after);
        },
        concurrency: 1,
        region: 'us-east-1',
      },
      concurrency: 1,
      resume: false,
      again: [],
      left: [],
      tell: (message) => said.push(message),
      show: () => ({ seen: () => {}, end: () => {} }),
      clock: () => time,
      signal: new AbortController().signal,
      ...more,
    });
    return { grades, said, asked, journal: readFileSync(join(dir, 'journal.jsonl'), 'utf8') };
  };
}

const inCloud = (attempt: Attempt, kind: 'aws' | 'sandbox'): Attempt =>
  attempt.ok ? { ...attempt, result: { ...attempt.result, cloud: { ...attempt.result.cloud, kind } } } : attempt;

describe('a run', () => {
  test('asks of a learner who is looked at again what is the case now, whatever waits in a queue', async () => {
    const run = folder();
    await run(() => solved);
    const { asked } = await run(() => solved, { resume: true, again: ['bob'] });
    expect(asked).toEqual(['bob 2026-11-23T11:00:00.000Z']);
  });

  test('says what an account was worth that is shut, or worth less: the best that was seen, however long ago', async () => {
    const run = folder();
    const worth = 'It was worth 60 points when it was looked at on 2026-11-23 10:00:00 UTC.';
    await run(() => solved);
    await run(() => attemptOf({ ping: 'fail' }));
    const { grades } = await run((id) => (id === 'ada' ? SHUT : attemptOf({ ping: 'fail' })));
    expect(grades).toMatchObject([
      { status: 'unknown', reason: `Shut. ${worth}` },
      { points: { earned: 30 }, remarks: [worth] },
    ]);
  });

  test('by another lab does not compare what cannot be compared', async () => {
    const run = folder();
    await run(() => solved);
    const lab = { ...smallLab, digest: 'sha256:another' };
    const marking = { lab, rubric: PLAIN_RUBRIC, overrides: [] };
    const { grades, said } = await run(() => attemptOf({ ping: 'fail' }), { marking });
    expect(grades).toMatchObject([{ remarks: [] }, { remarks: [] }]);
    expect(said).toEqual([expect.stringContaining('Not as it was in the run of 2026-11-23T10:00:00.000Z: the lab.')]);
  });

  test('lets learners go only who are said to have left, and for good', async () => {
    const run = folder();
    await run(() => solved);
    await expect(run(() => solved, {}, ['ada'])).rejects.toMatchObject({ code: 'LEARNERS_GONE' });
    await expect(run(() => solved, { resume: true }, ['ada'])).rejects.toMatchObject({ code: 'LEARNERS_GONE' });
    expect((await run(() => solved, { left: ['bob'] }, ['ada'])).grades).toHaveLength(1);
    expect((await run(() => solved, {}, ['ada'])).grades).toHaveLength(1);
    expect((await run(() => solved)).grades).toHaveLength(2);
  });

  test('tells where some accounts were looked at in AWS, and others in the sandbox', async () => {
    const { said } = await folder()((id) => inCloud(solved, id === 'ada' ? 'sandbox' : 'aws'));
    expect(said).toEqual([expect.stringContaining('others in the sandbox (ada)')]);
  });

  test('does not go on in another cloud than it began in', async () => {
    const run = folder();
    const looking = { look: async () => solved, concurrency: 1, region: 'us-east-1', cloud: 'sandbox' } as const;
    await run(() => solved, { looking });
    await expect(run(() => solved, { looking: { ...looking, cloud: 'aws' }, resume: true })).rejects.toMatchObject({
      code: 'CHANGED',
      message: expect.stringContaining('the cloud (sandbox then, aws now)'),
    });
  });

  test('writes into the books how it was marked only where that changes', async () => {
    const run = folder();
    await run(() => solved);
    const { journal } = await run(() => solved, { resume: true });
    expect(journal.match(/"marked"/g)).toHaveLength(1);
  });
});
