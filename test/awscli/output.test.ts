/** What is printed, held against what the AWS CLI (Debian's 2.9.19) prints of the same answer. */
import { expect, test } from 'vitest';
import { formatted } from '../../src/awscli/output/index.ts';
import { compileQuery } from '../../src/awscli/output/query.ts';
import { listIn, type PageOptions, pages } from '../../src/awscli/paging.ts';

const answer = {
  Vpcs: [
    {
      VpcId: 'vpc-1',
      IsDefault: true,
      CidrBlockAssociationSet: [{ CidrBlock: '10.0.0.0/16', CidrBlockState: { State: 'associated' } }],
      Tags: [{ Key: 'Name', Value: '日本' }],
    },
    { VpcId: 'vpc-2', State: null, Tags: [] },
  ],
};

test('text: a line for each structure, its members in alphabetical order', () => {
  expect(formatted('text', 'DescribeVpcs', answer, 80)).toBe(`VPCS\tTrue\t\tvpc-1
CIDRBLOCKASSOCIATIONSET\t10.0.0.0/16
CIDRBLOCKSTATE\tassociated
TAGS\tName\t日本
VPCS\t\tNone\tvpc-2
`);
});

test('a table', () => {
  expect(formatted('table', 'DescribeVpcs', answer, 80)).toBe(`-----------------------------------
|          DescribeVpcs           |
+---------------------------------+
||             Vpcs              ||
|+-----------+---------+---------+|
|| IsDefault |  State  |  VpcId  ||
|+-----------+---------+---------+|
||  True     |         |  vpc-1  ||
|+-----------+---------+---------+|
|||   CidrBlockAssociationSet   |||
||+-----------------------------+||
|||          CidrBlock          |||
||+-----------------------------+||
|||  10.0.0.0/16                |||
||+-----------------------------+||
||||      CidrBlockState       ||||
|||+---------+-----------------+|||
||||  State  |  associated     ||||
|||+---------+-----------------+|||
|||            Tags             |||
||+-------------+---------------+||
|||     Key     |     Value     |||
||+-------------+---------------+||
|||  Name       |  日本         |||
||+-------------+---------------+||
||             Vpcs              ||
|+-----------+---------+---------+|
|| IsDefault |  State  |  VpcId  ||
|+-----------+---------+---------+|
||           |  None   |  vpc-2  ||
|+-----------+---------+---------+|
`);
});

test('a table too wide for the terminal is turned', () => {
  expect(formatted('table', 'DescribeVpcs', answer, 30)).toBe(`----------------------------------
|          DescribeVpcs          |
+--------------------------------+
||             Vpcs             ||
|+-----------------+------------+|
||  IsDefault      |  True      ||
||  State          |            ||
||  VpcId          |  vpc-1     ||
|+-----------------+------------+|
|||   CidrBlockAssociationSet  |||
||+------------+---------------+||
|||  CidrBlock |  10.0.0.0/16  |||
||+------------+---------------+||
||||      CidrBlockState      ||||
|||+---------+----------------+|||
||||  State  |  associated    ||||
|||+---------+----------------+|||
|||            Tags            |||
||+--------------+-------------+||
|||  Key         |  Name       |||
|||  Value       |  日本       |||
||+--------------+-------------+||
||             Vpcs             ||
|+-----------------+------------+|
||  IsDefault      |            ||
||  State          |  None      ||
||  VpcId          |  vpc-2     ||
|+-----------------+------------+|
`);
});

test.each([
  ['json', 'Vpcs[].VpcId', '[\n    "vpc-1",\n    "vpc-2"\n]\n'],
  ['text', 'Vpcs[].VpcId', 'vpc-1\tvpc-2\n'],
  ['text', 'Vpcs[].[VpcId,IsDefault,nothing]', 'vpc-1\tTrue\tNone\nvpc-2\tNone\tNone\n'],
  ['text', 'Vpcs[0].Tags', 'Name\t日本\n'],
  ['text', 'nothing', 'None\n'],
  ['json', 'nothing', 'null\n'],
  ['text', 'Vpcs[?IsDefault].Tags[]|[0].Value', '日本\n'],
  ['json', '{}', ''],
] as const)('--output %s --query %s', (format, expression, printed) => {
  const value = expression === '{}' ? {} : compileQuery(expression)(answer);
  expect(formatted(format, 'DescribeVpcs', value, 80)).toBe(printed);
});

test('an expression that cannot be read is refused before anything is sent', () => {
  expect(() => compileQuery('Vpcs[')).toThrow('Bad value for --query Vpcs[');
});

/** A service with five items, two a page. */
async function paged(options: PageOptions) {
  const rules = { token: 'NextToken', size: 'MaxResults', lists: ['Items'], once: [] };
  const shown: unknown[] = [];
  let token: string | undefined;
  const asked: (string | undefined)[] = [];
  for await (const { page, resume } of pages(rules, options, async (from) => {
    asked.push(from);
    const start = Number(from ?? 0);
    return { Items: [0, 1, 2, 3, 4].slice(start, start + 2), ...(start < 4 && { NextToken: String(start + 2) }) };
  })) {
    shown.push(...listIn(page, 'Items'));
    token = resume;
  }
  return { shown, token, asked };
}

test('all pages are asked for', async () => {
  expect(await paged({})).toEqual({ shown: [0, 1, 2, 3, 4], token: undefined, asked: [undefined, '2', '4'] });
});

test('--max-items stops in the middle of a page, and the token goes on from there', async () => {
  const first = await paged({ maxItems: 3 });
  // The AWS CLI's own token for the same place.
  expect(Buffer.from(first.token ?? '', 'base64').toString()).toBe('{"NextToken": "2", "boto_truncate_amount": 1}');
  const second = await paged({ maxItems: 1, ...(first.token && { startingToken: first.token }) });
  const third = await paged({ ...(second.token && { startingToken: second.token }) });
  expect([first.shown, second.shown, third.shown]).toEqual([[0, 1, 2], [3], [4]]);
});
