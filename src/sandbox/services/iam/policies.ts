/** Customer managed policies and their versions; AWS's own can be read. */
import type * as Iam from '@aws-sdk/client-iam';
import { iamId } from '../../ids.ts';
import { AwsError, type Operation, type Operations } from '../../service.ts';
import type { AccountState, PolicyState } from '../../world.ts';
import { alreadyExists, iamPage, noSuchEntity, requireName, requirePath, tagList, tagsOf } from './common.ts';
import { encodeDocument, requireDocument } from './documents.ts';
import { allPolicies, findPolicy } from './managed.ts';

/** IAM User Guide, "Versioning IAM policies". */
const MOST_VERSIONS = 5;

function shape(account: AccountState, policy: PolicyState): Iam.Policy {
  const tags = tagList(policy.tags);
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: account.iam.roles.filter((role) => role.attachedPolicyArns.includes(policy.arn)).length,
    PermissionsBoundaryUsageCount: account.iam.roles.filter((role) => role.boundaryArn === policy.arn).length,
    IsAttachable: true,
    CreateDate: new Date(policy.createDate),
    UpdateDate: new Date(policy.versions.at(-1)?.createDate ?? policy.createDate),
    ...(tags.length > 0 && { Tags: tags }),
  };
}

function requirePolicy(account: AccountState, arn: string | undefined): PolicyState {
  const policy = arn === undefined ? undefined : findPolicy(account, arn);
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
  const document = requireDocument(input.PolicyDocument);
  const path = requirePath(input.Path);
  const arn = `arn:aws:iam::${account.id}:policy${path}${name}`;
  if (account.iam.policies.some((policy) => policy.name.toLowerCase() === name.toLowerCase()))
    throw alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
  const policy: PolicyState = {
    name,
    arn,
    path,
    id: iamId(random, 'ANPA'),
    createDate: now,
    defaultVersionId: 'v1',
    versions: [{ id: 'v1', document, createDate: now }],
    tags: tagsOf(input.Tags),
  };
  account.iam.policies.push(policy);
  return { Policy: shape(account, policy) };
};

const GetPolicy: Operation<Iam.GetPolicyRequest, Iam.GetPolicyResponse> = ({ account }, input) => ({
  Policy: shape(account, requirePolicy(account, input.PolicyArn)),
});

const ListPolicies: Operation<Iam.ListPoliciesRequest, Iam.ListPoliciesResponse> = ({ account }, input) => {
  const policies = allPolicies(account, input.Scope)
    .filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'))
    .map((policy) => shape(account, policy))
    .filter(({ AttachmentCount = 0 }) => !input.OnlyAttached || AttachmentCount > 0);
  const { items, ...rest } = iamPage(policies, input);
  return { Policies: items, ...rest };
};

function versionShape(policy: PolicyState, version: PolicyState['versions'][number]): Iam.PolicyVersion {
  return {
    VersionId: version.id,
    IsDefaultVersion: version.id === policy.defaultVersionId,
    CreateDate: new Date(version.createDate),
  };
}

function requireVersion(policy: PolicyState, id: string | undefined) {
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
  const document = requireDocument(input.PolicyDocument);
  if (policy.versions.length >= MOST_VERSIONS)
    throw new AwsError(
      'LimitExceeded',
      'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
      409,
    );
  const newest = Math.max(...policy.versions.map(({ id }) => Number(id.slice(1))));
  const version = { id: `v${newest + 1}`, document, createDate: now };
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
  if (version.id === policy.defaultVersionId)
    throw new AwsError('DeleteConflict', 'Cannot delete the default version of a policy.', 409);
  policy.versions = policy.versions.filter((each) => each !== version);
  return {};
};

const DeletePolicy: Operation<Iam.DeletePolicyRequest, object> = ({ account }, input) => {
  const policy = requireOwn(account, input.PolicyArn);
  if (
    account.iam.roles.some(
      ({ attachedPolicyArns, boundaryArn }) => attachedPolicyArns.includes(policy.arn) || boundaryArn === policy.arn,
    )
  )
    throw new AwsError('DeleteConflict', 'Cannot delete a policy attached to entities.', 409);
  if (policy.versions.length > 1)
    throw new AwsError(
      'DeleteConflict',
      'This policy has more than one version. Before you delete a policy, you must delete all the policy versions except the default version.',
      409,
    );
  account.iam.policies = account.iam.policies.filter((each) => each !== policy);
  return {};
};

export const policyOperations: Operations = {
  CreatePolicy,
  GetPolicy,
  ListPolicies,
  GetPolicyVersion,
  ListPolicyVersions,
  CreatePolicyVersion,
  SetDefaultPolicyVersion,
  DeletePolicyVersion,
  DeletePolicy,
};
