import { describe, expect, test } from 'vitest';
import { FIELDS } from '../../../src/model/flowlog/fields.ts';
import { isHeader, parseLogFormat } from '../../../src/model/flowlog/log-format.ts';

describe('a format as people write it', () => {
  test.each([
    ['as AWS has it', '${version} ${account-id} ${srcaddr}'],
    ['as names alone', 'version account-id srcaddr'],
    ['with commas', 'version,account-id, srcaddr'],
    ['as Terraform escapes it', '$${version} $${account-id} $${srcaddr}'],
    ['with spaces around', '  ${ version }\t${account-id}  ${srcaddr}\n'],
    ['without spaces', '${version}${account-id}${srcaddr}'],
  ])('%s', (_, text) => expect(parseLogFormat(text)).toEqual(['version', 'account-id', 'srcaddr']));

  test('every field of AWS is known, to version 11', () => {
    expect(parseLogFormat(FIELDS.map((name) => `\${${name}}`).join(' '))).toHaveLength(54);
  });

  test.each([
    ['a slip', '${version} ${srcadr}', 14, 'There is no field srcadr. Did you mean srcaddr?'],
    ['Athena’s spelling', 'version account_id', 9, 'Did you mean account-id?'],
    ['nothing', '  ', 1, 'It names no field.'],
    ['what a shell leaves of "${version} ${account-id}"', ' id', 2, 'single quotes'],
    ['a brace that is open', '${version} ${srcaddr', 12, 'There is no field'],
  ])('%s is refused with its place', (_, text, column, message) =>
    expect(parseLogFormat(text)).toMatchObject({ column, message: expect.stringContaining(message) }));
});

describe('the first line of a file in S3', () => {
  const line = (text: string) => isHeader(text.split(' '));
  test.each([
    ['version account-id interface-id srcaddr', true],
    ['version account-id of-tomorrow', true],
    ['version of-tomorrow of-next-year', false],
    ['version srcaddr of-tomorrow of-next-year', false],
    ['srcaddr dstaddr 10.1.0.5', false],
    ['version account-id Srcaddr', false],
    ['end', false],
    ['start to end', true],
    ['2 123456789010 eni-1 - - - - - - - 1 2 - NODATA', false],
    ['us-east-1 use1-az1 egress', false],
    ['hello world', false],
  ])('%s: %s', (text, expected) => expect(line(text)).toBe(expected));
});
