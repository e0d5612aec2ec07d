/** The lab by clients that were written for AWS: what one creates, each of the others reads back the same. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Result } from '../../src/run/result.ts';
import { freshEnv, labproof, type RunningSandbox, run, startSandbox } from './labproof.ts';

/** Debian's: the oldest that we promise. */
const [PYTHON, AWS] = ['/usr/bin/python3', '/usr/bin/aws'];
const script = join(import.meta.dirname, 'lab.py');
const hasBoto3 = spawnSync(PYTHON, ['-c', 'import boto3']).status === 0;

describe.runIf(hasBoto3)('boto3', () => {
  let sandbox: RunningSandbox;
  // This boto3 does not know AWS_ENDPOINT_URL yet, so it is told as its users tell it.
  const python = (...args: readonly string[]) =>
    run(PYTHON, ['-c', WITH_ENDPOINT, script, ...args], { ...sandbox.env, PATH: '/usr/bin' });
  beforeAll(async () => {
    sandbox = await startSandbox(freshEnv(), '--time-scale', '1000');
    const built = await python();
    expect(built, built.stderr).toMatchObject({ code: 0 });
  }, 120_000);
  afterAll(() => sandbox.stop());

  test('does the lab from the first VPC to the query, and every check passes', async () => {
    const { stdout } = await labproof(['verify', 'vpc-flow-logs', '--json', '--timeout', '10'], sandbox.env);
    const result = JSON.parse(stdout) as Result;
    const open = result.steps.flatMap(({ checks }) => checks).filter(({ verdict }) => verdict !== 'pass');
    expect(open).toEqual([]);
  }, 60_000);

  test.runIf(existsSync(AWS))(
    'what it made, the AWS CLI and labproof aws read the same, field by field',
    async () => {
      const { stdout } = await python('read');
      const found = Object.entries(JSON.parse(stdout) as Record<string, unknown>);
      expect(found.length).toBe(15);
      for (const [call, answer] of found) {
        const words = call.split(' ');
        const cli = await run(AWS, [...words, '--output', 'json', '--endpoint-url', sandbox.url], {
          ...sandbox.env,
          PATH: '/usr/bin',
        });
        const own = await labproof(['aws', ...words, '--output', 'json'], sandbox.env);
        expect(JSON.parse(cli.stdout), `${call}: ${cli.stderr}`).toEqual(answer);
        // Debian's clients are older, and leave out what they do not know.
        expect(JSON.parse(own.stdout), call).toMatchObject(answer as object);
      }
    },
    120_000,
  );
});

/** Runs a script with an endpoint for every client that it makes. */
const WITH_ENDPOINT = `
import boto3, functools, os, runpy, sys
boto3.client = functools.partial(boto3.client, endpoint_url=os.environ["AWS_ENDPOINT_URL"])
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
`;
