/** Instance profiles: what carries a role to an instance. */
import type * as Iam from '@aws-sdk/client-iam';
import { iamId } from '../../ids.ts';
import type { Operation, Operations } from '../../service.ts';
import type { AccountState } from '../../world.ts';
import type { InstanceProfileState } from '../iam-state.ts';
import {
  deleteConflict,
  iamPage,
  limitExceeded,
  noSuchEntity,
  refuseTaken,
  requireName,
  requirePath,
  requireProfile,
  requireRole,
  underPath,
} from './common.ts';
import { refuseServiceLinked, roleShape } from './roles.ts';
import { tagList, tagOperations, tagsOf } from './tags.ts';

export function profileShape(account: AccountState, profile: InstanceProfileState): Iam.InstanceProfile {
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
  refuseTaken(account.iam.instanceProfiles, name, `Instance Profile ${name} already exists.`);
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
  return { InstanceProfile: profileShape(account, profile) };
};

const GetInstanceProfile: Operation<Iam.GetInstanceProfileRequest, Iam.GetInstanceProfileResponse> = (
  { account },
  input,
) => ({
  InstanceProfile: profileShape(account, requireProfile(account, input.InstanceProfileName)),
});

const ListInstanceProfiles: Operation<Iam.ListInstanceProfilesRequest, Iam.ListInstanceProfilesResponse> = (
  { account },
  input,
) => {
  const { items, ...rest } = iamPage(underPath(account.iam.instanceProfiles, input.PathPrefix), input);
  return { InstanceProfiles: items.map((profile) => profileShape(account, profile)), ...rest };
};

const ListInstanceProfilesForRole: Operation<
  Iam.ListInstanceProfilesForRoleRequest,
  Iam.ListInstanceProfilesForRoleResponse
> = ({ account }, input) => {
  const role = requireRole(account, input.RoleName);
  const having = account.iam.instanceProfiles.filter(({ roleNames }) => roleNames.includes(role.name));
  const { items, ...rest } = iamPage(having, input);
  return { InstanceProfiles: items.map((profile) => profileShape(account, profile)), ...rest };
};

const AddRoleToInstanceProfile: Operation<Iam.AddRoleToInstanceProfileRequest, object> = ({ account }, input) => {
  const profile = requireProfile(account, input.InstanceProfileName);
  const role = requireRole(account, input.RoleName);
  refuseServiceLinked(role);
  if (profile.roleNames.length > 0) throw limitExceeded('InstanceSessionsPerInstanceProfile', 1);
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
    throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.');
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
  ...tagOperations<Iam.TagInstanceProfileRequest>('InstanceProfile', ({ account }, input) =>
    requireProfile(account, input.InstanceProfileName),
  ),
};
