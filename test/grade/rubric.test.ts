/** A rubric is taken whole, or refused with every mistake and its place. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readRubric } from '../../src/grade/rubric.ts';
import { LabError } from '../../src/lab/problem.ts';
import { smallLab } from './marking.ts';

function read(text: string) {
  const file = join(mkdtempSync(join(tmpdir(), 'labproof-rubric-')), 'rubric.yaml');
  writeFileSync(file, text);
  return readRubric(file, smallLab, ['number', 'Lab group']);
}

async function problems(text: string): Promise<readonly string[]> {
  const error = await read(text).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof LabError)) throw new Error(`not refused: ${text}`);
  return error.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe('a rubric', () => {
  test('may leave out everything', async () => {
    expect(await read('pass: 60\n')).toEqual({ pass: 60, checks: {}, own: {} });
    expect((await read('checks: { ping: { hidden: true } }\n')).pass).toBe(60);
  });

  test('is read whole', async () => {
    const text = [
      'pass: 50',
      'checks: { ping: { points: 2.5, hidden: true } }',
      'late: { due: 2026-11-30T23:59:00+01:00, perDay: 10 }',
      "own: { vpc1: { cidr: '10.${number}.0.0/16' } }",
    ].join('\n');
    expect(await read(text)).toEqual({
      pass: 50,
      checks: { ping: { points: 2.5, hidden: true } },
      late: { due: '2026-11-30T23:59:00+01:00', perDay: 10, most: 100 },
      own: { vpc1: { cidr: '10.${number}.0.0/16' } },
    });
  });

  test.each([
    ['checks: { pong: { points: 1 } }', /^1:\d+ .*"pong".*ping/],
    ['own: { vpc9: { name: x } }', /^1:\d+ .*"vpc9".*vpc1/],
    ['pass: 101', /^1:7 /],
    ['checks: { ping: { points: -1 } }', /^1:\d+ /],
    ['checks: { ping: { point: 1 } }', /^1:\d+ .*point/],
    ['late: { due: tomorrow, perDay: 10 }', /^1:\d+ .*2026-11-30T23:59:00Z/],
    ['late: { due: 2026-11-30T23:59:00, perDay: 10 }', /^1:\d+ /],
    ['marks: 3', /^1:1 .*marks/],
    ['pass: [', /^\d+:\d+ /],
  ])('refuses %s with its place', async (text, expected) => {
    expect((await problems(text)).join('\n')).toMatch(expected);
  });

  test('may ask for all that the roster tells of a learner', async () => {
    const name = '${learner} ${name} ${account} ${number} ${Lab group}';
    expect(await read(`own: { vpc1: { name: '${name}' } }\n`)).toMatchObject({ own: { vpc1: { name } } });
  });

  test("that asks for what the roster does not tell is refused: it would be missing in everybody's work", async () => {
    const known = 'There is: learner, name, account, number, Lab group.';
    const text =
      "own:\n  vpc1:\n    cidr: '10.${nubmer}.0.0/16'\n    name: '${team}-${ learner }-${team}-${}-${number'\n";
    expect(await problems(text)).toEqual([
      `3:11 Nothing is known of learners as \${nubmer}. Did you mean \${number}? ${known}`,
      `4:11 Nothing is known of learners as \${team}. ${known}`,
      `4:11 Nothing is known of learners as \${ learner }. Did you mean \${learner}? ${known}`,
      `4:11 Nothing is known of learners as \${}. ${known}`,
      '4:11 The ${ here is never closed by }.',
    ]);
  });

  test('tells all unknown names at once', async () => {
    expect(await problems('checks: { a: {}, b: {} }\nown: { c: {} }\n')).toHaveLength(3);
  });
});
