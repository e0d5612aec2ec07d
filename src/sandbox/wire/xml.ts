/** XML answers, written by the SDK's own serializer. */
import { XmlShapeSerializer } from '@aws-sdk/core/protocols';
import type { SchemaRef } from './schema.ts';

/** Smithy's number for RFC 3339 timestamps. */
const DATE_TIME = 5;

export function writeXml(schema: SchemaRef, value: object, xmlNamespace: string): string {
  const serializer = new XmlShapeSerializer({
    timestampFormat: { useTrait: true, default: DATE_TIME },
    httpBindings: false,
    xmlNamespace,
    serviceNamespace: '',
  });
  serializer.write(schema as Parameters<XmlShapeSerializer['write']>[0], value);
  const written = serializer.flush();
  return `<?xml version="1.0" encoding="UTF-8"?>\n${typeof written === 'string' ? written : Buffer.from(written).toString()}`;
}
