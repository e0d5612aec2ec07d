/** Client tokens (EC2 API Reference, "Ensuring idempotency"): the same call made again makes nothing new. */
import type { EC2 } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal, type Served, serve, there } from '../clients.ts';
import { buildNetwork, type Network } from './network.ts';

let sandbox: Served;
let network: Network;
let other: Network;
beforeAll(async () => {
  sandbox = await serve();
  [network, other] = [await buildNetwork(sandbox.ec2), await buildNetwork(sandbox.ec2, '10.2')];
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'vpc-flow-logs.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  });
  await sandbox.iam.createRole({ RoleName: 'flow', AssumeRolePolicyDocument });
});
afterAll(() => sandbox.close());

type Call = (ec2: EC2, network: Network, ClientToken: string) => Promise<string | undefined>;

/** Each says the id of what it made. */
const calls: readonly [operation: string, call: Call][] = [
  [
    'CreateRouteTable',
    async (ec2, { vpcId }, ClientToken) =>
      (await ec2.createRouteTable({ VpcId: vpcId, ClientToken })).RouteTable?.RouteTableId,
  ],
  [
    'CreateNetworkAcl',
    async (ec2, { vpcId }, ClientToken) =>
      (await ec2.createNetworkAcl({ VpcId: vpcId, ClientToken })).NetworkAcl?.NetworkAclId,
  ],
  [
    'CreateEgressOnlyInternetGateway',
    async (ec2, { vpcId }, ClientToken) =>
      (await ec2.createEgressOnlyInternetGateway({ VpcId: vpcId, ClientToken })).EgressOnlyInternetGateway
        ?.EgressOnlyInternetGatewayId,
  ],
  [
    'CreateNatGateway',
    async (ec2, { subnetId }, ClientToken) =>
      (await ec2.createNatGateway({ SubnetId: subnetId, ConnectivityType: 'private', ClientToken })).NatGateway
        ?.NatGatewayId,
  ],
  [
    'CreateVpcEndpoint',
    async (ec2, { vpcId }, ClientToken) =>
      (await ec2.createVpcEndpoint({ VpcId: vpcId, ServiceName: 'com.amazonaws.us-east-1.s3', ClientToken }))
        .VpcEndpoint?.VpcEndpointId,
  ],
  [
    'CreateManagedPrefixList',
    async (ec2, { vpcId }, ClientToken) =>
      (
        await ec2.createManagedPrefixList({
          PrefixListName: vpcId,
          MaxEntries: 1,
          AddressFamily: 'IPv4',
          ClientToken,
        })
      ).PrefixList?.PrefixListId,
  ],
  [
    'CreateFlowLogs',
    async (ec2, { vpcId }, ClientToken) =>
      (
        await ec2.createFlowLogs({
          ResourceIds: [vpcId],
          ResourceType: 'VPC',
          TrafficType: 'ALL',
          LogGroupName: 'flow',
          DeliverLogsPermissionArn: 'arn:aws:iam::123456789012:role/flow',
          ClientToken,
        })
      ).FlowLogIds?.[0],
  ],
];

describe.each(calls)('%s', (operation, call) => {
  it('with a token that was used gives what it gave, and refuses other parameters', async () => {
    const { ec2 } = sandbox;
    const token = `token of ${operation}`;
    const first = there(await call(ec2, network, token));
    expect(await call(ec2, network, token)).toBe(first);
    expect(await refusal(call(ec2, other, token))).toMatchObject({ code: 'IdempotentParameterMismatch', status: 400 });
    expect(await call(ec2, other, `another ${token}`)).not.toBe(first);
  });
});

it('A token whose resource is gone makes a new one', async () => {
  const { ec2 } = sandbox;
  const make = async () =>
    there((await ec2.createRouteTable({ VpcId: network.vpcId, ClientToken: 'gone' })).RouteTable);
  const { RouteTableId } = await make();
  await ec2.deleteRouteTable({ RouteTableId });
  expect((await make()).RouteTableId).not.toBe(RouteTableId);
});
