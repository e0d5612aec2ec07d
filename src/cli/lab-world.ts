/** A sandbox for one case of `lab test`, whose time passes only as it is told to: nothing waits, and each run is the same. */
import type { World } from '../run/lab-test.ts';
import { sandboxTarget } from './cloud.ts';

/** What a call takes, so that no two things happen at the same moment. */
const CALL_MS = 20;
const SEED = 1;

export interface WorldOptions {
  /** Where its time begins, epoch milliseconds; now where absent. */
  readonly begin?: number;
  /** Where it is kept. */
  readonly stateFile?: string;
}

export async function openWorld({ begin = Date.now(), ...kept }: WorldOptions = {}): Promise<World> {
  const [{ startSandbox }, { openAccount }, { openSender }] = await Promise.all([
    import('../sandbox/index.ts'),
    import('../account/live.ts'),
    import('../account/sender.ts'),
  ]);
  let now = begin;
  const advance = (milliseconds: number) => {
    now += milliseconds;
  };
  const sandbox = await startSandbox({ port: 0, timeScale: 1, realNow: () => now, seed: SEED, ...kept });
  const target = (region: string | undefined) => sandboxTarget(sandbox.url, region === undefined ? {} : { region });
  // One attempt: nothing is throttled here, and the SDK takes the jumps of this clock for a wrong one and tries again.
  const options = { attempts: 1, sleep: async (milliseconds: number) => advance(milliseconds) };
  return {
    sender(region) {
      const sender = openSender(target(region), options);
      return {
        send(call, input, signal) {
          advance(CALL_MS);
          return sender.send(call, input, signal);
        },
        close: () => sender.close(),
      };
    },
    reader: (region) => openAccount(target(region), options),
    now: () => sandbox.now(),
    advance,
    close: () => sandbox.close(),
  };
}
