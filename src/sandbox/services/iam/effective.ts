/** What a role really may do: the default version of every attached policy, the inline ones, and the boundary. */
import { evaluate, trusts } from '../../../model/iam/evaluate.ts';
import { parsePolicy } from '../../../model/iam/policy.ts';
import { managedPolicy, policiesOf } from '../../enforce/policies.ts';
import type { AccountState } from '../../world.ts';

export interface EffectivePolicies {
  readonly trustPolicy: string;
  readonly policies: readonly { readonly name: string; readonly document: string }[];
  readonly boundary?: string;
}

export function effectivePolicies(account: AccountState, roleName: string): EffectivePolicies | undefined {
  const role = account.iam.roles.find(({ name }) => name === roleName);
  if (!role) return undefined;
  const boundary = role.boundaryArn === undefined ? undefined : managedPolicy(account, role.boundaryArn)?.document;
  return {
    trustPolicy: role.trustPolicy,
    policies: policiesOf(account, 'role', role).map(({ name, document }) => ({ name, document })),
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
