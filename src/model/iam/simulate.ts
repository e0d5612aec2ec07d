/** What policies say to an action on a resource, and which statements said it (IAM API Reference, SimulatePrincipalPolicy). */
import type { RequestContext } from './condition.ts';
import { statementFits } from './evaluate.ts';
import type { Policy, Statement } from './policy.ts';

export interface SimulatedPolicy {
  readonly id: string;
  readonly policy: Policy;
}

export interface Question {
  readonly action: string;
  readonly resource: string;
  readonly context: RequestContext;
}

export interface Verdict {
  readonly decision: 'allowed' | 'explicitDeny' | 'implicitDeny';
  /** The statements that decided: the Denies where there is one, else the Allows. */
  readonly matched: readonly { readonly id: string; readonly index: number }[];
}

export function simulate(policies: readonly SimulatedPolicy[], question: Question): Verdict {
  const fitting = policies.flatMap(({ id, policy }) =>
    policy.statements.flatMap((statement, index) =>
      statementFits(policy, statement, { ...question, missing: 'unset' }) === 'yes'
        ? [{ id, index, effect: statement.effect }]
        : [],
    ),
  );
  const of = (effect: Statement['effect']) =>
    fitting.filter((each) => each.effect === effect).map(({ id, index }) => ({ id, index }));
  const [denies, allows] = [of('Deny'), of('Allow')];
  if (denies.length > 0) return { decision: 'explicitDeny', matched: denies };
  return allows.length > 0 ? { decision: 'allowed', matched: allows } : { decision: 'implicitDeny', matched: [] };
}

/** The condition keys that statements about this action name, in conditions and in variables. */
export function keysAskedFor(policies: readonly Policy[], action?: string): string[] {
  const keys = policies.flatMap((policy) =>
    policy.statements
      .filter((statement) => action === undefined || speaksOf(policy, statement, action))
      .flatMap(keysOf),
  );
  return [...new Set(keys)];
}

function speaksOf(policy: Policy, statement: Statement, action: string): boolean {
  const bare = { ...statement, conditions: [], resources: { not: false, patterns: ['*'] } };
  return statementFits(policy, bare, { action, resource: '*', context: {}, missing: 'unset' }) === 'yes';
}

function keysOf({ conditions, resources }: Statement): string[] {
  const written = [...conditions.flatMap(({ values }) => values), ...(resources?.patterns ?? [])];
  const variables = written.flatMap((text) => [...text.matchAll(/\$\{([\w:/.-]+)/g)].flatMap(([, name]) => name ?? []));
  return [...conditions.map(({ key }) => key), ...variables];
}
