/** The answered private ping is in the flow log: requests and answers, at the interface that sent the requests. */
import { defineCheck, type Finding, fail, pass, unknown, waiting } from '../../src/check.ts';
import { HOST_CODES, hostOf, missingHosts } from '../_hosts.ts';
import {
  exchangeEvidence,
  exchanges,
  formatFinding,
  isSettled,
  lackingFields,
  pingsOf,
  recordsQuestion,
  theirPings,
} from '../_records.ts';
import { DOCS, named, utc } from '../_words.ts';
import { LOG_CODES, missingLog } from './_missing.ts';

/** Longer than this, records rarely take. */
const LATE_MS = 15 * 60_000;

export default defineCheck({
  title: 'The ping and its answers are in the flow log',
  params: { flowLog: 'flowLog', logGroup: 'logGroup', from: 'instance', to: 'instance' },
  needs: ['flowLogs', 'logGroups', 'instances', 'networkInterfaces'],
  codes: {
    ...HOST_CODES,
    ...LOG_CODES,
    ONE_WAY_RECORD: 'The flow log holds requests, but no answers. That proves only that the requests left.',
    RECORDS_PENDING: 'The ping is very recent, or the flow log is new: records usually take 5 to 10 minutes.',
    RECORDS_AMBIGUOUS: 'The records may be of this ping, or of one that the other instance sent at the same time.',
    FORMAT_LACKS_FIELDS: 'The record format of the flow log leaves out fields without which no ping can be proven.',
    RECORD_MISSING: 'The flow log holds no record of such a ping.',
  },
  mayAsk: ['logEvents', 'pings'],
  asks(context) {
    const { params, slices } = context;
    const from = hostOf(slices, params.from);
    const to = hostOf(slices, params.to);
    const group = slices.logGroups.find(({ name }) => name === params.logGroup.id);
    if (!from || !to || !group) return [];
    return [recordsQuestion(group.name, to), pingsOf(from), ...theirPings(context, from, to, to.privateIp)];
  },
  judge(context) {
    const { params, slices, now } = context;
    const from = hostOf(slices, params.from);
    const to = hostOf(slices, params.to);
    if (!from || !to) return fail(missingHosts([params.from, params.to], [from, to]));
    const flowLog = slices.flowLogs.find(({ id }) => id === params.flowLog.id);
    const group = slices.logGroups.find(({ name }) => name === params.logGroup.id);
    if (!flowLog || !group)
      return fail(missingLog([...(flowLog ? [] : [params.flowLog]), ...(group ? [] : [params.logGroup])]));

    context.answer(recordsQuestion(group.name, to));
    const { privateIp: address } = to;
    const inGroup = slices.flowLogs.filter(({ logGroupName }) => logGroupName === group.name);
    const seen = exchanges(context, inGroup, from, to, address);
    const whole = seen.findLast(({ answer, ambiguous }) => answer !== undefined && !ambiguous);
    if (whole) return pass(exchangeEvidence(whole, from, address));

    for (const question of theirPings(context, from, to, address)) context.answer(question);
    const history = context.answer(pingsOf(from));
    const live = context.reading({ kind: 'ping', instanceId: from.instanceId, address });
    const answered = [...history, ...(live?.ok ? [live.value] : [])]
      .filter((ping) => ping.address === address && ping.received > 0)
      .map(({ at }) => at);
    // What cannot be read proves nothing, and refutes nothing.
    if (seen.length === 0 && inGroup.every((each) => lackingFields(each).length > 0))
      return unknown(formatFinding(flowLog));
    const latest = answered.reduce((last, at) => Math.max(last, at), Number.NEGATIVE_INFINITY);
    const aggregation = flowLog.maxAggregationSeconds * 1000;
    const finding: Omit<Finding, 'code' | 'severity' | 'message'> = {
      resources: [flowLog.id, from.interface.id],
      expected: `ACCEPT records ${from.privateIp} -> ${address} and ${address} -> ${from.privateIp}, protocol 1`,
      actual: seen.length > 0 ? `only ${from.privateIp} -> ${address}` : 'none',
      fix: {
        console: `EC2 > Instances > ${from.instanceId} > Connect: ping -c 5 ${address}, then wait 5 to 10 minutes`,
        command: `ping -c 5 ${address}`,
        docs: DOCS.flowLogExamples,
      },
    };
    if (now - latest < LATE_MS + aggregation)
      return waiting({
        ...finding,
        code: 'RECORDS_PENDING',
        severity: 'info',
        message: `The ping of ${utc(latest)} was answered, and its records are not in ${group.name} yet. That usually takes 5 to 10 minutes.`,
      });
    const last = seen.at(-1);
    if (last?.ambiguous)
      return unknown({
        ...finding,
        code: 'RECORDS_AMBIGUOUS',
        severity: 'warning',
        message: `${group.name} shows ICMP between ${from.privateIp} and ${address} at ${utc(last.at)}, both ways. But ${named(params.to)} pinged ${named(params.from)} at that time, which leaves the same records. Ping ${address} again.`,
        actual: last.request.text,
      });
    if (last && !isSettled(last, now))
      return waiting({
        ...finding,
        code: 'RECORDS_PENDING',
        severity: 'info',
        message: `The requests of ${utc(last.at)} are in ${group.name}. Records of their answers may still come: look again in a few minutes.`,
      });
    if (last)
      return fail(
        {
          ...finding,
          code: 'ONE_WAY_RECORD',
          severity: 'error',
          message: `The flow log has the requests from ${named(params.from)} to ${address} of ${utc(last.at)}, and no answers. ACCEPT says that they left the network interface, not that anyone received or answered them.`,
        },
        exchangeEvidence(last, from, address),
      );
    if (now - flowLog.createdAt < LATE_MS + aggregation)
      return waiting({
        ...finding,
        code: 'RECORDS_PENDING',
        severity: 'info',
        message: `Flow log ${flowLog.id} was made at ${utc(flowLog.createdAt)}. Its first records usually take about 10 minutes.`,
      });
    return fail({
      ...finding,
      code: 'RECORD_MISSING',
      severity: 'error',
      message: `Log group ${group.name} holds no record of a ping from ${named(params.from)} to ${address} at ${from.interface.id}. Records are there 5 to 10 minutes after a ping.`,
    });
  },
});
