/** The policies that limit a principal, read. */
import { type Policy, parsePolicy } from '../../model/iam/policy.ts';
import { findPolicy } from '../services/iam/managed.ts';
import type { IdentityState } from '../services/iam-state.ts';
import type { AccountState } from '../world.ts';
import type { Principal } from './principal.ts';

export interface NamedPolicy {
  /** As policy simulations name it: the managed policy's name, or `role_ROLE_POLICY` for an inline one. */
  readonly id: string;
  readonly name: string;
  readonly document: string;
}

/** The default version of a managed policy. */
export function managedPolicy(account: AccountState, arn: string): NamedPolicy | undefined {
  const policy = findPolicy(account, arn);
  const version = policy?.versions.find(({ id }) => id === policy.defaultVersionId);
  return policy && version && { id: policy.name, name: policy.name, document: version.document };
}

export function policiesOf(
  account: AccountState,
  kind: 'user' | 'group' | 'role',
  identity: IdentityState,
): NamedPolicy[] {
  const inline = Object.entries(identity.inlinePolicies).map(([name, document]) => ({
    id: `${kind}_${identity.name}_${name}`,
    name,
    document,
  }));
  return [...identity.attachedPolicyArns.flatMap((arn) => managedPolicy(account, arn) ?? []), ...inline];
}

/** A user's own policies, and those of the groups it is in. */
export function policiesOfUser(account: AccountState, user: IdentityState & { groupNames: string[] }): NamedPolicy[] {
  const groups = account.iam.groups.filter(({ name }) => user.groupNames.includes(name));
  return [...policiesOf(account, 'user', user), ...groups.flatMap((group) => policiesOf(account, 'group', group))];
}

export interface Limits {
  readonly identity: readonly Policy[];
  readonly boundary: readonly Policy[] | undefined;
  readonly session: readonly Policy[] | undefined;
}

/** Undefined for the account's root, which nothing limits. */
export function limitsOf(account: AccountState, principal: Principal): Limits | undefined {
  if (principal.kind === 'root') return undefined;
  const identity = principal.kind === 'user' ? principal.user : principal.role;
  const own =
    principal.kind === 'user' ? policiesOfUser(account, principal.user) : policiesOf(account, 'role', principal.role);
  const boundary = identity.boundaryArn === undefined ? undefined : managedPolicy(account, identity.boundaryArn);
  const session = principal.kind === 'role' ? principal.session.policies : [];
  return {
    identity: own.flatMap(({ document }) => read(document)),
    // A boundary that is gone allows nothing.
    boundary: identity.boundaryArn === undefined ? undefined : boundary ? read(boundary.document) : [],
    session: session.length === 0 ? undefined : session.flatMap(read),
  };
}

/** Documents are the same call after call. */
const known = new Map<string, readonly Policy[]>();
const MOST_KNOWN = 500;

/** None where it cannot be read: what was accepted long ago by other rules allows nothing. */
export function read(document: string): readonly Policy[] {
  const found = known.get(document);
  if (found) return found;
  const parsed = parsePolicy(document);
  const policies = parsed.ok ? [parsed.policy] : [];
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(document, policies);
  return policies;
}
