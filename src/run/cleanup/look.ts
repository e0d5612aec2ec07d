/** Reads the account and plans: what of the lab is still there. Changes nothing. */
import { z } from 'zod';
import type { AccountReader, CallSender } from '../../account/reader.ts';
import type { CloudIdentity } from '../../check.ts';
import type { Lab } from '../../lab/schema.ts';
import type { Reading, SliceName } from '../../model/account.ts';
import { BINDING_SLICES } from '../bind.ts';
import { bindAll, CloudUnavailable, filled, type Readings } from '../verify.ts';
import { readIdentities } from './identities.ts';
import { type Lister, listWith } from './list.ts';
import { solutionNames } from './names.ts';
import { readNetwork } from './network.ts';
import type { Part, Planning } from './parts/planning.ts';
import { planOf } from './plan.ts';
import type { Gap, Plan, Remembered } from './types.ts';
import { labVpcs, nameOf } from './vpcs.ts';

const SLICES: readonly SliceName[] = [...BINDING_SLICES, 'natGateways', 'networkAcls', 'securityGroups'];

export interface Look {
  readonly lab: Lab;
  readonly reader: AccountReader;
  readonly sender: CallSender;
  /** What earlier cleanups in this account and Region had on their lists. */
  readonly remembered: (identity: CloudIdentity) => readonly Remembered[];
  /** VPCs that the user says are the lab's. */
  readonly chosen: readonly string[];
  readonly signal: AbortSignal;
}

export interface Looked {
  readonly plan: Plan;
  readonly identity: CloudIdentity;
  /** The cloud's clock, epoch milliseconds. */
  readonly now: number;
}

/** A VPC named by the user that is none to delete. */
export class NoSuchVpc extends Error {}

/** @throws CloudUnavailable where not even our identity could be read, NoSuchVpc for a wrong `chosen`. */
export async function lookAround({ lab, reader, sender, remembered: recall, chosen, signal }: Look): Promise<Looked> {
  const who = await reader.identity();
  if (!who.ok) throw new CloudUnavailable(who.unread);
  const identity = who.value;
  const remembered = recall(identity);
  const readings: Readings = Object.fromEntries(
    await Promise.all(SLICES.map(async (name) => [name, await reader.read(name)] as const)),
  );
  const bindings = await bindAll(lab, readings, reader);
  const slices = filled(readings);
  const names = solutionNames(lab);
  for (const id of readings.vpcs?.ok ? chosen : []) {
    const vpc = slices.vpcs.find((each) => each.id === id);
    if (!vpc) throw new NoSuchVpc(`There is no VPC ${id} in ${identity.region}.`);
    if (vpc.isDefault) throw new NoSuchVpc(`${id} is the default VPC, which no lab makes. It is never deleted.`);
  }
  const found = labVpcs({ lab, account: identity.account, bindings, slices, names, remembered, chosen });
  const lister = listWith(sender, signal);
  const network = await readNetwork(lister, [...found.sure.keys()]);
  const nobody = { roles: [], profiles: [], policies: [] };
  const base = { slices, bindings, network, vpcs: found.sure, names, remembered };
  const first = planOf({ ...base, identities: nobody, otherStreams: new Set() }, identity.region);
  const [identities, otherStreams] = await Promise.all([
    readIdentities(lister, wanted(base, first, identity)),
    groupsWithOtherStreams(lister, base, first),
  ]);
  const { resources, left } = planOf({ ...base, identities, otherStreams }, identity.region);
  const gaps = [...unread(readings), ...lister.gaps()];
  return { plan: { resources, left: [...found.left, ...left], gaps }, identity, now: reader.now() };
}

type Base = Omit<Planning, 'identities' | 'otherStreams'>;

function wanted(
  { slices, network, bindings, names, remembered }: Base,
  first: Part,
  { partition, account }: CloudIdentity,
) {
  const flowLogIds = first.resources.filter(({ kind }) => kind === 'flow-log').map(({ id }) => id);
  const recalled = (kind: string) => remembered.filter((each) => each.kind === kind).map(({ id }) => id);
  // A role that trusts the service and that no flow log uses may be one that the lab left behind.
  const bound = Object.values(bindings).flatMap(({ kind, id }) =>
    kind === 'role' && id && !slices.flowLogs.some(({ roleArn }) => roleArn === id) ? [nameOf(id)] : [],
  );
  const flowLogRoles = slices.flowLogs
    .filter(({ id, roleArn }) => flowLogIds.includes(id) && roleArn !== undefined)
    .map(({ roleArn }) => nameOf(roleArn));
  return {
    roles: [...flowLogRoles, ...bound, ...names.roles, ...recalled('role').map(nameOf)],
    profiles: [
      ...network.instances.flatMap(({ IamInstanceProfile }) =>
        IamInstanceProfile ? [nameOf(IamInstanceProfile.Arn)] : [],
      ),
      ...names.instanceProfiles,
      ...recalled('instance-profile').map(nameOf),
    ],
    policies: [
      ...[...names.policies].map((name) => `arn:${partition}:iam::${account}:policy/${name}`),
      ...recalled('policy'),
    ],
  };
}

/** Streams of flow logs are named after network interfaces; a group with others is not the flow log's alone. */
async function groupsWithOtherStreams({ list }: Lister, { names }: Base, first: Part): Promise<ReadonlySet<string>> {
  const groups = first.resources.filter(({ kind, id }) => kind === 'log-group' && !names.logGroups.has(id));
  const stream = z.object({ logStreamName: z.string().default('') });
  const mixed = await Promise.all(
    groups.map(async ({ id }) => {
      const streams = await list('logs:DescribeLogStreams', { logGroupName: id }, 'logStreams', stream);
      return streams.every(({ logStreamName }) => /(^|-)eni-[0-9a-f]+-/.test(logStreamName)) ? [] : [id];
    }),
  );
  return new Set(mixed.flat());
}

function unread(readings: Readings): readonly Gap[] {
  return Object.values(readings as Record<string, Reading<unknown>>).flatMap((reading) =>
    reading.ok ? [] : [{ action: reading.unread.action, message: reading.unread.message }],
  );
}
