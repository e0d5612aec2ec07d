/** Instance profiles: what carries a role to an instance. */
import type * as Iam from '@aws-sdk/client-iam';
import { iamId } from '../../ids.ts';
import { AwsError, type Operation, type Operations } from '../../service.ts';
import type { AccountState, InstanceProfileState } from '../../world.ts';
import {
  alreadyExists,
  iamPage,
  noSuchEntity,
  requireName,
  requirePath,
  requireProfile,
  requireRole,
  tagList,
  tagsOf,
} from './common.ts';
import { roleShape } from './roles.ts';

function shape(account: AccountState, profile: InstanceProfileState): Iam.InstanceProfile {
  return {
    Path: profile.path,
    InstanceProfileName: profile.name,
    InstanceProfileId: profile.id,
    Arn: profile.arn,
    CreateDate: new Date(profile.createDate),
    Tags: tagList(profile.tags ?? {}),
    Roles: account.iam.roles.filter(({ name }) => profile.roleNames.includes(name)).map(roleShape),
  };
}

const CreateInstanceProfile: Operation<Iam.CreateInstanceProfileRequest, Iam.CreateInstanceProfileResponse> = (
  { account, now, random },
  input,
) => {
  const name = requireName(input.InstanceProfileName, 'instanceProfileName', 128);
  if (account.iam.instanceProfiles.some((profile) => profile.name === name))
    throw alreadyExists(`Instance Profile ${name} already exists.`);
  const path = requirePath(input.Path);
  const profile: InstanceProfileState = {
    name,
    path,
    arn: `arn:aws:iam::${account.id}:instance-profile${path}${name}`,
    id: iamId(random, 'AIPA'),
    createDate: now,
    roleNames: [],
    tags: tagsOf(input.Tags),
  };
  account.iam.instanceProfiles.push(profile);
  return { InstanceProfile: shape(account, profile) };
};

const GetInstanceProfile: Operation<Iam.GetInstanceProfileRequest, Iam.GetInstanceProfileResponse> = (
  { account },
  input,
) => ({
  InstanceProfile: shape(account, requireProfile(account, input.InstanceProfileName)),
});

const ListInstanceProfiles: Operation<Iam.ListInstanceProfilesRequest, Iam.ListInstanceProfilesResponse> = (
  { account },
  input,
) => {
  const { items, ...rest } = iamPage(account.iam.instanceProfiles, input);
  return { InstanceProfiles: items.map((profile) => shape(account, profile)), ...rest };
};

const ListInstanceProfilesForRole: Operation<
  Iam.ListInstanceProfilesForRoleRequest,
  Iam.ListInstanceProfilesForRoleResponse
> = ({ account }, input) => {
  const role = requireRole(account, input.RoleName);
  const having = account.iam.instanceProfiles.filter(({ roleNames }) => roleNames.includes(role.name));
  const { items, ...rest } = iamPage(having, input);
  return { InstanceProfiles: items.map((profile) => shape(account, profile)), ...rest };
};

const AddRoleToInstanceProfile: Operation<Iam.AddRoleToInstanceProfileRequest, object> = ({ account }, input) => {
  const profile = requireProfile(account, input.InstanceProfileName);
  const role = requireRole(account, input.RoleName);
  if (profile.roleNames.length > 0)
    throw new AwsError('LimitExceeded', 'Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1', 409);
  profile.roleNames.push(role.name);
  return {};
};

const RemoveRoleFromInstanceProfile: Operation<Iam.RemoveRoleFromInstanceProfileRequest, object> = (
  { account },
  input,
) => {
  const profile = requireProfile(account, input.InstanceProfileName);
  if (!profile.roleNames.includes(input.RoleName ?? ''))
    throw noSuchEntity(`The role with name ${input.RoleName} cannot be found.`);
  profile.roleNames = [];
  return {};
};

const DeleteInstanceProfile: Operation<Iam.DeleteInstanceProfileRequest, object> = ({ account }, input) => {
  const profile = requireProfile(account, input.InstanceProfileName);
  if (profile.roleNames.length > 0)
    throw new AwsError('DeleteConflict', 'Cannot delete entity, must remove roles from instance profile first.', 409);
  account.iam.instanceProfiles = account.iam.instanceProfiles.filter((each) => each !== profile);
  return {};
};

export const profileOperations: Operations = {
  CreateInstanceProfile,
  GetInstanceProfile,
  ListInstanceProfiles,
  ListInstanceProfilesForRole,
  AddRoleToInstanceProfile,
  RemoveRoleFromInstanceProfile,
  DeleteInstanceProfile,
};
