/**
 * The lab as somebody left it, in a world that is made once; every look at it is taken in a copy of its own, whose calls
 * fail as they are told to. Time passes only where something waits.
 */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IAM } from '@aws-sdk/client-iam';
import type { ConnectionOptions } from '../../../src/account/connection.ts';
import { openAccount } from '../../../src/account/live.ts';
import type { CallSender, Target } from '../../../src/account/reader.ts';
import { openSender } from '../../../src/account/sender.ts';
import { loadChecks } from '../../../src/lab/checks.ts';
import { loadLab } from '../../../src/lab/load.ts';
import { loadTrials, type Trial } from '../../../src/lab/trials.ts';
import type { Result } from '../../../src/run/result.ts';
import { solve } from '../../../src/run/solve.ts';
import { makeMistake, stepsOf } from '../../../src/run/trial.ts';
import { verify } from '../../../src/run/verify.ts';
import { startSandbox } from '../../../src/sandbox/index.ts';
import { there } from '../../sandbox/clients.ts';

const root = join(import.meta.dirname, '../../..');
export const checks = await loadChecks(join(root, 'checks'));
export const lab = await loadLab('vpc-flow-logs', { labsDir: join(root, 'labs'), checks });
const trials = await loadTrials(lab, checks);
const ROOT = { accessKeyId: 'test', secretAccessKey: 'test' };
const USER = 'grader';
/** What one call of the solution takes, so that no two things happen at the same moment. */
const CALL_MS = 20;

export type Story = Pick<Trial, 'change' | 'calls'> & Partial<Pick<Trial, 'through'>>;

export function trial(id: string): Trial {
  return there(trials.find((each) => each.id === id));
}

export interface Fault {
  /** Of this action, such as `ec2:DescribeVpcs`, a policy of our own denies every call. */
  readonly denied?: string;
  /** What `POST /_sandbox/faults` takes. */
  readonly faults?: object;
}

export interface Scene {
  /** The key that looks. It must never be shown. */
  readonly key: NonNullable<Target['credentials']>;
  /** One attempt for each call, unless `options` say otherwise. */
  look(fault?: Fault, options?: ConnectionOptions): Promise<Result>;
  close(): void;
}

export async function sceneOf(story: Story): Promise<Scene> {
  const dir = mkdtempSync(join(tmpdir(), 'labproof-faults-'));
  const made = join(dir, 'made.json');
  const began = await make(made, story);
  let copies = 0;
  return {
    key: began.key,
    async look(fault, options) {
      copies += 1;
      const file = join(dir, `${copies}.json`);
      copyFileSync(made, file);
      const world = await open(file, began.now);
      try {
        if (fault?.denied !== undefined) await world.policy({ Deny: fault.denied });
        await world.fail(fault?.faults ?? {});
        return await world.look(began.key, options);
      } finally {
        await world.close();
      }
    },
    close: () => rmSync(dir, { recursive: true, force: true }),
  };
}

async function make(file: string, story: Story) {
  const world = await open(file, Date.now());
  try {
    const sending = {
      sender: world.sender,
      signal: new AbortController().signal,
      say: () => {},
      sleep: async (milliseconds: number) => world.advance(milliseconds),
      partition: 'aws',
    };
    await solve({ ...sending, before: await world.look(ROOT), steps: stepsOf(lab, story), now: world.now() });
    const wait = async (milliseconds: number) => world.advance(milliseconds);
    const before = await world.look(ROOT);
    await makeMistake({ ...sending, calls: story.calls, before, now: world.now(), wait });
    return { key: await world.user(), now: world.now() };
  } finally {
    await world.close();
  }
}

async function open(stateFile: string, began: number) {
  let now = began;
  const advance = (milliseconds: number) => {
    now += milliseconds;
  };
  const sandbox = await startSandbox({
    port: 0,
    timeScale: 1,
    seed: 7,
    realNow: () => now,
    stateFile,
    enforceIam: true,
  });
  const call = { region: 'us-east-1', credentials: ROOT };
  const target = (credentials: NonNullable<Target['credentials']>): Target => ({
    kind: 'sandbox',
    region: call.region,
    endpointUrl: sandbox.url,
    credentials,
  });
  const hurried = { attempts: 1, sleep: async (milliseconds: number) => advance(milliseconds) };
  const iam = new IAM({ ...call, endpoint: sandbox.url });
  const sent = openSender(target(ROOT), hurried);
  const sender: CallSender = {
    ...sent,
    send(name, input, signal) {
      advance(CALL_MS);
      return sent.send(name, input, signal);
    },
  };
  const policy = async (effects: Readonly<Record<string, string>>) => {
    const Statement = Object.entries(effects).map(([Effect, Action]) => ({ Effect, Action, Resource: '*' }));
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await iam.putUserPolicy({ UserName: USER, PolicyName: Object.keys(effects).join(), PolicyDocument });
  };
  return {
    sender,
    policy,
    now: () => sandbox.now(),
    advance,
    async look(credentials: NonNullable<Target['credentials']>, options: ConnectionOptions = {}): Promise<Result> {
      const reader = openAccount(target(credentials), { ...hurried, ...options });
      try {
        return await verify({ lab, checks, reader, clock: () => 0 });
      } finally {
        reader.close();
      }
    },
    /** Somebody who may do everything, as long as nothing is denied. */
    async user() {
      await iam.createUser({ UserName: USER });
      await policy({ Allow: '*' });
      const { AccessKey } = await iam.createAccessKey({ UserName: USER });
      return { accessKeyId: there(AccessKey?.AccessKeyId), secretAccessKey: there(AccessKey?.SecretAccessKey) };
    },
    async fail(faults: object) {
      const answer = await fetch(`${sandbox.url}/_sandbox/faults`, { method: 'POST', body: JSON.stringify(faults) });
      if (!answer.ok) throw new Error(await answer.text());
    },
    async close() {
      iam.destroy();
      sender.close();
      await sandbox.close();
    },
  };
}
