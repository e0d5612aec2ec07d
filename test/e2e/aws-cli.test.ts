/** The lab's commands, as printed for learners, run by the real AWS CLI against the sandbox. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Result } from '../../src/run/result.ts';
import { freshEnv, labproof, run, startSandbox } from './labproof.ts';

/** Debian's; other installations differ in version, and this one is the oldest that we promise. */
const AWS = '/usr/bin/aws';

test.runIf(existsSync(AWS))(
  "the printed solution, pasted into bash with Debian's aws, passes every check",
  async () => {
    const env = freshEnv({ PATH: `/usr/bin:${process.env.PATH}` });
    const sandbox = await startSandbox(env, '--time-scale', '1000');
    try {
      const printed = await labproof(['solve', 'vpc-flow-logs', '--print'], env);
      expect(printed.code).toBe(0);
      const script = join(env.HOME ?? '', 'solution.sh');
      const exports = await labproof(['sandbox', 'env'], env);
      writeFileSync(script, `${exports.stdout}\n${printed.stdout}`);
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
  },
  240_000,
);
