/** What a launch gives an instance (EC2 API Reference, RunInstances and InstanceNetworkInterfaceSpecification). */
import type { EC2, InstanceNetworkInterfaceSpecification, RunInstancesRequest } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal, type Served, serve, there } from '../clients.ts';
import { buildNetwork, instanceOf, launch, type Network } from './network.ts';

let sandbox: Served;
let ec2: EC2;
let network: Network;
let free: string;
beforeAll(async () => {
  sandbox = await serve();
  ec2 = sandbox.ec2;
  network = await buildNetwork(ec2);
  free = await createInterface();
});
afterAll(() => sandbox.close());

async function createInterface() {
  const { NetworkInterface } = await ec2.createNetworkInterface({ SubnetId: network.subnetId });
  return there(NetworkInterface?.NetworkInterfaceId);
}

describe('A launch with several interfaces', () => {
  it('gives each what its specification says, and no public address', async () => {
    const { subnetId: SubnetId } = network;
    await ec2.modifySubnetAttribute({ SubnetId, MapPublicIpOnLaunch: { Value: true } });
    const { GroupId = '' } = await ec2.createSecurityGroup({
      GroupName: 'inner',
      Description: 'inner',
      VpcId: network.vpcId,
    });
    const id = await launch(ec2, {
      NetworkInterfaces: [
        { DeviceIndex: 1, SubnetId, Groups: [GroupId], Description: 'inner', DeleteOnTermination: false },
        { DeviceIndex: 0, SubnetId, PrivateIpAddress: '10.1.0.50', SecondaryPrivateIpAddressCount: 1 },
      ],
    });
    const instance = await instanceOf(ec2, id);
    expect(instance.PublicIpAddress).toBeUndefined();
    expect(instance).toMatchObject({
      PrivateIpAddress: '10.1.0.50',
      SecurityGroups: [{ GroupName: 'default' }],
      NetworkInterfaces: [
        { PrivateIpAddress: '10.1.0.50', Attachment: { DeviceIndex: 0, DeleteOnTermination: true } },
        { Description: 'inner', Groups: [{ GroupId }], Attachment: { DeviceIndex: 1, DeleteOnTermination: false } },
      ],
    });
    expect(instance.NetworkInterfaces?.[0]?.PrivateIpAddresses).toHaveLength(2);
    await ec2.modifySubnetAttribute({ SubnetId, MapPublicIpOnLaunch: { Value: false } });
  });

  it('gives every one of many instances its own', async () => {
    const { subnetId: SubnetId } = network;
    const { Instances = [] } = await ec2.runInstances({
      ImageId: 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64',
      MinCount: 3,
      MaxCount: 3,
      NetworkInterfaces: [0, 1].map((DeviceIndex) => ({ DeviceIndex, SubnetId })),
    });
    const addresses = Instances.flatMap(({ NetworkInterfaces = [] }) =>
      NetworkInterfaces.map(({ PrivateIpAddress }) => PrivateIpAddress),
    );
    expect(new Set(addresses).size).toBe(6);
  });
});

const one = (more: Partial<InstanceNetworkInterfaceSpecification>) => ({
  NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: network.subnetId, ...more }],
});

it.each<readonly [what: string, code: string, more: () => Partial<RunInstancesRequest>]>([
  ['a subnet beside interfaces', 'InvalidParameterCombination', () => ({ ...one({}), SubnetId: network.subnetId })],
  [
    'a public address for one of several interfaces',
    'InvalidParameterCombination',
    () => ({
      NetworkInterfaces: [
        { DeviceIndex: 0, SubnetId: network.subnetId, AssociatePublicIpAddress: true },
        { DeviceIndex: 1, SubnetId: network.subnetId },
      ],
    }),
  ],
  [
    'no device index',
    'InvalidParameterValue',
    () => ({ NetworkInterfaces: [{ SubnetId: network.subnetId }, { SubnetId: network.subnetId }] }),
  ],
  ['no primary interface', 'InvalidParameterValue', () => one({ DeviceIndex: 1 })],
  [
    'one device index twice',
    'InvalidParameterValue',
    () => ({ NetworkInterfaces: [0, 0].map((DeviceIndex) => ({ DeviceIndex, SubnetId: network.subnetId })) }),
  ],
  [
    'interfaces of two zones',
    'InvalidParameterCombination',
    () => ({
      NetworkInterfaces: [
        { DeviceIndex: 0, SubnetId: network.subnetId },
        { DeviceIndex: 1, SubnetId: network.otherSubnetId },
      ],
    }),
  ],
  [
    'an interface that shall end with the instance, although it was there before',
    'InvalidParameterCombination',
    () => ({ NetworkInterfaces: [{ DeviceIndex: 0, NetworkInterfaceId: free, DeleteOnTermination: true }] }),
  ],
  ['an interface and its subnet', 'InvalidParameterCombination', () => one({ NetworkInterfaceId: free })],
  [
    'one interface at two places',
    'InvalidNetworkInterface.InUse',
    () => ({ NetworkInterfaces: [0, 1].map((DeviceIndex) => ({ DeviceIndex, NetworkInterfaceId: free })) }),
  ],
  [
    'one interface for two instances',
    'InvalidParameterCombination',
    () => ({ MaxCount: 2, NetworkInterfaces: [{ DeviceIndex: 0, NetworkInterfaceId: free }] }),
  ],
  [
    'an interface that is not there',
    'InvalidNetworkInterfaceID.NotFound',
    () => ({ NetworkInterfaces: [{ DeviceIndex: 0, NetworkInterfaceId: 'eni-1' }] }),
  ],
  [
    'more interfaces than the type has',
    'AttachmentLimitExceeded',
    () => ({
      InstanceType: 't3.micro',
      NetworkInterfaces: [0, 1, 2].map((DeviceIndex) => ({ DeviceIndex, SubnetId: network.subnetId })),
    }),
  ],
  ['user data that is not base64', 'InvalidParameterValue', () => ({ UserData: '#!/bin/bash' })],
  [
    'user data of more than 16 KB',
    'InvalidParameterValue',
    () => ({ UserData: Buffer.alloc(16_385).toString('base64') }),
  ],
])('A launch is refused with %s', async (_what, code, more) => {
  const before = (await ec2.describeNetworkInterfaces()).NetworkInterfaces?.length;
  expect(await refusal(launch(ec2, more()))).toMatchObject({ code, status: 400 });
  expect((await ec2.describeNetworkInterfaces()).NetworkInterfaces).toHaveLength(there(before));
});

it('An interface in use is not given to a second instance', async () => {
  const NetworkInterfaces = [{ DeviceIndex: 0, NetworkInterfaceId: await createInterface() }];
  await launch(ec2, { NetworkInterfaces });
  expect(await refusal(launch(ec2, { NetworkInterfaces }))).toMatchObject({ code: 'InvalidNetworkInterface.InUse' });
});

it('Attributes of an instance can be read one by one, its user data as it was given', async () => {
  const UserData = Buffer.from('#!/bin/bash\nsysctl -w net.ipv4.ip_forward=1\n').toString('base64');
  const InstanceId = await launch(ec2, { SubnetId: network.subnetId, UserData });
  const ask = (Attribute: 'userData' | 'instanceType' | 'groupSet' | 'disableApiTermination') =>
    ec2.describeInstanceAttribute({ InstanceId, Attribute });
  expect((await ask('userData')).UserData).toEqual({ Value: UserData });
  expect((await ask('instanceType')).InstanceType).toEqual({ Value: 't3.small' });
  expect((await ask('groupSet')).Groups).toMatchObject([{ GroupName: 'default' }]);
  expect((await ask('disableApiTermination')).DisableApiTermination).toEqual({ Value: false });
});
