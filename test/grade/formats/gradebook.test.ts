/** gradebook.csv, read back by other programs than the one that wrote it. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { gradebook } from '../../../src/grade/formats/gradebook.ts';
import type { Row } from '../../../src/grade/grade.ts';
import { ALL_PASS, byHand, checks, graded, HOSTILE, info, learner, ungraded } from './class.ts';

type Line = Readonly<Record<string, string>>;

function written(rows: readonly Row[], columns: readonly string[] = []): string {
  return [...gradebook(info, columns, rows)].join('');
}

function read(rows: readonly Row[], columns: readonly string[] = []): readonly Line[] {
  return parse<Line>(written(rows, columns), { columns: true });
}

test('the header begins as promised, then a column a check, then the roster’s own', () => {
  const [header] = parse(written([], ['section', 'email']));
  expect(header).toEqual([
    ...['learner', 'name', 'account', 'status', 'points', 'possible', 'percent', 'passed'],
    ...['vpcs', 'routes', 'ping', 'secret'],
    ...['late_days', 'overrides', 'remarks'],
    ...['section', 'email'],
  ]);
});

test('a graded learner has points, a column a check, and what was decided by hand', () => {
  const row = graded('ada', ['pass', 'fail', 'partial', 'pass'], {
    late: { finishedAt: '2026-11-23T10:00:00Z', days: 2, points: 10 },
    overrides: [{ learner: 'ada', check: 'routes', points: 12.5, reason: 'Shown in class' }],
    remarks: ['Look at this.', 'And at that.'],
    points: { earned: 47.5, possible: 100 },
    percent: 47.5,
  });
  const [line] = read([{ ...row, learner: learner('ada', { columns: { section: 'Tue' } }) }], ['section']);
  expect(line).toMatchObject({
    ...{ learner: 'ada', name: 'Name of ada', account: '111122223333', status: 'graded' },
    ...{ points: '47.5', possible: '100', percent: '47.5', passed: 'false' },
    ...{ vpcs: '20', routes: '12.5', ping: '5', secret: '20' },
    ...{
      late_days: '2',
      overrides: 'routes = 12.5 (Shown in class)',
      remarks: 'Look at this. And at that.',
      section: 'Tue',
    },
  });
});

test('who could not be graded has no points at all, not even a zero, and the reason', () => {
  const [line] = read([ungraded('bob', { checks: checks(['pass', 'pass', 'unknown', 'unknown']) })]);
  expect(line).toMatchObject({ status: 'unknown', account: '444455556666', possible: '100' });
  for (const empty of ['points', 'percent', 'passed', 'vpcs', 'routes', 'ping', 'secret', 'late_days'])
    expect(line?.[empty]).toBe('');
  expect(line?.remarks).toBe(
    'ACCESS_DENIED: The role may not be assumed. (2 of 4 checks passed as far as could be told)',
  );
});

test('who was graded by hand without a look at the account has the points and their reason', () => {
  const [line] = read([byHand('eve', 75)]);
  expect(line).toMatchObject({
    status: 'graded',
    account: '444455556666',
    points: '75',
    percent: '75',
    passed: 'true',
  });
  expect(line).toMatchObject({ vpcs: '', secret: '', late_days: '0', overrides: 'all = 75 (Shown in class)' });
});

test('a zero that was earned is a zero', () => {
  const [line] = read([graded('eve', ['fail', 'fail', 'fail', 'fail'])]);
  expect(line).toMatchObject({ status: 'graded', points: '0', percent: '0', vpcs: '0', passed: 'false' });
});

test('a column of the roster that is named like one of ours keeps its own place', () => {
  const row = { ...graded('ada', ALL_PASS), learner: learner('ada', { columns: { points: 'old', routes: 'north' } }) };
  expect(read([row], ['points', 'routes'])[0]).toMatchObject({ points: '100', points_2: 'old', routes_2: 'north' });
});

describe('hostile words', () => {
  const rows = HOSTILE.map((text, index) => ({
    ...graded(`l${index}`, ALL_PASS, { remarks: [text], overrides: [{ learner: '', points: 100, reason: text }] }),
    learner: learner(`l${index}`, { name: text, columns: { note: text } }),
  }));

  test('never break a line, start a formula or reach a terminal', () => {
    const lines = read(rows, ['note']);
    expect(lines.map((line) => line.learner)).toEqual(rows.map(({ learner: { id } }) => id));
    for (const line of lines) {
      expect(line.status).toBe('graded');
      for (const cell of Object.values(line)) {
        expect(cell).not.toMatch(/^\s*[=+@]/);
        expect(cell).not.toMatch(/(?![\n\t])[\p{Cc}\p{Bidi_Control}]/u);
      }
    }
    expect(lines.at(-1)?.name).toBe('A'.repeat(10_000));
  });

  test.skipIf(!existsSync('/usr/bin/python3'))('are read by Python’s csv as by ours', () => {
    const script =
      'import csv,json,sys,io; print(json.dumps(list(csv.DictReader(io.StringIO(sys.stdin.buffer.read().decode(), newline="")))))';
    const { stdout, stderr } = spawnSync('/usr/bin/python3', ['-c', script], {
      input: written(rows, ['note']),
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual(read(rows, ['note']));
  });
});

test('a large class is written line by line', () => {
  let made = 0;
  function* rows() {
    for (; made < 10_000; made += 1) yield graded(`l${made}`, ALL_PASS);
  }
  const lines = gradebook(info, [], rows());
  lines.next();
  lines.next();
  expect(made).toBe(0);
  expect([...lines]).toHaveLength(9_999);
});
