/** Attributes of an instance; some are those of its only network interface. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import type { Operation, Operations } from '../../service.ts';
import { invalidValue, requireInstance } from './common.ts';
import { refreshInstance } from './instance-view.ts';
import { groupsFor } from './interface-groups.ts';
import { namesOf, requireOnlyInterface } from './interfaces.ts';

const ModifyInstanceAttribute: Operation<Ec2.ModifyInstanceAttributeRequest, object> = (request, input) => {
  const { ec2 } = request.region;
  const instance = requireInstance(request, input.InstanceId);
  if (input.Groups === undefined && input.SourceDestCheck === undefined) return {};
  const only = requireOnlyInterface(ec2, instance);
  const groups = input.Groups && namesOf(groupsFor(request, input.Groups, only));
  only.Groups = groups ?? only.Groups;
  only.SourceDestCheck = input.SourceDestCheck?.Value ?? only.SourceDestCheck;
  refreshInstance(ec2, instance);
  return {};
};

const DescribeInstanceAttribute: Operation<Ec2.DescribeInstanceAttributeRequest, Ec2.InstanceAttribute> = (
  request,
  { InstanceId, Attribute },
) => {
  const { ec2 } = request.region;
  const instance = requireInstance(request, InstanceId);
  switch (Attribute) {
    case 'disableApiTermination':
      return { InstanceId, DisableApiTermination: { Value: false } };
    case 'groupSet':
      return { InstanceId, Groups: instance.SecurityGroups };
    case 'instanceType':
      return { InstanceId, InstanceType: { Value: instance.InstanceType } };
    case 'sourceDestCheck':
      return { InstanceId, SourceDestCheck: { Value: requireOnlyInterface(ec2, instance).SourceDestCheck } };
    case 'userData':
      return { InstanceId, UserData: { Value: ec2.userData?.[InstanceId ?? ''] } };
    default:
      throw invalidValue('attribute', Attribute ?? '', 'The sandbox does not keep this attribute.');
  }
};

export const instanceAttributeOperations: Operations = { ModifyInstanceAttribute, DescribeInstanceAttribute };
