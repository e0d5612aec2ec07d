/** Looking again and again, with a clock that is turned by hand. */
import { describe, expect, test } from 'vitest';
import type { Finding, Verdict } from '../../src/check.ts';
import type { CheckResult, Result } from '../../src/run/result.ts';
import { CloudUnavailable } from '../../src/run/verify.ts';
import { lookUntilDone, startNews, unreadMessages, waitedFor } from '../../src/run/watch.ts';

type Told = readonly [Verdict, ...Partial<Finding>[]];

function resultOf(checks: Readonly<Record<string, Told>>): Result {
  const points = { earned: 0, possible: 1 };
  const results = Object.entries(checks).map(
    ([id, [verdict, ...findings]]): CheckResult => ({
      id,
      use: 'network/one',
      title: id,
      verdict,
      points,
      durationMs: 0,
      findings: findings.map((more) => ({ code: 'CODE', severity: 'error', message: 'm', resources: [], ...more })),
      evidence: [],
    }),
  );
  const verdict = results.every((check) => check.verdict === 'pass') ? 'pass' : 'fail';
  return {
    schema: 'labproof/result/v1',
    lab: { id: 'small', version: '1.0.0', digest: '' },
    cloud: { kind: 'sandbox', account: '123456789012', region: 'us-east-1' },
    verdict,
    points,
    resources: {},
    steps: [{ id: 'step', title: 'Step', verdict, points, checks: results }],
    calls: { total: 0, byOperation: {} },
    startedAt: '2026-11-23T10:00:00.000Z',
    durationMs: 0,
  };
}

const failing = resultOf({ one: ['fail'] });
const passing = resultOf({ one: ['pass'] });
const offline = new CloudUnavailable({ reason: 'unreachable', action: 'sts:GetCallerIdentity', message: 'offline' });

/** Looks that are given in advance; the whole story as lines. */
function story(looks: readonly (Result | Error | 'ctrl-c')[], { withstands = true } = {}) {
  const stop = new AbortController();
  const lines: string[] = [];
  const left = [...looks];
  const ended = lookUntilDone({
    async look() {
      const next = left.shift();
      if (next === undefined) throw new Error('looked once too often');
      if (next === 'ctrl-c') {
        stop.abort();
        // What was under way is never answered.
        return new Promise(() => {});
      }
      if (next instanceof Error) throw next;
      return next;
    },
    again: ({ verdict }) => (verdict === 'pass' ? undefined : 10),
    pause: async (milliseconds) => void lines.push(`pause ${milliseconds}`),
    signal: stop.signal,
    seen: ({ verdict }) => void lines.push(verdict),
    ...(withstands && {
      missed(error) {
        lines.push(`missed: ${error.message}`);
        return 20;
      },
    }),
  });
  return { ended, lines };
}

describe('looking', () => {
  test('ends with the first result that asks for no other', async () => {
    const { ended, lines } = story([failing, failing, passing]);
    expect(await ended).toBe(passing);
    expect(lines).toEqual(['fail', 'pause 10', 'fail', 'pause 10', 'pass']);
  });

  test('a network that is lost for a while is outlived', async () => {
    const { ended, lines } = story([failing, offline, offline, passing]);
    expect(await ended).toBe(passing);
    expect(lines).toEqual([
      'fail',
      'pause 10',
      ...['missed: offline', 'pause 20', 'missed: offline', 'pause 20'],
      'pass',
    ]);
  });

  test('a first look with no answer is an error: there is nothing to go on from', async () => {
    await expect(story([offline]).ended).rejects.toBe(offline);
  });

  test('where nothing is outlived, a later one is, too', async () => {
    await expect(story([failing, offline], { withstands: false }).ended).rejects.toBe(offline);
  });

  test('a fault of our own ends it', async () => {
    await expect(story([failing, new Error('own fault')]).ended).rejects.toThrow('own fault');
  });

  test('Ctrl+C during a look ends it with what was seen before', async () => {
    const { ended, lines } = story([failing, 'ctrl-c']);
    expect(await ended).toBe(failing);
    expect(lines).toEqual(['fail', 'pause 10']);
  });

  test('Ctrl+C during the first look leaves nothing', async () => {
    expect(await story(['ctrl-c']).ended).toBeUndefined();
  });
});

describe('news', () => {
  const changesOf = (...results: readonly Result[]) => {
    const news = startNews();
    return results.map((result) => {
      const { changes, unread } = news(result);
      return [...changes.map(({ before, now }) => `${now.id}: ${before.verdict} → ${now.verdict}`), ...unread];
    });
  };

  test('the first result is none, the same again is none, and another verdict is', () => {
    const one = resultOf({ a: ['fail'], b: ['pass'] });
    const other = resultOf({ a: ['pass'], b: ['pass'] });
    expect(changesOf(one, one, other)).toEqual([[], [], ['a: fail → pass']]);
  });

  test('another cause of the same failure is, another time in the same message is not', () => {
    expect(
      changesOf(
        resultOf({ a: ['fail', { message: 'since 10:00' }] }),
        resultOf({ a: ['fail', { message: 'since 10:01' }] }),
        resultOf({ a: ['fail', { code: 'OTHER' }] }),
        resultOf({ a: ['fail', { code: 'OTHER', actual: 'rtb-2' }] }),
      ),
    ).toEqual([[], [], ['a: fail → fail'], ['a: fail → fail']]);
  });

  test('what cannot be read is said once, and is no change of any check', () => {
    const well = resultOf({ a: ['pass'], b: ['fail'] });
    const denied: Told = ['unknown', { message: 'no permission' }];
    const lost = resultOf({ a: denied, b: denied });
    expect(changesOf(well, lost, lost, well)).toEqual([[], ['no permission'], [], []]);
    expect(changesOf(well, lost, resultOf({ a: ['fail'], b: ['fail'] }))[2]).toEqual(['a: pass → fail']);
  });

  test('what could not be told at first is news when it can', () => {
    expect(changesOf(resultOf({ a: ['unknown'] }), resultOf({ a: ['pass'] }))[1]).toEqual(['a: unknown → pass']);
  });
});

test('what is waited for is told by check, without those that only depend on it', () => {
  const result = resultOf({
    a: ['waiting', { message: 'usually 10 minutes' }],
    b: ['waiting', { code: 'DEPENDS', message: 'Depends on "a".' }],
    c: ['fail', { message: 'wrong' }],
  });
  expect([...waitedFor(result).values()]).toEqual(['usually 10 minutes']);
});

test('one reason that leaves many checks open is told once', () => {
  const denied: Told = ['unknown', { message: 'no permission' }];
  expect(unreadMessages(resultOf({ a: denied, b: denied, c: ['fail', { message: 'wrong' }] }))).toEqual([
    'no permission',
  ]);
});
