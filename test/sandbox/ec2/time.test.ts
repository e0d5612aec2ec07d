/** What the clock does: instances boot and end, peerings come and go, and routes with them. */
import { type EC2, waitUntilInstanceRunning } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refusal, type Served, serve, there } from '../clients.ts';

let sandbox: Served;
let ec2: EC2;
beforeEach(async () => {
  sandbox = await serve();
  ec2 = sandbox.ec2;
});
afterEach(() => sandbox.close());

const image = 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64';
const one = { ImageId: image, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const;

async function instanceOf(id: string) {
  const { Reservations } = await ec2.describeInstances({ InstanceIds: [id] });
  return there(Reservations?.[0]?.Instances?.[0]);
}

/** An instance in a public subnet of a VPC of its own. */
async function launch(cidr: string) {
  const vpcId = there((await ec2.createVpc({ CidrBlock: `${cidr}/16` })).Vpc?.VpcId);
  const gatewayId = there((await ec2.createInternetGateway({})).InternetGateway?.InternetGatewayId);
  await ec2.attachInternetGateway({ VpcId: vpcId, InternetGatewayId: gatewayId });
  const subnetId = there((await ec2.createSubnet({ VpcId: vpcId, CidrBlock: `${cidr}/24` })).Subnet?.SubnetId);
  const { Instances } = await ec2.runInstances({
    ...one,
    NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: subnetId, AssociatePublicIpAddress: true }],
  });
  return { vpcId, gatewayId, subnetId, instanceId: there(Instances?.[0]?.InstanceId) };
}

describe('An instance', () => {
  it('boots, stops, starts and ends, each in its time', async () => {
    const { instanceId, subnetId } = await launch('10.1.0.0');
    const state = async () => (await instanceOf(instanceId)).State?.Name;
    const InstanceIds = [instanceId];
    expect(await state()).toBe('pending');
    sandbox.pass(15);
    expect(await state()).toBe('running');
    await waitUntilInstanceRunning({ client: ec2, maxWaitTime: 20 }, { InstanceIds });
    const { StoppingInstances } = await ec2.stopInstances({ InstanceIds });
    expect(StoppingInstances).toMatchObject([
      { PreviousState: { Code: 16, Name: 'running' }, CurrentState: { Code: 64, Name: 'stopping' } },
    ]);
    expect(await refusal(ec2.startInstances({ InstanceIds }))).toMatchObject({ code: 'IncorrectInstanceState' });
    sandbox.pass(20);
    expect(await state()).toBe('stopped');
    await ec2.startInstances({ InstanceIds });
    sandbox.pass(15);
    expect(await state()).toBe('running');
    await ec2.terminateInstances({ InstanceIds });
    expect(await refusal(ec2.deleteSubnet({ SubnetId: subnetId }))).toMatchObject({ code: 'DependencyViolation' });
    sandbox.pass(20);
    expect(await state()).toBe('terminated');
    expect((await ec2.describeNetworkInterfaces()).NetworkInterfaces).toEqual([]);
    await ec2.deleteSubnet({ SubnetId: subnetId });
    sandbox.pass(3600);
    expect(await refusal(ec2.describeInstances({ InstanceIds }))).toMatchObject({ code: 'InvalidInstanceID.NotFound' });
  });

  it('that has ended is seen for a real minute, however fast the clock runs', async () => {
    const fast = await serve({ timeScale: 100_000 });
    const { Instances } = await fast.ec2.runInstances(one);
    const InstanceIds = [there(Instances?.[0]?.InstanceId)];
    await fast.ec2.terminateInstances({ InstanceIds });
    fast.pass(59);
    const { Reservations } = await fast.ec2.describeInstances({ InstanceIds });
    expect(Reservations?.[0]?.Instances?.[0]?.State?.Name).toBe('terminated');
    fast.pass(1.1);
    expect(await refusal(fast.ec2.describeInstances({ InstanceIds }))).toMatchObject({
      code: 'InvalidInstanceID.NotFound',
    });
    await fast.close();
  });

  it('has a private address of its subnet and a public one, the same wherever it is told', async () => {
    const { instanceId } = await launch('10.1.0.0');
    const instance = await instanceOf(instanceId);
    const { NetworkInterfaces } = await ec2.describeNetworkInterfaces();
    expect(instance.PrivateIpAddress).toMatch(/^10\.1\.0\.\d+$/);
    expect(NetworkInterfaces).toMatchObject([
      {
        PrivateIpAddress: instance.PrivateIpAddress,
        Association: { PublicIp: instance.PublicIpAddress, IpOwnerId: 'amazon' },
        Attachment: { InstanceId: instanceId, DeviceIndex: 0 },
      },
    ]);
    expect(instance.NetworkInterfaces).toMatchObject([{ Association: { PublicIp: instance.PublicIpAddress } }]);
  });

  it('loses its lent public address when it stops, and gets another at start', async () => {
    const { instanceId } = await launch('10.1.0.0');
    sandbox.pass(15);
    const before = (await instanceOf(instanceId)).PublicIpAddress;
    await ec2.stopInstances({ InstanceIds: [instanceId] });
    sandbox.pass(20);
    expect((await instanceOf(instanceId)).PublicIpAddress).toBeUndefined();
    await ec2.startInstances({ InstanceIds: [instanceId] });
    const after = (await instanceOf(instanceId)).PublicIpAddress;
    expect(after).toMatch(/^\d+(\.\d+){3}$/);
    expect(after).not.toBe(before);
  });

  it('in a default subnet gets a public address, in another one does not', async () => {
    const inDefault = await ec2.runInstances(one);
    expect((await instanceOf(there(inDefault.Instances?.[0]?.InstanceId))).PublicIpAddress).toBeDefined();
    const vpcId = there((await ec2.createVpc({ CidrBlock: '10.3.0.0/16' })).Vpc?.VpcId);
    const subnet = await ec2.createSubnet({ VpcId: vpcId, CidrBlock: '10.3.0.0/24' });
    const inOther = await ec2.runInstances({ ...one, SubnetId: there(subnet.Subnet?.SubnetId) });
    expect((await instanceOf(there(inOther.Instances?.[0]?.InstanceId))).PublicIpAddress).toBeUndefined();
  });

  it('that finds no room leaves nothing behind', async () => {
    const vpcId = there((await ec2.createVpc({ CidrBlock: '10.3.0.0/28' })).Vpc?.VpcId);
    const SubnetId = there((await ec2.createSubnet({ VpcId: vpcId, CidrBlock: '10.3.0.0/28' })).Subnet?.SubnetId);
    const many = ec2.runInstances({ ...one, MinCount: 12, MaxCount: 12, SubnetId });
    expect(await refusal(many)).toMatchObject({ code: 'InsufficientFreeAddressesInSubnet' });
    expect((await ec2.describeInstances()).Reservations).toEqual([]);
    const { Instances } = await ec2.runInstances({ ...one, MinCount: 11, MaxCount: 11, SubnetId });
    expect(new Set(Instances?.map(({ PrivateIpAddress }) => PrivateIpAddress)).size).toBe(11);
  });

  it.each(['10.1.0.1', '10.1.0.255', '10.2.0.9', 'abc'])('cannot have the address %s', async (PrivateIpAddress) => {
    const { subnetId } = await launch('10.1.0.0');
    const call = ec2.runInstances({ ...one, SubnetId: subnetId, PrivateIpAddress });
    expect(await refusal(call)).toMatchObject({ code: 'InvalidParameterValue' });
  });
});

describe('An Elastic IP address', () => {
  it('takes the place of the lent one, stays through a stop, and goes back', async () => {
    const { instanceId } = await launch('10.1.0.0');
    sandbox.pass(15);
    const { AllocationId, PublicIp } = await ec2.allocateAddress({});
    const { AssociationId } = await ec2.associateAddress({ AllocationId, InstanceId: instanceId });
    expect((await instanceOf(instanceId)).PublicIpAddress).toBe(PublicIp);
    expect(await refusal(ec2.releaseAddress({ AllocationId }))).toMatchObject({ code: 'InvalidIPAddress.InUse' });
    await ec2.stopInstances({ InstanceIds: [instanceId] });
    sandbox.pass(20);
    expect((await instanceOf(instanceId)).PublicIpAddress).toBe(PublicIp);
    await ec2.disassociateAddress({ AssociationId });
    expect((await instanceOf(instanceId)).PublicIpAddress).toBeUndefined();
    await ec2.releaseAddress({ AllocationId });
    expect((await ec2.describeAddresses()).Addresses).toEqual([]);
  });

  it('is free again when its instance has ended', async () => {
    const { instanceId } = await launch('10.1.0.0');
    sandbox.pass(15);
    const { AllocationId, PublicIp } = await ec2.allocateAddress({});
    await ec2.associateAddress({ AllocationId, InstanceId: instanceId });
    await ec2.terminateInstances({ InstanceIds: [instanceId] });
    sandbox.pass(20);
    const { Addresses } = await ec2.describeAddresses();
    expect(Addresses).toEqual([expect.objectContaining({ AllocationId, PublicIp })]);
    expect(Addresses?.[0]).not.toHaveProperty('AssociationId');
  });

  it('takes the place of another, unless the call forbids it', async () => {
    const { instanceId } = await launch('10.1.0.0');
    sandbox.pass(15);
    const first = await ec2.allocateAddress({});
    const second = await ec2.allocateAddress({});
    await ec2.associateAddress({ AllocationId: first.AllocationId, InstanceId: instanceId });
    const again = { AllocationId: second.AllocationId, InstanceId: instanceId };
    const call = ec2.associateAddress({ ...again, AllowReassociation: false });
    expect(await refusal(call)).toMatchObject({ code: 'Resource.AlreadyAssociated' });
    const { AssociationId } = await ec2.associateAddress(again);
    expect((await ec2.associateAddress(again)).AssociationId).toBe(AssociationId);
    expect((await instanceOf(instanceId)).PublicIpAddress).toBe(second.PublicIp);
  });
});

describe('A peering connection', () => {
  const status = async (id: string) => {
    const { VpcPeeringConnections } = await ec2.describeVpcPeeringConnections({ VpcPeeringConnectionIds: [id] });
    return VpcPeeringConnections?.[0]?.Status?.Code;
  };
  const routeState = async (RouteTableId: string) => {
    const { RouteTables } = await ec2.describeRouteTables({ RouteTableIds: [RouteTableId] });
    return RouteTables?.[0]?.Routes?.find((route) => route.VpcPeeringConnectionId !== undefined)?.State;
  };

  async function peer(...cidrs: readonly [string, string]) {
    const [VpcId = '', PeerVpcId = ''] = await Promise.all(
      cidrs.map(async (CidrBlock) => there((await ec2.createVpc({ CidrBlock })).Vpc?.VpcId)),
    );
    const created = await ec2.createVpcPeeringConnection({ VpcId, PeerVpcId });
    const id = there(created.VpcPeeringConnection?.VpcPeeringConnectionId);
    const tables = await ec2.describeRouteTables({ Filters: [{ Name: 'vpc-id', Values: [VpcId] }] });
    return { id, VpcId, PeerVpcId, tableId: there(tables.RouteTables?.[0]?.RouteTableId) };
  }

  it('is pending, provisioning, active, deleted, gone; its route is a blackhole unless it is active', async () => {
    const { id, tableId } = await peer('10.1.0.0/16', '10.2.0.0/16');
    await ec2.createRoute({ RouteTableId: tableId, DestinationCidrBlock: '10.2.0.0/16', VpcPeeringConnectionId: id });
    expect([await status(id), await routeState(tableId)]).toEqual(['pending-acceptance', 'blackhole']);
    await ec2.acceptVpcPeeringConnection({ VpcPeeringConnectionId: id });
    expect([await status(id), await routeState(tableId)]).toEqual(['provisioning', 'blackhole']);
    sandbox.pass(2);
    expect([await status(id), await routeState(tableId)]).toEqual(['active', 'active']);
    await ec2.deleteVpcPeeringConnection({ VpcPeeringConnectionId: id });
    expect([await status(id), await routeState(tableId)]).toEqual(['deleted', 'blackhole']);
    const { VpcPeeringConnections } = await ec2.describeVpcPeeringConnections();
    expect(VpcPeeringConnections?.[0]?.RequesterVpcInfo).not.toHaveProperty('CidrBlock');
    sandbox.pass(2 * 3600);
    expect(await refusal(status(id))).toMatchObject({ code: 'InvalidVpcPeeringConnectionID.NotFound' });
    expect(await routeState(tableId)).toBe('blackhole');
  });

  it('tells no blocks of the other side before it is accepted', async () => {
    const { id } = await peer('10.1.0.0/16', '10.2.0.0/16');
    const { VpcPeeringConnections } = await ec2.describeVpcPeeringConnections({ VpcPeeringConnectionIds: [id] });
    expect(VpcPeeringConnections?.[0]?.RequesterVpcInfo).toMatchObject({ CidrBlock: '10.1.0.0/16' });
    expect(VpcPeeringConnections?.[0]?.AccepterVpcInfo).not.toHaveProperty('CidrBlock');
  });

  it.each([
    ['the same block', '10.1.0.0/16', '10.1.0.0/16'],
    ['a part of the other', '10.1.0.0/16', '10.1.16.0/20'],
  ])('fails at once between VPCs with %s', async (_what, one, other) => {
    const { id } = await peer(one, other);
    expect(await status(id)).toBe('failed');
    const call = ec2.acceptVpcPeeringConnection({ VpcPeeringConnectionId: id });
    expect(await refusal(call)).toMatchObject({ code: 'InvalidStateTransition' });
  });

  it('P2 expires after a week without acceptance, and can be seen for two more days', async () => {
    const { id } = await peer('10.1.0.0/16', '10.2.0.0/16');
    sandbox.pass(7 * 86_400 - 1);
    expect(await status(id)).toBe('pending-acceptance');
    sandbox.pass(1);
    expect(await status(id)).toBe('expired');
    const call = ec2.acceptVpcPeeringConnection({ VpcPeeringConnectionId: id });
    expect(await refusal(call)).toMatchObject({ code: 'InvalidStateTransition' });
    sandbox.pass(2 * 86_400 - 10);
    expect(await status(id)).toBe('expired');
    sandbox.pass(10);
    expect(await refusal(status(id))).toMatchObject({ code: 'InvalidVpcPeeringConnectionID.NotFound' });
  });

  it('P2 that failed can be seen for two hours, one that was rejected for two days', async () => {
    const failed = await peer('10.1.0.0/16', '10.1.0.0/16');
    const rejected = await ec2.createVpcPeeringConnection({
      VpcId: failed.VpcId,
      PeerVpcId: there((await ec2.createVpc({ CidrBlock: '10.9.0.0/16' })).Vpc?.VpcId),
    });
    const id = there(rejected.VpcPeeringConnection?.VpcPeeringConnectionId);
    await ec2.rejectVpcPeeringConnection({ VpcPeeringConnectionId: id });
    sandbox.pass(2 * 3600);
    expect(await refusal(status(failed.id))).toMatchObject({ code: 'InvalidVpcPeeringConnectionID.NotFound' });
    expect(await status(id)).toBe('rejected');
    sandbox.pass(2 * 86_400);
    expect(await refusal(status(id))).toMatchObject({ code: 'InvalidVpcPeeringConnectionID.NotFound' });
  });

  it('cannot be made twice, nor accepted after it was rejected', async () => {
    const { id, VpcId, PeerVpcId } = await peer('10.1.0.0/16', '10.2.0.0/16');
    const again = ec2.createVpcPeeringConnection({ VpcId: PeerVpcId, PeerVpcId: VpcId });
    expect(await refusal(again)).toMatchObject({ code: 'VpcPeeringConnectionAlreadyExists' });
    await ec2.rejectVpcPeeringConnection({ VpcPeeringConnectionId: id });
    const call = ec2.acceptVpcPeeringConnection({ VpcPeeringConnectionId: id });
    expect(await refusal(call)).toMatchObject({ code: 'InvalidStateTransition' });
    await ec2.createVpcPeeringConnection({ VpcId, PeerVpcId });
  });

  it('is deleted with one of its VPCs', async () => {
    const { id, VpcId } = await peer('10.1.0.0/16', '10.2.0.0/16');
    await ec2.deleteVpc({ VpcId });
    expect(await status(id)).toBe('deleted');
  });
});

describe('Clean-up', () => {
  it('works in one order only', async () => {
    const { vpcId, gatewayId, subnetId, instanceId } = await launch('10.1.0.0');
    const InternetGatewayId = gatewayId;
    const steps = [
      () => ec2.deleteSubnet({ SubnetId: subnetId }),
      () => ec2.detachInternetGateway({ VpcId: vpcId, InternetGatewayId }),
      () => ec2.deleteInternetGateway({ InternetGatewayId }),
      () => ec2.deleteVpc({ VpcId: vpcId }),
    ];
    for (const step of steps) expect(await refusal(step())).toMatchObject({ code: 'DependencyViolation' });
    await ec2.terminateInstances({ InstanceIds: [instanceId] });
    sandbox.pass(20);
    for (const step of steps) await step();
    expect((await ec2.describeVpcs()).Vpcs).toMatchObject([{ IsDefault: true }]);
    expect((await ec2.describeRouteTables()).RouteTables).toHaveLength(1);
    expect((await ec2.describeSecurityGroups()).SecurityGroups).toHaveLength(1);
  });

  it('a group that another one names stays until that rule is gone', async () => {
    const VpcId = there((await ec2.createVpc({ CidrBlock: '10.1.0.0/16' })).Vpc?.VpcId);
    const [one = '', other = ''] = await Promise.all(
      ['one', 'other'].map(async (GroupName) =>
        there((await ec2.createSecurityGroup({ GroupName, Description: GroupName, VpcId })).GroupId),
      ),
    );
    const IpPermissions = [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: one }] }];
    await ec2.authorizeSecurityGroupIngress({ GroupId: other, IpPermissions });
    expect(await refusal(ec2.deleteSecurityGroup({ GroupId: one }))).toMatchObject({ code: 'DependencyViolation' });
    await ec2.revokeSecurityGroupIngress({ GroupId: other, IpPermissions });
    await ec2.deleteSecurityGroup({ GroupId: one });
  });
});
