/** A statement's `Condition` block, as far as it can be decided from what is known of a request. */
import { literal } from './glob.ts';
import { operatorOf } from './operators.ts';
import type { Condition, Policy } from './policy.ts';

/** `unknown`: it depends on something that is not known here. */
export type Truth = 'yes' | 'no' | 'unknown';

/** What is known of a request, by condition key; some keys have several values. */
export type RequestContext = Readonly<Record<string, string | readonly string[]>>;

/** How to read a key that is not in the context: it may be set or not, or it surely is not. */
export type Missing = 'unknown' | 'unset';

interface Facts {
  readonly context: RequestContext;
  readonly version: Policy['version'];
  readonly missing: Missing;
}

/** All conditions of a statement must be met: one that is surely not met decides. */
export function conditionsMet(
  conditions: readonly Condition[],
  context: RequestContext,
  version: Policy['version'],
  missing: Missing = 'unknown',
): Truth {
  return all(conditions.map((condition) => conditionMet(condition, { context, version, missing })));
}

export function all(truths: readonly Truth[]): Truth {
  if (truths.includes('no')) return 'no';
  return truths.includes('unknown') ? 'unknown' : 'yes';
}

function any(truths: readonly Truth[]): Truth {
  if (truths.includes('yes')) return 'yes';
  return truths.includes('unknown') ? 'unknown' : 'no';
}

function not(truth: Truth): Truth {
  if (truth === 'unknown') return truth;
  return truth === 'yes' ? 'no' : 'yes';
}

function conditionMet({ operator, key, values }: Condition, facts: Facts): Truth {
  const found = lookUp(facts.context, key);
  if (found === undefined && facts.missing === 'unknown') return 'unknown';
  if (/^Null(IfExists)?$/.test(operator)) {
    const wantsAbsent = values.map((value) => value.toLowerCase() === 'true');
    return wantsAbsent.includes(found === undefined) ? 'yes' : 'no';
  }
  const known = operatorOf(operator);
  if (!known) return 'unknown';
  const { compare, negated, each, ifExists } = known;
  if (found === undefined || found.length === 0)
    return ifExists || each === 'all' || (negated && each === undefined) ? 'yes' : 'no';

  // Several written values are alternatives; for a negated operator none of them may fit.
  const fits = (value: string): Truth => {
    const truth = any(
      values.map((written) => {
        const pattern = expand(written, facts.context, facts.version, facts.missing);
        if (pattern === undefined) return facts.missing === 'unset' ? 'no' : 'unknown';
        return compare(pattern, value) ? 'yes' : 'no';
      }),
    );
    return negated ? not(truth) : truth;
  };
  return each === 'all' ? all(found.map(fits)) : any(found.map(fits));
}

/**
 * The pattern with its policy variables (`${aws:SourceAccount}`) filled in; undefined where one is not known and has no
 * default (`${aws:PrincipalTag/team, 'none'}`). Wildcards in a value, and `${*}`, `${?}`, `${$}`, are taken to the letter.
 * Documents of version 2008-10-17 take all of `${…}` to the letter (IAM User Guide, Policy variables).
 */
export function expand(
  pattern: string,
  context: RequestContext,
  version: Policy['version'],
  missing: Missing = 'unknown',
): string | undefined {
  if (version === '2008-10-17') return pattern;
  let unknown = false;
  const expanded = pattern.replace(/\$\{([^}]*)\}/g, (_, inside: string) => {
    if (inside === '*' || inside === '?' || inside === '$') return literal(inside);
    const [, name = '', fallback] = /^\s*([^,]*?)\s*(?:,\s*'([^']*)')?\s*$/.exec(inside) ?? [];
    const [value, ...more] = lookUp(context, name) ?? [];
    if (value !== undefined && more.length === 0) return literal(value);
    if (fallback !== undefined && missing === 'unset') return literal(fallback);
    unknown = true;
    return '';
  });
  return unknown ? undefined : expanded;
}

/** Names of condition keys are not case-sensitive. */
function lookUp(context: RequestContext, key: string): readonly string[] | undefined {
  const found = Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
  return typeof found === 'string' ? [found] : found;
}
