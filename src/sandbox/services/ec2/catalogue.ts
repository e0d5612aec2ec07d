/** What AWS itself offers in a region: regions, zones, images, instance types; and the account's key pairs. */
import { createHash } from 'node:crypto';
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import { regionNames, zonesOf } from '../../regions.ts';
import { AwsError, type Operation, type Operations } from '../../service.ts';
import { amazonLinux2023, publicParameters } from '../ssm/images.ts';
import { invalidValue, list, notFound } from './common.ts';
import { tagsFor } from './tag-rules.ts';

const images: readonly Ec2.Image[] = Object.entries(amazonLinux2023).map(([architecture, ImageId]) => ({
  ImageId,
  Name: `al2023-ami-2023.9.20261116.0-kernel-6.1-${architecture}`,
  Description: `Amazon Linux 2023 AMI 2023.9.20261116.0 ${architecture} HVM kernel-6.1`,
  ImageLocation: `amazon/al2023-ami-2023.9.20261116.0-kernel-6.1-${architecture}`,
  ImageOwnerAlias: 'amazon',
  OwnerId: '137112412989',
  Architecture: architecture === 'arm64' ? 'arm64' : 'x86_64',
  CreationDate: '2026-11-16T00:00:00.000Z',
  Hypervisor: 'xen',
  ImageType: 'machine',
  PlatformDetails: 'Linux/UNIX',
  Public: true,
  RootDeviceName: '/dev/xvda',
  RootDeviceType: 'ebs',
  State: 'available',
  VirtualizationType: 'hvm',
  EnaSupport: true,
  Tags: [],
}));

const RESOLVE = 'resolve:ssm:';

/** An image by id, or by the public parameter that names it (`resolve:ssm:/aws/service/…`). */
export function findImage(id: string | undefined): Ec2.Image {
  if (id === undefined) throw new AwsError('MissingParameter', 'The request must contain the parameter ImageId');
  const parameter = id.startsWith(RESOLVE) ? id.slice(RESOLVE.length) : undefined;
  if (parameter !== undefined && !Object.hasOwn(publicParameters, parameter))
    throw new AwsError('InvalidParameterValue', `Parameter ${parameter} does not exist.`);
  const imageId = parameter === undefined ? id : publicParameters[parameter];
  const image = images.find(({ ImageId }) => ImageId === imageId);
  if (!image) throw new AwsError('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`);
  return image;
}

const types: readonly Ec2.InstanceTypeInfo[] = [
  typeInfo('t2.micro', 'xen', true, [2, 2]),
  typeInfo('t3.micro', 'nitro', true, [2, 2]),
  typeInfo('t3.small', 'nitro', false, [3, 4]),
];

function typeInfo(
  InstanceType: Ec2._InstanceType,
  Hypervisor: Ec2.InstanceTypeHypervisor,
  FreeTierEligible: boolean,
  [MaximumNetworkInterfaces, Ipv4AddressesPerInterface]: readonly [interfaces: number, addresses: number],
): Ec2.InstanceTypeInfo {
  return {
    InstanceType,
    Hypervisor,
    FreeTierEligible,
    CurrentGeneration: true,
    BareMetal: false,
    SupportedUsageClasses: ['on-demand', 'spot'],
    SupportedRootDeviceTypes: ['ebs'],
    SupportedVirtualizationTypes: ['hvm'],
    ProcessorInfo: { SupportedArchitectures: ['x86_64'] },
    VCpuInfo: { DefaultVCpus: InstanceType.startsWith('t2') ? 1 : 2 },
    MemoryInfo: { SizeInMiB: InstanceType.endsWith('small') ? 2048 : 1024 },
    NetworkInfo: { MaximumNetworkInterfaces, Ipv4AddressesPerInterface },
    BurstablePerformanceSupported: true,
  };
}

/** EC2 User Guide, Nitro-based instances; types that the catalogue does not know are taken for Nitro ones, as all new ones are. */
export function isNitro(type: string | undefined): boolean {
  return !/^(t1|t2|m1|m2|m3|m4|c1|c3|c4|r3|r4|i2|d2|x1|x1e|p2|p3|g3|f1|h1)\./.test(type ?? '');
}

export function findInstanceType(name: string): Ec2.InstanceTypeInfo {
  const type = types.find(({ InstanceType }) => InstanceType === name);
  if (!type)
    throw invalidValue(
      'InstanceType',
      name,
      `The sandbox has ${types.map(({ InstanceType }) => InstanceType).join(', ')}.`,
    );
  return type;
}

const DescribeRegions: Operation<Ec2.DescribeRegionsRequest, Ec2.DescribeRegionsResult> = (_request, input) => {
  const unknown = input.RegionNames?.find((name) => !regionNames.includes(name));
  if (unknown !== undefined) throw invalidValue('region', unknown, 'Invalid region name');
  const names = input.RegionNames ?? regionNames;
  return {
    Regions: names.map((RegionName) => ({
      RegionName,
      Endpoint: `ec2.${RegionName}.amazonaws.com`,
      OptInStatus: 'opt-in-not-required',
    })),
  };
};

const DescribeAvailabilityZones: Operation<
  Ec2.DescribeAvailabilityZonesRequest,
  Ec2.DescribeAvailabilityZonesResult
> = ({ regionName }, input) => {
  const zones = zonesOf(regionName).map(({ name, id }): Ec2.AvailabilityZone & { Tags: Ec2.Tag[] } => ({
    ZoneName: name,
    ZoneId: id,
    RegionName: regionName,
    GroupName: regionName,
    NetworkBorderGroup: regionName,
    ZoneType: 'availability-zone',
    State: 'available',
    OptInStatus: 'opt-in-not-required',
    Messages: [],
    Tags: [],
  }));
  const { items } = list(
    zones,
    { Filters: input.Filters },
    {
      idOf: ({ ZoneName }) => ZoneName,
      prefix: '',
      filters: {
        'opt-in-status': ({ OptInStatus }) => OptInStatus,
        'region-name': ({ RegionName }) => RegionName,
        state: ({ State }) => State,
        'zone-id': ({ ZoneId }) => ZoneId,
        'zone-name': ({ ZoneName }) => ZoneName,
        'zone-type': ({ ZoneType }) => ZoneType,
      },
    },
  );
  const names = input.ZoneNames ?? [];
  return {
    AvailabilityZones: names.length > 0 ? items.filter(({ ZoneName }) => names.includes(ZoneName ?? '')) : items,
  };
};

const DescribeImages: Operation<Ec2.DescribeImagesRequest, Ec2.DescribeImagesResult> = (_request, input) => {
  const { items, ...rest } = list(images, input, {
    ids: input.ImageIds,
    idOf: ({ ImageId }) => ImageId,
    prefix: 'ami',
    filters: {
      architecture: ({ Architecture }) => Architecture,
      description: ({ Description }) => Description,
      'ena-support': ({ EnaSupport }) => EnaSupport,
      hypervisor: ({ Hypervisor }) => Hypervisor,
      'image-id': ({ ImageId }) => ImageId,
      'image-type': ({ ImageType }) => ImageType,
      'is-public': ({ Public }) => Public,
      name: ({ Name }) => Name,
      'owner-alias': ({ ImageOwnerAlias }) => ImageOwnerAlias,
      'owner-id': ({ OwnerId }) => OwnerId,
      'platform-details': ({ PlatformDetails }) => PlatformDetails,
      'root-device-name': ({ RootDeviceName }) => RootDeviceName,
      'root-device-type': ({ RootDeviceType }) => RootDeviceType,
      state: ({ State }) => State,
      'virtualization-type': ({ VirtualizationType }) => VirtualizationType,
    },
  });
  const owners = input.Owners ?? ['amazon'];
  return { Images: items.filter(({ OwnerId = '' }) => owners.includes('amazon') || owners.includes(OwnerId)), ...rest };
};

const DescribeInstanceTypes: Operation<Ec2.DescribeInstanceTypesRequest, Ec2.DescribeInstanceTypesResult> = (
  _request,
  input,
) => {
  const chosen = input.InstanceTypes?.map(findInstanceType) ?? types;
  const { items, ...rest } = list(
    chosen.map((type) => ({ ...type, Tags: [] })),
    input,
    {
      idOf: ({ InstanceType }) => InstanceType,
      prefix: '',
      filters: {
        'current-generation': ({ CurrentGeneration }) => CurrentGeneration,
        'free-tier-eligible': ({ FreeTierEligible }) => FreeTierEligible,
        hypervisor: ({ Hypervisor }) => Hypervisor,
        'instance-type': ({ InstanceType }) => InstanceType,
      },
    },
  );
  return { InstanceTypes: items.map(({ Tags: _none, ...type }) => type), ...rest };
};

/** The private key is not one: nothing here is reached by SSH. */
const CreateKeyPair: Operation<Ec2.CreateKeyPairRequest, Ec2.KeyPair> = ({ region, now, random }, input) => {
  const name = input.KeyName ?? '';
  if (region.ec2.keyPairs.some(({ KeyName }) => KeyName === name))
    throw new AwsError('InvalidKeyPair.Duplicate', `The keypair already exists`);
  const KeyPairId = resourceId(random, 'key');
  const digest = createHash('sha1').update(KeyPairId).digest('hex');
  const KeyFingerprint = (digest.match(/../g) ?? []).join(':');
  const Tags = tagsFor(input.TagSpecifications, 'key-pair');
  region.ec2.keyPairs.push({
    KeyName: name,
    KeyPairId,
    KeyFingerprint,
    KeyType: input.KeyType ?? 'rsa',
    CreateTime: new Date(now),
    Tags,
  });
  return {
    KeyName: name,
    KeyPairId,
    KeyFingerprint,
    KeyMaterial: 'The sandbox has no SSH, so this key opens nothing.\n',
    Tags,
  };
};

const DescribeKeyPairs: Operation<Ec2.DescribeKeyPairsRequest, Ec2.DescribeKeyPairsResult> = ({ region }, input) => {
  const missing = input.KeyNames?.find((name) => !region.ec2.keyPairs.some(({ KeyName }) => KeyName === name));
  if (missing !== undefined) throw new AwsError('InvalidKeyPair.NotFound', `The key pair '${missing}' does not exist`);
  const { items } = list(
    region.ec2.keyPairs,
    { Filters: input.Filters },
    {
      idOf: ({ KeyPairId }) => KeyPairId,
      prefix: 'key',
      filters: { 'key-name': ({ KeyName }) => KeyName, 'key-pair-id': ({ KeyPairId }) => KeyPairId },
    },
  );
  return { KeyPairs: items.filter(({ KeyName = '' }) => input.KeyNames?.includes(KeyName) ?? true) };
};

const DeleteKeyPair: Operation<Ec2.DeleteKeyPairRequest, object> = ({ region }, input) => {
  region.ec2.keyPairs = region.ec2.keyPairs.filter(
    ({ KeyName, KeyPairId }) => KeyName !== input.KeyName && KeyPairId !== input.KeyPairId,
  );
  return { Return: true };
};

const DescribeAccountAttributes: Operation<
  Ec2.DescribeAccountAttributesRequest,
  Ec2.DescribeAccountAttributesResult
> = ({ region }, input) => {
  const all: Readonly<Record<string, string>> = {
    'supported-platforms': 'VPC',
    'default-vpc': region.ec2.vpcs.find(({ IsDefault }) => IsDefault)?.VpcId ?? 'none',
    'max-instances': '20',
    'vpc-max-security-groups-per-interface': '5',
    'max-elastic-ips': '5',
    'vpc-max-elastic-ips': '5',
  };
  const names = input.AttributeNames ?? Object.keys(all);
  const unknown = names.find((name) => !Object.hasOwn(all, name));
  if (unknown !== undefined) throw notFound('', unknown);
  return {
    AccountAttributes: names.map((AttributeName) => ({
      AttributeName,
      AttributeValues: [{ AttributeValue: all[AttributeName] }],
    })),
  };
};

export const catalogueOperations: Operations = {
  DescribeRegions,
  DescribeAvailabilityZones,
  DescribeImages,
  DescribeInstanceTypes,
  CreateKeyPair,
  DescribeKeyPairs,
  DeleteKeyPair,
  DescribeAccountAttributes,
};
