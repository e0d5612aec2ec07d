/** Small accounts for the engine's tests: slices with defaults, and a reader that answers from them. */
import type { AccountReader } from '../../src/account/reader.ts';
import type { CloudIdentity } from '../../src/check.ts';
import type { AnswerTo, Question, Reading, SliceName, Slices, Unread } from '../../src/model/account.ts';
import type { Instance, PeeringConnection, Vpc } from '../../src/model/network/topology.ts';

export const NOTHING: Slices = {
  vpcs: [],
  subnets: [],
  routeTables: [],
  internetGateways: [],
  natGateways: [],
  prefixLists: [],
  networkAcls: [],
  securityGroups: [],
  networkInterfaces: [],
  instances: [],
  peeringConnections: [],
  flowLogs: [],
  logGroups: [],
  roles: [],
  managedInstances: [],
};

export function vpc(id: string, more: Partial<Vpc> = {}): Vpc {
  return { id, cidrs: ['10.9.0.0/16'], isDefault: false, ownerId: '123456789012', tags: {}, ...more };
}

export function instance(id: string, vpcId: string, more: Partial<Instance> = {}): Instance {
  return { id, vpcId, state: 'running', networkInterfaceIds: [`eni-${id}`], tags: {}, ...more };
}

export function peering(
  id: string,
  one: string,
  other: string,
  status: PeeringConnection['status'] = 'active',
): PeeringConnection {
  return {
    id,
    status,
    requester: { vpcId: one, ownerId: '123456789012' },
    accepter: { vpcId: other, ownerId: '123456789012' },
    tags: {},
  };
}

export const identity: CloudIdentity = {
  kind: 'sandbox',
  account: '123456789012',
  region: 'us-east-1',
  partition: 'aws',
};

export interface FakeCloud {
  readonly slices?: Partial<Slices>;
  readonly unread?: Partial<Record<SliceName, Unread>>;
  readonly answers?: (question: Question) => Reading<unknown>;
  readonly identity?: Reading<CloudIdentity>;
  readonly asked?: Question[];
}

export function readerOf({ slices, unread, answers, identity: who, asked }: FakeCloud): AccountReader {
  return {
    identity: async () => who ?? { ok: true, value: identity },
    async read<N extends SliceName>(name: N): Promise<Reading<Slices[N]>> {
      const problem = unread?.[name];
      return problem ? { ok: false, unread: problem } : { ok: true, value: { ...NOTHING, ...slices }[name] };
    },
    async ask<Q extends Question>(question: Q) {
      asked?.push(question);
      const answer = answers?.(question) ?? {
        ok: false,
        unread: { reason: 'unsupported', action: question.kind, message: 'nobody answers' },
      };
      return answer as Reading<AnswerTo<Q>>;
    },
    now: () => 1_700_000_000_000,
    calls: () => ({ total: 0, byOperation: {} }),
    close: () => {},
  };
}
