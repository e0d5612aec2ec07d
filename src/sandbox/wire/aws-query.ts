/** awsQuery (Smithy, "AWS query protocol"): form in, XML out in a result element. IAM and STS. */
import { AwsError } from '../service.ts';
import { type FormDialect, formAction, readForm } from './form.ts';
import { missingMessage, type Protocol } from './protocol.ts';
import { missingMembers, type SchemaRef, structure } from './schema.ts';
import { writeXml } from './xml.ts';

const STRING = 0;

const dialect: FormDialect = {
  key: (name, member) => member.getMergedTraits().xmlName ?? name,
  wrapper(list) {
    if (list.getMergedTraits().xmlFlattened) return undefined;
    return list.getValueSchema().getMergedTraits().xmlName ?? 'member';
  },
  invalid: (path, value, expected) =>
    new AwsError('MalformedInput', `Value '${value}' at '${path}' is not valid: expected ${expected}`),
};

const metadata = structure('ResponseMetadata', { RequestId: STRING });
const oneError = structure('Error', { Type: STRING, Code: STRING, Message: STRING });
const errors = structure('ErrorResponse', { Error: oneError, RequestId: STRING });

/** @param namespace The service's XML namespace. @param version Its API version, named in the error for an unknown action. */
export function awsQuery(namespace: string, version: string): Protocol {
  return {
    contentType: 'text/xml',
    action: ({ body }) => formAction(body),
    read(operation, { body }) {
      const input = operation.input.isUnitSchema() ? {} : readForm(operation.input, body, dialect);
      const missing = missingMembers(operation.input, input);
      if (missing.length > 0) throw new AwsError('ValidationError', missingMessage(missing));
      return input;
    },
    write(operation, output, requestId) {
      const result: Record<string, SchemaRef> = operation.output.isUnitSchema()
        ? {}
        : { [`${operation.name}Result`]: operation.output.getSchema() as SchemaRef };
      const envelope = structure(`${operation.name}Response`, { ...result, ResponseMetadata: metadata });
      const value = { [`${operation.name}Result`]: output, ResponseMetadata: { RequestId: requestId } };
      return writeXml(envelope, value, namespace);
    },
    writeError(error, requestId) {
      const Type = error.status >= 500 ? 'Receiver' : 'Sender';
      return writeXml(
        errors,
        { Error: { Type, Code: error.code, Message: error.message }, RequestId: requestId },
        namespace,
      );
    },
    unknownAction: (action) =>
      new AwsError('InvalidAction', `Could not find operation ${action} for version ${version}`),
  };
}
