/** AWS's answer as the AWS CLI prints it: plain JSON values, with times and bytes as text. */
import type { Shape, StructureShape } from '../../account/shape.ts';

export type Printable = string | number | boolean | null | readonly Printable[] | { readonly [key: string]: Printable };

export interface PrintRules {
  /** Times that came as numbers (the JSON protocol) are shown in local time, others as they came, in UTC. */
  readonly localTime: boolean;
  /** IAM sends policy documents as URL-encoded JSON. */
  readonly policyDocuments: boolean;
}

export function printable(
  shape: StructureShape,
  output: Readonly<Record<string, unknown>>,
  rules: PrintRules,
): { readonly [key: string]: Printable } {
  return structure(shape, output, rules);
}

function structure(shape: StructureShape, value: object, rules: PrintRules): { readonly [key: string]: Printable } {
  const result: Record<string, Printable> = {};
  for (const [name, member] of shape.members) {
    const inner: unknown = Reflect.get(value, name);
    if (inner !== undefined && inner !== null) result[name] = print(member.shape, inner, name, rules);
  }
  return result;
}

function print(shape: Shape, value: unknown, name: string, rules: PrintRules): Printable {
  switch (shape.kind) {
    case 'structure':
      return structure(shape, Object(value), rules);
    case 'list':
      return Array.isArray(value) ? value.map((item: unknown) => print(shape.member, item, name, rules)) : [];
    case 'map':
      return Object.fromEntries(
        Object.entries(Object(value)).map(([key, item]) => [key, print(shape.value, item, key, rules)]),
      );
    case 'timestamp':
      return value instanceof Date ? isoTime(value, rules.localTime) : String(value);
    case 'blob':
      return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : String(value);
    case 'number':
      return Number(value);
    case 'boolean':
      return value === true;
    default:
      return rules.policyDocuments && /^(AssumeRole)?(Policy)?Document$/.test(name)
        ? policyDocument(String(value))
        : String(value);
  }
}

function policyDocument(text: string): Printable {
  try {
    return JSON.parse(decodeURIComponent(text)) as Printable;
  } catch {
    return text;
  }
}

/** As Python's `datetime.isoformat()`: a fraction only where there is one, and the offset in hours and minutes. */
function isoTime(date: Date, local: boolean): string {
  const offset = local ? -date.getTimezoneOffset() : 0;
  const shifted = new Date(date.getTime() + offset * 60_000).toISOString();
  const fraction = shifted.slice(20, 23);
  const two = (number: number) => String(Math.trunc(number)).padStart(2, '0');
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.abs(offset) / 60)}:${two(Math.abs(offset) % 60)}`;
  return `${shifted.slice(0, 19)}${fraction === '000' ? '' : `.${fraction}000`}${zone}`;
}
