/** Makes flow-log records of what the interfaces saw (VPC User Guide, "Flow log records"). */
import type { FlowLog, NetworkInterface } from '@aws-sdk/client-ec2';
import { DEFAULT_FORMAT, fieldsOf, writeRecord } from '../../model/flowlog/record.ts';
import type { RegionState, Sighting } from '../world.ts';
import { activeFlowLogs, interfacesOf } from './coverage.ts';

/** Delivery to CloudWatch Logs takes minutes after a window has ended. */
const deliveryMs = { least: 60_000, most: 240_000 };
/** An idle interface has a NODATA record a window; of windows long past only the newest are made up for. */
const mostNoData = 5;

interface Place {
  readonly account: string;
  readonly regionName: string;
}

/** One record's worth of traffic: a 5-tuple and action at one interface in one window. */
interface Flow {
  readonly window: number;
  readonly sample: Sighting;
  readonly networkInterface: NetworkInterface;
  packets: number;
  bytes: number;
  first: number;
  last: number;
}

/**
 * Turns the sightings of every window that has ended into records that wait for their delivery.
 * @param until Up to when all traffic is known, epoch milliseconds.
 */
export function aggregate(region: RegionState, place: Place, until: number, random: () => number): void {
  const { ec2, traffic } = region;
  const flowLogs = activeFlowLogs(ec2);
  for (const flowLog of flowLogs) aggregateFlowLog(region, flowLog, place, until, random);
  const kept = new Map(flowLogs.map((flowLog) => [flowLog.FlowLogId ?? '', startOf(region, flowLog)]));
  traffic.aggregatedUntil = Object.fromEntries(kept);
  const needed = Math.min(until, ...kept.values());
  if (traffic.sightings.some(({ at }) => at < needed))
    traffic.sightings = traffic.sightings.filter(({ at }) => at >= needed);
}

/** Up to when this flow log's records were made; what passed before its creation is not recorded. */
function startOf({ traffic }: RegionState, { FlowLogId = '', CreationTime }: FlowLog): number {
  return traffic.aggregatedUntil[FlowLogId] ?? CreationTime?.getTime() ?? 0;
}

function aggregateFlowLog(
  region: RegionState,
  flowLog: FlowLog,
  place: Place,
  until: number,
  random: () => number,
): void {
  const { FlowLogId: flowLogId = '', TrafficType: type = 'ALL', LogFormat: format = DEFAULT_FORMAT } = flowLog;
  const start = startOf(region, flowLog);
  const length = (flowLog.MaxAggregationInterval ?? 600) * 1000;
  const windows = Math.floor((until - start) / length);
  if (windows < 1) return;
  const { traffic } = region;
  traffic.aggregatedUntil[flowLogId] = start + windows * length;

  const interfaces = interfacesOf(region.ec2, flowLog);
  const flows = flowsOf(traffic.sightings, interfaces, { start, length, windows });
  const delays = new Map<number, number>();
  function wait(window: number, networkInterfaceId: string, timestamp: number, message: string): void {
    const delay = delays.get(window) ?? deliveryMs.least + random() * (deliveryMs.most - deliveryMs.least);
    delays.set(window, delay);
    const stream = `${networkInterfaceId}-${type.toLowerCase()}`;
    const deliverAt = Math.floor(start + (window + 1) * length + delay);
    traffic.pending.push({ flowLogId, deliverAt, stream, timestamp, message });
  }

  for (const flow of flows) {
    if (type !== 'ALL' && flow.sample.action !== type) continue;
    const values = { ...flowValues(flow), ...interfaceValues(flow.networkInterface, place, format) };
    const timestamp = Math.floor(flow.first / 1000) * 1000;
    wait(flow.window, flow.sample.interfaceId, timestamp, writeRecord(values, format));
  }
  const busy = new Set(flows.map(({ window, sample }) => `${window} ${sample.interfaceId}`));
  for (const networkInterface of interfaces) {
    const { NetworkInterfaceId: id = '', Attachment } = networkInterface;
    for (let window = Math.max(0, windows - mostNoData); window < windows; window += 1) {
      const from = start + window * length;
      const attached = Attachment?.AttachTime?.getTime() ?? 0;
      if (busy.has(`${window} ${id}`) || from < attached) continue;
      const values = {
        start: seconds(from),
        end: seconds(from + length),
        'log-status': 'NODATA',
        ...interfaceValues(networkInterface, place, format),
      };
      wait(window, id, Math.floor(from / 1000) * 1000, writeRecord(values, format));
    }
  }
}

function flowsOf(
  sightings: readonly Sighting[],
  interfaces: readonly NetworkInterface[],
  span: { start: number; length: number; windows: number },
): Flow[] {
  const byId = new Map(interfaces.map((each) => [each.NetworkInterfaceId, each]));
  const flows = new Map<string, Flow>();
  for (const sample of sightings) {
    const window = Math.floor((sample.at - span.start) / span.length);
    const networkInterface = byId.get(sample.interfaceId);
    if (window < 0 || window >= span.windows || !networkInterface) continue;
    const { at, bytes, ...key } = sample;
    const name = JSON.stringify([window, key]);
    const flow = flows.get(name) ?? { window, sample, networkInterface, packets: 0, bytes: 0, first: at, last: at };
    flow.packets += 1;
    flow.bytes += bytes;
    flow.first = Math.min(flow.first, at);
    flow.last = Math.max(flow.last, at);
    flows.set(name, flow);
  }
  return [...flows.values()];
}

function flowValues({ sample, networkInterface, packets, bytes, first, last }: Flow): Record<string, string> {
  const egress = (networkInterface.PrivateIpAddresses ?? []).some(
    ({ PrivateIpAddress }) => PrivateIpAddress === sample.source,
  );
  return {
    srcaddr: sample.source,
    dstaddr: sample.destination,
    'pkt-srcaddr': sample.source,
    'pkt-dstaddr': sample.destination,
    srcport: String(sample.sourcePort),
    dstport: String(sample.destinationPort),
    protocol: String(sample.protocol),
    packets: String(packets),
    bytes: String(bytes),
    start: seconds(first),
    end: seconds(last),
    action: sample.action,
    'log-status': 'OK',
    type: 'IPv4',
    'flow-direction': egress ? 'egress' : 'ingress',
  };
}

function interfaceValues(
  networkInterface: NetworkInterface,
  { account, regionName }: Place,
  format: string,
): Record<string, string> {
  return {
    version: String(versionOf(format)),
    'account-id': account,
    'interface-id': networkInterface.NetworkInterfaceId ?? '-',
    'vpc-id': networkInterface.VpcId ?? '-',
    'subnet-id': networkInterface.SubnetId ?? '-',
    'instance-id': networkInterface.Attachment?.InstanceId ?? '-',
    region: regionName,
  };
}

const fieldVersions: readonly (readonly [number, readonly string[]])[] = [
  [5, ['flow-direction', 'traffic-path', 'pkt-src-aws-service', 'pkt-dst-aws-service']],
  [4, ['region', 'az-id', 'sublocation-type', 'sublocation-id']],
  [3, ['vpc-id', 'subnet-id', 'instance-id', 'tcp-flags', 'type', 'pkt-srcaddr', 'pkt-dstaddr']],
];

/** "If you use a custom format, the version is the highest version among the specified fields" (Flow log records). */
function versionOf(format: string): number {
  const fields = fieldsOf(format);
  return fieldVersions.find(([, names]) => names.some((name) => fields.includes(name)))?.[0] ?? 2;
}

function seconds(milliseconds: number): string {
  return String(Math.floor(milliseconds / 1000));
}
