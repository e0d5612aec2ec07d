/** NAT gateways (VPC User Guide, "NAT gateways" and "Troubleshoot NAT gateways"; EC2 API Reference, NatGateway). */
import { type CreateNatGatewayRequest, type EC2, waitUntilNatGatewayAvailable } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refusal, type Served, serve, there } from '../clients.ts';
import { buildNetwork, interfaceOf, type Network } from './network.ts';

let sandbox: Served;
let ec2: EC2;
let network: Network;
beforeEach(async () => {
  sandbox = await serve();
  ec2 = sandbox.ec2;
  network = await buildNetwork(ec2);
});
afterEach(() => sandbox.close());

const allocate = async () => there((await ec2.allocateAddress({})).AllocationId);

async function create(more: Partial<CreateNatGatewayRequest>) {
  const { NatGateway } = await ec2.createNatGateway({ SubnetId: network.subnetId, ...more });
  return there(NatGateway?.NatGatewayId);
}

async function natGateway(id: string) {
  const { NatGateways } = await ec2.describeNatGateways({ NatGatewayIds: [id] });
  return there(NatGateways?.[0]);
}

async function routeState(RouteTableId: string) {
  const { RouteTables } = await ec2.describeRouteTables({ RouteTableIds: [RouteTableId] });
  return RouteTables?.[0]?.Routes?.find(({ NatGatewayId }) => NatGatewayId !== undefined)?.State;
}

describe('A public NAT gateway', () => {
  it('is pending, available, deleting, deleted, gone; its route follows', async () => {
    const id = await create({ AllocationId: await allocate() });
    await ec2.createRoute({ RouteTableId: network.tableId, DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: id });
    const now = async () => [(await natGateway(id)).State, await routeState(network.tableId)];
    expect(await now()).toEqual(['pending', 'active']);
    sandbox.pass(60);
    expect(await now()).toEqual(['available', 'active']);
    await waitUntilNatGatewayAvailable({ client: ec2, maxWaitTime: 20 }, { NatGatewayIds: [id] });
    await ec2.deleteNatGateway({ NatGatewayId: id });
    expect(await now()).toEqual(['deleting', 'blackhole']);
    sandbox.pass(30);
    expect(await now()).toEqual(['deleted', 'blackhole']);
    sandbox.pass(3600);
    expect(await refusal(natGateway(id))).toMatchObject({ code: 'NatGatewayNotFound' });
    expect(await routeState(network.tableId)).toBe('blackhole');
  });

  it('has an interface of its own in its subnet, which carries the Elastic IP address', async () => {
    const { AllocationId, PublicIp } = await ec2.allocateAddress({});
    const id = await create({ AllocationId, PrivateIpAddress: '10.1.0.100' });
    sandbox.pass(60);
    const { NatGatewayAddresses = [], ...rest } = await natGateway(id);
    expect(rest).toMatchObject({ ConnectivityType: 'public', VpcId: network.vpcId, SubnetId: network.subnetId });
    expect(NatGatewayAddresses).toMatchObject([
      { AllocationId, PublicIp, PrivateIp: '10.1.0.100', IsPrimary: true, Status: 'succeeded' },
    ]);
    const networkInterface = await interfaceOf(ec2, there(NatGatewayAddresses[0]?.NetworkInterfaceId));
    expect(networkInterface).toMatchObject({
      InterfaceType: 'nat_gateway',
      RequesterManaged: true,
      SourceDestCheck: false,
      Status: 'in-use',
      Description: `Interface for NAT Gateway ${id}`,
      PrivateIpAddress: '10.1.0.100',
      Association: { PublicIp, AllocationId },
    });
    expect(networkInterface.Groups ?? []).toEqual([]);
    expect(networkInterface.Attachment).not.toHaveProperty('InstanceId');
    const { Addresses } = await ec2.describeAddresses();
    expect(Addresses).toMatchObject([{ NetworkInterfaceId: networkInterface.NetworkInterfaceId }]);
  });

  it('keeps subnet, gateway and address until it is deleted', async () => {
    const AllocationId = await allocate();
    const NatGatewayId = await create({ AllocationId });
    sandbox.pass(60);
    const detach = () => ec2.detachInternetGateway({ VpcId: network.vpcId, InternetGatewayId: network.gatewayId });
    const steps = [
      () => ec2.releaseAddress({ AllocationId }),
      detach,
      () => ec2.deleteSubnet({ SubnetId: network.subnetId }),
    ];
    const codes = ['InvalidIPAddress.InUse', 'DependencyViolation', 'DependencyViolation'];
    for (const [index, step] of steps.entries()) expect(await refusal(step())).toMatchObject({ code: codes[index] });
    await ec2.deleteNatGateway({ NatGatewayId });
    sandbox.pass(30);
    expect((await ec2.describeNetworkInterfaces()).NetworkInterfaces).toEqual([]);
    for (const step of steps) await step();
  });

  it("has an interface that is not the account's to change", async () => {
    const AllocationId = await allocate();
    const id = await create({ AllocationId });
    sandbox.pass(60);
    const { NatGatewayAddresses } = await natGateway(id);
    const NetworkInterfaceId = there(NatGatewayAddresses?.[0]?.NetworkInterfaceId);
    const { Attachment } = await interfaceOf(ec2, NetworkInterfaceId);
    const AssociationId = NatGatewayAddresses?.[0]?.AssociationId;
    const other = await allocate();
    const codes = await Promise.all([
      refusal(ec2.deleteNetworkInterface({ NetworkInterfaceId })),
      refusal(ec2.detachNetworkInterface({ AttachmentId: Attachment?.AttachmentId })),
      refusal(ec2.modifyNetworkInterfaceAttribute({ NetworkInterfaceId, SourceDestCheck: { Value: true } })),
      refusal(ec2.disassociateAddress({ AssociationId })),
      refusal(ec2.associateAddress({ NetworkInterfaceId, AllocationId: other, AllowReassociation: true })),
    ]);
    expect(codes.map(({ code }) => code)).toEqual([
      'InvalidParameterValue',
      'AuthFailure',
      'AuthFailure',
      'AuthFailure',
      'AuthFailure',
    ]);
  });

  it.each([
    ['its VPC has no internet gateway', 'Gateway.NotAttached'],
    ['its address is with an interface', 'Resource.AlreadyAssociated'],
    ['its address was released meanwhile', 'InvalidAllocationID.NotFound'],
  ])('fails where %s', async (_what, FailureCode) => {
    const AllocationId = await allocate();
    const NatGatewayId = await create({ AllocationId });
    if (FailureCode === 'Gateway.NotAttached')
      await ec2.detachInternetGateway({ VpcId: network.vpcId, InternetGatewayId: network.gatewayId });
    if (FailureCode === 'Resource.AlreadyAssociated') {
      const { NetworkInterface } = await ec2.createNetworkInterface({ SubnetId: network.subnetId });
      await ec2.associateAddress({ AllocationId, NetworkInterfaceId: NetworkInterface?.NetworkInterfaceId });
    }
    if (FailureCode === 'InvalidAllocationID.NotFound') await ec2.releaseAddress({ AllocationId });
    sandbox.pass(60);
    expect(await natGateway(NatGatewayId)).toMatchObject({ State: 'failed', FailureCode });
    const Filters = [{ Name: 'interface-type', Values: ['nat_gateway'] }];
    expect((await ec2.describeNetworkInterfaces({ Filters })).NetworkInterfaces).toEqual([]);
    await ec2.deleteNatGateway({ NatGatewayId });
    expect((await natGateway(NatGatewayId)).State).toBe('deleted');
  });
});

it('A private NAT gateway needs no Elastic IP address and no internet gateway', async () => {
  await ec2.detachInternetGateway({ VpcId: network.vpcId, InternetGatewayId: network.gatewayId });
  const id = await create({ ConnectivityType: 'private' });
  sandbox.pass(60);
  const gateway = await natGateway(id);
  expect(gateway).toMatchObject({ State: 'available', ConnectivityType: 'private' });
  expect(gateway.NatGatewayAddresses?.[0]).not.toHaveProperty('PublicIp');
});

it('NAT gateways are found by state, VPC, subnet and tag', async () => {
  const tag = { Key: 'Name', Value: 'mine' };
  const id = await create({
    ConnectivityType: 'private',
    TagSpecifications: [{ ResourceType: 'natgateway', Tags: [tag] }],
  });
  await create({ ConnectivityType: 'private', SubnetId: network.otherSubnetId });
  for (const [Name, Value] of [
    ['tag:Name', 'mine'],
    ['subnet-id', network.subnetId],
    ['nat-gateway-id', id],
  ] as const) {
    const { NatGateways } = await ec2.describeNatGateways({ Filter: [{ Name, Values: [Value] }] });
    expect(NatGateways?.map(({ NatGatewayId }) => NatGatewayId)).toEqual([id]);
  }
  const both = await ec2.describeNatGateways({
    Filter: [
      { Name: 'state', Values: ['pending'] },
      { Name: 'vpc-id', Values: [network.vpcId] },
    ],
  });
  expect(both.NatGateways).toHaveLength(2);
  expect(await refusal(ec2.describeNatGateways({ MaxResults: 4 }))).toMatchObject({ code: 'InvalidParameterValue' });
});

it.each<readonly [what: string, code: string, more: Partial<CreateNatGatewayRequest>]>([
  ['without an address', 'MissingParameter', {}],
  ['with an address that is not there', 'InvalidElasticIpID.NotFound', { AllocationId: 'eipalloc-1' }],
  ['in a subnet that is not there', 'InvalidSubnetID.NotFound', { SubnetId: 'subnet-1', AllocationId: 'eipalloc-1' }],
  [
    'that is private, with a public address',
    'InvalidParameterCombination',
    { ConnectivityType: 'private', AllocationId: 'eipalloc-1' },
  ],
  [
    'with an address of another subnet',
    'InvalidParameterValue',
    { ConnectivityType: 'private', PrivateIpAddress: '10.1.1.9' },
  ],
])('A NAT gateway %s is refused', async (_what, code, more) => {
  expect(await refusal(create(more))).toMatchObject({ code, status: 400 });
});

it('An Availability Zone has five NAT gateways at most', async () => {
  for (let index = 0; index < 5; index += 1) await create({ ConnectivityType: 'private' });
  const sixth = create({ ConnectivityType: 'private' });
  expect(await refusal(sixth)).toMatchObject({ code: 'NatGatewayLimitExceeded' });
  await create({ ConnectivityType: 'private', SubnetId: network.otherSubnetId });
});
