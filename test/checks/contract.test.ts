import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { defineCheck, pass } from '../../src/check.ts';
import { ENGINE_CODES } from '../../src/run/codes.ts';
import { byHand, checks, empty, lab, run, solved, unpeer, type World } from './builders.ts';

const root = join(import.meta.dirname, '../..');
const uses = lab.steps.flatMap((step) => step.checks);

test('every check of the folder is used by the lab', () => {
  expect(new Set(uses.map(({ use }) => use))).toEqual(new Set(Object.keys(checks)));
});

describe.each(Object.entries(checks))('%s', (_, check) => {
  test('has a title and documents its codes in whole sentences', () => {
    expect(check.title).toMatch(/^\S.{5,}[^.]$/);
    for (const [code, meaning] of Object.entries(check.codes)) {
      expect(code).toMatch(/^[A-Z][A-Z0-9_]+$/);
      expect(meaning).toMatch(/^[A-Z].+\.$/);
    }
  });
});

test('a check can ask only what it says that it may: the compiler sees to it', () => {
  const common = { title: 'Asks', params: {}, needs: [], codes: {}, judge: () => pass() } as const;
  defineCheck({ ...common, mayAsk: ['pings'], asks: () => [{ kind: 'pings', instanceId: 'i-1' }] });
  // @ts-expect-error: a ping is another kind of question.
  defineCheck({ ...common, mayAsk: ['pings'], asks: () => [{ kind: 'ping', instanceId: 'i-1', address: '10.0.0.1' }] });
  // @ts-expect-error: none was announced.
  defineCheck({ ...common, asks: () => [{ kind: 'pings', instanceId: 'i-1' }] });
  for (const check of Object.values(checks)) expect(check.asks !== undefined).toBe((check.mayAsk ?? []).length > 0);
});

test('every code that is written in a check, or in what checks share, is documented', () => {
  const documented = new Set(Object.values(checks).flatMap(({ codes }) => Object.keys(codes)));
  const writtenIn = (file: string) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/\bcode: [^,]*?'([A-Z][A-Z0-9_]+)'/g)].map(([, code]) => code);
  const files = globSync('checks/**/*.ts', { cwd: root });
  expect(files.flatMap(writtenIn).length).toBeGreaterThan(30);
  for (const file of files) {
    const own = checks[file.slice('checks/'.length, -'.ts'.length)];
    const known = own ? new Set(Object.keys(own.codes)) : documented;
    expect(writtenIn(file).filter((code) => !known.has(code ?? ''))).toEqual([]);
  }
});

test('what verifying itself may say is documented beside, and by no check', () => {
  for (const [code, meaning] of Object.entries(ENGINE_CODES)) {
    expect(code).toMatch(/^[A-Z][A-Z0-9_]+$/);
    expect(meaning).toMatch(/^[A-Z].+\.$/);
    for (const check of Object.values(checks)) expect(Object.keys(check.codes)).not.toContain(code);
  }
});

describe.each(uses.map(({ id, use }) => ({ id, use })))('$id ($use)', ({ id, use }) => {
  test('passes on the solved lab, with evidence', () => {
    const { verdict, findings, evidence } = run(id, solved());
    expect({ verdict, findings }).toEqual({ verdict: 'pass', findings: [] });
    expect(evidence.length).toBeGreaterThan(0);
    for (const { title, content } of evidence) {
      expect(title).not.toBe('');
      expect(content).not.toMatch(/undefined|NaN|\[object/);
    }
  });

  test('passes nothing on an empty account, and says what is missing', () => {
    const { verdict, findings } = run(id, empty());
    expect(['fail', 'waiting']).toContain(verdict);
    expect(findings.length).toBeGreaterThan(0);
  });

  test('says the same when asked twice, and changes nothing that it was handed', () => {
    const world = solved();
    const before = structuredClone(world);
    expect(run(id, world)).toEqual(run(id, world));
    expect(world).toEqual(before);
  });

  test.each(damages())('where %s: judges without a throw, in documented codes, with whole messages', (_, damage) => {
    const world = solved();
    damage(world);
    const { verdict, findings } = run(id, world);
    if (verdict !== 'pass' && verdict !== 'unknown') expect(findings.length).toBeGreaterThan(0);
    for (const { code, message, fix, expected, actual } of findings) {
      expect(Object.keys(checks[use]?.codes ?? {})).toContain(code);
      expect(message).toMatch(/^[A-Z].+[.!]$/s);
      const texts = [message, expected, actual, fix?.console, fix?.command].filter((text) => text !== undefined);
      for (const text of texts) expect(text).not.toMatch(/undefined|null|NaN|\[object|Infinity/);
    }
  });
});

/** Each slice and each answer gone, alone and on the way through the lab. */
function damages(): [string, (world: World) => void][] {
  const slices = Object.keys(solved().slices) as (keyof World['slices'])[];
  return [
    ...slices.map((name): [string, (world: World) => void] => [
      `there are no ${name}`,
      (world) => {
        world.slices[name] = [];
      },
    ]),
    ['the VPCs are not peered', unpeer],
    ['nothing is managed by Systems Manager', byHand],
    [
      'neither history nor log hold anything',
      (world) => {
        byHand(world);
        world.events = [];
        world.streams = [];
        world.queries = [];
        world.role = null;
      },
    ],
    [
      'nothing may be asked',
      (world) => {
        world.denied = ['role', 'ping', 'pings', 'logStreams', 'logEvents', 'queries'];
      },
    ],
    [
      'the log holds garbage',
      (world) => {
        for (const event of world.events) event.message = '2 - \u001b[31m NODATA 10.2.0.7 3.80.0.2';
      },
    ],
    [
      'interfaces have no address',
      (world) => {
        for (const each of world.slices.networkInterfaces) each.addresses = [];
      },
    ],
  ];
}
