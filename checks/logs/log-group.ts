/** The log group that the flow log writes to. */
import { defineCheck, fail, pass } from '../../src/check.ts';
import { matches } from '../../src/model/iam/glob.ts';
import { elsewhereQuestion, inOtherRegion } from '../_elsewhere.ts';
import { table } from '../_evidence.ts';
import { DOCS, quoted, utc } from '../_words.ts';

export default defineCheck({
  title: 'A log group waits for the flow log',
  params: { logGroup: 'logGroup' },
  needs: ['logGroups'],
  codes: {
    LOG_GROUP_MISSING: 'No log group is the flow log\'s destination, or has a name with "flow" and "log" in it.',
    LOG_GROUP_IN_OTHER_REGION: 'No such log group is here, but another Region of the account holds one.',
    LOG_GROUP_DELETED: 'The flow log writes to a log group that does not exist.',
    RETENTION_NEVER: 'The log group keeps its events for ever. That is allowed, and costs a little more every month.',
  },
  mayAsk: ['elsewhere'],
  asks: ({ params }) => (params.logGroup.id === null ? [elsewhereQuestion('logGroups')] : []),
  judge(context) {
    const { params, slices, cloud } = context;
    const { id } = params.logGroup;
    if (id === null) {
      const abroad = inOtherRegion(
        context,
        'logGroups',
        {
          code: 'LOG_GROUP_IN_OTHER_REGION',
          message: `No log group in ${cloud.region} is the destination of the flow log or has "flow" and "log" in its name.`,
          expected: `a log group in ${cloud.region}, where the flow log is`,
          fix: {
            console: `Choose ${cloud.region} at the top right of the console; then CloudWatch > Log groups > Create log group`,
            command: `aws logs create-log-group --log-group-name NextWorkVPCFlowLogsGroup --region ${cloud.region}`,
            docs: DOCS.logGroups,
          },
        },
        (name) => matches('*flow*log*', name.toLowerCase()),
      );
      if (abroad) return fail(abroad);
      const names = slices.logGroups.map(({ name }) => name);
      return fail({
        code: 'LOG_GROUP_MISSING',
        severity: 'error',
        message: `No log group in ${cloud.region} is the destination of the flow log or has "flow" and "log" in its name.`,
        resources: [],
        expected: 'a log group such as NextWorkVPCFlowLogsGroup',
        actual: names.join(', ') || 'no log group at all',
        fix: {
          console: 'CloudWatch > Log groups > Create log group',
          command: 'aws logs create-log-group --log-group-name NextWorkVPCFlowLogsGroup',
          docs: DOCS.logGroups,
        },
      });
    }
    const group = slices.logGroups.find(({ name }) => name === id);
    if (!group)
      return fail({
        code: 'LOG_GROUP_DELETED',
        severity: 'error',
        message: `The flow log writes to log group ${id}, which does not exist in ${cloud.region}.`,
        resources: [id],
        expected: id,
        actual: slices.logGroups.map(({ name }) => name).join(', ') || 'no log group at all',
        fix: {
          console: 'CloudWatch > Log groups > Create log group',
          command: `aws logs create-log-group --log-group-name ${quoted(id)}`,
          docs: DOCS.logGroups,
        },
      });

    const evidence = table(
      'The log group',
      ['What', 'In this account'],
      [
        ['Log group', group.name],
        ['ARN', group.arn],
        ['Created', utc(group.createdAt)],
        ['Retention', group.retentionDays === undefined ? 'never expires' : `${group.retentionDays} days`],
      ],
    );
    if (group.retentionDays !== undefined) return pass([evidence]);
    return pass(
      [evidence],
      [
        {
          code: 'RETENTION_NEVER',
          severity: 'info',
          message: `${group.name} keeps its events for ever. Some days are enough for this lab.`,
          resources: [group.name],
          fix: {
            console: `CloudWatch > Log groups > ${group.name} > Actions > Edit retention setting`,
            command: `aws logs put-retention-policy --log-group-name ${quoted(group.name)} --retention-in-days 7`,
            docs: DOCS.logGroups,
          },
        },
      ],
    );
  },
});
