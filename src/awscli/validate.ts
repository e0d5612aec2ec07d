/** The input as a whole, held against its shape before anything is sent, as the AWS CLI does it. */
import type { Shape, StructureShape } from '../account/shape.ts';
import { Misuse } from './misuse.ts';

/**
 * The input as the SDK takes it: timestamps as dates, base64 as bytes.
 * @param rawBytes Text for bytes is meant as it stands (`--cli-binary-format raw-in-base64-out`).
 * @throws Misuse that names every fault.
 */
export function validated(
  shape: StructureShape,
  input: Readonly<Record<string, unknown>>,
  rawBytes: boolean,
): Record<string, unknown> {
  const faults: string[] = [];
  const result = convert(shape, input, '', { faults, rawBytes });
  if (faults.length > 0) throw new Misuse(`Parameter validation failed:\n${faults.join('\n')}`);
  return result as Record<string, unknown>;
}

interface Walk {
  readonly faults: string[];
  readonly rawBytes: boolean;
}

function convert(shape: Shape, value: unknown, path: string, walk: Walk): unknown {
  const wrong = (expected: string): undefined => {
    walk.faults.push(`Invalid type for parameter ${path || 'input'}, value: ${show(value)}, valid type: ${expected}`);
  };
  switch (shape.kind) {
    case 'structure':
      return isRecord(value) ? structure(shape, value, path, walk) : wrong('structure');
    case 'map':
      if (!isRecord(value)) return wrong('map');
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, convert(shape.value, item, `${path}.${key}`, walk)]),
      );
    case 'list':
      if (!Array.isArray(value)) return wrong('list');
      return value.map((item, index) => convert(shape.member, item, `${path}[${index}]`, walk));
    case 'number':
      return typeof value === 'number' ? value : wrong('number');
    case 'boolean':
      return typeof value === 'boolean' ? value : wrong('boolean');
    case 'timestamp':
      return timestamp(value) ?? wrong('timestamp');
    case 'blob':
      if (value instanceof Uint8Array) return value;
      if (typeof value !== 'string') return wrong('blob');
      return walk.rawBytes ? Buffer.from(value) : fromBase64(value);
    default:
      return typeof value === 'string' ? value : wrong('string');
  }
}

function structure(
  shape: StructureShape,
  value: Readonly<Record<string, unknown>>,
  path: string,
  walk: Walk,
): Record<string, unknown> {
  const { members } = shape;
  const result: Record<string, unknown> = {};
  for (const [name, member] of members) {
    const given = value[name];
    if (given !== undefined && given !== null)
      result[name] = convert(member.shape, given, path === '' ? name : `${path}.${name}`, walk);
    else if (member.required) walk.faults.push(`Missing required parameter in ${path || 'input'}: "${name}"`);
  }
  for (const name of Object.keys(value))
    if (!members.has(name))
      walk.faults.push(
        `Unknown parameter in ${path || 'input'}: "${name}", must be one of: ${[...members.keys()].join(', ')}`,
      );
  return result;
}

/** Epoch seconds or ISO 8601; without a zone it is local time. */
function timestamp(value: unknown): Date | undefined {
  const seconds = typeof value === 'string' && /^\s*$/.test(value) ? Number.NaN : Number(value);
  const text = String(value).trim();
  const date = Number.isNaN(seconds)
    ? new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00` : text)
    : new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function fromBase64(text: string): Uint8Array {
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text) || text.replace(/\s/g, '').length % 4 !== 0)
    throw new Misuse(`Invalid base64: "${text}"`);
  return Buffer.from(text, 'base64');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
