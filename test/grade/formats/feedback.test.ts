import { describe, expect, test } from 'vitest';
import { feedback } from '../../../src/grade/formats/feedback.ts';
import type { ClassInfo } from '../../../src/grade/grade.ts';
import { ALL_PASS, checks, graded, HOSTILE, info, learner, resultOf, ungraded } from './class.ts';

describe('what a learner is told', () => {
  const row = graded('ada', ['pass', 'fail', 'partial', 'pass']);
  const told = feedback(info, row, resultOf(row));

  test('points, pass mark and every step', () => {
    expect(told).toContain('# A small lab');
    expect(told).toContain('Name of ada (`ada`)');
    expect(told).toContain('**45 of 100 points (45 %)**: this does not reach the pass mark of 60 %.');
    expect(told).toContain('## Set up networks\n\n20 of 40 points.');
    expect(told).toContain('### Title of vpcs\n\nPassed, 20 of 20 points.');
    expect(told).toContain('### Title of ping\n\nPassed in part, 5 of 40 points.');
  });

  test('each finding with what was expected, what is there and its fix', () => {
    expect(told).toContain('`ROUTES_FAIL` (error): routes: No route leads there.');
    expect(told).toContain('Expected: expected No route leads there.');
    expect(told).toContain('Found: actual No route leads there.');
    expect(told).toContain('In the console: console No route leads there.');
    expect(told).toContain('AWS documentation: `https://docs.aws.example/x`');
    expect(told).toContain('```sh\naws ec2 create-route No route leads there.\n```');
  });

  test('without the full result, the codes', () => {
    expect(feedback(info, row)).toContain('### Title of routes\n\nFailed, 0 of 20 points.\n\nFound: `ROUTES_FAIL`');
  });
});

describe('hidden checks', () => {
  test('are only counted, with their points', () => {
    const row = graded('ada', ['pass', 'pass', 'pass', 'fail']);
    const told = feedback(info, row, resultOf(row));
    expect(told).toContain(
      'Checks: 3 of 3 passed, 80 of 80 points. Beside these, grading runs 1 hidden check: 0 of 20 points.',
    );
    expect(told).toContain('**80 of 100 points (80 %)**');
    expect(told.toLowerCase()).not.toMatch(/secret|all passed|every check/);
  });

  test('decided by hand, they are not named', () => {
    const row = graded('ada', ALL_PASS, {
      overrides: [{ learner: 'ada', check: 'secret', points: 20, reason: 'Seen' }],
    });
    expect(feedback(info, row, resultOf(row))).toContain('A hidden check was set to 20 points by hand: Seen');
    expect(feedback(info, row, resultOf(row))).not.toContain('ecret');
  });

  test('that could not be told do not say what they are about', () => {
    const row = ungraded('bob', {
      code: 'SECRET_UNKNOWN',
      reason: '"Title of secret" could not be told: no',
      checks: checks(['pass', 'pass', 'pass', 'unknown']),
    });
    const told = feedback(info, row, resultOf(row));
    expect(told.toLowerCase()).not.toContain('secret');
    expect(told).toContain('some checks could not be told');
  });
});

test('lateness and what was decided by hand are told with their reasons', () => {
  const row = graded('ada', ALL_PASS, {
    late: { finishedAt: '2026-11-23T10:00:00Z', days: 1, points: 10 },
    overrides: [
      { learner: 'ada', check: 'ping', points: 40, reason: 'Seen in class' },
      { learner: 'ada', points: 90, reason: 'A sick note' },
    ],
    points: { earned: 90, possible: 100 },
  });
  const told = feedback(info, row);
  expect(told).toContain(
    'Late: finished 2026-11-23 10:00:00 UTC, 1 day after the due time. 10 points are taken off for it.',
  );
  expect(told).toContain('The check “Title of ping” was set to 40 points by hand: Seen in class');
  expect(told).toContain('The whole grade was set to 90 points by hand: A sick note');
  expect(told).toContain('Passed, 40 of 40 points (set by hand).');
});

test('remarks are for the instructor', () => {
  expect(feedback(info, graded('ada', ALL_PASS, { remarks: ['Shares the account with bob.'] }))).not.toContain('bob');
});

test('who could not be graded is told that it is no zero, why, and what to do', () => {
  const told = feedback(info, ungraded('bob'));
  expect(told).toContain('could not be graded. It is not a zero:');
  expect(told).toContain('Why: The role may not be assumed. (`ACCESS_DENIED`)');
  expect(told).toContain('What to do:');
  expect(told).not.toMatch(/\d of \d+ points/);
});

test.each(HOSTILE)('words of others stay words: %j', (text) => {
  const named: ClassInfo = {
    ...info,
    lab: { ...info.lab, title: text },
    columns: info.columns.map((column) => ({ ...column, title: text, stepTitle: text })),
  };
  const bad = graded('ada', ['fail', 'partial', 'blocked', 'fail'], {
    overrides: [{ learner: 'ada', check: 'vpcs', points: 1, reason: text }],
    cloud: { kind: 'snapshot', account: text, region: text },
  });
  const told = [
    feedback(named, { ...bad, learner: learner('ada', { name: text }) }, resultOf(bad, text)),
    feedback(named, { ...ungraded('bob', { reason: text }), learner: learner('bob', { name: text, account: text }) }),
  ];
  for (const markdown of told) {
    expect(markdown).not.toMatch(/(?![\n\t])[\p{Cc}\p{Bidi_Control}]/u);
    // CommonMark 4.5: from a bar of backticks to the next that is as long.
    const prose = markdown.replace(/^(`{3,})[^\n]*\n(?:.*\n)*?\1$/gm, '').replace(/`[^`\n]*`/g, 'code');
    expect(prose).not.toMatch(/<|(?<!\\)[[\]]|(?<!\\):\/\/|^`{3}/m);
    expect(prose.match(/^# /gm)).toHaveLength(1);
  }
});
