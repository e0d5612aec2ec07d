/** Who asks, and whose a key is. */
import type * as Sts from '@aws-sdk/client-sts';
import { accountIdOf } from '../../accounts.ts';
import { decodeDenial } from '../../enforce/denial.ts';
import { credentialOf, principalOf } from '../../enforce/principal.ts';
import { AwsError, type Operation, type Operations } from '../../service.ts';
import { accessDenied, bounded, issue, violation } from './credentials.ts';

const HOUR_SECONDS = 3600;

const GetCallerIdentity: Operation<Sts.GetCallerIdentityRequest, Sts.GetCallerIdentityResponse> = ({
  world,
  accessKeyId,
}) => {
  const principal = principalOf(world, accessKeyId);
  return { UserId: principal?.id, Account: principal?.accountId, Arn: principal?.arn };
};

const GetAccessKeyInfo: Operation<Sts.GetAccessKeyInfoRequest, Sts.GetAccessKeyInfoResponse> = ({ world }, input) => {
  const id = input.AccessKeyId ?? '';
  if (id.length < 16) throw violation(id, 'accessKeyId', 'must have length greater than or equal to 16');
  if (!/^\w{16,128}$/.test(id)) throw violation(id, 'accessKeyId', 'must satisfy regular expression pattern: [\\w]*');
  return { Account: accountIdOf(world, id) };
};

/** Sessions of a root last an hour at most, those of a user 12 hours unless told (STS API Reference, GetSessionToken). */
const GetSessionToken: Operation<Sts.GetSessionTokenRequest, Sts.GetSessionTokenResponse> = (request, input) => {
  const { world, accessKeyId } = request;
  const seconds = bounded(input.DurationSeconds, 'durationSeconds', {
    min: 900,
    max: 36 * HOUR_SECONDS,
    byDefault: 12 * HOUR_SECONDS,
  });
  if (credentialOf(world, accessKeyId)?.kind === 'session')
    throw accessDenied('Cannot call GetSessionToken with session credentials');
  if (input.SerialNumber !== undefined || input.TokenCode !== undefined)
    throw accessDenied('MultiFactorAuthentication failed with invalid MFA one time pass code.');
  const principal = principalOf(world, accessKeyId);
  const accountId = accountIdOf(world, accessKeyId);
  if (principal?.kind === 'user') return { Credentials: issue(request, { accountId, userId: principal.id }, seconds) };
  return { Credentials: issue(request, { accountId }, Math.min(seconds, HOUR_SECONDS)) };
};

const DecodeAuthorizationMessage: Operation<
  Sts.DecodeAuthorizationMessageRequest,
  Sts.DecodeAuthorizationMessageResponse
> = (_, input) => {
  const decoded = decodeDenial(input.EncodedMessage ?? '');
  if (decoded === undefined)
    throw new AwsError(
      'InvalidAuthorizationMessageException',
      'Message was not encoded by this account or is invalid.',
    );
  return { DecodedMessage: decoded };
};

export const identityOperations: Operations = {
  GetCallerIdentity,
  GetAccessKeyInfo,
  GetSessionToken,
  DecodeAuthorizationMessage,
};
