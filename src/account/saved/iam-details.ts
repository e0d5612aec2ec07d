/** Roles and policies from `aws iam get-account-authorization-details`: one file with all that decides what a role may do. */
import type { GetAccountAuthorizationDetailsResponse } from '@aws-sdk/client-iam';
import type { Output, SavedOutput } from './folder.ts';

/** Each answers as IAM's own call does; undefined where the file does not have it. */
export interface RoleDetails {
  role(name: unknown): Output | undefined;
  ListAttachedRolePolicies(name: unknown): Output | undefined;
  ListRolePolicies(name: unknown): Output | undefined;
  rolePolicy(roleName: unknown, policyName: unknown): Output | undefined;
  policy(arn: unknown): Output | undefined;
  policyVersion(arn: unknown, versionId: unknown): Output | undefined;
}

export function roleDetails(files: readonly SavedOutput[]): RoleDetails {
  // The files were read by the schema of this very output.
  const outputs = files.flatMap(({ output }) => (output as GetAccountAuthorizationDetailsResponse | undefined) ?? []);
  const roles = outputs.flatMap(({ RoleDetailList }) => RoleDetailList ?? []);
  const policies = outputs.flatMap(({ Policies }) => Policies ?? []);
  const roleOf = (name: unknown) => roles.find(({ RoleName }) => RoleName === name);
  const policyOf = (arn: unknown) => policies.find(({ Arn }) => Arn === arn);
  return {
    role(name) {
      const found = roleOf(name);
      return found && { Role: found };
    },
    ListAttachedRolePolicies(name) {
      const found = roleOf(name);
      return found && { AttachedPolicies: found.AttachedManagedPolicies ?? [] };
    },
    ListRolePolicies(name) {
      const found = roleOf(name);
      return found && { PolicyNames: (found.RolePolicyList ?? []).map(({ PolicyName }) => PolicyName) };
    },
    rolePolicy(roleName, policyName) {
      const found = roleOf(roleName)?.RolePolicyList?.find(({ PolicyName }) => PolicyName === policyName);
      return found && { ...found };
    },
    policy(arn) {
      const found = policyOf(arn);
      return found && { Policy: found };
    },
    policyVersion(arn, versionId) {
      const found = policyOf(arn)?.PolicyVersionList?.find(({ VersionId }) => VersionId === versionId);
      return found && { PolicyVersion: found };
    },
  };
}
