/** A learner's text is safe to show: in every output of every command, whatever the account, a file or a flag holds. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { XmlDocument } from 'libxml2-wasm';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Snapshot } from '../../src/account/snapshot.ts';
import type { PathResult } from '../../src/run/path.ts';
import { minimal } from '../lab/minimal.ts';
import { acting, brokenOut, headingsOf } from '../lib/harmless.ts';
import { clientsOf } from '../sandbox/clients.ts';
import { HOSTILE, NAME, poison, spoil, strand } from './hostile-account.ts';
import { cli, freshEnv, labproof, type Ran, type RunningSandbox, startSandbox } from './labproof.ts';

const SCRIPT = ['/usr/bin/script', '/bin/script'].find(existsSync);
/** Beyond this, a line is no line for people: commands, which are never broken, have some 600 characters. */
const LONGEST_LINE = 1100;
const LONGEST_TEXT = 60_000;

function expectText({ stdout, stderr }: Ran): void {
  for (const text of [stdout, stderr]) {
    expect(acting(text)).toEqual([]);
    expect(text.length).toBeLessThan(LONGEST_TEXT);
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThan(LONGEST_LINE);
    // A line of ours that a name with a line break in it has made up.
    expect(text).not.toMatch(/^✓ pass 100\/100$/m);
  }
}

function expectJson({ stdout, stderr }: Ran): unknown {
  expect(acting(stdout)).toEqual([]);
  expect(acting(stderr)).toEqual([]);
  return JSON.parse(stdout);
}

/** The headings of the lab's report are the lab's own, in every account. */
function expectReport(markdown: string): void {
  expect(acting(markdown)).toEqual([]);
  expect(brokenOut(markdown)).toEqual([]);
  expect(headingsOf(markdown).filter((line) => /H1|pass 100/.test(line))).toEqual([]);
  expect(markdown.length).toBeLessThan(500_000);
}

describe.each([
  ['solved', async () => {}],
  ['full of mistakes', spoil],
] as const)('an account with hostile names, %s', (state, change) => {
  let sandbox: RunningSandbox;
  let instanceId: string;
  let dir: string;
  beforeAll(async () => {
    sandbox = await startSandbox(freshEnv(), '--time-scale', '1000');
    expect(await labproof(['solve'], sandbox.env)).toMatchObject({ code: 0 });
    expect(await labproof(['verify', '--timeout', '10'], sandbox.env)).toMatchObject({ code: 0 });
    const clients = clientsOf(sandbox.url);
    ({ instanceId } = await poison(clients));
    await change(clients);
    dir = sandbox.env.HOME ?? '';
  }, 120_000);
  afterAll(() => sandbox.stop());

  const live = (...args: readonly string[]) => labproof(args, sandbox.env);

  test('it is what it should be', async () => {
    const { code, stdout } = await live('verify', '--timeout', '10');
    expect({ code, stdout }).toMatchObject({
      code: state === 'solved' ? 0 : expect.toSatisfy((n) => n === 1 || n === 3),
    });
  });

  test.each([
    [['verify']],
    [['verify', '--step', 'ping']],
    [['cleanup']],
    [['doctor']],
    [['check', 'show', 'iam/role-can-write']],
    [['policy']],
    [['lab', 'show']],
  ])('%j as text', async (args) => expectText(await live(...args)));

  test.each([
    [['verify', '--json']],
    [['cleanup', '--json']],
    [['doctor', '--json']],
    [['policy']],
    [['policy', '--for', 'learner']],
    [['check', 'list', '--json']],
    [['lab', 'show', '--json']],
  ])('%j as JSON', async (args) => void expectJson(await live(...args)));

  test('a path, by a hostile name too, and the name is whole in JSON', async () => {
    const flags = ['--from', instanceId, '--to', '10.2.0.1'];
    expectText(await live('path', ...flags));
    expect(expectJson(await live('path', ...flags, '--json'))).toMatchObject({ from: { name: NAME } });
    for (const place of [NAME, 'nothing', 'eni-0']) {
      expectText(await live('path', '--from', place, '--to', '10.2.0.1'));
      expectJson(await live('path', '--from', place, '--to', '10.2.0.1', '--json'));
    }
  });

  test('the report, JUnit XML and the snapshot with all that is read from it', async () => {
    const file = join(dir, 'snapshot.json');
    expectText(await live('snapshot', '-o', file));
    for (const source of [[], ['--snapshot', file]]) {
      const reports = join(dir, `reports-${source.length}`);
      expectText(await live('report', '-o', reports, ...source));
      expectReport(readFileSync(join(reports, readdirSync(reports)[0] ?? ''), 'utf8'));
      const junit = join(dir, 'junit.xml');
      expectText(await live('verify', '--junit', junit, ...source));
      const xml = readFileSync(junit, 'utf8');
      expect(acting(xml)).toEqual([]);
      XmlDocument.fromString(xml).dispose();
      expectJson(await live('verify', '--json', ...source));
      expectText(await live('path', '--from', instanceId, '--to', '8.8.8.8', ...source));
    }
    expect(acting(readFileSync(file, 'utf8'))).toEqual([]);
  }, 60_000);

  test('the walk as linear text', async () => {
    const walk = await labproof(['start', '--plain'], sandbox.env, `${'1\n6\n\n'.repeat(8)}8\n9\n`);
    expect(acting(walk.stdout + walk.stderr)).toEqual([]);
    expect(walk.stdout).not.toMatch(/^✓ pass 100\/100$/m);
  }, 60_000);

  test('verify --watch, for one look', async () => {
    const child = spawn(process.execPath, [cli, 'verify', '--watch'], { env: sandbox.env, cwd: dir });
    const { code, ...ran } = await untilSeen(child, /points/);
    expectText({ code, ...ran });
  }, 60_000);

  test('labproof aws hands a program what AWS said, to the byte', async () => {
    const words = ['aws', 'ec2', 'describe-instances', '--instance-ids', instanceId, '--query'];
    const query = "Reservations[0].Instances[0].Tags[?Key=='Name'].Value | [0]";
    expect(JSON.parse((await live(...words, query, '--output', 'json')).stdout)).toBe(NAME);
    expect((await live(...words, query, '--output', 'text')).stdout).toBe(`${NAME}\n`);
  });

  describe.runIf(SCRIPT)('on a terminal', () => {
    test.each<[string, string[]]>([
      ['verify', ['verify']],
      ['cleanup', ['cleanup']],
      ['path', ['path', '--from', 'INSTANCE', '--to', '10.2.0.1']],
      ['doctor', ['doctor']],
      ['verify --json', ['verify', '--json']],
      ['aws --output json', ['aws', 'ec2', 'describe-instances', '--output', 'json']],
      ['aws --output text', ['aws', 'ec2', 'describe-instances', '--output', 'text']],
      ['aws --output table', ['aws', 'ec2', 'describe-instances', '--output', 'table']],
      ['an error of aws', ['aws', 'ec2', 'describe-vpcs', '--vpc-ids', `vpc-${NAME}`]],
      [
        'the log lines by aws',
        ['aws', 'logs', 'filter-log-events', '--log-group-name', 'NextWorkVPCFlowLogsGroup', '--output', 'text'],
      ],
      ['aws logs tail', ['aws', 'logs', 'tail', 'NextWorkVPCFlowLogsGroup']],
    ])('%s', async (_, args) => {
      const { shown } = await onTerminal(
        sandbox,
        args.map((word) => (word === 'INSTANCE' ? instanceId : word)),
      );
      expect(shown.length).toBeGreaterThan(20);
      expect(acting(shown, { colour: true })).toEqual([]);
      expect(shown).not.toContain('\u001b[38;5;199m');
    });

    test.runIf(state !== 'solved')('the screen', () => expectScreen(sandbox), 90_000);
  });
});

describe('an account whose only VPC has a hostile name, in another Region', () => {
  let sandbox: RunningSandbox;
  beforeAll(async () => {
    sandbox = await startSandbox(freshEnv(), '--time-scale', '1000');
    await strand(clientsOf(sandbox.url, 'test', 'us-west-2'));
  });
  afterAll(() => sandbox.stop());
  const TOLD = /gpj[\s\S]*in us-west-2/;

  test('verify', async () => {
    const text = await labproof(['verify'], sandbox.env);
    expectText(text);
    expect(text.stdout).toMatch(TOLD);
    const json = expectJson(await labproof(['verify', '--json'], sandbox.env));
    expect(JSON.stringify(json)).toContain(JSON.stringify(NAME).slice(1, -1));
  });

  test('verify --watch, for one look', async () => {
    const child = spawn(process.execPath, [cli, 'verify', '--watch'], { env: sandbox.env, cwd: sandbox.env.HOME });
    const ran = await untilSeen(child, /points/);
    expectText(ran);
    expect(ran.stdout).toMatch(TOLD);
  });

  test('the walk as linear text', async () => {
    const walk = await labproof(['start', '--plain'], sandbox.env, '\n1\n9\n');
    expectText(walk);
    expect(walk.stdout).toMatch(TOLD);
  });

  test('the report and JUnit XML', async () => {
    const dir = sandbox.env.HOME ?? '';
    const xml = join(dir, 'junit.xml');
    expectText(await labproof(['verify', '--junit', xml], sandbox.env));
    expectText(await labproof(['report', '-o', dir], sandbox.env));
    const report = readFileSync(join(dir, readdirSync(dir).find((name) => name.endsWith('.md')) ?? ''), 'utf8');
    expectReport(report);
    expect(report).toMatch(TOLD);
    expect(acting(readFileSync(xml, 'utf8'))).toEqual([]);
    expect(readFileSync(xml, 'utf8')).toMatch(TOLD);
  });

  test.runIf(SCRIPT)(
    'verify and the screen on a terminal',
    async () => {
      const { shown } = await onTerminal(sandbox, ['verify']);
      expect(acting(shown, { colour: true })).toEqual([]);
      expect(shown).toMatch(TOLD);
      expect(await expectScreen(sandbox)).toMatch(/gpj/);
    },
    90_000,
  );
});

/** Names of 10,000 characters, which only a snapshot can have: AWS takes 256. */
describe('a snapshot with names of 10,000 characters and all control characters', () => {
  const env = freshEnv();
  const file = join(env.HOME ?? '', 'long.json');
  let instanceId: string;
  const LONG = `${HOSTILE}${NAME}\ud800${'long '.repeat(2000)}${'x'.repeat(10_000)}`;
  beforeAll(async () => {
    const sandbox = await startSandbox(env, '--time-scale', '1000');
    try {
      await labproof(['solve'], sandbox.env);
      await labproof(['verify', '--timeout', '10'], sandbox.env);
      await spoilt(sandbox);
      await labproof(['snapshot', '-o', file], sandbox.env);
    } finally {
      await sandbox.stop();
    }
    const free = /^(Name|name|query|status|format|message|document|output|trustPolicy|deliverError|stream|ok)$/;
    const lengthen = (key: string, value: unknown): unknown =>
      typeof value === 'string' && free.test(key) && !/^(active|available|running|Complete|ACTIVE)/.test(value)
        ? value + LONG
        : value;
    const snapshot = JSON.parse(readFileSync(file, 'utf8'), lengthen) as Snapshot;
    const { instances } = snapshot.slices;
    instanceId = (instances?.ok && instances.value[0]?.id) || '';
    writeFileSync(file, JSON.stringify(snapshot));
  }, 120_000);

  const spoilt = ({ url }: RunningSandbox) => {
    const clients = clientsOf(url);
    return poison(clients).then(() => spoil(clients));
  };

  test('text and errors stay short', async () => {
    expectText(await labproof(['verify', '--snapshot', file], env));
    expectText(await labproof(['path', '--from', 'nothing', '--to', '10.2.0.1', '--snapshot', file], env));
    expectText(await labproof(['path', '--from', instanceId, '--to', '10.2.0.1', '--snapshot', file], env));
  });

  test('JSON has all of it, the report and JUnit XML as much as can be read', async () => {
    expectJson(await labproof(['verify', '--snapshot', file, '--json'], env));
    const path = await labproof(['path', '--from', instanceId, '--to', '10.2.0.1', '--snapshot', file, '--json'], env);
    const { from } = expectJson(path) as PathResult;
    expect(from.name === NAME + LONG).toBe(true);
    const reports = join(env.HOME ?? '', 'reports');
    expectText(await labproof(['report', '--snapshot', file, '-o', reports], env));
    expectReport(readFileSync(join(reports, readdirSync(reports)[0] ?? ''), 'utf8'));
    const junit = join(env.HOME ?? '', 'long.xml');
    expectText(await labproof(['verify', '--snapshot', file, '--junit', junit], env));
    const xml = readFileSync(junit, 'utf8');
    expect(acting(xml)).toEqual([]);
    expect(xml.length).toBeLessThan(200_000);
    XmlDocument.fromString(xml).dispose();
  });
});

describe('what is not an account', () => {
  const env = freshEnv();
  const home = env.HOME ?? '';
  const word = HOSTILE.replaceAll('\u0000', '');
  const SOLID = HOSTILE.replaceAll(/\s/g, '');

  // The titles name the words that are ours: a list of tests is shown on terminals, too.
  test.each<[string, (...args: string[]) => string[]]>([
    ['a command', () => [word]],
    ['a flag', () => ['verify', `--${word}`]],
    ['a lab', () => ['verify', word]],
    ['a step', () => ['verify', '--step', word, '--sandbox']],
    ['a snapshot', () => ['verify', '--snapshot', word]],
    ['a snapshot, with a stack trace', () => ['--debug', 'verify', '--snapshot', word]],
    ['a check', () => ['check', 'show', word]],
    ['a flow log', () => ['flowlog', word]],
    ['a format', () => ['flowlog', '--log-format', word]],
    ['an AWS service', () => ['aws', word]],
    ['a query', () => ['aws', 'ec2', 'describe-vpcs', '--sandbox', '--query', word]],
    ['a VPC', () => ['cleanup', '--sandbox', '--vpc', word]],
    ['a place', () => ['path', '--sandbox', '--from', word, '--to', '1.2.3.4']],
    ['a profile', () => ['verify', '--region', 'us-east-1', '--profile', word]],
    ['a profile that is examined', () => ['doctor', '--profile', word]],
    ['a port', () => ['sandbox', 'start', '--port', word]],
  ])('%s', async (_, argsOf) => {
    const ran = await labproof(argsOf(), env);
    expect([1, 2, 3]).toContain(ran.code);
    expect(ran.stderr + ran.stdout).toMatch(/\w/);
    expect(ran.stderr).not.toMatch(/Cannot find module|TypeError/);
    expectText(ran);
    const json = await labproof([...argsOf(), '--json'], env);
    expect(json.code).not.toBe(0);
    expect(acting(json.stdout)).toEqual([]);
  });

  test('a saved flow log', async () => {
    const file = join(home, 'log.txt');
    const record = '2 123456789012 eni-0a 10.1.0.5 10.2.0.7 0 0 1 5 420 1418530010 1418530070 ACCEPT OK';
    const osc = '\u001b]'.repeat(30_000);
    writeFileSync(
      file,
      [
        record,
        HOSTILE,
        `${record} ${HOSTILE}`,
        record + HOSTILE,
        record + SOLID,
        SOLID + record,
        NAME,
        osc,
        'x'.repeat(60_000),
        '',
      ].join('\n'),
    );
    expectText(await labproof(['flowlog', file], env));
    const lines = (await labproof(['flowlog', file, '--json'], env)).stdout.trim().split('\n');
    expect(lines.flatMap((line) => acting(line))).toEqual([]);
    expect(lines.map((line) => JSON.parse(line).status)).toContain('unreadable');
    const tagged = await labproof(
      ['flowlog', '--log-format', '${version} ${instance-tag}'],
      env,
      `11 ${SOLID}${'x'.repeat(10_000)}\n`,
    );
    expectText(tagged);
  });

  test('a lab file', async () => {
    const yaml = JSON.stringify(`${word}${NAME}`);
    const folder = join(home, 'lab');
    mkdirSync(folder);
    const file = join(folder, 'lab.yaml');
    const real = readFileSync(join(import.meta.dirname, '../../labs/vpc-flow-logs/lab.yaml'), 'utf8');
    for (const lab of [
      minimal.replace('title: First', `title: ${yaml}`),
      minimal.replace('network/one', yaml),
      `${yaml}: ${yaml}\n`,
      `id: [${word}`,
      real.replace(/^title: .*$/m, `title: ${JSON.stringify(SOLID)}`),
      real.replace(/^cost: >-\n(?: {2}.*\n)+/m, `cost: ${yaml}\n`),
    ]) {
      writeFileSync(file, lab);
      for (const args of [
        ['lab', 'show', file],
        ['lab', 'test', file, '--trial', word],
        ['policy', file],
        ['solve', '--print', file],
      ])
        expect(acting(Object.values(await labproof(args, env)).join('\n'))).toEqual([]);
      const walk = await labproof(['start', file, '--plain', '--sandbox'], env, '3\n9\n');
      expect(acting(walk.stdout + walk.stderr)).toEqual([]);
    }
  }, 120_000);

  test("the AWS CLI's settings", async () => {
    mkdirSync(join(home, '.aws'));
    writeFileSync(join(home, '.aws/config'), `[profile ${word}]\nregion = ${word}\nsso_session = ${word}\n[${word}\n`);
    for (const flags of [[], ['--profile', 'nobody'], ['--profile', word]]) {
      expectText(await labproof(['doctor', ...flags], env));
      expectText(await labproof(['verify', ...flags], env));
      expectJson(await labproof(['doctor', '--json', ...flags], env));
    }
  });
});

/** Until nothing more is drawn: as long as there is work, a spinner turns. */
async function settled(length: () => number): Promise<void> {
  for (let before = -1, looks = 0; length() !== before && looks < 40; looks += 1) {
    before = length();
    await sleep(200);
  }
}

/** Interrupts the program when it has said this. */
async function untilSeen(child: ChildProcess, text: RegExp): Promise<Ran> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    if (text.test(stdout)) child.kill('SIGINT');
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}

/** In a terminal of its own, of 80 columns; `shown` is without the returns that a terminal puts before line breaks. */
async function onTerminal(sandbox: RunningSandbox, args: readonly string[]): Promise<{ shown: string }> {
  const child = terminal(sandbox, args);
  child.stdin?.end();
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise((resolve) => child.once('close', resolve));
  return { shown: Buffer.concat(chunks).toString().replaceAll('\r\n', '\n') };
}

function terminal({ env }: RunningSandbox, args: readonly string[]): ChildProcess {
  const quote = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;
  const command = `stty cols 80 rows 40; ${[process.execPath, cli, ...args].map(quote).join(' ')}`;
  return spawn(SCRIPT ?? 'script', ['-qec', command, '/dev/null'], {
    env: { ...env, SHELL: '/bin/sh' },
    cwd: env.HOME,
  });
}

/** Every step checked, and looked at to its end, on the screen. */
async function expectScreen(sandbox: RunningSandbox): Promise<string> {
  const child = terminal(sandbox, ['start']);
  // Past the prediction, which is asked once instead of the first check of a step; to the end of what the checks say.
  const step = ['\r', '\u001b', '\r', '\u001b[6~', '\u001b[6~', 'n'];
  const keys = Array.from({ length: 5 }, () => step).flat();
  let shown = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
  });
  await vi.waitFor(() => expect(shown).toContain('Set up VPCs'), { timeout: 20_000, interval: 50 });
  for (const key of keys) {
    child.stdin?.write(key);
    await settled(() => shown.length);
  }
  child.stdin?.write('q');
  await new Promise((resolve) => child.once('close', resolve));
  // What Ink moves and erases with; titles, links and hostile colours are not among it.
  const text = shown.replaceAll('\r', '').replace(/\u001b\[[?\d;]*[A-Za-z]/g, '');
  expect(acting(text)).toEqual([]);
  expect(shown).not.toMatch(/38;5;199|\u001b\]/);
  expect(shown).toContain('points');
  return text;
}
