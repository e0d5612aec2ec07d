/** A snapshot is verified as the account was; and what a file that nobody vouches for can and cannot do. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AccountReader } from '../../src/account/reader.ts';
import { openSnapshot, recording } from '../../src/account/recorded.ts';
import type { Snapshot } from '../../src/account/snapshot.ts';
import { parseSnapshot, snapshotText } from '../../src/account/snapshot-file.ts';
import { FileError } from '../../src/lib/text-file.ts';
import type { SliceName, Unread } from '../../src/model/account.ts';
import { findPath, UnknownPlace } from '../../src/run/path.ts';
import type { Result } from '../../src/run/result.ts';
import { verify } from '../../src/run/verify.ts';
import { answer, byHand, checks, empty, lab, NOW, solved, unpeer, type World } from '../checks/builders.ts';
import { readerOf } from '../run/account.ts';

function accountOf(world: World, unread: Partial<Record<SliceName, Unread>> = {}): AccountReader {
  const reader = readerOf({ slices: world.slices, answers: (question) => answer(world, question), unread });
  return { ...reader, now: () => world.now };
}

const judge = (reader: AccountReader) => verify({ lab, checks, reader, clock: Date.now });

/** Verified and recorded, then saved and read back. */
async function record(reader: AccountReader): Promise<{ live: Result; text: string; snapshot: Snapshot }> {
  const recorded = recording(reader);
  const live = await judge(recorded.reader);
  const text = snapshotText(await recorded.snapshot());
  return { live, text, snapshot: parseSnapshot(text, 'snapshot.json') };
}

/** All but what tells when and from where it was read. */
function judged({ steps, cloud: { kind: _, ...cloud }, calls: _c, startedAt: _s, durationMs: _d, ...rest }: Result) {
  const timeless = steps.map((step) => ({ ...step, checks: step.checks.map(({ durationMs: _m, ...check }) => check) }));
  return { ...rest, cloud, steps: timeless };
}

const denied: Unread = { reason: 'denied', action: 'ec2:DescribeVpcs', message: 'not permitted' };

describe('a snapshot is judged as the account was', () => {
  test.each<[string, (world: World) => void, Partial<Record<SliceName, Unread>>?]>([
    ['solved', () => {}],
    ['not peered', unpeer],
    ['pinged by hand', byHand],
    ['empty', (world) => Object.assign(world, empty())],
    ['not permitted to ask', (world) => world.denied.push('role', 'logEvents', 'ping', 'pings')],
    ['not permitted to list', () => {}, { vpcs: denied, managedInstances: denied }],
    [
      'so young that its flow log may still deliver',
      (world) => {
        byHand(world);
        world.events = [];
        for (const flowLog of world.slices.flowLogs) flowLog.createdAt = NOW - 60_000;
      },
    ],
  ])('%s', async (_, change, unread) => {
    const world = solved();
    change(world);
    const { live, snapshot } = await record(accountOf(world, unread));
    const again = await judge(openSnapshot(snapshot));
    expect(judged(again)).toEqual(judged(live));
    expect(again).toMatchObject({ cloud: { kind: 'snapshot' }, calls: { total: 0, byOperation: {} } });
  });
});

test('the clock is that of the account when it was judged', async () => {
  const { snapshot } = await record(accountOf(solved()));
  expect(openSnapshot(snapshot).now()).toBe(NOW);
});

test('what a snapshot does not hold is unread, and says when it was recorded', async () => {
  const { snapshot } = await record(accountOf(solved()));
  const { vpcs: _, ...slices } = snapshot.slices;
  const reader = openSnapshot({ ...snapshot, slices });
  const told = { reason: 'unsupported', message: expect.stringContaining(snapshot.takenAt) };
  expect(await reader.read('vpcs')).toEqual({ ok: false, unread: { ...told, action: 'ec2:DescribeVpcs' } });
  const question = { kind: 'logStreams', logGroup: 'another' } as const;
  expect(await reader.ask(question)).toEqual({ ok: false, unread: { ...told, action: 'logs:DescribeLogStreams' } });
});

test('it holds every slice, so that a path can be followed in it', async () => {
  const { snapshot } = await record(accountOf(solved()));
  const request = { from: 'i-1', to: '10.2.0.7', protocol: { name: 'icmp' } } as const;
  expect(await findPath(openSnapshot(snapshot), request)).toMatchObject({ verdict: 'delivered' });
});

describe('a file that is no snapshot is refused with its place', () => {
  test.each<[string, string, string, number, number]>([
    ['text', 'Hello', 'no JSON', 1, 1],
    ['nothing', '', 'cut off', 1, 1],
    ['a list', '[]', 'no snapshot', 1, 1],
    ['a result', '{\n "schema": "labproof/result/v1"}', 'labproof verify --json', 2, 12],
    ['another document', '{"schema": "labproof/path/v1"}', 'labproof/path/v1', 1, 12],
    ['another version', '{"schema": "labproof/snapshot/v2"}', 'this labproof reads version 1', 1, 12],
    ['no members', '{"schema": "labproof/snapshot/v1"}', 'takenAt', 1, 1],
  ])('%s', (_, text, message, line, column) => {
    expect(problemOf(text)).toMatchObject({ message: expect.stringContaining(message), line, column });
  });

  test('cut off anywhere', async () => {
    const { text } = await record(accountOf(solved()));
    for (let length = 0; length < text.trimEnd().length; length += 997)
      expect(problemOf(text.slice(0, length))).toMatchObject({ code: 'BAD_JSON' });
  });

  test.each<[string, (snapshot: Snapshot) => unknown, RegExp]>([
    ['a state that AWS does not have', (s) => set(s, 'slices', 'instances', 'value', 0, 'state', 'flying'), /state/],
    ['a number as an id', (s) => set(s, 'slices', 'vpcs', 'value', 0, 'id', 7), /slices\.vpcs\.value\[0\]\.id/],
    ['a member too many', (s) => set(s, 'slices', 'vpcs', 'value', 0, 'constructor', {}), /constructor/],
    ['a slice too many', (s) => set(s, 'slices', 'buckets', []), /buckets/],
    ['a date that is none', (s) => set(s, 'takenAt', 'yesterday'), /takenAt/],
    ['a time beyond all dates', (s) => set(s, 'slices', 'flowLogs', 'value', 0, 'createdAt', 1e17), /createdAt/],
    [
      'an answer to another question',
      (s) => set(s, 'answers', 0, 0, { kind: 'queries', logGroup: 'g' }),
      /answers\[0\]/,
    ],
    ['no answer', (s) => set(s, 'answers', 0, 1, null), /answers\[0\]\[1\]/],
  ])('%s', async (_, damage, where) => {
    const { snapshot } = await record(accountOf(solved()));
    const damaged = JSON.stringify(damage(structuredClone(snapshot)), null, 1);
    const { message, line = 0 } = problemOf(damaged);
    expect(message).toMatch(where);
    expect(line).toBeGreaterThan(1);
  });

  test('__proto__ is a member like any other: one too many', () => {
    expect(
      problemOf('{"schema": "labproof/snapshot/v1", "__proto__": {"takenAt": "2026-11-23T10:00:00Z"}}'),
    ).toMatchObject({
      code: 'BAD_SNAPSHOT',
    });
    expect({}).not.toHaveProperty('takenAt');
  });
});

function problemOf(text: string) {
  try {
    parseSnapshot(text, 'snapshot.json');
  } catch (error) {
    if (error instanceof FileError) return error.problems[0];
    throw error;
  }
  throw new Error('it was accepted');
}

/** Sets the value at the end of the path, whatever the types say. */
function set(target: unknown, ...pathAndValue: readonly unknown[]): unknown {
  const path = pathAndValue.slice(0, -2).map(String);
  const holder = path.reduce<unknown>((value, key) => Reflect.get(Object(value), key), target);
  Object.defineProperty(holder, String(pathAndValue.at(-2)), {
    value: pathAndValue.at(-1),
    enumerable: true,
    configurable: true,
    writable: true,
  });
  return target;
}

test('whatever values stand in a snapshot, a check judges it or is not asked', async () => {
  const { snapshot } = await record(accountOf(solved()));
  const leaves = leavesOf(snapshot, []);
  const hostile = fc.constantFrom(
    ...['', '__proto__', 'constructor', '0.0.0.0/0', '10.0.0.0/99', '\u001b[31m', '\ud800', '-1', '${version}'],
    ...[
      '['.repeat(50_000),
      'arn:aws:iam::1:role/',
      '2 1 e 1 1 1 1 1 1 1 99999999999999999 99999999999999999 ACCEPT OK',
    ],
    ...[-1, 0, 65_536, 8.64e15, -8.64e15, Number.MAX_SAFE_INTEGER],
    ...[true, false],
  );
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom(...leaves), hostile), { minLength: 1, maxLength: 4 }),
      async (changes) => {
        const changed = structuredClone(snapshot);
        for (const [path, value] of changes)
          if (typeof valueAt(changed, path) === typeof value) set(changed, ...path, value);
        const text = snapshotText(changed);
        const parsed = accepts(text) ? parseSnapshot(text, 'snapshot.json') : undefined;
        if (!parsed) return;
        accepted += 1;
        const { steps } = await judge(openSnapshot(parsed));
        const codes = steps.flatMap((step) => step.checks.flatMap(({ findings }) => findings.map(({ code }) => code)));
        expect(codes).not.toContain('CHECK_ERROR');
        await findPath(openSnapshot(parsed), { from: 'i-1', to: '10.2.0.7', protocol: { name: 'icmp' } }).catch(
          (error) => expect(error).toBeInstanceOf(UnknownPlace),
        );
      },
    ),
    { numRuns: 400 },
  );
  expect(accepted).toBeGreaterThan(200);
}, 60_000);

function accepts(text: string): boolean {
  try {
    return parseSnapshot(text, 'snapshot.json') !== undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(FileError);
    return false;
  }
}

function leavesOf(value: unknown, path: readonly string[]): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, each]) => leavesOf(each, [...path, key]));
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((each, key) => Reflect.get(Object(each), key), value);
}

test.each<[string, (world: World) => void]>([
  ['an id', ({ slices }) => Object.assign(slices.vpcs[0] ?? {}, { id: 'vpc-1$(touch x)' })],
  ['a CIDR', ({ slices }) => Object.assign(slices.vpcs[0] ?? {}, { cidrs: ['10.1.0.0/16;touch x'] })],
  ['an address', ({ slices }) => Object.assign(slices.instances[0] ?? {}, { privateIp: '`touch x`' })],
])('%s that a shell would run, pasted with the command of a fix, is refused', async (_, change) => {
  const world = solved();
  change(world);
  await expect(record(accountOf(world))).rejects.toThrow(FileError);
});
