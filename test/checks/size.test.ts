/** No account is too big: what a learner can make many or long of is verified, shown and reported in seconds. */
import { describe, expect, test } from 'vitest';
import { openSnapshot } from '../../src/account/recorded.ts';
import { resultText } from '../../src/plain/result.ts';
import { junitXml } from '../../src/report/junit.ts';
import { renderReport } from '../../src/report/report.ts';
import { verify } from '../../src/run/verify.ts';
import { allow, answer, checks, document, IDS, lab, NOW, ping, solved, type World } from './builders.ts';

const MEGABYTE = 2 ** 20;

function many<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function first<T>([item]: readonly T[]): T {
  if (item === undefined) throw new Error('there is none');
  return item;
}

describe('an account is looked at in seconds, and what is said of it stays short, with', () => {
  test.each<[string, (world: World) => void]>([
    [
      '2000 VPCs',
      ({ slices: { vpcs } }) => {
        const vpc = first(vpcs);
        vpcs.push(...many(2000, (index) => ({ ...vpc, id: `vpc-x${index}` })));
      },
    ],
    [
      '2000 instances',
      ({ slices: { instances } }) => {
        const instance = first(instances);
        instances.push(...many(2000, (index) => ({ ...instance, id: `i-x${index}` })));
      },
    ],
    [
      'names of a megabyte, full of wildcards',
      ({ slices: { vpcs, instances } }) => {
        for (const one of [...vpcs, ...instances]) one.tags = { Name: '*1*?'.repeat(MEGABYTE / 4) };
      },
    ],
    [
      '20,000 routes',
      ({ slices: { routeTables } }) => {
        const target = { kind: 'peering' as const, id: 'pcx-2' };
        for (const { routes } of routeTables)
          routes.push(
            ...many(20_000, (index) => ({
              destination: `10.2.${index % 256}.0/24`,
              target,
              state: 'blackhole' as const,
              propagated: false,
            })),
          );
      },
    ],
    [
      '20,000 rules of 300 prefix lists',
      ({ slices }) => {
        slices.prefixLists = many(300, (index) => ({
          id: `pl-${index}`,
          name: 'x',
          cidrs: many(1000, (number) => `10.9.${number % 256}.0/30`),
        }));
        for (const group of slices.securityGroups)
          group.ingress = many(20_000, (index) => ({
            protocol: 'tcp',
            fromPort: index,
            toPort: index,
            peer: { kind: 'prefix-list' as const, id: `pl-${index % 300}` },
          }));
      },
    ],
    [
      'log groups with long names',
      ({ slices }) => {
        const group = first(slices.logGroups);
        slices.flowLogs = [];
        slices.logGroups = many(5000, (index) => ({ ...group, name: `${'flow'.repeat(120)}${index}` }));
      },
    ],
    [
      'one log group with a name of a megabyte, in another Region too',
      (world) => {
        const name = 'flow'.repeat(MEGABYTE / 4);
        world.slices.flowLogs = [];
        world.slices.logGroups = world.slices.logGroups.map((group) => ({ ...group, name }));
        world.elsewhere = [{ region: 'eu-west-1', found: [{ id: name }] }];
      },
    ],
    [
      'policies of wildcards',
      ({ role }) => {
        const statements = many(100, () => JSON.parse(allow('*l*o*g*s*:*', '*a'.repeat(2000))).Statement[0]);
        if (role) role.policies = [{ name: 'p', document: document(...statements) }];
      },
    ],
    [
      'a query whose every row has fields of its own',
      ({ queries }) => {
        for (const query of queries)
          query.rows = many(5000, (row) => Object.fromEntries(many(20, (field) => [`f${row}_${field}`, ' | '])));
      },
    ],
    [
      'a query with cells of a megabyte',
      ({ queries }) => {
        for (const query of queries)
          query.rows = [' |', ' \n', '  ', '\u001b]', '`'].map((piece) => ({ cell: piece.repeat(MEGABYTE / 2) }));
      },
    ],
    [
      'outputs of a megabyte',
      ({ pings }) => {
        for (const [index, piece] of ['\u001b]', ' \n', '` '].entries())
          Object.assign(pings[index] ?? {}, { output: piece.repeat(MEGABYTE / 2) });
      },
    ],
    [
      '200,000 pings',
      (world) => {
        world.pings = many(200_000, (index) => ping(IDS.private2, index % 2, index / 1000));
      },
    ],
  ])(
    '%s',
    async (_, change) => {
      const world = solved();
      change(world);
      const slices = Object.fromEntries(
        Object.entries(world.slices).map(([name, value]) => [name, { ok: true, value }]),
      );
      const cloud = { kind: 'aws', account: '123456789012', region: 'us-east-1', partition: 'aws' } as const;
      const takenAt = new Date(NOW).toISOString();
      const recorded = openSnapshot({ schema: 'labproof/snapshot/v1', takenAt, cloud, slices, answers: [] });
      const reader = { ...recorded, ask: async (question: never) => answer(world, question) as never };

      const started = performance.now();
      const result = await verify({ lab, checks, reader, clock: Date.now });
      const text = resultText(result, { colour: false, width: 80 });
      const report = renderReport({ lab, result, now: NOW });
      const xml = junitXml([{ name: 'x', result }]);
      // A fraction of it; what grows with the square takes minutes.
      expect(performance.now() - started).toBeLessThan(10_000);

      const findings = result.steps.flatMap((step) => step.checks.flatMap((check) => check.findings));
      expect(findings.filter(({ code }) => code === 'CHECK_ERROR')).toEqual([]);
      expect(text.length).toBeLessThan(20_000);
      expect(xml.length).toBeLessThan(100_000);
      expect(report.length).toBeLessThan(500_000);
    },
    60_000,
  );
});
