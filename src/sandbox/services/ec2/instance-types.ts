/** Instance types: what the sandbox offers, and where. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { zonesOf } from '../../regions.ts';
import { AwsError, type Operation, type Operations } from '../../service.ts';
import { list } from './common.ts';
import { type Family, families } from './instance-type-families.ts';

/** EC2 User Guide, "Free Tier": of the types here. */
const FREE = ['t3.micro', 't3.small', 't4g.micro', 't4g.small'];

function typesOf(family: Family): Ec2.InstanceTypeInfo[] {
  return Object.entries(family.sizes).map(([size, [vcpus, SizeInMiB, interfaces, addresses]]) => {
    const name = `${family.name}.${size}`;
    const isNitroBased = family.hypervisor === 'nitro';
    const isArm = family.architectures.includes('arm64');
    return {
      InstanceType: name as Ec2._InstanceType,
      CurrentGeneration: family.current,
      FreeTierEligible: FREE.includes(name),
      SupportedUsageClasses: ['on-demand', 'spot'],
      SupportedRootDeviceTypes: ['ebs'],
      SupportedVirtualizationTypes: ['hvm'],
      BareMetal: false,
      Hypervisor: family.hypervisor,
      ProcessorInfo: { SupportedArchitectures: [...family.architectures], Manufacturer: family.manufacturer },
      VCpuInfo: {
        DefaultVCpus: vcpus,
        DefaultCores: vcpus / family.threads,
        DefaultThreadsPerCore: family.threads,
      },
      MemoryInfo: { SizeInMiB },
      InstanceStorageSupported: false,
      EbsInfo: { EncryptionSupport: 'supported', NvmeSupport: isNitroBased ? 'required' : 'unsupported' },
      NetworkInfo: {
        MaximumNetworkInterfaces: interfaces,
        MaximumNetworkCards: 1,
        DefaultNetworkCardIndex: 0,
        NetworkCards: [{ NetworkCardIndex: 0, MaximumNetworkInterfaces: interfaces }],
        Ipv4AddressesPerInterface: addresses,
        Ipv6AddressesPerInterface: isNitroBased || family.name === 't2' || family.name === 'm4' ? addresses : 0,
        Ipv6Supported: isNitroBased || family.name === 't2' || family.name === 'm4',
        EnaSupport: isNitroBased ? 'required' : 'unsupported',
        EfaSupported: false,
      },
      BurstablePerformanceSupported: /^t[2-9]/.test(family.name),
      SupportedBootModes: isNitroBased ? (isArm ? ['uefi'] : ['legacy-bios', 'uefi']) : ['legacy-bios'],
    };
  });
}

const types: ReadonlyMap<string, Ec2.InstanceTypeInfo> = new Map(
  families.flatMap(typesOf).map((type) => [type.InstanceType ?? '', type]),
);

/** EC2 User Guide, Nitro-based instances; types that the catalogue does not know are taken for Nitro ones, as all new ones are. */
export function isNitro(type: string | undefined): boolean {
  return !/^(t1|t2|m1|m2|m3|m4|c1|c3|c4|r3|r4|i2|d2|x1|x1e|p2|p3|g3|f1|h1)\./.test(type ?? '');
}

export function findInstanceType(name: string): Ec2.InstanceTypeInfo {
  const type = types.get(name);
  if (!type) throw new AwsError('InvalidParameterValue', `Invalid value '${name}' for InstanceType.`);
  return type;
}

const DescribeInstanceTypes: Operation<Ec2.DescribeInstanceTypesRequest, Ec2.DescribeInstanceTypesResult> = (
  _request,
  input,
) => {
  const names: readonly string[] = input.InstanceTypes ?? [];
  const unknown = names.filter((name) => !types.has(name));
  if (unknown.length > 0)
    throw new AwsError(
      'InvalidInstanceType',
      `The following supplied instance types do not exist: [${unknown.join(', ')}]`,
    );
  const chosen = [...types.values()].filter(
    ({ InstanceType = '' }) => names.length === 0 || names.includes(InstanceType),
  );
  const { items, ...rest } = list(
    chosen.map((type) => ({ ...type, Tags: [] })),
    input,
    {
      idOf: ({ InstanceType }) => InstanceType,
      prefix: '',
      bounds: { least: 5, most: 100 },
      filters: {
        'bare-metal': ({ BareMetal }) => BareMetal,
        'burstable-performance-supported': ({ BurstablePerformanceSupported }) => BurstablePerformanceSupported,
        'current-generation': ({ CurrentGeneration }) => CurrentGeneration,
        'ebs-info.encryption-support': ({ EbsInfo }) => EbsInfo?.EncryptionSupport,
        'ebs-info.nvme-support': ({ EbsInfo }) => EbsInfo?.NvmeSupport,
        'free-tier-eligible': ({ FreeTierEligible }) => FreeTierEligible,
        hypervisor: ({ Hypervisor }) => Hypervisor,
        'instance-storage-supported': ({ InstanceStorageSupported }) => InstanceStorageSupported,
        'instance-type': ({ InstanceType }) => InstanceType,
        'memory-info.size-in-mib': ({ MemoryInfo }) => MemoryInfo?.SizeInMiB,
        'network-info.ena-support': ({ NetworkInfo }) => NetworkInfo?.EnaSupport,
        'network-info.efa-supported': ({ NetworkInfo }) => NetworkInfo?.EfaSupported,
        'network-info.ipv4-addresses-per-interface': ({ NetworkInfo }) => NetworkInfo?.Ipv4AddressesPerInterface,
        'network-info.ipv6-addresses-per-interface': ({ NetworkInfo }) => NetworkInfo?.Ipv6AddressesPerInterface,
        'network-info.ipv6-supported': ({ NetworkInfo }) => NetworkInfo?.Ipv6Supported,
        'network-info.maximum-network-interfaces': ({ NetworkInfo }) => NetworkInfo?.MaximumNetworkInterfaces,
        'processor-info.supported-architecture': ({ ProcessorInfo }) => ProcessorInfo?.SupportedArchitectures,
        'supported-boot-mode': ({ SupportedBootModes }) => SupportedBootModes,
        'supported-root-device-type': ({ SupportedRootDeviceTypes }) => SupportedRootDeviceTypes,
        'supported-usage-class': ({ SupportedUsageClasses }) => SupportedUsageClasses,
        'supported-virtualization-type': ({ SupportedVirtualizationTypes }) => SupportedVirtualizationTypes,
        'vcpu-info.default-cores': ({ VCpuInfo }) => VCpuInfo?.DefaultCores,
        'vcpu-info.default-threads-per-core': ({ VCpuInfo }) => VCpuInfo?.DefaultThreadsPerCore,
        'vcpu-info.default-vcpus': ({ VCpuInfo }) => VCpuInfo?.DefaultVCpus,
      },
    },
  );
  return { InstanceTypes: items.map(({ Tags: _none, ...type }) => type), ...rest };
};

/** The sandbox offers each of its types everywhere. */
const DescribeInstanceTypeOfferings: Operation<
  Ec2.DescribeInstanceTypeOfferingsRequest,
  Ec2.DescribeInstanceTypeOfferingsResult
> = ({ regionName }, input) => {
  const LocationType = input.LocationType ?? 'region';
  const locations = locationsOf(regionName, LocationType);
  const offerings = [...types.values()].flatMap(({ InstanceType }) =>
    locations.map((Location) => ({ InstanceType, LocationType, Location, Tags: [] })),
  );
  const { items, ...rest } = list(offerings, input, {
    idOf: ({ InstanceType }) => InstanceType,
    prefix: '',
    filters: { 'instance-type': ({ InstanceType }) => InstanceType, location: ({ Location }) => Location },
  });
  return { InstanceTypeOfferings: items.map(({ Tags: _none, ...offering }) => offering), ...rest };
};

function locationsOf(regionName: string, type: Ec2.LocationType): readonly string[] {
  switch (type) {
    case 'region':
      return [regionName];
    case 'availability-zone':
      return zonesOf(regionName).map(({ name }) => name);
    case 'availability-zone-id':
      return zonesOf(regionName).map(({ id }) => id);
    case 'outpost':
      return [];
    default:
      throw new AwsError('InvalidParameterValue', `Invalid value '${String(type)}' for LocationType.`);
  }
}

export const instanceTypeOperations: Operations = { DescribeInstanceTypes, DescribeInstanceTypeOfferings };
