import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cli, freshEnv, labproof, type RunningSandbox, startSandbox } from './labproof.ts';

const SSH =
  '2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK';
const RDP =
  '2 123456789010 eni-1235b8ca123456789 172.31.9.69 172.31.9.12 49761 3389 6 20 4249 1418530010 1418530070 REJECT OK';

let env: NodeJS.ProcessEnv;
beforeAll(() => {
  env = freshEnv();
});

function saved(name: string, content: string | Buffer): string {
  const file = join(env.HOME ?? '', name);
  writeFileSync(file, content);
  return file;
}

describe('a saved flow log', () => {
  test('is explained from standard input, a line each', async () => {
    const { code, stdout, stderr } = await labproof(['flowlog'], env, `${SSH}\n\n${RDP}\n`);
    expect(stdout.split('\n')).toHaveLength(3);
    expect(stdout).toMatch(/^1: 20 packets of TCP .* port 22 \(SSH\).*\(ACCEPT\)\.$/m);
    expect(stdout).toMatch(
      /^3: 20 packets of TCP .*\(REJECT\) by a security group or network ACL, not for a missing route/m,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('is explained from a file of S3: gzip, with its field names', async () => {
    const file = saved('s3.log.gz', gzipSync(`srcaddr dstaddr action\n10.0.0.1 10.0.0.2 REJECT\n`));
    const { code, stdout } = await labproof(['flowlog', file], env);
    expect(stdout).toMatch(/^2: Traffic from 10\.0\.0\.1 to 10\.0\.0\.2 was refused/);
    expect(code).toBe(0);
  });

  test('is explained by --log-format', async () => {
    const { stdout } = await labproof(['flowlog', '--log-format', '${dstaddr} ${srcaddr}'], env, '10.0.0.2 10.0.0.1');
    expect(stdout).toContain('from 10.0.0.1 to 10.0.0.2');
  });

  test('as JSON is one object a line, and a line that cannot be read ends with 1', async () => {
    const { code, stdout, stderr } = await labproof(['flowlog', '--json'], env, `${SSH}\nhello\u001b[31m\n`);
    const [first, second] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(first).toEqual({
      line: 1,
      status: 'ok',
      fields: expect.objectContaining({ 'account-id': '123456789010', dstport: '22', 'log-status': 'OK' }),
      explanation: expect.stringContaining('SSH'),
    });
    expect(second).toEqual({
      line: 2,
      status: 'unreadable',
      fields: {},
      explanation: expect.stringContaining('14 fields'),
    });
    expect(stderr).toContain('1 of 2 lines could not be read');
    expect(code).toBe(1);
  });
});

describe('what cannot be read at all ends with 2 and says why', () => {
  test.each([
    ['no file', ['nowhere.log'], 'There is no file nowhere.log'],
    ['a folder', ['folder'], 'folder is a folder'],
    ['gzip that is cut', ['cut.gz'], 'ends in the middle of its gzip data'],
    ['Parquet', ['log.parquet'], 'Parquet'],
    [
      'an unknown field',
      ['--log-format', '${version} ${srcadr}'],
      'column 14: There is no field srcadr. Did you mean srcaddr?',
    ],
    ['two files', ['a', 'b'], 'too many arguments'],
  ])('%s', async (_, args, message) => {
    mkdirSync(join(env.HOME ?? '', 'folder'), { recursive: true });
    saved('cut.gz', gzipSync(SSH.repeat(100)).subarray(0, 50));
    saved('log.parquet', 'PAR1\u0015\n');
    const { code, stdout, stderr } = await labproof(['flowlog', ...args], env);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/ at .*\(.*:\d+:\d+\)/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  test('as JSON, in one line', async () => {
    const { code, stdout } = await labproof(['flowlog', '--json', 'nowhere.log'], env);
    expect(JSON.parse(stdout.trimEnd())).toMatchObject({ error: { message: expect.stringContaining('nowhere.log') } });
    expect(stdout.trimEnd()).not.toContain('\n');
    expect(code).toBe(2);
  });
});

test('an empty log is no failure, and is said to be empty', async () => {
  const { code, stdout, stderr } = await labproof(['flowlog'], env, '');
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(stderr).toContain('no flow-log record in standard input');
});

test('a record is explained when it comes, and a reader that leaves ends an endless log quietly', async () => {
  const child = spawn(process.execPath, [cli, 'flowlog'], { env });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  child.stdin.on('error', () => {});
  child.stdin.write(`${SSH}\n`);
  for await (const line of createInterface(child.stdout)) {
    expect(line).toMatch(/^1: /);
    break;
  }
  child.stdout.destroy();
  Readable.from(endless(`${SSH}\n`)).pipe(child.stdin);
  expect(await ended).toBe(0);
  expect(stderr).toBe('');
});

function* endless(line: string): Generator<string> {
  for (;;) yield line;
}

describe('what the AWS CLI prints of a log group', () => {
  let sandbox: RunningSandbox;
  const group = ['--log-group-name', 'flows'];
  const stream = ['--log-stream-name', 'eni-1235b8ca123456789-all'];
  const aws = (...words: string[]) => labproof(['aws', 'logs', ...words], sandbox.env);

  beforeAll(async () => {
    sandbox = await startSandbox(freshEnv());
    await aws('create-log-group', ...group);
    await aws('create-log-stream', ...group, ...stream);
    const events = [SSH, RDP].map((message, index) => ({ timestamp: Date.now() - 1000 + index, message }));
    await aws('put-log-events', ...group, ...stream, '--log-events', JSON.stringify(events));
  });
  afterAll(() => sandbox.stop());

  test.each([
    [['tail', 'flows']],
    [['tail', 'flows', '--format', 'short']],
    [['get-log-events', ...group, ...stream]],
    [['filter-log-events', ...group]],
    [['filter-log-events', ...group, '--output', 'text']],
    [['get-log-events', ...group, ...stream, '--output', 'text']],
    [['filter-log-events', ...group, '--query', 'events[].message']],
  ])('%j', async (words) => {
    const printed = await aws(...words);
    expect(printed.code).toBe(0);
    const { code, stdout } = await labproof(['flowlog', '--json'], env, printed.stdout);
    const explained = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(explained.map(({ fields }) => fields.dstport)).toEqual(['22', '3389']);
    expect(code).toBe(0);
  });
});
