/** The sandbox: a simulated AWS on loopback, whose only door is AWS's own wire protocols. */
import { randomInt } from 'node:crypto';
import { messageOf } from '../lib/message.ts';
import type { RequestForm } from './absent-service.ts';
import { accountIdOf, newWorld } from './accounts.ts';
import { startClock } from './clock.ts';
import { createEngine, type Engine, type Performed, Refused } from './engine.ts';
import { createFaults } from './faults.ts';
import { uuid } from './ids.ts';
import type { Entry } from './journal.ts';
import { noStore, type Store } from './keeping.ts';
import { type Answer, type Caller, listen, stop } from './server.ts';
import { AwsError } from './service.ts';
import { loadService, type Service, serviceNames } from './services.ts';
import { awsJson } from './wire/aws-json.ts';
import { ec2Query } from './wire/ec2-query.ts';
import type { Protocol, WireRequest } from './wire/protocol.ts';
import { operationSchema } from './wire/schema.ts';
import type { WorldState } from './world.ts';

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
  /** Users and roles may do only what their policies allow. Keys that the sandbox did not issue may do everything. */
  readonly enforceIam?: boolean;
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
/** So soon after it is ready, it loads what it was not asked for yet, real milliseconds. */
const WARM_UP_MS = 50;
/** Ours, and the one that test suites written for moto's server call before each test. */
const RESETS = ['/_sandbox/reset', '/moto-api/reset'];

/** @throws Error where the port is taken or the state file cannot be used; a damaged one is left as it is. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { port, timeScale, realNow = Date.now, log = () => {}, enforceIam = false } = options;
  const seed = options.seed ?? randomInt(2 ** 31);
  const store = await storeAt(options.stateFile);
  const faults = createFaults(Math.random);
  const realMinuteMs = REAL_MINUTE_MS * timeScale;
  let closed = false;
  let world: WorldState;
  let engine: Engine;
  try {
    const saved = await store.load();
    world = saved?.world ?? newWorld(seed, realNow());
    engine = createEngine(world, faults, realMinuteMs, enforceIam);
    const entries = saved?.entries ?? [];
    await Promise.all([...new Set(entries.map(({ caller }) => caller.service))].map(loadService));
    for (const entry of entries) engine.replay(entry);
    // Written once now: a file that cannot be written is said before anything is built.
    await store.save(world);
  } catch (error) {
    store.close();
    throw error;
  }
  const clock = startClock(Math.max(world.now, realNow()), timeScale, realNow);

  async function call(caller: Caller, wire: WireRequest, requestId: string): Promise<Answer | undefined> {
    const service = await loadService(caller.service);
    const { protocol } = service;
    try {
      const action = protocol.action(wire);
      if (action === undefined) throw protocol.unknownAction(`of ${caller.service}`);
      if (!isSimulated(service, action)) {
        log(`${caller.service}:${action} is not simulated`);
        throw protocol.unknownAction(action);
      }
      if ((await faults.strike(caller.service, action, accountIdOf(world, caller.accessKeyId))) === 'drop' || closed)
        return undefined;
      const { operation, output } = await kept(() => engine.perform(caller, action, wire, clock.now()));
      return { status: 200, contentType: protocol.contentType, body: protocol.write(operation, output, requestId) };
    } catch (error) {
      const known = error instanceof AwsError ? error : internal(error, log);
      return { status: known.status, contentType: protocol.contentType, body: protocol.writeError(known, requestId) };
    }
  }

  async function absent(service: string, form: RequestForm, requestId: string): Promise<Answer | undefined> {
    if (serviceNames.includes(service)) return undefined;
    log(`${service} is not simulated`);
    const { absentService } = await import('./absent-service.ts');
    return absentService(service, form, requestId);
  }

  /** An answer is given when what it changed is safe. */
  async function kept(run: () => Performed): Promise<Performed> {
    const started = performance.now();
    const keep = (entry: Entry | undefined) => entry && store.append(entry, world, performance.now() - started);
    try {
      const performed = run();
      await keep(performed.entry);
      return performed;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      await keep(error.entry);
      throw error.refusal;
    }
  }

  async function reset(): Promise<void> {
    world = newWorld(seed, clock.now());
    engine = createEngine(world, faults, realMinuteMs, enforceIam);
    faults.clear();
    await store.save(world);
  }

  const server = await listen(port, {
    absent,
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
      if (method === 'POST' && path === '/_sandbox/advance') {
        const seconds = secondsIn(body);
        if (seconds === undefined)
          return json(400, { error: 'write {"seconds": 600}: a number above 0, and a year at most' });
        clock.advance(seconds * 1000);
        return { status: 204, body: '' };
      }
      if (method === 'POST' && path === '/_sandbox/faults') {
        try {
          await faults.set(body);
        } catch (error) {
          return json(400, { error: messageOf(error) });
        }
        return { status: 204, body: '' };
      }
      return undefined;
    },
  }).catch((error: unknown) => {
    store.close();
    throw error;
  });
  const warming = setTimeout(() => {
    for (const name of serviceNames) loadService(name).catch(() => undefined);
  }, WARM_UP_MS).unref();
  const address = server.address();
  const boundPort = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://127.0.0.1:${boundPort}`,
    now: () => clock.now(),
    reset,
    async close() {
      clearTimeout(warming);
      await stop(server);
      // What was delayed until now is not done any more: nothing keeps it.
      closed = true;
      world.now = clock.now();
      await store.save(world);
      store.close();
    },
  };
}

const YEAR_SECONDS = 366 * 24 * 3600;

function secondsIn(body: string): number | undefined {
  try {
    const { seconds } = Object(JSON.parse(body)) as { readonly seconds?: unknown };
    return typeof seconds === 'number' && seconds > 0 && seconds <= YEAR_SECONDS ? seconds : undefined;
  } catch {
    return undefined;
  }
}

async function storeAt(file: string | undefined): Promise<Store> {
  return file === undefined ? noStore : (await import('./store.ts')).openStore(file);
}

function isSimulated(service: Service, action: string): boolean {
  return Object.hasOwn(service.operations, action) && operationSchema(service.client, action) !== undefined;
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
