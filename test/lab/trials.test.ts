import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { LabError, loadLab } from '../../src/lab/load.ts';
import { loadTrials, type Trial } from '../../src/lab/trials.ts';
import { checks, minimal } from './minimal.ts';

const dir = mkdtempSync(join(tmpdir(), 'labproof-trials-'));
afterAll(() => rmSync(dir, { recursive: true }));
const file = join(dir, 'lab.yaml');
writeFileSync(file, minimal);
const withCodes = {
  ...checks,
  'network/one': { ...checks['network/one'], codes: { FAR_AWAY: 'It is not here.' } },
} as typeof checks;

async function load(trials: string): Promise<readonly Trial[]> {
  writeFileSync(join(dir, 'trials.yaml'), trials);
  return loadTrials(await loadLab(file, { labsDir: dir, checks: withCodes }), withCodes);
}

async function problems(trials: string) {
  const error = await load(trials).catch((reason: unknown) => reason);
  if (!(error instanceof LabError)) throw new Error('the trials were taken');
  return error.problems.map(({ code, line, message }) => ({ code, line, message }));
}

const trial = (text: string) => `format: 1\ntrials:\n  - id: wrong\n    title: Wrong\n${text}`;

test('a lab without a file of trials has none', async () => {
  rmSync(join(dir, 'trials.yaml'), { force: true });
  expect(await loadTrials(await loadLab(file, { labsDir: dir, checks }), checks)).toEqual([]);
});

test('a trial is a change to the solution, calls after it, and what is said of checks', async () => {
  const [one] = await load(
    trial(`    change: [{ call: ec2:CreateVpc, makes: left, input: { CidrBlock: 10.9.0.0/16 } }]
    calls: [{ wait: 60 }, { call: ec2:DeleteVpc, why: Gone, input: { VpcId: '\${left}' } }]
    expect: { one: fail FAR_AWAY, two: pass }
    names: [left]
`),
  );
  expect(one).toMatchObject({
    id: 'wrong',
    expect: { one: { verdict: 'fail', codes: ['FAR_AWAY'] }, two: { verdict: 'pass', codes: [] } },
  });
});

test.each([
  ['a step that is not there', '    through: frist\n', 'UNKNOWN_STEP', 5, 'There is: first.'],
  ['a check that is not there', '    expect: { oen: fail }\n', 'UNKNOWN_CHECK', 5, 'There is: one'],
  ['a code that the check cannot say', '    expect: { one: fail FAR_AWY }\n', 'UNKNOWN_CODE', 5, 'FAR_AWAY'],
  ['a verdict that is none', '    expect: { one: bad }\n', 'INVALID', 5, 'fail ROUTE_MISSING'],
  ['a resource that is not there', '    names: [lefft]\n', 'UNKNOWN_RESOURCE', 5, 'Did you mean left?'],
  [
    'a change of a call that nobody makes',
    '    change: [{ call: ec2:CreateSubnet }]\n',
    'CHANGES_NOTHING',
    5,
    'no call ec2:CreateSubnet',
  ],
  [
    'a name that nothing has',
    "    calls:\n      - { wait: 5 }\n      - { call: ec2:DeleteVpc, why: Gone, input: { VpcId: '${lfet}' } }\n",
    'UNKNOWN_NAME',
    7,
    'There is: left',
  ],
])('%s is told with its place', async (_, text, code, line, words) => {
  const [problem, ...more] = await problems(trial(text));
  expect(more).toEqual([]);
  expect(problem).toMatchObject({ code, line });
  expect(problem?.message).toContain(words);
});

test('two trials of one name are told', async () => {
  const twice = `${trial('    expect: { two: pass }\n')}  - { id: wrong, title: Again }\n`;
  expect(await problems(twice)).toMatchObject([{ code: 'DUPLICATE_ID', line: 6 }]);
});
