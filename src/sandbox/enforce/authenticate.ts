/** Are these credentials good? Every protocol has its own words for those that are not. */
import { isIssuedHere } from '../ids.ts';
import { AwsError } from '../service.ts';
import type { WorldState } from '../world.ts';
import { credentialOf, principalOf } from './principal.ts';
import { fitsToken } from './session-token.ts';

interface Caller {
  readonly accessKeyId: string;
  readonly service: string;
  readonly sessionToken?: string | undefined;
}

/**
 * Keys that the sandbox did not issue are all good.
 * @param leastLifeMs How long temporary credentials work at least: where years pass in a second they would be of no use.
 * @throws AwsError for keys that are expired, inactive or deleted, those without their session token, and those of a user
 * or role that is gone.
 */
export function authenticate(world: WorldState, caller: Caller, now: number, leastLifeMs: number): void {
  const { accessKeyId, service, sessionToken } = caller;
  const credential = credentialOf(world, accessKeyId);
  if (!credential) {
    if (isIssuedHere(accessKeyId)) throw accessKeyId.startsWith('ASIA') ? expired(service) : invalid(service);
    return;
  }
  if (!fitsToken(credential, sessionToken)) throw invalid(service);
  if (credential.kind === 'session' && now >= Math.max(credential.expiresAt, credential.issuedAt + leastLifeMs))
    throw expired(service);
  if (credential.kind === 'access-key' && credential.status !== 'Active') throw invalid(service);
  if (!principalOf(world, accessKeyId)) throw invalid(service);
}

const TOKEN_INVALID = 'The security token included in the request is invalid.';

function invalid(service: string): AwsError {
  if (service === 'ec2')
    return new AwsError('AuthFailure', 'AWS was not able to validate the provided access credentials', 401);
  if (service === 'iam' || service === 'sts') return new AwsError('InvalidClientTokenId', TOKEN_INVALID, 403);
  return new AwsError('UnrecognizedClientException', TOKEN_INVALID);
}

function expired(service: string): AwsError {
  if (service === 'ec2') return new AwsError('RequestExpired', 'Request has expired.');
  const message = 'The security token included in the request is expired';
  if (service === 'iam' || service === 'sts') return new AwsError('ExpiredToken', message, 403);
  return new AwsError('ExpiredTokenException', message);
}
