/** `npm run bench`: the figures of the README and the changelog, measured on the built program. Linux only. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { benchInsights } from './bench-insights.ts';
import { benchNetwork } from './bench-network.ts';
import { benchSandbox } from './bench-sandbox.ts';

const cli = join(import.meta.dirname, '../dist/cli.js');
const RUNS = 11;
const home = mkdtempSync(join(tmpdir(), 'labproof-bench-'));
const env: NodeJS.ProcessEnv = { ...process.env, XDG_DATA_HOME: home, TERM: 'xterm-256color' };
delete env.CI;
delete env.AWS_ENDPOINT_URL;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function report(name: string, value: string): void {
  process.stdout.write(`${name.padEnd(58)} ${value}\n`);
}

function milliseconds(run: () => void): number {
  const started = performance.now();
  run();
  return performance.now() - started;
}

function medianOf(args: readonly string[]): number {
  const once = () => milliseconds(() => void execFileSync(process.execPath, args, { env, stdio: 'ignore' }));
  once();
  return median(Array.from({ length: RUNS }, once));
}

/** From the start of the process to the first text on a terminal (`script` gives it one). */
function firstFrame(): Promise<number> {
  return new Promise((resolve) => {
    const started = performance.now();
    const command = `stty rows 40 cols 120; exec ${process.execPath} ${cli} start vpc-flow-logs --sandbox`;
    const child = spawn('script', ['-qec', command, '/dev/null'], { env, stdio: ['pipe', 'pipe', 'ignore'] });
    let seen = '';
    child.stdout.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
      if (!seen.includes('VPC')) return;
      const took = performance.now() - started;
      child.stdout.removeAllListeners('data');
      child.on('exit', () => resolve(took));
      child.stdin.write('q');
      setTimeout(() => child.kill(), 2000).unref();
    });
  });
}

/** The highest resident memory of a process, in MiB. */
function peakMemory(child: ChildProcess): Promise<number> {
  let peak = 0;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      try {
        const line = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'));
        peak = Math.max(peak, Number(line?.[1] ?? 0) / 1024);
      } catch {
        clearInterval(timer);
      }
    }, 5);
    child.on('exit', () => {
      clearInterval(timer);
      resolve(peak);
    });
  });
}

async function startSandbox(): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const child = spawn(process.execPath, [cli, 'sandbox', 'start', '--port', '0', '--time-scale', '600'], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const url = await new Promise<string>((resolve) =>
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim())),
  );
  return { url, child };
}

const resultSchema = z.object({
  verdict: z.string(),
  durationMs: z.number(),
  resources: z.record(z.string(), z.string().nullable()),
  calls: z.object({ total: z.number(), byOperation: z.record(z.string(), z.number()) }),
});

/** `ec2:DescribeVpcs` as the AWS CLI's own words, with the arguments that it cannot do without. */
function cliRead(
  operation: string,
  resources: Readonly<Record<string, string | null>>,
  target: readonly string[],
): readonly string[] {
  const [service = '', name = ''] = operation.split(':');
  const kebab = name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
  const role = resources.role?.split('/').at(-1) ?? '';
  const group = resources.logGroup ?? '';
  const needed: Readonly<Record<string, readonly string[]>> = {
    GetRole: ['--role-name', role],
    ListAttachedRolePolicies: ['--role-name', role],
    ListRolePolicies: ['--role-name', role],
    GetPolicy: ['--policy-arn', `arn:aws:iam::${resources.account}:policy/NextWorkVPCFlowLogsPolicy`],
    GetPolicyVersion: [
      '--policy-arn',
      `arn:aws:iam::${resources.account}:policy/NextWorkVPCFlowLogsPolicy`,
      '--version-id',
      'v1',
    ],
    DescribeLogStreams: ['--log-group-name', group],
    FilterLogEvents: ['--log-group-name', group],
    DescribeQueries: ['--log-group-name', group],
    GetQueryResults: ['--query-id', '00000000-0000-0000-0000-000000000000'],
    ListCommandInvocations: ['--details'],
  };
  return [service, kebab, ...(needed[name] ?? []), ...target];
}

benchNetwork(report);

const bare = medianOf(['-e', '0']);
report('node -e 0 (median of 11)', `${bare.toFixed(0)} ms`);
await benchSandbox(home, bare, report);
await benchInsights(home, report);
const help = medianOf([cli, '--help']);
report('labproof --help', `${help.toFixed(0)} ms, ${(help / bare).toFixed(2)} x bare node`);
const frames: number[] = [];
for (let run = 0; run < RUNS; run += 1) frames.push(await firstFrame());
report(
  'start: first painted frame',
  `${median(frames).toFixed(0)} ms, ${(median(frames) / bare).toFixed(2)} x bare node`,
);

const { url, child: sandbox } = await startSandbox();
const keys = {
  AWS_ENDPOINT_URL: url,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
};
Object.assign(env, keys);
execFileSync(process.execPath, [cli, 'solve', 'vpc-flow-logs'], { env, stdio: 'ignore' });
const walls: number[] = [];
const peaks: number[] = [];
let output = '';
for (let run = 0; run < RUNS; run += 1) {
  const started = performance.now();
  const child = spawn(process.execPath, [cli, 'verify', 'vpc-flow-logs', '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  peaks.push(await peakMemory(child));
  walls.push(performance.now() - started);
}
const result = resultSchema.parse(JSON.parse(output));
report('verify of the solved lab', `${result.verdict}, ${result.calls.total} calls`);
report('  whole process', `${median(walls).toFixed(0)} ms (the verification itself ${result.durationMs} ms)`);
report('  peak memory', `${median(peaks).toFixed(0)} MiB`);

const resources = { ...result.resources, account: '123456789012' };
const oneByOne = milliseconds(() => {
  for (const [operation, times] of Object.entries(result.calls.byOperation))
    for (let time = 0; time < times; time += 1)
      try {
        execFileSync('/usr/bin/aws', [...cliRead(operation, resources, ['--endpoint-url', url])], {
          env,
          stdio: 'ignore',
        });
      } catch {
        // A refusal takes the CLI as long as an answer.
      }
});
report(
  'the same reads with the AWS CLI, one by one',
  `${(oneByOne / 1000).toFixed(1)} s, ${(oneByOne / median(walls)).toFixed(0)} x verify`,
);
sandbox.kill();

for (const key of Object.keys(keys)) delete env[key];
const whole = milliseconds(() =>
  execFileSync(process.execPath, [join(import.meta.dirname, 'start.ts'), '-o', home], { env, stdio: 'ignore' }),
);
report('npm start without a terminal, whole', `${(whole / 1000).toFixed(1)} s`);
