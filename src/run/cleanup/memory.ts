/**
 * What cleanups had on their lists, kept on this machine: a lab that is half deleted is no longer recognised by its links,
 * and a role or an address without them belongs to nobody.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import type { CloudIdentity } from '../../check.ts';
import { KINDS, type Planned, type Remembered } from './types.ts';

const memorySchema = z.strictObject({
  schema: z.literal(1),
  resources: z.array(
    z.strictObject({ kind: z.enum(KINDS), id: z.string(), uid: z.string().optional(), at: z.number() }),
  ),
});

function fileOf(dir: string, lab: string, { kind, account, region }: CloudIdentity): string {
  return join(dir, `${lab}--${kind}-${account}-${region}.json`.replace(/[^A-Za-z0-9._-]/g, '_'));
}

/** Nothing where there is no such file, or one that is not ours: then the links alone must tell. */
export function recall(dir: string, lab: string, identity: CloudIdentity): readonly Remembered[] {
  try {
    const { resources } = memorySchema.parse(JSON.parse(readFileSync(fileOf(dir, lab, identity), 'utf8')));
    return resources.map(({ uid, ...rest }) => ({ ...rest, ...(uid !== undefined && { uid }) }));
  } catch {
    return [];
  }
}

/** Adds what is about to be deleted. @param at The cloud's clock, epoch milliseconds. @throws where it cannot be written. */
export function remember(
  dir: string,
  lab: string,
  identity: CloudIdentity,
  { resources, at }: { readonly resources: readonly Planned[]; readonly at: number },
): void {
  const fresh = resources.map(({ kind, id, uid }) => ({ kind, id, ...(uid !== undefined && { uid }), at }));
  const ids = new Set(fresh.map(({ id }) => id));
  const older = recall(dir, lab, identity).filter(({ id }) => !ids.has(id));
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  writeFileAtomic.sync(
    fileOf(dir, lab, identity),
    `${JSON.stringify({ schema: 1, resources: [...older, ...fresh] }, null, 2)}\n`,
    { mode: 0o600 },
  );
}
