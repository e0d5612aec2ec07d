import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readRoster } from '../../src/grade/roster/roster.ts';
import { folder, problemsOf, write } from './roster-files.ts';

const ROLE = 'arn:aws:iam::123456789012:role/grader';

const roster = (content: string | Uint8Array, name = 'roster.csv') => readRoster(write(name, content));
const problems = (content: string | Uint8Array, name?: string) => problemsOf(() => roster(content, name));
/** What is wrong with the one row under this header. */
const rowProblems = (header: string, row: string) => problems(`${header}\n${row}\n`);

describe('a roster is read', () => {
  const expected = {
    learners: [
      {
        id: 'jdoe',
        name: 'Doe, Jane',
        account: '012345678901',
        region: 'eu-west-1',
        entry: { kind: 'role', roleArn: 'arn:aws:iam::012345678901:role/lab/grader', externalId: 'a:b/c' },
        columns: { Team: 'red' },
      },
      { id: 'max', entry: { kind: 'profile', profile: 'max lab' }, columns: { Team: '=1+1' } },
    ],
    columns: ['Team'],
  };
  const [COMMA, SEMICOLON, TAB] = [',', ';', '\t'].map((delimiter) =>
    [
      ['Learner', 'NAME', 'account', 'Region', 'Role ARN', 'external-id', 'profile', 'Team'],
      [
        'jdoe',
        '"Doe, Jane"',
        ' 012345678901 ',
        'eu-west-1',
        'arn:aws:iam::012345678901:role/lab/grader',
        'a:b/c',
        '',
        'red',
      ],
      ['max', '', '', '', '', '', 'max lab', '=1+1'],
    ].map((row) => row.join(delimiter)),
  );

  test.each([
    ['commas', COMMA?.join('\n')],
    ['semicolons', SEMICOLON?.join('\n')],
    ['tabs', TAB?.join('\n')],
    ['CRLF and a byte order mark', `\ufeff${COMMA?.join('\r\n')}\r\n`],
    ['CR alone', COMMA?.join('\r')],
    ['empty lines before, between and behind', `\n\n${COMMA?.join('\n\n')}\n,,,,,,,\n\n\n`],
  ])('with %s', async (_what, text) => {
    expect(await roster(text ?? '')).toEqual(expected);
  });

  test('in UTF-16, as “Unicode text” of Excel is', async () => {
    expect(await roster(Buffer.from(`\ufeff${TAB?.join('\r\n')}`, 'utf16le'))).toEqual(expected);
  });

  test.each([
    ['a list', ''],
    ['a list under its key', 'learners:\n'],
  ])('as YAML, %s; an account keeps its leading zero without quotes', async (_what, above) => {
    const text = `${above}
- learner: jdoe
  name: Doe, Jane
  account: 012345678901
  region: eu-west-1
  role_arn: arn:aws:iam::012345678901:role/lab/grader
  external_id: a:b/c
  Team: red
- { learner: max, profile: max lab, Team: =1+1 }
`;
    expect(await roster(text, 'roster.yaml')).toEqual(expected);
  });

  test('a line break within a cell is text', async () => {
    const { learners } = await roster('learner,profile,note\na,p,"two\r\nlines, ""quoted"""\n');
    expect(learners[0]?.columns).toEqual({ note: 'two\r\nlines, "quoted"' });
  });

  test('a snapshot is looked for beside the roster, and the account may be written as the console shows it', async () => {
    mkdirSync(join(folder, 'class'), { recursive: true });
    write('class/one.json', '{}');
    const { learners } = await roster('learner,account,snapshot\na,1234-5678-9012,one.json\n', 'class/roster.csv');
    expect(learners[0]).toMatchObject({
      account: '123456789012',
      entry: { kind: 'snapshot', file: join(folder, 'class', 'one.json') },
    });
  });

  test('two learners may share an account', async () => {
    expect((await roster('learner,account,profile\na,123456789012,p\nb,123456789012,q\n')).learners).toHaveLength(2);
  });

  test('columns and ids that JavaScript knows by name are only names', async () => {
    const { learners } = await roster('learner,profile,__proto__,constructor\n__proto__,p,x,y\n');
    expect(Object.entries(learners[0]?.columns ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    const yaml = await roster('- { learner: toString, profile: p, __proto__: x }\n', 'proto.yaml');
    expect(Object.entries(yaml.learners[0]?.columns ?? {})).toEqual([['__proto__', 'x']]);
  });
});

describe('a header that is wrong', () => {
  test('says what there is and what is expected', async () => {
    expect(await problems('id,mail,profile\n1,a@b.c,p\n')).toEqual([
      '1:1 NO_LEARNER_COLUMN There is no column learner. The columns here are: id, mail, profile. Expected: learner, name, account, region, and role_arn with external_id, or profile, or snapshot.',
    ]);
  });
  test.each([
    '\u200b',
    '\u00ad',
    '\u2060',
    '\ufeff',
    '\u200e',
    '\u3164',
  ])('%j in a title, which nobody sees, changes no name', async (invisible) => {
    const { learners } = await roster(
      `learner,acc${invisible}ount,Role\u00a0ARN${invisible},${invisible}number\na,123456789012,${ROLE},7\n`,
    );
    expect(learners).toEqual([
      {
        id: 'a',
        account: '123456789012',
        entry: { kind: 'role', roleArn: ROLE },
        columns: { number: '7' },
      },
    ]);
    expect(await problems(`learner,profile,note,note${invisible}\na,p,1,2\n`)).toEqual([
      '1:22 DUPLICATE_COLUMN There are two columns note.',
    ]);
  });
  test('a slip of the finger is not passed over as one more column', async () => {
    expect(await problems('learner,acount,role_ran,snapshot\n')).toEqual([
      '1:9 UNKNOWN_COLUMN Is the column acount meant to be account?',
      '1:16 UNKNOWN_COLUMN Is the column role_ran meant to be role_arn?',
    ]);
  });
  test.each([
    'reason',
    'team',
    'role',
    'Section',
    'e-mail',
    'account owner',
  ])('%s is a column of its own', async (name) => {
    const { learners } = await roster(`learner,profile,${name}\na,p,x\n`);
    expect(learners[0]?.columns).toEqual({ [name]: 'x' });
  });
  test('two columns of one name, and none for a way in', async () => {
    expect(await problems('learner,Account,account,note,note\n')).toEqual([
      expect.stringMatching(/^1:1 NO_WAY_IN /),
      '1:17 DUPLICATE_COLUMN There are two columns account.',
      '1:30 DUPLICATE_COLUMN There are two columns note.',
    ]);
  });
  test('nothing but a header, nothing at all', async () => {
    expect(await problems('learner,profile\n')).toEqual([
      '1:1 EMPTY There is no learner in this roster, only its header.',
    ]);
    expect(await problems('\n\n')).toEqual([expect.stringContaining('EMPTY This file is empty')]);
    expect(await problems('learners:\n', 'empty.yml')).toEqual([expect.stringContaining('EMPTY This file is empty')]);
  });
});

describe('a row that is wrong is told with its place', () => {
  test('every problem of the file at once', async () => {
    const text = `learner,name,account,region,role_arn,external_id,profile,snapshot
jdoe,"Jane
Doe",1.23457E+11,us-east-1a,${ROLE},a,,
,Nobody,12345678901,Frankfurt,,,p,gone.json
JDOE,"ü, x",123456789013,,${ROLE},,,
a,b
c,,,,,,,,,,
d,,,,,xyz,p,
e,,,,,,,gone.json
`;
    expect(await problems(text)).toEqual([
      '3:6 BAD_ACCOUNT "1.23457E+11" is not an account\'s number, which has 12 digits. Excel has made a number of it; format the column as text and enter it again.',
      '3:18 BAD_REGION "us-east-1a" is not the name of a Region, such as us-east-1. Is us-east-1 meant?',
      expect.stringMatching(/^3:67 BAD_EXTERNAL_ID "a" is not an external id/),
      '4:1 NO_LEARNER This row names no learner.',
      expect.stringMatching(/^4:9 BAD_ACCOUNT .* Was it 012345678901\? Then Excel has made a number of it/),
      '4:21 BAD_REGION "Frankfurt" is not the name of a Region, such as us-east-1.',
      '4:35 TWO_WAYS_IN This row has two ways in, profile and snapshot: leave one of them empty.',
      "5:1 DUPLICATE_LEARNER The learner JDOE is, as a file's name, the jdoe that stands in line 2 too.",
      "5:27 OTHER_ACCOUNT This role lies in account 123456789012, but the row's account is 123456789013.",
      '6:1 WRONG_CELLS This row has 2 cells, but the header has 8.',
      '7:1 NO_WAY_IN This row has no way in: it needs a role_arn, a profile or a snapshot.',
      '8:7 NO_ROLE An external_id goes with a role_arn, and there is none in this row.',
      `9:9 NO_SNAPSHOT There is no file ${join(folder, 'gone.json')}.`,
    ]);
  });

  test('so are Regions that there cannot be, and new ones are not', async () => {
    const rows = ['us-est-1', 'us-gov-west-1', 'eusc-de-east-1', 'mx-central-1', 'eu-west'];
    const text = `- ${rows.map((region, n) => `{ learner: l${n}, region: ${region}, profile: p }`).join('\n- ')}\n`;
    expect(await problems(text, 'regions.yaml')).toEqual([
      '1:26 BAD_REGION "us-est-1" is not the name of a Region, such as us-east-1.',
      '5:26 BAD_REGION "eu-west" is not the name of a Region, such as us-east-1.',
    ]);
  });

  test('in YAML too', async () => {
    const text = `learners:
  - learner: a
    account: 12345
    profile: p
  - learner: A
    profile: p
  - profile: p
`;
    expect(await problems(text, 'bad.yaml')).toEqual([
      '3:14 BAD_ACCOUNT "12345" is not an account\'s number, which has 12 digits.',
      "5:14 DUPLICATE_LEARNER The learner A is, as a file's name, the a that stands in line 2 too.",
      '7:5 NO_LEARNER This row names no learner.',
    ]);
    expect(await problems('class: 1\nlearners: [5, { learner: [a] }]\n', 'bad.yaml')).toEqual([
      expect.stringMatching(/^1:\d+ UNKNOWN_KEY Beside learners, this file has no "class"/),
      expect.stringMatching(/^2:12 INVALID An entry with keys/),
      expect.stringMatching(/^2:26 INVALID learner must be a text/),
    ]);
    expect(await problems('- learner: a\n  learner: b\n', 'bad.yaml')).toEqual([
      expect.stringMatching(/^2:3 DUPLICATE_KEY/),
    ]);
    expect(await problems('- learner: [a\n', 'bad.yaml')).toEqual([expect.stringMatching(/^\d+:\d+ BAD_YAML/)]);
  });

  test.each([
    'arn:aws:iam::123456789012:user/grader',
    'arn:aws:sts::123456789012:assumed-role/grader/me',
    'arn:aws:iam::12345678901:role/grader',
    'arn:aws:iam::123456789012:role/',
    'arn:aws:iam::123456789012:role/a b',
    'grader',
    `arn:aws:iam::123456789012:role/${'p/'.repeat(1100)}grader`,
  ])('%s is no role', async (arn) => {
    expect(await rowProblems('learner,role_arn', `a,${arn}`)).toEqual([expect.stringMatching(/^2:3 BAD_ROLE_ARN/)]);
  });

  test.each([
    'arn:aws-us-gov:iam::123456789012:role/grader',
    'arn:aws-cn:iam::123456789012:role/a/b/c_+=.@-d',
  ])('%s is one', async (arn) => {
    expect(await rowProblems('learner,role_arn,external_id', `a,${arn},${'x'.repeat(1224)}`)).toEqual([]);
  });

  test.each(['x', 'a b', 'é1', '"a,b""c"', 'x'.repeat(1225)])('%s is no external id', async (id) => {
    expect(await rowProblems('learner,role_arn,external_id', `a,${ROLE},${id}`)).toEqual([
      expect.stringMatching(/^2:\d+ BAD_EXTERNAL_ID/),
    ]);
  });

  test.each([
    '..',
    '.x',
    'a/b',
    'a\\b',
    'a:b',
    'a*',
    'con',
    'NUL.txt',
    'COM1',
    'lpt²',
    'a.',
    '\u001b[31mx',
    'a\u202eb',
    '"a\nb"',
    '"a\tb"',
    'x'.repeat(101),
    '漢'.repeat(90),
    '2.3E+10',
  ])('%j cannot name the files of a learner', async (id) => {
    expect(await rowProblems('learner,profile', `${id},p`)).toEqual([expect.stringMatching(/^2:1 BAD_LEARNER/)]);
  });

  test.each([
    'a..b',
    '4e12',
    'jane@school.edu',
    'console',
    '漢字',
    '-a',
    "O'Brien",
    'x'.repeat(100),
  ])('%j can', async (id) => {
    expect((await roster(`learner,profile\n${id},p\n`)).learners[0]?.id).toBe(id);
  });

  test.each([
    ['\u200b', 'U+200B'],
    ['\u00ad', 'U+00AD'],
    ['\u2060', 'U+2060'],
    ['\ufeff', 'U+FEFF'],
    ['\u3164', 'U+3164'],
    ['\u2028', 'U+2028'],
    ['\u2029', 'U+2029'],
    ['\u202e', 'U+202E'],
    ['\ufe0f', 'U+FE0F'],
    ['\u{e0041}', 'U+E0041'],
    ['\u001b', 'U+001B'],
  ])('an id with %j only looks like another, and the character is named', async (invisible, named) => {
    expect(await rowProblems('learner,profile', `jd${invisible}oe,p`)).toEqual([
      expect.stringMatching(
        new RegExp(`^2:1 BAD_LEARNER .* it holds ${named.replace('+', '\\+')}, which cannot be seen`),
      ),
    ]);
  });

  test.each([
    ['\u00a0', 'U+00A0'],
    ['\u2009', 'U+2009'],
    ['\u3000', 'U+3000'],
  ])('a space in an id is the plain one, and not %j', async (space, named) => {
    expect(await rowProblems('learner,profile', `Jane${space}Doe,p`)).toEqual([
      `2:1 BAD_LEARNER The learner "Jane${space}Doe" cannot name a file: it holds ${named}, which looks like a space and is another character.`,
    ]);
    expect(await rowProblems('learner,profile', 'Jane Doe,p')).toEqual([]);
  });

  test('one accent in two spellings of Unicode is one learner', async () => {
    expect(await problems('learner,profile\nJose\u0301,p\njos\u00e9,p\n')).toEqual([
      expect.stringMatching(/^3:1 DUPLICATE_LEARNER .* line 2 too/),
    ]);
  });

  test('a folder is no snapshot, and a cell without a header is not passed over', async () => {
    mkdirSync(join(folder, 'sub'), { recursive: true });
    expect(await problems('learner,snapshot,\na,sub,\nb,sub,x\n')).toEqual([
      expect.stringMatching(/^2:3 NO_SNAPSHOT .* is not a file\.$/),
      '3:7 NAMELESS_COLUMN This cell stands in a column without a name.',
    ]);
  });

  test('no more problems are told than somebody reads', async () => {
    const told = await problems(
      `learner,account,profile\n${Array.from({ length: 3000 }, (_, i) => `u${i},1,p`).join('\n')}`,
    );
    expect(told).toHaveLength(51);
    expect(told.at(-1)).toContain('… and 2950 more problems.');
  });
});

describe('a file that is no roster', () => {
  test.each([
    [
      'a quote that is never closed',
      'learner,profile\na,"p\nb,p\n',
      /^2:3 BAD_CSV The quote that opens here is never closed/,
    ],
    ['a quote within a cell', 'learner,profile\nü,p"x"\n', /^2:3 BAD_CSV There is a quote within this cell/],
    ['text behind a quote', 'learner,profile\n"ü,",p\n"a"b,p\n', /^3:1 BAD_CSV After the closing quote/],
  ])('%s', async (_what, text, expected) => {
    expect(await problems(text)).toEqual([expect.stringMatching(expected)]);
  });
  test('an Excel workbook', async () => {
    expect(await problems(Buffer.from([0x50, 0x4b, 3, 4, 0xff, 0xfe, 0x80]))).toEqual([
      expect.stringContaining('In Excel, save it as “CSV UTF-8 (Comma delimited)”.'),
    ]);
  });
  test('a folder, nothing, and what is too large', async () => {
    expect(await problemsOf(() => readRoster(folder))).toEqual([expect.stringContaining('NOT_A_FILE')]);
    expect(await problemsOf(() => readRoster(join(folder, 'absent.csv')))).toEqual([
      expect.stringContaining('NOT_FOUND'),
    ]);
    expect(await problems(Buffer.alloc(64 * 2 ** 20 + 1, 'a'))).toEqual([expect.stringContaining('TOO_LARGE')]);
    expect(await problems(`learner,profile\n${'\n'.repeat(200_000)}`)).toEqual([
      expect.stringContaining('TOO_MANY_ROWS'),
    ]);
    expect(await problems(`learner,profile${','.repeat(5_000_000)}\n`)).toEqual([
      expect.stringContaining('TOO_MANY_CELLS'),
    ]);
  });
});

test('100,000 learners are read', async () => {
  const rows = Array.from(
    { length: 100_000 },
    (_, index) => `u${index},"Doe, ${index}",123456789012,${ROLE},ext-${index}`,
  );
  const { learners } = await roster(`learner,name,account,role_arn,external_id\n${rows.join('\n')}\n`);
  expect(learners).toHaveLength(100_000);
  expect(learners[99_999]).toMatchObject({ id: 'u99999', name: 'Doe, 99999', entry: { externalId: 'ext-99999' } });
});
