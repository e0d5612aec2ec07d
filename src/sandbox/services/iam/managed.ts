/** The AWS managed policies that labs use. They belong to no account and cannot be changed. */
import type { AccountState } from '../../world.ts';
import type { PolicyState } from '../iam-state.ts';
import { accountPolicies } from './managed-account.ts';
import { networkPolicies } from './managed-network.ts';
import { servicesPolicies } from './managed-services.ts';

const managedPolicies: readonly PolicyState[] = [...accountPolicies, ...networkPolicies, ...servicesPolicies];

export function findPolicy(account: AccountState, arn: string): PolicyState | undefined {
  return [...account.iam.policies, ...managedPolicies].find((policy) => policy.arn === arn);
}

export function allPolicies(account: AccountState, scope: string | undefined): readonly PolicyState[] {
  return [...(scope === 'AWS' ? [] : account.iam.policies), ...(scope === 'Local' ? [] : managedPolicies)];
}
