/** ec2Query (Smithy, "AWS EC2 query protocol"): form in, XML out, flat lists, no result element. */
import { AwsError } from '../service.ts';
import { type FormDialect, formAction, readForm } from './form.ts';
import { type Protocol, uncapitalised } from './protocol.ts';
import { membersOf, missingMembers, structure } from './schema.ts';
import { writeXml } from './xml.ts';

const NAMESPACE = 'http://ec2.amazonaws.com/doc/2016-11-15/';
/** Where AWS's message names a missing list otherwise than the SDK does (seen in AWS's answers to CreateTags). */
const SET_NAMES: Readonly<Record<string, string>> = { Resources: 'resourceIdSet', Tags: 'tagSet' };
const STRING = 0;
const BOOLEAN = 2;

const dialect: FormDialect = {
  key(name, member) {
    const { ec2QueryName, xmlName } = member.getMergedTraits();
    if (typeof ec2QueryName === 'string') return ec2QueryName;
    const key = xmlName ?? name;
    return key.charAt(0).toUpperCase() + key.slice(1);
  },
  wrapper: () => undefined,
  unknown: (path) => new AwsError('UnknownParameter', `The parameter ${path} is not recognized`),
  invalid: (path, value, expected) =>
    new AwsError(
      'InvalidParameterValue',
      `Value (${value}) for parameter ${uncapitalised(path)} is invalid. Expected ${expected}.`,
    ),
};

const oneError = structure('Error', { Code: STRING, Message: STRING });
const errors = structure('Response', { Errors: structure('Errors', { Error: oneError }), RequestID: STRING });

export const ec2Query: Protocol = {
  contentType: 'text/xml;charset=UTF-8',
  action: ({ body }) => formAction(body),
  read(operation, { body }) {
    const input = readForm(operation.input, body, dialect);
    const [missing] = missingMembers(operation.input, input);
    if (missing) {
      const name = SET_NAMES[missing.at(-1) ?? ''] ?? uncapitalised(missing.at(-1) ?? '');
      throw new AwsError('MissingParameter', `The request must contain the parameter ${name}`);
    }
    return input;
  },
  write(operation, output, requestId) {
    const unit = operation.output.isUnitSchema();
    const members = { requestId: STRING, ...(unit ? { return: BOOLEAN } : membersOf(operation.output)) };
    const value = { requestId, ...(unit ? { return: true } : output) };
    return writeXml(structure(`${operation.name}Response`, members), value, NAMESPACE);
  },
  writeError(error, requestId) {
    const value = { Errors: { Error: { Code: error.code, Message: error.message } }, RequestID: requestId };
    return writeXml(errors, value, '');
  },
  unknownAction: (action) => new AwsError('InvalidAction', `The action ${action} is not valid for this web service.`),
};
