import { afterEach, describe, expect, test } from 'vitest';
import { lab, resultWith } from '../plain/fixture.ts';
import { closeScreens, KEYS, type Screen, showScreen, type Window } from './screen.ts';

afterEach(closeScreens);

const answerOf = (screen: Screen, id: string) => screen.walk.get().session.answers[id]?.value;

/** At the text question of the first step. */
async function editor(window: Window = {}): Promise<Screen> {
  const screen = showScreen({}, window);
  await screen.sees('a answer');
  await screen.press('a');
  await screen.sees('Do they see each other?');
  await screen.press(KEYS.tab);
  await screen.sees('It may begin: I made …');
  return screen;
}

describe('a text answer', () => {
  test('is typed, mended and saved', async () => {
    const screen = await editor();
    await screen.press(...'I mad twoo', KEYS.backspace, KEYS.left, KEYS.left, KEYS.left, KEYS.left, 'e');
    await screen.sees('I made▏ two');
    await screen.press(KEYS.enter);
    await screen.sees('I made two');
    expect(answerOf(screen, 'said')).toBe('I made two');
    expect(screen.saved.at(-1)?.answers.said?.value).toBe('I made two');
  });

  test('hears all keys that come at once', async () => {
    const screen = await editor();
    await screen.press(`one${KEYS.left}${KEYS.left}X${KEYS.enter}`);
    await expect.poll(() => answerOf(screen, 'said')).toBe('oXne');
  });

  test('may have several lines', async () => {
    const screen = await editor();
    await screen.press('one', KEYS.controlJ, 'two', KEYS.enter);
    await screen.sees('Questions 1/2');
    expect(answerOf(screen, 'said')).toBe('one\ntwo');
  });

  test('that is emptied again is open again', async () => {
    const screen = await editor();
    await screen.press('x', KEYS.enter);
    await screen.sees('Questions 1/2');
    await screen.press('a', KEYS.tab);
    await screen.sees('x▏');
    await screen.press(KEYS.backspace, KEYS.enter);
    await screen.sees('Questions 0/2');
  });

  test('may be pasted, without its control characters', async () => {
    const screen = await editor();
    await screen.press('\u001b[200~VPC 1\r\nand\u0007 VPC\t2\u001b[201~');
    await screen.sees('and VPC 2▏');
    await screen.press(KEYS.enter);
    await screen.sees('Questions 1/2');
    expect(answerOf(screen, 'said')).toBe('VPC 1\nand VPC 2');
  });

  test.each([
    ['esc', KEYS.escape],
    ['ctrl-c', KEYS.controlC],
    ['shift-tab', '\u001b[Z'],
  ])('is kept when it is left by %s', async (_name, key) => {
    const screen = await editor();
    await screen.press('half a thought', key);
    await expect.poll(() => answerOf(screen, 'said')).toBe('half a thought');
  });

  test('that was not changed is not saved again', async () => {
    const screen = await editor();
    await screen.press(KEYS.escape);
    await screen.sees('Questions 0/2');
    expect(screen.saved).toEqual([]);
  });

  test('keeps its end in sight when it is longer than the window', async () => {
    const screen = await editor({ columns: 60, rows: 16 });
    await screen.press(...Array.from({ length: 30 }, (_, line) => `\u001b[200~line ${line}\n\u001b[201~`), 'the end');
    await screen.sees('the end▏');
    await screen.sees(/enter save .*esc back/);
  });
});

describe('a choice', () => {
  test('on what was seen is asked when the step has passed, told at once, and then stays as it is', async () => {
    const everyStep = new Set(lab.steps.map(({ id }) => id));
    const screen = showScreen({ work: { verify: async () => resultWith(lab, everyStep) } });
    await screen.sees('Questions 0/2');
    await screen.press('2');
    await screen.sees('Questions 0/1');
    await screen.press('v');
    await screen.sees('Questions 0/2');
    await screen.press('a');
    await screen.sees('What carried the ping?');
    await screen.press('2', KEYS.enter);
    await screen.sees('✗ not quite: The peering.');
    await screen.press(KEYS.up, KEYS.enter);
    await screen.sees('How long did it take?');
    expect(answerOf(screen, 'seen')).toBe(1);
  });

  test('is made with the arrows or a number', async () => {
    const screen = showScreen();
    await screen.sees('a answer');
    await screen.press('a');
    await screen.sees('❯ 1. Yes, at once.');
    await screen.press(KEYS.down);
    await screen.sees('❯ 2. No.');
    await screen.press('1');
    await screen.sees('❯ 1. Yes, at once.');
    await screen.press('9');
    await screen.sees('❯ 2. No.');
    expect(answerOf(screen, 'guess')).toBeUndefined();
    await screen.press(KEYS.enter);
    await screen.sees('It may begin');
    expect(answerOf(screen, 'guess')).toBe(1);
  });
});
