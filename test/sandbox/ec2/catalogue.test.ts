/** What a region offers: images, instance types, zones; and the account's attributes (EC2 API Reference, each action). */
import type { EC2 } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { refusal, type Served, serve } from '../clients.ts';

let sandbox: Served;
let ec2: EC2;
beforeAll(async () => {
  sandbox = await serve();
  ec2 = sandbox.ec2;
});
afterAll(() => sandbox.close());

it.each<readonly [owners: string[], names: readonly RegExp[]]>([
  [['amazon'], [/^al2023/, /^al2023/, /^amzn2/, /^Windows/, /^Windows/]],
  [['137112412989'], [/^al2023/, /^al2023/, /^amzn2/]],
  [['self'], []],
])('Images of %s', async (Owners, names) => {
  const { Images } = await ec2.describeImages({ Owners });
  expect(Images?.map(({ Name }) => Name)).toEqual(names.map((name) => expect.stringMatching(name)));
});

it('The newest Amazon Linux is found by name and architecture, as guides do it', async () => {
  const { Images } = await ec2.describeImages({
    Owners: ['amazon'],
    Filters: [
      { Name: 'name', Values: ['al2023-ami-2023*'] },
      { Name: 'architecture', Values: ['arm64'] },
      { Name: 'root-device-type', Values: ['ebs'] },
    ],
  });
  expect(Images).toMatchObject([{ Architecture: 'arm64', BlockDeviceMappings: [{ DeviceName: '/dev/xvda' }] }]);
});

// Amazon EC2 Instance Types guide, "Specifications".
it.each([
  ['t2.micro', 1, 1024, 2, 2, 'xen'],
  ['t3.medium', 2, 4096, 3, 6, 'nitro'],
  ['t3a.small', 2, 2048, 2, 4, 'nitro'],
  ['m5.4xlarge', 16, 65_536, 8, 30, 'nitro'],
  ['c5.9xlarge', 36, 73_728, 8, 30, 'nitro'],
  ['r5.24xlarge', 96, 786_432, 15, 50, 'nitro'],
] as const)('%s has %i vCPUs, %i MiB, %i interfaces of %i addresses', async (...expected) => {
  const [InstanceType, DefaultVCpus, SizeInMiB, MaximumNetworkInterfaces, Ipv4AddressesPerInterface, Hypervisor] =
    expected;
  const { InstanceTypes } = await ec2.describeInstanceTypes({ InstanceTypes: [InstanceType] });
  expect(InstanceTypes).toMatchObject([
    {
      VCpuInfo: { DefaultVCpus },
      MemoryInfo: { SizeInMiB },
      NetworkInfo: { MaximumNetworkInterfaces, Ipv4AddressesPerInterface },
      Hypervisor,
    },
  ]);
});

it.each([
  ['region', ['us-east-1']],
  ['availability-zone', ['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => `us-east-1${letter}`)],
  ['availability-zone-id', [1, 2, 3, 4, 5, 6].map((number) => `use1-az${number}`)],
] as const)('A type is offered by %s', async (LocationType, locations) => {
  const Filters = [{ Name: 'instance-type', Values: ['t3.micro'] }];
  const { InstanceTypeOfferings } = await ec2.describeInstanceTypeOfferings({ LocationType, Filters });
  expect(InstanceTypeOfferings?.map(({ Location }) => Location)).toEqual(locations);
});

it('The default VPC is an attribute of the account', async () => {
  const { AccountAttributes } = await ec2.describeAccountAttributes({ AttributeNames: ['default-vpc'] });
  const { Vpcs } = await ec2.describeVpcs();
  expect(AccountAttributes).toEqual([
    { AttributeName: 'default-vpc', AttributeValues: [{ AttributeValue: Vpcs?.[0]?.VpcId }] },
  ]);
});

it.each<readonly [what: string, code: string, call: () => Promise<unknown>]>([
  ['an image', 'InvalidAMIID.NotFound', () => ec2.describeImages({ ImageIds: ['ami-0'] })],
  ["an image's form", 'InvalidAMIID.Malformed', () => ec2.describeImages({ ImageIds: ['linux'] })],
  ['a type', 'InvalidInstanceType', () => ec2.describeInstanceTypes({ InstanceTypes: ['t9.micro' as 't3.micro'] })],
  ['a region', 'InvalidParameterValue', () => ec2.describeRegions({ RegionNames: ['mars-1'] })],
  ['a zone', 'InvalidParameterValue', () => ec2.describeAvailabilityZones({ ZoneNames: ['us-east-1z'] })],
])('What AWS does not have is refused: %s with %s', async (_what, code, call) => {
  expect(await refusal(call())).toMatchObject({ code, status: 400 });
});
