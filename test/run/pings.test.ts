/** How often a watch sends packets. */
import { expect, test } from 'vitest';
import type { Question } from '../../src/model/account.ts';
import { keepPings } from '../../src/run/pings.ts';
import { type FakeCloud, readerOf, vpc } from './account.ts';

const PING: Question = { kind: 'ping', instanceId: 'i-1', address: '10.2.0.1' };

function watch() {
  let now = 0;
  const keep = keepPings(60_000, () => now);
  const sent: Question[] = [];
  const answers: FakeCloud['answers'] = () => ({
    ok: true,
    value: { address: '10.2.0.1', transmitted: 3, received: 0, at: now, output: '' },
  });
  return {
    sent,
    async look(at: number, cloud: FakeCloud, question: Question = PING) {
      now = at;
      const reader = keep(readerOf({ answers, asked: sent, ...cloud }));
      await reader.read('vpcs');
      return reader.ask(question);
    },
  };
}

test('as long as the account is the same, one ping serves for a minute, with its own time', async () => {
  const { sent, look } = watch();
  await look(0, { slices: { vpcs: [vpc('vpc-1')] } });
  const later = await look(59_999, { slices: { vpcs: [vpc('vpc-1')] } });
  expect(sent).toHaveLength(1);
  expect(later).toMatchObject({ value: { at: 0 } });
  await look(60_000, { slices: { vpcs: [vpc('vpc-1')] } });
  expect(sent).toHaveLength(2);
});

test('whatever has changed, or could not be read, is reason for another', async () => {
  const { sent, look } = watch();
  await look(0, { slices: { vpcs: [vpc('vpc-1')] } });
  await look(1, { slices: { vpcs: [vpc('vpc-1'), vpc('vpc-2')] } });
  await look(2, { unread: { vpcs: { reason: 'denied', action: 'ec2:DescribeVpcs', message: 'no' } } });
  expect(sent).toHaveLength(3);
});

test('an address of its own has a ping of its own, and other questions are asked each time', async () => {
  const { sent, look } = watch();
  const pings: Question = { kind: 'pings', instanceId: 'i-1' };
  for (const question of [PING, { ...PING, address: '10.2.0.2' }, pings, pings]) await look(0, {}, question);
  expect(sent).toHaveLength(4);
});

test('a ping that could not be sent is tried again', async () => {
  const { sent, look } = watch();
  const failing: FakeCloud = {
    answers: () => ({ ok: false, unread: { reason: 'throttled', action: 'ssm:SendCommand', message: 'slow' } }),
  };
  await look(0, failing);
  await look(1, failing);
  expect(sent).toHaveLength(2);
});
