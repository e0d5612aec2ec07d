/** Who is looked at when, how often, and what stops it. */
import { describe, expect, test } from 'vitest';
import type { Attempt } from '../../src/grade/attempt.ts';
import type { Grade } from '../../src/grade/grade.ts';
import type { Learner } from '../../src/grade/learner.ts';
import { PLAIN_RUBRIC } from '../../src/grade/rubric.ts';
import { type Grading, gradeAll } from '../../src/grade/run.ts';
import { learner } from './formats/class.ts';
import { attemptOf, smallLab } from './marking.ts';

const shut: Attempt = { ok: false, code: 'SHUT', reason: 'Shut.' };

function classOf(look: Grading['look'], more: Partial<Grading> = {}) {
  const kept: string[] = [];
  let time = Date.parse('2026-11-23T10:00:00Z');
  const grading: Grading = {
    lab: smallLab,
    rubric: PLAIN_RUBRIC,
    overrides: [],
    learners: ['ada', 'bob', 'cyd', 'dan'].map((id) => learner(id)),
    look,
    concurrency: 2,
    before: new Map(),
    submittedAt: new Map(),
    keep: async (one, grade) => void kept.push(`${one.id} ${grade.status}`),
    seen: () => {},
    clock: () => {
      time += 1000;
      return time;
    },
    signal: new AbortController().signal,
    ...more,
  };
  return { kept, grades: () => gradeAll(grading) };
}

const told = attemptOf({ vpcs: 'pass' });

describe('a run', () => {
  test('gives the grades in the order of the roster, whoever comes first', async () => {
    const slow = Promise.withResolvers<Attempt>();
    const { grades, kept } = classOf(async ({ id }) => {
      if (id === 'dan') slow.resolve(told);
      return id === 'ada' ? slow.promise : told;
    });
    expect([...(await grades()).keys()]).toEqual(['ada', 'bob', 'cyd', 'dan']);
    expect(kept[0]).toBe('bob graded');
  });

  test('looks at no more accounts at a time than it is told', async () => {
    let [now, most] = [0, 0];
    const { grades } = classOf(async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return told;
    });
    await grades();
    expect(most).toBe(2);
  });

  test('tries once more who could not be told, after everybody else, and handed in is when first looked at', async () => {
    const looks: string[] = [];
    const { grades, kept } = classOf(async ({ id }) => {
      looks.push(id);
      return id === 'ada' && looks.filter((each) => each === 'ada').length === 1 ? shut : told;
    });
    const ada = (await grades()).get('ada');
    expect(looks).toEqual(['ada', 'bob', 'cyd', 'dan', 'ada']);
    expect(kept.filter((each) => each.startsWith('ada'))).toEqual(['ada unknown', 'ada graded']);
    expect(ada?.status).toBe('graded');
    expect(Date.parse(ada?.submittedAt ?? '')).toBeLessThan(Date.parse(ada?.gradedAt ?? ''));
  });

  test('that is resumed looks only at who is missing or could not be told', async () => {
    const times = { submittedAt: '2026-11-22T10:00:00.000Z', gradedAt: '2026-11-22T10:00:00.000Z' };
    const unknown: Grade = { status: 'unknown', learner: 'bob', ...times, code: 'SHUT', reason: 'Shut.' };
    const looks: string[] = [];
    const first = await classOf(async () => told, { learners: [learner('ada')] }).grades();
    const { grades } = classOf(
      async ({ id }) => {
        looks.push(id);
        return told;
      },
      { before: new Map([...first, ['bob', unknown]]), submittedAt: new Map([['bob', times.submittedAt]]) },
    );
    const bob = (await grades()).get('bob');
    expect(looks).toEqual(['cyd', 'dan', 'bob']);
    expect(bob).toMatchObject({ status: 'graded', submittedAt: times.submittedAt });
    expect(bob?.gradedAt).not.toBe(times.gradedAt);
  });

  test('ends where a grade cannot be kept, after those that were begun', async () => {
    const begun: string[] = [];
    const ended: string[] = [];
    const { grades } = classOf(
      async ({ id }) => {
        begun.push(id);
        return told;
      },
      {
        async keep({ id }: Learner) {
          if (id === 'ada') throw new Error('the disk is full');
          await new Promise((resolve) => setImmediate(resolve));
          ended.push(id);
        },
      },
    );
    await expect(grades()).rejects.toThrow('the disk is full');
    expect(begun).toEqual(['ada', 'bob']);
    expect(ended).toEqual(['bob']);
  });

  test('that is stopped looks at nobody else', async () => {
    const stop = new AbortController();
    const begun: string[] = [];
    const { grades, kept } = classOf(
      async ({ id }) => {
        begun.push(id);
        stop.abort();
        return told;
      },
      { signal: stop.signal },
    );
    await expect(grades()).rejects.toThrow();
    expect(begun).toEqual(['ada']);
    expect(kept).toEqual(['ada graded']);
  });
});
