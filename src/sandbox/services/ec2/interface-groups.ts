/** The security groups that an interface gets. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { AwsError, type Request } from '../../service.ts';
import { requireOne } from './common.ts';

/** The groups with these ids; the VPC's default group where none is given. */
export function groupsFor(
  { region }: Request,
  ids: readonly string[],
  subnet: Pick<Ec2.Subnet, 'SubnetId' | 'VpcId'>,
): readonly Ec2.SecurityGroup[] {
  const { securityGroups } = region.ec2;
  if (ids.length === 0) return [groupNamed(securityGroups, subnet, 'default')];
  const groups = ids.map((id) => requireOne(securityGroups, ({ GroupId }) => GroupId, id, 'sg'));
  const stray = groups.find(({ VpcId }) => VpcId !== subnet.VpcId);
  if (stray)
    throw new AwsError(
      'InvalidParameter',
      `Security group ${stray.GroupId} and subnet ${subnet.SubnetId} belong to different networks.`,
    );
  return groups;
}

export function groupNamed(
  groups: readonly Ec2.SecurityGroup[],
  subnet: Pick<Ec2.Subnet, 'VpcId'>,
  name: string,
): Ec2.SecurityGroup {
  const group = groups.find(({ GroupName, VpcId }) => GroupName === name && VpcId === subnet.VpcId);
  if (!group)
    throw new AwsError('InvalidGroup.NotFound', `The security group '${name}' does not exist in VPC '${subnet.VpcId}'`);
  return group;
}
