/** What IAM says of the account as a whole: alias, summary, and everything at once. */
import type * as Iam from '@aws-sdk/client-iam';
import { AwsError, type Operation, type Operations } from '../../service.ts';
import type { AccountState } from '../../world.ts';
import type { IdentityState, PolicyState } from '../iam-state.ts';
import { iamPage, noSuchEntity, violation } from './common.ts';
import { encodeDocument } from './documents.ts';
import { boundaryShape } from './identity-policies.ts';
import { allPolicies, findPolicy } from './managed.ts';
import { policyShape } from './policies.ts';
import { profileShape } from './profiles.ts';
import { tagList } from './tags.ts';

const ALIAS = /^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$/;

function requireAlias(alias = ''): string {
  if (!ALIAS.test(alias))
    throw violation(
      alias,
      'accountAlias',
      'must satisfy regular expression pattern: ^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$',
    );
  return alias;
}

/** Aliases are one's own in the whole world: here, in all accounts of the sandbox. */
const CreateAccountAlias: Operation<Iam.CreateAccountAliasRequest, object> = ({ world, account }, input) => {
  const alias = requireAlias(input.AccountAlias);
  const taken = Object.values(world.accounts).some((each) => each !== account && each.iam.alias === alias);
  if (taken) throw new AwsError('EntityAlreadyExists', `The account alias ${alias} already exists.`, 409);
  account.iam.alias = alias;
  return {};
};

const DeleteAccountAlias: Operation<Iam.DeleteAccountAliasRequest, object> = ({ account }, input) => {
  const alias = requireAlias(input.AccountAlias);
  if (account.iam.alias !== alias) throw noSuchEntity(`The account alias ${alias} cannot be found.`);
  delete account.iam.alias;
  return {};
};

const ListAccountAliases: Operation<Iam.ListAccountAliasesRequest, Iam.ListAccountAliasesResponse> = (
  { account },
  input,
) => {
  const { items, ...rest } = iamPage(account.iam.alias === undefined ? [] : [account.iam.alias], input);
  return { AccountAliases: items, ...rest };
};

/** The quotas are those of a new account (IAM API Reference, GetAccountSummary). */
const GetAccountSummary: Operation<object, Iam.GetAccountSummaryResponse> = ({ account }) => {
  const { iam } = account;
  const SummaryMap = {
    Users: iam.users.length,
    UsersQuota: 5000,
    Groups: iam.groups.length,
    GroupsQuota: 300,
    Roles: iam.roles.length,
    RolesQuota: 1000,
    InstanceProfiles: iam.instanceProfiles.length,
    InstanceProfilesQuota: 1000,
    Policies: iam.policies.length,
    PoliciesQuota: 1500,
    PolicySizeQuota: 6144,
    PolicyVersionsInUse: iam.policies.reduce((sum, { versions }) => sum + versions.length, 0),
    PolicyVersionsInUseQuota: 10_000,
    VersionsPerPolicyQuota: 5,
    AccessKeysPerUserQuota: 2,
    AssumeRolePolicySizeQuota: 2048,
    AttachedPoliciesPerGroupQuota: 10,
    AttachedPoliciesPerRoleQuota: 10,
    AttachedPoliciesPerUserQuota: 10,
    GroupPolicySizeQuota: 5120,
    GroupsPerUserQuota: 10,
    RolePolicySizeQuota: 10_240,
    UserPolicySizeQuota: 2048,
    SigningCertificatesPerUserQuota: 2,
    ServerCertificates: 0,
    ServerCertificatesQuota: 20,
    GlobalEndpointTokenVersion: 1,
    Providers: 0,
    MFADevices: 0,
    MFADevicesInUse: 0,
    AccountAccessKeysPresent: 0,
    AccountMFAEnabled: 0,
    AccountPasswordPresent: 1,
    AccountSigningCertificatesPresent: 0,
  };
  return { SummaryMap };
};

function inlineList({ inlinePolicies }: IdentityState) {
  return Object.entries(inlinePolicies).map(([PolicyName, document]) => ({
    PolicyName,
    PolicyDocument: encodeDocument(document),
  }));
}

function attachedList(account: AccountState, { attachedPolicyArns }: IdentityState) {
  return attachedPolicyArns.map((arn) => ({ PolicyArn: arn, PolicyName: findPolicy(account, arn)?.name }));
}

function identityDetail(account: AccountState, identity: IdentityState) {
  return {
    Path: identity.path,
    Arn: identity.arn,
    CreateDate: new Date(identity.createDate),
    AttachedManagedPolicies: attachedList(account, identity),
  };
}

function policyDetail(account: AccountState, policy: PolicyState) {
  return {
    ...policyShape(account, policy),
    PolicyVersionList: policy.versions.toReversed().map(({ id, document, createDate }) => ({
      VersionId: id,
      IsDefaultVersion: id === policy.defaultVersionId,
      CreateDate: new Date(createDate),
      Document: encodeDocument(document),
    })),
  };
}

/** One page over users, groups, roles and policies together. AWS's own policies are shown where they are attached. */
const GetAccountAuthorizationDetails: Operation<
  Iam.GetAccountAuthorizationDetailsRequest,
  Iam.GetAccountAuthorizationDetailsResponse
> = ({ account }, input) => {
  const { iam } = account;
  const wanted = (kind: Iam.EntityType) => !input.Filter || input.Filter.length === 0 || input.Filter.includes(kind);
  const inUse = new Set([...iam.roles, ...iam.users, ...iam.groups].flatMap((each) => each.attachedPolicyArns));
  const policies = [
    ...(wanted('LocalManagedPolicy') ? allPolicies(account, 'Local') : []),
    ...(wanted('AWSManagedPolicy') ? allPolicies(account, 'AWS').filter(({ arn }) => inUse.has(arn)) : []),
  ];
  const all = [
    ...(wanted('User') ? iam.users : []),
    ...(wanted('Group') ? iam.groups : []),
    ...(wanted('Role') ? iam.roles : []),
    ...policies,
  ];
  const { items, ...rest } = iamPage<object>(all, input);
  return {
    UserDetailList: iam.users
      .filter((each) => items.includes(each))
      .map((user) => ({
        ...identityDetail(account, user),
        ...boundaryShape(user),
        UserName: user.name,
        UserId: user.id,
        UserPolicyList: inlineList(user),
        GroupList: user.groupNames,
        Tags: tagList(user.tags),
      })),
    GroupDetailList: iam.groups
      .filter((each) => items.includes(each))
      .map((group) => ({
        ...identityDetail(account, group),
        GroupName: group.name,
        GroupId: group.id,
        GroupPolicyList: inlineList(group),
      })),
    RoleDetailList: iam.roles
      .filter((each) => items.includes(each))
      .map((role) => ({
        ...identityDetail(account, role),
        ...boundaryShape(role),
        RoleName: role.name,
        RoleId: role.id,
        AssumeRolePolicyDocument: encodeDocument(role.trustPolicy),
        RolePolicyList: inlineList(role),
        InstanceProfileList: iam.instanceProfiles
          .filter(({ roleNames }) => roleNames.includes(role.name))
          .map((profile) => profileShape(account, profile)),
        Tags: tagList(role.tags),
        RoleLastUsed: {},
      })),
    Policies: policies.filter((each) => items.includes(each)).map((policy) => policyDetail(account, policy)),
    ...rest,
  };
};

export const accountOperations: Operations = {
  CreateAccountAlias,
  DeleteAccountAlias,
  ListAccountAliases,
  GetAccountSummary,
  GetAccountAuthorizationDetails,
};
