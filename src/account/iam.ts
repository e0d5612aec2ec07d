/** IAM: the roles of the account, and one role with all that decides what it may do. */
import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
} from '@aws-sdk/client-iam';
import type { Role, RoleAnswer } from '../model/account.ts';
import type { Connection } from './connection.ts';
import { CallFailure } from './errors.ts';
import { allPages } from './pages.ts';

const MOST = 1000;

/** Documents come RFC 3986 encoded and are decoded once: a value may itself hold `%41` (IAM API Reference, GetRole). */
function decode(document: string | undefined): string {
  try {
    return decodeURIComponent(document ?? '');
  } catch {
    return document ?? '';
  }
}

export async function readRoles({ client }: Connection): Promise<Role[]> {
  const iam = await client('iam');
  const roles = await allPages(
    (Marker) => iam.send(new ListRolesCommand({ MaxItems: MOST, Marker })),
    ({ Roles }) => Roles,
    ({ IsTruncated, Marker }) => (IsTruncated ? Marker : undefined),
  );
  return roles.map(({ RoleName = '', Arn = '', AssumeRolePolicyDocument }) => ({
    name: RoleName,
    arn: Arn,
    trustPolicy: decode(AssumeRolePolicyDocument),
  }));
}

/** `null` where there is no such role. Only a policy's default version counts. */
export async function askRole(connection: Connection, arn: string): Promise<RoleAnswer | null> {
  const RoleName = arn.split('/').at(-1) ?? '';
  const iam = await connection.client('iam');
  const role = iam.send(new GetRoleCommand({ RoleName }));
  const attached = allPages(
    (Marker) => iam.send(new ListAttachedRolePoliciesCommand({ RoleName, MaxItems: MOST, Marker })),
    ({ AttachedPolicies }) => AttachedPolicies,
    ({ IsTruncated, Marker }) => (IsTruncated ? Marker : undefined),
  );
  const inline = allPages(
    (Marker) => iam.send(new ListRolePoliciesCommand({ RoleName, MaxItems: MOST, Marker })),
    ({ PolicyNames }) => PolicyNames,
    ({ IsTruncated, Marker }) => (IsTruncated ? Marker : undefined),
  );
  try {
    const [{ Role }, attachedPolicies, inlineNames] = await Promise.all([role, attached, inline]);
    // A role of the same name elsewhere (another account, another path) is another role.
    if (Role?.Arn !== arn) return null;
    const boundaryArn = Role.PermissionsBoundary?.PermissionsBoundaryArn;
    const [managed, own, boundary] = await Promise.all([
      Promise.all(
        attachedPolicies.map(async ({ PolicyName = '', PolicyArn = '' }) => ({
          name: PolicyName,
          arn: PolicyArn,
          document: await defaultVersion(connection, PolicyArn),
        })),
      ),
      Promise.all(
        inlineNames.map(async (PolicyName) => {
          const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
          return { name: PolicyName, document: decode(PolicyDocument) };
        }),
      ),
      boundaryArn === undefined ? undefined : defaultVersion(connection, boundaryArn),
    ]);
    return {
      name: Role.RoleName ?? RoleName,
      arn,
      trustPolicy: decode(Role.AssumeRolePolicyDocument),
      policies: [...managed, ...own],
      ...(boundaryArn !== undefined &&
        boundary !== undefined && { boundary: { arn: boundaryArn, document: boundary } }),
    };
  } catch (error) {
    if (error instanceof CallFailure && error.code === 'NoSuchEntity' && /Role/.test(error.action)) return null;
    throw error;
  }
}

async function defaultVersion({ client }: Connection, PolicyArn: string): Promise<string> {
  const iam = await client('iam');
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const VersionId = Policy?.DefaultVersionId;
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
  return decode(PolicyVersion?.Document);
}
