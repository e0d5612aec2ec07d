/** The class in one document: JUnit by the schema of its readers, JSON by reading it. */
import { describe, expect, test } from 'vitest';
import { json } from '../../../src/grade/formats/json.ts';
import { type FullRow, junit } from '../../../src/grade/formats/junit.ts';
import type { ClassInfo } from '../../../src/grade/grade.ts';
import { attributes, valid } from '../../report/junit-schema.ts';
import { ALL_PASS, byHand, checks, graded, HOSTILE, info, learner, resultOf, ungraded } from './class.ts';

/** @throws XmlValidateError, XmlParseError */
async function validClass(rows: Iterable<FullRow> | AsyncIterable<FullRow>, of: ClassInfo = info) {
  let xml = '';
  for await (const piece of junit(of, rows)) xml += piece;
  return valid(xml);
}

describe('JUnit', () => {
  test('a suite a learner and step, with the grade beside the points of the step', async () => {
    const row = graded('ada', ['pass', 'fail', 'partial', 'pass'], { points: { earned: 35, possible: 100 } });
    const document = await validClass([{ ...row, result: resultOf(row) }]);
    expect(attributes(document, '//testsuite')).toMatchObject([
      { id: '0', package: 'ada', name: 'network: Set up networks', tests: '2', failures: '1', time: '3.000' },
      { id: '1', package: 'ada', name: 'traffic: Send packets', tests: '2', failures: '1' },
    ]);
    const properties = attributes(document, '//testsuite[1]//property').map(({ name, value }) => [name, value]);
    expect(Object.fromEntries(properties)).toMatchObject({
      'grade.earned': '35',
      'grade.passed': 'false',
      'points.earned': '20',
      'points.possible': '40',
      'vpcs.points.earned': '20',
    });
    expect(document.get('//failure')?.content).toContain('expected: expected No route leads there.');
  });

  test('who could not be graded is one error, whatever could be told', async () => {
    const document = await validClass([ungraded('bob', { checks: checks(['pass', 'pass', 'pass', 'unknown']) })]);
    expect(attributes(document, '//testsuite')).toMatchObject([
      { package: 'bob', tests: '1', failures: '0', errors: '1' },
    ]);
    expect(attributes(document, '//error')).toEqual([
      { type: 'ACCESS_DENIED', message: 'unknown: The role may not be assumed.' },
    ]);
  });

  test('who was graded by hand without a look at the account is one case, which passes where the learner does', async () => {
    const document = await validClass([byHand('eve', 75), byHand('tom', 10)]);
    expect(attributes(document, '//testcase').map(({ name }) => name)).toEqual([
      'graded: Graded by hand',
      'graded: Graded by hand',
    ]);
    expect(attributes(document, '//testsuite')).toMatchObject([
      { package: 'eve', tests: '1', failures: '0', errors: '0' },
      { package: 'tom', tests: '1', failures: '1', errors: '0' },
    ]);
    expect(attributes(document, '//failure')).toEqual([
      { type: 'BY_HAND', message: 'fail: Set to 10 of 100 points by hand: Shown in class' },
    ]);
    expect(attributes(document, '//property[@name="grade.earned"]')).toMatchObject([{ value: '75' }, { value: '10' }]);
  });

  test('learners are read one at a time', async () => {
    const open: string[] = [];
    async function* rows() {
      for (const id of ['ada', 'bob', 'eve']) {
        open.push(id);
        yield graded(id, ALL_PASS);
      }
    }
    const pieces = junit(info, rows());
    expect((await pieces.next()).value).toContain('<testsuites>');
    expect((await pieces.next()).value).toContain('package="ada"');
    expect(open).toEqual(['ada']);
    expect(attributes(await validClass(rows()), '//testsuite').map(({ id }) => id)).toEqual([
      '0',
      '1',
      '2',
      '3',
      '4',
      '5',
    ]);
  });

  test.each(HOSTILE)('stays valid with %j', async (text) => {
    const named: ClassInfo = {
      ...info,
      columns: info.columns.map((column) => ({ ...column, title: text, stepTitle: text })),
    };
    const row = graded('ada', ['fail', 'partial', 'blocked', 'fail'], {
      cloud: { kind: 'snapshot', account: text, region: text },
    });
    const document = await validClass(
      [{ ...row, result: resultOf(row, text) }, ungraded('bob', { reason: text })],
      named,
    );
    expect(document.find('//testcase')).toHaveLength(5);
  });
});

describe('JSON', () => {
  const rows = HOSTILE.map((text, index) => ({
    ...graded(`l${index}`, ALL_PASS, { remarks: [text] }),
    learner: learner(`l${index}`, {
      name: text,
      columns: { note: text },
      entry: { kind: 'role', roleArn: 'arn:aws:iam::1:role/r', externalId: 'between-us' },
    }),
  }));
  const text = [...json(info, rows, [])].join('');

  test('holds the class, and every learner with the whole grade', () => {
    const document = JSON.parse(text);
    expect(document).toMatchObject({ schema: 'labproof/class/v1', ...info, sameness: [] });
    expect(document.learners).toHaveLength(HOSTILE.length);
    expect(document.learners[2]).toMatchObject({
      id: 'l2',
      name: HOSTILE[2],
      grade: { status: 'graded', percent: 100 },
    });
  });

  test('holds a grade that was given by hand, without an account', () => {
    const [told] = JSON.parse([...json(info, [byHand('eve', 75)], [])].join('')).learners;
    expect(told.grade).toMatchObject({ points: { earned: 75 }, checks: [], overrides: [{ reason: 'Shown in class' }] });
    expect(told.grade).not.toHaveProperty('cloud');
  });

  test('does not tell how an account is entered', () => {
    expect(text).not.toMatch(/between-us|role\/r|entry/);
  });

  test('of nobody is a document too', () => {
    expect(JSON.parse([...json(info, [], [])].join('')).learners).toEqual([]);
  });
});
