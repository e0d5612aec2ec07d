import { expect, test } from 'vitest';
import { at, substitute } from '../../src/run/substitute.ts';

test.each([
  ['a text that is one reference takes the value with its type', '${end}', 1700],
  ['a reference within a text is written into it', 'vpc is ${vpc1}.', 'vpc is vpc-1.'],
  [
    'lists and objects are walked',
    { Ids: ['${vpc1}'], Tags: [{ Value: 'x' }] },
    { Ids: ['vpc-1'], Tags: [{ Value: 'x' }] },
  ],
  [
    'two dollars stand for a format of AWS, which has braces, too',
    '$${srcaddr} of $${vpc-id} in ${vpc1}',
    '${srcaddr} of ${vpc-id} in vpc-1',
  ],
  ['a shell-like text that is no reference stays', '$(reboot) $vpc1', '$(reboot) $vpc1'],
])('%s', (_, input, expected) => {
  expect(substitute(input, { vpc1: 'vpc-1', end: 1700 })).toEqual(expected);
});

test('a reference without a value says which one', () => {
  expect(() => substitute('${vpc9}', {})).toThrow('${vpc9}');
});

test('names of every object are no values', () => {
  expect(() => substitute('${constructor}', {})).toThrow('${constructor}');
});

test.each([
  ['Vpc.VpcId', 'vpc-1'],
  ['Reservations[0].Instances[1].Id', 'i-2'],
  ['Nothing.Here', undefined],
])('the value at %s', (path, expected) => {
  const output = { Vpc: { VpcId: 'vpc-1' }, Reservations: [{ Instances: [{ Id: 'i-1' }, { Id: 'i-2' }] }] };
  expect(at(path, output)).toBe(expected);
});
