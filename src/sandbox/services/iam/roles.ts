/** IAM roles. */
import type * as Iam from '@aws-sdk/client-iam';
import { iamId } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { RoleState } from '../iam-state.ts';
import {
  bounded,
  deleteConflict,
  iamPage,
  refuseTaken,
  requireName,
  requirePath,
  requireRole,
  underPath,
  violation,
} from './common.ts';
import { encodeDocument, requireTrustPolicy } from './documents.ts';
import {
  boundaryOperations,
  boundaryShape,
  policyConflict,
  policyOperations,
  requireBoundary,
} from './identity-policies.ts';
import { tagList, tagOperations, tagsOf } from './tags.ts';
import { renamePrincipal } from './trust-principals.ts';

const HOUR_SECONDS = 3600;
/** Where AWS keeps its own roles (IAM User Guide, "Service-linked roles"). */
export const SERVICE_PATH = '/aws-service-role/';

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

/** ListRoles leaves boundary, tags and last use out (IAM API Reference, ListRoles). */
export function fullRoleShape(role: RoleState): Iam.Role {
  const tags = tagList(role.tags);
  return {
    ...roleShape(role),
    ...boundaryShape(role),
    ...(tags.length > 0 && { Tags: tags }),
    RoleLastUsed: {},
  };
}

function requireDuration(seconds: number | undefined): number {
  return bounded(seconds, 'maxSessionDuration', { min: HOUR_SECONDS, max: 12 * HOUR_SECONDS, byDefault: HOUR_SECONDS });
}

function requireDescription(text: string): string {
  if (text.length > 1000) throw violation(text, 'description', 'must have length less than or equal to 1000');
  return text;
}

/** Service-linked roles are changed by their service only. */
export function refuseServiceLinked(role: { readonly path: string; readonly name: string }): void {
  if (role.path.startsWith(SERVICE_PATH))
    throw new AwsError(
      'UnmodifiableEntity',
      `Cannot perform the operation on the protected role '${role.name}' - this role is only modifiable by AWS`,
    );
}

function changeable({ account }: Request, input: { RoleName?: string | undefined }): RoleState {
  const role = requireRole(account, input.RoleName);
  refuseServiceLinked(role);
  return role;
}

const CreateRole: Operation<Iam.CreateRoleRequest, Iam.CreateRoleResponse> = (
  { world, account, now, random },
  input,
) => {
  const name = requireName(input.RoleName, 'roleName', 64);
  const path = requirePath(input.Path);
  if (path.startsWith(SERVICE_PATH))
    throw new AwsError(
      'ValidationError',
      `The specified value for path is invalid. ${SERVICE_PATH} is reserved for AWS.`,
    );
  const trustPolicy = requireTrustPolicy(world, input.AssumeRolePolicyDocument);
  refuseTaken(account.iam.roles, name, `Role with name ${name} already exists.`);
  const role: RoleState = {
    name,
    path,
    arn: `arn:aws:iam::${account.id}:role${path}${name}`,
    id: iamId(random, 'AROA'),
    createDate: now,
    ...(input.Description !== undefined && { description: requireDescription(input.Description) }),
    maxSessionDuration: requireDuration(input.MaxSessionDuration),
    trustPolicy,
    ...(input.PermissionsBoundary !== undefined && {
      boundaryArn: requireBoundary(account, input.PermissionsBoundary),
    }),
    attachedPolicyArns: [],
    inlinePolicies: {},
    tags: tagsOf(input.Tags),
  };
  account.iam.roles.push(role);
  const { RoleLastUsed: _never, ...shape } = fullRoleShape(role);
  return { Role: shape };
};

const GetRole: Operation<Iam.GetRoleRequest, Iam.GetRoleResponse> = ({ account }, input) => ({
  Role: fullRoleShape(requireRole(account, input.RoleName)),
});

const ListRoles: Operation<Iam.ListRolesRequest, Iam.ListRolesResponse> = ({ account }, input) => {
  const { items, ...rest } = iamPage(underPath(account.iam.roles, input.PathPrefix), input);
  return { Roles: items.map(roleShape), ...rest };
};

const DeleteRole: Operation<Iam.DeleteRoleRequest, object> = (request, input) => {
  const { world, account } = request;
  const role = changeable(request, input);
  if (account.iam.instanceProfiles.some(({ roleNames }) => roleNames.includes(role.name)))
    throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.');
  const conflict = policyConflict(role);
  if (conflict !== undefined) throw deleteConflict(conflict);
  account.iam.roles = account.iam.roles.filter((each) => each !== role);
  renamePrincipal(world, role.arn, role.id);
  return {};
};

const UpdateAssumeRolePolicy: Operation<Iam.UpdateAssumeRolePolicyRequest, object> = (request, input) => {
  changeable(request, input).trustPolicy = requireTrustPolicy(request.world, input.PolicyDocument);
  return {};
};

const UpdateRole: Operation<Iam.UpdateRoleRequest, object> = (request, input) => {
  const role = changeable(request, input);
  const maxSessionDuration = requireDuration(input.MaxSessionDuration ?? role.maxSessionDuration);
  if (input.Description !== undefined) role.description = requireDescription(input.Description);
  role.maxSessionDuration = maxSessionDuration;
  return {};
};

const UpdateRoleDescription: Operation<Iam.UpdateRoleDescriptionRequest, Iam.UpdateRoleDescriptionResponse> = (
  request,
  input,
) => {
  const role = changeable(request, input);
  role.description = requireDescription(input.Description ?? '');
  return { Role: roleShape(role) };
};

export const roleOperations: Operations = {
  CreateRole,
  GetRole,
  ListRoles,
  DeleteRole,
  UpdateAssumeRolePolicy,
  UpdateRole,
  UpdateRoleDescription,
  ...policyOperations('Role', requireRole, refuseServiceLinked),
  ...boundaryOperations<Iam.PutRolePermissionsBoundaryRequest>('Role', changeable),
  ...tagOperations<Iam.TagRoleRequest>('Role', changeable),
};
