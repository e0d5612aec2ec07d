import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matches, matchesArn } from '../../../src/model/iam/glob.ts';

test('wildcards mean what a regular expression of the same shape means', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', ':', '.'), maxLength: 8 });
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', ':', '.', '*', '?'), maxLength: 8 });
  fc.assert(
    fc.property(pattern, word, (given, text) => {
      const expression = given.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');
      expect(matches(given, text)).toBe(new RegExp(`^${expression}$`).test(text));
    }),
    { numRuns: 2000 },
  );
});

// IAM User Guide, JSON policy elements: Resource, "Using wildcards in resource ARNs".
test.each([
  ['*', 'arn:aws:logs:us-east-1:123456789012:log-group:g:log-stream:s', true],
  ['arn:aws:logs:*:*:*', 'arn:aws:logs:us-east-1:123456789012:log-group:g:log-stream:s', true],
  [
    'arn:aws:logs:us-east-1:123456789012:log-group:g:*',
    'arn:aws:logs:us-east-1:123456789012:log-group:g:log-stream:s',
    true,
  ],
  [
    'arn:aws:logs:us-east-1:123456789012:log-group:g',
    'arn:aws:logs:us-east-1:123456789012:log-group:g:log-stream:s',
    false,
  ],
  [
    'arn:aws:logs:us-*-1:123456789012:log-group:g:*',
    'arn:aws:logs:us-east-1:123456789012:log-group:g:log-stream:s',
    true,
  ],
  ['arn:aws:logs:us-*-1:*', 'arn:aws:logs:us-east-2:1:x-1:y', false],
  ['arn:aws:s3:::bucket/?', 'arn:aws:s3:::bucket/a', true],
  ['arn:aws:s3:::bucket/?', 'arn:aws:s3:::bucket/', false],
])('%s fits %s: %s', (pattern, arn, expected) => expect(matchesArn(pattern, arn)).toBe(expected));

test('a hostile pattern takes no longer than an honest one', () => {
  expect(matches(`${'*a'.repeat(200)}b`, 'a'.repeat(2000))).toBe(false);
});
