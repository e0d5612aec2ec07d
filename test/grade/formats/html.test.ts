/** The page, held against XML's rules: what breaks out of its place breaks them. */
import { XmlDocument, XmlElement } from 'libxml2-wasm';
import { describe, expect, test } from 'vitest';
import { html } from '../../../src/grade/formats/html/page.ts';
import type { ClassInfo, Row } from '../../../src/grade/grade.ts';
import { sameness } from '../../../src/grade/sameness.ts';
import type { Result } from '../../../src/run/result.ts';
import { ALL_PASS, byHand, checks, graded, HOSTILE, info, learner, ungraded } from './class.ts';

/** @throws XmlParseError */
function page(rows: readonly Row[], of: ClassInfo = info): XmlDocument {
  return XmlDocument.fromString(html(of, rows, sameness(rows)));
}

function texts(document: XmlDocument, path: string): readonly string[] {
  return document.find(path).map((node) => node.content);
}

function attribute(document: XmlDocument, path: string, name: string): string | undefined {
  const node = document.get(path);
  return node instanceof XmlElement ? node.attr(name)?.value : undefined;
}

const GRADES = '//table[@id="grades"]';
const account = (number: number): Result['cloud'] => ({ kind: 'aws', account: String(number), region: 'us-east-1' });

test('a line a learner, with the points of each check and the verdict where points do not tell it', () => {
  const document = page([
    graded('ada', ['pass', 'fail', 'partial', 'blocked'], {
      overrides: [{ learner: 'ada', check: 'routes', points: 20, reason: 'Seen' }],
    }),
  ]);
  expect(texts(document, `${GRADES}/tbody/tr/*`)).toEqual([
    ...['ada', 'Name of ada', '111122223333', 'not passed', '25', '25'],
    ...['20', '20 by hand', '5', '0 blocked'],
    ...['0', 'routes: 20 (Seen)', ''],
  ]);
  const classes = document
    .find(`${GRADES}/tbody/tr/td[@class]`)
    .map((node) => (node as XmlElement).attr('class')?.value);
  expect(classes).toEqual(['full', 'full', 'some', 'none']);
  expect(texts(document, `${GRADES}/thead/tr[2]//button`)).toHaveLength(13);
});

test('who could not be graded has no points, the reason, and what could be told', () => {
  const document = page([ungraded('bob', { checks: checks(['pass', 'fail', 'unknown', 'unknown']) })]);
  expect(texts(document, `${GRADES}/tbody/tr/*`)).toEqual([
    ...['bob', 'Name of bob', '444455556666', 'could not be graded', '', ''],
    ...['pass', 'fail', 'unknown', 'unknown'],
    ...['', '', 'ACCESS_DENIED: The role may not be assumed.'],
  ]);
  expect(texts(document, '//header/p')[0]).toBe(
    '1 learner: 0 passed (60 % of 100 points or more), 0 did not, and 1 could not be graded (which is not a zero, and in no mean).',
  );
});

test('who was graded by hand without a look at the account has the points and their reason, and no check', () => {
  const document = page([byHand('eve', 75)]);
  expect(texts(document, `${GRADES}/tbody/tr/*`)).toEqual([
    ...['eve', 'Name of eve', '444455556666', 'passed', '75', '75'],
    ...['–', '–', '–', '–'],
    ...['0', 'all: 75 (Shown in class)', ''],
  ]);
  expect(texts(document, '//table[@id="checks"]/tbody/tr[2]/td')).toEqual(['Title of routes', '20', '0', '0', '1']);
});

test('means, distribution and findings are of those who were graded', () => {
  const document = page([
    graded('ada', ALL_PASS, { cloud: account(1) }),
    graded('bob', ['pass', 'fail', 'fail', 'pass'], { cloud: account(2) }),
    graded('eve', ['pass', 'fail', 'pass', 'pass'], { cloud: account(3) }),
    ungraded('tom'),
  ]);
  expect(texts(document, '//header/p')[0]).toContain('2 passed');
  expect(texts(document, '//header/p')[0]).toContain('Mean 73.33 %, median 80 %.');
  expect(texts(document, '//table[@id="distribution"]//td[1]')).toEqual([
    '0',
    '0',
    '0',
    '0',
    '1',
    '0',
    '0',
    '0',
    '1',
    '1',
  ]);
  expect(texts(document, '//table[@id="findings"]/tbody/tr')).toEqual([
    'ROUTES_FAIL22',
    'ACCESS_DENIED11',
    'PING_FAIL11',
  ]);
  expect(texts(document, '//table[@id="checks"]/tbody/tr[2]/td')).toEqual(['Title of routes', '20', '1', '2', '1']);
});

test('what accounts share is on the page', () => {
  const document = page([graded('ada', ALL_PASS), graded('bob', ALL_PASS)]);
  expect(texts(document, '//li')).toEqual(['ada, bob: the account 111122223333']);
});

test('nobody at all is still a page', () => {
  expect(texts(page([]), `${GRADES}/tbody/tr`)).toEqual([]);
});

test('the page may load nothing and run one script only', () => {
  const document = page([graded('ada', ALL_PASS)]);
  const policy = attribute(document, '//meta[@http-equiv="Content-Security-Policy"]', 'content');
  expect(policy).toMatch(
    /^default-src 'none'; script-src 'sha256-[\w+/]+='; style-src 'sha256-[\w+/]+='; base-uri 'none'; form-action 'none'$/,
  );
  expect(document.find('//@src | //@href | //@style | //@*[starts-with(name(), "on")]')).toEqual([]);
  expect(document.find('//script')).toHaveLength(1);
});

describe('hostile words', () => {
  test.each(HOSTILE)('stay words: %j', (text) => {
    const named: ClassInfo = {
      ...info,
      lab: { id: text, version: text, digest: text, title: text },
      columns: info.columns.map((column) => ({ ...column, check: column.check, title: text, stepTitle: text })),
    };
    const row = graded('ada', ['fail', 'fail', 'pass', 'pass'], {
      cloud: { kind: 'snapshot', account: text, region: text },
      remarks: [text],
      overrides: [{ learner: 'ada', points: 1, reason: text }],
    });
    const entry = { kind: 'snapshot' as const, file: text };
    const rows = [
      { ...row, learner: learner('ada', { name: text, columns: { [text]: text }, entry }) },
      { ...ungraded('bob', { reason: text }), learner: learner('bob', { name: text, account: text, entry }) },
    ];
    const document = page(rows, named);
    expect(document.find('//script')).toHaveLength(1);
    expect(document.find('//img | //a | //iframe | //@onmouseover | //@onerror')).toEqual([]);
    expect(document.find(`${GRADES}/tbody/tr`)).toHaveLength(2);
    expect(html(named, rows, [])).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u);
    expect(texts(document, `${GRADES}/tbody/tr/td`).every((cell) => cell.length <= 250)).toBe(true);
  });
});

test('a large class makes a page of a few megabytes in a moment', () => {
  const rows = Array.from({ length: 3000 }, (_, index) => graded(`l${index}`, ALL_PASS, { cloud: account(index) }));
  const began = performance.now();
  const written = html(info, rows, sameness(rows));
  expect(performance.now() - began).toBeLessThan(5000);
  expect(written.length).toBeLessThan(3_000_000);
});
