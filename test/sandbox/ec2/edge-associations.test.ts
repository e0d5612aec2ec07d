/** Route tables of gateways (VPC User Guide, "Gateway route tables"; API Reference, AssociateRouteTable). */
import type { EC2 } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { refusal, type Served, serve, there } from '../clients.ts';
import { buildNetwork, type Network } from './network.ts';

let sandbox: Served;
let ec2: EC2;
let network: Network;
beforeEach(async () => {
  sandbox = await serve();
  ec2 = sandbox.ec2;
  network = await buildNetwork(ec2);
});
afterEach(() => sandbox.close());

const associate = (more: { SubnetId?: string; GatewayId?: string }, RouteTableId = network.tableId) =>
  ec2.associateRouteTable({ RouteTableId, ...more });

async function createTable() {
  return there((await ec2.createRouteTable({ VpcId: network.vpcId })).RouteTable?.RouteTableId);
}

async function createInterface() {
  const { NetworkInterface } = await ec2.createNetworkInterface({ SubnetId: network.subnetId });
  return there(NetworkInterface?.NetworkInterfaceId);
}

async function tablesOf(gatewayId: string) {
  const Filters = [{ Name: 'association.gateway-id', Values: [gatewayId] }];
  const { RouteTables } = await ec2.describeRouteTables({ Filters });
  return RouteTables?.map(({ RouteTableId }) => RouteTableId);
}

it('An internet gateway gets a route table, another one, and none', async () => {
  const { gatewayId: GatewayId } = network;
  const { AssociationId, AssociationState } = await associate({ GatewayId });
  expect(AssociationState?.State).toBe('associated');
  expect((await associate({ GatewayId })).AssociationId).toBe(AssociationId);
  expect(await tablesOf(GatewayId)).toEqual([network.tableId]);
  const RouteTableId = await createTable();
  expect(await refusal(associate({ GatewayId }, RouteTableId))).toMatchObject({ code: 'Resource.AlreadyAssociated' });
  const { NewAssociationId } = await ec2.replaceRouteTableAssociation({ AssociationId, RouteTableId });
  expect(await tablesOf(GatewayId)).toEqual([RouteTableId]);
  const inUse = ec2.deleteRouteTable({ RouteTableId });
  expect(await refusal(inUse)).toMatchObject({ code: 'DependencyViolation' });
  await ec2.disassociateRouteTable({ AssociationId: NewAssociationId });
  expect(await tablesOf(GatewayId)).toEqual([]);
});

it.each([
  ['neither subnet nor gateway', 'MissingParameter', () => ({})],
  [
    'a subnet and a gateway',
    'InvalidParameterCombination',
    () => ({ SubnetId: network.subnetId, GatewayId: network.gatewayId }),
  ],
  ['a gateway that is not there', 'InvalidInternetGatewayID.NotFound', () => ({ GatewayId: 'igw-1' })],
])('An association of %s is refused', async (_what, code, more) => {
  expect(await refusal(associate(more()))).toMatchObject({ code });
});

it('A gateway of another VPC gets no table of this one', async () => {
  const { gatewayId } = await buildNetwork(ec2, '10.2');
  expect(await refusal(associate({ GatewayId: gatewayId }))).toMatchObject({ code: 'InvalidParameterValue' });
});

it('A table that leads out of the VPC is none for a gateway', async () => {
  const { tableId: RouteTableId, gatewayId: GatewayId } = network;
  await ec2.createRoute({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId });
  expect(await refusal(associate({ GatewayId }))).toMatchObject({ code: 'InvalidParameterValue' });
  const { AssociationId } = await associate({ GatewayId }, await createTable());
  const move = ec2.replaceRouteTableAssociation({ AssociationId, RouteTableId });
  expect(await refusal(move)).toMatchObject({ code: 'InvalidParameterValue' });
});

it("A gateway's table leads to network interfaces, for subnets or for the whole VPC", async () => {
  const { tableId: RouteTableId, gatewayId: GatewayId } = network;
  const NetworkInterfaceId = await createInterface();
  const subnet = { RouteTableId, DestinationCidrBlock: '10.1.1.0/24' };
  await associate({ GatewayId });
  await ec2.createRoute({ ...subnet, NetworkInterfaceId });
  await ec2.replaceRoute({ RouteTableId, DestinationCidrBlock: '10.1.0.0/16', NetworkInterfaceId });
  const { NatGateway } = await ec2.createNatGateway({ SubnetId: network.subnetId, ConnectivityType: 'private' });
  const { PrefixList } = await ec2.createManagedPrefixList({
    PrefixListName: 'inside',
    AddressFamily: 'IPv4',
    MaxEntries: 1,
  });
  const calls = [
    () => ec2.createRoute({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', NetworkInterfaceId }),
    () => ec2.createRoute({ RouteTableId, DestinationPrefixListId: PrefixList?.PrefixListId, NetworkInterfaceId }),
    () => ec2.replaceRoute({ ...subnet, NatGatewayId: NatGateway?.NatGatewayId }),
  ];
  for (const call of calls) expect(await refusal(call())).toMatchObject({ code: 'InvalidParameterValue' });
});

it('A gateway that is deleted leaves its table free', async () => {
  const { tableId: RouteTableId, gatewayId: InternetGatewayId, vpcId: VpcId } = network;
  await associate({ GatewayId: InternetGatewayId });
  await ec2.detachInternetGateway({ VpcId, InternetGatewayId });
  await ec2.deleteInternetGateway({ InternetGatewayId });
  await ec2.deleteRouteTable({ RouteTableId });
});
