/** awsJson1_1 (Smithy, "AWS JSON 1.1 protocol"): the operation in `X-Amz-Target`, JSON both ways. Logs and SSM. */
import { JsonCodec } from '@aws-sdk/core/protocols';
import { AwsError } from '../service.ts';
import { missingMessage, type Protocol } from './protocol.ts';
import { missingMembers, type NormalizedSchema } from './schema.ts';

/** Smithy's number for epoch seconds. */
const EPOCH_SECONDS = 7;
const codec = new JsonCodec({ timestampFormat: { useTrait: true, default: EPOCH_SECONDS }, jsonName: false });

/** @param target What stands before the operation in `X-Amz-Target`. @param invalidCode The service's error for bad input. */
export function awsJson(target: string, invalidCode: string): Protocol {
  return {
    contentType: 'application/x-amz-json-1.1',
    action: (request) =>
      request.target?.startsWith(`${target}.`) ? request.target.slice(target.length + 1) : undefined,
    read(operation, { body }) {
      let parsed: unknown;
      try {
        parsed = body === '' ? {} : JSON.parse(body);
      } catch {
        throw new AwsError('SerializationException', 'The request body is not valid JSON.');
      }
      const input = readJson(operation.input, parsed, '') ?? {};
      const missing = missingMembers(operation.input, input);
      if (missing.length > 0) throw new AwsError(invalidCode, missingMessage(missing));
      return input as object;
    },
    write(operation, output) {
      if (operation.output.isUnitSchema()) return '';
      const serializer = codec.createSerializer();
      serializer.write(operation.output, output);
      return serializer.flush();
    },
    writeError: (error) => JSON.stringify({ __type: error.code, message: error.message, ...error.details }),
    unknownAction: (action) => new AwsError('UnknownOperationException', `The operation ${action} is not known.`),
  };
}

/** Takes over what the schema knows, as AWS does, and refuses values of another type. */
function readJson(schema: NormalizedSchema, value: unknown, path: string): unknown {
  if (value === null || value === undefined) return undefined;
  if (schema.isStructSchema()) {
    const record = object(value, path);
    const members = [...schema.structIterator()].map(([name, member]) => [
      name,
      readJson(member, Object.hasOwn(record, name) ? Reflect.get(record, name) : undefined, `${path}/${name}`),
    ]);
    return Object.fromEntries(members.filter(([, member]) => member !== undefined));
  }
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) throw mismatch(path, 'a list');
    const member = schema.getValueSchema();
    return value.map((item: unknown, index) => readJson(member, item, `${path}/${index}`));
  }
  if (schema.isMapSchema()) {
    const member = schema.getValueSchema();
    const entries = Object.entries(object(value, path));
    return Object.fromEntries(entries.map(([key, item]) => [key, readJson(member, item, `${path}/${key}`)]));
  }
  if (schema.isTimestampSchema()) return new Date(number(value, path) * 1000);
  if (schema.isNumericSchema()) return number(value, path);
  if (schema.isBooleanSchema()) {
    if (typeof value !== 'boolean') throw mismatch(path, 'a boolean');
    return value;
  }
  if (typeof value !== 'string') throw mismatch(path, 'a string');
  return schema.isBlobSchema() ? new Uint8Array(Buffer.from(value, 'base64')) : value;
}

function object(value: unknown, path: string): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw mismatch(path, 'a structure');
  return value;
}

function number(value: unknown, path: string): number {
  if (typeof value !== 'number') throw mismatch(path, 'a number');
  return value;
}

function mismatch(path: string, expected: string): AwsError {
  return new AwsError('SerializationException', `${path === '' ? 'The request' : path} must be ${expected}.`);
}
