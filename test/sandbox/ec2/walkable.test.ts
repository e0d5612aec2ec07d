/** What is built by calls, read by calls, and walked: each kind of network that the packet model knows. */
import type { EC2, InternetGatewayBlockMode } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openAccount } from '../../../src/account/live.ts';
import type { Packet } from '../../../src/model/network/packet.ts';
import { TOPOLOGY_SLICES, type Topology } from '../../../src/model/network/topology.ts';
import { walk } from '../../../src/model/network/walk.ts';
import { type Served, serve, there } from '../clients.ts';
import { buildNetwork, instanceOf, launch, type Network } from './network.ts';

let sandbox: Served;
let ec2: EC2;
let network: Network;
beforeEach(async () => {
  sandbox = await serve();
  ec2 = sandbox.ec2;
  network = await buildNetwork(ec2);
  await ec2.createRoute({ RouteTableId: network.tableId, ...everywhere, GatewayId: network.gatewayId });
  await ec2.associateRouteTable({ RouteTableId: network.tableId, SubnetId: network.subnetId });
});
afterEach(() => sandbox.close());

const everywhere = { DestinationCidrBlock: '0.0.0.0/0' };
const internet = '203.0.113.9';

async function topology(): Promise<Topology> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const reader = openAccount({ kind: 'sandbox', region: 'us-east-1', endpointUrl: sandbox.url, credentials });
  const slices = await Promise.all(
    TOPOLOGY_SLICES.map(async (name) => {
      const reading = await reader.read(name);
      if (!reading.ok) throw new Error(reading.unread.message);
      return [name, reading.value] as const;
    }),
  );
  reader.close();
  return Object.fromEntries(slices) as unknown as Topology;
}

async function fate(packet: Pick<Packet, 'from' | 'to'>) {
  const { request, answer, hops, receiverId, stoppedAt } = walk(await topology(), {
    protocol: 'tcp',
    destinationPort: 443,
    ...packet,
  });
  return { request, answer, receiverId, code: stoppedAt?.code, via: hops.map(({ id }) => id) };
}

/** A running instance whose security group lets everything in. */
async function host(SubnetId: string, more: { PrivateIpAddress?: string } = {}) {
  const Filters = [{ Name: 'group-name', Values: ['open'] }];
  const { SecurityGroups } = await ec2.describeSecurityGroups({ Filters });
  const group = SecurityGroups?.[0]?.GroupId ?? (await createOpenGroup());
  const id = await launch(ec2, { SubnetId, SecurityGroupIds: [group], ...more });
  sandbox.pass(15);
  const instance = await instanceOf(ec2, id);
  const interfaceId = there(instance.NetworkInterfaces?.[0]?.NetworkInterfaceId);
  return { id, interfaceId, address: there(instance.PrivateIpAddress) };
}

async function createOpenGroup() {
  const plan = { GroupName: 'open', Description: 'open', VpcId: network.vpcId };
  const GroupId = there((await ec2.createSecurityGroup(plan)).GroupId);
  const IpPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
  await ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions });
  return GroupId;
}

async function tableFor(subnetId: string) {
  const RouteTableId = there((await ec2.createRouteTable({ VpcId: network.vpcId })).RouteTable?.RouteTableId);
  await ec2.associateRouteTable({ RouteTableId, SubnetId: subnetId });
  return RouteTableId;
}

it('Through a public NAT gateway a private instance reaches the internet, until the gateway is deleted', async () => {
  const { AllocationId } = await ec2.allocateAddress({});
  const { NatGateway } = await ec2.createNatGateway({ SubnetId: network.subnetId, AllocationId });
  const NatGatewayId = there(NatGateway?.NatGatewayId);
  sandbox.pass(60);
  await ec2.createRoute({ RouteTableId: await tableFor(network.otherSubnetId), ...everywhere, NatGatewayId });
  const { interfaceId } = await host(network.otherSubnetId);
  const outcome = await fate({ from: { interfaceId }, to: internet });
  expect(outcome).toMatchObject({ request: 'delivered', answer: 'delivered' });
  expect(outcome.via).toEqual(expect.arrayContaining([NatGatewayId, network.gatewayId]));
  await ec2.deleteNatGateway({ NatGatewayId });
  sandbox.pass(30);
  expect((await fate({ from: { interfaceId }, to: internet })).request).toBe('dropped');
});

it('VPC Block Public Access keeps the internet out, or in, until it is off again', async () => {
  const { interfaceId } = await host(network.subnetId);
  const { AllocationId } = await ec2.allocateAddress({});
  const { PublicIp } = there((await ec2.describeAddresses()).Addresses?.[0]);
  await ec2.associateAddress({ AllocationId, NetworkInterfaceId: interfaceId });
  const outAndIn = [
    { from: { interfaceId }, to: internet },
    { from: { internet }, to: there(PublicIp) },
  ];
  const answered = async () => (await Promise.all(outAndIn.map(fate))).map(({ answer }) => answer === 'delivered');
  const set = (InternetGatewayBlockMode: InternetGatewayBlockMode) =>
    ec2.modifyVpcBlockPublicAccessOptions({ InternetGatewayBlockMode });
  expect(await answered()).toEqual([true, true]);
  for (const mode of ['block-bidirectional', 'block-ingress'] as const) {
    await set(mode);
    expect(await answered()).toEqual([false, false]);
    const { Subnets } = await ec2.describeSubnets({ SubnetIds: [network.subnetId] });
    expect(Subnets).toMatchObject([{ BlockPublicAccessStates: { InternetGatewayBlockMode: mode } }]);
  }
  await set('off');
  expect(await answered()).toEqual([true, true]);
  expect((await ec2.describeVpcBlockPublicAccessOptions({})).VpcBlockPublicAccessOptions).toMatchObject({
    State: 'update-complete',
    InternetGatewayBlockMode: 'off',
  });
});

it('An appliance forwards between subnets when its source/destination check is off', async () => {
  const plan = { VpcId: network.vpcId, CidrBlock: '10.1.2.0/24' };
  const appliance = await host(there((await ec2.createSubnet(plan)).Subnet?.SubnetId));
  const [one, other] = [await host(network.subnetId), await host(network.otherSubnetId)];
  await ec2.createRoute({
    RouteTableId: network.tableId,
    DestinationCidrBlock: '10.1.1.0/24',
    InstanceId: appliance.id,
  });
  const packet = { from: { interfaceId: one.interfaceId }, to: other.address };
  expect((await fate(packet)).request).toBe('dropped');
  await ec2.modifyInstanceAttribute({ InstanceId: appliance.id, SourceDestCheck: { Value: false } });
  const outcome = await fate(packet);
  expect(outcome).toMatchObject({ request: 'delivered', receiverId: other.interfaceId });
  expect(outcome.via).toContain(appliance.id);
});

it("By a gateway's route table what comes from the internet goes through an appliance first", async () => {
  const appliance = await host(network.otherSubnetId);
  const NetworkInterfaceId = appliance.interfaceId;
  await ec2.modifyNetworkInterfaceAttribute({ NetworkInterfaceId, SourceDestCheck: { Value: false } });
  const web = await host(network.subnetId);
  const { AllocationId, PublicIp } = await ec2.allocateAddress({});
  await ec2.associateAddress({ AllocationId, InstanceId: web.id });
  const RouteTableId = there((await ec2.createRouteTable({ VpcId: network.vpcId })).RouteTable?.RouteTableId);
  await ec2.createRoute({ RouteTableId, DestinationCidrBlock: '10.1.0.0/24', NetworkInterfaceId });
  await ec2.associateRouteTable({ RouteTableId, GatewayId: network.gatewayId });
  const outcome = await fate({ from: { internet }, to: there(PublicIp) });
  expect(outcome).toMatchObject({ request: 'delivered', receiverId: web.interfaceId });
  expect(outcome.via).toEqual(expect.arrayContaining([RouteTableId, appliance.id]));
});

it('An Elastic IP address on a secondary address leads to its interface', async () => {
  const { interfaceId: NetworkInterfaceId } = await host(network.subnetId, { PrivateIpAddress: '10.1.0.10' });
  const PrivateIpAddress = '10.1.0.11';
  await ec2.assignPrivateIpAddresses({ NetworkInterfaceId, PrivateIpAddresses: [PrivateIpAddress] });
  const { AllocationId, PublicIp } = await ec2.allocateAddress({});
  await ec2.associateAddress({ AllocationId, NetworkInterfaceId, PrivateIpAddress });
  expect(await fate({ from: { internet }, to: there(PublicIp) })).toMatchObject({
    request: 'delivered',
    answer: 'delivered',
    receiverId: NetworkInterfaceId,
  });
});

it('A route and a rule by a prefix list hold for its entries', async () => {
  const { PrefixList } = await ec2.createManagedPrefixList({
    PrefixListName: 'partners',
    AddressFamily: 'IPv4',
    MaxEntries: 5,
    Entries: [{ Cidr: '203.0.113.0/24' }],
  });
  const PrefixListId = there(PrefixList?.PrefixListId);
  await ec2.deleteRoute({ RouteTableId: network.tableId, ...everywhere });
  const route = { RouteTableId: network.tableId, DestinationPrefixListId: PrefixListId, GatewayId: network.gatewayId };
  await ec2.createRoute(route);
  const { GroupId } = await ec2.createSecurityGroup({
    GroupName: 'partners',
    Description: 'partners',
    VpcId: network.vpcId,
  });
  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, PrefixListIds: [{ PrefixListId }] }];
  await ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions });
  const id = await launch(ec2, { SubnetId: network.subnetId, SecurityGroupIds: [there(GroupId)] });
  const { AllocationId, PublicIp } = await ec2.allocateAddress({});
  sandbox.pass(15);
  await ec2.associateAddress({ AllocationId, InstanceId: id });
  const to = there(PublicIp);
  expect(await fate({ from: { internet }, to })).toMatchObject({ request: 'delivered', answer: 'delivered' });
  expect((await fate({ from: { internet: '198.51.100.9' }, to })).request).toBe('dropped');
});
