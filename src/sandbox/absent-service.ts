/** How a service that the sandbox does not have is refused: in the request's own protocol, so that its client can read it. */
import { cbor } from '@smithy/core/cbor';
import type { Answer } from './server.ts';
import { AwsError } from './service.ts';
import { serviceNames } from './services.ts';
import { awsQuery } from './wire/aws-query.ts';
import { structure } from './wire/schema.ts';
import { writeXml } from './wire/xml.ts';

/** What tells the protocols apart (Smithy, "AWS protocols", each one's HTTP binding). */
export interface RequestForm {
  /** The `X-Amz-Target` header: JSON 1.0 or 1.1. */
  readonly target: string | undefined;
  readonly contentType: string | undefined;
  /** The `Smithy-Protocol` header. */
  readonly smithyProtocol: string | undefined;
}

/** The services with REST and XML, by the name in their signature; all others with REST have JSON. */
const REST_XML = ['cloudfront', 'route53'];
const NAMES = new Intl.ListFormat('en-GB').format(serviceNames);
const STRING = 0;
/** S3 writes its errors without the envelope of the others (Smithy, "AWS restXml protocol", noErrorWrapping). */
const bareError = structure('Error', { Code: STRING, Message: STRING, RequestId: STRING });

/** @param service As the signature names it. */
export function absentService(service: string, form: RequestForm, requestId: string): Answer {
  const error = new AwsError(
    'NotImplemented',
    `The sandbox does not have the service ${service}. It has ${NAMES}.`,
    501,
  );
  return { status: error.status, ...written(service, error, form, requestId) };
}

function written(
  service: string,
  error: AwsError,
  { target, contentType = 'application/x-amz-json-1.0', smithyProtocol }: RequestForm,
  requestId: string,
): Omit<Answer, 'status'> {
  const { code, message } = error;
  const named = { __type: code, message };
  if (smithyProtocol === 'rpc-v2-cbor')
    return {
      contentType: 'application/cbor',
      headers: { 'smithy-protocol': smithyProtocol },
      body: cbor.serialize(named),
    };
  if (target !== undefined) return { contentType, body: JSON.stringify(named) };
  if (service === 's3') {
    const value = { Code: code, Message: message, RequestId: requestId };
    return { contentType: 'application/xml', body: writeXml(bareError, value, '') };
  }
  if (REST_XML.includes(service) || contentType.startsWith('application/x-www-form-urlencoded')) {
    const protocol = awsQuery('', '');
    return { contentType: protocol.contentType, body: protocol.writeError(error, requestId) };
  }
  return { contentType: 'application/json', headers: { 'x-amzn-errortype': code }, body: JSON.stringify({ message }) };
}
