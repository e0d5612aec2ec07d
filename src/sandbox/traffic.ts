/**
 * What happens on the network while nobody asks: strangers scan, windows end, records arrive. The server calls it
 * before each request, with the clock as it then stands.
 */

import { aggregate } from './traffic/aggregate.ts';
import { deliver } from './traffic/delivery.ts';
import { scan } from './traffic/scans.ts';
import type { AccountState } from './world.ts';

const [HOUR_MS, DAY_MS] = [3_600_000, 86_400_000];

/** How much of a time in which nobody asked is made up for: the newest of it, and about so many scans. */
const MADE_UP = {
  usual: { idleMs: 7 * DAY_MS, probes: 1200 },
  /** Where a real minute is more than a day: every request would have days to make up for. */
  fast: { idleMs: HOUR_MS, probes: 0 },
};

/**
 * @param realMinuteMs How much time passes here in a real minute.
 * @returns Whether it changed anything.
 */
export function settleTraffic(
  account: AccountState,
  regionName: string,
  now: number,
  realMinuteMs: number,
  random: () => number,
  skips: () => boolean,
): boolean {
  const region = account.regions[regionName];
  if (!region) return false;
  const { scannedUntil, pending } = region.traffic;
  const { idleMs, probes } = realMinuteMs > DAY_MS ? MADE_UP.fast : MADE_UP.usual;
  scan(region, now, idleMs, probes, random);
  // Windows end with the last whole minute of scans, or a probe of a later settling would miss its window.
  aggregate(region, { account: account.id, regionName }, region.traffic.scannedUntil, idleMs, random, skips);
  deliver(account, regionName, region, now);
  return region.traffic.scannedUntil !== scannedUntil || region.traffic.pending !== pending;
}
