/** bash itself says whether a printed command holds the words that were meant. */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SolutionCall, Step } from '../../src/lab/schema.ts';
import { solutionCommands } from '../../src/run/commands.ts';

function stepOf(...calls: readonly Partial<SolutionCall>[]): Step {
  const solution = calls.map((call) => ({ call: 'ec2:CreateVpc', why: 'because', input: {}, ...call }));
  return {
    id: 's',
    title: 'S',
    goal: 'g',
    why: 'w',
    console: ['c'],
    hints: ['1', '2', '3'],
    checks: [],
    questions: [],
    solution,
  };
}

/** Runs the commands with an `aws` that shows its words, one a line between brackets. */
function wordsOf(step: Step, before = ''): readonly string[] {
  const script = `aws() { printf '%s\\0' "$@"; }\n${before}\n${solutionCommands(step)}`;
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

test('a call becomes the words of the AWS CLI', () => {
  const call = {
    call: 'ec2:ModifySubnetAttribute',
    input: { SubnetId: 'subnet-1', MapPublicIpOnLaunch: { Value: true } },
  };
  expect(wordsOf(stepOf(call))).toEqual([
    'ec2',
    'modify-subnet-attribute',
    '--subnet-id',
    'subnet-1',
    '--map-public-ip-on-launch',
    '{"Value":true}',
  ]);
});

test.each([
  [
    ['i-1', 'i-2'],
    ['--ids', 'i-1', 'i-2'],
  ],
  [true, ['--ids']],
  [false, ['--no-ids']],
  [60, ['--ids', '60']],
])('an input of %j', (value, words) => {
  expect(wordsOf(stepOf({ input: { Ids: value } })).slice(2)).toEqual(words);
});

test('RunInstances has the count that the AWS CLI asks for', () => {
  const words = wordsOf(stepOf({ call: 'ec2:RunInstances', input: { MinCount: 1, MaxCount: 1 } }));
  expect(words).toEqual(['ec2', 'run-instances', '--count', '1']);
});

test("a policy's JSON, with a reference inside, comes through to the letter", () => {
  const document = '{"Resource":"arn:aws:logs:${region}:${account}:*","Note":"it\'s $HOME"}';
  expect(wordsOf(stepOf({ input: { PolicyDocument: document } }), "region='us-east-1'; account=1").at(-1)).toBe(
    '{"Resource":"arn:aws:logs:us-east-1:1:*","Note":"it\'s $HOME"}',
  );
});

test('what a call saves stands in a variable for the next one', () => {
  const step = stepOf({ save: { vpc1: 'Vpc.VpcId' } }, { call: 'ec2:DeleteVpc', input: { VpcId: '${vpc1}' } });
  const script = `aws() { [ "$2" = create-vpc ] && echo vpc-7 || echo "$@"; }\n${solutionCommands(step)}`;
  expect(execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim()).toBe('ec2 delete-vpc --vpc-id vpc-7');
});

describe('no text breaks out of its word', () => {
  test('whatever it holds', () => {
    const quotes = fc.string({ unit: fc.constantFrom(...`'"$\\ {}a\n`), minLength: 1, maxLength: 12 });
    const anything = fc
      .oneof(quotes, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }))
      .filter((text) => !text.includes('\0') && !/\$\{[A-Za-z]|\$\$\{/.test(text));
    fc.assert(
      fc.property(fc.array(anything, { minLength: 1, maxLength: 30 }), (texts) => {
        const steps = texts.map((text) => ({ input: { Description: text } }));
        const words = wordsOf(stepOf(...steps)).filter((_, index) => index % 4 === 3);
        expect(words).toEqual(texts);
      }),
      { numRuns: 25 },
    );
  });
});
