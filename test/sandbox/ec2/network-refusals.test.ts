/** What network ACLs, flow logs and tags refuse, and with which code (EC2 API Reference; words: seen in AWS's answers). */
import type { EC2, NetworkAclEntry } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal, type Served, serve, there } from '../clients.ts';
import { buildNetwork, type Network } from './network.ts';

const ROLE = 'arn:aws:iam::123456789012:role/flow';

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'vpc-flow-logs.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

let sandbox: Served;
let network: Network;
let aclId: string;
beforeAll(async () => {
  sandbox = await serve();
  network = await buildNetwork(sandbox.ec2);
  aclId = there((await sandbox.ec2.createNetworkAcl({ VpcId: network.vpcId })).NetworkAcl?.NetworkAclId);
});
afterAll(() => sandbox.close());

const base = { RuleNumber: 10, RuleAction: 'allow', Egress: false, Protocol: '-1' } as const;
const everywhere = { CidrBlock: '0.0.0.0/0' };

describe('A rule of a network ACL', () => {
  it.each<[what: string, code: string, rule: NetworkAclEntry]>([
    ['without a block', 'MissingParameter', {}],
    ['with two blocks', 'InvalidParameterCombination', { ...everywhere, Ipv6CidrBlock: '::/0' }],
    ['of TCP without ports', 'MissingParameter', { ...everywhere, Protocol: 'tcp' }],
    ['of ICMPv6 without a type', 'MissingParameter', { Ipv6CidrBlock: '::/0', Protocol: '58' }],
    [
      'for ports the wrong way round',
      'InvalidParameterValue',
      { ...everywhere, Protocol: '6', PortRange: { From: 9, To: 1 } },
    ],
    [
      'for a port that is none',
      'InvalidParameterValue',
      { ...everywhere, Protocol: '6', PortRange: { From: 0, To: 65536 } },
    ],
    ['with the number of the last', 'InvalidParameterValue', { ...everywhere, RuleNumber: 32767 }],
  ])('%s is refused with %s', async (_what, code, rule) => {
    const call = sandbox.ec2.createNetworkAclEntry({ ...base, NetworkAclId: aclId, ...rule });
    expect(await refusal(call)).toMatchObject({ code, status: 400 });
  });

  it('for IPv6 is found by its block', async () => {
    const { ec2 } = sandbox;
    await ec2.createNetworkAclEntry({ ...base, NetworkAclId: aclId, RuleNumber: 20, Ipv6CidrBlock: '2001:db8::/32' });
    const { NetworkAcls } = await ec2.describeNetworkAcls({
      Filters: [{ Name: 'entry.ipv6-cidr', Values: ['2001:db8::/32'] }],
    });
    expect(NetworkAcls?.map(({ NetworkAclId }) => NetworkAclId)).toEqual([aclId]);
  });
});

describe('A flow log', () => {
  const log = (more: Partial<Parameters<EC2['createFlowLogs']>[0]>) =>
    sandbox.ec2.createFlowLogs({ ResourceIds: [network.vpcId], ResourceType: 'VPC', TrafficType: 'ALL', ...more });

  it.each([
    ['without a destination', {}, /LogDestination can't be empty/],
    ['to a group without a role', { LogGroupName: 'g' }, /DeliverLogsPermissionArn can't be empty/],
    ['with a role that is not there', { LogGroupName: 'g', DeliverLogsPermissionArn: ROLE }, /Unable to assume given/],
    ['of S3 with a log group', { LogGroupName: 'g', LogDestinationType: 's3' as const }, /must be cloud-watch-logs/],
    ['of two minutes', { LogGroupName: 'g', MaxAggregationInterval: 120 }, /Invalid Flow Log Max Aggregation Interval/],
  ])('%s is refused', async (_what, more, message) => {
    const refused = await refusal(log(more));
    expect(refused).toMatchObject({ code: 'InvalidParameter', status: 400 });
    expect(refused.message).toMatch(message);
  });

  it('is made for the resources that are there, and is told of the others', async () => {
    const { ec2 } = sandbox;
    await sandbox.iam.createRole({ RoleName: 'flow', AssumeRolePolicyDocument: TRUST });
    const group = { LogGroupName: 'g', DeliverLogsPermissionArn: ROLE };
    const ResourceIds = [network.vpcId, 'vpc-0123456789abcdef0'];
    const { FlowLogIds = [], Unsuccessful } = await log({ ...group, ResourceIds });
    expect(Unsuccessful).toMatchObject([{ ResourceId: ResourceIds[1], Error: { Code: 'InvalidVpcID.NotFound' } }]);
    expect(await refusal(log(group))).toMatchObject({ code: 'FlowLogAlreadyExists' });
    await ec2.deleteFlowLogs({ FlowLogIds });
    expect(await refusal(ec2.deleteFlowLogs({ FlowLogIds }))).toMatchObject({
      code: 'InvalidFlowLogId.NotFound',
      message: `These flow log ids in the input list are not found: [TotalCount: 1] ${FlowLogIds[0]}`,
    });
  });
});

it('A flow log to a bucket is taken and kept apart: none of its records is in a log group', async () => {
  const { ec2, logs } = sandbox;
  const LogDestination = 'arn:aws:s3:::my-bucket/logs';
  const { FlowLogIds = [], Unsuccessful } = await ec2.createFlowLogs({
    ResourceIds: [network.vpcId],
    ResourceType: 'VPC',
    TrafficType: 'ALL',
    LogDestinationType: 's3',
    LogDestination,
  });
  expect(Unsuccessful).toEqual([]);
  const { FlowLogs } = await ec2.describeFlowLogs({ FlowLogIds });
  expect(FlowLogs).toMatchObject([{ LogDestinationType: 's3', LogDestination, FlowLogStatus: 'ACTIVE' }]);
  expect((await logs.describeLogGroups({})).logGroups).toEqual([]);
});

describe('An id', () => {
  it('of several that are not there is named with the others', async () => {
    const call = sandbox.ec2.describeVpcs({
      VpcIds: ['vpc-0aaaaaaaaaaaaaaaa', network.vpcId, 'vpc-0bbbbbbbbbbbbbbbb'],
    });
    expect(await refusal(call)).toMatchObject({
      code: 'InvalidVpcID.NotFound',
      message: "The vpc IDs 'vpc-0aaaaaaaaaaaaaaaa, vpc-0bbbbbbbbbbbbbbbb' do not exist",
    });
  });

  it('that is none cannot be tagged', async () => {
    const call = sandbox.ec2.createTags({ Resources: ['ami-blah'], Tags: [{ Key: 'a', Value: 'b' }] });
    expect(await refusal(call)).toMatchObject({ code: 'InvalidID', message: "The ID 'ami-blah' is not valid" });
  });
});
