import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { changeText } from '../../src/plain/watch.ts';
import type { CheckResult } from '../../src/run/result.ts';

const before: CheckResult = {
  id: 'peering-routes',
  use: 'network/peering-routes',
  title: 'Both VPCs route to each other',
  verdict: 'fail',
  points: { earned: 0, possible: 10 },
  durationMs: 1,
  findings: [{ code: 'ROUTE_MISSING', severity: 'error', message: 'No route\u001b[2J to 10.1.0.0/16.', resources: [] }],
  evidence: [],
};
const plain = { colour: false, width: 60 };

test('a pass is one line', () => {
  const now: CheckResult = { ...before, verdict: 'pass', findings: [] };
  expect(changeText({ before, now }, '10:32:05', plain)).toBe('10:32:05 ✓ peering-routes: fail → pass');
});

test('a new failure brings its findings along, made harmless', () => {
  const text = changeText({ before: { ...before, verdict: 'pass' }, now: before }, '10:32:05', plain);
  expect(text.split('\n')[0]).toBe('10:32:05 ✗ peering-routes: pass → fail');
  expect(text).toContain('No route to 10.1.0.0/16.');
  expect(text).not.toContain('\u001b');
});

test('another cause of the same failure says so', () => {
  const text = changeText({ before, now: before }, '10:32:05', plain);
  expect(text.split('\n')[0]).toBe('10:32:05 ✗ peering-routes: still fail, but not as before');
});

test('colour adds nothing that is not said', () => {
  const change = { before, now: { ...before, verdict: 'pass' } } as const;
  const coloured = changeText(change, '10:32:05', { ...plain, colour: true });
  expect(coloured).toContain('\u001b');
  expect(stripVTControlCharacters(coloured)).toBe(changeText(change, '10:32:05', plain));
});
