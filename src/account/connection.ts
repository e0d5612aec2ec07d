/** SDK clients for one target: made when first needed, one a service, every call counted. */
import { setTimeout as pause } from 'node:timers/promises';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { STSClient } from '@aws-sdk/client-sts';
import { CallFailure } from './errors.ts';
import type { CallCount, Target } from './reader.ts';

export interface Clients {
  readonly ec2: EC2Client;
  readonly iam: IAMClient;
  readonly logs: CloudWatchLogsClient;
  readonly ssm: SSMClient;
  readonly sts: STSClient;
}
export type ServiceName = keyof Clients;

export interface Connection {
  client<S extends ServiceName>(service: S): Promise<Clients[S]>;
  /** The same account in another Region. Its calls are counted here, and it is closed with this one. */
  in(region: string): Connection;
  /** The cloud's clock, from the `Date` of its newest answer; our own before there is one. Epoch milliseconds. */
  now(): number;
  calls(): CallCount;
  /** Between two looks at something that is not ready. */
  sleep(milliseconds: number): Promise<void>;
  close(): void;
}

export interface ConnectionOptions {
  /** For one answer, milliseconds. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** How often a call is sent that was throttled or not answered. */
  readonly attempts?: number;
  /** For a cloud whose time passes only as it is told to. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

const CONNECT_MS = 5000;
const ANSWER_MS = 30_000;
/** The first try and three more, with the SDK's own growing pauses. */
const ATTEMPTS = 4;

export function connect(target: Target, options: ConnectionOptions = {}): Connection {
  return connectAs(target, options, {});
}

/** @param byOperation Where calls are counted. @param account Who signs, where that was found out before. */
function connectAs(
  target: Target,
  options: ConnectionOptions,
  byOperation: Record<string, number>,
  account?: NonNullable<Config['credentials']>,
): Connection {
  const { timeoutMs = ANSWER_MS, signal, attempts = ATTEMPTS, sleep = pause } = options;
  const others = new Map<string, Connection>();
  const clients = new Map<ServiceName, Promise<Clients[ServiceName]>>();
  const clock: { ahead: number } = { ahead: 0 };
  const stop = signal && rejectionOf(signal);
  const config: Config = {
    ...(target.region !== undefined && { region: target.region }),
    ...(target.profile !== undefined && { profile: target.profile }),
    ...(target.endpointUrl !== undefined && { endpoint: target.endpointUrl }),
    ...(target.credentials !== undefined && { credentials: target.credentials }),
    maxAttempts: attempts,
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: timeoutMs,
      // The request's own time ends with the answer's first line; this one also ends an answer that stops half-way.
      socketTimeout: timeoutMs,
      throwOnRequestTimeout: true,
    },
  };
  // One sign-in for all clients: a chain of its own in each would start a profile's `credential_process` five times.
  const signedIn: NonNullable<Config['credentials']> =
    account ?? target.credentials ?? (async (properties) => (await client('sts')).config.credentials(properties));

  async function make(service: ServiceName): Promise<Clients[ServiceName]> {
    const findsOut = service === 'sts' && account === undefined;
    const made = await constructors[service](findsOut ? config : { ...config, credentials: signedIn });
    watch(made, service, byOperation, clock, stop?.stopped);
    return made;
  }

  function client<S extends ServiceName>(service: S): Promise<Clients[S]> {
    const made = clients.get(service) ?? make(service);
    clients.set(service, made);
    // The map holds under each name the client that was made for it.
    return made as Promise<Clients[S]>;
  }

  return {
    client,
    in(region) {
      const other = others.get(region) ?? connectAs({ ...target, region }, options, byOperation, signedIn);
      others.set(region, other);
      return other;
    },
    now: () => Date.now() + clock.ahead,
    calls: () => ({
      total: Object.values(byOperation).reduce((total, times) => total + times, 0),
      byOperation: Object.fromEntries(Object.entries(byOperation).sort(([a], [b]) => a.localeCompare(b))),
    }),
    sleep,
    close() {
      stop?.forget();
      for (const other of others.values()) other.close();
      for (const each of clients.values()) void each.then((made) => made.destroy());
    },
  };
}

interface Stop {
  /** Fails as soon as the signal is raised. */
  readonly stopped: Promise<never>;
  /** A signal of many accounts would keep every answer that was raced against it. */
  forget(): void;
}

function rejectionOf(signal: AbortSignal): Stop {
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = () => reject(new DOMException('stopped', 'AbortError'));
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  // Nobody may be waiting when it is raised.
  stopped.catch(() => {});
  return { stopped, forget: () => signal.removeEventListener('abort', stop) };
}

/** What all five clients are configured by. */
interface Config {
  readonly region?: string;
  readonly profile?: string;
  readonly endpoint?: string;
  readonly credentials?: NonNullable<Target['credentials']> | STSClient['config']['credentials'];
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly socketTimeout: number;
    readonly throwOnRequestTimeout: boolean;
  };
}

const constructors: Readonly<Record<ServiceName, (config: Config) => Promise<Clients[ServiceName]>>> = {
  ec2: async (config) => new (await import('./sdk/ec2.ts')).EC2Client(config),
  iam: async (config) => new (await import('./sdk/iam.ts')).IAMClient(config),
  logs: async (config) => new (await import('./sdk/logs.ts')).CloudWatchLogsClient(config),
  ssm: async (config) => new (await import('./sdk/ssm.ts')).SSMClient(config),
  sts: async (config) => new (await import('./sdk/sts.ts')).STSClient(config),
};

/** The part of every client's middleware stack that is needed here. */
interface Stack {
  add(middleware: Middleware, options: { step: 'initialize' | 'deserialize'; name: string; priority: 'high' }): void;
}
type Handler = (args: { input: object }) => Promise<{ response: unknown; output: object }>;
type Middleware = (next: Handler, context: { commandName?: string }) => Handler;

/** Reads over XML: EC2 and IAM send even an empty list as an element. */
const XML_READ = /^(ec2|iam):(Describe|List|Get)/;

/** A web page is read as XML without one known element: that is no empty list. Named as the SDK names what has no code. */
function assertAnswered(action: string, output: object): void {
  const { $metadata, ...members } = output as { readonly $metadata?: object };
  if (!XML_READ.test(action) || Object.values(members).some((member) => member !== undefined)) return;
  throw Object.assign(new Error('no AWS answer'), { name: 'Unknown', $metadata });
}

/** Counts each call once, however often it is retried, and names the action in its error. */
function watch(
  client: Clients[ServiceName],
  service: ServiceName,
  byOperation: Record<string, number>,
  clock: { ahead: number },
  stopped: Promise<never> | undefined,
): void {
  // Each client types its stack by its own inputs; these two middlewares look at none of them.
  const stack = client.middlewareStack as unknown as Stack;
  stack.add(
    (next, context) => async (args) => {
      const action = `${service}:${(context.commandName ?? '').replace(/Command$/, '')}`;
      byOperation[action] = (byOperation[action] ?? 0) + 1;
      try {
        // What was stopped first wins, so that nothing is sent.
        await Promise.race([stopped, undefined]);
        const result = await (stopped ? Promise.race([stopped, next(args)]) : next(args));
        assertAnswered(action, result.output);
        return result;
      } catch (error) {
        throw new CallFailure(action, error);
      }
    },
    { step: 'initialize', name: 'labproofCall', priority: 'high' },
  );
  stack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { headers } = Object(result.response) as { headers?: Record<string, string> };
      const date = Date.parse(headers?.date ?? '');
      if (!Number.isNaN(date)) clock.ahead = date - Date.now();
      return result;
    },
    { step: 'deserialize', name: 'labproofClock', priority: 'high' },
  );
}
