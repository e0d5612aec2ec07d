/** `verify` that looks more than once, or is interrupted, and what it writes for CI. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { XmlDocument } from 'libxml2-wasm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Result } from '../../src/run/result.ts';
import { cli, freshEnv, labproof, type RunningSandbox, startSandbox } from './labproof.ts';

const LAB = 'vpc-flow-logs';

/** The program with its output as it comes. */
function started(args: readonly string[], env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [cli, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    text.stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    text.stderr += chunk.toString();
  });
  const code = new Promise<number | null>((resolve) => child.on('close', (status) => resolve(status)));
  return {
    text,
    code,
    interrupt: () => child.kill('SIGINT'),
    /** Resolves when the stream holds this; rejects where the program ends before. */
    says: (stream: 'stdout' | 'stderr', words: string | RegExp) =>
      new Promise<void>((resolve, reject) => {
        const check = () => {
          if (text[stream].search(words) >= 0) resolve();
        };
        child[stream].on('data', check);
        child.on('close', () => reject(new Error(`ended without ${words}: ${text.stdout}${text.stderr}`)));
        check();
      }),
  };
}

async function setFaults(sandbox: RunningSandbox, faults: object): Promise<void> {
  await fetch(`${sandbox.url}/_sandbox/faults`, { method: 'POST', body: JSON.stringify(faults) });
}

describe('--watch', () => {
  let sandbox: RunningSandbox;
  beforeAll(async () => {
    sandbox = await startSandbox(freshEnv(), '--time-scale', '1000');
  });
  afterAll(() => sandbox.stop());

  test('tells the whole once, then what is new, and ends when all has passed', async () => {
    const junit = join(sandbox.env.HOME ?? '', 'ci', 'junit.xml');
    const watch = started(['verify', LAB, '--watch', '--junit', junit], sandbox.env);
    await watch.says('stderr', 'Looking again');
    expect(XmlDocument.fromString(readFileSync(junit, 'utf8')).find('//failure')).not.toEqual([]);
    await labproof(['solve', LAB], sandbox.env);
    expect(await watch.code).toBe(0);
    expect(watch.text.stdout).toMatch(/^\d\d:\d\d:\d\d ✓ peering-routes: .* → pass$/m);
    expect(watch.text.stdout.match(/123456789012/g)).toHaveLength(1);
    expect(watch.text.stdout.trim().split('\n').at(-1)).toContain('100/100 points');
    const document = XmlDocument.fromString(readFileSync(junit, 'utf8'));
    expect(document.find('//failure | //error | //skipped')).toEqual([]);
    expect(document.find('//testcase').length).toBeGreaterThan(10);
  }, 90_000);

  test('what has passed already ends it at once', async () => {
    const { code, stdout } = await labproof(['verify', LAB, '--watch'], sandbox.env);
    expect(code).toBe(0);
    expect(stdout.match(/100\/100 points/g)).toHaveLength(1);
  });

  test('a cloud that is away for a while is said once, and Ctrl+C ends with the last result and 130', async () => {
    await labproof(['aws', 'logs', 'delete-log-group', '--log-group-name', 'NextWorkVPCFlowLogsGroup'], sandbox.env);
    const watch = started(['verify', LAB, '--watch', '--json'], sandbox.env);
    await watch.says('stderr', 'Looking again');
    await setFaults(sandbox, {
      'sts:GetCallerIdentity': { error: { code: 'ExpiredToken', status: 403, message: 'It has expired.' } },
    });
    await watch.says('stderr', 'ExpiredToken');
    await setFaults(sandbox, {});
    await watch.says('stderr', 'There are answers again');
    watch.interrupt();
    expect(await watch.code).toBe(130);
    const result = JSON.parse(watch.text.stdout) as Result;
    expect(result.schema).toBe('labproof/result/v1');
    expect(watch.text.stderr.match(/ExpiredToken/g)).toHaveLength(1);
  }, 60_000);
});

describe('--timeout', () => {
  const STEP = ['--step', 'instances'];
  const sandboxes: RunningSandbox[] = [];
  afterAll(() => Promise.all(sandboxes.map((sandbox) => sandbox.stop())));

  /** Two instances that have just been launched: they boot for half a minute of the sandbox's time. */
  async function booting(timeScale: string): Promise<RunningSandbox> {
    const sandbox = await startSandbox(freshEnv(), '--time-scale', timeScale);
    sandboxes.push(sandbox);
    const aws = (...words: readonly string[]) => labproof(['aws', 'ec2', ...words], sandbox.env);
    await labproof(['solve', LAB, '--through', 'vpcs'], sandbox.env);
    const own = ['--filters', 'Name=default-for-az,Values=false', '--query', 'Subnets[].SubnetId', '--output', 'text'];
    const { stdout } = await aws('describe-subnets', ...own);
    for (const subnet of stdout.trim().split(/\s+/))
      await aws('run-instances', '--image-id', 'ami-0a1b2c3d4e5f60718', '--subnet-id', subnet);
    return sandbox;
  }

  test('says once what it waits for and how long that takes, and gives 3 past its time', async () => {
    const sandbox = await booting('1');
    const { code, stdout, stderr } = await labproof(['verify', LAB, ...STEP, '--timeout', '3'], sandbox.env);
    expect(stderr.match(/Waiting: Instance 1 .* is starting. That usually takes/g)).toHaveLength(1);
    expect(stdout).toContain('waiting');
    expect(code).toBe(3);
  }, 60_000);

  test('ends as soon as nothing waits', async () => {
    const sandbox = await booting('10');
    const began = Date.now();
    const { code, stdout } = await labproof(['verify', LAB, ...STEP, '--timeout', '600'], sandbox.env);
    expect(Date.now() - began).toBeLessThan(60_000);
    expect(stdout).not.toContain('waiting');
    expect(code).not.toBe(3);
  }, 90_000);

  test('Ctrl+C prints what was seen last, and gives 130', async () => {
    const sandbox = await booting('1');
    const verify = started(['verify', LAB, ...STEP, '--timeout', '600'], sandbox.env);
    await verify.says('stderr', 'Waiting');
    verify.interrupt();
    expect(await verify.code).toBe(130);
    expect(verify.text.stdout).toContain('points');
    expect(verify.text.stderr).not.toMatch(/ at .*:\d+/);
  }, 60_000);
});

describe('Ctrl+C before there is a result', () => {
  test.each([[[]], [['--json']]])('gives 130 and says so: %j', async (flags) => {
    // Whoever asks for anything of AWS's waits for ever.
    const asked = Promise.withResolvers<void>();
    const server = createServer((request, response) => {
      if (request.method === 'POST') asked.resolve();
      else response.writeHead(404).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const env = freshEnv({ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' });
    const verify = started(['verify', LAB, '--endpoint-url', urlOf(server), ...flags], env);
    await asked.promise;
    verify.interrupt();
    const code = await verify.code;
    server.closeAllConnections();
    server.close();
    expect(code).toBe(130);
    if (flags.length > 0) expect(JSON.parse(verify.text.stdout)).toMatchObject({ error: { code: 'INTERRUPTED' } });
    else expect(verify.text).toEqual({ stdout: '', stderr: 'labproof: Interrupted.\n' });
  });
});

function urlOf(server: Server): string {
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

describe('--junit', () => {
  test.each([
    ['a folder', '.'],
    ['below a file', 'file/junit.xml'],
    ['a device', '/dev/null'],
    ['no name', ''],
  ])('%s is refused before anything is asked', async (_, path) => {
    const env = freshEnv({ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
    writeFileSync(join(env.HOME ?? '', 'file'), 'mine');
    // Nobody listens there: whoever asks first would be told so, with 3.
    const flags = ['--junit', path, '--endpoint-url', 'http://127.0.0.1:9', '--region', 'us-east-1'];
    const { code, stdout, stderr } = await labproof(['verify', LAB, ...flags], env);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Cannot write');
  });

  test('where nothing could be told, there is no document that looks as if all was well', async () => {
    const env = freshEnv();
    const { code } = await labproof(['verify', LAB, '--junit', 'junit.xml', '--region', 'us-east-1'], env);
    expect(code).toBe(3);
    expect(existsSync(join(env.HOME ?? '', 'junit.xml'))).toBe(false);
  });
});

test.each([
  ['--timeout', '5'],
  ['--snapshot', 'file.json'],
])('--watch has its own end, so %s is wrong with it', async (...more) => {
  const { code, stderr } = await labproof(['verify', LAB, '--watch', ...more], freshEnv());
  expect(code).toBe(2);
  expect(stderr).toContain(more[0]);
});
