/** What `cleanup --json` prints, and what the text is made of. */
import type { CloudIdentity } from '../../check.ts';
import type { Lab } from '../../lab/schema.ts';
import type { Cleaned } from './perform.ts';
import { PRICES_AS_OF, sum } from './prices.ts';
import type { Found, Gap, Plan } from './types.ts';

export type Status = 'exists' | 'deleted' | 'gone' | 'failed' | 'unknown' | 'left';

export interface CleanupResource extends Pick<Found, 'kind' | 'id' | 'why' | 'hourlyCost'> {
  readonly name: string | null;
  readonly status: Status;
  /** Why it failed. */
  readonly reason?: string;
}

export interface CleanupDocument {
  readonly schema: 'labproof/cleanup/v1';
  readonly lab: { readonly id: string; readonly version: string };
  readonly cloud: { readonly kind: 'aws' | 'sandbox' | 'snapshot'; readonly account: string; readonly region: string };
  readonly resources: readonly CleanupResource[];
  /** Of what is still there, in US dollars; `unpriced` of them are not in it. */
  readonly hourlyCost: { readonly total: number; readonly unpriced: number; readonly basis: string };
  /** What could not be read. */
  readonly gaps: readonly Gap[];
}

/** @param cleaned Absent where nothing was deleted. */
export function cleanupDocument(
  { id, version }: Pick<Lab, 'id' | 'version'>,
  { kind, account, region }: CloudIdentity,
  plan: Plan,
  cleaned?: Cleaned,
): CleanupDocument {
  const planned = plan.resources.map((resource): CleanupResource => {
    const outcome = cleaned?.outcomes.get(resource.id);
    return {
      ...told(resource, outcome?.status ?? 'exists'),
      ...(outcome && 'reason' in outcome && { reason: outcome.reason }),
    };
  });
  const there = planned.filter(({ status }) => isThere(status)).map(({ hourlyCost }) => hourlyCost);
  return {
    schema: 'labproof/cleanup/v1',
    lab: { id, version },
    cloud: { kind, account, region },
    resources: [...planned, ...plan.left.map((found) => told(found, 'left'))],
    hourlyCost: {
      total: Math.round((sum(there.filter((cost) => cost !== null)) ?? 0) * 10_000) / 10_000,
      unpriced: there.filter((cost) => cost === null).length,
      basis: `estimate from ${PRICES_AS_OF}`,
    },
    gaps: plan.gaps,
  };
}

/** Of the lab, and as far as we know still in the account. */
export function isThere(status: Status): boolean {
  return status === 'exists' || status === 'failed' || status === 'unknown';
}

function told({ kind, id, name, why, hourlyCost }: Found, status: Status): CleanupResource {
  const rounded = hourlyCost === null ? null : Math.round(hourlyCost * 10_000) / 10_000;
  return { kind, id, name: name ?? null, why, hourlyCost: rounded, status };
}
