import { describe, expect, test } from 'vitest';
import { autoWalk } from '../../src/plain/auto.ts';
import type { Walk } from '../../src/run/walk.ts';
import { lab, resultWith, walkOf } from './fixture.ts';

async function watched(walk: Walk) {
  const printed: string[] = [];
  const end = await autoWalk(walk, { print: (line) => void printed.push(line) });
  return { end, printed };
}

describe('the automatic walk', () => {
  test("passes every step, answers every question and ends with the report's path", async () => {
    const { walk, saved } = walkOf();
    const { end, printed } = await watched(walk);
    expect(end).toEqual({ passed: true, reportPath: '/home/learner/report.md' });
    expect(printed.join('\n')).toMatchSnapshot();
    expect(printed.at(-1)).toBe('/home/learner/report.md');
    const answers = saved.at(-1)?.answers ?? {};
    expect(Object.fromEntries(Object.entries(answers).map(([id, { value }]) => [id, value]))).toEqual({
      guess: 1,
      said: 'I made two VPCs.',
      seen: 0,
      time: 'An hour.',
    });
  });

  test('stops at a step that does not pass, with its finding, and writes no report', async () => {
    const { walk } = walkOf({ work: { verify: async () => resultWith(lab, new Set(['networks'])) } });
    const { end, printed } = await watched(walk);
    expect(end).toEqual({ passed: false });
    expect(printed.join('\n')).toContain('✗ fail: The peering is active (0/60 points)\n      There is no VPC');
    expect(printed.at(-1)).toBe('Stopped at step "Join them": its verdict is "fail"');
    expect(walk.get().reportPath).toBeUndefined();
  });

  test('stops where a step cannot be solved, and says why', async () => {
    const { walk } = walkOf({ work: { solve: () => Promise.reject(new Error('The sandbox does not answer.')) } });
    const { end, printed } = await watched(walk);
    expect(end).toEqual({ passed: false });
    expect(printed.at(-1)).toBe('Stopped at step "Make the networks": The sandbox does not answer.');
  });

  test('says that the report could not be written', async () => {
    const { walk } = walkOf({ work: { report: () => Promise.reject(new Error('/out is read-only.')) } });
    const { end, printed } = await watched(walk);
    expect(end).toEqual({ passed: false });
    expect(printed.at(-1)).toBe('The report could not be written. /out is read-only.');
  });
});
