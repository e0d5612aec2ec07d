/** Which records of a flow log belong together, and how long it takes to tell. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exchanges } from '../../checks/_records.ts';
import { byHand, IDS, line, NOW, ping, run, solved, the, type World } from './builders.ts';

const CHECKS = ['private-unanswered', 'public-answered', 'private-answered', 'ping-recorded'];
const MANY = 200_000;

/** Of all that a check may find in a log group that its learner has filled. */
function longest(world: World): number {
  byHand(world);
  return Math.max(
    ...CHECKS.map((id) => {
      const started = performance.now();
      run(id, world);
      return performance.now() - started;
    }),
  );
}

describe(`${MANY} records of pings are looked through within seconds, where`, () => {
  const times = Array.from({ length: MANY }, (_, index) => 30 + index / 1000);
  test.each<[string, (world: World) => void]>([
    [
      'every other one is an answer',
      (world) => {
        world.events = times.map((at, index) =>
          index % 2 ? line(IDS.private2, IDS.private1, at) : line(IDS.private1, IDS.private2, at),
        );
      },
    ],
    [
      'none is answered',
      (world) => {
        world.events = times.map((at) => line(IDS.private1, IDS.private2, at));
      },
    ],
    [
      'the other end pinged all the time',
      (world) => {
        const half = times.filter((_, index) => index % 2);
        world.events = half.flatMap((at) => [
          line(IDS.private1, IDS.private2, at),
          line(IDS.private2, IDS.private1, at),
        ]);
        world.theirPings = times.map((at) => ping(IDS.private1, 5, at));
      },
    ],
  ])(
    '%s',
    (_, change) => {
      const world = solved();
      change(world);
      expect(longest(world)).toBeLessThan(10_000);
    },
    60_000,
  );

  test('and lines of a megabyte are passed over', () => {
    const world = solved();
    const lines = ['\u001b]', ' x', '9', '\t', '|'].map((piece) => piece.repeat(2 ** 20 / piece.length));
    world.events = lines.map((text, index) => ({ stream: 'eni-1-all', at: NOW - index, message: IDS.private2 + text }));
    expect(longest(world)).toBeLessThan(2000);
  });
});

test('an exchange is a request and the earliest answer within a minute of it, whatever else there is', () => {
  const from = host('eni-1', IDS.private1);
  const to = host('eni-2', IDS.private2);
  const span = fc.tuple(fc.nat(600), fc.nat(200));
  fc.assert(
    fc.property(fc.array(span, { maxLength: 8 }), fc.array(span, { maxLength: 8 }), (sent, answered) => {
      const event =
        (source: string, destination: string) =>
        ([start, length]: readonly [number, number]) => ({
          stream: 'eni-1-all',
          at: start * 1000,
          message: `2 123456789012 eni-1 ${source} ${destination} 0 0 1 5 420 ${start} ${start + length} ACCEPT OK`,
        });
      const events = [
        ...sent.map(event(IDS.private1, IDS.private2)),
        ...answered.map(event(IDS.private2, IDS.private1)),
      ];
      const context = {
        now: NOW,
        reading: ({ kind }: { kind: string }) => ({ ok: true, value: kind === 'logEvents' ? events : [] }),
      };
      const found = exchanges(context as never, solved().slices.flowLogs, from, to, IDS.private2);
      const expected = sent.map(([start, length]) => {
        const fitting = answered.filter(
          ([begun, lasted]) => begun <= start + length + 60 && begun + lasted >= start - 60,
        );
        return [start, Math.min(...fitting.map(([begun]) => begun))];
      });
      const seen = found.map(({ request, answer }) => [request.record.start, answer?.record.start ?? Infinity]);
      expect(seen.toSorted(byNumbers)).toEqual(expected.toSorted(byNumbers));
    }),
  );
});

function byNumbers([a = 0, b = 0]: (number | undefined)[], [c = 0, d = 0]: (number | undefined)[]): number {
  return a - c || (b === d ? 0 : b - d);
}

function host(id: string, privateIp: string) {
  const found = the(solved().slices.networkInterfaces, id);
  return {
    bound: { name: id, label: id, kind: 'instance' as const, id },
    instanceId: id,
    interface: found,
    privateIp,
    publicIp: undefined,
    launchedAt: 0,
  };
}
