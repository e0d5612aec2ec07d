import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { listLabs } from '../../src/lab/list.ts';
import { LabError, type LabProblem, loadLab } from '../../src/lab/load.ts';
import { checks, minimal } from './minimal.ts';

const dir = mkdtempSync(join(tmpdir(), 'labproof-lab-'));
afterAll(() => rmSync(dir, { recursive: true }));

const options = { labsDir: dir, checks };
const file = join(dir, 'lab.yaml');

async function problemsOf(idOrPath: string): Promise<readonly LabProblem[]> {
  const error = await loadLab(idOrPath, options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LabError);
  return error instanceof LabError ? error.problems : [];
}

function problemsIn(content: string | Uint8Array): Promise<readonly LabProblem[]> {
  writeFileSync(file, content);
  return problemsOf(file);
}

/** Line and column of the first occurrence, counted without the code under test. */
function placeOf(needle: string, text: string): { line: number; column: number } {
  const before = text.slice(0, text.indexOf(needle)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

describe('a good lab', () => {
  test('loads with its data, its file and the digest of exactly its bytes', async () => {
    writeFileSync(file, minimal);
    const lab = await loadLab(file, options);
    expect(lab).toMatchObject({ id: 'small', version: '1.2.3', file });
    expect(lab.digest).toBe(`sha256:${createHash('sha256').update(minimal).digest('hex')}`);
    expect(lab.steps[0]?.checks[1]).toEqual({
      id: 'two',
      use: 'network/two',
      title: 'Two',
      with: { port: 22, protocol: 'tcp', reason: 'so' },
      points: 40,
      after: ['one'],
    });
    expect(lab).not.toHaveProperty('reportTemplate');
  });

  test('is found by its id, with the write-up template beside it', async () => {
    mkdirSync(join(dir, 'small'));
    writeFileSync(join(dir, 'small/lab.yaml'), minimal);
    writeFileSync(join(dir, 'small/report.md.liquid'), '# {{ lab.title }}\n');
    mkdirSync(join(dir, 'no-lab'));
    expect(await listLabs(dir)).toEqual(['small']);
    expect((await loadLab('small', options)).reportTemplate).toBe('# {{ lab.title }}\n');
  });

  test('may repeat a part by an alias', async () => {
    writeFileSync(
      file,
      minimal
        .replace('console: [Click.]', 'console: &words [Click.]')
        .replace('hints: [One, Two, Three]', 'hints: [*w1, *w1, *w1]')
        .replace('[Click.]', '[&w1 Click.]'),
    );
    expect((await loadLab(file, options)).steps[0]?.hints).toEqual(['Click.', 'Click.', 'Click.']);
  });

  test('is the same with Windows line ends and a byte order mark', async () => {
    writeFileSync(file, `\uFEFF${minimal.replaceAll('\n', '\r\n')}`);
    const { file: _file, digest: _digest, ...lab } = await loadLab(file, options);
    writeFileSync(file, minimal);
    expect(await loadLab(file, options)).toMatchObject(lab);
  });
});

describe('a lab that is not there', () => {
  test('is told by name, with what there is and what was probably meant', async () => {
    mkdirSync(join(dir, 'vpc-basics'));
    writeFileSync(join(dir, 'vpc-basics/lab.yaml'), minimal);
    const [problem] = await problemsOf('vpc-basic');
    expect(problem).toMatchObject({ code: 'UNKNOWN_LAB' });
    expect(problem?.message).toMatch(/"vpc-basic".*Did you mean vpc-basics\?.*small/);
  });

  test('has the id of its folder', async () => {
    expect(await problemsOf('vpc-basics')).toMatchObject([{ code: 'WRONG_ID', line: 2, column: 5 }]);
  });

  test.each([
    ['', 'UNKNOWN_LAB'],
    ['constructor', 'UNKNOWN_LAB'],
    ['./nowhere/lab.yaml', 'NOT_FOUND'],
    [join(file, 'lab.yaml'), 'NOT_FOUND'],
    [`${dir}/`, 'NOT_A_FILE'],
    ['/dev/zero', 'NOT_A_FILE'],
  ])('%j is refused as %s', async (idOrPath, code) => {
    expect(await problemsOf(idOrPath)).toMatchObject([{ code }]);
  });

  test('a pipe is not waited for', async () => {
    const pipe = join(dir, 'pipe.yaml');
    execFileSync('mkfifo', [pipe]);
    expect(await problemsOf(pipe)).toMatchObject([{ code: 'NOT_A_FILE' }]);
  });
});

describe('text that is no lab is refused whole', () => {
  const bomb = `a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n`;
  test.each<[string, string | Uint8Array, string, string | undefined]>([
    ['an empty file', '', 'EMPTY', undefined],
    ['nothing but a comment', '# soon\n', 'EMPTY', undefined],
    ['a list', '- a\n', 'INVALID', undefined],
    ['a single word', 'lab', 'INVALID', undefined],
    ['a picture', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0xff]), 'NOT_TEXT', undefined],
    ['a NUL byte', 'a: b\0', 'NOT_TEXT', '\0'],
    ['an escape code', 'a: b\x1b[31m', 'NOT_TEXT', '\x1b'],
    ['an escape code, escaped', minimal.replace('A small lab', '"\\e[31mred"'), 'CONTROL_CHARACTER', '"\\e'],
    ['more than 1 MiB', `a: ${'x'.repeat(1024 * 1024)}`, 'TOO_LARGE', undefined],
    ['an open bracket', 'id: [\n', 'BAD_YAML', undefined],
    ['a tab as indentation', 'a:\n\tb: 1\n', 'BAD_YAML', '\tb'],
    ['two documents', `${minimal}---\n${minimal}`, 'BAD_YAML', '---'],
    ['a key twice', `${minimal}minutes: 6\n`, 'DUPLICATE_KEY', 'minutes: 6'],
    ['a key that is a list', '[a]: b\n', 'BAD_YAML', '[a]'],
    ['a JavaScript tag', minimal.replace('Nothing much.', '!!js/function "x"'), 'TAG_NOT_ALLOWED', '"x"'],
    ['a tag of its own', minimal.replace('Nothing much.', '!secret "x"'), 'TAG_NOT_ALLOWED', '"x"'],
    ['a binary tag', minimal.replace('Nothing much.', '!!binary "eA=="'), 'TAG_NOT_ALLOWED', '"eA=='],
    ['an alias of nothing', 'a: *b\n', 'BAD_YAML', '*b'],
    ['aliases of aliases', bomb, 'ALIAS_NESTED', '*a'],
    ['an alias of itself', 'a: &a [*a]\n', 'ALIAS_NESTED', '*a'],
    ['aliases without end', `a: &a x\nb: [${'*a, '.repeat(300)}]\n`, 'TOO_MANY_ALIASES', undefined],
    ['a merge key', minimal.replace('summary:', 'x: &x { a: b }\n<<: *x\nsummary:'), 'UNKNOWN_KEY', 'x: &x'],
    ['a merge key by directive', `%YAML 1.1\n---\n<<: { id: x }\n${minimal}`, 'UNKNOWN_KEY', '<<'],
    ['lists 100 deep', `a: ${'['.repeat(100)}${']'.repeat(100)}`, 'TOO_DEEP', undefined],
    ['lists without bottom', `a: ${'['.repeat(500_000)}`, 'TOO_DEEP', undefined],
    [
      'maps without bottom',
      Array.from({ length: 1400 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
      'TOO_DEEP',
      undefined,
    ],
  ])('%s', async (_, content, code, at) => {
    const [problem] = await problemsIn(content);
    expect(problem).toMatchObject({ code, file });
    if (at !== undefined) expect(problem).toMatchObject(placeOf(at, String(content)));
  });

  test('40,000 keys are read in a moment', async () => {
    const problems = await problemsIn(Array.from({ length: 40_000 }, (_, index) => `k${index}: 1\n`).join(''));
    expect(problems.filter(({ code }) => code === 'UNKNOWN_KEY')).toHaveLength(40_000);
  });

  test('keys that JavaScript knows are keys like any other', async () => {
    const codes = async (text: string) => (await problemsIn(text)).map(({ code, line }) => [code, line]);
    expect(await codes(`__proto__: { id: x }\nconstructor: 1\n${minimal}`)).toEqual([
      ['UNKNOWN_KEY', 1],
      ['UNKNOWN_KEY', 2],
    ]);
    expect(await codes(minimal.replace('network/one', 'constructor'))).toEqual([['UNKNOWN_CHECK', 20]]);
    expect(await codes(minimal.replace('vpc: left', 'vpc: toString'))).toEqual([['UNKNOWN_RESOURCE', 20]]);
    expect(Object.hasOwn(Object.prototype, 'id')).toBe(false);
  });
});

describe('each mistake is told with its code and its place', () => {
  /** What is changed, into what, the code, and the text at which the problem stands. */
  test.each<[string, string, string, string, string]>([
    ['a missing key', '    why: Because.\n', '', 'MISSING', 'id: first'],
    ['an empty value', 'why: Because.', 'why:', 'INVALID', '\n    console'],
    ['a misspelt key', 'hints: [', 'hnits: [', 'UNKNOWN_KEY', 'hnits'],
    ['a number for a text', 'title: A small lab', 'title: 7', 'INVALID', '7'],
    ['a text for a number', 'minutes: 5', 'minutes: five', 'INVALID', 'five'],
    ['a line of two lines', 'title: A small lab', 'title: "a\\nb"', 'INVALID', '"a\\nb"'],
    ['too few hints', '[One, Two, Three]', '[One, Two]', 'INVALID', '[One'],
    ['another format', 'format: 1', 'format: 2', 'INVALID', '2'],
    ['a version that is none', '1.2.3', 'latest', 'INVALID', 'latest'],
    ['a bad resource name', '  left: {', '  Left One: {', 'INVALID', 'Left One'],
    ['a resource of no kind', 'kind: vpc, label: Right', 'kind: cloud, label: Right', 'INVALID', 'cloud'],
    ['a CIDR that is none', 'cidr: 10.1.0.0/16', 'cidr: 10.1.0.0/33', 'INVALID', '10.1.0.0/33'],
    ['a resource that peers with nothing', 'peeredWith: right', 'peeredWith: rihgt', 'UNKNOWN_RESOURCE', 'rihgt'],
    ['a resource that peers with no VPC', 'peeredWith: right', 'peeredWith: peering', 'WRONG_KIND', 'peering }'],
    ['a peering with itself', '[left, right]', '[left, left]', 'SAME_VPC', '[left, left]'],
    ['a name that is taken', '  peering: {', '  region: {', 'RESERVED_NAME', 'region: {'],
    ['an unknown check', 'network/one', 'network/onne', 'UNKNOWN_CHECK', 'network/onne'],
    ['a check that is no path', 'network/one', '../secret', 'INVALID', '../secret'],
    ['an unknown parameter', 'vpc: left, other', 'vcp: left, other', 'UNKNOWN_PARAMETER', 'vcp'],
    ['a missing parameter', ', other: right }, points', ' }, points', 'MISSING_PARAMETER', '{ vpc: left }'],
    ['an unknown resource', 'vpc: left, other', 'vpc: letf, other', 'UNKNOWN_RESOURCE', 'letf'],
    ['a resource of the wrong kind', 'vpc: left, other', 'vpc: peering, other', 'WRONG_KIND', 'peering, other'],
    ['a text for a number parameter', 'port: 22', 'port: ssh', 'BAD_PARAMETER', 'ssh'],
    ['a word that is not in the list', 'protocol: tcp', 'protocol: sctp', 'BAD_PARAMETER', 'sctp'],
    ['a number for a text parameter', 'reason: so', 'reason: 1', 'BAD_PARAMETER', '1 }, points'],
    ['a check id twice', 'id: two', 'id: one', 'DUPLICATE_ID', 'one, use: network/two'],
    ['a question id twice', 'id: said', 'id: guess', 'DUPLICATE_ID', 'guess, kind: text'],
    ['after an unknown check', 'after: [one]', 'after: [oen]', 'BAD_AFTER', 'oen]'],
    ['after itself', 'after: [one]', 'after: [two]', 'BAD_AFTER', 'two]'],
    ['an answer that is no option', 'answer: 1', 'answer: 2', 'ANSWER_OUT_OF_RANGE', '2, explanation'],
    ['points that are not 100', 'points: 40', 'points: 41', 'POINTS_NOT_100', 'steps:'],
    ['a call of no service', 'ec2:CreateVpc', 's3:CreateBucket', 'INVALID', 's3:CreateBucket'],
    ['a path that is none', 'Vpc.VpcId', 'Vpc..VpcId', 'INVALID', 'Vpc..VpcId'],
    ['both ends of a wait', 'is: available,', 'exists: yes,', 'INVALID', 'yes'],
    ['an unknown name', "'${left}'", "'${lefft}'", 'UNKNOWN_NAME', "'${lefft}'"],
    ['a name that is not closed', "'${left}'", "'${left'", 'UNKNOWN_NAME', "'${left'"],
    ['a value of a call that may be left out', "'${left}'", "'${table}'", 'UNKNOWN_NAME', "'${table}', 'of"],
    ['makes nothing of the lab', 'why: Left, makes: left', 'why: Left, makes: lift', 'UNKNOWN_RESOURCE', 'lift'],
    ['makes what it does not save', 'left: Vpc.VpcId', 'left2: Vpc.VpcId', 'NOT_SAVED', 'left, input: { CidrBlock'],
    [
      'saves what an ignored error leaves out',
      '    save: { cidr',
      '    ignore: [X]\n        save: { cidr',
      'NOT_SAVED',
      "cidr: 'Vpcs",
    ],
  ])('%s', async (_, from, to, code, at) => {
    expect(minimal).toContain(from);
    const text = minimal.replace(from, () => to);
    const problems = await problemsIn(text);
    expect(problems).toContainEqual(expect.objectContaining({ code, file, ...placeOf(at, text) }));
  });

  test('all of them at once', async () => {
    const problems = await problemsIn(
      minimal.replace('network/one', 'network/onne').replace('answer: 1', 'answer: 7').replace('port: 22', 'port: x'),
    );
    expect(problems.map(({ code }) => code).sort()).toEqual(['ANSWER_OUT_OF_RANGE', 'BAD_PARAMETER', 'UNKNOWN_CHECK']);
  });

  test('inside of an alias, at the place that is repeated', async () => {
    const text = minimal
      .replace('with: { vpc: left, other: right }', 'with: &with { vpc: left, other: wrong }')
      .replace('with: { port: 22, protocol: tcp, reason: so }', 'with: *with')
      .replace('network/two', 'network/one');
    const problems = await problemsIn(text);
    expect(problems).toHaveLength(2);
    for (const problem of problems)
      expect(problem).toMatchObject({ code: 'UNKNOWN_RESOURCE', ...placeOf('wrong', text) });
  });

  test('as file:line:column in the error message', async () => {
    writeFileSync(file, minimal.replace('network/one', 'network/onne'));
    await expect(loadLab(file, options)).rejects.toThrow(
      `${file}:20:25: There is no check "network/onne". Did you mean network/one?`,
    );
  });
});

test('whatever a file holds, it is a lab or a LabError with places inside of the file', async () => {
  const piece = fc.constantFrom(
    '\n',
    ' ',
    '  ',
    '- ',
    ': ',
    '{',
    '}',
    '[',
    ']',
    '&a ',
    '*a',
    '!!x ',
    '|',
    '>',
    '"',
    "'",
    '#',
    '\t',
    '---\n',
    '%',
    '? ',
    'id',
    'x',
    '\0',
    '\u202e',
    '😀',
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')),
    fc
      .tuple(fc.nat(minimal.length), fc.nat(12), fc.array(piece, { maxLength: 6 }))
      .map(([at, length, pieces]) => minimal.slice(0, at) + pieces.join('') + minimal.slice(at + length)),
  );
  await fc.assert(
    fc.asyncProperty(text, async (content) => {
      writeFileSync(file, content);
      const outcome = await loadLab(file, options).catch((error: unknown) => error);
      if (!(outcome instanceof LabError)) {
        expect(outcome).toHaveProperty('steps');
        return;
      }
      const lines = content.split('\n');
      expect(outcome.problems.length).toBeGreaterThan(0);
      for (const { code, line = 1, column = 1 } of outcome.problems) {
        expect(code).toMatch(/^[A-Z0-9_]+$/);
        expect(line).toBeLessThanOrEqual(lines.length);
        expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
      }
    }),
    { numRuns: 400 },
  );
});
