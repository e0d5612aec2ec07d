/** A flow log that covers the instance's network interface and shows both accepted and rejected traffic. */
import { type Bound, type CloudIdentity, defineCheck, type Finding, fail, pass } from '../../src/check.ts';
import type { FlowLog } from '../../src/model/account.ts';
import { table } from '../_evidence.ts';
import { HOST_CODES, type Host, hostOf, missingHosts } from '../_hosts.ts';
import { formatFinding, lackingFields } from '../_records.ts';
import { DOCS, named, quoted } from '../_words.ts';

const TEN_MINUTES = 600;

export default defineCheck({
  title: 'A flow log records the traffic of the instance',
  params: { flowLog: 'flowLog', vpc: 'vpc', instance: 'instance' },
  needs: ['flowLogs', 'instances', 'networkInterfaces'],
  codes: {
    ...HOST_CODES,
    FLOW_LOG_MISSING: 'There is no flow log on the VPC, the subnet or the network interface of the instance.',
    FLOW_LOG_ELSEWHERE: 'A flow log is there, but on something that does not hold the instance.',
    FLOW_LOG_NOT_ACTIVE: 'The flow log is not active.',
    DESTINATION_NOT_CLOUDWATCH: 'The flow log does not write to CloudWatch Logs, where this lab looks for it.',
    TRAFFIC_TYPE_REJECT: 'The flow log records rejected traffic only. Answered pings are accepted traffic.',
    TRAFFIC_TYPE_ACCEPT: 'The flow log records accepted traffic only. Rejected packets are invisible to it.',
    FORMAT_LACKS_FIELDS: 'The record format of the flow log leaves out fields without which no ping can be proven.',
    AGGREGATION_TEN_MINUTES: 'Records are summed up over as much as 10 minutes, so they come later than with 1 minute.',
  },
  judge({ params, slices, cloud }) {
    const { vpc } = params;
    const host = hostOf(slices, params.instance);
    const flowLog = slices.flowLogs.find(({ id }) => id === params.flowLog.id);
    if (!flowLog) return fail(missing(vpc, slices.flowLogs, cloud));
    if (!host) return fail(missingHosts([params.instance], [host]));
    if (!covers(flowLog, host)) return fail(missing(vpc, [flowLog], cloud));

    const evidence = table(
      'The flow log',
      ['What', 'In this account'],
      [
        ['Flow log', `${flowLog.id} (${flowLog.tags.Name ?? 'no name'})`],
        ['Logged resource', flowLog.resourceId],
        ['Status', flowLog.status],
        ['Filter', flowLog.trafficType],
        ['Destination', flowLog.logGroupName ?? flowLog.logDestination ?? flowLog.destinationType],
        ['IAM role', flowLog.roleArn ?? ''],
        ['Maximum aggregation interval', `${flowLog.maxAggregationSeconds} seconds`],
        ['Record format', flowLog.format],
      ],
    );
    const errors = faults(flowLog, vpc, cloud);
    if (errors.length > 0) return fail(errors, [evidence]);
    const half = [
      ...(flowLog.trafficType === 'ACCEPT' && !isRejectedLogged(slices.flowLogs, host)
        ? [acceptedOnly(flowLog, vpc, cloud)]
        : []),
      ...(lackingFields(flowLog).length > 0 ? [{ ...formatFinding(flowLog), fix: again(flowLog, vpc, cloud) }] : []),
    ];
    const remarks = flowLog.maxAggregationSeconds >= TEN_MINUTES ? [tenMinutes(flowLog)] : [];
    if (half.length > 0)
      return { verdict: 'partial', share: 0.5, findings: [...half, ...remarks], evidence: [evidence] };
    return pass([evidence], remarks);
  },
});

function covers({ resourceId }: FlowLog, { interface: { id, subnetId, vpcId } }: Host): boolean {
  return [id, subnetId, vpcId].includes(resourceId);
}

function faults(flowLog: FlowLog, vpc: Bound, cloud: CloudIdentity): readonly Finding[] {
  const { id, status, destinationType, trafficType } = flowLog;
  const finding = { severity: 'error', resources: [id], fix: again(flowLog, vpc, cloud) } as const;
  return [
    ...(status === 'ACTIVE'
      ? []
      : [
          {
            ...finding,
            code: 'FLOW_LOG_NOT_ACTIVE',
            message: `${id} is not active.`,
            expected: 'ACTIVE',
            actual: status,
          },
        ]),
    ...(destinationType === 'cloud-watch-logs'
      ? []
      : [
          {
            ...finding,
            code: 'DESTINATION_NOT_CLOUDWATCH',
            message: `${id} delivers to ${flowLog.logDestination ?? destinationType}, not to CloudWatch Logs.`,
            expected: 'cloud-watch-logs',
            actual: destinationType,
          },
        ]),
    ...(trafficType === 'REJECT'
      ? [
          {
            ...finding,
            code: 'TRAFFIC_TYPE_REJECT',
            message: `${id} records rejected traffic only, so it never shows an answered ping.`,
            expected: 'ALL',
            actual: 'REJECT',
          },
        ]
      : []),
  ];
}

/** By another flow log, beside the one that records what is accepted. */
function isRejectedLogged(flowLogs: readonly FlowLog[], host: Host): boolean {
  return flowLogs.some(
    (each) =>
      each.trafficType === 'REJECT' &&
      each.status === 'ACTIVE' &&
      each.destinationType === 'cloud-watch-logs' &&
      covers(each, host),
  );
}

function acceptedOnly(flowLog: FlowLog, vpc: Bound, cloud: CloudIdentity): Finding {
  return {
    code: 'TRAFFIC_TYPE_ACCEPT',
    severity: 'warning',
    message: `${flowLog.id} records accepted traffic only: your pings will be there, what security groups turn away will not.`,
    resources: [flowLog.id],
    expected: 'ALL',
    actual: 'ACCEPT',
    fix: again(flowLog, vpc, cloud),
  };
}

function tenMinutes({ id }: FlowLog): Finding {
  return {
    code: 'AGGREGATION_TEN_MINUTES',
    severity: 'info',
    message: `${id} sums up traffic over as much as 10 minutes. It is right, but with 1 minute you would see records sooner.`,
    resources: [id],
  };
}

/** A flow log cannot be edited (VPC User Guide, Flow logs: limitations). */
function again(flowLog: FlowLog, vpc: Bound, cloud: CloudIdentity): NonNullable<Finding['fix']> {
  const { id } = flowLog;
  return {
    console: `VPC > Your VPCs > ${vpc.id ?? vpc.label} > Flow logs: delete ${id}, as it cannot be edited, and create it again with Filter All to CloudWatch Logs`,
    command: `aws ec2 delete-flow-logs --flow-log-ids ${id} && ${creation(vpc, flowLog, cloud)}`,
    docs: DOCS.flowLogsCreate,
  };
}

/** With the group and role of a flow log that is there, or else with the names that the lab proposes. */
function creation(
  { id }: Bound,
  { logGroupName, roleArn }: Partial<FlowLog>,
  { account, partition }: CloudIdentity,
): string {
  const role = roleArn ?? `arn:${partition}:iam::${account}:role/NextWorkVPCFlowLogsRole`;
  return `aws ec2 create-flow-logs --resource-type VPC --resource-ids ${id ?? 'VPC'} --traffic-type ALL --log-group-name ${quoted(logGroupName ?? 'NextWorkVPCFlowLogsGroup')} --deliver-logs-permission-arn ${quoted(role)} --max-aggregation-interval 60`;
}

function missing(vpc: Bound, others: readonly FlowLog[], cloud: CloudIdentity): Finding {
  const known = others.find(({ logGroupName, roleArn }) => logGroupName && roleArn) ?? {};
  const actual = others.map(({ id, resourceId }) => `${id} on ${resourceId}`).join(', ');
  return {
    code: others.length > 0 ? 'FLOW_LOG_ELSEWHERE' : 'FLOW_LOG_MISSING',
    severity: 'error',
    message: `There is no flow log on ${named(vpc)} or on the subnet or network interface of the instance${actual && `, only ${actual}`}.`,
    resources: [...(vpc.id === null ? [] : [vpc.id]), ...others.map(({ id }) => id)],
    expected: `a flow log on ${vpc.id ?? vpc.label}`,
    actual: actual || 'none',
    fix: {
      console: `VPC > Your VPCs > ${vpc.id ?? vpc.label} > Flow logs > Create flow log: Filter All, 1 minute, Send to CloudWatch Logs`,
      command: creation(vpc, known, cloud),
      docs: DOCS.flowLogsCreate,
    },
  };
}
