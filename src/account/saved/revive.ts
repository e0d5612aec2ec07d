/** What the AWS CLI printed, as the SDK would have given it: by the SDK's own schema of the output. */
import type { JsonPath } from '../../lib/json.ts';
import type { Shape, StructureShape } from '../shape.ts';

export class Misfit extends Error {
  readonly path: JsonPath;
  constructor(path: JsonPath, message: string) {
    super(message);
    this.path = path;
  }
}

/** Newest date met so far, epoch milliseconds. */
export interface Newest {
  at: number;
}

/** A member that lies ahead says nothing of when the output was saved. */
const AHEAD = 'ExpirationTime';

/** Members that the schema does not know are left out. @throws Misfit at what is of another type than the schema's */
export function revive(value: unknown, shape: Shape, newest: Newest, path: JsonPath = []): unknown {
  switch (shape.kind) {
    case 'structure':
      return structure(value, shape, newest, path);
    case 'list':
      if (!Array.isArray(value)) throw misfit(path, 'a list');
      return value.map((item, index) => revive(item, shape.member, newest, [...path, index]));
    case 'map': {
      const entries = Object.entries(object(value, path)).filter(([, item]) => item !== null);
      return Object.fromEntries(entries.map(([key, item]) => [key, revive(item, shape.value, newest, [...path, key])]));
    }
    case 'timestamp': {
      const date = typeof value === 'number' ? new Date(value * 1000) : new Date(String(value));
      if (Number.isNaN(date.getTime())) throw misfit(path, 'a date');
      if (path.at(-1) !== AHEAD) newest.at = Math.max(newest.at, date.getTime());
      return date;
    }
    case 'string':
      if (/Document$/.test(String(path.at(-1)))) return policy(value, path);
      if (typeof value !== 'string') throw misfit(path, 'a text');
      return value;
    case 'number':
    case 'boolean':
      if (typeof value !== shape.kind) throw misfit(path, shape.kind === 'number' ? 'a number' : 'true or false');
      return value;
    case 'blob':
      return undefined;
  }
}

/** The AWS CLI prints policies as JSON, others as its text; the API has that text percent-encoded. */
function policy(value: unknown, path: JsonPath): string {
  if (typeof value === 'string') return value.trimStart().startsWith('{') ? encodeURIComponent(value) : value;
  return encodeURIComponent(JSON.stringify(object(value, path)));
}

function structure(value: unknown, { members }: StructureShape, newest: Newest, path: JsonPath): object {
  const entries = Object.entries(object(value, path)).flatMap(([name, item]) => {
    const member = members.get(name);
    return member && item !== null ? [[name, revive(item, member.shape, newest, [...path, name])] as const] : [];
  });
  return Object.fromEntries(entries);
}

function object(value: unknown, path: JsonPath): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw misfit(path, 'an object');
  return value;
}

function misfit(path: JsonPath, wanted: string): Misfit {
  return new Misfit(path, `Here should be ${wanted}`);
}
