/** VPC endpoints (AWS PrivateLink Guide; words: seen in AWS's answers). */
import type { CreateVpcEndpointRequest } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal, type Served, serve, there } from '../clients.ts';
import { buildNetwork, type Network } from './network.ts';

const S3 = 'com.amazonaws.us-east-1.s3';
const SSM = 'com.amazonaws.us-east-1.ssm';

let sandbox: Served;
let network: Network;
beforeAll(async () => {
  sandbox = await serve();
  network = await buildNetwork(sandbox.ec2);
});
afterAll(() => sandbox.close());

async function create(more: Partial<CreateVpcEndpointRequest>): Promise<string> {
  const asked = { VpcId: network.vpcId, ServiceName: S3, ...more };
  return there((await sandbox.ec2.createVpcEndpoint(asked)).VpcEndpoint?.VpcEndpointId);
}

async function endpoint(id: string) {
  return (await sandbox.ec2.describeVpcEndpoints({ VpcEndpointIds: [id] })).VpcEndpoints?.[0];
}

async function routesTo(id: string) {
  const Filters = [{ Name: 'route.gateway-id', Values: [id] }];
  const { RouteTables = [] } = await sandbox.ec2.describeRouteTables({ Filters });
  return RouteTables.flatMap(({ Routes = [] }) => Routes.filter(({ GatewayId }) => GatewayId === id));
}

describe('A gateway endpoint', () => {
  it('puts a route to the prefix list of its service into its tables, and takes it back', async () => {
    const { ec2 } = sandbox;
    const Filters = [{ Name: 'prefix-list-name', Values: [S3] }];
    const { PrefixLists } = await ec2.describePrefixLists({ Filters });
    const DestinationPrefixListId = there(PrefixLists?.[0]?.PrefixListId);
    const id = await create({ RouteTableIds: [network.tableId] });
    const route = { DestinationPrefixListId, GatewayId: id, Origin: 'CreateRoute', State: 'active' };
    expect(await endpoint(id)).toMatchObject({ State: 'available', RouteTableIds: [network.tableId] });
    expect(await routesTo(id)).toEqual([route]);
    const again = create({ RouteTableIds: [network.tableId] });
    expect(await refusal(again)).toMatchObject({
      code: 'RouteAlreadyExists',
      message: `route table ${network.tableId} already has a route with destination-prefix-list-id ${DestinationPrefixListId}`,
    });
    await ec2.modifyVpcEndpoint({ VpcEndpointId: id, RemoveRouteTableIds: [network.tableId] });
    expect(await routesTo(id)).toEqual([]);
    await ec2.modifyVpcEndpoint({ VpcEndpointId: id, AddRouteTableIds: [network.tableId] });
    expect(await routesTo(id)).toEqual([route]);
    const { Unsuccessful } = await ec2.deleteVpcEndpoints({ VpcEndpointIds: [id, 'vpce-0123456789abcdef0'] });
    expect(Unsuccessful).toMatchObject([{ Error: { Code: 'InvalidVpcEndpoint.NotFound' } }]);
    expect(await routesTo(id)).toEqual([]);
    sandbox.pass(120);
    expect(await refusal(endpoint(id))).toMatchObject({ code: 'InvalidVpcEndpointId.NotFound' });
  });

  it('keeps its policy until it is reset', async () => {
    const { ec2 } = sandbox;
    const id = await create({});
    const policy = JSON.stringify({ Statement: [{ Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' }] });
    const full = (await endpoint(id))?.PolicyDocument;
    await ec2.modifyVpcEndpoint({ VpcEndpointId: id, PolicyDocument: policy });
    expect((await endpoint(id))?.PolicyDocument).toBe(policy);
    await ec2.modifyVpcEndpoint({ VpcEndpointId: id, ResetPolicy: true });
    expect((await endpoint(id))?.PolicyDocument).toBe(full);
  });
});

describe('An interface endpoint', () => {
  it('has an interface in each of its subnets, and keeps its VPC until it is gone', async () => {
    const { ec2 } = sandbox;
    const own = await buildNetwork(ec2, '10.7');
    await ec2.modifyVpcAttribute({ VpcId: own.vpcId, EnableDnsHostnames: { Value: true } });
    const SubnetIds = [own.subnetId, own.otherSubnetId];
    const id = await create({ VpcId: own.vpcId, ServiceName: SSM, VpcEndpointType: 'Interface', SubnetIds });
    expect(await endpoint(id)).toMatchObject({ State: 'pending', PrivateDnsEnabled: true });
    sandbox.pass(120);
    const made = there(await endpoint(id));
    expect(made).toMatchObject({ State: 'available', Groups: [{ GroupName: 'default' }], SubnetIds });
    expect(made.DnsEntries?.at(-1)?.DnsName).toBe('ssm.us-east-1.amazonaws.com');
    const { NetworkInterfaces } = await ec2.describeNetworkInterfaces({
      NetworkInterfaceIds: made.NetworkInterfaceIds ?? [],
    });
    expect(NetworkInterfaces).toMatchObject([
      { InterfaceType: 'vpc_endpoint', RequesterManaged: true, Status: 'in-use' },
      { InterfaceType: 'vpc_endpoint', RequesterManaged: true, Status: 'in-use' },
    ]);
    await ec2.modifyVpcEndpoint({ VpcEndpointId: id, RemoveSubnetIds: [own.otherSubnetId] });
    expect((await endpoint(id))?.NetworkInterfaceIds).toHaveLength(1);
    await ec2.deleteSubnet({ SubnetId: own.otherSubnetId });
    await ec2.deleteVpcEndpoints({ VpcEndpointIds: [id] });
    const early = ec2.deleteSubnet({ SubnetId: own.subnetId });
    expect(await refusal(early)).toMatchObject({ code: 'DependencyViolation' });
    sandbox.pass(120);
    await ec2.deleteSubnet({ SubnetId: own.subnetId });
  });
});

describe('An endpoint is refused', () => {
  it.each([
    ['for no service of AWS', 'InvalidServiceName', { ServiceName: 'com.amazonaws.us-east-1.nothing' }],
    ['of a type that its service has not', 'InvalidParameter', { ServiceName: SSM }],
    ['with a policy that is none', 'InvalidPolicyDocument', { PolicyDocument: 'allow' }],
    [
      'with private DNS in a VPC without host names',
      'InvalidParameter',
      { ServiceName: SSM, VpcEndpointType: 'Interface' },
    ],
  ] as const)('%s: %s', async (_what, code, more) => {
    expect(await refusal(create(more))).toMatchObject({ code, status: 400 });
  });

  it('with two subnets of one zone, with subnets as a gateway, with tables as an interface', async () => {
    const { vpcId: VpcId, subnetId, tableId } = network;
    const plan = { VpcId, CidrBlock: '10.1.9.0/24', AvailabilityZone: 'us-east-1a' };
    const second = there((await sandbox.ec2.createSubnet(plan)).Subnet?.SubnetId);
    const asInterface = { ServiceName: SSM, VpcEndpointType: 'Interface', PrivateDnsEnabled: false } as const;
    const cases: [code: string, more: Partial<CreateVpcEndpointRequest>][] = [
      ['DuplicateSubnetsInSameZone', { ...asInterface, SubnetIds: [subnetId, second] }],
      ['InvalidParameter', { SubnetIds: [subnetId] }],
      ['InvalidParameter', { ...asInterface, RouteTableIds: [tableId] }],
    ];
    for (const [code, more] of cases) expect(await refusal(create(more))).toMatchObject({ code });
  });
});

it('The services of AWS are told by name and type', async () => {
  const { ServiceNames, ServiceDetails } = await sandbox.ec2.describeVpcEndpointServices({ ServiceNames: [S3] });
  expect(ServiceNames).toEqual([S3]);
  expect(ServiceDetails?.flatMap(({ ServiceType = [] }) => ServiceType)).toEqual([
    { ServiceType: 'Gateway' },
    { ServiceType: 'Interface' },
  ]);
});
