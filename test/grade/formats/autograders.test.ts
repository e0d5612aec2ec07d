/** Gradescope and Classroom 50, by their own documentation's lists of fields. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { classroom50 } from '../../../src/grade/formats/classroom50.ts';
import { gradescope } from '../../../src/grade/formats/gradescope.ts';
import type { ClassInfo, Graded, Row } from '../../../src/grade/grade.ts';
import { rounded } from '../../../src/lib/points.ts';
import type { Points } from '../../../src/run/result.ts';
import {
  ALL_PASS,
  byHand,
  graded,
  HOSTILE,
  heldUp,
  info,
  learner,
  resultOf,
  ungraded,
  type Verdicts,
} from './class.ts';

/** gradescope-autograders.readthedocs.io, "Autograder Specifications", Output format. */
const visibility = z.enum(['hidden', 'after_due_date', 'after_published', 'visible']);
const format = z.enum(['text', 'html', 'simple_format', 'md', 'ansi']);
const gradescopeResults = z.strictObject({
  score: z.number(),
  execution_time: z.number().optional(),
  output: z.string().optional(),
  output_format: format.optional(),
  test_output_format: format.optional(),
  test_name_format: format.optional(),
  visibility: visibility.optional(),
  stdout_visibility: visibility.optional(),
  extra_data: z.record(z.string(), z.unknown()).optional(),
  tests: z.array(
    z.strictObject({
      score: z.number().optional(),
      max_score: z.number().optional(),
      status: z.enum(['passed', 'failed']).optional(),
      name: z.string().min(1),
      name_format: format.optional(),
      number: z.string().regex(/^\d+(\.\d+)*$/),
      output: z.string().optional(),
      output_format: format.optional(),
      tags: z.array(z.string()).optional(),
      visibility: visibility.optional(),
      extra_data: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
});

/** foundation50/classroom50, wiki "Advanced Autograding", and what its `collect_scores.py` refuses. */
const count = z.int().min(0);
const classroom50Result = z.looseObject({
  schema: z.literal('classroom50/result/v1'),
  classroom: z.string().min(1),
  assignment: z.string().min(1),
  submission: z.string().startsWith('submit/'),
  commit: z.url(),
  release: z.url(),
  review: z.url(),
  datetime: z.iso.datetime({ precision: 0 }),
  graded_at: z.iso.datetime({ precision: 0 }),
  score: count,
  'max-score': count,
  tests: z.array(
    z
      .looseObject({ 'test-name': z.string().min(1), passed: z.boolean(), score: count, 'max-score': count })
      .refine((each) => each.score <= each['max-score']),
  ),
});

const ENVIRONMENT = {
  CLASSROOM: 'cs',
  ASSIGNMENT: 'flow-logs',
  SUBMISSION_TAG: 'submit/2026-06-01T14-32-05Z-a1b2c3d',
  COMMIT_URL: 'https://github.example/o/r/commit/1',
  RELEASE_URL: 'https://github.example/o/r/releases/1',
  REVIEW_URL: 'https://github.example/o/r/compare/0...1',
};

const forGradescope = (row: Row, of: ClassInfo = info, text?: string) =>
  gradescopeResults.parse(JSON.parse(gradescope(of, row, resultOf(row, text)) ?? ''));
const forClassroom = (row: Row, of: ClassInfo = info) =>
  classroom50Result.parse(JSON.parse(classroom50(of, row, ENVIRONMENT) ?? ''));

/** Of a lab with so many checks. */
function forPoints(each: readonly Points[]) {
  const columns = each.map(({ possible }, index) => ({
    check: `check-${index}`,
    title: `Check ${index}`,
    step: 'only',
    stepTitle: 'Only step',
    possible,
    hidden: false,
  }));
  const checks = columns.map(({ check, hidden }, index) => ({
    id: check,
    verdict: 'partial' as const,
    points: each[index] ?? { earned: 0, possible: 0 },
    hidden,
    codes: [],
  }));
  const total = (of: keyof Points) => rounded(each.reduce((all, points) => all + points[of], 0));
  const points = { earned: total('earned'), possible: total('possible') };
  return forClassroom(graded('ada', ALL_PASS, { checks, points }), { ...info, columns, possible: points.possible });
}

const sum = (scores: readonly (number | undefined)[]) => scores.reduce<number>((all, score) => all + (score ?? 0), 0);

describe('Gradescope', () => {
  test('shows each check with its points, in the lab’s order', () => {
    const { score, tests, execution_time } = forGradescope(graded('ada', ['pass', 'fail', 'partial', 'pass']));
    expect(score).toBe(45);
    expect(execution_time).toBe(2.5);
    expect(tests.slice(0, 3).map((each) => [each.number, each.name, each.status, each.score, each.max_score])).toEqual([
      ['1.1', 'Title of vpcs', 'passed', 20, 20],
      ['1.2', 'Title of routes', 'failed', 0, 20],
      ['2.1', 'Title of ping', 'failed', 5, 40],
    ]);
    expect(tests[1]?.output).toContain('expected: expected No route leads there.');
    expect(tests[1]?.extra_data).toMatchObject({ check: 'routes', verdict: 'fail', codes: ['ROUTES_FAIL'] });
  });

  test('the tests make the score, where nothing else counts', () => {
    const { score, tests } = forGradescope(graded('ada', ['pass', 'partial', 'fail', 'pass']));
    expect(sum(tests.map((each) => each.score))).toBe(score);
  });

  test('what was blocked or could not be told is failed there, and says what it is', () => {
    const { tests } = forGradescope(graded('ada', ['fail', 'blocked', 'unknown', 'pass']));
    expect(tests[1]).toMatchObject({ status: 'failed', extra_data: { verdict: 'blocked' } });
    expect(tests[1]?.output).toContain('Not looked at');
    expect(tests[2]).toMatchObject({ status: 'failed', extra_data: { verdict: 'unknown' } });
    expect(tests[2]?.output).toContain('Could not be told');
  });

  test('a visible test does not name a hidden check that it comes after', () => {
    const row = graded('ada', ['pass', 'pass', 'blocked', 'fail']);
    const { tests } = JSON.parse(gradescope(info, row, heldUp(resultOf(row), 'Comes after "Title of secret".')) ?? '');
    const visible = tests.filter((each: { visibility: string }) => each.visibility === 'visible');
    expect(JSON.stringify(visible)).toContain('Comes after a hidden check.');
    expect(JSON.stringify(visible)).not.toMatch(/secret/i);
  });

  test('hidden checks count together, once published, and are told to instructors alone', () => {
    const { tests } = forGradescope(graded('ada', ['pass', 'pass', 'pass', 'fail']));
    expect(tests.filter((each) => each.visibility === 'after_published')).toMatchObject([
      { name: '1 hidden check', score: 0, max_score: 20, status: 'failed', output: 'Run at grading only.' },
    ]);
    const secret = tests.filter((each) => JSON.stringify(each).includes('ecret'));
    expect(secret).toMatchObject([{ visibility: 'hidden', name: 'Title of secret' }]);
    // A hidden test with points would hide the whole score from the learner for ever.
    expect(secret[0]).not.toHaveProperty('score');
  });

  test('lateness and the whole set by hand stand in the output', () => {
    const { score, output } = forGradescope(
      graded('ada', ALL_PASS, {
        points: { earned: 75, possible: 100 },
        late: { finishedAt: '2026-11-23T10:00:00Z', days: 2, points: 20 },
        overrides: [{ learner: 'ada', points: 75, reason: 'A sick note' }],
      }),
    );
    expect(score).toBe(75);
    expect(output).toContain('Late by 2 days: 20 points are taken off.');
    expect(output).toContain('set to 75 points by hand: A sick note');
  });

  test('who was graded by hand without a look at the account has the score and its reason, and no test', () => {
    const { score, tests, output, extra_data } = forGradescope(byHand('eve', 75));
    expect([score, tests]).toEqual([75, []]);
    expect(output).toBe(
      '75 of 100 points (75 %). This reaches the pass mark of 60 %.\nThe whole grade was set to 75 points by hand: Shown in class',
    );
    expect(extra_data).toMatchObject({ account: '444455556666' });
  });

  test('who could not be graded has no document, as it would be a zero there', () => {
    expect(gradescope(info, ungraded('bob'))).toBeUndefined();
  });
});

describe('Classroom 50', () => {
  test('has the score, the tests and where it belongs', () => {
    const result = forClassroom(graded('ada', ['pass', 'fail', 'partial', 'pass']));
    expect(result).toMatchObject({
      classroom: 'cs',
      datetime: '2026-11-23T10:00:00Z',
      graded_at: '2026-11-24T10:00:00Z',
    });
    expect(result).toMatchObject({ score: 45, 'max-score': 100 });
    expect(result.tests[0]).toMatchObject({ 'test-name': 'Title of vpcs', passed: true, score: 20, 'max-score': 20 });
  });

  test('a roster’s own columns come before the environment, and what nobody knows is left out', () => {
    const row = { ...graded('ada', ALL_PASS), learner: learner('ada', { columns: { commit: 'https://x.example/2' } }) };
    expect(forClassroom(row).commit).toBe('https://x.example/2');
    expect(JSON.parse(classroom50(info, row) ?? '')).not.toHaveProperty('classroom');
  });

  test('points are whole there, make their sum, and stand exactly beside it', () => {
    const { tests, score } = forPoints(Array(4).fill({ earned: 2.5, possible: 2.5 }));
    expect(score).toBe(10);
    expect(sum(tests.map((each) => each.score))).toBe(10);
    expect(sum(tests.map((each) => each['max-score']))).toBe(10);
    expect(tests.map((each) => each.points)).toEqual(Array(4).fill({ earned: 2.5, possible: 2.5 }));
  });

  test.each([
    [
      'the test that lost the most has the point that is left',
      [
        [0.3, 2],
        [1.4, 2],
        [0.2, 2],
      ],
      [
        [0, 2],
        [2, 2],
        [0, 2],
      ],
    ],
    [
      'the first has it, where some lost the same',
      [
        [0, 2],
        [0.5, 2],
        [0.5, 2],
      ],
      [
        [0, 2],
        [1, 2],
        [0, 2],
      ],
    ],
    [
      'a test that is full leaves it to the next',
      [
        [0.5, 0.5],
        [1.5, 1.5],
      ],
      [
        [1, 1],
        [1, 1],
      ],
    ],
    [
      'the sum is kept, though only another has room',
      [
        [0, 0.5],
        [1.5, 1.5],
      ],
      [
        [1, 1],
        [1, 1],
      ],
    ],
    [
      'one test may have two of them',
      [
        [0.4, 0.4],
        [0.9, 1.2],
        [0.4, 0.4],
      ],
      [
        [0, 0],
        [2, 2],
        [0, 0],
      ],
    ],
  ])('%s', (_, exact, whole) => {
    const { tests } = forPoints(exact.map(([earned = 0, possible = 0]) => ({ earned, possible })));
    expect(tests.map((each) => [each.score, each['max-score']])).toEqual(whole);
  });

  test('whatever was earned, the tests make its rounded sum, each within its maximum, and those the possible', () => {
    const check = fc
      .tuple(fc.integer({ min: 0, max: 4000 }), fc.integer({ min: 0, max: 4000 }))
      .map(([one, other]) => ({ earned: Math.min(one, other) / 100, possible: Math.max(one, other) / 100 }));
    fc.assert(
      fc.property(fc.array(check, { maxLength: 30 }), (points) => {
        const { tests, score, ...document } = forPoints(points);
        const hundredths = (of: 'earned' | 'possible') => sum(points.map((each) => Math.round(each[of] * 100)));
        expect(sum(tests.map((each) => each.score))).toBe(Math.round(hundredths('earned') / 100));
        expect(sum(tests.map((each) => each.score))).toBe(score);
        expect(sum(tests.map((each) => each['max-score']))).toBe(Math.round(hundredths('possible') / 100));
        expect(sum(tests.map((each) => each['max-score']))).toBe(document['max-score']);
        for (const each of tests) expect(each.score).toBeLessThanOrEqual(each['max-score']);
      }),
    );
  });

  test('whole points stay as they are', () => {
    const check = fc
      .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }))
      .map(([one, other]) => ({ earned: Math.min(one, other), possible: Math.max(one, other) }));
    fc.assert(
      fc.property(fc.array(check, { maxLength: 30 }), (points) => {
        const { tests } = forPoints(points);
        expect(tests.map((each) => ({ earned: each.score, possible: each['max-score'] }))).toEqual(points);
      }),
    );
  });

  test('who was graded by hand without a look at the account has the score, and one test that says why', () => {
    const { score, tests, ...document } = forClassroom(byHand('eve', 75));
    expect([score, document['max-score']]).toEqual([75, 100]);
    expect(tests).toEqual([
      { 'test-name': 'Set to 75 points by hand: Shown in class', passed: true, score: 0, 'max-score': 0 },
    ]);
  });

  test('halves are rounded up', () => {
    const row = graded('ada', ['partial', 'fail', 'fail', 'fail']);
    expect((row.grade as Graded).points.earned).toBe(2.5);
    expect(forClassroom(row)).toMatchObject({ score: 3, tests: [{ score: 3, points: { earned: 2.5 } }, {}, {}, {}] });
  });

  test('the learner reads it: hidden checks are one test', () => {
    const text = classroom50(info, graded('ada', ['pass', 'pass', 'pass', 'fail']), ENVIRONMENT) ?? '';
    expect(text).not.toContain('ecret');
    expect(forClassroom(graded('ada', ['pass', 'pass', 'pass', 'fail'])).tests.at(-1)).toMatchObject({
      'test-name': '1 hidden check',
      passed: false,
      score: 0,
      'max-score': 20,
    });
  });

  test('a score that is not the tests’ sum says why', () => {
    const late = { finishedAt: '2026-11-23T10:00:00Z', days: 1, points: 10 };
    const { tests, score } = forClassroom(graded('ada', ALL_PASS, { late, points: { earned: 90, possible: 100 } }));
    expect(score).toBe(90);
    expect(tests.at(-1)).toMatchObject({ 'test-name': 'Late by 1 day: 10 points off', 'max-score': 0 });
  });

  test('who could not be graded has no document, as it would be a zero there', () => {
    expect(classroom50(info, ungraded('bob'), ENVIRONMENT)).toBeUndefined();
  });
});

test.each(HOSTILE)('words of others stay words: %j', (text) => {
  const named: ClassInfo = { ...info, columns: info.columns.map((column) => ({ ...column, title: text })) };
  const verdicts: Verdicts = ['fail', 'partial', 'blocked', 'fail'];
  const row = {
    ...graded('ada', verdicts, { overrides: [{ learner: 'ada', points: 3, reason: text }] }),
    learner: learner('ada', { name: text, columns: { classroom: text } }),
  };
  for (const { output, name } of forGradescope(row, named, text).tests)
    for (const shown of [output ?? '', name]) expect(shown).not.toMatch(/(?![\n\t])[\p{Cc}\p{Bidi_Control}]/u);
  expect(JSON.stringify(forClassroom(row, named))).not.toMatch(/\\u00|[\u007f-\u009f\u202e]/);
});
