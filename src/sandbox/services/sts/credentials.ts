/** Temporary credentials. */
import type * as Sts from '@aws-sdk/client-sts';
import { constraintsWith } from '../../constraints.ts';
import { tokenDigest } from '../../enforce/session-token.ts';
import { accessKeyId, secret } from '../../ids.ts';
import { AwsError, type Request } from '../../service.ts';
import type { SessionState } from '../iam-state.ts';

export const { violation, bounded } = constraintsWith('ValidationError');

/** How AWS's own tokens began for years; clients must not look into them. */
const TOKEN_START = 'FQoGZXIvYXdzE';
const DAY_MS = 86_400_000;

export function accessDenied(message: string): AwsError {
  return new AwsError('AccessDenied', message, 403);
}

export function issue(
  { world, now, random }: Request,
  whose: Pick<SessionState, 'accountId' | 'userId' | 'role'>,
  seconds: number,
): Sts.Credentials {
  for (const [id, each] of Object.entries(world.credentials))
    if (each.kind === 'session' && each.expiresAt + DAY_MS < now) delete world.credentials[id];
  const id = accessKeyId(random, 'ASIA');
  const expiresAt = now + seconds * 1000;
  const SecretAccessKey = secret(random, 40);
  const SessionToken = TOKEN_START + secret(random, 343);
  world.credentials[id] = {
    kind: 'session',
    ...whose,
    issuedAt: now,
    expiresAt,
    tokenDigest: tokenDigest(SessionToken),
  };
  return { AccessKeyId: id, SecretAccessKey, SessionToken, Expiration: new Date(expiresAt) };
}
