/** `${name}` in a reference solution's inputs, and the paths at which its outputs are kept. */

export type Variables = Readonly<Record<string, string | number>>;

/** A reference, or `$${`, which stands for `${` itself: a flow log's own format is written so. */
const REFERENCE = /\$\$\{|\$\{([A-Za-z][A-Za-z0-9]*)\}/g;

/**
 * The input with every `${name}` replaced; a text that is nothing but one reference takes the value's own type.
 * @throws Error naming the reference that has no value.
 */
export function substitute(value: unknown, variables: Variables): unknown {
  if (typeof value === 'string') {
    const [first, ...more] = splitAtReferences(value);
    if (first && 'reference' in first && more.length === 0) return lookUp(first.reference, variables);
    return [first, ...more]
      .map((part) => (part && 'reference' in part ? lookUp(part.reference, variables) : (part?.literal ?? '')))
      .join('');
  }
  if (Array.isArray(value)) return value.map((item) => substitute(item, variables));
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, substitute(item, variables)]));
  return value;
}

function lookUp(name: string, variables: Variables): string | number {
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (value === undefined)
    throw new Error(`nothing in this account is known as \${${name}} yet: finish the earlier steps first`);
  return value;
}

type Part = { readonly literal: string } | { readonly reference: string };

/** A text as its literal parts and its references, in order. */
export function splitAtReferences(text: string): readonly Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const { 0: whole, 1: name, index } of text.matchAll(REFERENCE)) {
    parts.push({ literal: text.slice(from, index) + (name === undefined ? '${' : '') });
    if (name !== undefined) parts.push({ reference: name });
    from = index + whole.length;
  }
  return [...parts, { literal: text.slice(from) }].filter((part) => 'reference' in part || part.literal !== '');
}

/** What stands at `Reservations[0].Instances[0].InstanceId`, or undefined. */
export function at(path: string, output: unknown): unknown {
  let value = output;
  for (const key of path.replaceAll('[', '.').replaceAll(']', '').split('.')) {
    if (value === null || typeof value !== 'object') return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}
