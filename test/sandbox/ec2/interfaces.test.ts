/** Network interfaces (EC2 User Guide, "Elastic network interfaces"; EC2 API Reference, each action and "Error codes"). */
import type { CreateNetworkInterfaceRequest, EC2 } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refusal, type Served, serve, there } from '../clients.ts';
import { buildNetwork, instanceOf, interfaceOf, launch, type Network } from './network.ts';

let sandbox: Served;
let ec2: EC2;
let network: Network;
beforeEach(async () => {
  sandbox = await serve();
  ec2 = sandbox.ec2;
  network = await buildNetwork(ec2);
});
afterEach(() => sandbox.close());

async function create(more: Partial<CreateNetworkInterfaceRequest> = {}) {
  const { NetworkInterface } = await ec2.createNetworkInterface({ SubnetId: network.subnetId, ...more });
  return there(NetworkInterface?.NetworkInterfaceId);
}

async function running(more: Parameters<typeof launch>[1] = {}) {
  const id = await launch(ec2, { SubnetId: network.subnetId, ...more });
  sandbox.pass(15);
  return id;
}

async function freeIn(SubnetId: string) {
  const { Subnets } = await ec2.describeSubnets({ SubnetIds: [SubnetId] });
  return Subnets?.[0]?.AvailableIpAddressCount;
}

const addressesOf = async (id: string) =>
  (await interfaceOf(ec2, id)).PrivateIpAddresses?.map(({ PrivateIpAddress }) => PrivateIpAddress);

describe('A network interface of its own', () => {
  it('has an address of its subnet and the default security group, and is attached to nothing', async () => {
    const id = await create({
      Description: 'eth1',
      TagSpecifications: [{ ResourceType: 'network-interface', Tags: [{ Key: 'Name', Value: 'appliance' }] }],
    });
    expect(await interfaceOf(ec2, id)).toMatchObject({
      Status: 'available',
      Description: 'eth1',
      SubnetId: network.subnetId,
      VpcId: network.vpcId,
      AvailabilityZone: 'us-east-1a',
      SourceDestCheck: true,
      RequesterManaged: false,
      Groups: [{ GroupName: 'default' }],
      PrivateIpAddress: expect.stringMatching(/^10\.1\.0\.\d+$/),
      TagSet: [{ Key: 'Name', Value: 'appliance' }],
    });
    expect(await interfaceOf(ec2, id)).not.toHaveProperty('Attachment');
  });

  it.each<readonly [what: string, wish: Partial<CreateNetworkInterfaceRequest>, expected: readonly string[]]>([
    ['one address', { PrivateIpAddress: '10.1.0.10' }, ['10.1.0.10']],
    [
      'a primary one in a list',
      { PrivateIpAddresses: [{ PrivateIpAddress: '10.1.0.11' }, { PrivateIpAddress: '10.1.0.10', Primary: true }] },
      ['10.1.0.10', '10.1.0.11'],
    ],
    [
      'a primary one and others',
      { PrivateIpAddress: '10.1.0.10', PrivateIpAddresses: [{ PrivateIpAddress: '10.1.0.11' }] },
      ['10.1.0.10', '10.1.0.11'],
    ],
  ])('gets %s, as asked', async (_what, wish, expected) => {
    const id = await create(wish);
    const { PrivateIpAddresses } = await interfaceOf(ec2, id);
    expect(PrivateIpAddresses).toMatchObject(
      expected.map((PrivateIpAddress, index) => ({ PrivateIpAddress, Primary: index === 0 })),
    );
    expect(await freeIn(network.subnetId)).toBe(251 - expected.length);
    await ec2.deleteNetworkInterface({ NetworkInterfaceId: id });
    expect(await freeIn(network.subnetId)).toBe(251);
  });

  it('gets as many secondary addresses as asked', async () => {
    const id = await create({ SecondaryPrivateIpAddressCount: 3 });
    expect(new Set(await addressesOf(id)).size).toBe(4);
  });

  it.each<readonly [what: string, code: string, more: Partial<CreateNetworkInterfaceRequest>]>([
    ['in no subnet', 'InvalidSubnetID.NotFound', { SubnetId: 'subnet-1' }],
    ['with no such group', 'InvalidGroup.NotFound', { Groups: ['sg-1'] }],
    ['with an address of elsewhere', 'InvalidParameterValue', { PrivateIpAddress: '10.1.1.10' }],
    ["with AWS's own address", 'InvalidParameterValue', { PrivateIpAddress: '10.1.0.1' }],
    ['with an address in use', 'InvalidIPAddress.InUse', { PrivateIpAddress: '10.1.0.99' }],
    [
      'with two primary addresses',
      'InvalidParameterValue',
      { PrivateIpAddress: '10.1.0.10', PrivateIpAddresses: [{ PrivateIpAddress: '10.1.0.11', Primary: true }] },
    ],
    [
      'with one address twice',
      'InvalidIPAddress.InUse',
      { PrivateIpAddress: '10.1.0.10', PrivateIpAddresses: [{ PrivateIpAddress: '10.1.0.10' }] },
    ],
    [
      'with addresses and a count of them',
      'InvalidParameterCombination',
      { PrivateIpAddresses: [{ PrivateIpAddress: '10.1.0.11' }], SecondaryPrivateIpAddressCount: 1 },
    ],
    ['with more than the subnet has', 'InsufficientFreeAddressesInSubnet', { SecondaryPrivateIpAddressCount: 250 }],
  ])('%s is refused, and nothing is left behind', async (_what, code, more) => {
    await create({ PrivateIpAddress: '10.1.0.98', PrivateIpAddresses: [{ PrivateIpAddress: '10.1.0.99' }] });
    expect(await refusal(create(more))).toMatchObject({ code });
    expect(await freeIn(network.subnetId)).toBe(249);
  });

  it('takes no group of another VPC', async () => {
    const { vpcId } = await buildNetwork(ec2, '10.2');
    const plan = { GroupName: 'other', Description: 'other', VpcId: vpcId };
    const { GroupId } = await ec2.createSecurityGroup(plan);
    expect(await refusal(create({ Groups: [there(GroupId)] }))).toMatchObject({ code: 'InvalidParameter' });
  });
});

describe('Attachments', () => {
  it('come and go; the instance shows them in the order of their device index', async () => {
    const InstanceId = await running();
    const [late, early] = [await create(), await create()];
    await ec2.attachNetworkInterface({ InstanceId, NetworkInterfaceId: late, DeviceIndex: 2 });
    const { AttachmentId } = await ec2.attachNetworkInterface({
      InstanceId,
      NetworkInterfaceId: early,
      DeviceIndex: 1,
    });
    const { NetworkInterfaces = [], PrivateIpAddress } = await instanceOf(ec2, InstanceId);
    expect(NetworkInterfaces.map((each) => each.Attachment?.DeviceIndex)).toEqual([0, 1, 2]);
    expect(NetworkInterfaces.slice(1).map((each) => each.NetworkInterfaceId)).toEqual([early, late]);
    expect(PrivateIpAddress).toBe(NetworkInterfaces[0]?.PrivateIpAddress);
    expect(await interfaceOf(ec2, early)).toMatchObject({
      Status: 'in-use',
      Attachment: { AttachmentId, InstanceId, DeleteOnTermination: false, Status: 'attached' },
    });
    const inUse = ec2.deleteNetworkInterface({ NetworkInterfaceId: early });
    expect(await refusal(inUse)).toMatchObject({ code: 'InvalidParameterValue' });
    await ec2.detachNetworkInterface({ AttachmentId });
    expect(await interfaceOf(ec2, early)).toMatchObject({ Status: 'available' });
    await ec2.deleteNetworkInterface({ NetworkInterfaceId: early });
    expect((await instanceOf(ec2, InstanceId)).NetworkInterfaces).toHaveLength(2);
  });

  it.each<readonly [what: string, code: string, type: 't3.micro' | 't3.small', index: number, place: 'here' | 'there']>(
    [
      ['at an index in use', 'InvalidParameterValue', 't3.small', 0, 'here'],
      ['in another zone', 'InvalidParameterCombination', 't3.small', 1, 'there'],
    ],
  )('%s are refused', async (_what, code, InstanceType, DeviceIndex, place) => {
    const InstanceId = await running({ InstanceType });
    const id = await create({ SubnetId: place === 'here' ? network.subnetId : network.otherSubnetId });
    const call = ec2.attachNetworkInterface({ InstanceId, NetworkInterfaceId: id, DeviceIndex });
    expect(await refusal(call)).toMatchObject({ code });
  });

  it('go to one instance at a time, and to no more than it may have', async () => {
    const InstanceId = await running({ InstanceType: 't3.micro' });
    const [first, second, wide] = [await create(), await create(), await create({ SecondaryPrivateIpAddressCount: 2 })];
    const tooWide = ec2.attachNetworkInterface({ InstanceId, NetworkInterfaceId: wide, DeviceIndex: 1 });
    expect(await refusal(tooWide)).toMatchObject({ code: 'PrivateIpAddressLimitExceeded' });
    await ec2.attachNetworkInterface({ InstanceId, NetworkInterfaceId: first, DeviceIndex: 1 });
    const again = ec2.attachNetworkInterface({ InstanceId, NetworkInterfaceId: first, DeviceIndex: 2 });
    expect(await refusal(again)).toMatchObject({ code: 'InvalidNetworkInterface.InUse' });
    const tooMany = ec2.attachNetworkInterface({ InstanceId, NetworkInterfaceId: second, DeviceIndex: 2 });
    expect(await refusal(tooMany)).toMatchObject({ code: 'AttachmentLimitExceeded' });
  });

  it('need an instance that runs or is stopped', async () => {
    const InstanceId = await launch(ec2, { SubnetId: network.subnetId });
    const plan = { InstanceId, NetworkInterfaceId: await create(), DeviceIndex: 1 };
    expect(await refusal(ec2.attachNetworkInterface(plan))).toMatchObject({ code: 'IncorrectState' });
    sandbox.pass(15);
    await ec2.attachNetworkInterface(plan);
  });

  it('of the primary interface stay', async () => {
    const InstanceId = await running();
    const { NetworkInterfaces } = await instanceOf(ec2, InstanceId);
    const AttachmentId = NetworkInterfaces?.[0]?.Attachment?.AttachmentId;
    expect(await refusal(ec2.detachNetworkInterface({ AttachmentId }))).toMatchObject({
      code: 'OperationNotPermitted',
    });
    expect(await refusal(ec2.detachNetworkInterface({ AttachmentId: 'eni-attach-1' }))).toMatchObject({
      code: 'InvalidAttachmentID.NotFound',
    });
  });

  it('end with the instance; DeleteOnTermination tells what becomes of the interface', async () => {
    const InstanceId = await running();
    const [kept, given] = [await create(), await create()];
    await ec2.attachNetworkInterface({ InstanceId, NetworkInterfaceId: kept, DeviceIndex: 1 });
    const { AttachmentId } = await ec2.attachNetworkInterface({
      InstanceId,
      NetworkInterfaceId: given,
      DeviceIndex: 2,
    });
    const Attachment = { AttachmentId, DeleteOnTermination: true };
    await ec2.modifyNetworkInterfaceAttribute({ NetworkInterfaceId: given, Attachment });
    await ec2.terminateInstances({ InstanceIds: [InstanceId] });
    sandbox.pass(20);
    const { NetworkInterfaces } = await ec2.describeNetworkInterfaces();
    expect(NetworkInterfaces).toMatchObject([{ NetworkInterfaceId: kept, Status: 'available' }]);
  });
});

describe('Attributes', () => {
  it('of an interface are changed, told and reset one by one', async () => {
    const NetworkInterfaceId = await create({ Description: 'old' });
    const plan = { GroupName: 'web', Description: 'web', VpcId: network.vpcId };
    const GroupId = there((await ec2.createSecurityGroup(plan)).GroupId);
    const change = (more: object) => ec2.modifyNetworkInterfaceAttribute({ NetworkInterfaceId, ...more });
    const ask = (Attribute: 'description' | 'groupSet' | 'sourceDestCheck') =>
      ec2.describeNetworkInterfaceAttribute({ NetworkInterfaceId, Attribute });
    await change({ Description: { Value: 'new' } });
    await change({ Groups: [GroupId] });
    await change({ SourceDestCheck: { Value: false } });
    expect(await ask('description')).toMatchObject({ NetworkInterfaceId, Description: { Value: 'new' } });
    expect(await ask('groupSet')).toMatchObject({ Groups: [{ GroupId, GroupName: 'web' }] });
    expect(await ask('sourceDestCheck')).toMatchObject({ SourceDestCheck: { Value: false } });
    await ec2.resetNetworkInterfaceAttribute({ NetworkInterfaceId, SourceDestCheck: 'true' });
    expect(await ask('sourceDestCheck')).toMatchObject({ SourceDestCheck: { Value: true } });
  });

  it.each<readonly [what: string, code: string, more: object]>([
    ['none', 'InvalidParameterCombination', {}],
    [
      'two at once',
      'InvalidParameterCombination',
      { Description: { Value: 'new' }, SourceDestCheck: { Value: false } },
    ],
    ['an attachment without what to change', 'MissingParameter', { Attachment: { AttachmentId: 'fake' } }],
    [
      'an attachment that is not there',
      'InvalidAttachmentID.NotFound',
      { Attachment: { AttachmentId: 'eni-attach-ffffffff', DeleteOnTermination: true } },
    ],
  ])('%s: refused', async (_what, code, more) => {
    const NetworkInterfaceId = await create();
    const call = ec2.modifyNetworkInterfaceAttribute({ NetworkInterfaceId, ...more });
    expect(await refusal(call)).toMatchObject({ code });
  });

  it("of an instance are its only interface's", async () => {
    const InstanceId = await running();
    const SourceDestCheck = { Value: false };
    await ec2.modifyInstanceAttribute({ InstanceId, SourceDestCheck });
    expect(await instanceOf(ec2, InstanceId)).toMatchObject({
      SourceDestCheck: false,
      NetworkInterfaces: [{ SourceDestCheck: false }],
    });
    expect(await ec2.describeInstanceAttribute({ InstanceId, Attribute: 'sourceDestCheck' })).toMatchObject({
      SourceDestCheck,
    });
    await ec2.attachNetworkInterface({ InstanceId, NetworkInterfaceId: await create(), DeviceIndex: 1 });
    const call = ec2.modifyInstanceAttribute({ InstanceId, SourceDestCheck: { Value: true } });
    expect(await refusal(call)).toMatchObject({
      code: 'InvalidInstanceID',
      message: expect.stringContaining('There are multiple interfaces attached to instance'),
    });
  });
});
