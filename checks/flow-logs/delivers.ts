/** Records of the instance's network interface arrive in the log group. */
import { defineCheck, type Finding, fail, pass, waiting } from '../../src/check.ts';
import type { FlowLog } from '../../src/model/account.ts';
import { table } from '../_evidence.ts';
import { HOST_CODES, hostOf, missingHosts } from '../_hosts.ts';
import { mayStillDeliver, youthOf } from '../_records.ts';
import { DOCS, named, utc } from '../_words.ts';
import { LOG_CODES, missingLog } from './_missing.ts';

/** `DeliverLogsErrorMessage` (VPC User Guide, Flow log troubleshooting). */
const ERRORS: Readonly<Record<string, { readonly code: string; readonly why: string }>> = {
  'Access error': {
    code: 'DELIVERY_ACCESS_ERROR',
    why: 'the role may not write to the log group, or VPC Flow Logs may not assume it, or it was mended only some minutes ago',
  },
  'Rate limited': { code: 'DELIVERY_RATE_LIMITED', why: 'CloudWatch Logs throttled the delivery; it is tried again' },
};

export default defineCheck({
  title: 'Records of the instance arrive in the log group',
  params: { flowLog: 'flowLog', logGroup: 'logGroup', instance: 'instance' },
  needs: ['flowLogs', 'logGroups', 'instances', 'networkInterfaces'],
  codes: {
    ...HOST_CODES,
    ...LOG_CODES,
    DELIVERY_ACCESS_ERROR: 'The last delivery failed: the role does not permit it, or cannot be assumed.',
    DELIVERY_RATE_LIMITED: 'The last delivery failed: CloudWatch Logs throttled it.',
    DELIVERY_ERROR: 'The last delivery failed with an error that AWS does not explain.',
    RECORDS_PENDING: 'Nothing arrived yet. The first records usually take about 10 minutes.',
    NO_RECORDS: 'Nothing arrived, although enough time has passed.',
  },
  mayAsk: ['logStreams'],
  asks: ({ params: { logGroup }, slices }) =>
    logGroup.id !== null && slices.logGroups.some(({ name }) => name === logGroup.id)
      ? [{ kind: 'logStreams', logGroup: logGroup.id }]
      : [],
  judge({ params, slices, now, answer }) {
    const host = hostOf(slices, params.instance);
    if (!host) return fail(missingHosts([params.instance], [host]));
    const flowLog = slices.flowLogs.find(({ id }) => id === params.flowLog.id);
    const group = slices.logGroups.find(({ name }) => name === params.logGroup.id);
    if (!flowLog || !group)
      return fail(missingLog([...(flowLog ? [] : [params.flowLog]), ...(group ? [] : [params.logGroup])]));
    if (flowLog.deliverStatus === 'FAILED') return fail(failure(flowLog));

    const streams = answer({ kind: 'logStreams', logGroup: group.name });
    const own = streams.filter(({ name }) => name === host.interface.id || name.startsWith(`${host.interface.id}-`));
    const evidence = [
      table(
        `Log streams of ${group.name}`,
        ['Log stream', 'Last event'],
        streams.map(({ name, lastEventAt }) => [name, lastEventAt === undefined ? 'none' : utc(lastEventAt)]),
      ),
    ];
    // The group may still hold what a deleted flow log delivered.
    const isNew = (lastEventAt: number) => flowLog.deliverStatus === 'SUCCESS' || lastEventAt >= flowLog.createdAt;
    if (own.some(({ lastEventAt }) => lastEventAt !== undefined && isNew(lastEventAt))) return pass(evidence);

    const finding = {
      resources: [flowLog.id, host.interface.id],
      expected: `a log stream ${host.interface.id}-… with records`,
      actual: streams.map(({ name }) => name).join(', ') || 'no log stream',
    };
    if (mayStillDeliver(flowLog, host, now))
      return waiting({
        ...finding,
        code: 'RECORDS_PENDING',
        severity: 'info',
        message: `No records of ${host.interface.id}, the network interface of ${named(params.instance)}, have arrived yet, and ${youthOf(flowLog, host)}. That usually takes about 10 minutes, and needs traffic.`,
      });
    return fail({
      ...finding,
      code: 'NO_RECORDS',
      severity: 'error',
      message: `Flow log ${flowLog.id} has been there since ${utc(flowLog.createdAt)}, and log group ${group.name} holds no records of ${host.interface.id}, the network interface of ${named(params.instance)}.`,
      fix: {
        console: `CloudWatch > Log groups > ${group.name} > Log streams; then send some traffic, such as a ping from ${host.instanceId}`,
        docs: DOCS.flowLogsTrouble,
      },
    });
  },
});

function failure({ id, deliverError = 'Unknown error', roleArn }: FlowLog): Finding {
  const { code, why } = ERRORS[deliverError] ?? {
    code: 'DELIVERY_ERROR',
    why: 'AWS does not tell more; delete the flow log and create it again if it stays',
  };
  return {
    code,
    severity: 'error',
    message: `The last delivery of flow log ${id} failed with "${deliverError}": ${why}.`,
    resources: [id, ...(roleArn === undefined ? [] : [roleArn])],
    expected: 'DeliverLogsStatus SUCCESS',
    actual: `DeliverLogsStatus FAILED, ${deliverError}`,
    fix: {
      console: `IAM > Roles > the role of ${id}: Permissions and Trust relationships`,
      command: `aws ec2 describe-flow-logs --flow-log-ids ${id}`,
      docs: DOCS.flowLogsTrouble,
    },
  };
}
