/** What a walk costs: the length of its way, not the size of the world. */
import { expect, test } from 'vitest';
import { TOPOLOGY_SLICES, type Topology } from '../../../src/model/network/topology.ts';
import { walk } from '../../../src/model/network/walk.ts';
import { A, B, peered } from './two-vpcs.ts';

test('the lists of a topology are read for the first walk only, however many follow', () => {
  let reads = 0;
  const counted = {} as Topology;
  for (const name of TOPOLOGY_SLICES)
    Object.defineProperty(counted, name, {
      get() {
        reads += 1;
        return peered[name];
      },
    });
  const ping = (from: string, to: string) => walk(counted, { protocol: 'icmp', from: { interfaceId: from }, to });
  expect(ping(A.eni, B.privateIp).answer).toBe('delivered');
  const first = reads;
  for (const to of [A.publicIp, B.publicIp, B.privateIp, '8.8.8.8']) for (const from of [A.eni, B.eni]) ping(from, to);
  expect(reads).toBe(first);
});
