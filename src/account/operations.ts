/** What a service can do, read from the schemas and exports of its client package. */
import { NormalizedSchema } from '@smithy/core/schema';
import type { ServiceName } from './connection.ts';
import { packages } from './sdk/index.ts';
import { type StructureShape, structureOf } from './shape.ts';

export interface OperationModel {
  /** As AWS writes it: `DescribeVpcs`. */
  readonly name: string;
  readonly input: StructureShape;
  readonly output: StructureShape;
  /** Its answer comes in pages. */
  readonly paged: boolean;
}

export interface ServiceModel {
  readonly operations: readonly string[];
  operation(name: string): OperationModel | undefined;
}

/** Smithy's number for the schema of an operation. */
const OPERATION = 9;

export async function readService(service: ServiceName): Promise<ServiceModel> {
  const exported = await packages[service]();
  const operation = (name: string): OperationModel | undefined => {
    const key = `${name}$`;
    const schema = Object.hasOwn(exported, key) ? exported[key] : undefined;
    if (!Array.isArray(schema) || schema[0] !== OPERATION) return undefined;
    return {
      name,
      input: structureOf(NormalizedSchema.of(schema[4])),
      output: structureOf(NormalizedSchema.of(schema[5])),
      paged: Object.hasOwn(exported, `paginate${name}`),
    };
  };
  return {
    operations: Object.keys(exported)
      .filter((key) => /^\w+Command$/.test(key))
      .map((key) => key.slice(0, -'Command'.length))
      .sort(),
    operation,
  };
}
