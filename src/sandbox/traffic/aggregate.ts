/** Makes flow-log records of the windows that have ended. */
import type { FlowLog } from '@aws-sdk/client-ec2';
import type { FlowState, RegionState } from '../world.ts';
import { activeFlowLogs, watchedInterfaces, windowMs } from './coverage.ts';
import { flowRecord, type Place, statusRecord } from './records.ts';

/** Delivery to CloudWatch Logs takes minutes after a window has ended. */
const DELIVERY_MS = { least: 60_000, most: 240_000 };
/** An idle interface has a NODATA record a window; so many are made at once for the interfaces of a flow log together. */
const MOST_NODATA = 40_000;

/**
 * Turns what was seen in every window that has ended into records that wait for their delivery.
 * @param until Up to when all traffic is known, epoch milliseconds.
 * @param idleMs Of so much of an idle time records are made.
 * @param skips Whether AWS skips an interface's records in a window: an injected fault.
 */
export function aggregate(
  region: RegionState,
  place: Place,
  until: number,
  idleMs: number,
  random: () => number,
  skips: () => boolean,
): void {
  const { traffic } = region;
  const flowLogs = activeFlowLogs(region.ec2);
  for (const flowLog of flowLogs) aggregateFlowLog(region, flowLog, place, until, idleMs, random, skips);
  const ids = new Set(flowLogs.map(({ FlowLogId }) => FlowLogId));
  for (const progress of [traffic.flows, traffic.aggregatedUntil])
    for (const id of Object.keys(progress)) if (!ids.has(id)) delete progress[id];
}

function aggregateFlowLog(
  region: RegionState,
  flowLog: FlowLog,
  place: Place,
  until: number,
  idleMs: number,
  random: () => number,
  skips: () => boolean,
): void {
  const { FlowLogId: id = '', TrafficType: type = 'ALL', CreationTime } = flowLog;
  const { ec2, traffic } = region;
  const created = CreationTime?.getTime() ?? 0;
  const since = traffic.aggregatedUntil[id] ?? created;
  if (until <= since) return;
  traffic.aggregatedUntil[id] = until;

  const delays = new Map<number, number>();
  function wait(windowEnd: number, networkInterfaceId: string, timestamp: number, message: string): void {
    const delay = delays.get(windowEnd) ?? DELIVERY_MS.least + random() * (DELIVERY_MS.most - DELIVERY_MS.least);
    delays.set(windowEnd, delay);
    const stream = `${networkInterfaceId}-${type.toLowerCase()}`;
    traffic.pending.push({ flowLogId: id, deliverAt: Math.floor(windowEnd + delay), stream, timestamp, message });
  }

  const ended = takeEnded(traffic.flows[id] ?? {}, until);
  const windows = Map.groupBy(ended, ({ windowEnd, interfaceId }) => `${windowEnd} ${interfaceId}`);
  for (const flows of windows.values()) {
    const [{ windowEnd, interfaceId } = { windowEnd: 0, interfaceId: '' }] = flows;
    if (skips()) {
      const start = Math.max(since, Math.min(...flows.map(({ first }) => first)));
      const record = statusRecord(region, flowLog, place, interfaceId, 'SKIPDATA', { start, end: windowEnd });
      wait(windowEnd, interfaceId, wholeSecond(start), record);
      continue;
    }
    for (const flow of flows)
      if (type === 'ALL' || flow.action === type)
        wait(windowEnd, interfaceId, wholeSecond(flow.first), flowRecord(region, flowLog, place, flow));
  }

  const idle = [...watchedInterfaces(ec2)].filter(([, { flowLogs }]) => flowLogs.includes(flowLog));
  for (const [interfaceId, watched] of idle) {
    const length = windowMs(watched, flowLog);
    const most = Math.floor(Math.min(idleMs / length, MOST_NODATA / idle.length));
    const attached = watched.networkInterface.Attachment?.AttachTime?.getTime() ?? 0;
    for (const end of windowEnds(created, length, since, until, most)) {
      if (windows.has(`${end} ${interfaceId}`) || end - length < attached) continue;
      const span = { start: end - length, end };
      const record = statusRecord(region, flowLog, place, interfaceId, 'NODATA', span);
      wait(end, interfaceId, wholeSecond(span.start), record);
    }
  }
}

function takeEnded(flows: Record<string, FlowState>, until: number): FlowState[] {
  const ended = Object.entries(flows).filter(([, { windowEnd }]) => windowEnd <= until);
  for (const [key] of ended) delete flows[key];
  return ended.map(([, flow]) => flow);
}

/** The ends of the newest windows in (since, until], in their order. */
function windowEnds(created: number, length: number, since: number, until: number, most: number): number[] {
  const last = Math.floor((until - created) / length);
  const first = Math.max(Math.floor((since - created) / length) + 1, last - most + 1);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => created + (first + index) * length);
}

function wholeSecond(milliseconds: number): number {
  return Math.floor(milliseconds / 1000) * 1000;
}
