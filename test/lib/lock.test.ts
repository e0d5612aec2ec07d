/** One process at a time, whatever ended the one before. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type Holder, holderText, lockFile, removalText } from '../../src/lib/lock.ts';

const folders: string[] = [];
let lock = '';
let log = '';
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'labproof-lock-'));
  folders.push(folder);
  lock = join(folder, 'lock');
  log = join(folder, 'log');
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

class InUse extends Error {
  readonly holder: Holder;
  constructor(holder: Holder) {
    super();
    this.holder = holder;
  }
}

const take = () => lockFile(lock, (holder) => new InUse(holder));

/** What is told of the holder; undefined where the lock could be taken. */
function heldBy(): Holder | undefined {
  try {
    take()();
    return undefined;
  } catch (error) {
    if (error instanceof InUse) return error.holder;
    throw error;
  }
}

describe('of several processes', () => {
  const TURNS = 100;
  const LONGEST_MS = 60_000;
  const holder = join(import.meta.dirname, 'lock-holder.ts');

  /** Who came in, and who went out, in the order of time. */
  async function logOf(...end: readonly string[]): Promise<readonly string[]> {
    const args = [holder, lock, log, String(TURNS), ...end];
    const run = () => promisify(execFile)(process.execPath, args, { timeout: LONGEST_MS });
    await Promise.all(Array.from({ length: 4 }, run));
    return readFileSync(log, 'utf8').trimEnd().split('\n');
  }

  /** Those who came in while another one was there. */
  const intruders = (lines: readonly string[]) =>
    lines.filter((line, index) => index % 2 === 0 && lines[index + 1] !== line.replace('in', 'out'));

  test(
    'that take and give one lock, no two have it at a time',
    async () => {
      const lines = await logOf();
      expect(intruders(lines)).toEqual([]);
      expect(lines).toHaveLength(4 * TURNS * 2);
      expect(existsSync(lock)).toBe(false);
    },
    LONGEST_MS,
  );

  test(
    'that find the lock of a dead one, one takes it over',
    async () => {
      writeFileSync(lock, `${process.pid} 1\n`);
      const lines = await logOf('dead');
      expect(intruders(lines)).toEqual([]);
      expect(lines).toHaveLength(4 * TURNS * 2);
    },
    LONGEST_MS,
  );
});

describe('a lock is held', () => {
  test('by this process, until it gives it back', () => {
    const giveBack = take();
    expect(heldBy()).toEqual({ pid: process.pid });
    giveBack();
    expect(existsSync(lock)).toBe(false);
    expect(heldBy()).toBeUndefined();
  });

  test('by somebody unknown, where it is empty or only half written', () => {
    for (const text of ['', '123', '123 45', 'nobody\n', '\0\0\0\0']) {
      writeFileSync(lock, text);
      expect(heldBy()).toEqual({ toRemove: lock });
    }
  });

  test('by a process of another machine, of which it cannot be told whether it lives', () => {
    writeFileSync(lock, `${process.pid} 1 ${hostname()}-2\n`);
    expect(heldBy()).toEqual({ pid: process.pid, host: `${hostname()}-2`, toRemove: lock });
    expect(readFileSync(lock, 'utf8')).toContain(`${hostname()}-2`);
  });

  test('where somebody takes it over right now', () => {
    writeFileSync(lock, `${process.pid} 1 ${hostname()}\n`);
    writeFileSync(`${lock}.stale`, '');
    expect(heldBy()).toEqual({ toRemove: `${lock}.stale` });
  });
});

test('a dead process of this machine holds nobody up, whether its lock names the machine or, as once, does not', () => {
  for (const text of [`${process.pid} 1\n`, `${process.pid} 1 ${hostname()}\n`, `${process.ppid} 1 ${hostname()}\n`]) {
    writeFileSync(lock, text);
    expect(heldBy()).toBeUndefined();
    expect(existsSync(`${lock}.stale`)).toBe(false);
  }
});

test('a lock that is taken over names its new holder alone, however long the line was', () => {
  const first = take();
  const text = readFileSync(lock, 'utf8');
  first();
  writeFileSync(lock, `${process.pid} ${'1'.repeat(200)} ${hostname()}\n`);
  const giveBack = take();
  expect(readFileSync(lock, 'utf8')).toBe(text);
  giveBack();
});

test("what is given back is not another one's lock", () => {
  const giveBack = take();
  writeFileSync(lock, `${process.ppid} 1 elsewhere\n`);
  giveBack();
  expect(readFileSync(lock, 'utf8')).toBe(`${process.ppid} 1 elsewhere\n`);
});

test('the message names process and machine, and the file to remove where the holder may be gone', () => {
  const told = (holder: Holder) => `In use${holderText(holder)}.${removalText(holder)}`;
  const removal = 'It cannot be told from here whether that one still runs: if it does not, remove /x.lock.';
  expect(told({ pid: 7 })).toBe('In use (process 7).');
  expect(told({ pid: 7, host: 'lab-2', toRemove: '/x.lock' })).toBe(`In use (process 7 on lab-2). ${removal}`);
  expect(told({ toRemove: '/x.lock' })).toBe(`In use. ${removal}`);
});
