/** Cleanups of a real sandbox. The oracle is the whole account: equal to what it was before the lab. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CallError } from '../../../src/account/reader.ts';
import { CLEANUP_ACTIONS } from '../../../src/run/cleanup/kinds.ts';
import type { Kind } from '../../../src/run/cleanup/types.ts';
import { flowLogsPolicy } from '../../sandbox/lab-world.ts';
import { account } from './account.ts';

let cloud: Awaited<ReturnType<typeof account>>;
beforeEach(async () => {
  cloud = await account();
});
afterEach(() => cloud.close());

/** Ids of the plan, by kind. */
async function planned(kind: Kind): Promise<readonly string[]> {
  const { plan } = await cloud.look();
  return plan.resources.filter((each) => each.kind === kind).map(({ id }) => id);
}

/** What the account of a company may hold beside the lab. */
async function makeStrangers(): Promise<void> {
  const { vpc, subnet } = await cloud.vpc('10.1.0.0/16', 'prod-1-vpc');
  const { vpc: other } = await cloud.vpc('10.50.0.0/16', 'prod-5');
  await cloud.profile('prod-app');
  await cloud.run(subnet, { IamInstanceProfile: { Name: 'prod-app' } });
  await cloud.send('logs:CreateLogGroup', { logGroupName: '/prod/flow-logs' });
  const role = await cloud.role('prod-flow-logs');
  await cloud.flowLog('VPC', vpc, '/prod/flow-logs', role);
  await cloud.flowLog('VPC', other, '/prod/flow-logs', role);
  await cloud.send('ec2:AllocateAddress', { Domain: 'vpc' });
  await cloud.send('ec2:CreateInternetGateway', {});
  await cloud.send('iam:CreatePolicy', { PolicyName: 'prod', PolicyDocument: flowLogsPolicy });
  cloud.passMinutes(5);
  await cloud.everything();
}

test('an account without the lab has nothing to delete, however much is in it', async () => {
  await makeStrangers();
  const { plan } = await cloud.look();
  expect(plan.resources).toEqual([]);
  expect(plan.gaps).toEqual([]);
  expect(plan.left.map(({ kind, why }) => `${kind}: ${why.slice(0, 9)}`)).toEqual([
    'vpc: it may be',
    'vpc: it may be',
    'elastic-ip: nothing u',
  ]);
});

test('after the cleanup of a solved lab, the account is what it was before', async () => {
  await makeStrangers();
  const before = await cloud.everything();
  await cloud.solve();
  expect((await cloud.everything()).length).toBeGreaterThan(before.length + 15);
  const { failed } = await cloud.cleanUp();
  expect(failed).toEqual({});
  expect(await cloud.everything()).toEqual(before);
  expect((await cloud.look()).plan.resources).toEqual([]);
  expect(CLEANUP_ACTIONS).toEqual(expect.arrayContaining(cloud.calls.filter((call) => !call.startsWith('sts:'))));
});

test.each([
  [['vpcs']],
  [['vpcs', 'instances']],
  [['vpcs', 'instances', 'logs', 'permissions']],
])('of a lab solved as far as %s nothing stays', async (steps) => {
  const before = await cloud.everything();
  await cloud.solve(...steps);
  expect((await cloud.cleanUp()).failed).toEqual({});
  expect(await cloud.everything()).toEqual(before);
});

test('all that a learner may have added to the VPCs goes with them', async () => {
  const before = await cloud.everything();
  await cloud.solve('vpcs', 'instances', 'logs', 'permissions', 'peering');
  const { plan } = await cloud.look();
  const [vpc1 = '', vpc2 = ''] = plan.resources.filter(({ kind }) => kind === 'vpc').map(({ id }) => id);
  const [subnet1 = ''] = plan.resources.filter(({ kind }) => kind === 'subnet').map(({ id }) => id);
  const [instance1 = ''] = plan.resources.filter(({ kind }) => kind === 'instance').map(({ id }) => id);
  const [table = ''] = plan.resources.filter(({ kind }) => kind === 'route-table').map(({ id }) => id);
  const { send } = cloud;

  await send('ec2:AssociateAddress', {
    AllocationId: await send('ec2:AllocateAddress', { Domain: 'vpc' }, 'AllocationId'),
    InstanceId: instance1,
  });
  const volume = { DeviceName: '/dev/xvda', Ebs: { DeleteOnTermination: false } };
  const second = await cloud.run(subnet1, { BlockDeviceMappings: [volume] });
  const NatGatewayId = await send(
    'ec2:CreateNatGateway',
    { SubnetId: subnet1, AllocationId: await send('ec2:AllocateAddress', { Domain: 'vpc' }, 'AllocationId') },
    'NatGateway.NatGatewayId',
  );
  await send('ec2:CreateVpcEndpoint', {
    VpcId: vpc1,
    ServiceName: 'com.amazonaws.us-east-1.s3',
    RouteTableIds: [table],
  });
  await send('ec2:CreateVpcEndpoint', {
    VpcId: vpc1,
    VpcEndpointType: 'Interface',
    ServiceName: 'com.amazonaws.us-east-1.ssm',
    SubnetIds: [subnet1],
  });
  await send('ec2:CreateNetworkInterface', { SubnetId: subnet1 });
  await send('ec2:CreateEgressOnlyInternetGateway', { VpcId: vpc2 });
  const groups = await Promise.all(
    ['a', 'b'].map((GroupName) =>
      send('ec2:CreateSecurityGroup', { GroupName, Description: 'x', VpcId: vpc1 }, 'GroupId'),
    ),
  );
  for (const [GroupId, other] of [groups, groups.toReversed()]) {
    const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, UserIdGroupPairs: [{ GroupId: other }] }];
    await send('ec2:AuthorizeSecurityGroupIngress', { GroupId, IpPermissions });
    await send('ec2:AuthorizeSecurityGroupEgress', { GroupId, IpPermissions });
  }
  const NetworkAclId = await send('ec2:CreateNetworkAcl', { VpcId: vpc1 }, 'NetworkAcl.NetworkAclId');
  const filter = [{ Name: 'association.subnet-id', Values: [subnet1] }];
  const AssociationId = await send(
    'ec2:DescribeNetworkAcls',
    { Filters: filter },
    'NetworkAcls[0].Associations[0].NetworkAclAssociationId',
  );
  await send('ec2:ReplaceNetworkAclAssociation', { AssociationId, NetworkAclId });
  await cloud.flowLog('Subnet', subnet1, 'my-subnet-records', await cloud.role('my-role'));
  await send('logs:CreateLogGroup', { logGroupName: 'my-subnet-records' });
  const PolicyArn = 'arn:aws:iam::123456789012:policy/NextWorkVPCFlowLogsPolicy';
  await send('iam:CreatePolicyVersion', { PolicyArn, PolicyDocument: flowLogsPolicy, SetAsDefault: true });
  cloud.passMinutes(5);

  const more = (await cloud.look()).plan.resources;
  expect(more.find(({ id }) => id === second)?.why).toBe('inside VPC 1, which will be deleted');
  expect(more.find(({ id }) => id === NatGatewayId)?.hourlyCost).toBe(0.045);
  expect((await cloud.cleanUp()).failed).toEqual({});
  expect(await cloud.everything()).toEqual(before);
});

describe('left alone is', () => {
  test('a VPC that only looks like the lab’s, until the user says that it is', async () => {
    const { vpc, subnet } = await cloud.vpc('10.1.0.0/16', 'mine-1');
    await cloud.run(subnet);
    const { plan } = await cloud.look();
    expect(plan.resources).toEqual([]);
    expect(plan.left).toMatchObject([{ kind: 'vpc', id: vpc }]);
    await cloud.cleanUp({ chosen: [vpc] });
    expect((await cloud.everything()).join()).not.toContain(vpc);
  });

  test('a role, a policy and a log group of the lab that others use', async () => {
    await cloud.solve('vpcs', 'instances', 'logs', 'permissions');
    const { vpc, subnet } = await cloud.vpc('10.50.0.0/16', 'prod');
    const role = 'arn:aws:iam::123456789012:role/NextWorkVPCFlowLogsRole';
    await cloud.flowLog('VPC', vpc, 'NextWorkVPCFlowLogsGroup', role);
    await cloud.run(subnet, { IamInstanceProfile: { Name: 'labproof-ssm' } });
    expect((await cloud.cleanUp()).failed).toEqual({});
    const rest = (await cloud.everything()).join('\n');
    expect(rest).toContain('"RoleName":"NextWorkVPCFlowLogsRole"');
    expect(rest).toContain('"RoleName":"labproof-ssm"');
    expect(rest).toContain('"InstanceProfileName":"labproof-ssm"');
    expect(rest).toContain('NextWorkVPCFlowLogsPolicy');
    expect(rest).toContain('"logGroupName":"NextWorkVPCFlowLogsGroup"');
    expect(rest).not.toContain('NextWork-1-vpc');
  });

  test('a role that was there long before the lab, or that others may assume', async () => {
    const old = await cloud.role('company-flow-logs');
    cloud.passMinutes(3 * 24 * 60);
    await cloud.solve('vpcs', 'instances', 'logs');
    const open = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'vpc-flow-logs.amazonaws.com' }, Action: 'sts:AssumeRole' },
        { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' },
      ],
    });
    const shared = await cloud.role('shared', open);
    const [vpc1 = '', vpc2 = ''] = await planned('vpc');
    await cloud.flowLog('VPC', vpc1, 'NextWorkVPCFlowLogsGroup', old);
    await cloud.flowLog('VPC', vpc2, 'NextWorkVPCFlowLogsGroup', shared);
    const { plan } = await cloud.look();
    expect(plan.left).toMatchObject([
      { id: old, why: 'it is older than the lab' },
      { id: shared, why: 'its trust policy lets others assume it, too' },
    ]);
  });

  test('a log group that holds something else, too', async () => {
    await cloud.solve('vpcs', 'instances');
    await cloud.send('logs:CreateLogGroup', { logGroupName: '/app' });
    await cloud.send('logs:CreateLogStream', { logGroupName: '/app', logStreamName: 'server' });
    const [vpc1 = ''] = await planned('vpc');
    await cloud.flowLog('VPC', vpc1, '/app', await cloud.role('mine'));
    const { plan } = await cloud.look();
    expect(plan.left).toMatchObject([{ id: '/app', why: 'it holds log streams of something else, too' }]);
  });

  test('a later role of the name that an earlier cleanup deleted', async () => {
    await cloud.solve('vpcs', 'instances', 'logs');
    const [vpc1 = ''] = await planned('vpc');
    await cloud.flowLog('VPC', vpc1, 'NextWorkVPCFlowLogsGroup', await cloud.role('records'));
    expect((await cloud.cleanUp()).failed).toEqual({});
    const later = await cloud.role('records');
    const { plan } = await cloud.look();
    expect(plan.resources).toEqual([]);
    expect(plan.left).toMatchObject([{ id: later }]);
  });
});

describe('a log group that came back', () => {
  test('is made again by the flow log that is still there, and a cleanup knows it by its name when that is gone', async () => {
    const before = await cloud.everything();
    await cloud.solve('vpcs', 'instances', 'logs', 'permissions');
    await cloud.send('logs:DeleteLogGroup', { logGroupName: 'NextWorkVPCFlowLogsGroup' });
    cloud.passMinutes(30);
    const FlowLogIds = await planned('flow-log');
    expect((await cloud.everything()).join()).toContain('NextWorkVPCFlowLogsGroup');
    await cloud.send('ec2:DeleteFlowLogs', { FlowLogIds });
    expect(await planned('log-group')).toEqual(['NextWorkVPCFlowLogsGroup']);
    expect((await cloud.cleanUp()).failed).toEqual({});
    expect(await cloud.everything()).toEqual(before);
  });

  test('with a name of the learner’s own is known by the last cleanup, for an hour', async () => {
    await cloud.solve('vpcs', 'instances');
    const [vpc1 = ''] = await planned('vpc');
    await cloud.flowLog('VPC', vpc1, 'records', await cloud.role('mine'));
    await cloud.send('logs:CreateLogGroup', { logGroupName: 'records' });
    await cloud.cleanUp();
    cloud.passMinutes(10);
    await cloud.send('logs:CreateLogGroup', { logGroupName: 'records' });
    expect(await planned('log-group')).toEqual(['records']);
    await cloud.cleanUp();
    cloud.passMinutes(120);
    await cloud.send('logs:CreateLogGroup', { logGroupName: 'records' });
    expect(await planned('log-group')).toEqual([]);
  });

  test('during the cleanup is deleted once more at its end', async () => {
    await cloud.solve('vpcs', 'instances', 'logs', 'permissions');
    let isBack = false;
    const before = async (call: string) => {
      if (call !== 'iam:DeleteRole' || isBack) return;
      isBack = true;
      await cloud.send('logs:CreateLogGroup', { logGroupName: 'NextWorkVPCFlowLogsGroup' });
    };
    expect((await cloud.cleanUp({ before })).failed).toEqual({});
    expect(cloud.lines).toContain('log group NextWorkVPCFlowLogsGroup: late records made it again');
    expect(await planned('log-group')).toEqual([]);
  });
});

test('what AWS denies is told with its reason, what it holds is not tried, and the rest goes', async () => {
  await cloud.solve('vpcs', 'instances');
  const [subnet1 = '', subnet2 = ''] = await planned('subnet');
  const [vpc1 = '', vpc2 = ''] = await planned('vpc');
  const error = { code: 'UnauthorizedOperation', status: 403, message: 'You are not authorized.' };
  await cloud.fault({ 'ec2:DeleteSubnet': { error } });
  const { failed } = await cloud.cleanUp();
  expect(failed).toEqual({
    [subnet1]: expect.stringContaining('UnauthorizedOperation'),
    [subnet2]: expect.stringContaining('UnauthorizedOperation'),
    [vpc1]: `not tried, as ${subnet1} is still there`,
    [vpc2]: `not tried, as ${subnet2} is still there`,
  });
  const { plan } = await cloud.look();
  expect(plan.resources.map(({ id }) => id)).toEqual([subnet1, subnet2, vpc1, vpc2]);
  await cloud.fault({});
  expect((await cloud.cleanUp()).failed).toEqual({});
});

test('a flow log that outlives its VPC keeps its log group and its role, and is found the next time', async () => {
  const nothing = await cloud.everything();
  await cloud.solve('vpcs', 'instances', 'logs', 'permissions');
  const [flowLog = ''] = await planned('flow-log');
  const before = (call: string) => {
    if (call === 'ec2:DeleteFlowLogs') throw new CallError(call, 'UnauthorizedOperation', 'No.');
  };
  const { failed } = await cloud.cleanUp({ before });
  expect(Object.keys(failed)).toEqual([
    flowLog,
    'NextWorkVPCFlowLogsGroup',
    'arn:aws:iam::123456789012:role/NextWorkVPCFlowLogsRole',
    'arn:aws:iam::123456789012:policy/NextWorkVPCFlowLogsPolicy',
  ]);
  expect(await planned('vpc')).toEqual([]);
  expect(await planned('flow-log')).toEqual([flowLog]);
  expect((await cloud.cleanUp()).failed).toEqual({});
  expect(await cloud.everything()).toEqual(nothing);
});

test('what could not be seen to be gone is not called deleted', async () => {
  await cloud.solve('vpcs');
  const [vpc1 = ''] = await planned('vpc');
  const before = (call: string) => {
    if (call === 'ec2:DescribeVpcs') throw new CallError(call, 'UnauthorizedOperation', 'No.');
  };
  const { outcomes } = await cloud.cleanUp({ before });
  expect(outcomes[vpc1]).toMatchObject({ status: 'unknown', reason: expect.stringContaining('UnauthorizedOperation') });
});

test('a cloud that is not there any more ends the cleanup, and the next one goes on', async () => {
  const before = await cloud.everything();
  await cloud.solve('vpcs', 'instances');
  const cut = (call: string) => {
    if (call === 'ec2:DeleteRouteTable') throw new CallError(call, 'ECONNREFUSED', 'cannot be reached');
  };
  expect((await cloud.cleanUp({ before: cut })).ended).toEqual({ message: 'cannot be reached' });
  expect((await cloud.cleanUp()).failed).toEqual({});
  expect(await cloud.everything()).toEqual(before);
});

test('what is held for a while is tried again', async () => {
  await cloud.solve('vpcs');
  let refusals = 3;
  const before = (call: string) => {
    if (call === 'ec2:DeleteVpc' && refusals-- > 0)
      throw new CallError(call, 'DependencyViolation', 'has dependencies');
  };
  expect((await cloud.cleanUp({ before })).failed).toEqual({});
  expect(refusals).toBeLessThan(0);
});

test.each([
  'ec2:DescribeVolumes',
  'ec2:DescribeAddresses',
  'iam:GetRole',
  'ec2:DescribeSecurityGroups',
])('a plan for which %s could not be read says so', async (call) => {
  await cloud.solve('vpcs');
  const code = call.startsWith('iam') ? 'AccessDenied' : 'UnauthorizedOperation';
  await cloud.fault({ [call]: { error: { code, status: 403, message: 'No.' } } });
  expect((await cloud.look()).plan.gaps).toMatchObject([{ action: call }]);
});

test.each([
  'ec2:TerminateInstances',
  'ec2:DetachInternetGateway',
  'iam:DetachRolePolicy',
])('interrupted at %s, a second cleanup goes on to the end', async (stopAt) => {
  const before = await cloud.everything();
  await cloud.solve('vpcs', 'instances', 'logs', 'permissions', 'peering');
  expect((await cloud.cleanUp({ stopAt })).ended).toBe('interrupted');
  expect(await cloud.everything()).not.toEqual(before);
  const { failed, ended } = await cloud.cleanUp();
  expect([failed, ended]).toEqual([{}, undefined]);
  expect(await cloud.everything()).toEqual(before);
});

test('what somebody else deleted meanwhile counts as gone', async () => {
  await cloud.solve('vpcs', 'instances', 'logs');
  const logGroupName = 'NextWorkVPCFlowLogsGroup';
  const before = async (call: string) => {
    if (call === 'ec2:TerminateInstances') await cloud.send('logs:DeleteLogGroup', { logGroupName }).catch(() => {});
  };
  const { outcomes } = await cloud.cleanUp({ before });
  expect(outcomes[logGroupName]).toEqual({ status: 'gone' });
});
