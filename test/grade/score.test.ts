/** What a look at an account comes to, by the rubric and by hand. */
import { describe, expect, test } from 'vitest';
import type { Verdict } from '../../src/check.ts';
import type { Attempt } from '../../src/grade/attempt.ts';
import type { Facts } from '../../src/grade/facts.ts';
import type { Grade, Override } from '../../src/grade/grade.ts';
import { PLAIN_RUBRIC, type Rubric } from '../../src/grade/rubric.ts';
import { classInfo, gradeOf } from '../../src/grade/score.ts';
import { type Seen, seenOf } from '../../src/grade/seen.ts';
import { learner } from './formats/class.ts';
import { attemptOf, smallLab } from './marking.ts';

const times = { submittedAt: '2026-11-23T10:00:00.000Z', gradedAt: '2026-11-23T10:00:00.000Z' };
const ada = learner('ada', { account: '111122223333', columns: { number: '7', name: 'not this one' } });

function grade(seen: Attempt, rubric: Partial<Rubric> = {}, ...overrides: readonly Omit<Override, 'learner'>[]): Grade {
  const mine = overrides.map((override) => ({ learner: 'ada', ...override }));
  const others = [{ learner: 'bob', points: 1, reason: 'Not for Ada.' }];
  const marking = { lab: smallLab, rubric: { ...PLAIN_RUBRIC, ...rubric }, overrides: [...others, ...mine] };
  return gradeOf(ada, seenOf(seen), marking, times);
}

const day = 24 * 60 * 60_000;
const due = '2026-11-20T23:59:00Z';
const made = (at: number): Facts => ({ logGroup: { createdAt: at } });

describe('points', () => {
  test('are those of the lab, where the rubric has none', () => {
    expect(grade(attemptOf({ routes: 'fail' }))).toMatchObject({
      status: 'graded',
      points: { earned: 40, possible: 60 },
      percent: 66.67,
      passed: true,
      overrides: [],
    });
  });

  test.each<[Verdict, number]>([
    ['pass', 20],
    ['partial', 10],
    ['fail', 0],
    ['blocked', 0],
  ])('of a check that is %s are %i of 20', (verdict, earned) => {
    const { checks = [] } = grade(attemptOf({ routes: verdict }));
    expect(checks[1]).toMatchObject({ id: 'routes', verdict, points: { earned, possible: 20 } });
  });

  test('of the rubric keep the share that was earned', () => {
    const checks = { routes: { points: 7, hidden: false }, ping: { points: 0, hidden: true } };
    expect(grade(attemptOf({ routes: 'partial' }), { checks })).toMatchObject({
      points: { earned: 13.5, possible: 17 },
      checks: [{ hidden: false }, { points: { earned: 3.5, possible: 7 } }, { hidden: true, points: { possible: 0 } }],
    });
  });

  test('reach the pass mark at exactly its percent', () => {
    const checks = {
      vpcs: { points: 60, hidden: false },
      routes: { points: 40, hidden: false },
      ping: { points: 0, hidden: false },
    };
    expect(grade(attemptOf({ routes: 'fail' }), { checks })).toMatchObject({ percent: 60, passed: true });
    expect(grade(attemptOf({ routes: 'fail' }), { checks, pass: 60.01 })).toMatchObject({ passed: false });
  });

  test('the columns of the class say the same', () => {
    const rubric = { ...PLAIN_RUBRIC, checks: { ping: { points: 5, hidden: true } } };
    const { possible, columns } = classInfo({ lab: smallLab, rubric });
    expect(possible).toBe(35);
    expect(columns.map(({ check, hidden }) => [check, hidden])).toEqual([
      ['vpcs', false],
      ['routes', false],
      ['ping', true],
    ]);
  });

  test('findings are told by code, without what is only said by the way', () => {
    const { checks = [] } = grade(attemptOf({ routes: 'fail' }));
    expect(checks.map(({ codes }) => codes)).toEqual([[], ['ROUTES_WRONG'], []]);
  });
});

describe('what could not be told', () => {
  test.each<Verdict>(['unknown', 'waiting'])('a check that is %s makes no zero of it', (verdict) => {
    const told = grade(attemptOf({ routes: verdict, ping: 'fail' }));
    expect(told).toMatchObject({ status: 'unknown', code: 'ROUTES_WRONG' });
    expect(told).not.toHaveProperty('points');
    expect(told).not.toHaveProperty('percent');
    expect(told).toHaveProperty('reason', expect.stringContaining('Title of routes'));
  });

  test('an account that stayed shut is told with its reason', () => {
    expect(grade({ ok: false, code: 'ENTRY_DENIED', reason: 'Shut.' })).toEqual({
      status: 'unknown',
      learner: 'ada',
      ...times,
      code: 'ENTRY_DENIED',
      reason: 'Shut.',
    });
  });

  test('what does not hold every check of the lab makes no zero either', () => {
    const seen = seenOf(attemptOf());
    const marking = { lab: smallLab, rubric: PLAIN_RUBRIC, overrides: [] };
    for (const checks of [[], seen.ok ? seen.checks.slice(1) : []])
      expect(gradeOf(ada, { ...seen, checks } as Seen, marking, times)).toMatchObject({
        status: 'unknown',
        code: 'OTHER_LAB',
      });
  });

  test('is closed by an override of each such check', () => {
    const seen = attemptOf({ routes: 'unknown', ping: 'waiting' });
    const routes = { check: 'routes', points: 15, reason: 'Shown in class.' };
    expect(grade(seen, {}, routes)).toMatchObject({ status: 'unknown', code: 'PING_WRONG' });
    expect(grade(seen, {}, routes, { check: 'ping', points: 30, reason: 'Shown, too.' })).toMatchObject({
      status: 'graded',
      points: { earned: 55, possible: 60 },
    });
  });

  test('is closed by an override of the whole, and so is an account that stayed shut', () => {
    const oral = { points: 42, reason: 'Oral exam.' };
    const shut = grade({ ok: false, code: 'ENTRY_DENIED', reason: 'Shut.' }, {}, oral);
    expect(shut).toMatchObject({ status: 'graded', points: { earned: 42, possible: 60 }, percent: 70, checks: [] });
    expect(shut).not.toHaveProperty('cloud');
    expect(grade(attemptOf({ routes: 'unknown' }), {}, { points: 42, reason: 'Oral exam.' })).toMatchObject({
      status: 'graded',
      points: { earned: 42, possible: 60 },
      percent: 70,
      overrides: [{ learner: 'ada', points: 42, reason: 'Oral exam.' }],
    });
  });
});

test('what was not looked at, as it comes after a check that was set by hand, is a remark', () => {
  const seen = attemptOf({ routes: 'fail', ping: 'blocked' });
  const routes = { check: 'routes', points: 20, reason: 'Shown in class.' };
  const ping = { check: 'ping', points: 30, reason: 'Shown, too.' };
  expect(grade(seen, {}, routes)).toMatchObject({
    points: { earned: 30 },
    remarks: ['"Title of routes" was set by hand, and what comes after it was not looked at: "Title of ping".'],
  });
  expect(grade(seen, {}, routes, ping)).toMatchObject({ points: { earned: 60 }, remarks: [] });
});

describe('lateness', () => {
  const at = Date.parse(due);
  const late = { due, perDay: 10, most: 50 };

  test.each<[string, number, number | undefined, number]>([
    ['at the very moment', at, undefined, 60],
    ['a millisecond later', at + 1, 1, 54],
    ['a whole day later', at + day, 1, 54],
    ['a day and a millisecond later', at + day + 1, 2, 48],
    ['a month later', at + 30 * day, 30, 30],
  ])('%s', (_, finished, days, earned) => {
    const told = grade(attemptOf({}, made(finished)), { late });
    expect(told).toMatchObject({ status: 'graded', points: { earned, possible: 60 } });
    expect('late' in told ? told.late?.days : undefined).toBe(days);
  });

  test('takes no more than there is, and nothing where no time is known', () => {
    const poor = attemptOf({ vpcs: 'fail', routes: 'fail', ping: 'fail' }, made(at + 3 * day));
    expect(grade(poor, { late })).toMatchObject({ points: { earned: 0 }, late: { days: 3, points: 0 } });
    expect(grade(attemptOf({}, {}), { late })).toMatchObject({ points: { earned: 60 } });
  });

  test('counts from the flow log, as AWS makes its log group after it, and not where somebody decided on the whole', () => {
    expect(
      grade(attemptOf({}, { flowLog: { createdAt: at - 1 }, logGroup: { createdAt: at + day } }), { late }),
    ).not.toHaveProperty('late');
    const facts = { flowLog: { createdAt: at + 1 }, logGroup: { createdAt: at - day } };
    expect(grade(attemptOf({}, facts), { late })).toMatchObject({ late: { days: 1, points: 6 } });
    expect(grade(attemptOf({}, facts), { late }, { points: 60, reason: 'Was ill.' })).toMatchObject({
      points: { earned: 60 },
    });
  });
});

describe("what must be a learner's own", () => {
  const own = { vpc1: { cidr: '10.${number}.0.0/16', name: '*${learner}*' } };

  test('says nothing where it is', () => {
    const facts = { vpc1: { cidrs: ['10.9.0.0/16', '10.7.0.0/16'], name: 'vpc-of-ADA' } };
    expect(grade(attemptOf({}, facts), { own })).toMatchObject({ remarks: [] });
  });

  test('is a remark where it is not, and costs no points', () => {
    const facts = { vpc1: { cidrs: ['10.1.0.0/16'] } };
    expect(grade(attemptOf({}, facts), { own })).toMatchObject({
      points: { earned: 60 },
      remarks: [
        'VPC 1: the block should be 10.7.0.0/16, and is 10.1.0.0/16.',
        'VPC 1: the Name tag should be like *ada*, and is not there.',
      ],
    });
  });

  test('is not compared where the roster is empty for this learner', () => {
    const facts = { vpc1: { cidrs: ['10.1.0.0/16'], name: 'ada' } };
    const marking = { lab: smallLab, rubric: { ...PLAIN_RUBRIC, own }, overrides: [] };
    const nobody = learner('ada', { columns: { number: ' ' } });
    expect(gradeOf(nobody, seenOf(attemptOf({}, facts)), marking, times)).toMatchObject({
      remarks: ['VPC 1: the roster has no number for this learner, so it was not compared.'],
    });
  });

  test("takes the learner's own name before a column that is called so", () => {
    const named = { vpc1: { name: '${name}' } };
    expect(grade(attemptOf({}, { vpc1: { name: 'name of ada' } }), { own: named })).toMatchObject({ remarks: [] });
  });
});
