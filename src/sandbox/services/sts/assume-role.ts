/** AssumeRole. The role's trust policy is asked always, whether or not the sandbox enforces other policies. */
import type * as Sts from '@aws-sdk/client-sts';
import { trustsCaller } from '../../../model/iam/evaluate.ts';
import { policyProblem } from '../../../model/iam/validate.ts';
import { requestContext } from '../../enforce/context.ts';
import { managedPolicy, read } from '../../enforce/policies.ts';
import { credentialOf, namesOf, type Principal, principalOf } from '../../enforce/principal.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { AccountState } from '../../world.ts';
import { tagsOf } from '../iam/tags.ts';
import type { RoleState } from '../iam-state.ts';
import { accessDenied, bounded, issue, violation } from './credentials.ts';

const HOUR_SECONDS = 3600;
const MOST_POLICY_CHARACTERS = 2048;
const MOST_POLICY_ARNS = 10;

const AssumeRole: Operation<Sts.AssumeRoleRequest, Sts.AssumeRoleResponse> = (request, input) => {
  const { world, accessKeyId } = request;
  const { RoleArn = '', DurationSeconds } = input;
  const sessionName = requireSessionName(input.RoleSessionName);
  const seconds = bounded(DurationSeconds, 'durationSeconds', {
    min: 900,
    max: 12 * HOUR_SECONDS,
    byDefault: HOUR_SECONDS,
  });
  if (RoleArn.length < 20) throw violation(RoleArn, 'roleArn', 'must have length greater than or equal to 20');
  const [, accountId] = /^arn:aws:iam::(\d{12}):role\/.+$/.exec(RoleArn) ?? [];
  if (accountId === undefined) throw new AwsError('ValidationError', `${RoleArn} is invalid`);
  if (input.ExternalId !== undefined && !/^[\w+=,.@:/-]{2,1224}$/.test(input.ExternalId))
    throw violation(input.ExternalId, 'externalId', 'must satisfy regular expression pattern: [\\w+=,.@:\\/-]*');
  const tags = tagsOf(input.Tags);

  const caller = principalOf(world, accessKeyId);
  const account = world.accounts[accountId];
  const role = account?.iam.roles.find(({ arn }) => arn === RoleArn);
  // AWS does not tell strangers which roles there are.
  if (!caller || !account || !role || !isTrusted(request, caller, role, input))
    throw accessDenied(`User: ${caller?.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`);
  if (input.SerialNumber !== undefined || input.TokenCode !== undefined)
    throw accessDenied('MultiFactorAuthentication failed with invalid MFA one time pass code.');
  if (seconds > role.maxSessionDuration)
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  if (credentialOf(world, accessKeyId)?.kind === 'session' && seconds > HOUR_SECONDS)
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );

  const policies = sessionPolicies(account, input);
  const session = { id: role.id, sessionName, policies, tags };
  const packed = policies.reduce((sum, document) => sum + document.length, 0);
  return {
    Credentials: issue(request, { accountId, role: session }, seconds),
    AssumedRoleUser: {
      AssumedRoleId: `${role.id}:${sessionName}`,
      Arn: `arn:aws:sts::${accountId}:assumed-role/${role.name}/${sessionName}`,
    },
    ...(packed > 0 && { PackedPolicySize: Math.max(1, Math.round((packed / MOST_POLICY_CHARACTERS) * 100)) }),
    ...(input.SourceIdentity !== undefined && { SourceIdentity: input.SourceIdentity }),
  };
};

function requireSessionName(name = ''): string {
  if (name.length > 64) throw violation(name, 'roleSessionName', 'must have length less than or equal to 64');
  if (name.length < 2) throw violation(name, 'roleSessionName', 'must have length greater than or equal to 2');
  if (!/^[\w+=,.@-]*$/.test(name))
    throw violation(name, 'roleSessionName', 'must satisfy regular expression pattern: [\\w+=,.@-]*');
  return name;
}

/** Session tags need the role's trust for sts:TagSession as well (IAM User Guide, "Passing session tags in AWS STS"). */
function isTrusted(request: Request, caller: Principal, role: RoleState, input: Sts.AssumeRoleRequest): boolean {
  const { own, account } = namesOf(caller);
  const context = {
    ...requestContext(request, caller),
    'sts:RoleSessionName': input.RoleSessionName ?? '',
    ...(input.ExternalId !== undefined && { 'sts:ExternalId': input.ExternalId }),
    ...(input.SourceIdentity !== undefined && { 'sts:SourceIdentity': input.SourceIdentity }),
    ...Object.fromEntries((input.Tags ?? []).map(({ Key, Value = '' }) => [`aws:RequestTag/${Key}`, Value])),
  };
  const actions = ['sts:AssumeRole', ...(input.Tags && input.Tags.length > 0 ? ['sts:TagSession'] : [])];
  const names = [...own, ...account];
  return actions.every((action) =>
    read(role.trustPolicy).some((policy) => trustsCaller(policy, { names, action, context }).decision === 'allowed'),
  );
}

function sessionPolicies(account: AccountState, { Policy, PolicyArns = [] }: Sts.AssumeRoleRequest): string[] {
  if (Policy !== undefined && Policy.length > MOST_POLICY_CHARACTERS)
    throw violation(Policy, 'policy', `must have length less than or equal to ${MOST_POLICY_CHARACTERS}`);
  const problem = Policy === undefined ? undefined : policyProblem(Policy, 'inline');
  if (problem !== undefined) throw new AwsError('MalformedPolicyDocument', problem);
  if (PolicyArns.length > MOST_POLICY_ARNS)
    throw violation(PolicyArns.length, 'policyArns', `must have length less than or equal to ${MOST_POLICY_ARNS}`);
  const managed = PolicyArns.map(({ arn = '' }) => {
    const policy = managedPolicy(account, arn);
    if (!policy) throw new AwsError('InvalidParameterValue', `The policy ${arn} does not exist or is not attachable.`);
    return policy.document;
  });
  return [...(Policy === undefined ? [] : [Policy]), ...managed];
}

export const assumeRoleOperations: Operations = { AssumeRole };
