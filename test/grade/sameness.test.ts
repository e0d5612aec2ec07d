import { describe, expect, test } from 'vitest';
import type { Graded, Row } from '../../src/grade/grade.ts';
import { pingTimes, sameness, samenessMarkdown, withSameness } from '../../src/grade/sameness.ts';
import { ALL_PASS, graded, HOSTILE, info, learner, resultOf, ungraded } from './formats/class.ts';

/** A learner with an account of their own, unless told otherwise. */
function own(id: string, number: number, more: Partial<Graded> = {}): Row {
  const account = String(200_000_000_000 + number);
  const resources = { vpc1: `vpc-${number.toString(16).padStart(17, '0')}`, logGroup: 'vpc-flow-logs' };
  return graded(id, ALL_PASS, { cloud: { kind: 'aws', account, region: 'us-east-1' }, resources, ...more });
}

function reply(...times: readonly string[]) {
  const lines = times.map((time, index) => `64 bytes from 10.2.0.1: icmp_seq=${index} ttl=255 time=${time} ms`);
  return { kind: 'terminal' as const, title: 'ping', content: lines.join('\n') };
}

describe('what accounts have in common', () => {
  test('nothing, where each has their own, though names are the same', () => {
    expect(sameness([own('ada', 1), own('bob', 2), own('eve', 3)])).toEqual([]);
  });

  test('an account under two learners, also where one could not be graded', () => {
    const other = { ...ungraded('bob'), learner: learner('bob', { account: '200000000001' }) };
    expect(sameness([own('ada', 1), other])).toMatchObject([{ learners: ['ada', 'bob'], accounts: ['200000000001'] }]);
  });

  test('the sandbox’s account is nobody’s', () => {
    const cloud: Graded['cloud'] = { kind: 'snapshot', account: '123456789012', region: 'us-east-1' };
    expect(sameness([own('ada', 1, { cloud }), own('bob', 2, { cloud })])).toEqual([]);
  });

  test('resources, as one fact for the same learners', () => {
    const resources = { vpc1: 'vpc-0123456789abcdef0', instance1: 'i-0123456789abcdef0', role: null };
    const facts = sameness([own('ada', 1, { resources }), own('bob', 2), own('eve', 3, { resources })]);
    expect(facts).toMatchObject([
      { learners: ['ada', 'eve'], accounts: [], resources: ['vpc-0123456789abcdef0', 'i-0123456789abcdef0'] },
    ]);
  });

  test.each([
    'flowlogs-20250601',
    'i-20250601',
    'vpc-flow-logs',
    'team-0123456789abcdef0',
    'vpc-0123456789abcdef01',
  ])('not the name %s, which only looks like an id', (name) => {
    const resources = { logGroup: name, role: name };
    expect(sameness([own('ada', 1, { resources }), own('bob', 2, { resources })])).toEqual([]);
  });

  test.each([
    'subnet',
    'rtb',
    'igw',
    'nat',
    'pcx',
    'acl',
    'sg',
    'eni',
    'i',
    'fl',
  ])('an id of AWS such as %s-…', (kind) => {
    const resources = { mine: `${kind}-0a1b2c3d4e5f60718` };
    expect(sameness([own('ada', 1, { resources }), own('bob', 2, { resources })])).toMatchObject([
      { resources: [resources.mine] },
    ]);
  });

  test('the roster’s account, where one was graded by hand without a look at it', () => {
    const { learner: who, grade } = own('bob', 2, { resources: {}, checks: [] });
    const { cloud: _, ...shut } = grade as Graded;
    const bob = { learner: { ...who, account: '200000000001' }, grade: shut };
    expect(sameness([own('ada', 1), bob])).toMatchObject([{ learners: ['ada', 'bob'], accounts: ['200000000001'] }]);
  });

  test('a snapshot named twice', () => {
    const entry = { kind: 'snapshot' as const, file: '/class/one.json' };
    const rows = ['ada', 'bob'].map((id, index) => ({ ...own(id, index), learner: learner(id, { entry }) }));
    expect(sameness(rows)).toMatchObject([{ learners: ['ada', 'bob'], snapshots: ['/class/one.json'] }]);
  });

  test('a ping that took the same times, though ids and accounts were changed', () => {
    const copied = pingTimes(resultOf(own('ada', 1), '', [reply('0.512', '0.498', '0.611', '0.503', '0.507')]));
    const mine = pingTimes(resultOf(own('eve', 3), '', [reply('0.512', '0.498', '0.611', '0.503', '0.508')]));
    const times = new Map([
      ['ada', copied],
      ['bob', copied],
      ['eve', mine],
    ]);
    const facts = sameness([own('ada', 1), own('bob', 2), own('eve', 3)], times);
    expect(facts).toMatchObject([{ learners: ['ada', 'bob'], pings: ['0.512 0.498 0.611 0.503 0.507'] }]);
  });

  test('too few times, or the same over and over, tell nothing', () => {
    const ada = own('ada', 1);
    expect(pingTimes(resultOf(ada, '', [reply('0.5', '0.6', '0.7')]))).toEqual([]);
    expect(pingTimes(resultOf(ada, '', [reply('0', '0', '0', '0', '0')]))).toEqual([]);
    expect(pingTimes(resultOf(ada, '', [{ ...reply('0.1', '0.2', '0.3', '0.4'), kind: 'document' }]))).toEqual([]);
  });
});

test('facts become remarks of each learner concerned, and change no points', () => {
  const resources = { vpc1: 'vpc-0123456789abcdef0' };
  const rows = [own('ada', 1, { resources, remarks: ['First.'] }), own('bob', 2), own('eve', 3, { resources })];
  const [ada, bob, eve] = withSameness(rows, sameness(rows));
  expect(ada?.grade).toEqual({
    ...rows[0]?.grade,
    remarks: ['First.', 'Shares 1 resource (vpc-0123456789abcdef0) with eve.'],
  });
  expect(bob).toEqual(rows[1]);
  expect(eve?.grade).toMatchObject({ remarks: ['Shares 1 resource (vpc-0123456789abcdef0) with ada.'] });
});

test('ten thousand learners with one account take a moment, and each remark stays short', () => {
  const cloud: Graded['cloud'] = { kind: 'aws', account: '111122223333', region: 'us-east-1' };
  const rows = Array.from({ length: 10_000 }, (_, index) => own(`l${index}`, index, { cloud }));
  const began = performance.now();
  const [first] = withSameness(rows, sameness(rows));
  expect(performance.now() - began).toBeLessThan(5000);
  expect(first?.grade).toMatchObject({
    remarks: ['Shares the account 111122223333 with l1, l2, l3 and 9996 others.'],
  });
});

describe('sameness.md', () => {
  test('lists the facts and says that they are no verdict', () => {
    const rows = [own('ada', 1), own('bob', 1)];
    const markdown = samenessMarkdown(info, sameness(rows));
    expect(markdown).toContain('no points follow');
    expect(markdown).toContain(
      '## 2 learners\n\n`ada`, `bob`\n\n- The account `200000000001`\n- The resource `vpc-00000000000000001`',
    );
  });

  test.each(HOSTILE)('words of others stay words: %j', (text) => {
    const entry = { kind: 'snapshot' as const, file: text };
    const rows = ['ada', 'bob'].map((id, index) => ({ ...own(id, index), learner: learner(id, { entry }) }));
    const markdown = samenessMarkdown({ ...info, lab: { ...info.lab, title: text } }, sameness(rows));
    expect(markdown).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
    expect(markdown).not.toMatch(/<|(?<!\\)[[\]]|(?<!\\):\/\/|^`{3}/m);
  });
});
