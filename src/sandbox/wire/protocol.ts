/** What the three AWS protocols of the sandbox have in common. */
import type { AwsError } from '../service.ts';
import type { OperationSchema } from './schema.ts';

export interface WireRequest {
  /** The `X-Amz-Target` header. */
  readonly target: string | undefined;
  readonly body: string;
}

export interface Protocol {
  readonly contentType: string;
  /** The operation asked for, or `undefined` where the request names none. */
  action(request: WireRequest): string | undefined;
  /** The input as the SDK types it. Throws AWS's own error for what does not fit the schema. */
  read(operation: OperationSchema, request: WireRequest): object;
  write(operation: OperationSchema, output: object, requestId: string): string | Uint8Array;
  writeError(error: AwsError, requestId: string): string | Uint8Array;
  unknownAction(action: string): AwsError;
}

/** `VpcId` -> `vpcId`, as AWS names parameters in its messages. */
export function uncapitalised(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** The words of services that validate by Smithy models: IAM, STS, Logs and SSM. */
export function missingMessage(missing: readonly (readonly string[])[]): string {
  const problems = missing.map(
    (path) =>
      `Value null at '${path.map(uncapitalised).join('.')}' failed to satisfy constraint: Member must not be null`,
  );
  return `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected: ${problems.join('; ')}`;
}
