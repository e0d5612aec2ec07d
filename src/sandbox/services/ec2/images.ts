/** Machine images: Amazon's own public ones. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import { amazonLinux2023, publicParameters } from '../ssm/images.ts';
import { invalidValue, list } from './common.ts';

/** The account that publishes Amazon Linux, and the one that publishes Windows (EC2 User Guide, "Find an AMI"). */
const LINUX_OWNER = '137112412989';
const WINDOWS_OWNER = '801119661308';

interface ImagePlan {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly date: string;
  readonly architecture?: Ec2.ArchitectureValues;
  readonly device?: string;
  readonly gib?: number;
  readonly windows?: boolean;
}

function image(plan: ImagePlan): Ec2.Image {
  const { id, architecture = 'x86_64', device = '/dev/xvda', gib = 8, windows = false } = plan;
  return {
    ImageId: id,
    Name: plan.name,
    Description: plan.description,
    ImageLocation: `amazon/${plan.name}`,
    ImageOwnerAlias: 'amazon',
    OwnerId: windows ? WINDOWS_OWNER : LINUX_OWNER,
    Architecture: architecture,
    CreationDate: plan.date,
    Hypervisor: 'xen',
    ImageType: 'machine',
    PlatformDetails: windows ? 'Windows' : 'Linux/UNIX',
    UsageOperation: windows ? 'RunInstances:0002' : 'RunInstances',
    // On the wire it is written small, whatever the SDK's type says.
    ...(windows && { Platform: 'windows' as Ec2.PlatformValues }),
    Public: true,
    RootDeviceName: device,
    RootDeviceType: 'ebs',
    BlockDeviceMappings: [
      {
        DeviceName: device,
        Ebs: {
          DeleteOnTermination: true,
          Encrypted: false,
          SnapshotId: `snap-0${id.slice('ami-'.length).padStart(16, '0').slice(-16)}`,
          VolumeSize: gib,
          VolumeType: windows ? 'gp2' : 'gp3',
        },
      },
    ],
    State: 'available',
    SriovNetSupport: 'simple',
    VirtualizationType: 'hvm',
    EnaSupport: !windows,
    Tags: [],
  };
}

const images: readonly Ec2.Image[] = [
  ...(['x86_64', 'arm64'] as const).map((architecture) =>
    image({
      id: amazonLinux2023[architecture],
      name: `al2023-ami-2023.9.20261116.0-kernel-6.1-${architecture}`,
      description: `Amazon Linux 2023 AMI 2023.9.20261116.0 ${architecture} HVM kernel-6.1`,
      date: '2026-11-16T00:00:00.000Z',
      architecture,
    }),
  ),
  // Older public images that guides and test suites name by id.
  image({
    id: 'ami-04681a1dbd79675a5',
    name: 'amzn2-ami-hvm-2.0.20180810-x86_64-gp2',
    description: 'Amazon Linux 2 AMI 2.0.20180810 x86_64 HVM gp2',
    date: '2018-08-11T02:30:11.000Z',
  }),
  image({
    id: 'ami-12c6146b',
    name: 'Windows_Server-2008-R2_SP1-English-64Bit-Base-2017.10.13',
    description: 'Microsoft Windows Server 2008 R2 SP1 Datacenter 64-bit Locale English Base AMI provided by Amazon',
    date: '2017-10-13T00:00:00.000Z',
    device: '/dev/sda1',
    gib: 30,
    windows: true,
  }),
  image({
    id: 'ami-03cf127a',
    name: 'Windows_Server-2016-English-Nano-Base-2017.10.13',
    description: 'Microsoft Windows Server 2016 Nano Locale English AMI provided by Amazon',
    date: '2017-10-13T00:00:00.000Z',
    device: '/dev/sda1',
    gib: 30,
    windows: true,
  }),
];

const RESOLVE = 'resolve:ssm:';

/** The public parameter that stands for an image's id: `/aws/service/…` of `resolve:ssm:/aws/service/…`. */
export function imageParameter(id: string): string | undefined {
  return id.startsWith(RESOLVE) ? id.slice(RESOLVE.length) : undefined;
}

/** The id itself, or the one that its parameter holds; `undefined` where there is no such parameter. */
export function imageIdOf(id: string): string | undefined {
  const parameter = imageParameter(id);
  if (parameter === undefined) return id;
  return Object.hasOwn(publicParameters, parameter) ? publicParameters[parameter] : undefined;
}

/** An image by id, or by the public parameter that names it. */
export function findImage(id: string | undefined): Ec2.Image {
  if (id === undefined) throw new AwsError('MissingParameter', 'The request must contain the parameter ImageId');
  const imageId = imageIdOf(id);
  if (imageId === undefined)
    throw new AwsError('InvalidParameterValue', `Parameter ${imageParameter(id)} does not exist.`);
  return requireImage(imageId);
}

function requireImage(id: string): Ec2.Image {
  if (!id.startsWith('ami-')) throw new AwsError('InvalidAMIID.Malformed', `Invalid id: "${id}" (expecting "ami-...")`);
  const found = images.find(({ ImageId }) => ImageId === id);
  if (!found) throw new AwsError('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`);
  return found;
}

/** EC2 API Reference, DescribeImages: an account's id, `self`, or an alias. */
function isOwnedBy({ OwnerId = '', ImageOwnerAlias }: Ec2.Image, owners: readonly string[], { account }: Request) {
  return owners.some((owner) =>
    owner === 'self' ? OwnerId === account.id : [OwnerId, ImageOwnerAlias].includes(owner),
  );
}

const DescribeImages: Operation<Ec2.DescribeImagesRequest, Ec2.DescribeImagesResult> = (request, input) => {
  for (const id of input.ImageIds ?? []) requireImage(id);
  const { Owners: owners = [], ExecutableUsers: users = [] } = input;
  const seen = images.filter(
    (each) =>
      (owners.length === 0 || isOwnedBy(each, owners, request)) && (users.length === 0 || users.includes('all')),
  );
  const ids = input.ImageIds ?? [];
  const chosen = ids.length === 0 ? seen : seen.filter(({ ImageId = '' }) => ids.includes(ImageId));
  const ebs = ({ BlockDeviceMappings = [] }: Ec2.Image) => BlockDeviceMappings.map(({ Ebs }) => Ebs);
  const { items, ...rest } = list(chosen, input, {
    idOf: ({ ImageId }) => ImageId,
    prefix: 'ami',
    filters: {
      architecture: ({ Architecture }) => Architecture,
      'block-device-mapping.delete-on-termination': (each) => ebs(each).map((one) => one?.DeleteOnTermination),
      'block-device-mapping.device-name': ({ BlockDeviceMappings = [] }) =>
        BlockDeviceMappings.map(({ DeviceName }) => DeviceName),
      'block-device-mapping.snapshot-id': (each) => ebs(each).map((one) => one?.SnapshotId),
      'block-device-mapping.volume-size': (each) => ebs(each).map((one) => one?.VolumeSize),
      'block-device-mapping.volume-type': (each) => ebs(each).map((one) => one?.VolumeType),
      'block-device-mapping.encrypted': (each) => ebs(each).map((one) => one?.Encrypted),
      'creation-date': ({ CreationDate }) => CreationDate,
      description: ({ Description }) => Description,
      'ena-support': ({ EnaSupport }) => EnaSupport,
      hypervisor: ({ Hypervisor }) => Hypervisor,
      'image-id': ({ ImageId }) => ImageId,
      'image-type': ({ ImageType }) => ImageType,
      'is-public': ({ Public }) => Public,
      'kernel-id': ({ KernelId }) => KernelId,
      'manifest-location': ({ ImageLocation }) => ImageLocation,
      name: ({ Name }) => Name,
      'owner-alias': ({ ImageOwnerAlias }) => ImageOwnerAlias,
      'owner-id': ({ OwnerId }) => OwnerId,
      platform: ({ Platform }) => Platform,
      'platform-details': ({ PlatformDetails }) => PlatformDetails,
      'product-code': () => undefined,
      'product-code.type': () => undefined,
      'ramdisk-id': ({ RamdiskId }) => RamdiskId,
      'root-device-name': ({ RootDeviceName }) => RootDeviceName,
      'root-device-type': ({ RootDeviceType }) => RootDeviceType,
      'sriov-net-support': ({ SriovNetSupport }) => SriovNetSupport,
      state: ({ State }) => State,
      'usage-operation': ({ UsageOperation }) => UsageOperation,
      'virtualization-type': ({ VirtualizationType }) => VirtualizationType,
    },
  });
  return { Images: items, ...rest };
};

/** EC2 API Reference, DescribeImageAttribute: only its owner may ask for most of an image. */
const DescribeImageAttribute: Operation<Ec2.DescribeImageAttributeRequest, Ec2.ImageAttribute> = (
  _request,
  { ImageId = '', Attribute },
) => {
  const found = requireImage(ImageId);
  if (Attribute === 'description') return { ImageId, Description: { Value: found.Description } };
  if (Attribute === 'blockDeviceMapping') return { ImageId, BlockDeviceMappings: found.BlockDeviceMappings };
  if (
    Attribute === undefined ||
    !['launchPermission', 'productCodes', 'bootMode', 'kernel', 'ramdisk'].includes(Attribute)
  )
    throw invalidValue('attribute', Attribute ?? '', 'Unknown attribute.');
  throw new AwsError('AuthFailure', `Not authorized for image:${ImageId}`, 403);
};

export const imageOperations: Operations = { DescribeImages, DescribeImageAttribute };
