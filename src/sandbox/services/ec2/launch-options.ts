/** What a launch says of an instance besides its network: what of it is shown, what is kept, what is refused. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { AwsError } from '../../service.ts';
import type { LaunchState } from '../../world.ts';
import { invalidValue } from './common.ts';
import { requireShutdownBehavior } from './instance-attributes.ts';

/** What the sandbox has nothing of is refused as AWS refuses what is not there. */
export function requireSimulated(input: Ec2.RunInstancesRequest): void {
  const { LaunchTemplate, InstanceMarketOptions, Placement = {} } = input;
  if (LaunchTemplate?.LaunchTemplateId !== undefined)
    throw new AwsError(
      'InvalidLaunchTemplateId.NotFound',
      `The specified launch template, with template ID ${LaunchTemplate.LaunchTemplateId}, does not exist.`,
    );
  if (LaunchTemplate)
    throw new AwsError(
      'InvalidLaunchTemplateName.NotFoundException',
      `The specified launch template, with template name ${LaunchTemplate.LaunchTemplateName}, does not exist.`,
    );
  if (InstanceMarketOptions)
    throw new AwsError('UnsupportedOperation', 'The sandbox launches On-Demand Instances only.');
  if (Placement.GroupName)
    throw new AwsError('InvalidPlacementGroup.Unknown', `The Placement Group '${Placement.GroupName}' is unknown.`);
  if (Placement.HostId !== undefined)
    throw new AwsError('InvalidHostID.NotFound', `The host ID '${Placement.HostId}' does not exist`);
  if (Placement.Tenancy !== undefined && Placement.Tenancy !== 'default')
    throw new AwsError('UnsupportedOperation', 'The sandbox has instances of default tenancy only.');
}

export function requireArchitecture(
  { Architecture = 'x86_64' }: Ec2.Image,
  { ProcessorInfo }: Ec2.InstanceTypeInfo,
): void {
  const own: readonly string[] = ProcessorInfo?.SupportedArchitectures ?? [];
  if (!own.includes(Architecture))
    throw new AwsError(
      'InvalidParameterValue',
      `The architecture '${own.join(',')}' of the specified instance type does not match the architecture '${Architecture}' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again. You can use 'describe-instance-types' or 'describe-images' to discover the architecture of the instance type or AMI.`,
    );
}

/** What an instance has of its image. */
export function fromImage(image: Ec2.Image): Partial<Ec2.Instance> {
  return {
    ImageId: image.ImageId,
    Architecture: image.Architecture,
    VirtualizationType: image.VirtualizationType,
    RootDeviceType: image.RootDeviceType,
    RootDeviceName: image.RootDeviceName,
    PlatformDetails: image.PlatformDetails,
    UsageOperation: image.UsageOperation,
    EnaSupport: image.EnaSupport,
    ...(image.Platform !== undefined && { Platform: image.Platform }),
  };
}

/** EC2 User Guide, "Unlimited mode": what each family has by itself. */
function ownCredits({ InstanceType, BurstablePerformanceSupported }: Ec2.InstanceTypeInfo): string | undefined {
  if (!BurstablePerformanceSupported) return undefined;
  return InstanceType?.startsWith('t2.') ? 'standard' : 'unlimited';
}

export function launchOptions(
  input: Ec2.RunInstancesRequest,
  type: Ec2.InstanceTypeInfo,
): { readonly shown: Partial<Ec2.Instance>; readonly kept: Omit<LaunchState, 'reservationId'> } {
  const { CreditSpecification, CpuOptions } = input;
  const credits = requireCredits(CreditSpecification?.CpuCredits) ?? ownCredits(type);
  return {
    shown: {
      EbsOptimized: input.EbsOptimized ?? false,
      Monitoring: { State: input.Monitoring?.Enabled ? 'enabled' : 'disabled' },
      HibernationOptions: { Configured: input.HibernationOptions?.Configured ?? false },
      EnclaveOptions: { Enabled: false },
      CapacityReservationSpecification: { CapacityReservationPreference: 'open' },
      MaintenanceOptions: { AutoRecovery: input.MaintenanceOptions?.AutoRecovery ?? 'default' },
      PrivateDnsNameOptions: {
        HostnameType: 'ip-name',
        EnableResourceNameDnsARecord: false,
        EnableResourceNameDnsAAAARecord: false,
      },
      CpuOptions: {
        CoreCount: CpuOptions?.CoreCount ?? type.VCpuInfo?.DefaultCores,
        ThreadsPerCore: CpuOptions?.ThreadsPerCore ?? type.VCpuInfo?.DefaultThreadsPerCore,
      },
    },
    kept: {
      disableApiTermination: input.DisableApiTermination ?? false,
      disableApiStop: input.DisableApiStop ?? false,
      shutdownBehavior: requireShutdownBehavior(input.InstanceInitiatedShutdownBehavior ?? 'stop'),
      ...(credits !== undefined && { cpuCredits: credits }),
    },
  };
}

function requireCredits(credits: string | undefined): string | undefined {
  if (credits !== undefined && credits !== 'standard' && credits !== 'unlimited')
    throw invalidValue('cpuCredits', credits);
  return credits;
}

/** As Amazon Linux 2023 has them (AL2023 User Guide, "IMDSv2"). */
export const DEFAULT_METADATA: Ec2.InstanceMetadataOptionsResponse = {
  State: 'applied',
  HttpTokens: 'required',
  HttpPutResponseHopLimit: 2,
  HttpEndpoint: 'enabled',
  HttpProtocolIpv6: 'disabled',
  InstanceMetadataTags: 'disabled',
};

const MOST_HOPS = 64;

/** The options of an instance after a call (EC2 API Reference, ModifyInstanceMetadataOptions). */
export function metadataOptions(
  before: Ec2.InstanceMetadataOptionsResponse,
  wanted: Ec2.InstanceMetadataOptionsRequest,
): Ec2.InstanceMetadataOptionsResponse {
  const hops = wanted.HttpPutResponseHopLimit;
  if (hops !== undefined && (hops < 1 || hops > MOST_HOPS))
    throw invalidValue('httpPutResponseHopLimit', String(hops), 'Expected a number between 1 and 64.');
  const oneOf = <Value extends string>(name: string, value: Value | undefined, known: readonly string[]) => {
    if (value !== undefined && !known.includes(value)) throw invalidValue(name, value);
    return value;
  };
  const switches = ['enabled', 'disabled'];
  return {
    ...before,
    HttpTokens: oneOf('httpTokens', wanted.HttpTokens, ['optional', 'required']) ?? before.HttpTokens,
    HttpPutResponseHopLimit: hops ?? before.HttpPutResponseHopLimit,
    HttpEndpoint: oneOf('httpEndpoint', wanted.HttpEndpoint, switches) ?? before.HttpEndpoint,
    HttpProtocolIpv6: oneOf('httpProtocolIpv6', wanted.HttpProtocolIpv6, switches) ?? before.HttpProtocolIpv6,
    InstanceMetadataTags:
      oneOf('instanceMetadataTags', wanted.InstanceMetadataTags, switches) ?? before.InstanceMetadataTags,
  };
}
