/** Groups of users. */
import type * as Iam from '@aws-sdk/client-iam';
import { iamId } from '../../ids.ts';
import type { Operation, Operations } from '../../service.ts';
import type { AccountState } from '../../world.ts';
import type { GroupState } from '../iam-state.ts';
import {
  byName,
  deleteConflict,
  iamPage,
  limitExceeded,
  noSuchEntity,
  refuseTaken,
  requireGroup,
  requireName,
  requirePath,
  requireUser,
  underPath,
} from './common.ts';
import { policyConflict, policyOperations } from './identity-policies.ts';
import { userShape } from './users.ts';

/** IAM User Guide, "IAM and AWS STS quotas". */
const MOST_GROUPS = 10;

function shape(group: GroupState): Iam.Group {
  return {
    Path: group.path,
    GroupName: group.name,
    GroupId: group.id,
    Arn: group.arn,
    CreateDate: new Date(group.createDate),
  };
}

function membersOf({ iam }: AccountState, { name }: GroupState) {
  return byName(iam.users.filter(({ groupNames }) => groupNames.includes(name)));
}

const CreateGroup: Operation<Iam.CreateGroupRequest, Iam.CreateGroupResponse> = ({ account, now, random }, input) => {
  const name = requireName(input.GroupName, 'groupName', 128);
  const path = requirePath(input.Path);
  refuseTaken(account.iam.groups, name, `Group with name ${name} already exists.`);
  const group: GroupState = {
    name,
    path,
    arn: `arn:aws:iam::${account.id}:group${path}${name}`,
    id: iamId(random, 'AGPA'),
    createDate: now,
    attachedPolicyArns: [],
    inlinePolicies: {},
  };
  account.iam.groups.push(group);
  return { Group: shape(group) };
};

const GetGroup: Operation<Iam.GetGroupRequest, Iam.GetGroupResponse> = ({ account }, input) => {
  const group = requireGroup(account, input.GroupName);
  const { items, ...rest } = iamPage(membersOf(account, group), input);
  return { Group: shape(group), Users: items.map(userShape), ...rest };
};

const ListGroups: Operation<Iam.ListGroupsRequest, Iam.ListGroupsResponse> = ({ account }, input) => {
  const { items, ...rest } = iamPage(underPath(account.iam.groups, input.PathPrefix), input);
  return { Groups: items.map(shape), ...rest };
};

const UpdateGroup: Operation<Iam.UpdateGroupRequest, object> = ({ account }, input) => {
  const group = requireGroup(account, input.GroupName);
  const name = requireName(input.NewGroupName ?? group.name, 'newGroupName', 128);
  const path = requirePath(input.NewPath ?? group.path);
  const others = account.iam.groups.filter((each) => each !== group);
  refuseTaken(others, name, `Group with name ${name} already exists.`);
  for (const user of membersOf(account, group))
    user.groupNames = user.groupNames.map((each) => (each === group.name ? name : each));
  Object.assign(group, { name, path, arn: `arn:aws:iam::${account.id}:group${path}${name}` });
  return {};
};

const DeleteGroup: Operation<Iam.DeleteGroupRequest, object> = ({ account }, input) => {
  const group = requireGroup(account, input.GroupName);
  if (membersOf(account, group).length > 0)
    throw deleteConflict('Cannot delete entity, must remove users from group first.');
  const conflict = policyConflict(group);
  if (conflict !== undefined) throw deleteConflict(conflict);
  account.iam.groups = account.iam.groups.filter((each) => each !== group);
  return {};
};

const AddUserToGroup: Operation<Iam.AddUserToGroupRequest, object> = ({ account }, input) => {
  const user = requireUser(account, input.UserName);
  const { name } = requireGroup(account, input.GroupName);
  if (user.groupNames.includes(name)) return {};
  if (user.groupNames.length >= MOST_GROUPS) throw limitExceeded('GroupsPerUser', MOST_GROUPS);
  user.groupNames.push(name);
  return {};
};

const RemoveUserFromGroup: Operation<Iam.RemoveUserFromGroupRequest, object> = ({ account }, input) => {
  const { name } = requireGroup(account, input.GroupName);
  const user = requireUser(account, input.UserName);
  if (!user.groupNames.includes(name)) throw noSuchEntity(`User ${user.name} not in group ${name}`);
  user.groupNames = user.groupNames.filter((each) => each !== name);
  return {};
};

const ListGroupsForUser: Operation<Iam.ListGroupsForUserRequest, Iam.ListGroupsForUserResponse> = (
  { account },
  input,
) => {
  const { groupNames } = requireUser(account, input.UserName);
  const groups = byName(account.iam.groups.filter(({ name }) => groupNames.includes(name)));
  const { items, ...rest } = iamPage(groups, input);
  return { Groups: items.map(shape), ...rest };
};

export const groupOperations: Operations = {
  CreateGroup,
  GetGroup,
  ListGroups,
  UpdateGroup,
  DeleteGroup,
  AddUserToGroup,
  RemoveUserFromGroup,
  ListGroupsForUser,
  ...policyOperations('Group', requireGroup),
};
