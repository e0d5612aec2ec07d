/** Roles, instance profiles and policies: those that the lab made and that nothing else uses. IAM is shared by all Regions. */
import { parsePolicy } from '../../../model/iam/policy.ts';
import type { Policy, Profile, Role } from '../identities.ts';
import type { Call, Found, Planned } from '../types.ts';
import { nameOf } from '../vpcs.ts';
import { call, isRemembered, left, type Part, type Planning, planned, REMEMBERED } from './planning.ts';

interface Lab {
  /** Flow logs and instances that are deleted. */
  readonly users: readonly Planned[];
  readonly region: string;
  isOlder(at: number): boolean;
}

export function identities(planning: Planning, lab: Lab): Part {
  const roles = planning.identities.roles.map((role) => ({ role, reason: whyRoleStays(planning, role, lab) }));
  const going = roles.filter(({ reason }) => reason === undefined).map(({ role }) => role);
  const profiles = planning.identities.profiles.map((profile) => ({
    profile,
    reason: whyProfileStays(planning, profile, going, lab),
  }));
  const policies = planning.identities.policies
    .filter((policy) => isCandidate(planning, policy, going))
    .map((policy) => ({ policy, reason: whyPolicyStays(planning, policy, going, lab) }));
  const stay = <T extends { readonly reason: string | undefined }>(all: readonly T[]) =>
    all.filter(({ reason }) => reason);
  const go = <T extends { readonly reason: string | undefined }>(all: readonly T[]) =>
    all.filter(({ reason }) => !reason);
  return {
    resources: [
      ...go(profiles).map(({ profile }) => planProfile(planning, profile, lab)),
      ...going.map((role) => planRole(planning, role, lab)),
      ...go(policies).map(({ policy }) => planPolicy(planning, policy, going)),
    ],
    left: [
      ...stay(profiles).map(
        ({ profile, reason = '' }): Found =>
          left({
            kind: 'instance-profile',
            id: profile.Arn,
            name: profile.InstanceProfileName,
            why: reason,
            hourlyCost: 0,
          }),
      ),
      ...stay(roles).map(
        ({ role, reason = '' }): Found =>
          left({ kind: 'role', id: role.Arn, name: role.RoleName, why: reason, hourlyCost: 0 }),
      ),
      ...stay(policies).map(
        ({ policy, reason = '' }): Found =>
          left({ kind: 'policy', id: policy.Arn, name: policy.PolicyName, why: reason, hourlyCost: 0 }),
      ),
    ],
  };
}

/** IAM's own id tells a thing from a later one of the same name. */
function isKnown(planning: Planning, uid: string): boolean {
  return planning.remembered.some((each) => each.uid === uid);
}

/** Why we may not delete it; undefined where it is the lab's for sure. */
function whyRoleStays(planning: Planning, role: Role, { users, region, isOlder }: Lab): string | undefined {
  const { slices, names } = planning;
  const userIds = users.map(({ id }) => id);
  if (/^\/(aws-service-role|aws-reserved)\//.test(role.Path)) return 'it is a role of AWS itself';
  const flowLog = slices.flowLogs.find(({ id, roleArn }) => roleArn === role.Arn && !userIds.includes(id));
  if (flowLog) return `flow log ${flowLog.id}, which is not the lab's, uses it`;
  for (const profile of role.profiles) {
    const other = otherInstance(planning, profile, userIds);
    if (other) return `instance ${other}, which is not the lab's, uses it`;
  }
  if (isKnown(planning, role.RoleId)) return undefined;
  // IAM is one for all Regions: the lab may still be there in another.
  const { Region: last, LastUsedDate: at } = role.RoleLastUsed ?? {};
  if (last !== undefined && last !== region && at && !isOlder(at.getTime()))
    return `it was last used in ${last}: if that was the lab, too, clean up there first`;
  if (names.roles.has(role.RoleName)) return undefined;
  const flowLogs = slices.flowLogs.filter(({ id, roleArn }) => roleArn === role.Arn && userIds.includes(id));
  const instances = role.profiles.some((profile) => ownInstance(planning, profile, userIds));
  if (flowLogs.length === 0 && !instances)
    return 'it trusts the service that the lab is about, but nothing of the lab uses it';
  if (trustsOthers(role)) return 'its trust policy lets others assume it, too';
  return isOlder(role.CreateDate.getTime()) ? 'it is older than the lab' : undefined;
}

function whyProfileStays(planning: Planning, profile: Profile, going: readonly Role[], lab: Lab): string | undefined {
  const userIds = lab.users.map(({ id }) => id);
  const other = otherInstance(planning, profile, userIds);
  if (other) return `instance ${other}, which is not the lab's, uses it`;
  const staying = profile.Roles.find(({ RoleName }) => !going.some((role) => role.RoleName === RoleName));
  if (staying) return `role ${staying.RoleName} in it is left alone`;
  if (planning.names.instanceProfiles.has(profile.InstanceProfileName)) return undefined;
  if (isKnown(planning, profile.InstanceProfileId) || profile.Roles.length > 0) return undefined;
  return lab.isOlder(profile.CreateDate.getTime()) ? 'it is older than the lab' : undefined;
}

/** Policies of the roles that go, and those that the lab's solution or an earlier cleanup names. */
function isCandidate({ names, ...planning }: Planning, policy: Policy, going: readonly Role[]): boolean {
  return (
    names.policies.has(policy.PolicyName) ||
    isRemembered(planning, policy.Arn) ||
    going.some((role) => role.attached.some(({ PolicyArn }) => PolicyArn === policy.Arn))
  );
}

function whyPolicyStays(planning: Planning, policy: Policy, going: readonly Role[], lab: Lab): string | undefined {
  const other = policy.users.find(
    ({ kind, name }) => kind !== 'role' || !going.some(({ RoleName }) => RoleName === name),
  );
  if (other) return `${other.kind} ${other.name} uses it, too`;
  if (planning.names.policies.has(policy.PolicyName) || isKnown(planning, policy.PolicyId)) return undefined;
  if (policy.users.length === 0) return 'nothing of the lab uses it';
  return lab.isOlder(policy.CreateDate.getTime()) ? 'it is older than the lab' : undefined;
}

function otherInstance({ slices }: Planning, { Arn }: Profile, userIds: readonly string[]): string | undefined {
  return slices.instances.find(
    ({ id, profileArn, state }) => profileArn === Arn && state !== 'terminated' && !userIds.includes(id),
  )?.id;
}

function ownInstance({ slices }: Planning, { Arn }: Profile, userIds: readonly string[]): string | undefined {
  return slices.instances.find(({ id, profileArn }) => profileArn === Arn && userIds.includes(id))?.id;
}

/** More than AWS services, or more than one of them. */
function trustsOthers({ AssumeRolePolicyDocument }: Role): boolean {
  const parsed = parsePolicy(AssumeRolePolicyDocument);
  if (!parsed.ok) return true;
  const principals = parsed.policy.statements.filter(({ effect }) => effect === 'Allow').map((each) => each.principals);
  const services = new Set(principals.flatMap((each) => each?.services ?? []));
  return services.size !== 1 || principals.some((each) => !each || each.not || each.everyone || each.aws.length > 0);
}

function planProfile(planning: Planning, profile: Profile, { users }: Lab): Planned {
  const InstanceProfileName = profile.InstanceProfileName;
  const instance = ownInstance(
    planning,
    profile,
    users.map(({ id }) => id),
  );
  const calls: Call[] = [
    ...profile.Roles.map(({ RoleName }) => ({
      call: 'iam:RemoveRoleFromInstanceProfile',
      input: { InstanceProfileName, RoleName },
    })),
    call('iam:DeleteInstanceProfile', 'InstanceProfileName', InstanceProfileName),
  ];
  const why = instance
    ? `the instance profile of ${instance}`
    : planning.names.instanceProfiles.has(InstanceProfileName)
      ? 'named as the lab names it'
      : isKnown(planning, profile.InstanceProfileId)
        ? REMEMBERED
        : 'holds only a role of the lab';
  const needs = instance ? [instance] : [];
  return {
    ...planned({ kind: 'instance-profile', id: profile.Arn, name: InstanceProfileName, needs, calls }, why),
    uid: profile.InstanceProfileId,
  };
}

function planRole(planning: Planning, role: Role, { users }: Lab): Planned {
  const { RoleName } = role;
  const userIds = users.map(({ id }) => id);
  const flowLogs = planning.slices.flowLogs.filter(({ id, roleArn }) => roleArn === role.Arn && userIds.includes(id));
  const instance = role.profiles.map((profile) => ownInstance(planning, profile, userIds)).find(Boolean);
  const calls: Call[] = [
    ...role.attached.map(({ PolicyArn }) => ({ call: 'iam:DetachRolePolicy', input: { RoleName, PolicyArn } })),
    ...role.inline.map((PolicyName) => ({ call: 'iam:DeleteRolePolicy', input: { RoleName, PolicyName } })),
    call('iam:DeleteRole', 'RoleName', RoleName),
  ];
  const why = flowLogs[0]
    ? `the role of flow log ${flowLogs[0].id}`
    : instance
      ? `in the instance profile of ${instance}`
      : isKnown(planning, role.RoleId)
        ? REMEMBERED
        : 'named as the lab names it';
  const needs = [...flowLogs.map(({ id }) => id), ...role.profiles.map(({ Arn }) => Arn)];
  return { ...planned({ kind: 'role', id: role.Arn, name: RoleName, needs, calls }, why), uid: role.RoleId };
}

function planPolicy(planning: Planning, policy: Policy, going: readonly Role[]): Planned {
  const PolicyArn = policy.Arn;
  const roles = going.filter(({ attached }) => attached.some((each) => each.PolicyArn === PolicyArn));
  const calls: Call[] = [
    ...policy.versions.map((VersionId) => ({ call: 'iam:DeletePolicyVersion', input: { PolicyArn, VersionId } })),
    call('iam:DeletePolicy', 'PolicyArn', PolicyArn),
  ];
  const why = roles[0]
    ? `attached to role ${nameOf(roles[0].Arn)}, and to nothing else`
    : isKnown(planning, policy.PolicyId)
      ? REMEMBERED
      : 'named as the lab names it, and attached to nothing';
  const needs = roles.map(({ Arn }) => Arn);
  return {
    ...planned({ kind: 'policy', id: PolicyArn, name: policy.PolicyName, needs, calls }, why),
    uid: policy.PolicyId,
  };
}
