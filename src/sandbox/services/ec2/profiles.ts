/** Instance profiles on instances. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { InstanceProfileState } from '../../world.ts';
import { invalidValue, list, requireInstance, requireOne } from './common.ts';

export function profileOf(
  { account }: Request,
  { Name, Arn }: Ec2.IamInstanceProfileSpecification,
): InstanceProfileState {
  const profile = account.iam.instanceProfiles.find(({ name, arn }) => name === Name || arn === Arn);
  if (!profile)
    throw Arn === undefined
      ? invalidValue('iamInstanceProfile.name', Name ?? '', 'Invalid IAM Instance Profile name')
      : invalidValue('iamInstanceProfile.arn', Arn, 'Invalid IAM Instance Profile ARN');
  return profile;
}

export function associateProfile(
  { region, now, random }: Request,
  instance: Ec2.Instance,
  profile: InstanceProfileState,
) {
  const association: Ec2.IamInstanceProfileAssociation = {
    AssociationId: resourceId(random, 'iip-assoc'),
    InstanceId: instance.InstanceId,
    IamInstanceProfile: { Arn: profile.arn, Id: profile.id },
    State: 'associated',
    Timestamp: new Date(now),
  };
  region.ec2.iamProfileAssociations.push(association);
  instance.IamInstanceProfile = { Arn: profile.arn, Id: profile.id };
  return association;
}

const AssociateIamInstanceProfile: Operation<
  Ec2.AssociateIamInstanceProfileRequest,
  Ec2.AssociateIamInstanceProfileResult
> = (request, input) => {
  const instance = requireInstance(request, input.InstanceId);
  const profile = profileOf(request, input.IamInstanceProfile ?? {});
  if (instance.IamInstanceProfile)
    throw new AwsError('IncorrectState', `There is an existing association for instance ${instance.InstanceId}`);
  return { IamInstanceProfileAssociation: associateProfile(request, instance, profile) };
};

const DisassociateIamInstanceProfile: Operation<
  Ec2.DisassociateIamInstanceProfileRequest,
  Ec2.DisassociateIamInstanceProfileResult
> = (request, input) => {
  const { ec2 } = request.region;
  const association = requireOne(
    ec2.iamProfileAssociations,
    ({ AssociationId }) => AssociationId,
    input.AssociationId,
    'iip-assoc',
  );
  ec2.iamProfileAssociations = ec2.iamProfileAssociations.filter((each) => each !== association);
  const instance = ec2.instances.find(({ InstanceId }) => InstanceId === association.InstanceId);
  if (instance) delete instance.IamInstanceProfile;
  return { IamInstanceProfileAssociation: { ...association, State: 'disassociating' } };
};

const DescribeIamInstanceProfileAssociations: Operation<
  Ec2.DescribeIamInstanceProfileAssociationsRequest,
  Ec2.DescribeIamInstanceProfileAssociationsResult
> = ({ region }, input) => {
  const tagged = region.ec2.iamProfileAssociations.map((each) => ({ ...each, Tags: [] }));
  const { items, ...rest } = list(tagged, input, {
    ids: input.AssociationIds,
    idOf: ({ AssociationId }) => AssociationId,
    prefix: 'iip-assoc',
    filters: { 'instance-id': ({ InstanceId }) => InstanceId, state: ({ State }) => State },
  });
  return { IamInstanceProfileAssociations: items, ...rest };
};

export const profileOperations: Operations = {
  AssociateIamInstanceProfile,
  DisassociateIamInstanceProfile,
  DescribeIamInstanceProfileAssociations,
};
