/** The guided walk as a learner has it: a real terminal (tmux), keys, a kill, and the next day. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cli, freshEnv, labproof } from './labproof.ts';

const TMUX = ['/usr/bin/tmux', '/usr/local/bin/tmux', '/opt/homebrew/bin/tmux'].find(existsSync);
const PATIENCE_MS = 20_000;

let env: NodeJS.ProcessEnv;
let socket: string;
let opened = 0;
beforeEach(() => {
  env = freshEnv();
});
afterEach(() => {
  try {
    tmux('kill-server');
  } catch {
    // It ended with its last window.
  }
});

function tmux(...args: readonly string[]): string {
  return execFileSync(TMUX ?? 'tmux', ['-S', socket, ...args], { env, encoding: 'utf8' });
}

/** A terminal of its own each time: a server that is just ending takes no new session. */
function open(columns: number, rows: number): void {
  opened += 1;
  socket = join(env.HOME ?? '', `tmux-${opened}.sock`);
  const command = `${process.execPath} ${cli} start vpc-flow-logs --sandbox; echo ended with $?; sleep 60`;
  tmux('new-session', '-d', '-x', String(columns), '-y', String(rows), '-c', env.HOME ?? '/', command);
}

function screen(): string {
  return tmux('capture-pane', '-p');
}

async function sees(text: string): Promise<string> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const shown = screen();
    if (shown.includes(text)) return shown;
    if (Date.now() > until) throw new Error(`"${text}" did not appear on:\n${shown}`);
    await sleep(50);
  }
}

function press(...keys: readonly string[]): void {
  tmux('send-keys', ...keys);
}

describe.runIf(TMUX)('on a terminal', () => {
  test.each([
    [120, 40],
    [80, 24],
    [60, 16],
  ])(
    'of %d by %d, the first step is shown, solved and checked, and no line is cut by the edge',
    async (columns, rows) => {
      open(columns, rows);
      await sees('Set up VPCs');
      press('s');
      await sees('y yes');
      press('y');
      const shown = await sees('14/100');
      expect(shown).toContain('VPC 1');
      expect(Math.max(...shown.split('\n').map((line) => line.length))).toBeLessThanOrEqual(columns);
      press('q');
      await sees('ended with 0');
    },
    60_000,
  );

  test('a killed walk is resumed where it was: account, hints and answers', async () => {
    open(80, 24);
    await sees('Set up VPCs');
    press('h');
    await sees('Hints 1/4');
    press('s');
    await sees('y yes');
    press('y');
    await sees('14/100');
    const running = JSON.parse(readFileSync(join(env.XDG_DATA_HOME ?? '', 'labproof/sandbox/running.json'), 'utf8'));
    process.kill(Number(running.pid), 'SIGKILL');
    await sees('ended with 137');
    tmux('kill-server');

    open(80, 24);
    await sees('Hints 1/4');
    const verified = await labproof(['verify', '--sandbox', '--json'], env);
    expect(JSON.parse(verified.stdout)).toMatchObject({ points: { earned: 14 } });
  }, 60_000);

  test('Ctrl-C leaves with 130 and gives the terminal back', async () => {
    open(80, 24);
    await sees('Set up VPCs');
    press('C-c');
    await sees('ended with 130');
  }, 60_000);
});
