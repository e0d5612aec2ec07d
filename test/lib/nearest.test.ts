import { expect, test } from 'vitest';
import { nearest, suggestion } from '../../src/lib/nearest.ts';

const words = ['verify', 'solve', 'report', 'network/cidrs-unique', 'network/vpc-public'];

test.each([
  ['verfy', 'verify'],
  ['Verify', 'verify'],
  ['repotr', 'report'],
  ['network/cidr-unique', 'network/cidrs-unique'],
  ['solv', 'solve'],
  ['banana', undefined],
  ['', undefined],
])('%j was probably %j', (word, meant) => {
  expect(nearest(word, words)).toBe(meant);
});

test('where nothing is near, a message names all there is', () => {
  expect(suggestion('banana', ['apple', 'cherry'])).toBe(' There is: apple, cherry.');
  expect(suggestion('banana', [])).toBe('');
});
