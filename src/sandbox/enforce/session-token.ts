/** The third part of temporary credentials. Only its digest is kept: credentials are not written down. */
import { createHash } from 'node:crypto';
import type { CredentialState } from '../services/iam-state.ts';

export function tokenDigest(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** A session's requests carry its token and no other; those of a user's own key carry none. */
export function fitsToken(credential: CredentialState, token: string | undefined): boolean {
  if (credential.kind === 'access-key') return token === undefined;
  // Sessions of state files that were written before digests were: they ask for no token, and have ended after 36 hours.
  if (credential.tokenDigest === undefined) return true;
  return token !== undefined && tokenDigest(token) === credential.tokenDigest;
}
