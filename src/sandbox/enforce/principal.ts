/** Who signs a request: whose an access key is. */
import { accountIdOf } from '../accounts.ts';
import type { CredentialState, RoleState, SessionState, UserState } from '../services/iam-state.ts';
import type { WorldState } from '../world.ts';

export type Principal =
  | { readonly kind: 'root'; readonly accountId: string; readonly arn: string; readonly id: string }
  | {
      readonly kind: 'user';
      readonly accountId: string;
      readonly arn: string;
      readonly id: string;
      readonly user: UserState;
    }
  | {
      readonly kind: 'role';
      readonly accountId: string;
      /** Of the session: `arn:aws:sts::…:assumed-role/ROLE/SESSION`. */
      readonly arn: string;
      readonly id: string;
      readonly role: RoleState;
      readonly session: NonNullable<SessionState['role']>;
    };

export function credentialOf(world: WorldState, accessKeyId: string): CredentialState | undefined {
  return Object.hasOwn(world.credentials, accessKeyId) ? world.credentials[accessKeyId] : undefined;
}

/** Undefined where the user or role of the key is gone. Keys that the sandbox did not issue are their account's root. */
export function principalOf(world: WorldState, accessKeyId: string): Principal | undefined {
  const credential = credentialOf(world, accessKeyId);
  const accountId = accountIdOf(world, accessKeyId);
  const iam = world.accounts[accountId]?.iam;
  const { role: session } = credential?.kind === 'session' ? credential : {};
  if (session) {
    const role = iam?.roles.find(({ id }) => id === session.id);
    if (!role) return undefined;
    const arn = `arn:aws:sts::${accountId}:assumed-role/${role.name}/${session.sessionName}`;
    return { kind: 'role', accountId, arn, id: `${role.id}:${session.sessionName}`, role, session };
  }
  const userId = credential?.userId;
  if (userId === undefined) return { kind: 'root', accountId, arn: `arn:aws:iam::${accountId}:root`, id: accountId };
  const user = iam?.users.find(({ id }) => id === userId);
  return user && { kind: 'user', accountId, arn: user.arn, id: user.id, user };
}

/** How a trust policy may name a caller: exactly, or by its account only. */
export function namesOf(principal: Principal): { readonly own: string[]; readonly account: string[] } {
  const account = [principal.accountId, `arn:aws:iam::${principal.accountId}:root`];
  if (principal.kind === 'root') return { own: account, account };
  return { own: principal.kind === 'role' ? [principal.role.arn, principal.arn] : [principal.arn], account };
}
