/** Who is looked at when, how often, and what stops it. */
import { describe, expect, test } from 'vitest';
import type { Attempt } from '../../src/grade/attempt.ts';
import { gradeAll, type Looks } from '../../src/grade/looks.ts';
import { PLAIN_RUBRIC } from '../../src/grade/rubric.ts';
import { gradeOf } from '../../src/grade/score.ts';
import { seenOf } from '../../src/grade/seen.ts';
import { learner } from './formats/class.ts';
import { attemptOf, smallLab } from './marking.ts';

const shut = { ok: false, code: 'SHUT', reason: 'Shut.' } as const;

const plain = { lab: smallLab, rubric: PLAIN_RUBRIC, overrides: [] };

function classOf(look: Looks['look'], more: Partial<Looks> = {}) {
  const kept: string[] = [];
  let time = Date.parse('2026-11-23T10:00:00Z');
  const looks: Looks = {
    learners: ['ada', 'bob', 'cyd', 'dan'].map((id) => learner(id)),
    look,
    concurrency: 2,
    before: new Map(),
    grade: (one, { seen, at }) => gradeOf(one, seen, plain, { submittedAt: at, gradedAt: at }),
    keep: async (one, { seen }) => void kept.push(`${one.id} ${seen.ok ? 'seen' : 'shut'}`),
    seen: () => {},
    clock: () => {
      time += 1000;
      return time;
    },
    signal: new AbortController().signal,
    ...more,
  };
  return { kept, grades: () => gradeAll(looks) };
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
    expect(kept[0]).toBe('bob seen');
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

  test('tries once more who could not be told, after everybody else, and says how it went', async () => {
    const looks: string[] = [];
    const { grades, kept } = classOf(async ({ id }) => {
      looks.push(id);
      return id === 'ada' && looks.filter((each) => each === 'ada').length === 1 ? shut : told;
    });
    const ada = (await grades()).get('ada');
    expect(looks).toEqual(['ada', 'bob', 'cyd', 'dan', 'ada']);
    expect(kept.filter((each) => each.startsWith('ada'))).toEqual(['ada shut', 'ada seen']);
    expect(ada?.status).toBe('graded');
  });

  test('that is resumed looks only at who is missing or could not be told', async () => {
    const at = '2026-11-22T10:00:00.000Z';
    const looks: string[] = [];
    const { grades } = classOf(
      async ({ id }) => {
        looks.push(id);
        return told;
      },
      {
        before: new Map([
          ['ada', gradeOf(learner('ada'), seenOf(told), plain, { submittedAt: at, gradedAt: at })],
          ['bob', gradeOf(learner('bob'), shut, plain, { submittedAt: at, gradedAt: at })],
        ]),
      },
    );
    const all = await grades();
    expect(looks).toEqual(['cyd', 'dan', 'bob']);
    expect(all.get('ada')?.gradedAt).toBe(at);
    expect(all.get('bob')?.gradedAt).not.toBe(at);
  });

  test('does not look again at an account that stayed shut, and whose grade was decided by hand', async () => {
    const looks: string[] = [];
    const marking = {
      lab: smallLab,
      rubric: PLAIN_RUBRIC,
      overrides: [{ learner: 'ada', points: 42, reason: 'Oral exam.' }],
    };
    const { grades } = classOf(
      async ({ id }) => {
        looks.push(id);
        return shut;
      },
      {
        learners: [learner('ada'), learner('bob')],
        grade: (one, { seen, at }) => gradeOf(one, seen, marking, { submittedAt: at, gradedAt: at }),
      },
    );
    expect([...(await grades()).values()].map(({ status }) => status)).toEqual(['graded', 'unknown']);
    expect(looks).toEqual(['ada', 'bob', 'bob']);
  });

  test('ends at once where a grade cannot be kept: what was begun is given up', async () => {
    const begun: string[] = [];
    const given: unknown[] = [];
    const { grades } = classOf(
      async ({ id }, signal) => {
        begun.push(id);
        if (id === 'ada') return told;
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            given.push(id);
            reject(signal.reason);
          });
        });
      },
      { keep: () => Promise.reject(new Error('the disk is full')) },
    );
    await expect(grades()).rejects.toThrow('the disk is full');
    expect(begun).toEqual(['ada', 'bob']);
    expect(given).toEqual(['bob']);
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
    expect(kept).toEqual(['ada seen']);
  });
});
