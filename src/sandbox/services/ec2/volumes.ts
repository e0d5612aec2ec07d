/** EBS volumes, as far as instances bring them along: nothing here reads or writes one. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { Ec2State } from '../../world.ts';
import { list, missingParameter, requireOne } from './common.ts';

interface VolumePlan {
  readonly device: string;
  readonly gib: number;
  readonly type: Ec2.VolumeType;
  readonly snapshotId: string;
  readonly encrypted: boolean;
  readonly deleteOnTermination: boolean;
}

/** What a launch gives an instance: the image's devices, changed and added to by the call. @throws AwsError as AWS refuses it. */
export function volumePlans(image: Ec2.Image, wanted: readonly Ec2.BlockDeviceMapping[]): readonly VolumePlan[] {
  const plans = new Map(
    (image.BlockDeviceMappings ?? []).map((own) => [own.DeviceName ?? '', planFor(own, undefined)]),
  );
  for (const { DeviceName: device, NoDevice, VirtualName, Ebs } of wanted) {
    if (device === undefined || device === '') throw missingParameter('deviceName');
    if (NoDevice !== undefined && NoDevice !== '')
      throw new AwsError('InvalidRequest', 'The request received was invalid');
    if (NoDevice === '') plans.delete(device);
    else if (Ebs) plans.set(device, planFor({ DeviceName: device, Ebs }, plans.get(device)));
    else if (VirtualName === undefined) throw missingParameter('ebs');
  }
  return [...plans.values()];
}

function planFor({ DeviceName = '', Ebs = {} }: Ec2.BlockDeviceMapping, own: VolumePlan | undefined): VolumePlan {
  const gib = Ebs.VolumeSize ?? own?.gib;
  if (gib === undefined) throw missingParameter(Ebs.SnapshotId === undefined ? 'size or snapshotId' : 'size');
  if (own && gib < own.gib)
    throw new AwsError(
      'InvalidBlockDeviceMapping',
      `Volume of size ${gib}GB is smaller than snapshot '${own.snapshotId}', expect size >= ${own.gib}GB`,
    );
  return {
    device: DeviceName,
    gib,
    type: Ebs.VolumeType ?? own?.type ?? 'gp2',
    snapshotId: Ebs.SnapshotId ?? own?.snapshotId ?? '',
    encrypted: Ebs.Encrypted ?? false,
    deleteOnTermination: Ebs.DeleteOnTermination ?? own?.deleteOnTermination ?? false,
  };
}

/** Makes the volumes of a new instance and attaches them. */
export function giveVolumes(
  { region, now, random }: Request,
  instance: Ec2.Instance,
  plans: readonly VolumePlan[],
  tags: Ec2.Tag[],
): void {
  const at = new Date(now);
  region.ec2.volumes ??= [];
  for (const plan of plans) {
    const VolumeId = resourceId(random, 'vol');
    const { device: Device, deleteOnTermination: DeleteOnTermination } = plan;
    const { InstanceId } = instance;
    const volume: Ec2.Volume = {
      VolumeId,
      Size: plan.gib,
      VolumeType: plan.type,
      ...(plan.type === 'gp3' && { Iops: 3000, Throughput: 125 }),
      ...(plan.type === 'gp2' && { Iops: Math.min(16_000, Math.max(100, 3 * plan.gib)) }),
      SnapshotId: plan.snapshotId,
      Encrypted: plan.encrypted,
      MultiAttachEnabled: false,
      State: 'in-use',
      AvailabilityZone: instance.Placement?.AvailabilityZone,
      CreateTime: at,
      Attachments: [{ AttachTime: at, DeleteOnTermination, Device, InstanceId, State: 'attached', VolumeId }],
      Tags: tags,
    };
    region.ec2.volumes.push(volume);
    instance.BlockDeviceMappings = [
      ...(instance.BlockDeviceMappings ?? []),
      { DeviceName: Device, Ebs: { AttachTime: at, DeleteOnTermination, Status: 'attached', VolumeId } },
    ];
  }
}

/** What becomes of an instance's volumes when it is terminated. */
export function releaseVolumes(ec2: Ec2State, instance: Ec2.Instance): void {
  const own = new Map(
    (instance.BlockDeviceMappings ?? []).map(({ Ebs }) => [Ebs?.VolumeId, Ebs?.DeleteOnTermination === true]),
  );
  ec2.volumes = (ec2.volumes ?? []).filter(({ VolumeId }) => own.get(VolumeId) !== true);
  for (const volume of ec2.volumes) {
    if (!own.has(volume.VolumeId)) continue;
    volume.State = 'available';
    volume.Attachments = [];
  }
  instance.BlockDeviceMappings = [];
}

/** Changes whether a volume ends with its instance. */
export function setDeleteOnTermination(ec2: Ec2State, instance: Ec2.Instance, device: string, value: boolean): void {
  const mapping = instance.BlockDeviceMappings?.find(({ DeviceName }) => DeviceName === device);
  if (!mapping?.Ebs) throw new AwsError('InvalidInstanceAttributeValue', `No device is currently mapped at ${device}`);
  mapping.Ebs.DeleteOnTermination = value;
  for (const volume of ec2.volumes ?? [])
    if (volume.VolumeId === mapping.Ebs.VolumeId)
      for (const attachment of volume.Attachments ?? []) attachment.DeleteOnTermination = value;
}

const DescribeVolumes: Operation<Ec2.DescribeVolumesRequest, Ec2.DescribeVolumesResult> = ({ region }, input) => {
  const ids = input.VolumeIds ?? [];
  if (ids.length > 0 && input.MaxResults !== undefined)
    throw new AwsError(
      'InvalidParameterCombination',
      'The parameter volumeSet cannot be used with the parameter maxResults',
    );
  const attachments = ({ Attachments = [] }: Ec2.Volume) => Attachments;
  const { items, ...rest } = list(region.ec2.volumes ?? [], input, {
    ids,
    idOf: ({ VolumeId }) => VolumeId,
    prefix: 'vol',
    filters: {
      'attachment.delete-on-termination': (each) => attachments(each).map((one) => one.DeleteOnTermination),
      'attachment.device': (each) => attachments(each).map(({ Device }) => Device),
      'attachment.instance-id': (each) => attachments(each).map(({ InstanceId }) => InstanceId),
      'attachment.status': (each) => attachments(each).map(({ State }) => State),
      'availability-zone': ({ AvailabilityZone }) => AvailabilityZone,
      encrypted: ({ Encrypted }) => Encrypted,
      size: ({ Size }) => Size,
      'snapshot-id': ({ SnapshotId }) => SnapshotId,
      status: ({ State }) => State,
      'volume-id': ({ VolumeId }) => VolumeId,
      'volume-type': ({ VolumeType }) => VolumeType,
    },
  });
  return { Volumes: items, ...rest };
};

/** For what a terminated instance left behind. */
const DeleteVolume: Operation<Ec2.DeleteVolumeRequest, object> = ({ region }, input) => {
  const { ec2 } = region;
  const volume = requireOne(ec2.volumes ?? [], ({ VolumeId }) => VolumeId, input.VolumeId, 'vol');
  const [attachment] = volume.Attachments ?? [];
  if (attachment)
    throw new AwsError('VolumeInUse', `Volume ${volume.VolumeId} is currently attached to ${attachment.InstanceId}`);
  ec2.volumes = (ec2.volumes ?? []).filter((each) => each !== volume);
  return {};
};

export const volumeOperations: Operations = { DescribeVolumes, DeleteVolume };
