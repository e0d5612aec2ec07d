/** Policy simulations (IAM API Reference, SimulatePrincipalPolicy, SimulateCustomPolicy, GetContextKeysFor…). */
import type * as Iam from '@aws-sdk/client-iam';
import type { RequestContext } from '../../../model/iam/condition.ts';
import { statementSpans } from '../../../model/iam/positions.ts';
import { keysAskedFor, simulate, type Verdict } from '../../../model/iam/simulate.ts';
import { policyProblem } from '../../../model/iam/validate.ts';
import { managedPolicy, policiesOf, policiesOfUser, read } from '../../enforce/policies.ts';
import { AwsError, type Operation, type Operations } from '../../service.ts';
import type { AccountState } from '../../world.ts';
import { iamPage, noSuchEntity, violation } from './common.ts';

interface Source {
  readonly id: string;
  readonly document: string;
}

type Input = Omit<Iam.SimulatePrincipalPolicyRequest, 'PolicySourceArn'>;

/** What AWS knows by itself about the user that is simulated. */
const ALWAYS = /^aws:(userid|username|PrincipalArn|PrincipalAccount|PrincipalType)$/i;

function results(input: Input, sources: readonly Source[], boundaries: readonly Source[] | undefined) {
  const actions = input.ActionNames ?? [];
  for (const action of actions)
    if (!/^[\w.-]+:[\w.*-]+$|^\*$/.test(action))
      throw new AwsError('InvalidInput', `Invalid Action: ${action}. The action must be in the form service:action.`);
  const resources = input.ResourceArns && input.ResourceArns.length > 0 ? input.ResourceArns : ['*'];
  for (const resource of resources)
    if (resource !== '*' && !/^arn:[\w-]+:[\w-]+:[^:]*:[^:]*:.+$/.test(resource))
      throw new AwsError('InvalidInput', `Invalid Resource: ${resource}. It must be an ARN or *.`);
  const context = contextOf(input);
  return actions.map((action) => result(action, resources, context, sources, boundaries));
}

function contextOf({ ContextEntries = [], CallerArn }: Input): RequestContext {
  const given = ContextEntries.flatMap(({ ContextKeyName: name, ContextKeyValues: values = [] }) =>
    name === undefined ? [] : [[name, values] as const],
  );
  const user = /^arn:[\w-]+:iam::(\d{12}):user\/(?:.*\/)?([^/]+)$/.exec(CallerArn ?? '');
  return {
    ...(user && {
      'aws:PrincipalArn': CallerArn ?? '',
      'aws:PrincipalAccount': user[1] ?? '',
      'aws:username': user[2] ?? '',
    }),
    ...Object.fromEntries(given),
  };
}

function result(
  action: string,
  resources: readonly string[],
  context: RequestContext,
  sources: readonly Source[],
  boundaries: readonly Source[] | undefined,
): Iam.EvaluationResult {
  const policies = parsed(sources);
  const limits = boundaries && parsed(boundaries);
  const given = Object.keys(context).map((key) => key.toLowerCase());
  const missing = keysAskedFor(
    [...policies, ...(limits ?? [])].map(({ policy }) => policy),
    action,
  ).filter((key) => !given.includes(key.toLowerCase()) && !ALWAYS.test(key));
  const verdicts = resources.map((resource) => {
    const own = simulate(policies, { action, resource, context });
    const limit = limits && simulate(limits, { action, resource, context });
    return { resource, verdict: bounded(own, limit), allowedByBoundary: limit && limit.decision === 'allowed' };
  });
  const shape = ({ verdict, allowedByBoundary }: (typeof verdicts)[number]) => ({
    MatchedStatements: statementsOf(verdict, [...sources, ...(boundaries ?? [])]),
    MissingContextValues: missing,
    ...(allowedByBoundary !== undefined && {
      PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: allowedByBoundary },
    }),
  });
  // The answer for the action as a whole is the strictest of those for its resources.
  const [first] = verdicts.toSorted(
    (a, b) => STRICTNESS.indexOf(a.verdict.decision) - STRICTNESS.indexOf(b.verdict.decision),
  );
  if (!first) throw new Error('no resource was simulated');
  return {
    EvalActionName: action,
    EvalResourceName: resources.length === 1 ? resources[0] : '*',
    EvalDecision: first.verdict.decision,
    ...shape(first),
    ...(resources[0] !== '*' && {
      ResourceSpecificResults: verdicts.map((each) => ({
        EvalResourceName: each.resource,
        EvalResourceDecision: each.verdict.decision,
        ...shape(each),
      })),
    }),
  };
}

const STRICTNESS = ['explicitDeny', 'implicitDeny', 'allowed'];

/** A boundary takes away what it does not allow; its own Allow gives nothing. */
function bounded(own: Verdict, limit: Verdict | undefined): Verdict {
  if (!limit || own.decision === 'explicitDeny' || limit.decision === 'allowed') return own;
  return limit.decision === 'explicitDeny' ? limit : { decision: 'implicitDeny', matched: [] };
}

function parsed(sources: readonly Source[]) {
  return sources.flatMap(({ id, document }) => read(document).map((policy) => ({ id, policy })));
}

function statementsOf({ matched }: Verdict, sources: readonly Source[]): Iam.Statement[] {
  return matched.map(({ id, index }) => {
    const document = sources.find((each) => each.id === id)?.document ?? '';
    const span = statementSpans(document)[index];
    return {
      SourcePolicyId: id,
      // Not one of the values that the SDK's type knows: it is what AWS answers.
      SourcePolicyType: 'IAM Policy' as Iam.PolicySourceType,
      ...(span && {
        StartPosition: { Line: span.start.line, Column: span.start.column },
        EndPosition: { Line: span.end.line, Column: span.end.column },
      }),
    };
  });
}

function inputPolicies(documents: readonly string[] | undefined, name: string): Source[] {
  return (documents ?? []).map((document, index) => {
    if (policyProblem(document, 'inline') !== undefined)
      throw new AwsError('InvalidInput', `Invalid Input Policy: ${name}.${index + 1} is not a valid policy document.`);
    return { id: `${name}.${index + 1}`, document };
  });
}

/** A user with the policies of its groups, a group or a role, each with its boundary. */
function sourceOf(account: AccountState, arn = ''): { policies: Source[]; boundaryArn?: string } {
  const { users, groups, roles } = account.iam;
  const user = users.find((each) => each.arn === arn);
  if (user)
    return { policies: policiesOfUser(account, user), ...(user.boundaryArn && { boundaryArn: user.boundaryArn }) };
  const role = roles.find((each) => each.arn === arn);
  if (role)
    return { policies: policiesOf(account, 'role', role), ...(role.boundaryArn && { boundaryArn: role.boundaryArn }) };
  const group = groups.find((each) => each.arn === arn);
  if (group) return { policies: policiesOf(account, 'group', group) };
  if (!/^arn:[\w-]+:iam::\d{12}:(user|group|role)\/.+$/.test(arn))
    throw new AwsError('InvalidInput', `Invalid Entity Arn: ${arn} does not clearly define entity type and name.`);
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  const kind = arn.split(':')[5]?.split('/')[0];
  throw noSuchEntity(`The ${kind} with name ${name} cannot be found.`);
}

const SimulatePrincipalPolicy: Operation<Iam.SimulatePrincipalPolicyRequest, Iam.SimulatePolicyResponse> = (
  { account },
  input,
) => {
  const { policies, boundaryArn } = sourceOf(account, input.PolicySourceArn);
  const sources = [...policies, ...inputPolicies(input.PolicyInputList, 'PolicyInputList')];
  const own = boundaryArn === undefined ? undefined : managedPolicy(account, boundaryArn);
  // A boundary in the request stands in for the one that is attached.
  const given = inputPolicies(input.PermissionsBoundaryPolicyInputList, 'PermissionsBoundaryPolicyInputList');
  const boundaries = given.length > 0 ? given : boundaryArn === undefined ? undefined : own ? [own] : [];
  const callerArn = input.CallerArn ?? input.PolicySourceArn;
  const request = { ...input, ...(callerArn !== undefined && { CallerArn: callerArn }) };
  const { items, ...rest } = iamPage(results(request, sources, boundaries), input);
  return { EvaluationResults: items, ...rest };
};

const SimulateCustomPolicy: Operation<Iam.SimulateCustomPolicyRequest, Iam.SimulatePolicyResponse> = (_, input) => {
  if (!input.PolicyInputList || input.PolicyInputList.length === 0)
    throw violation(undefined, 'policyInputList', 'must not be null');
  const sources = inputPolicies(input.PolicyInputList, 'PolicyInputList');
  const boundaries = inputPolicies(input.PermissionsBoundaryPolicyInputList, 'PermissionsBoundaryPolicyInputList');
  const { items, ...rest } = iamPage(results(input, sources, boundaries.length > 0 ? boundaries : undefined), input);
  return { EvaluationResults: items, ...rest };
};

const GetContextKeysForCustomPolicy: Operation<
  Iam.GetContextKeysForCustomPolicyRequest,
  Iam.GetContextKeysForPolicyResponse
> = (_, input) => ({ ContextKeyNames: contextKeys(inputPolicies(input.PolicyInputList, 'PolicyInputList')) });

const GetContextKeysForPrincipalPolicy: Operation<
  Iam.GetContextKeysForPrincipalPolicyRequest,
  Iam.GetContextKeysForPolicyResponse
> = ({ account }, input) => {
  const { policies } = sourceOf(account, input.PolicySourceArn);
  return { ContextKeyNames: contextKeys([...policies, ...inputPolicies(input.PolicyInputList, 'PolicyInputList')]) };
};

function contextKeys(sources: readonly Source[]): string[] {
  return keysAskedFor(parsed(sources).map(({ policy }) => policy));
}

export const simulationOperations: Operations = {
  SimulatePrincipalPolicy,
  SimulateCustomPolicy,
  GetContextKeysForCustomPolicy,
  GetContextKeysForPrincipalPolicy,
};
