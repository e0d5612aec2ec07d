import { describe, expect, test } from 'vitest';
import { feedback } from '../../../src/grade/formats/feedback.ts';
import type { ClassInfo } from '../../../src/grade/grade.ts';
import { ALL_PASS, byHand, checks, graded, HOSTILE, heldUp, info, learner, resultOf, ungraded } from './class.ts';

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

  test('are not named by what comes after them', () => {
    const row = graded('ada', ['pass', 'pass', 'blocked', 'fail']);
    const told = feedback(info, row, heldUp(resultOf(row), 'Comes after "Title of secret".'));
    expect(told).toContain('Comes after a hidden check.');
    expect(told.toLowerCase()).not.toContain('secret');
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

test('who was graded by hand without a look at the account has the points and their reason', () => {
  const told = feedback(info, byHand('eve', 75));
  expect(told).toContain('**75 of 100 points (75 %)**: this reaches the pass mark of 60 %.');
  expect(told).toContain('Checks: none, as your account could not be looked at.');
  expect(told).toContain('The whole grade was set to 75 points by hand: Shown in class');
  expect(told).toContain('| Account | `444455556666` |');
  expect(told).not.toMatch(/^##|0 of|failed/m);
});

describe('who could not be graded', () => {
  test('is told that it is no zero', () => {
    const told = feedback(info, ungraded('bob'));
    expect(told).toContain('could not be graded. It is not a zero:');
    expect(told).not.toMatch(/\d of \d+ points/);
  });

  test('hears of the role that nobody may assume what to compare in it, and no secret', () => {
    const roleArn = 'arn:aws:iam::444455556666:role/labproof-grader';
    const row = ungraded('bob', {
      code: 'ENTRY_DENIED',
      reason: `${roleArn} cannot be assumed. Is it there, does it trust your account?`,
    });
    const entry = { kind: 'role' as const, roleArn, externalId: 'between-us' };
    const told = feedback(info, { ...row, learner: learner('bob', { entry }) });
    expect(told).toContain(`\`${roleArn}\`, could not be assumed (\`ENTRY_DENIED\`).`);
    for (const place of ['`Principal`', '`TrustedPrincipal`', '`sts:ExternalId`', '`ExternalId`'])
      expect(told).toContain(place);
    // To the learner the account is their own, and the one to be trusted the instructor's.
    expect(told).not.toMatch(/between-us|trust your account/);
  });

  test.each([
    ['SANDBOX_SNAPSHOT', 'bob.json is of the sandbox.', 'take one of the AWS account in which you did the lab'],
    ['BAD_SNAPSHOT', 'bob.json:3:5: This snapshot is damaged.', 'take a new one with `labproof snapshot`'],
    ['OTHER_ACCOUNT', 'The roster says account 1, and its entry leads to account 2.', 'which of the two accounts'],
  ])('hears the reason %s and what to do', (code, reason, cure) => {
    const told = feedback(info, ungraded('bob', { code, reason }));
    expect(told).toContain(`Why: ${reason} (\`${code}\`)`);
    expect(told).toContain(cure);
  });

  test.each([
    'CREDENTIALS',
    'DENIED',
    'THROTTLED',
    'UNREACHABLE',
    'TIMEOUT',
    'UNSUPPORTED',
    'ERROR',
    'UNEXPECTED',
    'WORKER_LOST',
    'OTHER_VERSION',
    'OTHER_LAB',
    'constructor',
  ])('hears nothing of the instructor’s own trouble: %s', (code) => {
    const reason = 'AWS does not accept the credentials of /home/prof/.aws: choose another --profile.';
    const told = feedback(info, ungraded('bob', { code, reason }));
    expect(told).toContain(
      'for a reason that is not yours. There is nothing for you to do: your instructor tries again',
    );
    expect(told).not.toMatch(new RegExp(`credentials|profile|/home|What to do|${code}`));
  });

  test('nor of trouble that came while their checks were running', () => {
    const told = checks(['pass', 'unknown', 'unknown', 'pass']).map((check) =>
      check.verdict === 'unknown' ? { ...check, codes: ['CREDENTIALS'] } : check,
    );
    const row = ungraded('bob', {
      code: 'CREDENTIALS',
      reason: 'Sign in again, or choose another --profile',
      checks: told,
    });
    for (const result of [undefined, resultOf(row, 'choose another --profile')]) {
      const markdown = feedback(info, row, result);
      expect(markdown).toContain('### Title of vpcs\n\nPassed, 20 of 20 points.');
      expect(markdown).toContain(
        '### Title of routes\n\nCould not be told, – of 20 points.\n\nThat is for a reason that is not yours.',
      );
      expect(markdown).not.toMatch(/profile|CREDENTIALS/);
    }
  });

  test('hears the reason of a check that their own account keeps open', () => {
    const row = ungraded('bob', {
      code: 'NOT_PERMITTED',
      reason: 'Allow ec2:DescribeVpcs',
      checks: checks(['unknown', 'pass', 'pass', 'pass']),
    });
    expect(feedback(info, row)).toContain('Why: Allow ec2:DescribeVpcs (`NOT_PERMITTED`)');
  });
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
    ...['BAD_SNAPSHOT', 'ENTRY_DENIED', text].map((code) =>
      feedback(named, {
        ...ungraded('bob', { code, reason: text }),
        learner: learner('bob', { name: text, account: text, entry: { kind: 'role', roleArn: text } }),
      }),
    ),
  ];
  for (const markdown of told) {
    expect(markdown).not.toMatch(/(?![\n\t])[\p{Cc}\p{Bidi_Control}]/u);
    // CommonMark 4.5: from a bar of backticks to the next that is as long.
    const prose = markdown.replace(/^(`{3,})[^\n]*\n(?:.*\n)*?\1$/gm, '').replace(/`[^`\n]*`/g, 'code');
    expect(prose).not.toMatch(/<|(?<!\\)[[\]]|(?<!\\):\/\/|^`{3}/m);
    expect(prose.match(/^# /gm)).toHaveLength(1);
  }
});
