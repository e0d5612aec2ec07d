import { describe, expect, test } from 'vitest';
import { allow, document, GROUP, outcome, type Row, run, solved, trust, type World } from './builders.ts';

const SERVICE = 'vpc-flow-logs.amazonaws.com';
const trusting = (policy: string) => (world: World) => {
  if (world.role) world.role.trustPolicy = policy;
};
const policies =
  (...documents: string[]) =>
  (world: World) => {
    if (world.role) world.role.policies = documents.map((text, index) => ({ name: `p${index}`, document: text }));
  };
const noRole = (world: World) => {
  world.role = null;
};

describe('who may assume the role', () => {
  const when = (...conditions: object[]) =>
    trust({ Service: SERVICE }, { Condition: Object.assign({}, ...conditions) });
  const account = (id: string) => ({ StringEquals: { 'aws:SourceAccount': id } });
  const arn = (text: string) => ({ ArnLike: { 'aws:SourceArn': text } });
  const rows: Row[] = [
    ['one of several services', trusting(trust({ Service: ['ec2.amazonaws.com', SERVICE] })), 'pass'],
    [
      'for this account and any of its flow logs',
      trusting(when(account('123456789012'), arn('arn:aws:ec2:us-east-1:123456789012:vpc-flow-log/*'))),
      'pass',
    ],
    ['for this very flow log', trusting(when(arn('arn:aws:ec2:us-east-1:123456789012:vpc-flow-log/fl-1'))), 'pass'],
    [
      'for another flow log',
      trusting(when(arn('arn:aws:ec2:us-east-1:123456789012:vpc-flow-log/fl-2'))),
      'fail',
      ['TRUST_CONDITION_NOT_MET'],
    ],
    ['for another account', trusting(when(account('999999999999'))), 'fail', ['TRUST_CONDITION_NOT_MET']],
    [
      'under a condition that only AWS can decide',
      trusting(when({ StringEquals: { 'sts:ExternalId': 'x' } })),
      'unknown',
      ['TRUST_UNDECIDED'],
    ],
    ['another service', trusting(trust({ Service: 'cloudtrail.amazonaws.com' })), 'fail', ['TRUST_WRONG_SERVICE']],
    [
      'the older delivery service',
      trusting(trust({ Service: 'delivery.logs.amazonaws.com' })),
      'fail',
      ['TRUST_WRONG_SERVICE'],
    ],
    [
      'for this very flow log, beside one with another role',
      (w) => {
        trusting(when(arn('arn:aws:ec2:us-east-1:123456789012:vpc-flow-log/fl-1')))(w);
        const [flowLog] = w.slices.flowLogs;
        if (flowLog)
          w.slices.flowLogs.push({ ...flowLog, id: 'fl-0', roleArn: 'arn:aws:iam::123456789012:role/other' });
        w.slices.flowLogs.reverse();
        Object.assign(w.slices.flowLogs[0] ?? {}, { resourceId: 'vpc-2' });
      },
      'pass',
    ],
    [
      'an account, and the service only in a Deny under a condition',
      trusting(
        document(
          { Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole' },
          {
            Effect: 'Deny',
            Principal: { Service: SERVICE },
            Action: 'sts:AssumeRole',
            Condition: account('999999999999'),
          },
        ),
      ),
      'fail',
      ['TRUST_MISSING'],
    ],
    ['an account', trusting(trust({ AWS: 'arn:aws:iam::123456789012:root' })), 'fail', ['TRUST_MISSING']],
    ['denied', trusting(trust({ Service: SERVICE }, { Effect: 'Deny' })), 'fail', ['TRUST_DENIED']],
    ['the role was deleted', noRole, 'fail', ['ROLE_DELETED']],
    [
      'no flow log and no role',
      (w) => {
        w.slices.flowLogs = [];
        noRole(w);
      },
      'fail',
      ['ROLE_MISSING'],
    ],
    [
      'roles may not be read',
      (w) => {
        w.denied = ['role'];
      },
      'unknown',
    ],
  ];
  test.each(rows)('%s', (_, change, verdict, codes = []) => {
    expect(outcome('role-trusted', change)).toEqual({ verdict, codes });
  });

  test('the wrong service is named', () => {
    const world = solved();
    trusting(trust({ Service: 'cloudtrail.amazonaws.com' }))(world);
    expect(run('role-trusted', world).findings[0]?.message).toContain(`cloudtrail.amazonaws.com, not ${SERVICE}`);
  });
});

describe('what the role may write', () => {
  const group = (name: string) => `arn:aws:logs:us-east-1:123456789012:log-group:${name}:*`;
  const required = ['logs:CreateLogStream', 'logs:PutLogEvents'];
  const needed = [...required, 'logs:CreateLogGroup', 'logs:DescribeLogGroups', 'logs:DescribeLogStreams'];
  const rows: Row[] = [
    ['everything', policies(allow('*')), 'pass'],
    ['everything of logs', policies(allow('logs:*')), 'pass'],
    ['by wildcards, in any case', policies(allow(['LOGS:create*', 'logs:Put*', 'logs:Describe*'])), 'pass'],
    ['split over two policies', policies(allow(needed.slice(0, 2)), allow(needed.slice(2))), 'pass'],
    ['everything but IAM', policies(document({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' })), 'pass'],
    ['only what delivery needs, on this group', policies(allow(required, group(GROUP))), 'pass', ['ACTION_ADVISED']],
    [
      'another group only',
      policies(allow(needed, group('other'))),
      'fail',
      ['ACTION_NOT_ALLOWED', 'ACTION_NOT_ALLOWED'],
    ],
    ['reading only', policies(allow('logs:Describe*')), 'fail', ['ACTION_NOT_ALLOWED', 'ACTION_NOT_ALLOWED']],
    [
      'no PutLogEvents',
      policies(allow(needed.filter((action) => !/Put/.test(action)))),
      'fail',
      ['ACTION_NOT_ALLOWED'],
    ],
    [
      'a Deny beside it',
      policies(allow('*'), document({ Effect: 'Deny', Action: 'logs:Put*', Resource: '*' })),
      'fail',
      ['ACTION_DENIED'],
    ],
    ['no policy', policies(), 'fail', ['NO_POLICIES']],
    [
      'a boundary that forbids logs',
      (w) => {
        if (w.role) w.role.boundary = { arn: 'arn:aws:iam::123456789012:policy/b', document: allow('ec2:*') };
      },
      'fail',
      ['ACTION_NOT_ALLOWED', 'ACTION_NOT_ALLOWED'],
    ],
    [
      'under a condition that only AWS can decide',
      policies(
        document({
          Effect: 'Allow',
          Action: '*',
          Resource: '*',
          Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
        }),
      ),
      'unknown',
      ['PERMISSION_UNDECIDED'],
    ],
    ['the role was deleted', noRole, 'fail', ['ROLE_DELETED']],
    [
      'roles may not be read',
      (w) => {
        w.denied = ['role'];
      },
      'unknown',
    ],
  ];
  test.each(rows)('%s', (_, change, verdict, codes = []) => {
    expect(outcome('role-can-write', change)).toEqual({ verdict, codes });
  });

  test('no Allow is offered as the cure for a Deny', () => {
    const world = solved();
    policies(allow('*'), document({ Effect: 'Deny', Action: 'logs:*', Resource: '*' }))(world);
    for (const { fix } of run('role-can-write', world).findings)
      expect(fix?.command).toMatch(/^aws iam (detach-role-policy|get-role-policy) /);
  });

  test('the policy that denies is one word of the command, whatever its path holds', () => {
    const world = solved();
    const arn = 'arn:aws:iam::123456789012:policy/$(id)/deny';
    policies(allow('*'), document({ Effect: 'Deny', Action: 'logs:*', Resource: '*' }))(world);
    Object.assign(world.role?.policies[1] ?? {}, { arn });
    expect(run('role-can-write', world).findings[0]?.fix?.command).toMatch(/ --policy-arn '[^']*\$\(id\)\/deny'$/);
  });

  test('shows the documents as people read them', () => {
    const [policy] = run('role-can-write', solved()).evidence;
    expect(policy).toMatchObject({
      kind: 'document',
      title: 'Policy NextWorkVPCFlowLogsPolicy of NextWorkVPCFlowLogsRole',
    });
    expect(policy?.content).toContain('\n      "Effect": "Allow",\n');
  });
});
