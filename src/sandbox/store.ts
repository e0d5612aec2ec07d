/**
 * The world on disk: one JSON file, written as a whole now and then, and beside it a journal of what came after. A change
 * costs a line, however big the world is.
 */
import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { codeOf, messageOf } from '../lib/message.ts';
import { withDates, withoutDates } from './dates.ts';
import { type Entry, type Journal, journalsBeside, openJournal, readJournal, removeJournal } from './journal.ts';
import type { Store } from './keeping.ts';
import { FileInUse, lockStateFile } from './lock.ts';
import type { WorldState } from './world.ts';

/** Of the state file's form. */
const VERSION = 2;

const list = z.array(z.unknown());

const regionSchema = z.looseObject({
  ec2: z.looseObject({
    vpcs: list,
    vpcAttributes: z.looseObject({}),
    subnets: list,
    routeTables: list,
    internetGateways: list,
    natGateways: list,
    egressOnlyInternetGateways: list.default([]),
    vpcEndpoints: list.default([]),
    dhcpOptions: list.default([]),
    clientTokens: z.looseObject({}).default({}),
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
  documents: list.default([]),
  parameters: list.default([]),
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
  /** The first journal that continues this file. */
  journal: z.int().default(0),
  accounts: z.record(
    z.string().regex(/^\d{12}$/),
    z.looseObject({
      id: z.string(),
      iam: z.looseObject({
        roles: list,
        policies: list,
        instanceProfiles: list,
        users: list.default([]),
        groups: list.default([]),
      }),
      regions: z.record(z.string(), regionSchema),
    }),
  ),
  credentials: z.record(z.string(), z.looseObject({})).default({}),
});

/** A journal that would take longer than this to run again is replaced by a new whole. */
const MOST_REPLAY_MS = 250;
/** Or so many times as long as the whole takes to write: of thousands of accounts that is seconds, in which nothing is answered. */
const MOST_REPLAY_WRITES = 4;
const MOST_ENTRIES = 20_000;

/** @throws FileInUse where another sandbox uses it. */
export function openStore(file: string): Store {
  const unlock = lockState(file);
  let generation = 0;
  let journal: Journal | undefined;
  let oldest = 0;
  let entries = 0;
  let replayMs = 0;
  let mostReplayMs = MOST_REPLAY_MS;
  let saving: Promise<void> | undefined;

  /** From here on, changes go to a new journal; the old ones are needed until the whole is written. */
  async function write(world: WorldState): Promise<void> {
    const started = performance.now();
    // Also where it fails now: the journal goes on, and the next try is after as much again.
    [entries, replayMs] = [0, 0];
    const text = textOf({ ...world, journal: generation + 1 }, file);
    journal?.close();
    journal = undefined;
    generation += 1;
    try {
      journal = openJournal(journalOf(file, generation));
      await writeFileAtomic(file, text, { mode: 0o600 });
    } catch (error) {
      journal?.close();
      journal = undefined;
      throw new Error(`The sandbox's state file ${file} cannot be written: ${messageOf(error)}`);
    }
    mostReplayMs = Math.max(MOST_REPLAY_MS, MOST_REPLAY_WRITES * (performance.now() - started));
    for (; oldest < generation; oldest += 1) removeJournal(journalOf(file, oldest));
  }

  /** One after another: a later whole holds all that an earlier one does. */
  async function save(world: WorldState): Promise<void> {
    while (saving) await saving.catch(() => undefined);
    saving = write(world).finally(() => {
      saving = undefined;
    });
    return saving;
  }

  return {
    async load() {
      const text = await readState(file);
      if (text === undefined) {
        // Somebody took the whole away and left its journals: they must not continue the next one.
        generation = Math.max(0, ...journalsBeside(file));
        oldest = generation + 1;
        return undefined;
      }
      const { journal: first, ...world } = parse(text, file);
      [generation, oldest] = [first, first];
      const found: Entry[] = [];
      for (let next = first; ; next += 1) {
        const more = readJournal(journalOf(file, next));
        if (!more) break;
        generation = next;
        found.push(...more);
      }
      return { world, entries: found };
    },
    async append(entry, world, tookMs) {
      if (!journal) return save(world);
      try {
        journal.append(entry);
      } catch {
        // A line may be torn now, so nothing may follow it: the world is written as a whole instead.
        return save(world);
      }
      entries += 1;
      replayMs += tookMs;
      // Nobody waits for this one: the journal is safe until it is done.
      if ((replayMs > mostReplayMs || entries > MOST_ENTRIES) && !saving) save(world).catch(() => undefined);
    },
    save,
    close() {
      journal?.close();
      journal = undefined;
      unlock();
    },
  };
}

/**
 * Forgets the world in this file.
 * @throws FileInUse where a sandbox uses it.
 */
export function removeState(file: string): void {
  const unlock = lockState(file);
  rmSync(file, { force: true });
  for (const number of journalsBeside(file)) removeJournal(journalOf(file, number));
  unlock();
}

/** @throws Error where the world is larger than a text can be: some 10,000 accounts. */
function textOf(world: WorldState & { readonly journal: number }, file: string): string {
  try {
    return JSON.stringify(withoutDates(world));
  } catch (error) {
    throw new Error(
      `The sandbox's state file ${file} cannot be written: its world is too large (${messageOf(error)}).`,
    );
  }
}

function lockState(file: string): () => void {
  try {
    return lockStateFile(`${file}.lock`, file);
  } catch (error) {
    if (error instanceof FileInUse) throw error;
    throw new Error(`The sandbox's state file ${file} cannot be written: ${messageOf(error)}`);
  }
}

function journalOf(file: string, number: number): string {
  return `${file}.journal-${number}`;
}

/** The text of the state file, or `undefined` where there is none. */
async function readState(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new Error(`The sandbox's state file ${file} cannot be read: ${messageOf(error)}`);
  }
}

function parse(text: string, file: string): WorldState & { readonly journal: number } {
  const parsed = parseJson(text, file);
  const version = z.looseObject({ version: z.number() }).safeParse(parsed);
  if (version.success && version.data.version !== VERSION)
    throw new Error(
      `The sandbox's state file ${file} was written by another version of labproof and was left as it is.\nMove it away.`,
    );
  const world = worldSchema.safeParse(withDates(parsed));
  if (!world.success) throw damaged(file, z.prettifyError(world.error));
  return world.data as unknown as WorldState & { readonly journal: number };
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw damaged(file, messageOf(error));
  }
}

function damaged(file: string, reason: string): Error {
  return new Error(`The sandbox's state file ${file} is damaged and was left as it is: ${reason}\nMove it away.`);
}
