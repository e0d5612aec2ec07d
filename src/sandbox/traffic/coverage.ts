/** Which flow logs watch which network interfaces. */
import type { FlowLog, Instance, NetworkInterface } from '@aws-sdk/client-ec2';
import type { Topology } from '../../model/network/topology.ts';
import { isNitro } from '../services/ec2/instance-types.ts';
import { topologyOf } from '../topology.ts';
import type { Ec2State } from '../world.ts';

export interface Watched {
  readonly networkInterface: NetworkInterface;
  readonly instance: Instance | undefined;
  readonly isNitro: boolean;
  readonly flowLogs: readonly FlowLog[];
}

const known = new WeakMap<Topology, ReadonlyMap<string, Watched>>();

/** Every network interface by its id. Found once, as long as the resources do not change. */
export function watchedInterfaces(ec2: Ec2State): ReadonlyMap<string, Watched> {
  const topology = topologyOf(ec2);
  const found = known.get(topology) ?? build(ec2);
  known.set(topology, found);
  return found;
}

function build(ec2: Ec2State): ReadonlyMap<string, Watched> {
  const instances = new Map(ec2.instances.map((instance) => [instance.InstanceId, instance]));
  const flowLogs = Map.groupBy(activeFlowLogs(ec2), ({ ResourceId }) => ResourceId);
  return new Map(
    ec2.networkInterfaces.map((networkInterface) => {
      const { NetworkInterfaceId = '', SubnetId, VpcId, Attachment } = networkInterface;
      const instance = instances.get(Attachment?.InstanceId);
      const watching = [NetworkInterfaceId, SubnetId, VpcId].flatMap((id) => flowLogs.get(id) ?? []);
      const nitro = instance !== undefined && isNitro(instance.InstanceType);
      return [NetworkInterfaceId, { networkInterface, instance, isNitro: nitro, flowLogs: watching }];
    }),
  );
}

/** The flow logs that make records for CloudWatch Logs. S3 and Data Firehose are no part of the sandbox. */
export function activeFlowLogs(ec2: Ec2State): FlowLog[] {
  return ec2.flowLogs.filter(
    (flowLog) =>
      flowLog.FlowLogStatus === 'ACTIVE' && (flowLog.LogDestinationType ?? 'cloud-watch-logs') === 'cloud-watch-logs',
  );
}

/**
 * "When a network interface is attached to a Nitro-based instance, the aggregation interval is always 1 minute or less,
 * regardless of the specified maximum aggregation interval" (VPC User Guide, Flow log records).
 */
export function windowMs({ isNitro: nitro }: Watched, { MaxAggregationInterval = 600 }: FlowLog): number {
  return nitro ? 60_000 : MaxAggregationInterval * 1000;
}
