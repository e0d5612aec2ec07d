import { describe, expect, test } from 'vitest';
import { BINDINGS, type Situation, usableOn } from '../../src/ui/keys.ts';
import { lab, walkOf } from '../plain/fixture.ts';

const [choice, text] = lab.steps[0]?.questions ?? [];

const SITUATIONS: Readonly<Record<string, Situation>> = {
  'a fresh walk': { state: walkOf().walk.get() },
  'a real account': { state: walkOf({ kind: 'aws' }).walk.get() },
  'work under way': { state: { ...walkOf().walk.get(), busy: { work: 'checking', detail: '' } } },
  'a choice': { state: walkOf().walk.get(), ...(choice && { question: choice }), asked: 2 },
  'a text': { state: walkOf().walk.get(), ...(text && { question: text }), asked: 2 },
};
const SCREENS = ['walk', 'answer', 'confirm', 'help'] as const;

describe.each(Object.entries(SITUATIONS))('in %s', (_name, situation) => {
  test.each(SCREENS)('every key of the screen "%s" has one meaning', (screen) => {
    const keys = usableOn(screen, situation).flatMap((binding) => binding.keys);
    expect(keys).toEqual([...new Set(keys)]);
  });

  test.each(SCREENS)('ctrl-c is heard on the screen "%s"', (screen) => {
    expect(usableOn(screen, situation).filter(({ keys }) => keys.includes('ctrl-c'))).toHaveLength(1);
  });
});

test.each([
  ['check', 'work under way', false],
  ['check', 'a fresh walk', true],
  ['solve', 'a fresh walk', true],
  ['solve', 'a real account', false],
  ['solve', 'work under way', false],
  ['step-back', 'a fresh walk', false],
  ['step-next', 'a fresh walk', true],
] as const)('%s in %s: %s', (command, name, usable) => {
  const situation = SITUATIONS[name];
  if (!situation) throw new Error(name);
  expect(usableOn('walk', situation).some((binding) => binding.command === command)).toBe(usable);
});

test('every key that the footer shows on the walk is explained in the help', () => {
  expect(BINDINGS.filter(({ on, label, help }) => on.includes('walk') && label && !help)).toEqual([]);
});
