/** `labproof grade --queue` and `labproof worker`: through a real Redis, with processes that are killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { gradesIn, journalOf, makeClass } from './class.ts';
import { cli, freshEnv, labproof, type Ran, type RunningSandbox, startSandbox } from './labproof.ts';
import { type RedisServer, redisIsHere, startRedis } from './redis.ts';

const SIZE = 60;
const LONG_MS = 180_000;
const SECRET = 'wJalrXUtnFEMIexampleSECRETkey';
const dir = mkdtempSync(join(tmpdir(), 'labproof-queue-'));
const APPEND = ['--appendonly', 'yes', '--appendfsync', 'always'];

let sandbox: RunningSandbox;
let roster: string;
let env: NodeJS.ProcessEnv;
let local: unknown;
const children = new Set<Running>();
const servers = new Set<RedisServer>();

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ran>;
  text(): string;
}

function start(args: readonly string[], more: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(process.execPath, [cli, ...args], {
    env: { ...env, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<Ran>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
  const running = { child, ended, text: () => stderr };
  children.add(running);
  return running;
}

async function startWorker(url: string, ...flags: readonly string[]): Promise<Running> {
  const worker = start(['worker', '--concurrency', '4', ...flags], { LABPROOF_QUEUE: url });
  await expect.poll(() => worker.text(), { timeout: 20_000 }).toContain('Working at');
  return worker;
}

const startGrade = (url: string, out: string, ...flags: readonly string[]) =>
  start(['grade', 'vpc-flow-logs', '--roster', roster, '-o', out, '--format', 'json', '--no-ping', ...flags], {
    LABPROOF_QUEUE: url,
    // Whoever only fills the queue needs no credentials.
    AWS_ACCESS_KEY_ID: '',
    AWS_SECRET_ACCESS_KEY: '',
    AWS_ENDPOINT_URL: '',
  });

async function aRedis(...flags: readonly string[]): Promise<RedisServer> {
  const server = await startRedis(...flags);
  servers.add(server);
  return server;
}

/** Until the books hold so many grades. */
const grown = (out: string, count: number) =>
  expect
    .poll(() => (existsSync(join(out, 'journal.jsonl')) ? journalOf(out).length : 0), { timeout: 60_000, interval: 20 })
    .toBeGreaterThanOrEqual(count);

/** Graded once each; who could not be told is tried a second time. */
function expectNobodyTwice(out: string): void {
  const times = new Map<string, number>();
  for (const { learner, status } of journalOf(out))
    if (status === 'graded') times.set(learner, (times.get(learner) ?? 0) + 1);
  expect([...times].filter(([, count]) => count > 1)).toEqual([]);
  expect(times.size).toBe(SIZE - 3);
}

/** So that there is time to kill something. */
const slowly = (latencyMs: number) =>
  fetch(`${sandbox.url}/_sandbox/faults`, { method: 'POST', body: JSON.stringify({ '*': { latencyMs } }) });

const out = (name: string) => join(dir, name);

describe.skipIf(!redisIsHere)('a class over a queue (left out where redis-server is not installed)', () => {
  beforeAll(async () => {
    sandbox = await startSandbox(freshEnv(), '--time-scale', '1000');
    roster = await makeClass(dir, sandbox, SIZE);
    env = { ...sandbox.env, AWS_SECRET_ACCESS_KEY: SECRET };
    const { code, stderr } = await labproof(
      ['grade', 'vpc-flow-logs', '--roster', roster, '-o', out('local'), '--format', 'json', '--no-ping'],
      env,
    );
    expect({ code, stderr }).toMatchObject({ code: 1 });
    local = gradesIn(out('local'));
  }, LONG_MS);
  beforeEach(() => slowly(100));
  afterEach(async () => {
    for (const { child } of children) child.kill('SIGKILL');
    children.clear();
    for (const server of servers) await server.stop();
    servers.clear();
  });
  afterAll(() => sandbox?.stop());

  test(
    'three workers, one of them killed, and a Redis that is restarted: the grades are those of one machine, each entered once',
    async () => {
      const redis = await aRedis(...APPEND);
      // Where a worker is, has no say in where a learner's account is looked at.
      const regions = ['us-east-1', 'eu-west-3', 'ap-south-1'];
      const [first] = await Promise.all(regions.map((region) => startWorker(redis.url, '--region', region)));
      const grading = startGrade(redis.url, out('killed'));
      await grown(out('killed'), 8);
      first?.child.kill('SIGKILL');
      await grown(out('killed'), 20);
      await redis.restart();

      const { code, stderr } = await grading.ended;
      expect(stderr.match(/is away\. Waiting/g)).toHaveLength(1);
      expect(stderr.match(/^labproof: The queue \S+ \S+ is back\.$/gm)).toHaveLength(1);
      expect(code).toBe(1);
      expect(gradesIn(out('killed'))).toEqual(local);
      expectNobodyTwice(out('killed'));
    },
    LONG_MS,
  );

  test(
    'a Redis that forgets everything gets the accounts again',
    async () => {
      const redis = await aRedis();
      await Promise.all([1, 2].map(() => startWorker(redis.url)));
      const grading = startGrade(redis.url, out('forgotten'));
      await grown(out('forgotten'), 10);
      await redis.restart();
      await grown(out('forgotten'), 30);
      await redis.restart();

      expect(await grading.ended).toMatchObject({ code: 1 });
      expect(gradesIn(out('forgotten'))).toEqual(local);
      expectNobodyTwice(out('forgotten'));
    },
    LONG_MS,
  );

  test(
    'a grading that was killed goes on by --resume, and takes what workers have seen meanwhile',
    async () => {
      const redis = await aRedis();
      const worker = await startWorker(redis.url);
      const killed = startGrade(redis.url, out('resumed'));
      await grown(out('resumed'), 10);
      killed.child.kill('SIGKILL');
      await killed.ended;
      const client = new Redis(redis.url);
      // Nobody takes them now: all that was in the queue is looked at.
      await expect
        .poll(async () => [await client.llen('labproof:class:wait'), await client.llen('labproof:class:active')], {
          timeout: 60_000,
        })
        .toEqual([0, 0]);
      worker.child.kill('SIGKILL');
      const seen = await client.zcard('labproof:class:completed');
      expect(seen).toBeGreaterThan(SIZE / 2);

      const resumed = startGrade(redis.url, out('resumed'), '--resume');
      const helper = await startWorker(redis.url);
      expect(await resumed.ended).toMatchObject({ code: 1 });
      expect(gradesIn(out('resumed'))).toEqual(local);
      expectNobodyTwice(out('resumed'));
      expect(await client.zcard('labproof:class:completed')).toBe(0);
      // Nor do they stand anywhere else: what stays is how many there were.
      expect((await client.keys('*')).filter((key) => !/:(id|meta|stalled-check|marker)$/.test(key))).toEqual([]);
      // Those who could not be told are asked anew, and whom the killed one had just taken.
      helper.child.kill('SIGINT');
      const [, looks] = /(\d+) looked at/.exec((await helper.ended).stderr) ?? [];
      expect(Number(looks)).toBeLessThan(SIZE / 4);
      client.disconnect();
    },
    LONG_MS,
  );

  test(
    'Redis is told no key, no password and no name of a learner, and prints of none are made',
    async () => {
      await slowly(0);
      const redis = await aRedis('--requirepass', 'queue-password');
      const url = `redis://:queue-password@127.0.0.1:${redis.port}`;
      const client = new Redis(url);
      const monitor = await client.monitor();
      const wire: string[] = [];
      monitor.on('monitor', (_: string, args: readonly string[]) => wire.push(args.join(' ')));
      const worker = await startWorker(url, '--debug');
      const { code, stdout, stderr } = await startGrade(url, out('secret'), '--debug').ended;
      worker.child.kill('SIGINT');
      const ended = await worker.ended;
      monitor.disconnect();
      client.disconnect();

      expect({ code, worker: ended.code }).toEqual({ code: 1, worker: 130 });
      expect(gradesIn(out('secret'))).toEqual(local);
      const commands = wire.join('\n');
      expect(commands).toContain('arn:aws:iam::200000000000:role/labproof-grader');
      for (const secret of [SECRET, 'queue-password', 'Name 1', 'SessionToken', 'ASIA'])
        expect(commands).not.toContain(secret);
      for (const text of [stdout, stderr, ended.stdout, ended.stderr])
        expect(text).not.toMatch(/queue-password|external-/);
    },
    LONG_MS,
  );

  test.each([
    ['nobody listens', () => 'redis://:queue-password@127.0.0.1:1', /nothing listens there/],
    [
      'the password is wrong',
      ({ port }: RedisServer) => `redis://:wrong-password@127.0.0.1:${port}`,
      /refuses the user or the password/,
    ],
    [
      'no password is given',
      ({ port }: RedisServer) => `redis://127.0.0.1:${port}`,
      /refuses the user or the password/,
    ],
  ])('where %s, both commands say so in one line and end with 3', async (_, url, message) => {
    const redis = await aRedis('--requirepass', 'queue-password');
    for (const command of [startGrade(url(redis), out('away')), start(['worker'], { LABPROOF_QUEUE: url(redis) })]) {
      const { code, stdout, stderr } = await command.ended;
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
      expect(stderr).toMatch(message);
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(stderr).not.toMatch(/-password@|^ +at /m);
    }
    expect(existsSync(out('away'))).toBe(false);
  });

  test('what is wrong beside a queue that answers ends the command, too', async () => {
    const { url } = await aRedis();
    const worker = await start(['worker', '--queue', url, '--endpoint-url', 'nowhere']).ended;
    expect(worker).toMatchObject({ code: 2, stderr: expect.stringContaining('--endpoint-url nowhere is no URL') });
    writeFileSync(out('a-file'), '');
    const grading = await startGrade(url, join(out('a-file'), 'grades')).ended;
    expect(grading).toMatchObject({ code: 2, stderr: expect.stringContaining('cannot be written') });
    const nowhere = { AWS_REGION: '', AWS_DEFAULT_REGION: '', LABPROOF_QUEUE: url };
    const lost = await start(['grade', 'vpc-flow-logs', '--roster', roster, '-o', out('nowhere')], nowhere).ended;
    expect(lost).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/No Region is told for learner-000 and \d+ more/),
    });
    expect(existsSync(out('nowhere'))).toBe(false);
  });

  test.each([
    'http://127.0.0.1:6379',
    'redis://:queue-password@127.0.0.1/none',
    'redis://127.0.0.1/0#a:b',
    'here',
  ])('%s is no queue: 2, and what was written is not repeated', async (url) => {
    const { code, stderr } = await start(['worker', '--queue', url]).ended;
    expect(code).toBe(2);
    expect(stderr).toMatch(/^labproof: This is no URL of a Redis\./);
    expect(stderr).not.toContain('queue-password');
  });

  test(
    'a worker with another lab of the same id says so, with both digests; one that was given it looks',
    async () => {
      const redis = await aRedis();
      await startWorker(redis.url);
      const packaged = readFileSync(join(import.meta.dirname, '../../labs/vpc-flow-logs/lab.yaml'), 'utf8');
      const other = join(dir, 'lab.yaml');
      writeFileSync(other, `${packaged}\n# Another.\n`);
      const { code, stdout } = await start(
        ['grade', other, '--roster', roster, '-o', out('other'), '--queue', redis.url],
        {},
      ).ended;
      expect(code).toBe(3);
      expect(stdout).toContain('0 of 60 graded');
      expect(stdout).toMatch(
        /learner-000: OTHER_LAB\. The worker on \S+ has another lab vpc-flow-logs \(sha256:\w+\) than this run \(sha256:\w+\)/,
      );
      await slowly(0);
      const another = await aRedis();
      await startWorker(another.url, other);
      const grading = start([
        'grade',
        other,
        '--roster',
        roster,
        '-o',
        out('own'),
        '--no-ping',
        '--queue',
        another.url,
      ]);
      expect(await grading.ended).toMatchObject({ code: 1, stdout: expect.stringContaining('57 of 60 graded') });
    },
    LONG_MS,
  );

  test(
    'two classes in one Redis, each with a name and workers of its own, do not meet',
    async () => {
      await slowly(0);
      const redis = await aRedis();
      const spring = await startWorker(`${redis.url}#spring`);
      const autumn = startGrade(`${redis.url}#autumn`, out('autumn'));
      expect(await startGrade(`${redis.url}#spring`, out('spring')).ended).toMatchObject({ code: 1 });
      expect(gradesIn(out('spring'))).toEqual(local);
      expect(journalOf(out('autumn'))).toEqual([]);
      expect(autumn.text()).toMatch(/Nobody works at redis:\/\/\S+#autumn yet/);
      spring.child.kill('SIGINT');
      await startWorker(`${redis.url}#autumn`);
      expect(await autumn.ended).toMatchObject({ code: 1 });
      expect(gradesIn(out('autumn'))).toEqual(local);
    },
    LONG_MS,
  );
});
