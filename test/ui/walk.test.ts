import { afterEach, describe, expect, test } from 'vitest';
import { finding, lab, resultWith } from '../plain/fixture.ts';
import { closeScreens, KEYS, type Screen, showScreen } from './screen.ts';

afterEach(closeScreens);

const everyStep = new Set(lab.steps.map(({ id }) => id));

/** Past the prediction, which is asked once instead of the first check. */
async function checkFirst(screen: Screen): Promise<void> {
  await screen.sees('Predict first');
  await screen.press(KEYS.enter);
  await screen.sees('Do they see each other?');
  await screen.press(KEYS.enter);
  await screen.sees('Do the step');
  await screen.press(KEYS.enter);
}

test('the first screen at 80 by 24', async () => {
  const screen = showScreen();
  await screen.sees('q quit');
  expect(screen.text()).toMatchSnapshot();
});

describe('a learner', () => {
  test('predicts, checks and reads what is wrong', async () => {
    const screen = showScreen();
    await screen.sees('Predict first');
    await screen.press(KEYS.enter);
    await screen.sees('Do they see each other?');
    await screen.press(KEYS.down, KEYS.enter);
    await screen.sees('Do the step, then press enter to check it.');
    expect(screen.walk.get().session.answers.guess?.value).toBe(1);
    await screen.press(KEYS.enter);
    await screen.sees('✗ fail');
    await screen.sees('Mend what the checks found');
    expect(screen.text()).toMatchSnapshot();
  });

  test('may leave a prediction open, and is not asked again', async () => {
    const screen = showScreen();
    await screen.sees('Predict first');
    await screen.press(KEYS.enter);
    await screen.sees('Do they see each other?');
    await screen.press(KEYS.escape);
    await screen.sees('Predict first');
    await screen.press(KEYS.enter);
    await screen.sees('✗ fail');
    expect(screen.saved.at(-1)?.answers).toEqual({});
  });

  test('learns whether the prediction was right when the step has passed', async () => {
    const screen = showScreen({ work: { verify: async () => resultWith(lab, everyStep) } });
    await screen.sees('Predict first');
    await screen.press('a');
    await screen.sees('Whether it is right, you will see');
    await screen.press(KEYS.enter, KEYS.escape);
    await screen.sees('Questions 1/2');
    expect(screen.text()).not.toContain('A VPC is a network of its own.');
    await screen.press('v');
    await screen.sees('Every step passes');
    await screen.press(KEYS.tab);
    await screen.sees('✗ not quite: No.');
    await screen.sees('A VPC is a network of its own.');
  });

  test('opens hints one at a time, until there are no more', async () => {
    const screen = showScreen();
    await screen.sees('Hints 0/3');
    await screen.press('h');
    await screen.sees('Look around.');
    expect(screen.text()).not.toContain('Look at the blocks.');
    await screen.press('h', 'h');
    await screen.sees('The block is 10.1.0.0/16.');
    expect(screen.lines().at(-2)).not.toContain('hint');
  });

  test('sees the commands of the solution only when asking for them', async () => {
    const screen = showScreen();
    await screen.sees('q quit');
    await screen.press(KEYS.tab, KEYS.tab, KEYS.tab, KEYS.tab);
    expect(screen.text()).not.toContain('aws ec2');
    await screen.press('c');
    await screen.sees('aws ec2 create-vpc --cidr-block 10.1.0.0/16');
    await screen.press('c');
    await screen.sees('VPC > Create VPC.');
  });

  test('lets the step be solved only after a yes', async () => {
    const screen = showScreen();
    await screen.sees('q quit');
    await screen.press('s');
    await screen.sees('Solve "Make the networks"?');
    await screen.press('n');
    await screen.sees('Step 1 of 2');
    expect(screen.walk.get().result).toBeUndefined();
    await screen.press('s', 'y');
    await screen.sees('✓ pass    VPC 1 is there');
  });

  test('is offered no solving on a real account', async () => {
    const screen = showScreen({ kind: 'aws' }, { columns: 120 });
    await screen.sees('q quit');
    expect(screen.lines().at(-2)).not.toContain('solve');
    await screen.press('s');
    expect(screen.text()).not.toContain('Solve');
  });

  test('goes from step to step, and the place is saved', async () => {
    const screen = showScreen();
    await screen.sees('Step 1 of 2');
    await screen.press(KEYS.right);
    await screen.sees('Step 2 of 2 · Join them');
    expect(screen.saved.at(-1)?.step).toBe('peering');
    await screen.press('1');
    await screen.sees('Step 1 of 2 · Make the networks');
    await screen.press('9');
    expect(screen.walk.get().session.step).toBe('networks');
  });

  test('who has passed every step is told to write the report, and where it is', async () => {
    const screen = showScreen({ work: { verify: async () => resultWith(lab, everyStep) } });
    await checkFirst(screen);
    await screen.sees('✓ Every step passes: 100/100 points.');
    expect(screen.text()).toContain('3 questions still open');
    await screen.press('r');
    await screen.sees('Your report: /home/learner/report.md');
  });

  test('finds every key in the help', async () => {
    const screen = showScreen();
    await screen.sees('? help');
    await screen.press('?');
    await screen.sees('let labproof do this step (sandbox only)');
    expect(screen.text()).toMatchSnapshot();
    await screen.press(KEYS.escape);
    await screen.sees('Step 1 of 2');
  });
});

describe('work that takes its time', () => {
  const forever = (signal: AbortSignal) =>
    new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));

  test('is stopped by ctrl-c, and the walk goes on', async () => {
    const screen = showScreen({ work: { verify: forever } });
    await checkFirst(screen);
    await screen.sees('Checking · 0 s · ctrl-c stops it');
    await screen.press(KEYS.controlC);
    await screen.sees('Stopped.');
  });

  test('is stopped when the learner quits', async () => {
    const screen = showScreen({ work: { verify: forever } });
    await checkFirst(screen);
    await screen.sees('Checking');
    await screen.press('q');
    expect(await screen.ended).toBe('quit');
    expect(screen.walk.get().busy).toBeUndefined();
  });

  test('that cannot be done is an error in words', async () => {
    const screen = showScreen({ work: { verify: () => Promise.reject(new Error('The sandbox does not answer.')) } });
    await checkFirst(screen);
    await screen.sees('✗ The sandbox does not answer.');
  });
});

describe('the end', () => {
  test.each([
    ['q', 'quit'],
    [KEYS.controlC, 'interrupted'],
  ])('%j is %s, and gives the terminal back', async (key, ending) => {
    const screen = showScreen();
    await screen.sees('q quit');
    await screen.press(key);
    expect(await screen.ended).toBe(ending);
    // Out of the alternate screen, cursor shown again.
    expect(screen.bytes().trimEnd()).toMatch(/\u001b\[\?1049l.*\u001b\[\?25h/s);
  });
});

describe('text that others wrote', () => {
  test('cannot reach the terminal as commands', async () => {
    const evil = 'rtb\u001b]0;owned\u0007\u001b[2J\u202egpj';
    const screen = showScreen({
      lab: { ...lab, title: evil, steps: lab.steps.map((step) => ({ ...step, title: evil, goal: evil })) },
      found: { ...finding, message: evil, actual: evil, fix: { command: evil } },
    });
    await checkFirst(screen);
    await screen.sees('✗ fail');
    await screen.sees('rtbgpj');
    expect(screen.bytes()).not.toContain('owned');
    expect(screen.bytes()).not.toContain('\u202e');
    expect(screen.bytes()).not.toContain('\u001b[2J\u202e');
  });
});
