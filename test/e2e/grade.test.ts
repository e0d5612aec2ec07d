/** `labproof grade` as an instructor runs it: from a roster to the books, and whatever comes between. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Pupil, writeClass, writeSnapshots } from '../../scripts/class-of.ts';
import { makeStates, roleArn } from '../../scripts/class-states.ts';
import { labproof as measured } from '../../scripts/labproof-process.ts';
import type { Kept } from '../../src/grade/books.ts';
import type { Grade } from '../../src/grade/grade.ts';
import type { Result } from '../../src/run/result.ts';
import { cli, freshEnv, labproof, type RunningSandbox, run, startSandbox } from './labproof.ts';
import { openTap, type Tap } from './tap.ts';

const LAB = 'vpc-flow-logs';
const [SOLVED, HALF, EMPTY, PINGS] = ['200000000001', '200000000002', '200000000003', '200000000004'];
const STATES = {
  solution: SOLVED,
  'solution through permissions': HALF,
  'empty account': EMPTY,
  'private-ping-not-repeated': PINGS,
};
const externalIdOf = (account: string) => `secret-external-id-${account}`;
const asRole = (id: string, account: string, externalId = externalIdOf(account), region = 'us-east-1') =>
  `${id},Name of ${id},${account},${region},${roleArn(account)},${externalId},,`;
const bySnapshot = (id: string, file: string, account = '') => `${id},Name of ${id},${account},,,,${file},`;

let sandbox: RunningSandbox;
let tap: Tap;
let home: string;
let count = 0;

beforeAll(async () => {
  const env = freshEnv();
  home = env.HOME ?? '';
  const states = await makeStates(({ id }) => Object.hasOwn(STATES, id));
  const pupils = states.states.map((state): Pupil => {
    const account = STATES[state.one.id as keyof typeof STATES] ?? '';
    return { id: account, account, state };
  });
  await writeClass(home, states, pupils);
  writeSnapshots(home, pupils);
  sandbox = await startSandbox(env, '--state', join(home, 'state.json'), '--time-scale', '5', '--enforce-iam');
  tap = await openTap(sandbox.url);
  sandbox = {
    ...sandbox,
    env: { ...sandbox.env, AWS_ENDPOINT_URL: tap.url, AWS_SECRET_ACCESS_KEY: 'instructors-key' },
  };
}, 120_000);
afterEach(() => setFaults({}));
afterAll(async () => {
  tap?.close();
  await sandbox?.stop();
});

async function setFaults(faults: object): Promise<void> {
  await fetch(`${tap.url}/_sandbox/faults`, { method: 'POST', body: JSON.stringify(faults) });
}

interface Class {
  readonly dir: string;
  readonly args: readonly string[];
  readonly read: (name: string) => string;
  readonly journal: () => readonly Kept[];
  readonly result: (id: string) => Result;
  /** `gradebook.csv`, cell by cell: names and remarks here hold no commas. */
  readonly row: (id: string) => Readonly<Record<string, string | undefined>>;
  readonly rewrite: (...rows: readonly string[]) => void;
}

function classOf(...rows: readonly string[]): Class {
  count += 1;
  const roster = join(home, `class-${count}.csv`);
  const dir = join(home, `grades-${count}`);
  const read = (name: string) => readFileSync(join(dir, name), 'utf8');
  const rewrite = (...lines: readonly string[]) =>
    writeFileSync(roster, `learner,name,account,region,role_arn,external_id,snapshot,profile\n${lines.join('\n')}\n`);
  rewrite(...rows);
  return {
    dir,
    rewrite,
    args: ['grade', LAB, '--roster', roster, '-o', dir],
    read,
    journal: () =>
      read('journal.jsonl')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
        .filter((entry) => 'learner' in entry),
    result: (id) => JSON.parse(read(join('results', `${id}.json`))) as Result,
    row(id) {
      const [header = '', ...lines] = read('gradebook.csv').split(/\r?\n/);
      const cells = (lines.find((line) => line.startsWith(`${id},`)) ?? '').split(',');
      return Object.fromEntries(header.split(',').map((name, index) => [name, cells[index]]));
    },
  };
}

function file(name: string, text: string): string {
  const path = join(home, `${count}-${name}`);
  writeFileSync(path, text);
  return path;
}

describe('a class', () => {
  test('is graded by role and by snapshot; unknown is no zero; 1 where somebody failed', async () => {
    const { args, row, result, read } = classOf(
      asRole('ada', SOLVED),
      asRole('bob', HALF),
      asRole('cyd', EMPTY),
      asRole('dan', EMPTY, 'another-id'),
      bySnapshot('eve', `${HALF}.json`),
    );
    const { code, stdout, stderr } = await labproof(args, sandbox.env);
    expect(code).toBe(1);
    expect(row('ada')).toMatchObject({
      status: 'graded',
      points: '100',
      possible: '100',
      percent: '100',
      passed: 'true',
    });
    expect(row('bob')).toMatchObject({ status: 'graded', points: '60', passed: 'true' });
    expect(row('cyd')).toMatchObject({ status: 'graded', points: '0', passed: 'false' });
    expect(row('dan')).toMatchObject({ status: 'unknown', points: '', percent: '', passed: '', 'vpc-1': '' });
    expect(row('eve')).toMatchObject({ status: 'graded', points: '60' });
    expect(result('bob').cloud.account).toBe(HALF);
    expect(stdout).toContain('4 of 5 graded, 3 passed.');
    expect(stdout).toContain('dan: ENTRY_DENIED');
    expect(stdout).toContain(join('gradebook.csv'));
    // Without a terminal, nothing is redrawn.
    expect(stderr).not.toContain('\r');
    expect(stderr).toContain('dan: ');
    expect(read('feedback/dan.md')).not.toMatch(/\b0 of 100/);
  });

  test('gives 0 where all have passed, and 3 where only something could not be told', async () => {
    const all = classOf(bySnapshot('ada', `${SOLVED}.json`));
    expect((await labproof(all.args, sandbox.env)).code).toBe(0);
    const some = classOf(bySnapshot('ada', `${SOLVED}.json`), asRole('bob', EMPTY, 'another-id'));
    expect((await labproof(some.args, sandbox.env)).code).toBe(3);
  });

  test('is graded by profiles, and an entry that leads to another account is not graded as this one', async () => {
    const profiles = file(
      'credentials',
      [SOLVED, EMPTY]
        .map((account) => `[of-${account}]\naws_access_key_id = ${account}\naws_secret_access_key = profile-secret\n`)
        .join(''),
    );
    writeFileSync(join(home, 'broken.json'), '{');
    const { args, row, journal } = classOf(
      `ada,Ada,${SOLVED},us-east-1,,,,of-${SOLVED}`,
      `bob,Bob,${HALF},us-east-1,,,,of-${EMPTY}`,
      bySnapshot('cyd', `${SOLVED}.json`, HALF),
      'dan,Dan,,us-east-1,,,,of-nobody',
      bySnapshot('eve', 'broken.json'),
    );
    const { code, stdout } = await labproof(args, { ...sandbox.env, AWS_SHARED_CREDENTIALS_FILE: profiles });
    expect(code).toBe(3);
    expect(row('ada')).toMatchObject({ status: 'graded', points: '100' });
    for (const id of ['bob', 'cyd']) {
      expect(row(id).status).toBe('unknown');
      expect(stdout).toContain(`${id}: OTHER_ACCOUNT`);
    }
    expect(row('dan').status).toBe('unknown');
    expect(journal().find(({ learner }) => learner === 'eve')?.seen).toMatchObject({
      code: 'BAD_SNAPSHOT',
      reason: expect.stringMatching(/^broken\.json:1:\d+: /),
    });
  });

  test('of AWS accounts takes no snapshot of the sandbox', async () => {
    const { args, row } = classOf(bySnapshot('ada', `${SOLVED}.json`));
    const { AWS_ENDPOINT_URL: _, ...aws } = sandbox.env;
    const { code, stdout } = await labproof(args, aws);
    expect([code, stdout]).toEqual([3, expect.stringMatching(/ada: SANDBOX_SNAPSHOT\. \d+\.json is of the sandbox/)]);
    expect(row('ada')).toMatchObject({ status: 'unknown', points: '' });
  });

  test('in a Region without the lab is told where the lab is', async () => {
    const { args, read, row } = classOf(asRole('ada', SOLVED, undefined, 'eu-west-3'));
    expect((await labproof(args, sandbox.env)).code).toBe(1);
    expect(row('ada')['vpc-1']).toBe('0');
    expect(read('gradebook.csv')).toContain('Looked at in eu-west-3, but the work seems to lie in another Region');
    expect(read('feedback/ada.md')).toContain('VPC_IN_OTHER_REGION');
  });

  test('with --no-ping is only read: what a ping would prove is unknown', async () => {
    const { args, result } = classOf(asRole('ada', PINGS));
    const before = tap.asked.length;
    const { code } = await labproof([...args, '--no-ping'], sandbox.env);
    const asked = tap.asked.slice(before);
    expect(asked.some((action) => action.includes('DescribeVpcs'))).toBe(true);
    expect(asked.filter((action) => /SendCommand|Create|Put|Delete/.test(action))).toEqual([]);
    expect([1, 3]).toContain(code);
    const told = result('ada').steps.flatMap(({ checks }) => checks);
    expect(told.filter(({ verdict }) => verdict === 'unknown').length).toBeGreaterThan(0);
  });
});

describe('bad input is refused whole', () => {
  test.each([
    [
      'a roster',
      ['ada,Ada,1234,,,,x.json,', ',Bob,,,,,,'],
      [],
      /class-\d+\.csv:2:\d+: .*1234[\s\S]*class-\d+\.csv:3:\d+: /,
    ],
    ['a rubric', undefined, ['--rubric', 'checks: { nothing: {} }\n'], /rubric:1:\d+: .*nothing/],
    [
      'overrides',
      undefined,
      ['--overrides', 'learner,check,points,reason\nada,,5,\nzoe,,5,Why\n'],
      /overrides:2:[\s\S]*overrides:3:/,
    ],
    ['a format', undefined, ['--format', 'htm'], /no format "htm"\. Did you mean html\?|"htm"/],
    ['Canvas without its export', undefined, ['--format', 'canvas'], /canvas/],
  ])('%s: 2, nothing is written and nothing called', async (_, rows, flags, expected) => {
    const { args, dir } = classOf(...(rows ?? [asRole('ada', SOLVED)]));
    const more = flags.map((flag) => (flag.includes('\n') ? file(String(flags[0]).slice(2), flag) : flag));
    const before = tap.asked.length;
    const { code, stdout, stderr } = await labproof([...args, ...more], sandbox.env);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(expected);
    expect(existsSync(dir)).toBe(false);
    expect(tap.asked.slice(before)).toEqual([]);
  });

  test('what labproof did not write is not written over, nor taken away', async () => {
    const mine = classOf(bySnapshot('ada', `${SOLVED}.json`));
    mkdirSync(mine.dir);
    writeFileSync(join(mine.dir, 'grades.json'), 'Mine.');
    const refused = await labproof(mine.args, sandbox.env);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('holds grades.json')]);
    expect(mine.read('grades.json')).toBe('Mine.');
    const inside = classOf(bySnapshot('ada', join(home, `grades-${count + 1}`, 'results', 'ada.json')));
    mkdirSync(join(inside.dir, 'results'), { recursive: true });
    copyFileSync(join(home, `${SOLVED}.json`), join(inside.dir, 'results', 'ada.json'));
    const evidence = await labproof(inside.args, sandbox.env);
    expect([evidence.code, evidence.stderr]).toEqual([2, expect.stringContaining('lies where labproof writes')]);
  });

  test('a folder that cannot be, or is another program’s', async () => {
    const { args, dir } = classOf(bySnapshot('ada', `${SOLVED}.json`));
    writeFileSync(dir, 'a file');
    const taken = await labproof(args, sandbox.env);
    expect([taken.code, taken.stdout]).toEqual([2, '']);
    expect(taken.stderr).toContain(dir);
    const other = classOf(bySnapshot('ada', `${SOLVED}.json`));
    mkdirSync(other.dir);
    writeFileSync(join(other.dir, 'journal.jsonl'), '{"name":"mine"}\n');
    const { code, stderr } = await labproof(other.args, sandbox.env);
    expect(code).toBe(2);
    expect(stderr).toContain('journal.jsonl:1');
    expect(other.read('journal.jsonl')).toBe('{"name":"mine"}\n');
  });
});

describe('marking', () => {
  test('by a rubric: points, what is hidden, the pass mark and lateness', async () => {
    const { args, row, read } = classOf(bySnapshot('ada', `${SOLVED}.json`), bySnapshot('bob', `${HALF}.json`));
    const rubric = file(
      'rubric.yaml',
      'pass: 70\nchecks:\n  vpc-1: { points: 10 }\n  private-answered: { hidden: true }\n  peering-active: { hidden: true }\nlate: { due: 2020-01-01T00:00:00Z, perDay: 1, most: 10 }\n',
    );
    expect((await labproof([...args, '--rubric', rubric], sandbox.env)).code).toBe(1);
    expect(row('ada')).toMatchObject({ 'vpc-1': '10', possible: '105', points: '94.5', percent: '90', passed: 'true' });
    expect(Number(row('ada').late_days)).toBeGreaterThan(365);
    expect(row('bob')).toMatchObject({ points: '54.5', passed: 'false' });
    const feedback = read('feedback/bob.md');
    expect(feedback).toMatch(/public 11\/16; 2 hidden|11 of 16[^\n]*2 hidden/i);
    expect(feedback).not.toContain('PEERING_MISSING');
    expect(feedback).not.toContain('A peering connection joins the VPCs\n\n');
    expect(feedback).toMatch(/late/i);
  });

  test('by hand: with a reason that the learner is told', async () => {
    const { args, row, read } = classOf(bySnapshot('ada', `${HALF}.json`), asRole('bob', EMPTY, 'another-id'));
    const overrides = file(
      'overrides.csv',
      'learner,check,points,reason\nada,peering-active,5,Shown in class\nada,vpc-1,1,Copied\n',
    );
    const { code } = await labproof([...args, '--overrides', overrides], sandbox.env);
    expect(code).toBe(3);
    expect(row('ada')).toMatchObject({ 'peering-active': '5', 'vpc-1': '1', points: '61' });
    expect(read('feedback/ada.md')).toContain('Shown in class');
    expect(read('feedback/ada.md')).toContain('Copied');
  });
});

describe('a second run', () => {
  test('with --resume looks only at who could not be told, or whose row was put right', async () => {
    const { args, row, rewrite, journal, result } = classOf(
      bySnapshot('ada', `${SOLVED}.json`),
      asRole('bob', HALF, 'another-id'),
      bySnapshot('cyd', `${SOLVED}.json`),
    );
    expect((await labproof(args, sandbox.env)).code).toBe(3);
    const first = journal();
    expect(first.map(({ learner }) => learner).filter((id) => id === 'bob')).toHaveLength(2);
    rewrite(bySnapshot('ada', `${SOLVED}.json`), asRole('bob', HALF), bySnapshot('cyd', `${EMPTY}.json`));
    expect((await labproof([...args, '--resume'], sandbox.env)).code).toBe(1);
    const later = journal().slice(first.length);
    expect(later.map(({ learner }) => learner).sort()).toEqual(['bob', 'cyd']);
    expect(row('bob')).toMatchObject({ status: 'graded', points: '60' });
    expect(row('cyd')).toMatchObject({ status: 'graded', points: '0' });
    expect(result('cyd').cloud.account).toBe(EMPTY);
  });

  test('without --resume grades anew: handed in is when it was, graded is now', async () => {
    const { args, read } = classOf(bySnapshot('ada', `${SOLVED}.json`));
    const grade = async () => {
      await labproof([...args, '--format', 'json'], sandbox.env);
      return JSON.parse(read('grades.json')).learners[0].grade as Grade;
    };
    const [one, two] = [await grade(), await grade()];
    expect(two.submittedAt).toBe(one.submittedAt);
    expect(two.gradedAt).not.toBe(one.gradedAt);
  });

  test('of a run that was stopped needs --resume, and goes on as it began: the same Region, with pings or without', async () => {
    const { args, dir, read } = classOf(bySnapshot('ada', `${SOLVED}.json`), asRole('bob', HALF, undefined, ''));
    await labproof(args, sandbox.env);
    const books = join(dir, 'journal.jsonl');
    const [begin = '', marked = '', first = ''] = readFileSync(books, 'utf8').split('\n');
    const stopped = `${begin}\n${marked}\n${first}\n{"status":"gra`;
    writeFileSync(books, stopped);
    const refused = await labproof(args, sandbox.env);
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toContain('--resume');
    for (const [flags, told] of [
      [['--no-ping'], '--no-ping'],
      [['--region', 'eu-west-3'], 'the Region (us-east-1 then, eu-west-3 now)'],
    ] as const) {
      const other = await labproof([...args, '--resume', ...flags], sandbox.env);
      expect([other.code, other.stdout]).toEqual([2, '']);
      expect(other.stderr).toContain(told);
    }
    expect(readFileSync(books, 'utf8')).toBe(stopped);
    expect((await labproof([...args, '--resume'], sandbox.env)).code).toBe(0);
    expect(read('journal.jsonl').split('\n').slice(0, 3)).toEqual([begin, marked, first]);
    expect(read('journal.jsonl').trimEnd().split('\n')).toHaveLength(5);
  });

  test('with --resume takes another rubric and decisions by hand, and looks at nobody of whom all is told', async () => {
    const { args, row, journal } = classOf(
      bySnapshot('ada', `${HALF}.json`),
      asRole('bob', HALF),
      asRole('cyd', EMPTY, 'another-id'),
    );
    expect((await labproof(args, sandbox.env)).code).toBe(3);
    const first = journal().length;
    const rubric = file('harder.yaml', 'pass: 61\nchecks: { vpc-1: { points: 3 } }\n');
    const overrides = file(
      'decided.csv',
      'learner,check,points,reason\nada,peering-active,5,Shown\ncyd,,42,Oral exam\n',
    );
    const marked = await labproof([...args, '--resume', '--rubric', rubric, '--overrides', overrides], sandbox.env);
    expect(marked).toMatchObject({ code: 1, stdout: expect.stringContaining('3 of 3 graded, 1 passed.') });
    expect(row('ada')).toMatchObject({ points: '63', percent: '64.29', passed: 'true' });
    expect(row('bob')).toMatchObject({ points: '58', percent: '59.18', passed: 'false' });
    expect(row('cyd')).toMatchObject({
      status: 'graded',
      points: '42',
      'vpc-1': '',
      overrides: 'all = 42 (Oral exam)',
    });
    expect(journal()).toHaveLength(first);
  });

  test('with --resume looks again where a result is not there as it was written', async () => {
    const { args, dir, journal, result } = classOf(
      ...['ada', 'bob', 'cyd'].map((id) => bySnapshot(id, `${HALF}.json`)),
    );
    await labproof(args, sandbox.env);
    rmSync(join(dir, 'results', 'ada.json'));
    truncateSync(join(dir, 'results', 'bob.json'), 1000);
    expect((await labproof([...args, '--resume'], sandbox.env)).code).toBe(0);
    expect(
      journal()
        .map(({ learner }) => learner)
        .sort(),
    ).toEqual(['ada', 'ada', 'bob', 'bob', 'cyd']);
    expect(result('bob').points.earned).toBe(60);
  });

  test('with --again looks once more at a learner, and says what was there before', async () => {
    const handedIn = join(home, 'handed-in.json');
    const handIn = (account: string) => copyFileSync(join(home, `${account}.json`), handedIn);
    handIn(SOLVED);
    const { args, row, journal } = classOf(bySnapshot('ada', handedIn), asRole('bob', HALF));
    expect((await labproof(args, sandbox.env)).code).toBe(0);
    handIn(EMPTY);
    expect((await labproof([...args, '--again', 'ada'], sandbox.env)).code).toBe(1);
    expect(
      journal()
        .map(({ learner }) => learner)
        .sort(),
    ).toEqual(['ada', 'ada', 'bob']);
    expect(row('ada')).toMatchObject({
      points: '0',
      remarks: expect.stringMatching(/^It was worth 100 points when it was looked at on \d{4}-\d\d-\d\d /),
    });
    expect(row('bob')).toMatchObject({ points: '60', remarks: '' });
    const nobody = await labproof([...args, '--again', 'bobb'], sandbox.env);
    expect([nobody.code, nobody.stderr]).toEqual([2, expect.stringContaining('Did you mean bob?')]);
  });

  test('is refused where it would lose learners, or mix two labs', async () => {
    const { args, rewrite, read } = classOf(...['ada', 'bob'].map((id) => bySnapshot(id, `${HALF}.json`)));
    await labproof(args, sandbox.env);
    const gradebook = read('gradebook.csv');
    rewrite(bySnapshot('ada', `${SOLVED}.json`));
    const fewer = await labproof(args, sandbox.env);
    expect([fewer.code, fewer.stderr]).toEqual([2, expect.stringMatching(/with bob, .*--again.*--left bob/)]);
    const text = readFileSync(join(import.meta.dirname, '../../labs/vpc-flow-logs/lab.yaml'), 'utf8');
    const other = file('lab.yaml', text.replace(/^id: .*$/m, 'id: another-lab'));
    const mixed = await labproof(['grade', other, ...args.slice(2)], sandbox.env);
    expect([mixed.code, mixed.stderr]).toEqual([2, expect.stringContaining('the lab vpc-flow-logs')]);
    expect(read('gradebook.csv')).toBe(gradebook);
    expect((await labproof([...args, '--resume', '--left', 'bob'], sandbox.env)).code).toBe(0);
    const there = await labproof([...args, '--resume', '--left', 'ada'], sandbox.env);
    expect([there.code, there.stderr]).toEqual([2, expect.stringContaining('ada stands in the roster')]);
    // Said once, it is known.
    expect((await labproof(args, sandbox.env)).code).toBe(0);
    expect(read('gradebook.csv')).not.toContain('bob');
  });

  test('keeps what stood where an account is shut for a while, and says what it was worth', async () => {
    const { args, row, read, result } = classOf(asRole('ada', HALF));
    expect((await labproof(args, sandbox.env)).code).toBe(0);
    await setFaults({ 'sts:AssumeRole': { error: { code: 'AccessDenied', status: 403 } } });
    expect((await labproof([...args, '--again', 'ada'], sandbox.env)).code).toBe(3);
    expect(row('ada')).toMatchObject({ status: 'unknown', points: '' });
    expect(read('gradebook.csv')).toMatch(/It was worth 60 points when it was looked at on /);
    expect(result('ada').points.earned).toBe(60);
  });

  test('says so where the last one was marked with overrides, and this one is not', async () => {
    const { args } = classOf(bySnapshot('ada', `${HALF}.json`));
    const overrides = file('once.csv', 'learner,check,points,reason\nada,,80,Oral exam\n');
    await labproof([...args, '--overrides', overrides], sandbox.env);
    const { stderr } = await labproof([...args, '--resume'], sandbox.env);
    expect(stderr).toContain('was marked with --overrides, and this one is not');
  });

  test('leaves no file of a format, or of a learner, that is not of this run; results stay', async () => {
    const { args, dir, rewrite } = classOf(...['ada', 'bob'].map((id) => bySnapshot(id, `${HALF}.json`)));
    const formats = ['html', 'json', 'junit', 'gradescope'].flatMap((format) => ['--format', format]);
    await labproof([...args, ...formats], sandbox.env);
    writeFileSync(join(dir, 'feedback', 'notes.md'), 'Mine.');
    rewrite(bySnapshot('ada', `${HALF}.json`));
    await labproof([...args, '--resume', '--left', 'bob', '--format', 'json'], sandbox.env);
    expect(globSync('**/*.*', { cwd: dir }).sort()).toEqual([
      ...['feedback/ada.md', 'feedback/notes.md', 'gradebook.csv', 'grades.json', 'journal.jsonl'],
      ...['results/ada.json', 'results/bob.json'],
    ]);
  });

  test.each([
    ['before an account is entered', 'sts:AssumeRole'],
    ['in the midst of an account', 'ec2:DescribeRouteTables'],
  ])('stopped by Ctrl+C %s ends with 130 and keeps what is told; another one meanwhile is refused', async (_, call) => {
    const { args, journal, row } = classOf(
      bySnapshot('ada', `${SOLVED}.json`),
      asRole('bob', HALF),
      asRole('cyd', EMPTY),
    );
    await setFaults({ [call]: { latencyMs: 60_000 } });
    const child = spawn(process.execPath, [cli, ...args], { env: sandbox.env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const ended = once(child, 'exit');
    const asked = tap.asked.length;
    for (let waited = 0; waited < 200 && !tap.asked.slice(asked).includes(call.split(':')[1] ?? ''); waited += 1)
      await pause(50);
    const second = await labproof([...args, '--resume'], sandbox.env);
    expect(second.code).toBe(2);
    expect(second.stderr).toContain(`process ${child.pid}`);
    const began = performance.now();
    child.kill('SIGINT');
    expect((await ended)[0]).toBe(130);
    expect(performance.now() - began).toBeLessThan(3000);
    expect(said).toContain('--resume');
    expect(journal().map(({ learner }) => learner)).toEqual(['ada']);
    await setFaults({});
    expect((await labproof([...args, '--resume'], sandbox.env)).code).toBe(1);
    expect(
      journal()
        .map(({ learner }) => learner)
        .sort(),
    ).toEqual(['ada', 'bob', 'cyd']);
    expect(row('bob').points).toBe('60');
  });

  test('goes on where the disk was full', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `learner-${index}`);
    const { args, dir, row } = classOf(...ids.map((id) => bySnapshot(id, `${HALF}.json`)));
    // No file may be longer than 16 KiB: the journal ends in the midst of a line.
    const command = `ulimit -f 16; exec ${process.execPath} ${cli} ${args.join(' ')}`;
    const full = await run('bash', ['-c', command], sandbox.env);
    expect(full.code).not.toBe(0);
    expect(full.code).not.toBe(1);
    expect(full.stderr).toContain(dir);
    expect(full.stderr).not.toContain('    at ');
    expect(existsSync(join(dir, 'gradebook.csv'))).toBe(false);
    expect((await labproof([...args, '--resume'], sandbox.env)).code).toBe(0);
    expect(ids.map((id) => row(id).points)).toEqual(ids.map(() => '60'));
  });
});

test('on a terminal, one line is redrawn, and no longer than the terminal is wide', async () => {
  const { args } = classOf(bySnapshot('ada', `${SOLVED}.json`), asRole('bob', EMPTY, 'another-id'));
  const command = `stty rows 24 cols 60; exec ${process.execPath} ${cli} ${args.join(' ')}`;
  const { stdout } = await run('script', ['-qec', command, '/dev/null'], sandbox.env);
  const drawn = stdout.split('\r\x1b[K').filter((text) => / of 2,/.test(text));
  expect(drawn.at(-1)).toContain('2 of 2');
  for (const line of drawn) expect(line.split('\r')[0]?.length).toBeLessThan(60);
  // There is no room for the bar: what is told goes before it.
  expect(drawn.at(-1)).toMatch(/^2 of 2, .*1 could not be told/);
});

test('credentials get nowhere: not into a file, onto a screen or into the process list', async () => {
  const { args, dir } = classOf(asRole('ada', SOLVED), asRole('bob', EMPTY), asRole('cyd', HALF, 'another-id'));
  const before = tap.secrets.length;
  const formats = ['json', 'html', 'junit', 'gradescope', 'classroom50'].flatMap((format) => ['--format', format]);
  const { code, stdout, stderr, commandLine } = await measured([...args, ...formats], sandbox.env);
  expect(code).toBe(1);
  const given = tap.secrets.slice(before);
  expect(given.length).toBeGreaterThanOrEqual(4);
  const secrets = [...given, 'instructors-key', externalIdOf(SOLVED), externalIdOf(EMPTY), 'another-id'];
  const files = globSync('**/*', { cwd: dir }).filter((name) => statSync(join(dir, name)).isFile());
  expect(files).toContain('journal.jsonl');
  expect(files).toContain(join('results', 'ada.json'));
  expect(commandLine).toContain('--roster');
  const told = { stdout, stderr, commandLine };
  const texts = [
    ...Object.entries(told),
    ...files.map((name) => [name, readFileSync(join(dir, name), 'utf8')] as const),
  ];
  expect(texts.flatMap(([name, text]) => secrets.filter((secret) => text.includes(secret)).map(() => name))).toEqual(
    [],
  );
});
