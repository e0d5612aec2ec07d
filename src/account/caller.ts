/** Sends single calls and gives back AWS's answers and refusals unchanged: what `labproof aws` stands on. */
import { type ConnectionOptions, connect, type ServiceName } from './connection.ts';
import { CallFailure, unreadOf } from './errors.ts';
import { CallError, type Target } from './reader.ts';
import { packages } from './sdk/index.ts';

export type Input = Readonly<Record<string, unknown>>;
export type Output = Readonly<Record<string, unknown>>;

export interface Caller {
  /** @throws AwsRefusal where AWS answered with an error, CallError where there was no answer of AWS's. */
  call(service: ServiceName, operation: string, input: Input): Promise<Output>;
  close(): void;
}

/** AWS's own error with AWS's own words. */
export class AwsRefusal extends Error {
  readonly code: string;
  readonly operation: string;
  /** The HTTP status. */
  readonly status: number;
  constructor(code: string, operation: string, message: string, status: number) {
    super(message);
    this.name = 'AwsRefusal';
    this.code = code;
    this.operation = operation;
    this.status = status;
  }
}

/** What all clients have in common, whichever command they are handed. */
interface AnyClient {
  send(command: object): Promise<object>;
}
type CommandClass = new (input: Input) => object;

export function openCaller(target: Target, options: ConnectionOptions = {}): Caller {
  const connection = connect(target, options);

  async function commandClass(service: ServiceName, operation: string): Promise<CommandClass> {
    const found = Reflect.get(await packages[service](), `${operation}Command`);
    if (typeof found !== 'function') throw new Error(`There is no ${operation} in the AWS SDK's ${service} client.`);
    return found as CommandClass;
  }

  async function call(service: ServiceName, operation: string, input: Input): Promise<Output> {
    const Command = await commandClass(service, operation);
    try {
      const client = (await connection.client(service)) as unknown as AnyClient;
      const { $metadata, ...output } = (await client.send(new Command(input))) as Output;
      return output;
    } catch (error) {
      throw refusal(operation, error, target);
    }
  }

  return { call, close: () => connection.close() };
}

function refusal(operation: string, error: unknown, { endpointUrl }: Target): Error {
  if (error instanceof CallFailure && error.status !== undefined && error.cause instanceof Error)
    return new AwsRefusal(error.code, operation, error.cause.message, error.status);
  return new CallError(
    operation,
    error instanceof CallFailure ? error.code : 'Unknown',
    unreadOf(error, endpointUrl).message,
  );
}
