/** What RunInstances is asked on: everything that it makes and uses (EC2 User Guide, "Launch instances (RunInstances)"). */
import type { Request } from '../service.ts';
import { imageIdOf } from '../services/ec2/images.ts';
import { type Input, members, text, texts } from './demands.ts';

/** `TYPE/ID`, or `TYPE/*` for what is made. */
export function launchDemands(input: Input, { region: { ec2 } }: Request): readonly string[] {
  const specified: unknown[] = Array.isArray(input.NetworkInterfaces) ? input.NetworkInterfaces : [];
  const interfaces = specified.map(members);
  const given = interfaces.flatMap(({ NetworkInterfaceId }) => texts(NetworkInterfaceId));
  const vpc = ec2.vpcs.find(({ IsDefault }) => IsDefault)?.VpcId;
  const subnets = [...texts(input.SubnetId), ...interfaces.flatMap(({ SubnetId }) => texts(SubnetId))];
  const subnet = ec2.subnets.find(({ SubnetId, VpcId, DefaultForAz }) =>
    subnets.length > 0 ? SubnetId === subnets[0] : DefaultForAz && VpcId === vpc,
  );
  const named = ec2.securityGroups.filter(
    ({ GroupName, VpcId }) => VpcId === (subnet?.VpcId ?? vpc) && texts(input.SecurityGroups).includes(GroupName ?? ''),
  );
  const groups = [
    ...texts(input.SecurityGroupIds),
    ...interfaces.flatMap(({ Groups }) => texts(Groups)),
    ...named.flatMap(({ GroupId }) => GroupId ?? []),
  ];
  const fallback = ec2.securityGroups.find(
    ({ GroupName, VpcId }) => GroupName === 'default' && VpcId === subnet?.VpcId,
  )?.GroupId;
  const keyName = text(input.KeyName);
  return [
    'instance/*',
    ...texts(input.ImageId).map((id) => `image/${imageIdOf(id) ?? '*'}`),
    ...(given.length > 0 ? given.map((id) => `network-interface/${id}`) : ['network-interface/*']),
    ...(subnets.length > 0 ? subnets : texts(subnet?.SubnetId)).map((id) => `subnet/${id}`),
    ...(groups.length > 0 ? groups : texts(fallback)).map((id) => `security-group/${id}`),
    ...(keyName === undefined ? [] : [`key-pair/${keyName}`]),
    'volume/*',
  ];
}
