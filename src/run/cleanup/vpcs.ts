/**
 * Which VPCs are the lab's for sure. To bind a VPC for a check, the likeliest one will do; to delete it, more must tell:
 * an account may hold one that only looks like the lab's.
 */
import type { Lab } from '../../lab/schema.ts';
import type { Slices } from '../../model/account.ts';
import type { Vpc } from '../../model/network/topology.ts';
import type { Bindings } from '../bind.ts';
import type { SolutionNames } from './names.ts';
import type { Found, Remembered } from './types.ts';

export interface LabVpcs {
  /** Id -> what it is called, and how we know. */
  readonly sure: ReadonlyMap<string, { readonly label: string; readonly why: string }>;
  readonly left: readonly Found[];
}

export interface VpcSigns {
  readonly lab: Pick<Lab, 'resources'>;
  readonly account: string;
  readonly bindings: Bindings;
  readonly slices: Slices;
  readonly names: SolutionNames;
  readonly remembered: readonly Remembered[];
  /** Ids that the user says are the lab's. */
  readonly chosen: readonly string[];
}

export function labVpcs(signs: VpcSigns): LabVpcs {
  const { account, slices, names } = signs;
  const labels = new Map(
    Object.values(signs.bindings).flatMap(({ kind, id, label }) => (kind === 'vpc' && id ? [[id, label]] : [])),
  );
  const sure = new Map<string, { label: string; why: string }>();
  const left: Found[] = [];
  for (const vpc of slices.vpcs) {
    const label = labels.get(vpc.id);
    const looksLike = label !== undefined || names.tags.get('vpc')?.has(vpc.tags.Name ?? '');
    if (vpc.isDefault || vpc.ownerId !== account) continue;
    const why = certainty(vpc, signs);
    if (why) sure.set(vpc.id, { label: label ?? vpc.id, why: label ? `bound as ${label}: ${why}` : why });
    else if (looksLike)
      left.push({
        kind: 'vpc',
        id: vpc.id,
        ...(vpc.tags.Name && { name: vpc.tags.Name }),
        why: label
          ? `it may be ${label} of the lab, but neither its name, its flow log nor its peering connection tells. If it is: --vpc ${vpc.id}`
          : `it is named as the lab names its VPCs, but others are there for them. If it is the lab's too: --vpc ${vpc.id}`,
        hourlyCost: null,
      });
  }
  return { sure, left };
}

function certainty(vpc: Vpc, signs: VpcSigns): string | undefined {
  const { bindings, names, remembered, chosen } = signs;
  const bound = Object.values(bindings).flatMap(({ kind, id }) => (kind === 'vpc' ? [id] : []));
  const isNamed = names.tags.get('vpc')?.has(vpc.tags.Name ?? '') ?? false;
  if (chosen.includes(vpc.id)) return 'you named it by --vpc';
  if (remembered.some(({ kind, id }) => kind === 'vpc' && id === vpc.id))
    return 'an earlier cleanup had it on its list';
  if (isNamed && (bound.includes(vpc.id) || bound.includes(null))) return 'its Name tag is the one of the lab';
  if (!bound.includes(vpc.id)) return undefined;
  if (hasLabFlowLog(vpc, signs)) return 'its flow log has the names of the lab';
  if (isPeeredAsInLab(vpc, signs)) return 'its block and its peering connection are those of the lab';
  return undefined;
}

function hasLabFlowLog(vpc: Vpc, { slices, names }: VpcSigns): boolean {
  const logged = [
    vpc.id,
    ...slices.subnets.filter(({ vpcId }) => vpcId === vpc.id).map(({ id }) => id),
    ...slices.networkInterfaces.filter(({ vpcId }) => vpcId === vpc.id).map(({ id }) => id),
  ];
  return slices.flowLogs.some(
    ({ resourceId, logGroupName = '', roleArn }) =>
      logged.includes(resourceId) && (names.logGroups.has(logGroupName) || names.roles.has(nameOf(roleArn))),
  );
}

/** Both blocks exactly the lab's, and joined: one block alone, as 10.1.0.0/16, is common. */
function isPeeredAsInLab(vpc: Vpc, { lab, bindings, slices }: VpcSigns): boolean {
  const hasBlock = (id: string | null | undefined) =>
    Object.entries(lab.resources).some(
      ([name, spec]) =>
        spec.kind === 'vpc' &&
        spec.cidr !== undefined &&
        bindings[name]?.id === id &&
        slices.vpcs.some((each) => each.id === id && each.cidrs.includes(spec.cidr ?? '')),
    );
  return (
    hasBlock(vpc.id) &&
    Object.values(bindings).some(({ kind, id }) => {
      const peering = kind === 'peering' ? slices.peeringConnections.find((each) => each.id === id) : undefined;
      const ends = [peering?.requester.vpcId, peering?.accepter.vpcId];
      return ends.includes(vpc.id) && ends.every(hasBlock);
    })
  );
}

/** The last part of an ARN. */
export function nameOf(arn: string | undefined): string {
  return arn?.split('/').at(-1) ?? '';
}
