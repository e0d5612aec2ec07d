import { expect, test } from 'vitest';
import { split, type Takes } from '../../src/awscli/command-line.ts';

const known = new Map<string, Takes>([
  ['filters', { takes: 'many' }],
  ['vpc-ids', { takes: 'many' }],
  ['vpc-id', { takes: 'one' }],
  ['port', { takes: 'one' }],
  ['dry-run', { takes: 'nothing' }],
  ['no-dry-run', { takes: 'nothing' }],
  ['enable-dns-hostnames', { takes: 'optional' }],
]);

test.each([
  ['a list goes on to the next option', '--vpc-ids a b --dry-run', [['vpc-ids', 'a', 'b'], ['dry-run']]],
  ['a value may be attached', '--vpc-id=vpc-1', [['vpc-id', 'vpc-1']]],
  ['an attached value may hold an equals sign', '--filters=Name=a,Values=b', [['filters', 'Name=a,Values=b']]],
  ['an unambiguous beginning will do', '--filter Name=a', [['filters', 'Name=a']]],
  ['a whole name wins over a longer one', '--vpc-id v', [['vpc-id', 'v']]],
  ['a negative number is a value', '--port -1', [['port', '-1']]],
  [
    'a flag with an optional value may stand bare',
    '--enable-dns-hostnames --dry-run',
    [['enable-dns-hostnames'], ['dry-run']],
  ],
] as const)('%s', (_, line, given) => {
  expect(split(line.split(' '), known)).toEqual({
    given: given.map(([name, ...words]) => ({ name, words })),
    others: [],
  });
});

test('text with spaces is a value even if it begins with a dash', () => {
  expect(split(['--vpc-id', '- and = so on'], known).given).toEqual([{ name: 'vpc-id', words: ['- and = so on'] }]);
});

test.each([
  ['--vpc', 'ambiguous option: --vpc could match --vpc-ids, --vpc-id'],
  ['--filtres a', 'Unknown options: --filtres (maybe you meant --filters)'],
  ['--vpc-id', 'argument --vpc-id: expected one argument'],
  ['--dry-run=yes', "argument --dry-run: ignored explicit argument 'yes'"],
])('%s is refused: %s', (line, message) => {
  expect(() => split(line.split(' '), known)).toThrow(message);
});
