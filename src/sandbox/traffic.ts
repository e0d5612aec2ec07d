/**
 * What happens on the network while nobody asks: strangers scan, windows end, records arrive. The server calls it
 * before each request, with the clock as it then stands.
 */

import { aggregate } from './traffic/aggregate.ts';
import { deliver } from './traffic/delivery.ts';
import { scan } from './traffic/scans.ts';
import type { AccountState } from './world.ts';

/** @returns Whether it changed anything. */
export function settleTraffic(
  account: AccountState,
  regionName: string,
  now: number,
  random: () => number,
  skips: () => boolean,
): boolean {
  const region = account.regions[regionName];
  if (!region) return false;
  const { scannedUntil, pending } = region.traffic;
  scan(region, now, random);
  // Windows end with the last whole minute of scans, or a probe of a later settling would miss its window.
  aggregate(region, { account: account.id, regionName }, region.traffic.scannedUntil, random, skips);
  deliver(account, regionName, region, now);
  return region.traffic.scannedUntil !== scannedUntil || region.traffic.pending !== pending;
}
