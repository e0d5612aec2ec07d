/** Delivers records that are due, if the flow log's role trusts the service and may write. */
import type { FlowLog } from '@aws-sdk/client-ec2';
import { flowLogDelivery } from '../../model/iam/flow-logs.ts';
import { effectivePolicies } from '../services/iam/effective.ts';
import { appendEvents, groupNameOf, newGroup } from '../services/logs/group.ts';
import type { AccountState, LogGroupState, RegionState, TrafficState } from '../world.ts';

/**
 * Where the role does not let the service write, the records are lost and the flow log says "Access error" until a
 * later delivery succeeds (VPC User Guide, "Troubleshoot VPC Flow Logs").
 */
export function deliver(account: AccountState, regionName: string, region: RegionState, now: number): void {
  const { traffic } = region;
  const due = traffic.pending.filter(({ deliverAt }) => deliverAt <= now);
  if (due.length === 0) return;
  traffic.pending = traffic.pending.filter(({ deliverAt }) => deliverAt > now);
  for (const [flowLogId, records] of Map.groupBy(due, (record) => record.flowLogId)) {
    const flowLog = region.ec2.flowLogs.find(({ FlowLogId }) => FlowLogId === flowLogId);
    if (!flowLog) continue;
    const arrived = Math.min(...records.map(({ deliverAt }) => deliverAt));
    const group = destination(account, regionName, region, flowLog, arrived);
    flowLog.DeliverLogsStatus = group ? 'SUCCESS' : 'FAILED';
    if (group) delete flowLog.DeliverLogsErrorMessage;
    else flowLog.DeliverLogsErrorMessage = 'Access error';
    if (group) write(group, records);
  }
}

/** The log group to write to, made if it is missing; `undefined` where the role does not allow it. */
function destination(
  account: AccountState,
  regionName: string,
  region: RegionState,
  flowLog: FlowLog,
  arrived: number,
): LogGroupState | undefined {
  const name = flowLog.LogGroupName ?? groupNameOf(flowLog.LogDestination ?? '');
  const [, roleName] =
    /^arn:[^:]+:iam::\d{12}:role\/(?:.*\/)?([^/]+)$/.exec(flowLog.DeliverLogsPermissionArn ?? '') ?? [];
  const role = roleName === undefined ? undefined : effectivePolicies(account, roleName);
  if (!role) return undefined;
  const { trust, write } = flowLogDelivery({
    role,
    account: account.id,
    region: regionName,
    partition: 'aws',
    logGroup: name,
    ...(flowLog.FlowLogId === undefined ? {} : { flowLogId: flowLog.FlowLogId }),
  });
  const existing = region.logGroups.find((group) => group.name === name);
  const needed = write.filter(({ action, required }) => required || (!existing && action === 'logs:CreateLogGroup'));
  if (![trust, ...needed.map(({ decision }) => decision)].every(({ decision }) => decision === 'allowed'))
    return undefined;
  if (existing) return existing;
  const created = newGroup(name, arrived);
  region.logGroups.push(created);
  return created;
}

function write(group: LogGroupState, records: TrafficState['pending']): void {
  for (const [name, own] of Map.groupBy(records, ({ stream }) => stream)) {
    const arrived = Math.min(...own.map(({ deliverAt }) => deliverAt));
    group.streams[name] ??= { creationTime: arrived, events: [] };
    const events = own.map(({ timestamp, deliverAt, message }) => ({ timestamp, ingestionTime: deliverAt, message }));
    appendEvents(
      group.streams[name],
      events.toSorted((a, b) => a.timestamp - b.timestamp),
    );
  }
}
