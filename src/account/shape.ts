/** The shapes of AWS's inputs and outputs as plain data: what the SDK's schemas say, without the SDK. */
import type { NormalizedSchema } from '@smithy/core/schema';

export type Shape = ScalarShape | ListShape | MapShape | StructureShape;

export interface ScalarShape {
  readonly kind: 'string' | 'number' | 'boolean' | 'timestamp' | 'blob';
}
export interface ListShape {
  readonly kind: 'list';
  readonly member: Shape;
}
export interface MapShape {
  readonly kind: 'map';
  readonly value: Shape;
}
export interface StructureShape {
  readonly kind: 'structure';
  readonly members: ReadonlyMap<string, Member>;
}
export interface Member {
  readonly shape: Shape;
  /** The client sends one of its own where this is left out, so it is never asked for. */
  readonly required: boolean;
}

/** Unfolded only as far as it is read: some shapes hold themselves. */
export function shapeOf(schema: NormalizedSchema): Shape {
  if (schema.isStructSchema()) return structureOf(schema);
  if (schema.isListSchema())
    return {
      kind: 'list',
      get member() {
        return shapeOf(schema.getValueSchema());
      },
    };
  if (schema.isMapSchema())
    return {
      kind: 'map',
      get value() {
        return shapeOf(schema.getValueSchema());
      },
    };
  return { kind: scalarKind(schema) };
}

/** An operation without input or output has an empty structure. */
export function structureOf(schema: NormalizedSchema): StructureShape {
  return {
    kind: 'structure',
    get members() {
      if (schema.isUnitSchema()) return new Map();
      const definition = schema.getSchema();
      // In a schema the required members come first, and their number last.
      const count = Array.isArray(definition) && typeof definition[6] === 'number' ? definition[6] : 0;
      const required = schema.isUnionSchema() ? 0 : count;
      return new Map(
        [...schema.structIterator()].map(([name, member], index) => [
          name,
          { shape: shapeOf(member), required: index < required && !member.isIdempotencyToken() },
        ]),
      );
    },
  };
}

function scalarKind(schema: NormalizedSchema): ScalarShape['kind'] {
  if (schema.isNumericSchema()) return 'number';
  if (schema.isBooleanSchema()) return 'boolean';
  if (schema.isTimestampSchema()) return 'timestamp';
  return schema.isBlobSchema() ? 'blob' : 'string';
}
