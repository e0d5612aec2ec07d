/** IAM roles and their policies. */
import type * as Iam from '@aws-sdk/client-iam';
import { iamId } from '../../ids.ts';
import { AwsError, type Operation, type Operations } from '../../service.ts';
import type { AccountState, RoleState } from '../../world.ts';
import {
  alreadyExists,
  iamPage,
  noSuchEntity,
  requireName,
  requirePath,
  requireRole,
  tagList,
  tagsOf,
} from './common.ts';
import { encodeDocument, requireDocument, requireTrustPolicy } from './documents.ts';
import { findPolicy } from './managed.ts';

const HOUR_SECONDS = 3600;

export function roleShape(role: RoleState): Iam.Role {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: new Date(role.createDate),
    AssumeRolePolicyDocument: encodeDocument(role.trustPolicy),
    ...(role.description !== undefined && { Description: role.description }),
    MaxSessionDuration: role.maxSessionDuration,
  };
}

/** ListRoles leaves boundary and tags out (IAM API Reference, ListRoles). */
function fullShape(role: RoleState): Iam.Role {
  const tags = tagList(role.tags);
  return {
    ...roleShape(role),
    ...(role.boundaryArn !== undefined && {
      PermissionsBoundary: {
        PermissionsBoundaryType: 'PermissionsBoundaryPolicy' as const,
        PermissionsBoundaryArn: role.boundaryArn,
      },
    }),
    ...(tags.length > 0 && { Tags: tags }),
  };
}

const CreateRole: Operation<Iam.CreateRoleRequest, Iam.CreateRoleResponse> = ({ account, now, random }, input) => {
  const name = requireName(input.RoleName, 'roleName', 64);
  const trustPolicy = requireTrustPolicy(input.AssumeRolePolicyDocument);
  if (account.iam.roles.some((role) => role.name.toLowerCase() === name.toLowerCase()))
    throw alreadyExists(`Role with name ${name} already exists.`);
  if (input.PermissionsBoundary !== undefined) requirePolicy(account, input.PermissionsBoundary);
  const path = requirePath(input.Path);
  const role: RoleState = {
    name,
    path,
    arn: `arn:aws:iam::${account.id}:role${path}${name}`,
    id: iamId(random, 'AROA'),
    createDate: now,
    ...(input.Description !== undefined && { description: input.Description }),
    maxSessionDuration: input.MaxSessionDuration ?? HOUR_SECONDS,
    trustPolicy,
    ...(input.PermissionsBoundary !== undefined && { boundaryArn: input.PermissionsBoundary }),
    attachedPolicyArns: [],
    inlinePolicies: {},
    tags: tagsOf(input.Tags),
  };
  account.iam.roles.push(role);
  return { Role: fullShape(role) };
};

const GetRole: Operation<Iam.GetRoleRequest, Iam.GetRoleResponse> = ({ account }, input) => ({
  Role: fullShape(requireRole(account, input.RoleName)),
});

const ListRoles: Operation<Iam.ListRolesRequest, Iam.ListRolesResponse> = ({ account }, input) => {
  const roles = account.iam.roles.filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'));
  const { items, ...rest } = iamPage(
    roles.toSorted((a, b) => a.name.localeCompare(b.name)),
    input,
  );
  return { Roles: items.map(roleShape), ...rest };
};

const DeleteRole: Operation<Iam.DeleteRoleRequest, object> = ({ account }, input) => {
  const role = requireRole(account, input.RoleName);
  if (account.iam.instanceProfiles.some(({ roleNames }) => roleNames.includes(role.name)))
    throw deleteConflict('must remove roles from instance profile first.');
  if (role.attachedPolicyArns.length > 0) throw deleteConflict('must detach all policies first.');
  if (Object.keys(role.inlinePolicies).length > 0) throw deleteConflict('must delete policies first.');
  account.iam.roles = account.iam.roles.filter((each) => each !== role);
  return {};
};

function deleteConflict(what: string): AwsError {
  return new AwsError('DeleteConflict', `Cannot delete entity, ${what}`, 409);
}

const UpdateAssumeRolePolicy: Operation<Iam.UpdateAssumeRolePolicyRequest, object> = ({ account }, input) => {
  requireRole(account, input.RoleName).trustPolicy = requireTrustPolicy(input.PolicyDocument);
  return {};
};

function requirePolicy(account: AccountState, arn: string | undefined): string {
  if (arn === undefined || !findPolicy(account, arn))
    throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
  return arn;
}

const AttachRolePolicy: Operation<Iam.AttachRolePolicyRequest, object> = ({ account }, input) => {
  const role = requireRole(account, input.RoleName);
  const arn = requirePolicy(account, input.PolicyArn);
  if (!role.attachedPolicyArns.includes(arn)) role.attachedPolicyArns.push(arn);
  return {};
};

const DetachRolePolicy: Operation<Iam.DetachRolePolicyRequest, object> = ({ account }, input) => {
  const role = requireRole(account, input.RoleName);
  if (!role.attachedPolicyArns.includes(input.PolicyArn ?? ''))
    throw noSuchEntity(`Policy ${input.PolicyArn} was not found.`);
  role.attachedPolicyArns = role.attachedPolicyArns.filter((arn) => arn !== input.PolicyArn);
  return {};
};

const ListAttachedRolePolicies: Operation<Iam.ListAttachedRolePoliciesRequest, Iam.ListAttachedRolePoliciesResponse> = (
  { account },
  input,
) => {
  const role = requireRole(account, input.RoleName);
  const { items, ...rest } = iamPage(role.attachedPolicyArns, input);
  return { AttachedPolicies: items.map((arn) => ({ PolicyArn: arn, PolicyName: arn.split('/').at(-1) })), ...rest };
};

const PutRolePolicy: Operation<Iam.PutRolePolicyRequest, object> = ({ account }, input) => {
  const name = requireName(input.PolicyName, 'policyName', 128);
  const role = requireRole(account, input.RoleName);
  // A policy may be called `__proto__`: a name of its own in an object literal, not in an assignment.
  role.inlinePolicies = { ...role.inlinePolicies, [name]: requireDocument(input.PolicyDocument) };
  return {};
};

const GetRolePolicy: Operation<Iam.GetRolePolicyRequest, Iam.GetRolePolicyResponse> = ({ account }, input) => {
  const role = requireRole(account, input.RoleName);
  const document = inlineOf(role, input.PolicyName);
  return { RoleName: role.name, PolicyName: input.PolicyName, PolicyDocument: encodeDocument(document) };
};

const ListRolePolicies: Operation<Iam.ListRolePoliciesRequest, Iam.ListRolePoliciesResponse> = ({ account }, input) => {
  const { items, ...rest } = iamPage(Object.keys(requireRole(account, input.RoleName).inlinePolicies), input);
  return { PolicyNames: items, ...rest };
};

const DeleteRolePolicy: Operation<Iam.DeleteRolePolicyRequest, object> = ({ account }, input) => {
  const role = requireRole(account, input.RoleName);
  inlineOf(role, input.PolicyName);
  delete role.inlinePolicies[input.PolicyName ?? ''];
  return {};
};

function inlineOf(role: RoleState, name = ''): string {
  const document = Object.hasOwn(role.inlinePolicies, name) ? role.inlinePolicies[name] : undefined;
  if (document === undefined) throw noSuchEntity(`The role policy with name ${name} cannot be found.`);
  return document;
}

const PutRolePermissionsBoundary: Operation<Iam.PutRolePermissionsBoundaryRequest, object> = ({ account }, input) => {
  requireRole(account, input.RoleName).boundaryArn = requirePolicy(account, input.PermissionsBoundary);
  return {};
};

const DeleteRolePermissionsBoundary: Operation<Iam.DeleteRolePermissionsBoundaryRequest, object> = (
  { account },
  input,
) => {
  const role = requireRole(account, input.RoleName);
  if (role.boundaryArn === undefined) throw noSuchEntity(`Role ${role.name} does not have a permissions boundary.`);
  delete role.boundaryArn;
  return {};
};

export const roleOperations: Operations = {
  CreateRole,
  GetRole,
  ListRoles,
  DeleteRole,
  UpdateAssumeRolePolicy,
  AttachRolePolicy,
  DetachRolePolicy,
  ListAttachedRolePolicies,
  PutRolePolicy,
  GetRolePolicy,
  ListRolePolicies,
  DeleteRolePolicy,
  PutRolePermissionsBoundary,
  DeleteRolePermissionsBoundary,
};
