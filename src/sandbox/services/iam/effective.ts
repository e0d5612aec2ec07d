/** What a role really may do: the default version of every attached policy, the inline ones, and the boundary. */
import { evaluate, trusts } from '../../../model/iam/evaluate.ts';
import { parsePolicy } from '../../../model/iam/policy.ts';
import type { AccountState } from '../../world.ts';
import { findPolicy } from './managed.ts';

export interface EffectivePolicies {
  readonly trustPolicy: string;
  readonly policies: readonly { readonly name: string; readonly document: string }[];
  readonly boundary?: string;
}

export function effectivePolicies(account: AccountState, roleName: string): EffectivePolicies | undefined {
  const role = account.iam.roles.find(({ name }) => name === roleName);
  if (!role) return undefined;
  const attached = role.attachedPolicyArns.flatMap((arn) => defaultVersion(account, arn) ?? []);
  const inline = Object.entries(role.inlinePolicies).map(([name, document]) => ({ name, document }));
  const boundary = role.boundaryArn === undefined ? undefined : defaultVersion(account, role.boundaryArn)?.document;
  return {
    trustPolicy: role.trustPolicy,
    policies: [...attached, ...inline],
    ...(boundary !== undefined && { boundary }),
  };
}

/** May the agent on an instance with this profile register with Systems Manager? EC2 must be trusted to hand it the role. */
export function profileAllowsSsm(account: AccountState, profileArn: string): boolean {
  const [roleName] = account.iam.instanceProfiles.find(({ arn }) => arn === profileArn)?.roleNames ?? [];
  const effective = roleName === undefined ? undefined : effectivePolicies(account, roleName);
  if (!effective) return false;
  const policyOf = (document: string) => {
    const parsed = parsePolicy(document);
    return parsed.ok ? [parsed.policy] : [];
  };
  const trusted = policyOf(effective.trustPolicy).some(
    (policy) => trusts(policy, { service: 'ec2.amazonaws.com', context: {} }).decision === 'allowed',
  );
  const [boundary] = effective.boundary === undefined ? [] : policyOf(effective.boundary);
  const { decision } = evaluate({
    policies: effective.policies.flatMap(({ document }) => policyOf(document)),
    ...(boundary && { boundary }),
    action: 'ssm:UpdateInstanceInformation',
    resource: '*',
    context: {},
  });
  return trusted && decision === 'allowed';
}

function defaultVersion(account: AccountState, arn: string): { name: string; document: string } | undefined {
  const policy = findPolicy(account, arn);
  const version = policy?.versions.find(({ id }) => id === policy.defaultVersionId);
  return policy && version ? { name: policy.name, document: version.document } : undefined;
}
