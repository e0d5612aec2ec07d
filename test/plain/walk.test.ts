import { describe, expect, test } from 'vitest';
import { plainWalk } from '../../src/plain/walk.ts';
import type { Walk } from '../../src/run/walk.ts';
import { finding, walkOf } from './fixture.ts';

/** Types these lines and returns what was printed; what was typed is shown after `>`. */
async function typed(walk: Walk, lines: readonly string[]): Promise<{ end: string; transcript: string }> {
  const printed: string[] = [];
  async function* input() {
    for (const line of lines) {
      printed.push(`> ${line}`);
      yield line;
    }
  }
  const end = await plainWalk(walk, {
    input: input(),
    print: (line) => void printed.push(line),
    commandsOf: ({ id }) => `aws ${id}`,
  });
  return { end, transcript: printed.join('\n') };
}

describe('the plain walk', () => {
  test('leads from the first prediction to the report', async () => {
    const { walk, saved } = walkOf();
    const { end, transcript } = await typed(walk, [
      ...['2', '1', '2', '3', '4', 'yes', '5', 'I made both.'],
      ...['6', '4', 'yes', '5', '2', '8', 'An hour.'],
    ]);
    expect(end).toBe('done');
    expect(transcript).toMatchSnapshot();
    expect(saved.at(-1)?.answers).toMatchObject({
      guess: { value: 1 },
      said: { value: 'I made both.' },
      seen: { value: 1 },
      time: { value: 'An hour.' },
    });
  });

  test('tells whether a prediction was right only when the step has passed', async () => {
    const { transcript } = await typed(walkOf().walk, ['1', '1', '4', 'yes']);
    const [before, after] = transcript.split('> yes');
    expect(before).not.toContain('A VPC is a network of its own.');
    expect(after).toContain('You said: Yes, at once.\n  Not quite. It is: No.\n');
    expect(after).toContain('A VPC is a network of its own.');
  });

  test('quits at the end of the input with the progress saved', async () => {
    const { walk, saved } = walkOf();
    const { end, transcript } = await typed(walk, ['2', '6']);
    expect(end).toBe('quit');
    expect(transcript).toContain('Your progress is saved.');
    expect(saved.at(-1)?.step).toBe('peering');
  });

  test('offers only what can be done: no solving on a real account, no step before the first', async () => {
    const { walk } = walkOf({ kind: 'aws' });
    const { transcript } = await typed(walk, ['', '4', '7', 'nonsense', '9']);
    const menu = transcript.split('\n').find((line) => line.startsWith('What next?'));
    expect(menu).not.toMatch(/solve|previous/);
    expect(transcript.match(/Type one of 1, 2, 3, 5, 6, 8, 9, then Enter\./g)).toHaveLength(3);
  });

  test('solves only after a yes', async () => {
    const { walk } = walkOf({ work: { solve: () => Promise.reject(new Error('was asked')) } });
    const { transcript } = await typed(walk, ['', '4', '']);
    expect(transcript).toContain('Nothing was done.');
    expect(transcript).not.toContain('was asked');
  });

  test('says what went wrong and goes on', async () => {
    const { walk } = walkOf({ work: { verify: () => Promise.reject(new Error('The account cannot be reached.')) } });
    const { transcript } = await typed(walk, ['', '1', '9']);
    expect(transcript).toContain('Error: The account cannot be reached.');
  });

  test('asks again where a number is no option', async () => {
    const { walk, saved } = walkOf();
    await typed(walk, ['7', '1.5', 'two', '2']);
    expect(saved).toHaveLength(1);
    expect(saved[0]?.answers.guess?.value).toBe(1);
  });

  test('asks again where the option that was chosen is gone from the lab', async () => {
    const { walk } = walkOf();
    await walk.send({ type: 'answer', question: 'guess', value: 5 });
    const { transcript } = await typed(walk, []);
    expect(transcript).toContain('Predict before you look:');
  });

  test('sends no control character of a cloud to the terminal', async () => {
    const { walk } = walkOf({
      found: { ...finding, message: '\u001b[2Jcleared\u0007\u202e', actual: '\u001b]0;x\u0007' },
    });
    const { transcript } = await typed(walk, ['', '1']);
    expect(transcript).toContain('cleared');
    expect(transcript).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
  });
});
