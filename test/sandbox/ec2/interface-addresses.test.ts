/** Secondary private addresses and the Elastic IP addresses on them (EC2 User Guide, "Secondary IP addresses"). */
import type { EC2 } from '@aws-sdk/client-ec2';
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

async function create(PrivateIpAddress: string) {
  const { NetworkInterface } = await ec2.createNetworkInterface({ SubnetId: network.subnetId, PrivateIpAddress });
  return there(NetworkInterface?.NetworkInterfaceId);
}

const addressesOf = async (id: string) =>
  (await interfaceOf(ec2, id)).PrivateIpAddresses?.map(({ PrivateIpAddress }) => PrivateIpAddress);

async function freeInSubnet() {
  const { Subnets } = await ec2.describeSubnets({ SubnetIds: [network.subnetId] });
  return Subnets?.[0]?.AvailableIpAddressCount;
}

describe('Secondary addresses', () => {
  it('are assigned by number or by name, and unassigned', async () => {
    const NetworkInterfaceId = await create('10.1.0.10');
    await ec2.assignPrivateIpAddresses({ NetworkInterfaceId, PrivateIpAddresses: ['10.1.0.11', '10.1.0.12'] });
    const counted = await ec2.assignPrivateIpAddresses({ NetworkInterfaceId, SecondaryPrivateIpAddressCount: 2 });
    expect(counted.AssignedPrivateIpAddresses).toHaveLength(2);
    expect(await freeInSubnet()).toBe(251 - 5);
    const PrivateIpAddresses = counted.AssignedPrivateIpAddresses?.flatMap(
      ({ PrivateIpAddress }) => PrivateIpAddress ?? [],
    );
    await ec2.unassignPrivateIpAddresses({ NetworkInterfaceId, PrivateIpAddresses });
    expect(await addressesOf(NetworkInterfaceId)).toEqual(['10.1.0.10', '10.1.0.11', '10.1.0.12']);
    expect(await freeInSubnet()).toBe(251 - 3);
  });

  it('are taken: neither an instance nor another interface gets one', async () => {
    const NetworkInterfaceId = await create('10.1.0.10');
    await ec2.assignPrivateIpAddresses({ NetworkInterfaceId, PrivateIpAddresses: ['10.1.0.11'] });
    const inUse = { code: 'InvalidIPAddress.InUse' };
    const launched = launch(ec2, { SubnetId: network.subnetId, PrivateIpAddress: '10.1.0.11' });
    expect(await refusal(launched)).toMatchObject(inUse);
    const other = { NetworkInterfaceId: await create('10.1.0.20'), PrivateIpAddresses: ['10.1.0.11'] };
    expect(await refusal(ec2.assignPrivateIpAddresses(other))).toMatchObject(inUse);
  });

  it('move to another interface where the call allows it, with their Elastic IP address', async () => {
    const [from, to] = [await create('10.1.0.10'), await create('10.1.0.20')];
    const PrivateIpAddress = '10.1.0.11';
    const PrivateIpAddresses = [PrivateIpAddress];
    await ec2.assignPrivateIpAddresses({ NetworkInterfaceId: from, PrivateIpAddresses });
    const { AllocationId, PublicIp } = await ec2.allocateAddress({});
    await ec2.associateAddress({ AllocationId, NetworkInterfaceId: from, PrivateIpAddress });
    await ec2.assignPrivateIpAddresses({ NetworkInterfaceId: to, PrivateIpAddresses, AllowReassignment: true });
    expect(await addressesOf(from)).toEqual(['10.1.0.10']);
    expect((await interfaceOf(ec2, to)).PrivateIpAddresses?.[1]).toMatchObject({
      PrivateIpAddress,
      Association: { PublicIp },
    });
    const { Addresses } = await ec2.describeAddresses();
    expect(Addresses).toMatchObject([{ NetworkInterfaceId: to, PrivateIpAddress }]);
  });

  it.each([
    ['the primary address', ['10.1.0.10']],
    ['an address of nobody', ['10.1.0.77']],
  ])('cannot be unassigned: %s', async (_what, PrivateIpAddresses) => {
    const NetworkInterfaceId = await create('10.1.0.10');
    const call = ec2.unassignPrivateIpAddresses({ NetworkInterfaceId, PrivateIpAddresses });
    expect(await refusal(call)).toMatchObject({ code: 'InvalidParameterValue' });
  });

  it.each([
    ['neither number nor names', 'MissingParameter', {}],
    ['both', 'InvalidParameterCombination', { SecondaryPrivateIpAddressCount: 1, PrivateIpAddresses: ['10.1.0.11'] }],
    ['an address of elsewhere', 'InvalidParameterValue', { PrivateIpAddresses: ['10.1.1.11'] }],
    ['none', 'InvalidParameterValue', { SecondaryPrivateIpAddressCount: 0 }],
  ])('are asked for rightly: %s', async (_what, code, more) => {
    const NetworkInterfaceId = await create('10.1.0.10');
    const call = ec2.assignPrivateIpAddresses({ NetworkInterfaceId, ...more });
    expect(await refusal(call)).toMatchObject({ code });
  });

  it('are as many as the instance type allows', async () => {
    const id = await launch(ec2, { SubnetId: network.subnetId, InstanceType: 't3.micro' });
    const { NetworkInterfaces } = await instanceOf(ec2, id);
    const NetworkInterfaceId = there(NetworkInterfaces?.[0]?.NetworkInterfaceId);
    const call = ec2.assignPrivateIpAddresses({ NetworkInterfaceId, SecondaryPrivateIpAddressCount: 2 });
    expect(await refusal(call)).toMatchObject({ code: 'PrivateIpAddressLimitExceeded' });
    await ec2.assignPrivateIpAddresses({ NetworkInterfaceId, SecondaryPrivateIpAddressCount: 1 });
    expect((await instanceOf(ec2, id)).NetworkInterfaces?.[0]?.PrivateIpAddresses).toHaveLength(2);
  });
});

describe('An Elastic IP address', () => {
  it('is for one private address; each of an interface may have its own', async () => {
    const NetworkInterfaceId = await create('10.1.0.10');
    await ec2.assignPrivateIpAddresses({ NetworkInterfaceId, PrivateIpAddresses: ['10.1.0.11'] });
    const first = await ec2.allocateAddress({});
    const second = await ec2.allocateAddress({});
    await ec2.associateAddress({ AllocationId: first.AllocationId, NetworkInterfaceId });
    const other = { AllocationId: second.AllocationId, NetworkInterfaceId, PrivateIpAddress: '10.1.0.11' };
    const { AssociationId } = await ec2.associateAddress(other);
    expect(await interfaceOf(ec2, NetworkInterfaceId)).toMatchObject({
      Association: { PublicIp: first.PublicIp },
      PrivateIpAddresses: [
        { PrivateIpAddress: '10.1.0.10', Association: { PublicIp: first.PublicIp } },
        { PrivateIpAddress: '10.1.0.11', Association: { PublicIp: second.PublicIp } },
      ],
    });
    await ec2.disassociateAddress({ AssociationId });
    const { PrivateIpAddresses } = await interfaceOf(ec2, NetworkInterfaceId);
    expect(PrivateIpAddresses?.map(({ Association }) => Association?.PublicIp)).toEqual([first.PublicIp, undefined]);
  });

  it('on a secondary address, too, keeps the internet gateway where it is', async () => {
    const NetworkInterfaceId = await create('10.1.0.10');
    const PrivateIpAddress = '10.1.0.11';
    await ec2.assignPrivateIpAddresses({ NetworkInterfaceId, PrivateIpAddresses: [PrivateIpAddress] });
    const { AllocationId } = await ec2.allocateAddress({});
    await ec2.associateAddress({ AllocationId, NetworkInterfaceId, PrivateIpAddress });
    const call = ec2.detachInternetGateway({ VpcId: network.vpcId, InternetGatewayId: network.gatewayId });
    expect(await refusal(call)).toMatchObject({ code: 'DependencyViolation' });
  });

  it('is free again when its private address is unassigned', async () => {
    const NetworkInterfaceId = await create('10.1.0.10');
    const PrivateIpAddress = '10.1.0.11';
    await ec2.assignPrivateIpAddresses({ NetworkInterfaceId, PrivateIpAddresses: [PrivateIpAddress] });
    const { AllocationId } = await ec2.allocateAddress({});
    await ec2.associateAddress({ AllocationId, NetworkInterfaceId, PrivateIpAddress });
    await ec2.unassignPrivateIpAddresses({ NetworkInterfaceId, PrivateIpAddresses: [PrivateIpAddress] });
    await ec2.releaseAddress({ AllocationId });
  });

  it('stays with its interface when that goes from instance to instance', async () => {
    const NetworkInterfaceId = await create('10.1.0.10');
    const { AllocationId, PublicIp } = await ec2.allocateAddress({});
    await ec2.associateAddress({ AllocationId, NetworkInterfaceId });
    const InstanceId = await launch(ec2, { NetworkInterfaces: [{ DeviceIndex: 0, NetworkInterfaceId }] });
    expect((await instanceOf(ec2, InstanceId)).PublicIpAddress).toBe(PublicIp);
    expect((await ec2.describeAddresses()).Addresses).toMatchObject([{ InstanceId }]);
    await ec2.terminateInstances({ InstanceIds: [InstanceId] });
    sandbox.pass(20);
    expect(await interfaceOf(ec2, NetworkInterfaceId)).toMatchObject({ Association: { PublicIp } });
    const { Addresses } = await ec2.describeAddresses();
    expect(Addresses?.[0]).not.toHaveProperty('InstanceId');
  });

  it('needs the name of the interface where an instance has several', async () => {
    const { subnetId: SubnetId } = network;
    const InstanceId = await launch(ec2, {
      NetworkInterfaces: [
        { DeviceIndex: 0, SubnetId },
        { DeviceIndex: 1, SubnetId },
      ],
    });
    const { AllocationId } = await ec2.allocateAddress({});
    expect(await refusal(ec2.associateAddress({ AllocationId, InstanceId }))).toMatchObject({
      code: 'InvalidInstanceID',
    });
  });

  it('needs a private address that the interface has', async () => {
    const NetworkInterfaceId = await create('10.1.0.10');
    const { AllocationId } = await ec2.allocateAddress({});
    const call = ec2.associateAddress({ AllocationId, NetworkInterfaceId, PrivateIpAddress: '10.1.0.11' });
    expect(await refusal(call)).toMatchObject({ code: 'InvalidParameterValue' });
  });
});
