/** Instances, and the volumes that would stay when they go. */
import { instanceHour, PUBLIC_IPV4_HOUR, sum, volumeHour } from '../prices.ts';
import type { Planned } from '../types.ts';
import { call, inside, isRemembered, type Planning, planned, REMEMBERED } from './planning.ts';

type Instance = Planning['network']['instances'][number];

export function instances(planning: Planning): readonly Planned[] {
  return planning.network.instances.map((instance) =>
    inside(planning, instance.VpcId ?? '', {
      kind: 'instance',
      id: instance.InstanceId,
      name: instance.Tags,
      hourlyCost: hourlyCost(planning, instance),
      calls:
        instance.State.Name === 'shutting-down'
          ? []
          : [call('ec2:TerminateInstances', 'InstanceIds', [instance.InstanceId])],
    }),
  );
}

/** The instance with what goes when it goes: addresses that AWS lent it, and its own volumes. */
function hourlyCost({ network }: Planning, { InstanceId, InstanceType, State, ...rest }: Instance): number | null {
  const runs = ['pending', 'running'].includes(State.Name);
  const lent = network.networkInterfaces.filter(
    ({ Attachment, Association }) =>
      Attachment?.InstanceId === InstanceId && Association !== undefined && Association.AllocationId === undefined,
  );
  const own = rest.BlockDeviceMappings.filter(({ Ebs }) => Ebs?.DeleteOnTermination).map(({ Ebs }) => Ebs?.VolumeId);
  return sum([
    runs ? instanceHour(InstanceType) : 0,
    lent.length * PUBLIC_IPV4_HOUR,
    ...network.volumes
      .filter(({ VolumeId }) => own.includes(VolumeId))
      .map(({ VolumeType, Size }) => volumeHour({ type: VolumeType, gib: Size })),
  ]);
}

export function volumes(planning: Planning): readonly Planned[] {
  const kept = new Map(
    planning.network.instances.flatMap(({ InstanceId, VpcId, BlockDeviceMappings }) =>
      BlockDeviceMappings.flatMap(({ Ebs }) =>
        Ebs && !Ebs.DeleteOnTermination ? [[Ebs.VolumeId, { InstanceId, VpcId }]] : [],
      ),
    ),
  );
  return planning.network.volumes.flatMap(({ VolumeId: id, VolumeType, Size, Attachments, Tags: name }): Planned[] => {
    const holder = kept.get(id);
    const isFree = Attachments.length === 0 && isRemembered(planning, id);
    if (!holder && !isFree) return [];
    const thing = {
      kind: 'volume',
      id,
      name,
      hourlyCost: volumeHour({ type: VolumeType, gib: Size }),
      needs: holder ? [holder.InstanceId] : [],
      calls: [call('ec2:DeleteVolume', 'VolumeId', id)],
    } as const;
    return [planned(thing, holder ? `a disk of ${holder.InstanceId}, which would stay` : REMEMBERED)];
  });
}
