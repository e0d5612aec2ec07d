/** The sandbox: a simulated AWS on loopback, whose only door is AWS's own wire protocols. */
import { randomInt } from 'node:crypto';
import { messageOf } from '../lib/message.ts';
import { accountOf, newWorld, regionOf } from './accounts.ts';
import { startClock } from './clock.ts';
import { createFaults } from './faults.ts';
import { runHosts } from './hosts/run.ts';
import { draw, uuid } from './ids.ts';
import { regionNames } from './regions.ts';
import { type Answer, type Caller, listen } from './server.ts';
import { AwsError, type Request } from './service.ts';
import { settleEc2, touchEc2 } from './services/ec2/settle.ts';
import { type Service, services } from './services.ts';
import { noStore, openStore } from './store.ts';
import { settleTraffic } from './traffic.ts';
import { awsJson } from './wire/aws-json.ts';
import { ec2Query } from './wire/ec2-query.ts';
import type { Protocol } from './wire/protocol.ts';
import { operationSchema } from './wire/schema.ts';

export interface SandboxOptions {
  /** 0 picks a free one. */
  readonly port: number;
  /** Keeps the world in this file, and resumes from it. */
  readonly stateFile?: string;
  /** Sandbox seconds a real second. */
  readonly timeScale: number;
  readonly realNow?: () => number;
  readonly seed?: number;
  readonly log?: (line: string) => void;
}

export interface Sandbox {
  readonly url: string;
  close(): Promise<void>;
  /** Back to new AWS accounts. */
  reset(): Promise<void>;
  /** The sandbox's time, epoch milliseconds. */
  now(): number;
}

const REAL_MINUTE_MS = 60_000;
/** Ours, and the one that test suites written for moto's server call before each test. */
const RESETS = ['/_sandbox/reset', '/moto-api/reset'];
/** Operations that change nothing. */
const READS = /^(Describe|Get|List|Search)/;

/** @throws Error where the port is taken or the state file cannot be used; a damaged one is left as it is. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { port, timeScale, realNow = Date.now, log = () => {} } = options;
  const seed = options.seed ?? randomInt(2 ** 31);
  const store = options.stateFile === undefined ? noStore : openStore(options.stateFile);
  let world = (await store.load()) ?? newWorld(seed, realNow());
  // Written once now: a file that cannot be written is said before anything is built.
  await store.save(world);
  const clock = startClock(Math.max(world.now, realNow()), timeScale, realNow);
  const random = () => draw(world);
  const faults = createFaults();

  async function perform(
    service: Service,
    caller: Caller,
    action: string,
    wire: { target: string | undefined; body: string },
  ) {
    const operation = operationSchema(service.client, action);
    const run = Object.hasOwn(service.operations, action) ? service.operations[action] : undefined;
    if (!operation || !run) {
      log(`${caller.service}:${action} is not simulated`);
      throw service.protocol.unknownAction(action);
    }
    faults.strike(`${caller.service}:${action}`);
    const input = service.protocol.read(operation, wire);
    const request = requestOf(caller);
    const output = run(request, input);
    if (caller.service === 'ec2' && !READS.test(action)) touchEc2(request.region.ec2);
    return { operation, output: Object(output) as object };
  }

  /** The world is brought up to the clock first: what it shows depends on when it is asked, not on a timer. */
  function requestOf({ accessKeyId, region: regionName }: Caller): Request {
    if (!regionNames.includes(regionName))
      throw new AwsError('AuthFailure', 'AWS was not able to validate the provided access credentials', 401);
    const now = clock.now();
    world.now = now;
    const account = accountOf(world, accessKeyId);
    const region = regionOf(account, regionName, now, random);
    settleEc2(region.ec2, now, REAL_MINUTE_MS * timeScale);
    runHosts(region, now, random);
    settleTraffic(account, regionName, now, random, () => faults.skips(random));
    return { world, account, region, regionName, now, accessKeyId, random };
  }

  async function call(
    caller: Caller,
    wire: { target: string | undefined; body: string },
    requestId: string,
  ): Promise<Answer> {
    const service = Object.hasOwn(services, caller.service) ? services[caller.service] : undefined;
    const protocol = service?.protocol ?? protocolFor(wire.target);
    try {
      const action = protocol.action(wire);
      if (!service || action === undefined) throw protocol.unknownAction(action ?? `of ${caller.service}`);
      const { operation, output } = await perform(service, caller, action, wire);
      const body = protocol.write(operation, output, requestId);
      await store.save(world);
      return { status: 200, contentType: protocol.contentType, body };
    } catch (error) {
      const known = error instanceof AwsError ? error : internal(error, log);
      return { status: known.status, contentType: protocol.contentType, body: protocol.writeError(known, requestId) };
    }
  }

  async function reset(): Promise<void> {
    world = newWorld(seed, clock.now());
    faults.set('{}');
    await store.save(world);
  }

  const server = await listen(port, {
    call,
    now: () => clock.now(),
    // Ids of requests are no part of the world: asking must not change what is drawn next.
    requestId: () => uuid(Math.random),
    protocolFor,
    async control(method, path, body) {
      if (method === 'GET' && path === '/_sandbox/health')
        return json(200, { status: 'ok', now: clock.now(), timeScale });
      if (method === 'POST' && RESETS.includes(path)) {
        await reset();
        return { status: 204, body: '' };
      }
      if (method === 'POST' && path === '/_sandbox/faults') {
        try {
          faults.set(body);
        } catch (error) {
          return json(400, { error: messageOf(error) });
        }
        return { status: 204, body: '' };
      }
      return undefined;
    },
  });
  const address = server.address();
  const boundPort = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://127.0.0.1:${boundPort}`,
    now: () => clock.now(),
    reset,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      world.now = clock.now();
      await store.saveLast(world);
    },
  };
}

/** How to answer a request whose service is not known. */
function protocolFor(target: string | undefined): Protocol {
  return target === undefined ? ec2Query : awsJson('', 'ValidationException');
}

function json(status: number, value: unknown): Answer {
  return { status, contentType: 'application/json', body: JSON.stringify(value) };
}

/** Our own fault, said as AWS says it; the details go to the sandbox's log. */
function internal(error: unknown, log: (line: string) => void): AwsError {
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return new AwsError('InternalError', 'An internal error has occurred', 500);
}
