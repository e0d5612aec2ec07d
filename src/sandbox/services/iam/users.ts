/** IAM users. */
import type * as Iam from '@aws-sdk/client-iam';
import { iamId } from '../../ids.ts';
import type { Operation, Operations, Request } from '../../service.ts';
import type { UserState } from '../iam-state.ts';
import { keysOf, requireCallersName } from './access-keys.ts';
import { deleteConflict, iamPage, refuseTaken, requireName, requirePath, requireUser, underPath } from './common.ts';
import {
  boundaryOperations,
  boundaryShape,
  policyConflict,
  policyOperations,
  requireBoundary,
} from './identity-policies.ts';
import { tagList, tagOperations, tagsOf } from './tags.ts';
import { renamePrincipal } from './trust-principals.ts';

export function userShape(user: UserState): Iam.User {
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: user.arn,
    CreateDate: new Date(user.createDate),
  };
}

/** ListUsers leaves boundary and tags out (IAM API Reference, ListUsers). */
function fullShape(user: UserState): Iam.User {
  const tags = tagList(user.tags);
  return { ...userShape(user), ...boundaryShape(user), ...(tags.length > 0 && { Tags: tags }) };
}

const CreateUser: Operation<Iam.CreateUserRequest, Iam.CreateUserResponse> = ({ account, now, random }, input) => {
  const name = requireName(input.UserName, 'userName', 64);
  const path = requirePath(input.Path);
  refuseTaken(account.iam.users, name, `User with name ${name} already exists.`);
  const user: UserState = {
    name,
    path,
    arn: `arn:aws:iam::${account.id}:user${path}${name}`,
    id: iamId(random, 'AIDA'),
    createDate: now,
    ...(input.PermissionsBoundary !== undefined && {
      boundaryArn: requireBoundary(account, input.PermissionsBoundary),
    }),
    groupNames: [],
    attachedPolicyArns: [],
    inlinePolicies: {},
    tags: tagsOf(input.Tags),
  };
  account.iam.users.push(user);
  return { User: fullShape(user) };
};

/** Without a name: the user who asks; the account's root is shown as a user as well. */
const GetUser: Operation<Iam.GetUserRequest, Iam.GetUserResponse> = (request, input) => {
  const { account } = request;
  const name = input.UserName ?? requireCallersName(request);
  if (name !== undefined) return { User: fullShape(requireUser(account, name)) };
  const root = `arn:aws:iam::${account.id}:root`;
  const User = { Path: '/', UserName: undefined, UserId: account.id, Arn: root, CreateDate: new Date(0) };
  return { User };
};

const ListUsers: Operation<Iam.ListUsersRequest, Iam.ListUsersResponse> = ({ account }, input) => {
  const { items, ...rest } = iamPage(underPath(account.iam.users, input.PathPrefix), input);
  return { Users: items.map(userShape), ...rest };
};

const UpdateUser: Operation<Iam.UpdateUserRequest, object> = ({ world, account }, input) => {
  const user = requireUser(account, input.UserName);
  const name = requireName(input.NewUserName ?? user.name, 'newUserName', 64);
  const path = requirePath(input.NewPath ?? user.path);
  const others = account.iam.users.filter((each) => each !== user);
  refuseTaken(others, name, `User with name ${name} already exists.`);
  const arn = `arn:aws:iam::${account.id}:user${path}${name}`;
  renamePrincipal(world, user.arn, arn);
  Object.assign(user, { name, path, arn });
  return {};
};

const DeleteUser: Operation<Iam.DeleteUserRequest, object> = ({ account, world }, input) => {
  const user = requireUser(account, input.UserName);
  if (user.groupNames.length > 0) throw deleteConflict('Cannot delete entity, must remove users from group first.');
  const conflict = policyConflict(user);
  if (conflict !== undefined) throw deleteConflict(conflict);
  if (keysOf(world, user).length > 0) throw deleteConflict('Cannot delete entity, must delete access keys first.');
  account.iam.users = account.iam.users.filter((each) => each !== user);
  renamePrincipal(world, user.arn, user.id);
  return {};
};

const find = ({ account }: Request, input: { UserName?: string | undefined }) => requireUser(account, input.UserName);

export const userOperations: Operations = {
  CreateUser,
  GetUser,
  ListUsers,
  UpdateUser,
  DeleteUser,
  ...policyOperations('User', requireUser),
  ...boundaryOperations<Iam.PutUserPermissionsBoundaryRequest>('User', find),
  ...tagOperations<Iam.TagUserRequest>('User', find),
};
