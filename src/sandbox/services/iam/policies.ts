/** Customer managed policies and their versions; AWS's own can be read. */
import type * as Iam from '@aws-sdk/client-iam';
import { iamId } from '../../ids.ts';
import { AwsError, type Operation, type Operations } from '../../service.ts';
import type { AccountState } from '../../world.ts';
import type { IdentityState, PolicyState } from '../iam-state.ts';
import {
  deleteConflict,
  iamPage,
  noSuchEntity,
  refuseTaken,
  requireName,
  requirePath,
  underPath,
  violation,
} from './common.ts';
import { encodeDocument, requireDocument } from './documents.ts';
import { allPolicies, findPolicy } from './managed.ts';
import { tagList, tagOperations, tagsOf } from './tags.ts';

/** IAM User Guide, "Versioning IAM policies". */
const MOST_VERSIONS = 5;

function usersOf({ iam }: AccountState, { arn }: PolicyState) {
  const attached = (each: IdentityState) => each.attachedPolicyArns.includes(arn);
  const bounded = (each: { boundaryArn?: string }) => each.boundaryArn === arn;
  return {
    permissions: {
      roles: iam.roles.filter(attached),
      users: iam.users.filter(attached),
      groups: iam.groups.filter(attached),
    },
    boundary: { roles: iam.roles.filter(bounded), users: iam.users.filter(bounded), groups: [] },
  };
}

/** ListPolicies leaves description and tags out (IAM API Reference, ListPolicies). */
export function policyShape(account: AccountState, policy: PolicyState): Iam.Policy {
  const { permissions, boundary } = usersOf(account, policy);
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: permissions.roles.length + permissions.users.length + permissions.groups.length,
    PermissionsBoundaryUsageCount: boundary.roles.length + boundary.users.length,
    IsAttachable: true,
    CreateDate: new Date(policy.createDate),
    UpdateDate: new Date(policy.versions.at(-1)?.createDate ?? policy.createDate),
  };
}

function fullShape(account: AccountState, policy: PolicyState): Iam.Policy {
  const Tags = tagList(policy.tags);
  const { description } = policy;
  return { ...policyShape(account, policy), ...(description !== undefined && { Description: description }), Tags };
}

function requirePolicy(account: AccountState, arn: string | undefined): PolicyState {
  if (arn === undefined || !/^arn:[\w-]+:iam::(\d{12}|aws):policy\/.+$/.test(arn))
    throw new AwsError('InvalidInput', `ARN ${arn} is not valid.`);
  const policy = findPolicy(account, arn);
  if (!policy) throw noSuchEntity(`Policy ${arn} was not found.`);
  return policy;
}

/** AWS's own policies may be read, not changed. */
function requireOwn(account: AccountState, arn: string | undefined): PolicyState {
  const policy = requirePolicy(account, arn);
  if (!account.iam.policies.includes(policy))
    throw new AwsError('AccessDenied', `Policy ${arn} is managed by AWS and cannot be changed.`, 403);
  return policy;
}

const CreatePolicy: Operation<Iam.CreatePolicyRequest, Iam.CreatePolicyResponse> = (
  { account, now, random },
  input,
) => {
  const name = requireName(input.PolicyName, 'policyName', 128);
  const document = requireDocument(input.PolicyDocument, 'managed');
  const path = requirePath(input.Path);
  const arn = `arn:aws:iam::${account.id}:policy${path}${name}`;
  refuseTaken(account.iam.policies, name, `A policy called ${name} already exists. Duplicate names are not allowed.`);
  if (input.Description !== undefined && input.Description.length > 1000)
    throw violation(input.Description, 'description', 'must have length less than or equal to 1000');
  const policy: PolicyState = {
    name,
    arn,
    path,
    id: iamId(random, 'ANPA'),
    createDate: now,
    defaultVersionId: 'v1',
    versions: [{ id: 'v1', document, createDate: now }],
    versionsMade: 1,
    tags: tagsOf(input.Tags),
    ...(input.Description !== undefined && { description: input.Description }),
  };
  account.iam.policies.push(policy);
  return { Policy: { ...policyShape(account, policy), Tags: tagList(policy.tags) } };
};

const GetPolicy: Operation<Iam.GetPolicyRequest, Iam.GetPolicyResponse> = ({ account }, input) => ({
  Policy: fullShape(account, requirePolicy(account, input.PolicyArn)),
});

const ListPolicies: Operation<Iam.ListPoliciesRequest, Iam.ListPoliciesResponse> = ({ account }, input) => {
  const used = ({ AttachmentCount = 0, PermissionsBoundaryUsageCount = 0 }: Iam.Policy) => {
    if (input.PolicyUsageFilter === 'PermissionsBoundary') return PermissionsBoundaryUsageCount > 0;
    return input.PolicyUsageFilter === undefined || AttachmentCount > 0;
  };
  if (input.Scope !== undefined && !['All', 'AWS', 'Local'].includes(input.Scope))
    throw violation(input.Scope, 'scope', 'must satisfy enum value set: [All, AWS, Local]');
  const policies = underPath(allPolicies(account, input.Scope), input.PathPrefix)
    .map((policy) => policyShape(account, policy))
    .filter(({ AttachmentCount = 0 }) => !input.OnlyAttached || AttachmentCount > 0)
    .filter(used);
  const { items, ...rest } = iamPage(policies, input);
  return { Policies: items, ...rest };
};

/** One page over groups, users and roles together. */
const ListEntitiesForPolicy: Operation<Iam.ListEntitiesForPolicyRequest, Iam.ListEntitiesForPolicyResponse> = (
  { account },
  input,
) => {
  const { permissions, boundary } = usersOf(account, requirePolicy(account, input.PolicyArn));
  const { PolicyUsageFilter: usage, EntityFilter: kind } = input;
  const sources = [
    ...(usage === 'PermissionsBoundary' ? [] : [permissions]),
    ...(usage === 'PermissionsPolicy' ? [] : [boundary]),
  ];
  const chosen = (all: readonly IdentityState[], name: string) =>
    kind === undefined || kind === name ? underPath([...new Set(all)], input.PathPrefix) : [];
  const groups = chosen(
    sources.flatMap((each) => each.groups),
    'Group',
  );
  const users = chosen(
    sources.flatMap((each) => each.users),
    'User',
  );
  const roles = chosen(
    sources.flatMap((each) => each.roles),
    'Role',
  );
  const { items, ...rest } = iamPage([...groups, ...users, ...roles], input);
  return {
    PolicyGroups: groups
      .filter((each) => items.includes(each))
      .map(({ name, id }) => ({ GroupName: name, GroupId: id })),
    PolicyUsers: users.filter((each) => items.includes(each)).map(({ name, id }) => ({ UserName: name, UserId: id })),
    PolicyRoles: roles.filter((each) => items.includes(each)).map(({ name, id }) => ({ RoleName: name, RoleId: id })),
    ...rest,
  };
};

function versionShape(policy: PolicyState, version: PolicyState['versions'][number]): Iam.PolicyVersion {
  return {
    VersionId: version.id,
    IsDefaultVersion: version.id === policy.defaultVersionId,
    CreateDate: new Date(version.createDate),
  };
}

function requireVersion(policy: PolicyState, id: string | undefined) {
  if (id !== undefined && !/^v[1-9][0-9]*(\.[A-Za-z0-9-]*)?$/.test(id))
    throw violation(id, 'versionId', 'must satisfy regular expression pattern: v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?');
  const version = policy.versions.find((each) => each.id === id);
  if (!version) throw noSuchEntity(`Policy ${policy.arn} version ${id} does not exist or is not attachable.`);
  return version;
}

const GetPolicyVersion: Operation<Iam.GetPolicyVersionRequest, Iam.GetPolicyVersionResponse> = ({ account }, input) => {
  const policy = requirePolicy(account, input.PolicyArn);
  const version = requireVersion(policy, input.VersionId);
  return { PolicyVersion: { ...versionShape(policy, version), Document: encodeDocument(version.document) } };
};

const ListPolicyVersions: Operation<Iam.ListPolicyVersionsRequest, Iam.ListPolicyVersionsResponse> = (
  { account },
  input,
) => {
  const policy = requirePolicy(account, input.PolicyArn);
  const { items, ...rest } = iamPage(policy.versions.toReversed(), input);
  return { Versions: items.map((version) => versionShape(policy, version)), ...rest };
};

const CreatePolicyVersion: Operation<Iam.CreatePolicyVersionRequest, Iam.CreatePolicyVersionResponse> = (
  { account, now },
  input,
) => {
  const policy = requireOwn(account, input.PolicyArn);
  const document = requireDocument(input.PolicyDocument, 'managed');
  if (policy.versions.length >= MOST_VERSIONS)
    throw new AwsError(
      'LimitExceeded',
      'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
      409,
    );
  policy.versionsMade += 1;
  const version = { id: `v${policy.versionsMade}`, document, createDate: now };
  policy.versions.push(version);
  if (input.SetAsDefault) policy.defaultVersionId = version.id;
  return { PolicyVersion: versionShape(policy, version) };
};

const SetDefaultPolicyVersion: Operation<Iam.SetDefaultPolicyVersionRequest, object> = ({ account }, input) => {
  const policy = requireOwn(account, input.PolicyArn);
  policy.defaultVersionId = requireVersion(policy, input.VersionId).id;
  return {};
};

const DeletePolicyVersion: Operation<Iam.DeletePolicyVersionRequest, object> = ({ account }, input) => {
  const policy = requireOwn(account, input.PolicyArn);
  const version = requireVersion(policy, input.VersionId);
  if (version.id === policy.defaultVersionId) throw deleteConflict('Cannot delete the default version of a policy.');
  policy.versions = policy.versions.filter((each) => each !== version);
  return {};
};

const DeletePolicy: Operation<Iam.DeletePolicyRequest, object> = ({ account }, input) => {
  const policy = requireOwn(account, input.PolicyArn);
  const { AttachmentCount = 0, PermissionsBoundaryUsageCount = 0 } = policyShape(account, policy);
  if (AttachmentCount + PermissionsBoundaryUsageCount > 0)
    throw deleteConflict('Cannot delete a policy attached to entities.');
  if (policy.versions.length > 1)
    throw deleteConflict(
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
    );
  account.iam.policies = account.iam.policies.filter((each) => each !== policy);
  return {};
};

export const managedPolicyOperations: Operations = {
  CreatePolicy,
  GetPolicy,
  ListPolicies,
  ListEntitiesForPolicy,
  GetPolicyVersion,
  ListPolicyVersions,
  CreatePolicyVersion,
  SetDefaultPolicyVersion,
  DeletePolicyVersion,
  DeletePolicy,
  ...tagOperations<Iam.TagPolicyRequest>('Policy', ({ account }, input) => requireOwn(account, input.PolicyArn)),
};
