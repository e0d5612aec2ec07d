/** Instance profiles on instances. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { InstanceProfileState } from '../iam-state.ts';
import { invalidValue, list, missingParameter, notFound, requireInstance } from './common.ts';

export function profileOf(
  { account }: Request,
  { Name, Arn }: Ec2.IamInstanceProfileSpecification,
): InstanceProfileState {
  if (Name !== undefined && Arn !== undefined)
    throw new AwsError(
      'InvalidParameterCombination',
      "The parameter 'iamInstanceProfile.name' may not be used in combination with 'iamInstanceProfile.arn'",
    );
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

/** It takes a moment until the instance has it (EC2 API Reference, AssociateIamInstanceProfile). */
const ASSOCIATING_MS = 2000;

function told(association: Ec2.IamInstanceProfileAssociation, now: number): Ec2.IamInstanceProfileAssociation {
  const age = now - (association.Timestamp?.getTime() ?? 0);
  return { ...association, State: age < ASSOCIATING_MS ? 'associating' : 'associated' };
}

const AssociateIamInstanceProfile: Operation<
  Ec2.AssociateIamInstanceProfileRequest,
  Ec2.AssociateIamInstanceProfileResult
> = (request, input) => {
  const instance = requireInstance(request, input.InstanceId);
  const profile = profileOf(request, input.IamInstanceProfile ?? {});
  requireLiving(instance);
  if (instance.IamInstanceProfile)
    throw new AwsError('IncorrectState', `There is an existing association for instance ${instance.InstanceId}`);
  const { Timestamp: _at, ...made } = told(associateProfile(request, instance, profile), request.now);
  return { IamInstanceProfileAssociation: made };
};

function requireLiving({ InstanceId, State }: Ec2.Instance): void {
  if (['shutting-down', 'terminated'].includes(State?.Name ?? ''))
    throw new AwsError(
      'IncorrectInstanceState',
      `The instance '${InstanceId}' is not in the 'running' or 'stopped' states.`,
    );
}

function requireAssociation({ region }: Request, id: string | undefined): Ec2.IamInstanceProfileAssociation {
  if (id === undefined) throw missingParameter('AssociationId');
  const association = region.ec2.iamProfileAssociations.find(({ AssociationId }) => AssociationId === id);
  if (!association)
    throw new AwsError('InvalidAssociationID.NotFound', `An invalid association-id of '${id}' was given`);
  return association;
}

/** Takes an association away. @returns The instance that it was with. */
function endAssociation({ region }: Request, association: Ec2.IamInstanceProfileAssociation): Ec2.Instance | undefined {
  const { ec2 } = region;
  ec2.iamProfileAssociations = ec2.iamProfileAssociations.filter((each) => each !== association);
  const instance = ec2.instances.find(({ InstanceId }) => InstanceId === association.InstanceId);
  if (instance) delete instance.IamInstanceProfile;
  return instance;
}

const DisassociateIamInstanceProfile: Operation<
  Ec2.DisassociateIamInstanceProfileRequest,
  Ec2.DisassociateIamInstanceProfileResult
> = (request, input) => {
  const association = requireAssociation(request, input.AssociationId);
  endAssociation(request, association);
  const { Timestamp: _at, ...ended } = association;
  return { IamInstanceProfileAssociation: { ...ended, State: 'disassociating' } };
};

/** The new association has an id of its own. */
const ReplaceIamInstanceProfileAssociation: Operation<
  Ec2.ReplaceIamInstanceProfileAssociationRequest,
  Ec2.ReplaceIamInstanceProfileAssociationResult
> = (request, input) => {
  const before = requireAssociation(request, input.AssociationId);
  const profile = profileOf(request, input.IamInstanceProfile ?? {});
  const instance = endAssociation(request, before);
  if (!instance) throw notFound('i', before.InstanceId ?? '');
  const { Timestamp: _at, ...made } = told(associateProfile(request, instance, profile), request.now);
  return { IamInstanceProfileAssociation: made };
};

const DescribeIamInstanceProfileAssociations: Operation<
  Ec2.DescribeIamInstanceProfileAssociationsRequest,
  Ec2.DescribeIamInstanceProfileAssociationsResult
> = (request, input) => {
  const ids = input.AssociationIds ?? [];
  const all = request.region.ec2.iamProfileAssociations;
  const chosen = ids.length === 0 ? all : ids.map((id) => requireAssociation(request, id));
  const { items, ...rest } = list(
    chosen.map((each) => ({ ...told(each, request.now), Tags: [] })),
    input,
    {
      idOf: ({ AssociationId }) => AssociationId,
      prefix: 'iip-assoc',
      filters: { 'instance-id': ({ InstanceId }) => InstanceId, state: ({ State }) => State },
    },
  );
  return {
    IamInstanceProfileAssociations: items.map(({ Tags: _none, Timestamp: _at, ...association }) => association),
    ...rest,
  };
};

export const profileOperations: Operations = {
  AssociateIamInstanceProfile,
  DisassociateIamInstanceProfile,
  ReplaceIamInstanceProfileAssociation,
  DescribeIamInstanceProfileAssociations,
};
