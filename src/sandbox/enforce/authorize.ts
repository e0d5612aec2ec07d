/** Do the caller's policies let it do this? (IAM User Guide, "Policy evaluation logic".) */

import type { RequestContext } from '../../model/iam/condition.ts';
import { evaluate, trustsCaller } from '../../model/iam/evaluate.ts';
import type { Policy } from '../../model/iam/policy.ts';
import { AwsError, type Request } from '../service.ts';
import { requestContext } from './context.ts';
import { type Demand, demandsOf, type Input, text } from './demands.ts';
import { type Barrier, refusalOf } from './denial.ts';
import { type Limits, limitsOf, read } from './policies.ts';
import { credentialOf, namesOf, type Principal, principalOf } from './principal.ts';

/** These need no permission (STS API Reference, GetCallerIdentity and GetSessionToken). */
const FREE = /^(GetCallerIdentity|GetSessionToken)$/;

/** @throws AwsError in AWS's words where the caller is a user or role and its policies do not allow the operation. */
export function authorize(service: string, operation: string, input: object, request: Request): void {
  const principal = principalOf(request.world, request.accessKeyId);
  const limits = principal && limitsOf(request.account, principal);
  if (!principal || !limits || (service === 'sts' && FREE.test(operation))) return;
  const fields: Input = Object.fromEntries(Object.entries(input));
  refuseUserSession(service, operation, principal, request);
  const common = requestContext(request, principal);
  if (service === 'sts' && operation === 'AssumeRole') {
    authorizeAssumption(fields, principal, limits, request);
    return;
  }
  for (const { action, resource, context } of demandsOf(service, operation, fields, request)) {
    const barrier = barrierTo({ action, resource, context: { ...common, ...context } }, limits);
    if (barrier) throw refusalOf(service, { principal, action, resource, ...barrier });
  }
}

interface Stop {
  readonly barrier: Barrier;
  readonly explicit: boolean;
}

/** An explicit Deny anywhere; else whichever of identity, boundary and session does not allow. */
function barrierTo(demand: Demand, limits: Limits): Stop | undefined {
  const order: readonly (readonly [Barrier, readonly Policy[] | undefined])[] = [
    ['identity', limits.identity],
    ['boundary', limits.boundary],
    ['session', limits.session],
  ];
  const decisions = order.flatMap(([barrier, policies]) => {
    if (!policies) return [];
    const { action, resource, context = {} } = demand;
    return [{ barrier, ...evaluate({ policies, action, resource, context, missing: 'unset' }) }];
  });
  const denied = decisions.find(({ decision }) => decision === 'explicitDeny');
  if (denied) return { barrier: denied.barrier, explicit: true };
  const silent = decisions.find(({ decision }) => decision !== 'allowed');
  return silent && { barrier: silent.barrier, explicit: false };
}

/** Whom the trust policy names exactly, in the role's own account, needs no policy that allows it; a Deny counts all the same. */
function authorizeAssumption(input: Input, principal: Principal, limits: Limits, request: Request): void {
  const resource = text(input.RoleArn) ?? '';
  const context: RequestContext = {
    ...requestContext(request, principal),
    ...(text(input.ExternalId) !== undefined && { 'sts:ExternalId': text(input.ExternalId) ?? '' }),
    'sts:RoleSessionName': text(input.RoleSessionName) ?? '',
  };
  const stop = barrierTo({ action: 'sts:AssumeRole', resource, context }, limits);
  const role = request.account.iam.roles.find(({ arn }) => arn === resource);
  const names = namesOf(principal).own;
  const named =
    role !== undefined &&
    read(role.trustPolicy).some(
      (policy) => trustsCaller(policy, { names, action: 'sts:AssumeRole', context }).decision === 'allowed',
    );
  if (!stop || (named && !stop.explicit)) return;
  throw new AwsError(
    'AccessDenied',
    `User: ${principal.arn} is not authorized to perform: sts:AssumeRole on resource: ${resource}${stop.explicit ? ' with an explicit deny in an identity-based policy' : ''}`,
    403,
  );
}

/** A user's session without MFA reaches neither IAM nor STS but for AssumeRole (STS API Reference, GetSessionToken). */
function refuseUserSession(service: string, operation: string, principal: Principal, request: Request): void {
  const session = credentialOf(request.world, request.accessKeyId)?.kind === 'session';
  if (!session || principal.kind !== 'user') return;
  if (service === 'iam' || (service === 'sts' && operation !== 'AssumeRole'))
    throw new AwsError('InvalidClientTokenId', 'The security token included in the request is invalid', 403);
}
