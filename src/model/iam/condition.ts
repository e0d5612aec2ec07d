/** A statement's `Condition` block, as far as it can be decided from what is known of a request. */
import { matches } from './glob.ts';
import type { Condition, Policy } from './policy.ts';

/** `unknown`: it depends on something that is not known here. */
export type Truth = 'yes' | 'no' | 'unknown';

/** What is known of a request, by condition key. A key that is not there is not known: it may be set or not. */
export type RequestContext = Readonly<Record<string, string>>;

type Compare = (pattern: string, value: string) => boolean;

const equal: Compare = (pattern, value) => pattern === value;
const equalIgnoringCase: Compare = (pattern, value) => pattern.toLowerCase() === value.toLowerCase();

/** ArnEquals and ArnLike behave alike: each of the six parts fits on its own (IAM User Guide, Condition operators). */
const arnLike: Compare = (pattern, value) => value.startsWith('arn:') && matchesArnParts(pattern, value);

/** The comparisons that are decided, and whether the operator negates them. Every other one is `unknown`. */
const OPERATORS: ReadonlyMap<string, { readonly compare: Compare; readonly negated: boolean }> = new Map([
  ['StringEquals', { compare: equal, negated: false }],
  ['StringNotEquals', { compare: equal, negated: true }],
  ['StringEqualsIgnoreCase', { compare: equalIgnoringCase, negated: false }],
  ['StringNotEqualsIgnoreCase', { compare: equalIgnoringCase, negated: true }],
  ['StringLike', { compare: matches, negated: false }],
  ['StringNotLike', { compare: matches, negated: true }],
  ['ArnEquals', { compare: arnLike, negated: false }],
  ['ArnLike', { compare: arnLike, negated: false }],
  ['ArnNotEquals', { compare: arnLike, negated: true }],
  ['ArnNotLike', { compare: arnLike, negated: true }],
]);

/** All conditions of a statement must be met: one that is surely not met decides. */
export function conditionsMet(
  conditions: readonly Condition[],
  context: RequestContext,
  version: Policy['version'],
): Truth {
  return all(conditions.map((condition) => conditionMet(condition, context, version)));
}

export function all(truths: readonly Truth[]): Truth {
  if (truths.includes('no')) return 'no';
  return truths.includes('unknown') ? 'unknown' : 'yes';
}

function conditionMet(
  { operator, key, values }: Condition,
  context: RequestContext,
  version: Policy['version'],
): Truth {
  const known = OPERATORS.get(operator.replace(/IfExists$/, ''));
  const value = lookUp(context, key);
  if (!known || value === undefined) return 'unknown';
  const truths = values.map((written): Truth => {
    const pattern = expand(written, context, version);
    if (pattern === undefined) return 'unknown';
    return known.compare(pattern, value) ? 'yes' : 'no';
  });
  // Several values are alternatives; for a negated operator none of them may fit.
  const any: Truth = truths.includes('yes') ? 'yes' : truths.includes('unknown') ? 'unknown' : 'no';
  if (!known.negated || any === 'unknown') return any;
  return any === 'yes' ? 'no' : 'yes';
}

/**
 * The pattern with its policy variables (`${aws:SourceAccount}`) filled in; undefined where one is not known.
 * Documents of version 2008-10-17 take `${…}` to the letter (IAM User Guide, Policy variables).
 */
export function expand(pattern: string, context: RequestContext, version: Policy['version']): string | undefined {
  if (version === '2008-10-17') return pattern;
  const names = [...pattern.matchAll(/\$\{([^}]*)\}/g)].flatMap(([, name]) => name ?? []);
  if (names.some((name) => lookUp(context, name) === undefined)) return undefined;
  return pattern.replace(/\$\{([^}]*)\}/g, (_, name: string) => lookUp(context, name) ?? '');
}

/** Names of condition keys are not case-sensitive. */
function lookUp(context: RequestContext, key: string): string | undefined {
  return Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
}

/** Splits at the first five colons: the sixth part, the resource, may hold more of them. */
function matchesArnParts(pattern: string, arn: string): boolean {
  const patterns = arnParts(pattern);
  const parts = arnParts(arn);
  return patterns.length === parts.length && patterns.every((part, index) => matches(part, parts[index] ?? ''));
}

function arnParts(arn: string): readonly string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}
