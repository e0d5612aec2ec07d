/** Sends single calls and gives back AWS's answers and refusals unchanged: what `labproof aws` stands on. */
import { type ConnectionOptions, connect, type ServiceName } from './connection.ts';
import { CallFailure, unreadOf } from './errors.ts';
import { CallError, type Target } from './reader.ts';
import { packages } from './sdk/index.ts';
import { type AnyClient, type Waiter, waitWith, whyNot } from './waiter.ts';

export type Input = Readonly<Record<string, unknown>>;
export type Output = Readonly<Record<string, unknown>>;

export interface Caller {
  /** @throws AwsRefusal where AWS answered with an error, CallError where there was no answer of AWS's. */
  call(service: ServiceName, operation: string, input: Input): Promise<Output>;
  /** Asks again and again until a waiter of the SDK (`InstanceRunning`) is satisfied. @throws as `call`, and WaitFailed. */
  wait(service: ServiceName, waiter: string, input: Input): Promise<void>;
  close(): void;
}

/** AWS's own error with AWS's own words. */
export class AwsRefusal extends Error {
  readonly code: string;
  readonly operation: string;
  constructor(code: string, operation: string, message: string) {
    super(message);
    this.name = 'AwsRefusal';
    this.code = code;
    this.operation = operation;
  }
}

class WaitFailed extends Error {}

type CommandClass = new (input: Input) => object;

export function openCaller(target: Target, options: ConnectionOptions = {}): Caller {
  const connection = connect(target, options);
  const clientOf = async (service: ServiceName) => (await connection.client(service)) as unknown as AnyClient;

  async function exported<T>(service: ServiceName, name: string): Promise<T> {
    const found = Reflect.get(await packages[service](), name);
    if (typeof found !== 'function') throw new Error(`There is no ${name} in the AWS SDK's ${service} client.`);
    return found as T;
  }

  async function call(service: ServiceName, operation: string, input: Input): Promise<Output> {
    const Command = await exported<CommandClass>(service, `${operation}Command`);
    try {
      const { $metadata, ...output } = (await (await clientOf(service)).send(new Command(input))) as Output;
      return output;
    } catch (error) {
      throw refusal(operation, error, target);
    }
  }

  async function wait(service: ServiceName, waiter: string, input: Input): Promise<void> {
    const until = await exported<Waiter>(service, `waitUntil${waiter}`);
    try {
      await waitWith(until, await clientOf(service), input);
    } catch (error) {
      if (error instanceof CallFailure) throw refusal(waiter, error, target);
      throw new WaitFailed(`Waiter ${waiter} failed: ${whyNot(error)}`, { cause: error });
    }
  }

  return { call, wait, close: () => connection.close() };
}

function refusal(operation: string, error: unknown, { endpointUrl }: Target): Error {
  if (error instanceof CallFailure && error.status !== undefined && error.cause instanceof Error)
    return new AwsRefusal(error.code, operation, error.cause.message);
  return new CallError(
    operation,
    error instanceof CallFailure ? error.code : 'Unknown',
    unreadOf(error, endpointUrl).message,
  );
}
