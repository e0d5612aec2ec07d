/** Further blocks of a VPC (VPC User Guide, "VPC CIDR blocks"; EC2 API Reference, DisassociateVpcCidrBlock). */
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

async function associate(CidrBlock: string) {
  const { CidrBlockAssociation } = await ec2.associateVpcCidrBlock({ VpcId: network.vpcId, CidrBlock });
  return there(CidrBlockAssociation?.AssociationId);
}

async function blocks() {
  const { Vpcs } = await ec2.describeVpcs({ VpcIds: [network.vpcId] });
  return Vpcs?.[0]?.CidrBlockAssociationSet?.map(({ CidrBlock }) => CidrBlock);
}

async function destinations() {
  const { RouteTables } = await ec2.describeRouteTables({ RouteTableIds: [network.tableId] });
  return RouteTables?.[0]?.Routes?.map(({ DestinationCidrBlock }) => DestinationCidrBlock);
}

it('A second block comes and goes with its local route, when no subnet is in it', async () => {
  const AssociationId = await associate('10.5.0.0/16');
  expect(await blocks()).toEqual(['10.1.0.0/16', '10.5.0.0/16']);
  expect(await destinations()).toEqual(['10.1.0.0/16', '10.5.0.0/16']);
  const { Subnet } = await ec2.createSubnet({ VpcId: network.vpcId, CidrBlock: '10.5.0.0/24' });
  const inUse = ec2.disassociateVpcCidrBlock({ AssociationId });
  expect(await refusal(inUse)).toMatchObject({ code: 'InvalidCidrBlock.InUse' });
  await ec2.deleteSubnet({ SubnetId: Subnet?.SubnetId });
  const { CidrBlockAssociation } = await ec2.disassociateVpcCidrBlock({ AssociationId });
  expect(CidrBlockAssociation).toMatchObject({ AssociationId, CidrBlockState: { State: 'disassociating' } });
  expect(await blocks()).toEqual(['10.1.0.0/16']);
  expect(await destinations()).toEqual(['10.1.0.0/16']);
  expect(await refusal(ec2.disassociateVpcCidrBlock({ AssociationId }))).toMatchObject({
    code: 'InvalidVpcCidrBlockAssociationID.NotFound',
  });
});

it('The primary block stays', async () => {
  const { Vpcs } = await ec2.describeVpcs({ VpcIds: [network.vpcId] });
  const AssociationId = Vpcs?.[0]?.CidrBlockAssociationSet?.[0]?.AssociationId;
  expect(await refusal(ec2.disassociateVpcCidrBlock({ AssociationId }))).toMatchObject({
    code: 'OperationNotPermitted',
  });
});

it.each([
  ['over another block', '10.1.128.0/20'],
  ['over the destination of a route', '10.8.0.0/16'],
  ['larger than a VPC may be', '10.0.0.0/8'],
])('No block is added %s', async (_what, cidr) => {
  await ec2.createRoute({
    RouteTableId: network.tableId,
    DestinationCidrBlock: '10.8.0.0/24',
    GatewayId: network.gatewayId,
  });
  expect(await refusal(associate(cidr))).toMatchObject({ code: 'InvalidVpc.Range' });
});

it('A VPC has five blocks at most', async () => {
  for (const index of [2, 3, 4, 5]) await associate(`10.${index}.0.0/16`);
  expect(await refusal(associate('10.6.0.0/16'))).toMatchObject({ code: 'CidrLimitExceeded' });
});
