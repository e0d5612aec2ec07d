/** Routes and edge associations (VPC User Guide, "Configure route tables" and "Gateway route tables"; API Reference, CreateRoute). */
import type { CreateRouteRequest, EC2, Route } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refusal, type Served, serve, there } from '../clients.ts';
import { buildNetwork, instanceOf, launch, type Network } from './network.ts';

let sandbox: Served;
let ec2: EC2;
let network: Network;
beforeEach(async () => {
  sandbox = await serve();
  ec2 = sandbox.ec2;
  network = await buildNetwork(ec2);
});
afterEach(() => sandbox.close());

const everywhere = { DestinationCidrBlock: '0.0.0.0/0' };
const local = { DestinationCidrBlock: '10.1.0.0/16' };
const subnet = { DestinationCidrBlock: '10.1.1.0/24' };

type More = Omit<CreateRouteRequest, 'RouteTableId'>;
const create = (more: More) => ec2.createRoute({ RouteTableId: network.tableId, ...more });
const replace = (more: More & { LocalTarget?: boolean }) =>
  ec2.replaceRoute({ RouteTableId: network.tableId, ...more });
const remove = (more: More) => ec2.deleteRoute({ RouteTableId: network.tableId, ...more });

async function routeTo(destination: string): Promise<Route | undefined> {
  const { RouteTables } = await ec2.describeRouteTables({ RouteTableIds: [network.tableId] });
  return RouteTables?.[0]?.Routes?.find(({ DestinationCidrBlock, DestinationPrefixListId }) =>
    [DestinationCidrBlock, DestinationPrefixListId].includes(destination),
  );
}

async function createInterface() {
  const { NetworkInterface } = await ec2.createNetworkInterface({ SubnetId: network.subnetId });
  return there(NetworkInterface?.NetworkInterfaceId);
}

async function createNatGateway() {
  const { NatGateway } = await ec2.createNatGateway({ SubnetId: network.subnetId, ConnectivityType: 'private' });
  return there(NatGateway?.NatGatewayId);
}

async function createPrefixList() {
  const { PrefixList } = await ec2.createManagedPrefixList({
    PrefixListName: 'offices',
    AddressFamily: 'IPv4',
    MaxEntries: 3,
    Entries: [{ Cidr: '192.168.0.0/16' }],
  });
  return there(PrefixList?.PrefixListId);
}

describe('A route', () => {
  it('to a prefix list is made, replaced and deleted by its id, which stays while it is named', async () => {
    const DestinationPrefixListId = await createPrefixList();
    const NatGatewayId = await createNatGateway();
    await create({ DestinationPrefixListId, GatewayId: network.gatewayId });
    await replace({ DestinationPrefixListId, NatGatewayId });
    expect(await routeTo(DestinationPrefixListId)).toEqual({
      DestinationPrefixListId,
      NatGatewayId,
      Origin: 'CreateRoute',
      State: 'active',
    });
    const own = { PrefixListIds: [DestinationPrefixListId] };
    expect((await ec2.describeManagedPrefixLists(own)).PrefixLists).toMatchObject([{ State: 'create-complete' }]);
    await ec2.deleteManagedPrefixList({ PrefixListId: DestinationPrefixListId });
    expect((await ec2.describeManagedPrefixLists(own)).PrefixLists).toMatchObject([{ State: 'delete-failed' }]);
    await remove({ DestinationPrefixListId });
    expect(await routeTo(DestinationPrefixListId)).toBeUndefined();
  });

  it('to an instance leads to its interface, and is a blackhole when the instance has ended, not when it is stopped', async () => {
    const InstanceId = await launch(ec2, { SubnetId: network.subnetId });
    sandbox.pass(15);
    await create({ ...everywhere, InstanceId });
    const { NetworkInterfaces } = await instanceOf(ec2, InstanceId);
    const route = await routeTo('0.0.0.0/0');
    expect(route).toEqual({
      ...everywhere,
      InstanceId,
      InstanceOwnerId: expect.stringMatching(/^\d{12}$/),
      NetworkInterfaceId: NetworkInterfaces?.[0]?.NetworkInterfaceId,
      Origin: 'CreateRoute',
      State: 'active',
    });
    await ec2.stopInstances({ InstanceIds: [InstanceId] });
    sandbox.pass(20);
    expect((await routeTo('0.0.0.0/0'))?.State).toBe('active');
    await ec2.terminateInstances({ InstanceIds: [InstanceId] });
    sandbox.pass(20);
    expect(await routeTo('0.0.0.0/0')).toEqual({
      ...everywhere,
      NetworkInterfaceId: route?.NetworkInterfaceId,
      Origin: 'CreateRoute',
      State: 'blackhole',
    });
  });

  it('to an interface follows the interface from instance to instance', async () => {
    const NetworkInterfaceId = await createInterface();
    await create({ ...everywhere, NetworkInterfaceId });
    expect((await routeTo('0.0.0.0/0'))?.State).toBe('blackhole');
    const InstanceId = await launch(ec2, { SubnetId: network.subnetId });
    sandbox.pass(15);
    const { AttachmentId } = await ec2.attachNetworkInterface({ InstanceId, NetworkInterfaceId, DeviceIndex: 1 });
    expect(await routeTo('0.0.0.0/0')).toMatchObject({ InstanceId, State: 'active' });
    await ec2.detachNetworkInterface({ AttachmentId });
    expect((await routeTo('0.0.0.0/0'))?.State).toBe('blackhole');
  });

  it('to an instance with several interfaces needs the interface', async () => {
    const { subnetId: SubnetId } = network;
    const NetworkInterfaces = [0, 1].map((DeviceIndex) => ({ DeviceIndex, SubnetId }));
    const InstanceId = await launch(ec2, { NetworkInterfaces });
    expect(await refusal(create({ ...everywhere, InstanceId }))).toMatchObject({
      code: 'InvalidInstanceID',
      message: `There are multiple interfaces attached to instance '${InstanceId}'. Please specify an interface ID for the operation instead.`,
    });
  });

  it('made twice is one; to another target it exists already', async () => {
    await create({ ...everywhere, GatewayId: network.gatewayId });
    await create({ ...everywhere, GatewayId: network.gatewayId });
    expect(await refusal(create({ ...everywhere, NatGatewayId: await createNatGateway() }))).toMatchObject({
      code: 'RouteAlreadyExists',
    });
  });

  it('takes a NAT gateway in the place of a gateway, as AWS does', async () => {
    const id = await createNatGateway();
    await create({ ...everywhere, GatewayId: id });
    expect(await routeTo('0.0.0.0/0')).toMatchObject({ NatGatewayId: id });
    const Filters = [{ Name: 'route.nat-gateway-id', Values: [id] }];
    expect((await ec2.describeRouteTables({ Filters })).RouteTables).toHaveLength(1);
  });
});

describe('Inside the VPC', () => {
  it('a route goes to a whole subnet by a NAT gateway, an interface or an instance', async () => {
    const InstanceId = await launch(ec2, { SubnetId: network.subnetId });
    await create({ ...subnet, NatGatewayId: await createNatGateway() });
    await replace({ ...subnet, NetworkInterfaceId: await createInterface() });
    await replace({ ...subnet, InstanceId });
    expect(await routeTo('10.1.1.0/24')).toMatchObject({ InstanceId, State: 'active' });
  });

  it.each([
    ['by an internet gateway', '10.1.1.0/24'],
    ['to a part of a subnet', '10.1.1.0/25'],
    ['to what is no subnet', '10.1.7.0/24'],
    ['to one host', '10.1.1.9/32'],
  ])('no route goes %s', async (what, DestinationCidrBlock) => {
    const target = what.endsWith('gateway')
      ? { GatewayId: network.gatewayId }
      : { NetworkInterfaceId: await createInterface() };
    expect(await refusal(create({ DestinationCidrBlock, ...target }))).toMatchObject({
      code: 'InvalidParameterValue',
    });
  });

  it('the local route can lead elsewhere and back, but not be deleted', async () => {
    const NetworkInterfaceId = await createInterface();
    await replace({ ...local, NetworkInterfaceId });
    expect(await routeTo('10.1.0.0/16')).toMatchObject({ NetworkInterfaceId });
    expect(await refusal(remove(local))).toMatchObject({ code: 'InvalidParameterValue' });
    await replace({ ...local, LocalTarget: true });
    expect(await routeTo('10.1.0.0/16')).toMatchObject({ GatewayId: 'local', State: 'active' });
    expect(await routeTo('10.1.0.0/16')).not.toHaveProperty('NetworkInterfaceId');
    await create({ ...everywhere, GatewayId: network.gatewayId });
    expect(await refusal(replace({ ...everywhere, LocalTarget: true }))).toMatchObject({
      code: 'InvalidParameterValue',
    });
  });
});

it.each<readonly [what: string, code: string, more: (network: Network) => More]>([
  ['nowhere', 'MissingParameter', ({ gatewayId }) => ({ GatewayId: gatewayId })],
  [
    'to two destinations',
    'InvalidParameterCombination',
    ({ gatewayId }) => ({ ...everywhere, DestinationPrefixListId: 'pl-1', GatewayId: gatewayId }),
  ],
  ['by nothing', 'MissingParameter', () => everywhere],
  [
    'by two targets',
    'InvalidParameterCombination',
    ({ gatewayId }) => ({ ...everywhere, GatewayId: gatewayId, NatGatewayId: 'nat-1' }),
  ],
  [
    'to a prefix list that is not there',
    'InvalidPrefixListID.NotFound',
    ({ gatewayId }) => ({ DestinationPrefixListId: 'pl-1', GatewayId: gatewayId }),
  ],
  ['by a gateway that is not there', 'InvalidGatewayID.NotFound', () => ({ ...everywhere, GatewayId: 'igw-1' })],
  [
    'by a NAT gateway that is not there',
    'InvalidNatGatewayID.NotFound',
    () => ({ ...everywhere, NatGatewayId: 'nat-1' }),
  ],
  [
    'by an instance that is not there',
    'InvalidInstanceID.NotFound',
    () => ({ ...everywhere, InstanceId: 'i-0123456789abcdef0' }),
  ],
  [
    'by an interface that is not there',
    'InvalidNetworkInterfaceID.NotFound',
    () => ({ ...everywhere, NetworkInterfaceId: 'eni-1' }),
  ],
])('A route %s is refused', async (_what, code, more) => {
  expect(await refusal(create(more(network)))).toMatchObject({ code, status: 400 });
});

it('A target is in the VPC of the route table', async () => {
  const other = await buildNetwork(ec2, '10.2');
  const { NatGateway } = await ec2.createNatGateway({ SubnetId: other.subnetId, ConnectivityType: 'private' });
  const { NetworkInterface } = await ec2.createNetworkInterface({ SubnetId: other.subnetId });
  const targets = [
    { GatewayId: other.gatewayId },
    { NatGatewayId: there(NatGateway?.NatGatewayId) },
    { NetworkInterfaceId: there(NetworkInterface?.NetworkInterfaceId) },
    { InstanceId: await launch(ec2, { SubnetId: other.subnetId }) },
  ];
  for (const target of targets)
    expect(await refusal(create({ ...everywhere, ...target }))).toMatchObject({ code: 'InvalidParameterValue' });
});
