/** What a rubric asks of an account beyond its verification. From slices that the verification has read: no further calls. */
import { z } from 'zod';
import type { AccountReader } from '../account/reader.ts';
import type { Lab } from '../lab/schema.ts';
import type { SliceName, Slices } from '../model/account.ts';
import type { Result } from '../run/result.ts';

const resourceSchema = z.object({
  /** Its Name tag. */
  name: z.string().exactOptional(),
  cidrs: z.array(z.string()).readonly().exactOptional(),
  /** Epoch milliseconds. AWS tells none of an instance, only its last start: who shows it once more would be late. */
  createdAt: z.number().exactOptional(),
});
type ResourceFacts = Readonly<z.infer<typeof resourceSchema>>;

/** By the lab's names for them, as far as they were found. */
export const factsSchema = z.record(z.string(), resourceSchema);
export type Facts = Readonly<Record<string, ResourceFacts>>;

/** What a slice's item tells, by its id. */
const TELLS: { readonly [N in SliceName]?: (item: Slices[N][number]) => readonly [id: string, ResourceFacts] } = {
  vpcs: ({ id, cidrs, tags }) => [id, { cidrs, ...nameOf(tags) }],
  subnets: ({ id, cidr, tags }) => [id, { cidrs: [cidr], ...nameOf(tags) }],
  routeTables: ({ id, tags }) => [id, nameOf(tags)],
  instances: ({ id, tags }) => [id, nameOf(tags)],
  peeringConnections: ({ id, tags }) => [id, nameOf(tags)],
  flowLogs: ({ id, createdAt, tags }) => [id, { createdAt, ...nameOf(tags) }],
  logGroups: ({ name, createdAt }) => [name, { createdAt, name }],
};

function nameOf({ Name }: Readonly<Record<string, string>>): { readonly name?: string } {
  return Name === undefined ? {} : { name: Name };
}

export async function factsOf(reader: AccountReader, { resources }: Pick<Result, 'resources'>): Promise<Facts> {
  const told = new Map<string, ResourceFacts>();
  for (const [name, tell] of Object.entries(TELLS)) {
    const reading = await reader.read(name as SliceName);
    // Each function stands under the name of the slice whose items it takes.
    for (const item of reading.ok ? reading.value : [])
      told.set(...(tell as (one: unknown) => [string, ResourceFacts])(item));
  }
  return Object.fromEntries(
    Object.entries(resources).flatMap(([name, id]) => {
      const facts = id === null ? undefined : told.get(id);
      return facts ? [[name, facts]] : [];
    }),
  );
}

/**
 * When the work was finished, epoch milliseconds: when the newest of these was made. A log group tells only where nothing
 * else does: AWS makes it itself, minutes after its flow log, where the learner did not.
 */
export function finishedAt(facts: Facts, { resources }: Pick<Lab, 'resources'>): number | undefined {
  const times = Object.entries(facts).flatMap(([name, { createdAt }]) =>
    createdAt === undefined ? [] : [{ createdAt, isLogGroup: resources[name]?.kind === 'logGroup' }],
  );
  const own = times.filter(({ isLogGroup }) => !isLogGroup);
  return (own.length > 0 ? own : times).map(({ createdAt }) => createdAt).toSorted((one, other) => other - one)[0];
}
