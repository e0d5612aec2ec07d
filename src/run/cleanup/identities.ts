/** The roles, instance profiles and policies that may be the lab's, with everything that uses them. */
import { z } from 'zod';
import type { Lister } from './list.ts';

const text = z.string().default('');
const role = z.object({
  RoleName: text,
  RoleId: text,
  Arn: text,
  Path: text,
  CreateDate: z.date(),
  AssumeRolePolicyDocument: text.transform(decoded),
  RoleLastUsed: z.object({ Region: z.string().optional(), LastUsedDate: z.date().optional() }).optional(),
});
const profile = z.object({
  InstanceProfileName: text,
  InstanceProfileId: text,
  Arn: text,
  CreateDate: z.date(),
  Roles: z.array(z.object({ RoleName: text })).default([]),
});
const policy = z.object({ PolicyName: text, PolicyId: text, Arn: text, CreateDate: z.date() });
const attached = z.object({ PolicyName: text, PolicyArn: text });
const version = z.object({ VersionId: text, IsDefaultVersion: z.boolean().default(false) });

export type Profile = z.output<typeof profile>;
export interface Role extends z.output<typeof role> {
  readonly attached: readonly z.output<typeof attached>[];
  readonly inline: readonly string[];
  readonly profiles: readonly Profile[];
}
export interface Policy extends z.output<typeof policy> {
  /** Names of all that it is attached to, or is the permissions boundary of. */
  readonly users: readonly { readonly kind: 'role' | 'user' | 'group'; readonly name: string }[];
  /** Versions beside the default one. */
  readonly versions: readonly string[];
}
export interface Identities {
  readonly roles: readonly Role[];
  readonly profiles: readonly Profile[];
  readonly policies: readonly Policy[];
}

export interface Wanted {
  readonly roles: Iterable<string>;
  readonly profiles: Iterable<string>;
  /** ARNs. */
  readonly policies: Iterable<string>;
}

/** What of these there is; the profiles' roles, the roles' profiles and the customer's policies attached to them, too. */
export async function readIdentities(lister: Lister, wanted: Wanted): Promise<Identities> {
  const named = await each(wanted.profiles, (InstanceProfileName) =>
    lister.one('iam:GetInstanceProfile', { InstanceProfileName }, 'InstanceProfile', profile),
  );
  const roleNames = [...wanted.roles, ...named.flatMap(({ Roles }) => Roles.map(({ RoleName }) => RoleName))];
  const roles = await each(roleNames, (RoleName) => readRole(lister, RoleName));
  const arns = [...wanted.policies, ...roles.flatMap((one) => one.attached.map(({ PolicyArn }) => PolicyArn))];
  const policies = await each(arns.filter(isOwn), (PolicyArn) => readPolicy(lister, PolicyArn));
  const profiles = [...named, ...roles.flatMap((one) => one.profiles)];
  return { roles, policies, profiles: [...new Map(profiles.map((one) => [one.InstanceProfileName, one])).values()] };
}

/** A policy of the customer's own, not one of AWS's. */
function isOwn(arn: string): boolean {
  return /^arn:[^:]+:iam::\d{12}:/.test(arn);
}

async function readRole({ one, list }: Lister, RoleName: string): Promise<Role | undefined> {
  const found = await one('iam:GetRole', { RoleName }, 'Role', role);
  if (!found) return undefined;
  const [policies, inline, profiles] = await Promise.all([
    list('iam:ListAttachedRolePolicies', { RoleName }, 'AttachedPolicies', attached),
    list('iam:ListRolePolicies', { RoleName }, 'PolicyNames', z.string()),
    list('iam:ListInstanceProfilesForRole', { RoleName }, 'InstanceProfiles', profile),
  ]);
  return { ...found, attached: policies, inline, profiles };
}

async function readPolicy({ one, list }: Lister, PolicyArn: string): Promise<Policy | undefined> {
  const found = await one('iam:GetPolicy', { PolicyArn }, 'Policy', policy);
  if (!found) return undefined;
  const call = 'iam:ListEntitiesForPolicy';
  const [roles, users, groups, versions] = await Promise.all([
    list(call, { PolicyArn, EntityFilter: 'Role' }, 'PolicyRoles', z.object({ RoleName: text })),
    list(call, { PolicyArn, EntityFilter: 'User' }, 'PolicyUsers', z.object({ UserName: text })),
    list(call, { PolicyArn, EntityFilter: 'Group' }, 'PolicyGroups', z.object({ GroupName: text })),
    list('iam:ListPolicyVersions', { PolicyArn }, 'Versions', version),
  ]);
  return {
    ...found,
    users: [
      ...roles.map(({ RoleName }) => ({ kind: 'role' as const, name: RoleName })),
      ...users.map(({ UserName }) => ({ kind: 'user' as const, name: UserName })),
      ...groups.map(({ GroupName }) => ({ kind: 'group' as const, name: GroupName })),
    ],
    versions: versions.filter(({ IsDefaultVersion }) => !IsDefaultVersion).map(({ VersionId }) => VersionId),
  };
}

/** Each name once; what is not there is left out. */
async function each<T>(names: Iterable<string>, read: (name: string) => Promise<T | undefined>): Promise<T[]> {
  const found = await Promise.all([...new Set(names)].map(read));
  return found.flatMap((one) => (one === undefined ? [] : [one]));
}

/** RFC 3986 encoded (IAM API Reference, GetRole). */
function decoded(document: string): string {
  try {
    return decodeURIComponent(document);
  } catch {
    return document;
  }
}
