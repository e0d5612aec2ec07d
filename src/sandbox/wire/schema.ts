/** The schemas that every @aws-sdk/client-* exports under its operation's name with a `$` behind (`CreateVpc$`). */
import { NormalizedSchema } from '@smithy/core/schema';

export type SchemaRef = Parameters<typeof NormalizedSchema.of>[0];
export type { NormalizedSchema };

export interface OperationSchema {
  readonly name: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
}

const OPERATION = 9;
const STRUCTURE = 3;

/** Looks an operation up in a client package's exports; `undefined` where AWS has no such operation. */
export function operationSchema(
  exported: Readonly<Record<string, unknown>>,
  action: string,
): OperationSchema | undefined {
  const key = `${action}$`;
  const schema = Object.hasOwn(exported, key) ? exported[key] : undefined;
  if (!Array.isArray(schema) || schema[0] !== OPERATION) return undefined;
  return { name: action, input: NormalizedSchema.of(schema[4]), output: NormalizedSchema.of(schema[5]) };
}

/** A structure of our own, for the envelopes that the protocols put around an operation's output. */
export function structure(name: string, members: Readonly<Record<string, SchemaRef>>): SchemaRef {
  return [STRUCTURE, 'labproof', name, 0, Object.keys(members), Object.values(members)] as unknown as SchemaRef;
}

/** The members of an operation's output as an envelope can take them over. */
export function membersOf(schema: NormalizedSchema): Record<string, SchemaRef> {
  return schema.isUnitSchema() ? {} : Object.fromEntries(schema.structIterator());
}

/** Paths of the required members that a value lacks. In a schema the required ones come first, and their number last. */
export function missingMembers(schema: NormalizedSchema, value: unknown, path: readonly string[] = []): string[][] {
  if (value === undefined || value === null) return [];
  if (schema.isStructSchema() && !schema.isUnionSchema() && typeof value === 'object') {
    const definition = schema.getSchema();
    const required = Array.isArray(definition) && typeof definition[6] === 'number' ? definition[6] : 0;
    return [...schema.structIterator()].flatMap(([name, member], index) => {
      const inner: unknown = Reflect.get(value, name);
      if (index < required && (inner === undefined || inner === null)) return [[...path, name]];
      return missingMembers(member, inner, [...path, name]);
    });
  }
  if (schema.isListSchema() && Array.isArray(value)) {
    const member = schema.getValueSchema();
    return value.flatMap((item: unknown, index) => missingMembers(member, item, [...path, String(index + 1)]));
  }
  return [];
}
