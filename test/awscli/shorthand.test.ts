import { expect, test } from 'vitest';
import { parseShorthand } from '../../src/awscli/shorthand.ts';

// The AWS CLI's own parser (2.9.19) reads each of these so.
test.each([
  ['Key=Name,Value=web', { Key: 'Name', Value: 'web' }],
  ['Name=state,Values=pending,available', { Name: 'state', Values: ['pending', 'available'] }],
  ['Values=a,b,Name=c', { Values: ['a', 'b'], Name: 'c' }],
  [
    'ResourceType=vpc,Tags=[{Key=Name,Value=one},{Key=a b,Value="q, u"}]',
    {
      ResourceType: 'vpc',
      Tags: [
        { Key: 'Name', Value: 'one' },
        { Key: 'a b', Value: 'q, u' },
      ],
    },
  ],
  ["Key='it\\'s'", { Key: "it's" }],
  ['Key=a\\,b,Value=', { Key: 'a,b', Value: '' }],
  ['a={b={c=[1,[2]]}}', { a: { b: { c: ['1', ['2']] } } }],
  ['a=b=c', { a: 'b=c' }],
  ['a = b , c = d ', { a: 'b', c: 'd' }],
] as const)('%s', (text, parsed) => {
  expect(parseShorthand(text)).toEqual(parsed);
});

test.each([
  ['true', "Expected: '=', received: 'EOF' for input:\ntrue\n    ^"],
  ['a=[b', "Expected: ',', received: 'EOF' for input:\na=[b\n    ^"],
  ['a="b', "Expected: '<double quoted>', received: '<none>' for input:\na=\"b\n  ^"],
  ['a=1,a=2', 'Second instance of key "a" encountered'],
])('%s is refused, and shown where', (text, message) => {
  expect(() => parseShorthand(text)).toThrow(message);
});
