/** The queue between grading and workers, in one process, through a real Redis. */
import { Queue } from 'bullmq';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Attempt } from '../../src/grade/attempt.ts';
import type { Learner } from '../../src/grade/learner.ts';
import { type Connection, openQueue } from '../../src/grade/queue/connection.ts';
import { type Asked, idOf, type Job, jobOf, readAnswer, readJob } from '../../src/grade/queue/job.ts';
import { queueLook } from '../../src/grade/queue/look.ts';
import { workAt } from '../../src/grade/queue/work.ts';
import { type RedisServer, redisIsHere, startRedis } from '../e2e/redis.ts';
import { attemptOf } from './marking.ts';

const learner: Learner = {
  id: 'mia',
  name: 'Mia Muster',
  account: '111122223333',
  region: 'eu-central-1',
  entry: { kind: 'role', roleArn: 'arn:aws:iam::111122223333:role/grader', externalId: 'x-1' },
  columns: { matriculation: '4711' },
};
const asked: Asked = {
  lab: { id: 'vpc-flow-logs', digest: 'sha256:1' },
  learner,
  ping: false,
  after: '2026-11-23T12:00:00.000Z',
};
const REFUSED: Attempt = { ok: false, code: 'ENTRY_DENIED', reason: 'No.' };
const HOUR_MS = 3_600_000;

describe('a job', () => {
  test("holds the way into the account and nothing of the learner's person", () => {
    expect(jobOf(asked).learner).toEqual({
      id: 'mia',
      account: '111122223333',
      region: 'eu-central-1',
      entry: learner.entry,
    });
    expect(JSON.stringify(jobOf(asked))).not.toMatch(/Muster|4711/);
  });

  test('is read back as it was put', () => {
    const job = jobOf(asked);
    expect(readJob(JSON.parse(JSON.stringify(job)))).toEqual(job);
  });

  test('without a Region is not taken, as workers may be anywhere; a snapshot needs none', () => {
    const { region: _, ...lost } = learner;
    expect(readJob(jobOf({ ...asked, learner: lost }))).toBeUndefined();
    const recorded = jobOf({ ...asked, learner: { ...lost, entry: { kind: 'snapshot', file: '/class/mia.json' } } });
    expect(readJob(recorded)).toEqual(recorded);
  });

  test('has one id in every process, and another for a second look or a roster that was corrected', () => {
    const others: readonly Asked[] = [
      { ...asked, after: '2026-11-23T12:00:01.000Z' },
      { ...asked, lab: { id: 'vpc-flow-logs', digest: 'sha256:2' } },
      { ...asked, ping: true },
      { ...asked, learner: { ...learner, region: 'eu-west-1' } },
      { ...asked, learner: { ...learner, entry: { kind: 'profile', profile: 'mia' } } },
    ];
    expect(idOf(jobOf({ ...asked }))).toBe(idOf(jobOf(asked)));
    expect(new Set([asked, ...others].map((each) => idOf(jobOf(each)))).size).toBe(others.length + 1);
  });

  test.each([
    ['a path in place of the lab', { lab: { id: '../lab.yaml', digest: 'sha256:1' } }],
    ['another schema', { schema: 'labproof/look/v2' }],
    ['more than we know', { credentials: 'AKIA' }],
  ])('with %s is not taken', (_, change) => {
    expect(readJob({ ...jobOf(asked), ...change })).toBeUndefined();
  });
});

describe('an answer', () => {
  const seen = attemptOf();
  const result = seen.ok && { ...seen.result, lab: { ...seen.result.lab, id: 'vpc-flow-logs', digest: 'sha256:1' } };

  test('is what the worker has seen', () => {
    expect(readAnswer(REFUSED, jobOf(asked))).toEqual(REFUSED);
    expect(readAnswer({ ok: true, result, facts: {} }, jobOf(asked))).toEqual({ ok: true, result, facts: {} });
  });

  test.each([
    [undefined],
    [null],
    [{ ok: true }],
    [{ ok: true, result: { steps: [] }, facts: {} }],
    [{ ok: true, result: { ...result, steps: [null] }, facts: {} }],
    [{ ok: true, result: { ...result, cloud: undefined }, facts: {} }],
    [{ ok: true, result, facts: { vpc1: { cidrs: 7 } } }],
  ])('that another version has given (%j) is unknown', (value) => {
    expect(readAnswer(value, jobOf(asked))).toMatchObject({ ok: false, code: 'OTHER_VERSION' });
  });

  test('by another lab is unknown', () => {
    const other = {
      ok: true,
      result: { ...result, lab: { id: 'vpc-flow-logs', version: '1', digest: 'sha256:2' } },
      facts: {},
    };
    expect(readAnswer(other, jobOf(asked))).toMatchObject({ ok: false, code: 'OTHER_LAB' });
  });
});

describe.skipIf(!redisIsHere)('through Redis (left out where redis-server is not installed)', () => {
  let redis: RedisServer;
  const closes: (() => unknown)[] = [];
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    for (const close of closes.splice(0).reverse()) await close();
  });
  afterAll(() => redis?.stop());

  async function connect(name: string): Promise<Connection> {
    const connection = await openQueue(`${redis.url}#${name}`, () => {});
    closes.push(connection.close);
    return connection;
  }
  async function work(name: string, look: (job: Job) => Promise<Attempt>) {
    closes.push(workAt(await connect(name), { look, concurrency: 1, seen: () => {} }));
  }
  async function looking(name: string, clock = Date.now) {
    const { lab, ping } = asked;
    const queue = queueLook(await connect(name), { lab, ping, clock });
    closes.push(() => queue.close());
    return queue;
  }
  const never = new AbortController().signal;

  test('what was seen more than an hour ago is asked anew, once', async () => {
    let looks = 0;
    await work('old', async () => {
      looks += 1;
      return REFUSED;
    });
    const queue = await looking('old', () => Date.now() + 2 * HOUR_MS);
    expect(await queue.look(learner, asked.after, never)).toEqual(REFUSED);
    expect(looks).toBe(2);
  });

  test('a second look is one, though the first was seen a moment ago', async () => {
    const jobs: Job[] = [];
    await work('again', async (job) => {
      jobs.push(job);
      return REFUSED;
    });
    const queue = await looking('again');
    await queue.look(learner, asked.after, never);
    await queue.look(learner, '2026-11-23T12:30:00.000Z', never);
    expect(jobs.map(({ after }) => after)).toEqual([asked.after, '2026-11-23T12:30:00.000Z']);
  });

  test('a worker that fails over an account leaves it unknown', async () => {
    await work('failing', () => Promise.reject(new Error('no memory')));
    expect(await (await looking('failing')).look(learner, asked.after, never)).toEqual({
      ok: false,
      code: 'WORKER_LOST',
      reason: 'The worker failed: no memory',
    });
  });

  test('what another version has put there is answered, not looked at', async () => {
    const connection = await connect('version');
    const queue = new Queue('version', { connection: connection.redis, prefix: 'labproof' });
    await work('version', () => Promise.reject(new Error('looked')));
    for (const data of [{ schema: 'labproof/look/v9' }, { ...jobOf(asked), build: 'another' }]) {
      const { id = '' } = await queue.add('look', data);
      await expect.poll(async () => (await queue.getJob(id))?.returnvalue).toMatchObject({ code: 'OTHER_VERSION' });
    }
  });

  test('an interrupted grading waits for nobody, and leaves in the queue what it asked', async () => {
    const stop = new AbortController();
    const queue = await looking('stopped');
    const seen = queue.look(learner, asked.after, stop.signal);
    const left = new Queue('stopped', { connection: (await connect('stopped')).redis, prefix: 'labproof' });
    await expect.poll(() => left.getWaitingCount()).toBe(1);
    stop.abort(new Error('Ctrl+C'));
    await expect(seen).rejects.toThrow('Ctrl+C');
    await expect(queue.look({ ...learner, id: 'noa' }, asked.after, stop.signal)).rejects.toThrow('Ctrl+C');
    await queue.close();
    expect(await left.getWaitingCount()).toBe(1);
  });
});
