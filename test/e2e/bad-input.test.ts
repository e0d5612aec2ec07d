import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { freshEnv, labproof } from './labproof.ts';

let env: NodeJS.ProcessEnv;
beforeAll(() => {
  env = freshEnv();
});

describe('wrong usage ends with 2 and one clear message', () => {
  test.each([
    ['an unknown command', ['verfy'], 'verify'],
    ['an unknown flag', ['verify', '--jsn'], '--json'],
    ['an unknown lab', ['verify', 'vpc-flow-log', '--sandbox'], 'vpc-flow-logs'],
    ['an unknown step', ['verify', '--step', 'peer', '--sandbox'], 'peering'],
    ['a time-out that is no number', ['verify', '--timeout', 'soon'], 'number'],
    ['a port that is none', ['sandbox', 'start', '--port', '99999'], '65535'],
    ['two targets at once', ['verify', '--sandbox', '--profile', 'me'], '--profile'],
    ['an endpoint that is no URL', ['verify', '--endpoint-url', 'nowhere'], 'nowhere'],
    ['--auto on a real account', ['start', '--auto'], '--sandbox'],
  ])('%s', async (_, args, hint) => {
    const { code, stdout, stderr } = await labproof(args, env);
    expect(code).toBe(2);
    expect(stderr).toContain(hint);
    expect(stderr).not.toMatch(/ at .*\(.*:\d+:\d+\)/);
    expect(stdout).toBe('');
  });

  test.each([
    [['verify', '--json', '--nonsense']],
    [['verify', 'nolab', '--json']],
    [['verify', '--json', '--step', 'nostep']],
  ])('with --json, stdout is exactly one document: %j', async (args) => {
    const { code, stdout } = await labproof(args, env);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: expect.any(String), message: expect.any(String) } });
  });
});

describe('a lab file that cannot be used ends with 2 and its place', () => {
  test.each([
    ['no YAML', 'id: [', /lab\.yaml:\d+:\d+/],
    ['wrong types', 'format: 1\nid: 7\n', /lab\.yaml:2:\d+/],
    ['a check that is not there', undefined, /lab\.yaml:\d+:\d+.*no-such-check/],
    [
      'aliases without end',
      `a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n${'d: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n'}`,
      /lab\.yaml/,
    ],
  ])('%s', async (name, text, place) => {
    const dir = join(env.HOME ?? '', `lab-${name.replaceAll(' ', '-')}`);
    mkdirSync(dir);
    const file = join(dir, 'lab.yaml');
    writeFileSync(file, text ?? (await withUnknownCheck()));
    const { code, stderr } = await labproof(['verify', file, '--sandbox'], env);
    expect(stderr).toMatch(place);
    expect(code).toBe(2);
  });
});

async function withUnknownCheck(): Promise<string> {
  const { readFileSync } = await import('node:fs');
  const lab = readFileSync(join(import.meta.dirname, '../../labs/vpc-flow-logs/lab.yaml'), 'utf8');
  return lab.replace('use: network/cidrs-unique', 'use: network/no-such-check');
}

test('a report folder that cannot be written ends with 2, names it and leaves nothing', async () => {
  const blocked = join(env.HOME ?? '', 'blocked');
  writeFileSync(blocked, 'a file, not a folder');
  const { code, stderr } = await labproof(['report', '--sandbox', '-o', join(blocked, 'reports')], env);
  expect(stderr).toContain(blocked);
  expect(code).toBe(2);
  expect(readdirSync(env.HOME ?? '').filter((name) => name.startsWith('blocked'))).toEqual(['blocked']);
});

test('a port that is taken is named, with what to do', async () => {
  const { createServer } = await import('node:net');
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const { code, stderr } = await labproof(['sandbox', 'start', '--port', String(port)], env);
  server.close();
  expect(code).toBe(2);
  expect(stderr).toContain(String(port));
});

test('nothing is written where nothing was asked for', async () => {
  const clean = freshEnv();
  await labproof(['--help'], clean);
  await labproof(['lab', 'show', 'vpc-flow-logs'], clean);
  expect(existsSync(clean.XDG_DATA_HOME ?? '')).toBe(false);
});
