import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freshEnv, labproof, run } from './labproof.ts';

const HEADINGS = [
  '## VPC Monitoring with Flow Logs',
  "## Introducing Today's Project!",
  '## In the first part of my project...',
  '## Multi-VPC Architecture',
  '## Logs',
  '## IAM Policy and Roles',
  '## In the second part of my project...',
  '## Connectivity troubleshooting',
  '## Connectivity troubleshooting',
  '## Connectivity troubleshooting',
  '## Analyzing flow logs',
  '## Logs Insights',
];

test('npm start without a terminal walks the whole lab by itself in under a minute and ends with the path of the report', async () => {
  const env = freshEnv();
  const started = performance.now();
  const { code, stdout, stderr } = await run(
    process.execPath,
    [join(import.meta.dirname, '../../scripts/start.ts'), '-o', join(env.HOME ?? '', 'reports')],
    env,
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(performance.now() - started).toBeLessThan(60_000);
  expect(stdout).not.toContain('\u001b');
  const path = stdout.trim().split('\n').at(-1) ?? '';
  const report = readFileSync(path, 'utf8');
  expect(report.split('\n').filter((line) => line.startsWith('## '))).toEqual(HEADINGS);
  expect(report).toMatch(/vpc-[0-9a-f]{17}/);
  expect(report).toContain('100% packet loss');
  expect(report).toContain(' 0% packet loss');
  expect(report).not.toMatch(/\S+@\S+\.\S+/);
}, 90_000);

test('the plain walk is driven by numbered answers, and what was done is there the next time', async () => {
  const env = freshEnv();
  const args = ['start', 'vpc-flow-logs', '--sandbox', '--plain'];
  const first = await labproof(args, env, '3\n2\n9\n');
  expect(first.code).toBe(0);
  const progress = await run('sh', ['-c', `cat "$XDG_DATA_HOME"/labproof/progress/*.json`], env);
  expect(JSON.parse(progress.stdout)).toMatchObject({
    lab: 'vpc-flow-logs',
    hints: { vpcs: 1 },
    answers: { 'predict-overlap': { value: 2 } },
  });
});
