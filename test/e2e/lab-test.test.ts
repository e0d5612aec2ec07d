/** `labproof lab test`: the lab that comes with the product against its trials, and what is said where one differs. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { freshEnv, labproof } from './labproof.ts';

const env = freshEnv();
const labs = join(import.meta.dirname, '../../labs');

describe('the lab of flow logs', () => {
  test('says of the empty account, the solution, its parts and every trial just what it should, live and from a snapshot', async () => {
    const { code, stdout } = await labproof(['lab', 'test', 'vpc-flow-logs', '--json'], env);
    const { schema, cases } = JSON.parse(stdout) as {
      schema: string;
      cases: { kind: string; id: string; differences: string[] }[];
    };
    expect(cases.filter(({ differences }) => differences.length > 0)).toEqual([]);
    expect(schema).toBe('labproof/lab-test/v1');
    expect(cases.filter(({ kind }) => kind === 'trial').length).toBeGreaterThanOrEqual(60);
    expect(cases.map(({ id }) => id)).toEqual(expect.arrayContaining(['empty account', 'solution']));
    expect(code).toBe(0);
  }, 300_000);
});

describe('a trial that is not as its author says', () => {
  const dir = mkdtempSync(join(tmpdir(), 'labproof-lab-test-'));
  cpSync(join(labs, 'vpc-flow-logs'), dir, { recursive: true });
  afterAll(() => rmSync(dir, { recursive: true }));
  const lab = join(dir, 'lab.yaml');
  const trials = join(dir, 'trials.yaml');
  const original = readFileSync(trials, 'utf8');

  test('is told with what was expected, what was said, and why', async () => {
    writeFileSync(
      trials,
      original
        .replace('expect: { cidrs-unique: fail CIDR_OVERLAP }', 'expect: {}')
        .replace('vpc-1: partial NO_ROUTE_TO_DESTINATION', 'vpc-1: partial BAD_STATE_ROUTE'),
    );
    const { code, stdout } = await labproof(
      ['lab', 'test', lab, '--trial', 'cidrs-the-same', '--trial', 'subnet-without-a-default-route'],
      env,
    );
    expect(stdout).toContain('✗ trial cidrs-the-same\n    cidrs-unique: expected pass, got fail CIDR_OVERLAP\n');
    expect(stdout).toContain('vpc-1: expected partial BAD_STATE_ROUTE, got partial NO_ROUTE_TO_DESTINATION');
    expect(stdout).toContain('has no route for 0.0.0.0/0');
    expect(stdout).toMatch(/0 of 2 as expected, in \d+\.\d s\.\n$/);
    expect(code).toBe(1);
  });

  test('which does not exist is named with those that do', async () => {
    const { code, stderr } = await labproof(['lab', 'test', lab, '--trial', 'routes-mising'], env);
    expect(stderr).toContain('has no trial "routes-mising". Did you mean routes-missing?');
    expect(code).toBe(2);
  });

  test('a file of trials with a mistake is refused whole, with its place', async () => {
    writeFileSync(trials, original.replace('through: vpcs', 'through: instancs'));
    const { code, stdout, stderr } = await labproof(['lab', 'test', lab], env);
    expect(stderr).toContain(`${trials}:9:14: There is no step "instancs". Did you mean instances?`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

describe('solve --trial', () => {
  test('makes the mistake, and verify says what it should', async () => {
    const own = freshEnv();
    const solved = await labproof(['solve', '--sandbox', '--trial', 'subnet-without-a-default-route'], own);
    expect(solved.stdout).toContain('Applied: vpcs, trial subnet-without-a-default-route.');
    const { stdout } = await labproof(['verify', '--sandbox', '--step', 'vpcs', '--json'], own);
    expect(stdout).toContain('NO_ROUTE_TO_DESTINATION');
  });

  test('is printed as commands, with the time that passes', async () => {
    const { stdout } = await labproof(['solve', '--trial', 'peering-pending', '--print'], env);
    expect(stdout).toContain('### The peering connection was never accepted');
    expect(stdout).toMatch(/aws ec2 create-vpc-peering-connection .*\n\nsleep 60\n$/);
  });
});
