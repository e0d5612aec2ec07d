import { afterEach, describe, expect, test, vi } from 'vitest';
import { finding, lab } from '../plain/fixture.ts';
import { closeScreens, KEYS, showScreen } from './screen.ts';

// Ink asks the process's environment for colours once, when it is loaded.
vi.hoisted(() => {
  process.env.FORCE_COLOR = '1';
});

afterEach(closeScreens);

const long = 'a-name-without-any-blank-'.repeat(12);
const wordy = 'words that go on and on '.repeat(40);
const overlong = {
  lab: {
    ...lab,
    title: wordy,
    steps: Array.from({ length: 20 }, (_, index) => ({
      ...(lab.steps[index % 2] ?? lab.steps[0]),
      id: `step-${index}`,
      title: index % 2 ? long : wordy,
      goal: `${wordy}${long}`,
    })),
  },
  found: { ...finding, message: long, expected: wordy, fix: { command: long } },
} as Parameters<typeof showScreen>[0];

describe('no frame is wider or taller than the window', () => {
  test.each([
    [200, 60],
    [120, 40],
    [80, 24],
    [79, 24],
    [60, 16],
    [59, 16],
    [40, 10],
    [30, 8],
    [12, 3],
  ])('%i by %i', async (columns, rows) => {
    const screen = showScreen(overlong, { columns, rows });
    await screen.sees(columns < 40 ? 'Please' : 'points');
    for (const key of [KEYS.tab, 'h', '7', KEYS.enter, KEYS.escape, KEYS.enter, KEYS.pageDown, 'a', KEYS.escape, '?']) {
      await screen.press(key);
      // A line that was too wide would go on in the next row; a frame too tall would push its first rows out at the top.
      expect(screen.wrapped(), screen.text()).toEqual([]);
      expect(screen.lines()[0], screen.text()).toMatch(/^ ?(words that|[━─]+ |(Predict|Question) \d|Keys|Please)/);
      if (columns >= 40) expect(screen.lines().at(-2)).toMatch(/^ .*(q quit|esc back)/);
      expect(screen.lines().at(-1)).toBe('');
    }
  });
});

test('a window that is made smaller and larger is drawn anew', async () => {
  const screen = showScreen({}, { columns: 120, rows: 40 });
  await screen.sees('r report');
  screen.resize(50, 16);
  await screen.sees('[○1] ○2');
  expect(screen.text()).not.toContain('▌');
  screen.resize(80, 24);
  await screen.sees('▌○ 1 Make the networks');
});

test('in a low window the list of steps moves along', async () => {
  const screen = showScreen(overlong, { columns: 80, rows: 16 });
  await screen.sees('Step 1 of 20');
  for (let step = 2; step <= 20; step += 1) await screen.press('n');
  await screen.sees('Step 20 of 20');
  await screen.sees(/▌○ 20 /);
});

test('a long step scrolls to its end and back', async () => {
  const screen = showScreen(overlong);
  await screen.sees(/↓ \d+ more/);
  expect(screen.text()).not.toContain('In the console');
  for (let page = 0; page < 5; page += 1) await screen.press(KEYS.pageDown);
  await screen.sees(/VPC > (Create VPC|Peering)/);
  await screen.sees(/ ↑ \d+ more$/m);
  for (let line = 0; line < 3; line += 1) await screen.press('k');
  await screen.sees(/↑ \d+ more {2}↓ 3 more/);
});

describe('colour', () => {
  const COLOURS = /\u001b\[[\d;]*m/;

  test('is not sent where it is not wanted', async () => {
    const screen = showScreen({}, { colour: false });
    await screen.sees('q quit');
    await screen.press('h', '?', KEYS.escape, 'a', KEYS.escape);
    expect(screen.bytes()).not.toMatch(COLOURS);
  });

  test('changes nothing of the text', async () => {
    const without = showScreen({}, { colour: false });
    const coloured = showScreen({}, { colour: true });
    await without.sees('q quit');
    await coloured.sees('q quit');
    expect(coloured.bytes()).toMatch(COLOURS);
    expect(coloured.text()).toBe(without.text());
  });
});
