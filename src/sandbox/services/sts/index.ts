/** AWS Security Token Service. */
import type * as Sts from '@aws-sdk/client-sts';
import type { Operation, Operations } from '../../service.ts';

const GetCallerIdentity: Operation<Sts.GetCallerIdentityRequest, Sts.GetCallerIdentityResponse> = ({ account }) => ({
  Account: account.id,
  Arn: `arn:aws:iam::${account.id}:root`,
  UserId: account.id,
});

export const operations: Operations = { GetCallerIdentity };
