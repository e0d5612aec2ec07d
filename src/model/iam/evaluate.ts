/** Is a request allowed by these policies? (IAM User Guide, Policy evaluation logic.) */
import { all, conditionsMet, expand, type Missing, type RequestContext, type Truth } from './condition.ts';
import { matches, matchesArn } from './glob.ts';
import type { Patterns, Policy, Principals, Statement } from './policy.ts';

export interface Decision {
  /** `undecided`: it depends on a condition or variable whose value is not known here. */
  readonly decision: 'allowed' | 'explicitDeny' | 'implicitDeny' | 'undecided';
  /** In words. */
  readonly because: string;
  /** The statement that decided, or that could not be decided. */
  readonly statement?: Statement;
}

export interface EvaluationRequest {
  readonly policies: readonly Policy[];
  /** The permissions boundary, which must allow as well. */
  readonly boundary?: Policy;
  /** As IAM writes it: `logs:PutLogEvents`. */
  readonly action: string;
  /** An ARN. */
  readonly resource: string;
  readonly context: RequestContext;
  /** `unset` where the context holds every key that the request has; then nothing is undecided. */
  readonly missing?: Missing;
}

/**
 * Identity policies and, where there is one, the boundary: an explicit Deny in either wins, and both must allow.
 * Service and resource control policies, session and resource policies are not looked at.
 */
export function evaluate(request: EvaluationRequest): Decision {
  const asked = `${request.action} on ${request.resource}`;
  const applies = (policy: Policy, statement: Statement) => statementFits(policy, statement, request);
  const identity = decide(request.policies, applies, asked);
  if (!request.boundary) return identity;
  const boundary = decide([request.boundary], applies, `${asked} in the permissions boundary`);
  return strictest(identity, boundary);
}

/** Does a statement speak of this request? */
export function statementFits(
  { version }: Policy,
  statement: Statement,
  { action, resource, context, missing }: Omit<EvaluationRequest, 'policies' | 'boundary'>,
): Truth {
  return all([
    actionsFit(statement.actions, action),
    resourcesFit(statement.resources, resource, { context, version, missing }),
    conditionsMet(statement.conditions, context, version, missing),
  ]);
}

/** Does the trust policy let this AWS service assume the role? `NotPrincipal` is not decided. */
export function trusts(
  policy: Policy,
  request: { readonly service: string; readonly action?: string; readonly context: RequestContext },
): Decision {
  const { service, action = 'sts:AssumeRole', context } = request;
  const applies = (_: Policy, statement: Statement): Truth =>
    all([
      principalsFit(statement.principals, service),
      actionsFit(statement.actions, action),
      conditionsMet(statement.conditions, context, policy.version),
    ]);
  return decide([policy], applies, `${action} by ${service}`);
}

/**
 * Does the trust policy let this caller assume the role? Everything about the request is known. Who is named by account
 * only needs a policy of their own as well; `names` are the ways to name the caller that count here.
 */
export function trustsCaller(
  policy: Policy,
  request: { readonly names: readonly string[]; readonly action: string; readonly context: RequestContext },
): Decision {
  const { names, action, context } = request;
  const named = ({ not, everyone, aws }: Principals) => (everyone || aws.some((each) => names.includes(each))) !== not;
  const applies = (_: Policy, { principals, actions, conditions }: Statement): Truth =>
    all([
      principals && named(principals) ? 'yes' : 'no',
      actionsFit(actions, action),
      conditionsMet(conditions, context, policy.version, 'unset'),
    ]);
  return decide([policy], applies, `${action} by ${names[0]}`);
}

/** Explicit Deny first, then Allow, else the implicit deny. What may or may not apply matters only where it could decide. */
function decide(
  policies: readonly Policy[],
  applies: (policy: Policy, statement: Statement) => Truth,
  asked: string,
): Decision {
  const found = policies.flatMap((policy) =>
    policy.statements.map((statement) => ({ statement, truth: applies(policy, statement) })),
  );
  const first = (effect: Statement['effect'], truth: Truth) =>
    found.find((each) => each.statement.effect === effect && each.truth === truth)?.statement;

  const denied = first('Deny', 'yes');
  if (denied) return { decision: 'explicitDeny', because: `${nameOf(denied)} denies ${asked}`, statement: denied };
  const allowed = first('Allow', 'yes');
  const maybe = allowed ? first('Deny', 'unknown') : first('Allow', 'unknown');
  if (maybe) {
    const because = `whether ${nameOf(maybe)} applies to ${asked} depends on what is not known here (${doubts(maybe)})`;
    return { decision: 'undecided', because, statement: maybe };
  }
  if (allowed) return { decision: 'allowed', because: `${nameOf(allowed)} allows ${asked}`, statement: allowed };
  return { decision: 'implicitDeny', because: `no statement allows ${asked}` };
}

const STRICTNESS = ['explicitDeny', 'implicitDeny', 'undecided', 'allowed'] as const;

function strictest(identity: Decision, boundary: Decision): Decision {
  const level = (each: Decision) => STRICTNESS.indexOf(each.decision);
  return level(boundary) < level(identity) ? boundary : identity;
}

/** Actions are not case-sensitive. */
function actionsFit({ not, patterns }: Patterns, action: string): Truth {
  const named = patterns.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase()));
  return named !== not ? 'yes' : 'no';
}

function resourcesFit(
  resources: Patterns | undefined,
  resource: string,
  facts: { context: RequestContext; version: Policy['version']; missing: Missing | undefined },
): Truth {
  if (!resources) return 'no';
  const truths = resources.patterns.map((written): Truth => {
    const pattern = expand(written, facts.context, facts.version, facts.missing);
    if (pattern === undefined) return facts.missing === 'unset' ? 'no' : 'unknown';
    return matchesArn(pattern, resource) ? 'yes' : 'no';
  });
  const named: Truth = truths.includes('yes') ? 'yes' : truths.includes('unknown') ? 'unknown' : 'no';
  if (!resources.not || named === 'unknown') return named;
  return named === 'yes' ? 'no' : 'yes';
}

function principalsFit(principals: Principals | undefined, service: string): Truth {
  if (!principals) return 'no';
  if (principals.not) return 'unknown';
  return principals.everyone || principals.services.includes(service) ? 'yes' : 'no';
}

function nameOf({ sid, effect }: Statement): string {
  return sid ? `statement "${sid}"` : `a statement with Effect ${effect}`;
}

function doubts({ conditions, principals }: Statement): string {
  if (principals?.not) return 'NotPrincipal';
  const keys = conditions.map(({ operator, key }) => `${operator} ${key}`);
  return keys.length > 0 ? keys.join(', ') : 'policy variables';
}
