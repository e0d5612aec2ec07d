/** The lab's commands, as printed for learners, run against the sandbox by the real AWS CLI and by our own. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Result } from '../../src/run/result.ts';
import { cli, freshEnv, labproof, run, startSandbox } from './labproof.ts';

/** Debian's; other installations differ in version, and this one is the oldest that we promise. */
const AWS = '/usr/bin/aws';

/** The printed solution, pasted into bash where `aws` is this; every check must pass then. */
async function solveWith(aws: string): Promise<void> {
  const env = freshEnv({ PATH: `/usr/bin:${process.env.PATH}` });
  const sandbox = await startSandbox(env, '--time-scale', '1000');
  try {
    const printed = await labproof(['solve', 'vpc-flow-logs', '--print'], env);
    expect(printed.code).toBe(0);
    const script = join(env.HOME ?? '', 'solution.sh');
    const exports = await labproof(['sandbox', 'env'], env);
    writeFileSync(script, `${exports.stdout}\n${aws}\n${printed.stdout}`);
    const ran = await run('bash', [script], env);
    expect(ran.code, `${ran.stdout}\n${ran.stderr}`).toBe(0);
    const verified = await labproof(['verify', 'vpc-flow-logs', '--json', '--timeout', '10'], sandbox.env);
    const result = JSON.parse(verified.stdout) as Result;
    const open = result.steps.flatMap(({ checks }) => checks).filter(({ verdict }) => verdict !== 'pass');
    expect(open).toEqual([]);
    expect(result.points).toEqual({ earned: 100, possible: 100 });
  } finally {
    await sandbox.stop();
  }
}

test.runIf(existsSync(AWS))(
  "the printed solution, pasted into bash with Debian's aws, passes every check",
  () => solveWith(''),
  240_000,
);

test('and with labproof aws, where there is no AWS CLI', () => {
  const own = `aws() { '${process.execPath}' '${cli}' aws "$@"; }`;
  return solveWith(`${own}\nexport -f aws`);
}, 240_000);
