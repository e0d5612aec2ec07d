/** What the parts of a plan look at, and how they word what they find. Pure, like all of them. */
import type { Slices } from '../../../model/account.ts';
import type { Bindings } from '../../bind.ts';
import type { Identities } from '../identities.ts';
import type { SolutionNames } from '../names.ts';
import type { Network } from '../network.ts';
import type { Call, Found, Kind, Planned, Remembered } from '../types.ts';
import type { LabVpcs } from '../vpcs.ts';

export interface Planning {
  readonly slices: Slices;
  readonly bindings: Bindings;
  readonly network: Network;
  readonly identities: Identities;
  /** Which of the log groups that may be the lab's hold streams of something else than network interfaces. */
  readonly otherStreams: ReadonlySet<string>;
  readonly vpcs: LabVpcs['sure'];
  readonly names: SolutionNames;
  readonly remembered: readonly Remembered[];
}

export interface Part {
  readonly resources: readonly Planned[];
  readonly left: readonly Found[];
}

export const REMEMBERED = 'an earlier cleanup had it on its list';
export const LAB_TAG = 'its Name tag is the one of the lab';

interface Thing {
  readonly kind: Kind;
  readonly id: string;
  readonly name?: string | undefined;
  readonly hourlyCost?: number | null;
  readonly needs?: readonly string[];
  readonly calls: readonly Call[];
}

/** Something that goes because it is inside a VPC of the lab. */
export function inside({ bindings, vpcs }: Planning, vpcId: string, thing: Thing): Planned {
  const bound = Object.values(bindings).find(({ id }) => id === thing.id);
  const why = bound ? `bound as ${bound.label}` : `inside ${vpcs.get(vpcId)?.label}, which will be deleted`;
  return { ...planned(thing, why), vpcId };
}

export function planned({ name, hourlyCost = 0, needs = [], ...thing }: Thing, why: string): Planned {
  return { ...thing, ...(name && { name }), why, hourlyCost, needs };
}

export function left({ name, ...found }: Omit<Found, 'name'> & { readonly name?: string | undefined }): Found {
  return { ...found, ...(name && { name }) };
}

export function isRemembered({ remembered }: Pick<Planning, 'remembered'>, id: string | undefined): boolean {
  return remembered.some((each) => each.id === id);
}

/** A call with one input member, as most deletions are. */
export function call(name: string, key: string, value: unknown): Call {
  return { call: name, input: { [key]: value } };
}
