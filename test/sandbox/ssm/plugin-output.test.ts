import { expect, it } from 'vitest';
import { pluginOutput } from '../../../src/sandbox/services/ssm/plugin-output.ts';

const long = 'This is a sample text. '.repeat(20);

// The agent's own test cases (amazon-ssm-agent, iohandler_test.go).
const cases: [string, string, string, string][] = [
  ['nothing', '', '', ''],
  ['a short output', 'sample output', '', 'sample output'],
  ['a short error', '', 'sample error', '\n----------ERROR-------\nsample error'],
  ['both', 'sample output', 'sample error', 'sample output\n----------ERROR-------\nsample error'],
  [
    'a long output',
    long,
    '',
    'This is a sample text. This is a sample text. This is a sample text. This is \n---Output truncated---',
  ],
  [
    'a long error',
    '',
    long,
    '\n----------ERROR-------\nThis is a sample text. This is a sample text. This is\n---Error truncated----',
  ],
  [
    'two long ones',
    long,
    long,
    'This is a sampl\n---Output truncated---\n----------ERROR-------\nThis is a sampl\n---Error truncated----',
  ],
];
it.each(cases)('cuts %s as the agent does', (_name, stdout, stderr, expected) => {
  expect(pluginOutput(stdout, stderr, 100)).toBe(expected);
});
