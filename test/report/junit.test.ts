/** JUnit XML, as its readers read it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Finding, Verdict } from '../../src/check.ts';
import { junitXml } from '../../src/report/junit.ts';
import type { CheckResult, Result } from '../../src/run/result.ts';
import { hostile } from '../lib/hostile.ts';
import { attributes, valid } from './junit-schema.ts';

function finding(message: string, more: Partial<Finding> = {}): Finding {
  return { code: 'ROUTE_MISSING', severity: 'error', message, resources: [], ...more };
}

function check(id: string, verdict: Verdict, ...findings: readonly Finding[]): CheckResult {
  const points = { earned: verdict === 'pass' ? 10 : 0, possible: 10 };
  return { id, use: `network/${id}`, title: `About ${id}`, verdict, points, durationMs: 12, findings, evidence: [] };
}

function resultOf(...checks: readonly CheckResult[]): Result {
  const points = { earned: 10, possible: 20 };
  return {
    schema: 'labproof/result/v1',
    lab: { id: 'small', version: '1.2.3', digest: 'sha256:0123abcd' },
    cloud: { kind: 'aws', account: '123456789012', region: 'us-east-1' },
    verdict: 'fail',
    points,
    resources: {},
    steps: [{ id: 'peering', title: 'Join them', verdict: 'fail', points, checks }],
    calls: { total: 0, byOperation: {} },
    startedAt: '2026-11-23T10:00:00.123Z',
    durationMs: 812,
  };
}

const xmlOf = (...checks: readonly CheckResult[]) => junitXml([{ name: 'small', result: resultOf(...checks) }]);

test('a step is a suite with its counts, its time in seconds, and its points as properties', () => {
  const document = valid(xmlOf(check('one', 'pass'), check('two', 'fail', finding('No route.'))));
  expect(attributes(document, '//testsuite')).toEqual([
    {
      id: '0',
      package: 'small',
      name: 'peering: Join them',
      timestamp: '2026-11-23T10:00:00',
      hostname: 'localhost',
      tests: '2',
      failures: '1',
      errors: '0',
      skipped: '0',
      time: '0.024',
    },
  ]);
  const properties = Object.fromEntries(attributes(document, '//property').map(({ name, value }) => [name, value]));
  expect(properties).toMatchObject({ 'points.earned': '10', 'points.possible': '20', 'two.points.possible': '10' });
});

test('a failure holds its code, and what was expected, found and is to be done', () => {
  const told = finding('No route to <10.1.0.0/16> & back.', {
    expected: '10.1.0.0/16 -> "pcx-1"',
    fix: { command: "aws ec2 create-route --filters 'Name=a,Values=b'" },
  });
  const document = valid(xmlOf(check('two', 'fail', told)));
  expect(attributes(document, '//failure')).toEqual([
    { type: 'ROUTE_MISSING', message: 'fail: No route to <10.1.0.0/16> & back.' },
  ]);
  const text = document.get('//failure')?.content;
  expect(text).toContain('expected: 10.1.0.0/16 -> "pcx-1"');
  expect(text).toContain("command: aws ec2 create-route --filters 'Name=a,Values=b'");
});

describe('what has not passed never looks as if it had', () => {
  test.each([
    ['fail', 'failure'],
    ['partial', 'failure'],
    ['unknown', 'error'],
    ['waiting', 'error'],
    ['blocked', 'failure'],
  ] as const)('%s alone is a %s', (verdict, element) => {
    const document = valid(xmlOf(check('one', 'pass'), check('two', verdict)));
    expect(document.find(`//testcase[2]/${element}`)).toHaveLength(1);
    expect(document.find('//testcase[1]/*')).toEqual([]);
  });

  test('a blocked check is skipped where the failure stands in the same document', () => {
    const document = valid(
      xmlOf(check('one', 'fail', finding('No.')), check('two', 'blocked', finding('After "one".'))),
    );
    expect(attributes(document, '//testcase[2]/skipped')).toMatchObject([{ message: 'blocked: After "one".' }]);
    expect(attributes(document, '//testsuite')).toMatchObject([{ failures: '1', skipped: '1' }]);
  });
});

test('many learners are one document, each with suites of their own', () => {
  const named = ['ada', 'grace'].map((name) => ({ name, result: resultOf(check('one', 'pass')) }));
  const document = valid(junitXml(named));
  expect(attributes(document, '//testsuite').map((suite) => [suite.id, suite.package])).toEqual([
    ['0', 'ada'],
    ['1', 'grace'],
  ]);
  expect(attributes(document, '//testcase').map(({ classname }) => classname)).toEqual([
    'ada.peering',
    'grace.peering',
  ]);
});

test('nobody at all is still a document', () => {
  expect(valid(junitXml([])).find('//testsuite')).toEqual([]);
});

test('whatever an account, a lab or a roster holds, the document is well-formed and valid', () => {
  const odd = fc.constantFrom(']]>', '"', "'", '\u0000', '\u000b', '\r\n', '\uffff', '\ufffe', '\ud800', '&#0;', '😀');
  const text = fc
    .array(fc.oneof(hostile, odd, fc.string({ unit: 'binary' })), { maxLength: 6 })
    .map((all) => all.join(''));
  const verdicts = fc.constantFrom<Verdict>('pass', 'partial', 'fail', 'waiting', 'blocked', 'unknown');
  fc.assert(
    fc.property(text, text, verdicts, (one, other, verdict) => {
      const told = finding(one, { code: other, expected: one, actual: other, fix: { console: one, command: other } });
      const result = resultOf({ ...check('one', verdict, told), title: other });
      const document = valid(junitXml([{ name: one, result }]));
      expect(document.find('//testcase')).toHaveLength(1);
    }),
    { numRuns: 300 },
  );
});
