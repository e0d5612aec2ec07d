/** Sends the calls of a reference solution, by name. */
import { type ConnectionOptions, connect, type ServiceName } from './connection.ts';
import { CallFailure, unreadOf } from './errors.ts';
import { CallError, type CallSender, type Target } from './reader.ts';
import { isService, packages } from './sdk/index.ts';

/** What all clients have in common, whichever command they are handed. */
interface AnyClient {
  send(command: object, options: { abortSignal?: AbortSignal }): Promise<object>;
}
type CommandClass = new (input: Readonly<Record<string, unknown>>) => object;

export function openSender(target: Target, options: ConnectionOptions = {}): CallSender {
  const connection = connect(target, options);
  return {
    async send(call, input, signal) {
      const { service, command } = await commandFor(call, input);
      try {
        const client = (await connection.client(service)) as unknown as AnyClient;
        return await client.send(command, signal ? { abortSignal: signal } : {});
      } catch (error) {
        signal?.throwIfAborted();
        throw refusal(call, error, target);
      }
    },
    close: () => connection.close(),
  };
}

async function commandFor(call: string, input: Readonly<Record<string, unknown>>) {
  const [service = '', operation = ''] = call.split(':');
  const found = isService(service) ? Reflect.get(await packages[service](), `${operation}Command`) : undefined;
  if (typeof found !== 'function') throw new CallError(call, 'UnknownCall', `there is no AWS operation ${call}`);
  return { service: service as ServiceName, command: new (found as CommandClass)(encoded(call, input)) };
}

/** User data stands in a lab as plain text, as the AWS CLI takes it, for which the same calls are printed; the SDK wants base64. */
function encoded(call: string, input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { UserData } = input;
  if (call !== 'ec2:RunInstances' || typeof UserData !== 'string') return input;
  return { ...input, UserData: Buffer.from(UserData).toString('base64') };
}

/** The code is said by the error itself, so the message leaves it out. */
function refusal(call: string, error: unknown, { endpointUrl }: Target): CallError {
  const { message } = unreadOf(error, endpointUrl);
  const code = error instanceof CallFailure ? error.code : 'Unknown';
  return new CallError(call, code, message.replace(` (${code})`, ''));
}
