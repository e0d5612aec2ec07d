import { expect, test } from 'vitest';
import type { Column } from '../../src/grade/grade.ts';
import { readOverrides } from '../../src/grade/roster/overrides.ts';
import { problemsOf, write } from './roster-files.ts';

const LEARNERS = ['jdoe', 'Max', '007'];
const INFO = { columns: [column('vpcs-exist', 10), column('peering-active', 2.5)], possible: 12.5 };
const read = (text: string, name = 'overrides.csv') => readOverrides(write(name, text), LEARNERS, INFO);
function column(check: string, possible: number): Column {
  return { check, title: check, step: 'network', stepTitle: 'Networks', possible, hidden: false };
}
const problems = (text: string, name?: string) => problemsOf(() => read(text, name));

test('overrides are read from CSV and from YAML', async () => {
  const expected = [
    { learner: 'jdoe', check: 'vpcs-exist', points: 2.5, reason: 'Built by hand, seen in class' },
    { learner: '007', points: 0, reason: 'withdrawn' },
  ];
  expect(
    await read('Learner;Check;Points;Reason\njdoe;vpcs-exist;2.5;Built by hand, seen in class\n007;;0;withdrawn\n'),
  ).toEqual(expected);
  expect(await read('learner,points,reason\n007,0,withdrawn\n')).toEqual(expected.slice(1));
  const yaml = `overrides:
  - { learner: jdoe, check: vpcs-exist, points: 2.5, reason: "Built by hand, seen in class" }
  - learner: 007
    points: 0
    reason: withdrawn
`;
  expect(await read(yaml, 'overrides.yaml')).toEqual(expected);
});

test('every mistake is told with its place', async () => {
  const text = `learner,check,points,reason
jode,vpcs-exists,-1,
max,,"2,5",x
,peering-active,1e3,x
jdoe,vpcs-exist,1,x
jdoe,vpcs-exist,2,y
jdoe,,1
`;
  expect(await problems(text)).toEqual([
    '2:1 UNKNOWN_LEARNER There is no learner jode in the roster.',
    '2:6 UNKNOWN_CHECK There is no check vpcs-exists in the lab. Did you mean vpcs-exist?',
    '2:18 BAD_POINTS "-1" is not a number of points, such as 4 or 2.5.',
    '2:21 NO_REASON An override needs its reason: the learner will ask.',
    '3:1 UNKNOWN_LEARNER There is no learner max in the roster. Did you mean Max?',
    '3:6 BAD_POINTS "2,5" is not a number of points, such as 4 or 2.5.',
    '4:1 NO_LEARNER This row names no learner.',
    '4:17 BAD_POINTS "1e3" is not a number of points, such as 4 or 2.5.',
    '6:1 DUPLICATE_OVERRIDE Line 5 overrides the same already.',
    '7:1 WRONG_CELLS This row has 3 cells, but the header has 4.',
  ]);
});

test('nobody is given more points than there are', async () => {
  const all = 'learner,check,points,reason\njdoe,vpcs-exist,10,x\njdoe,peering-active,2.50,x\njdoe,,12.5,x\n';
  expect(await read(all)).toHaveLength(3);
  const text = `learner,check,points,reason
jdoe,vpcs-exist,42,x
jdoe,peering-active,2.51,x
jdoe,,4200,x
Max,vpcs-exists,4200,x
`;
  expect(await problems(text)).toEqual([
    '2:17 TOO_MANY_POINTS 42 points are too many: vpcs-exist has 10.',
    '3:21 TOO_MANY_POINTS 2.51 points are too many: peering-active has 2.5.',
    '4:7 TOO_MANY_POINTS 4200 points are too many: the whole has 12.5.',
    '5:5 UNKNOWN_CHECK There is no check vpcs-exists in the lab. Did you mean vpcs-exist?',
  ]);
  expect(await problems('- { learner: Max, points: 13, reason: x }\n', 'overrides.yaml')).toEqual([
    '1:27 TOO_MANY_POINTS 13 points are too many: the whole has 12.5.',
  ]);
});

test('a column that overrides do not have is no comment', async () => {
  expect(await problems('learner,checks,points,reason\n')).toEqual([
    '1:9 UNKNOWN_COLUMN There is no column checks in overrides. Expected: learner, check (may be empty: the whole), points, reason.',
  ]);
  expect(await problems('- { learner: jdoe, points: 1 }\n', 'overrides.yml')).toEqual([
    '1:1 NO_COLUMN There is no column reason. The columns here are: learner, points. Expected: learner, check (may be empty: the whole), points, reason.',
  ]);
  expect(await problems('- { learner: jdoe, points: 1, reason: [x] }\n', 'overrides.yml')).toEqual([
    expect.stringMatching(/^1:\d+ INVALID reason must be a text/),
  ]);
});
