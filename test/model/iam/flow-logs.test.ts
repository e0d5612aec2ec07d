import { describe, expect, test } from 'vitest';
import { flowLogDelivery } from '../../../src/model/iam/flow-logs.ts';

const ACCOUNT = '123456789012';
/** VPC User Guide, IAM role for publishing flow logs to CloudWatch Logs. */
const documented = {
  Effect: 'Allow',
  Action: [
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    'logs:DescribeLogGroups',
    'logs:DescribeLogStreams',
  ],
  Resource: '*',
};
const trusting = { Effect: 'Allow', Principal: { Service: 'vpc-flow-logs.amazonaws.com' }, Action: 'sts:AssumeRole' };
const json = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });

interface Given {
  trust?: string;
  policies?: string[];
  boundary?: string;
  flowLogId?: string;
}
function delivery({ trust = json(trusting), policies = [json(documented)], boundary, flowLogId }: Given) {
  return flowLogDelivery({
    role: {
      trustPolicy: trust,
      policies: policies.map((document, index) => ({ name: `policy-${index}`, document })),
      ...(boundary !== undefined && { boundary }),
    },
    account: ACCOUNT,
    region: 'us-east-1',
    partition: 'aws',
    logGroup: 'lab-group',
    ...(flowLogId !== undefined && { flowLogId }),
  });
}
const writes = (given: Given) =>
  delivery(given).write.map(({ action, decision }) => `${action.slice(5)} ${decision.decision}`);
const needed = (given: Given) =>
  delivery(given)
    .write.filter(({ required }) => required)
    .map(({ decision }) => decision.decision);

test("the documentation's own role may deliver", () => {
  const { trust, write } = delivery({});
  expect(trust.decision).toBe('allowed');
  expect(write.map(({ action, required, decision }) => [action, required, decision.decision])).toEqual([
    ['logs:CreateLogGroup', false, 'allowed'],
    ['logs:CreateLogStream', true, 'allowed'],
    ['logs:PutLogEvents', true, 'allowed'],
    ['logs:DescribeLogGroups', false, 'allowed'],
    ['logs:DescribeLogStreams', false, 'allowed'],
  ]);
});

describe('equivalent permissions are as good', () => {
  test.each<[string, string[]]>([
    ['all of CloudWatch Logs', [json({ ...documented, Action: 'logs:*' })]],
    ['wildcards', [json({ ...documented, Action: ['logs:Create*', 'logs:Put*', 'logs:Describe*'] })]],
    ['everything but IAM', [json({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' })]],
    ['a split over two policies', documented.Action.map((Action) => json({ ...documented, Action }))],
    [
      'the log group alone',
      [json({ ...documented, Resource: `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:lab-group:*` })],
    ],
    [
      'the Region alone',
      [json({ ...documented, Condition: { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } } })],
    ],
  ])('%s', (_, policies) => expect(needed({ policies })).toEqual(['allowed', 'allowed']));

  test('scoped to the log group, they list no other groups', () => {
    const policies = [json({ ...documented, Resource: `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:lab-group:*` })];
    expect(writes({ policies })).toContain('DescribeLogGroups implicitDeny');
  });
});

describe('permissions that only look right are not', () => {
  const scoped = (Resource: string) => [json({ ...documented, Resource })];
  test.each<[string, Given, string[]]>([
    ['no policy', { policies: [] }, ['implicitDeny', 'implicitDeny']],
    [
      'another log group',
      { policies: scoped(`arn:aws:logs:us-east-1:${ACCOUNT}:log-group:other:*`) },
      ['implicitDeny', 'implicitDeny'],
    ],
    ['another Region', { policies: scoped(`arn:aws:logs:eu-west-1:${ACCOUNT}:*`) }, ['implicitDeny', 'implicitDeny']],
    [
      'the group without its streams',
      { policies: scoped(`arn:aws:logs:us-east-1:${ACCOUNT}:log-group:lab-group`) },
      ['implicitDeny', 'implicitDeny'],
    ],
    [
      'PutLogEvents forgotten',
      { policies: [json({ ...documented, Action: 'logs:Create*' })] },
      ['allowed', 'implicitDeny'],
    ],
    [
      'PutLogEvents denied elsewhere',
      { policies: [json(documented), json({ ...documented, Effect: 'Deny', Action: 'logs:PutLogEvents' })] },
      ['allowed', 'explicitDeny'],
    ],
    [
      'a boundary without logs',
      { boundary: json({ Effect: 'Allow', Action: 'ec2:*', Resource: '*' }) },
      ['implicitDeny', 'implicitDeny'],
    ],
    [
      'a condition that nobody can judge from here',
      { policies: [json({ ...documented, Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } })] },
      ['undecided', 'undecided'],
    ],
    ['a document that is none', { policies: ['nonsense'] }, ['undecided', 'undecided']],
  ])('%s', (_, given, expected) => expect(needed(given)).toEqual(expected));
});

describe('the trust policy', () => {
  const conditioned = (account: string, flowLog: string) =>
    json({
      ...trusting,
      Condition: {
        StringEquals: { 'aws:SourceAccount': account },
        ArnLike: { 'aws:SourceArn': `arn:aws:ec2:us-east-1:${account}:vpc-flow-log/${flowLog}` },
      },
    });
  test.each<[string, Given, string]>([
    ['with the recommended condition', { trust: conditioned(ACCOUNT, '*') }, 'allowed'],
    ['with it, for the flow log that there is', { trust: conditioned(ACCOUNT, 'fl-1'), flowLogId: 'fl-1' }, 'allowed'],
    ['with it, for another flow log', { trust: conditioned(ACCOUNT, 'fl-2'), flowLogId: 'fl-1' }, 'implicitDeny'],
    ['with it, for one flow log while there is none yet', { trust: conditioned(ACCOUNT, 'fl-2') }, 'undecided'],
    ['with it, for another account', { trust: conditioned('999999999999', '*') }, 'implicitDeny'],
    ['for EC2', { trust: json({ ...trusting, Principal: { Service: 'ec2.amazonaws.com' } }) }, 'implicitDeny'],
    ['that denies', { trust: json({ ...trusting, Effect: 'Deny' }) }, 'explicitDeny'],
    ['that is no document', { trust: '' }, 'undecided'],
  ])('%s', (_, given, expected) => expect(delivery(given).trust.decision).toBe(expected));
});
