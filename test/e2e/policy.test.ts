/** `labproof policy` and `labproof check`: what is on stdout, and what is said of a wrong use. */
import { beforeAll, describe, expect, test } from 'vitest';
import { freshEnv, labproof } from './labproof.ts';

let env: NodeJS.ProcessEnv;
beforeAll(() => {
  env = freshEnv();
});

test.each([
  ['checker', []],
  ['learner', ['--for', 'learner']],
])('the policy for the %s is all that is on stdout', async (_who, flags) => {
  const { code, stdout } = await labproof(['policy', 'vpc-flow-logs', ...flags], env);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ Version: '2012-10-17', Statement: expect.any(Array) });
});

test('a learner’s policy as a grading role is refused', async () => {
  const { code, stdout, stderr } = await labproof(['policy', '--cloudformation', '--for', 'learner'], env);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('--cloudformation');
});

describe('the catalogue of checks', () => {
  test('every check that is listed can be shown, and says what it needs and may find', async () => {
    const listed = JSON.parse((await labproof(['check', 'list', '--json'], env)).stdout) as {
      id: string;
      title: string;
    }[];
    expect(listed.length).toBeGreaterThan(10);
    const text = (await labproof(['check', 'list'], env)).stdout;
    for (const { id } of listed) expect(text).toContain(`${id} `);
    const [first, last] = [listed[0], listed.at(-1)];
    for (const each of [first, last]) {
      const { stdout } = await labproof(['check', 'show', each?.id ?? '', '--json'], env);
      const shown = JSON.parse(stdout) as { actions: unknown[] };
      expect(shown).toMatchObject({
        ...each,
        codes: expect.any(Object),
        commonCodes: { NOT_PERMITTED: expect.any(String) },
      });
      expect(shown.actions.length).toBeGreaterThan(0);
    }
  });

  test('a check is shown within 80 columns', async () => {
    const { code, stdout } = await labproof(['check', 'show', 'ping/private-answered'], env);
    expect(code).toBe(0);
    for (const part of ['from: instance', 'ec2:DescribeVpcs', 'ssm:SendCommand', 'PING_NOT_SEEN', 'NOT_PERMITTED'])
      expect(stdout).toContain(part);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test.each([
    ['network/cidr-unique', 'network/cidrs-unique'],
    ['cidrs-unique', 'network/cidrs-unique'],
    ['role-can-writ', 'iam/role-can-write'],
    ['nothing-like-it-at-all', 'labproof check list'],
    ['__proto__', 'labproof check list'],
  ])('instead of %s it offers %s', async (id, meant) => {
    const { code, stdout, stderr } = await labproof(['check', 'show', id], env);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(meant);
  });
});
