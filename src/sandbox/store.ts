/** The world in one JSON file. Dates are kept as `{"$date": "…"}`. */
import { readFile } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { messageOf } from '../lib/message.ts';
import type { WorldState } from './world.ts';

/** Of the state file's form. */
const VERSION = 2;

const list = z.array(z.looseObject({}));

const regionSchema = z.looseObject({
  ec2: z.looseObject({
    vpcs: list,
    vpcAttributes: z.looseObject({}),
    subnets: list,
    routeTables: list,
    internetGateways: list,
    natGateways: list,
    prefixLists: list,
    networkAcls: list,
    securityGroups: list,
    networkInterfaces: list,
    instances: list,
    peeringConnections: list,
    addresses: list,
    keyPairs: list,
    flowLogs: list,
    iamProfileAssociations: list,
    since: z.record(z.string(), z.number()),
  }),
  logGroups: list,
  queries: list,
  commands: list,
  traffic: z.looseObject({
    flows: z.record(z.string(), z.looseObject({})),
    scannedUntil: z.number(),
    aggregatedUntil: z.record(z.string(), z.number()),
    pending: list,
    sessions: z.record(z.string(), z.number()),
  }),
});

/** The frame that every operation relies on; what is inside a list was written by the sandbox itself. */
const worldSchema = z.looseObject({
  version: z.literal(VERSION),
  now: z.number(),
  seed: z.number(),
  draws: z.number(),
  accounts: z.record(
    z.string().regex(/^\d{12}$/),
    z.looseObject({
      id: z.string(),
      iam: z.looseObject({ roles: list, policies: list, instanceProfiles: list }),
      regions: z.record(z.string(), regionSchema),
    }),
  ),
});

export interface Store {
  /** The saved world, or `undefined` where there is no file yet. Rejects for a file that cannot be understood. */
  load(): Promise<WorldState | undefined>;
  /** Writes the world if it differs from what was last saved. Calls are written one after another. */
  save(world: WorldState): Promise<void>;
  /** Writes the world and its time, changed or not. */
  saveLast(world: WorldState): Promise<void>;
}

/** A world that is kept in memory only. */
export const noStore: Store = {
  load: async () => undefined,
  save: async () => undefined,
  saveLast: async () => undefined,
};

export function openStore(file: string): Store {
  let saved = '';
  let writing: Promise<void> = Promise.resolve();

  function write(world: WorldState): Promise<void> {
    const text = stringify(world);
    const next = () =>
      writeFileAtomic(file, text, { mode: 0o600 }).catch((error: unknown) => {
        saved = '';
        throw new Error(`The sandbox's state file ${file} cannot be written: ${messageOf(error)}`);
      });
    writing = writing.then(next, next);
    return writing;
  }

  return {
    async load() {
      let text: string;
      try {
        text = await readFile(file, 'utf8');
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw new Error(`The sandbox's state file ${file} cannot be read: ${messageOf(error)}`);
      }
      const world = parse(text, file);
      saved = fingerprint(world);
      return world;
    },
    save(world) {
      const current = fingerprint(world);
      if (current === saved) return writing;
      saved = current;
      return write(world);
    },
    saveLast: write,
  };
}

/** Time alone is no change: it passes while nobody asks. */
function fingerprint(world: WorldState): string {
  return stringify({ ...world, now: 0 });
}

function stringify(world: WorldState): string {
  return JSON.stringify(world, function (this: Record<string, unknown>, key, value: unknown) {
    const original = this[key];
    return original instanceof Date ? { $date: original.toISOString() } : value;
  });
}

function parse(text: string, file: string): WorldState {
  const parsed = parseJson(text, file);
  const version = z.looseObject({ version: z.number() }).safeParse(parsed);
  if (version.success && version.data.version !== VERSION)
    throw new Error(
      `The sandbox's state file ${file} was written by another version of labproof and was left as it is.\nMove it away, or name another file.`,
    );
  const world = worldSchema.safeParse(parsed);
  if (!world.success) throw damaged(file, z.prettifyError(world.error));
  return world.data as unknown as WorldState;
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text, (_key, value: unknown) => dateIn(value) ?? value);
  } catch (error) {
    throw damaged(file, messageOf(error));
  }
}

function damaged(file: string, reason: string): Error {
  return new Error(
    `The sandbox's state file ${file} is damaged and was left as it is: ${reason}\nMove it away, or name another file.`,
  );
}

/** The date that `stringify` wrote; a tag may be called `$date` and hold anything. */
function dateIn(value: unknown): Date | undefined {
  if (typeof value !== 'object' || value === null || !('$date' in value)) return undefined;
  const date = new Date(String(value.$date));
  return Number.isNaN(date.getTime()) ? undefined : date;
}
