/** The sandbox without its HTTP side: a world, and what an AWS call does to it. */
import { accountOf, regionOf } from './accounts.ts';
import { authenticate } from './enforce/authenticate.ts';
import { authorize } from './enforce/authorize.ts';
import type { Faults } from './faults.ts';
import { isAnyRunning, runHosts } from './hosts/run.ts';
import { draw } from './ids.ts';
import type { Entry } from './journal.ts';
import { regionNames } from './regions.ts';
import type { Caller } from './server.ts';
import { AwsError, type Request } from './service.ts';
import { settleEc2, touchEc2 } from './services/ec2/settle.ts';
import { touchKey } from './services/iam/access-keys.ts';
import { serviceOf } from './services.ts';
import { settleTraffic } from './traffic.ts';
import type { WireRequest } from './wire/protocol.ts';
import { type OperationSchema, operationSchema } from './wire/schema.ts';
import type { RegionState, WorldState } from './world.ts';

export interface Engine {
  /** Runs a call of a service that is loaded. `entry` is what has to be kept of it; absent where it changed nothing. */
  perform(caller: Caller, action: string, wire: WireRequest, now: number): Performed;
  /** Does again what was done, by services that are loaded. @throws Error where that is refused now. */
  replay(entry: Entry): void;
}

export interface Performed {
  readonly operation: OperationSchema;
  readonly output: object;
  readonly entry?: Entry;
}

/** A refusal of an operation, before which time may have changed something that has to be kept. */
export class Refused extends Error {
  readonly refusal: unknown;
  readonly entry: Entry | undefined;
  constructor(refusal: unknown, entry: Entry | undefined) {
    super('refused');
    this.refusal = refusal;
    this.entry = entry;
  }
}

/** The clock's steps while commands run, milliseconds; fewer and longer ones where very much time has passed. */
const STEP_MS = 1000;
const MOST_STEPS = 600;
/** Operations that change nothing. */
const READS = /^(Describe|Filter|Get|List|Search|Simulate|Test)/;
/** Those that are only called so. */
const MAKES = ['GetSessionToken', 'GetFederationToken'];

/**
 * @param realMinuteMs How much time passes here in a real minute.
 * @param enforceIam Whether users and roles may do only what their policies allow.
 */
export function createEngine(world: WorldState, faults: Faults, realMinuteMs: number, enforceIam: boolean): Engine {
  const random = () => draw(world);

  /** The world is brought up to the clock first: what it shows depends on when it is asked, not on a timer. */
  function settled({ accessKeyId, region: regionName }: Caller, now: number) {
    if (!regionNames.includes(regionName))
      throw new AwsError('AuthFailure', 'AWS was not able to validate the provided access credentials', 401);
    const { draws: drawn, now: since } = world;
    world.now = now;
    const account = accountOf(world, accessKeyId);
    const region = regionOf(account, regionName, now, random);
    const changes = [
      advance(region, Math.min(since, now), now),
      settleTraffic(account, regionName, now, realMinuteMs, random, () => faults.skips()),
      world.draws !== drawn,
    ];
    return { account, region, regionName, changed: changes.includes(true) };
  }

  /**
   * While commands run, time goes on in steps: what a packet meets is the network at the time at which it is sent, however
   * seldom somebody asks.
   */
  function advance(region: RegionState, since: number, now: number): boolean {
    if (!isAnyRunning(region)) return settleEc2(region.ec2, now, realMinuteMs);
    const step = Math.max(STEP_MS, (now - since) / MOST_STEPS);
    settleEc2(region.ec2, since, realMinuteMs);
    for (let at = since + step; at < now && isAnyRunning(region); at += step) {
      runHosts(region, at, random);
      settleEc2(region.ec2, at, realMinuteMs);
    }
    runHosts(region, now, random);
    settleEc2(region.ec2, now, realMinuteMs);
    return true;
  }

  function run(service: string, action: string, input: object, request: Request): unknown {
    const operation = serviceOf(service)?.operations[action];
    if (!operation) throw new Error(`${service}:${action} is not simulated`);
    const output = operation(request, input);
    if (service === 'ec2' && !READS.test(action)) touchEc2(request.region.ec2);
    return output;
  }

  function perform(caller: Caller, action: string, wire: WireRequest, now: number): Performed {
    const service = serviceOf(caller.service);
    const operation = service && operationSchema(service.client, action);
    if (!service || !operation || !Object.hasOwn(service.operations, action))
      throw new Error(`${caller.service}:${action} is not simulated`);
    authenticate(world, caller, now, realMinuteMs);
    const input = service.protocol.read(operation, wire);
    const before = world.draws;
    const { changed, ...place } = settled(caller, now);
    const drawn = world.draws;
    // Without the session token: credentials are not written down.
    const { sessionToken: _secret, ...who } = caller;
    const base: Entry = { now, caller: who, draws: [before, drawn] };
    const chance: unknown[] = [];
    function decide<T>(make: () => T): T {
      const decided = make();
      chance.push(decided);
      return decided;
    }
    let output: unknown;
    try {
      const request = { world, ...place, now, accessKeyId: caller.accessKeyId, random, decide };
      if (enforceIam) authorize(caller.service, action, input, request);
      output = run(caller.service, action, input, request);
      touchKey(world, caller.accessKeyId, { date: now, region: caller.region, service: caller.service });
    } catch (error) {
      throw new Refused(error, changed ? base : undefined);
    }
    const wrote = !READS.test(action) || MAKES.includes(action) || world.draws !== drawn;
    const call = { action, body: wire.body, ...(wire.target !== undefined && { target: wire.target }) };
    const entry = { ...base, ...(wrote && { call }), ...(chance.length > 0 && { chance }) };
    return { operation, output: Object(output) as object, ...((wrote || changed) && { entry }) };
  }

  function replay({ now, caller, draws: [before, drawn], call, chance = [] }: Entry): void {
    world.draws = before;
    const { changed: _, ...place } = settled(caller, now);
    if (!call) return;
    world.draws = drawn;
    const service = serviceOf(caller.service);
    const operation = service && operationSchema(service.client, call.action);
    if (!operation) throw new Error(`${caller.service}:${call.action} is not simulated`);
    const input = service.protocol.read(operation, { target: call.target, body: call.body });
    const decided = [...chance];
    // What was decided then has the type that the same operation decides now.
    const decide = <T>(_make: () => T): T => decided.shift() as T;
    run(caller.service, call.action, input, { world, ...place, now, accessKeyId: caller.accessKeyId, random, decide });
  }

  return { perform, replay };
}
