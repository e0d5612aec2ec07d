/** An instance as an end of a ping: its primary network interface and addresses. */
import type { Bound, Finding } from '../src/check.ts';
import type { NetworkInterface, Topology } from '../src/model/network/topology.ts';
import { capital, listed } from './_words.ts';

export interface Host {
  readonly bound: Bound;
  readonly instanceId: string;
  readonly interface: NetworkInterface;
  readonly privateIp: string;
  readonly publicIp: string | undefined;
  /** Of its last start, epoch milliseconds; 0 where that is not known. */
  readonly launchedAt: number;
}

export const HOST_CODES = {
  INSTANCE_MISSING: 'One of the two instances is not there, or has no network interface.',
} as const;

/** Undefined where the instance was not found or has no network interface (any more). */
export function hostOf(topology: Pick<Topology, 'instances' | 'networkInterfaces'>, bound: Bound): Host | undefined {
  const instance = topology.instances.find(({ id }) => id === bound.id);
  if (!instance) return undefined;
  const own = topology.networkInterfaces.filter(({ instanceId }) => instanceId === instance.id);
  const primary =
    own.find(({ addresses }) => addresses.some(({ address }) => address === instance.privateIp)) ?? own[0];
  const address = primary?.addresses.find((each) => each.primary);
  if (!primary || !address) return undefined;
  return {
    bound,
    instanceId: instance.id,
    interface: primary,
    privateIp: address.address,
    publicIp: address.publicIp ?? instance.publicIp,
    launchedAt: instance.launchedAt ?? 0,
  };
}

/** For the case that one of them, or both, are not there. */
export function missingHosts(bounds: readonly Bound[], found: readonly (Host | undefined)[]): Finding {
  const missing = bounds.filter((_, index) => !found[index]).map(({ label }) => label);
  return {
    code: 'INSTANCE_MISSING',
    severity: 'error',
    message: `${capital(listed(missing))} ${missing.length === 1 ? 'was' : 'were'} not found with a network interface.`,
    resources: bounds.flatMap(({ id }) => id ?? []),
  };
}
