/** The solved lab as plain data, and what a check makes of it after a small change. */
import { join } from 'node:path';
import type { Judgement } from '../../src/check.ts';
import { loadChecks } from '../../src/lab/checks.ts';
import { loadLab } from '../../src/lab/load.ts';
import type {
  ElsewhereAnswer,
  LogEventAnswer,
  LogStreamAnswer,
  PingAnswer,
  QueryAnswer,
  Question,
  Reading,
  RoleAnswer,
  SliceName,
  Slices,
} from '../../src/model/account.ts';
import { DEFAULT_FORMAT } from '../../src/model/flowlog/record.ts';
import { bind } from '../../src/run/bind.ts';
import { contextOf, UnreadAnswer } from '../../src/run/context.ts';

type Mutable<T> = { -readonly [K in keyof T]: Mutable<T[K]> };

export const NOW = Date.parse('2026-11-23T10:00:00Z');
export const MINUTE = 60_000;
export const IDS = { private1: '10.1.0.5', public1: '3.80.0.1', private2: '10.2.0.7', public2: '3.80.0.2' } as const;
export const ROLE = 'arn:aws:iam::123456789012:role/NextWorkVPCFlowLogsRole';
export const GROUP = 'NextWorkVPCFlowLogsGroup';

export interface World {
  now: number;
  slices: Mutable<Slices>;
  role: Mutable<RoleAnswer> | null;
  /** What instance 2 sent. */
  theirPings: Mutable<PingAnswer>[];
  pings: Mutable<PingAnswer>[];
  /** What a ping sent now would give. */
  live: { transmitted: number; received: number };
  streams: Mutable<LogStreamAnswer>[];
  events: Mutable<LogEventAnswer>[];
  queries: Mutable<QueryAnswer>[];
  /** What other Regions hold, whatever is asked for. */
  elsewhere: ElsewhereAnswer[];
  /** Kinds of questions that are denied, of all instances or of one. */
  denied: (Question['kind'] | `pings ${string}`)[];
}

const root = join(import.meta.dirname, '../..');
export const checks = await loadChecks(join(root, 'checks'));
export const lab = await loadLab('vpc-flow-logs', { labsDir: join(root, 'labs'), checks });

export function ping(address: string, received: number, minutesAgo: number): Mutable<PingAnswer> {
  const output = `PING ${address} (${address}) 56(84) bytes of data.\n\n--- ${address} ping statistics ---\n5 packets transmitted, ${received} received`;
  return { address, transmitted: 5, received, at: NOW - minutesAgo * MINUTE, output };
}

/** A line of the default format, as instance 1's interface (unless told) saw it. */
export function line(
  source: string,
  destination: string,
  minutesAgo: number,
  { action = 'ACCEPT', eni = 'eni-1', protocol = 1 } = {},
): Mutable<LogEventAnswer> {
  const start = Math.floor((NOW - minutesAgo * MINUTE) / 1000);
  const message = `2 123456789012 ${eni} ${source} ${destination} 0 0 ${protocol} 5 420 ${start} ${start + 40} ${action} OK`;
  return { stream: `${eni}-all`, at: start * 1000, message };
}

/** Requests and answers. */
export function pair(to: string, minutesAgo: number): Mutable<LogEventAnswer>[] {
  return [line(IDS.private1, to, minutesAgo), line(to, IDS.private1, minutesAgo)];
}

/** Peered, routed, pinged before and after by Run Command, recorded and queried. */
export function solved(): World {
  return {
    now: NOW,
    slices: {
      ...network(),
      flowLogs: [
        {
          id: 'fl-1',
          resourceId: 'vpc-1',
          trafficType: 'ALL',
          status: 'ACTIVE',
          deliverStatus: 'SUCCESS',
          roleArn: ROLE,
          destinationType: 'cloud-watch-logs',
          logGroupName: GROUP,
          format: DEFAULT_FORMAT,
          maxAggregationSeconds: 60,
          createdAt: NOW - 90 * MINUTE,
          tags: { Name: 'NextWorkVPCFlowLog' },
        },
      ],
      logGroups: [
        {
          name: GROUP,
          arn: `arn:aws:logs:us-east-1:123456789012:log-group:${GROUP}:*`,
          createdAt: NOW - 95 * MINUTE,
          retentionDays: 7,
        },
      ],
      roles: [],
      managedInstances: [{ instanceId: 'i-1', pingStatus: 'Online' }],
    },
    role: {
      name: 'NextWorkVPCFlowLogsRole',
      arn: ROLE,
      trustPolicy: trust({ Service: 'vpc-flow-logs.amazonaws.com' }),
      policies: [
        {
          name: 'NextWorkVPCFlowLogsPolicy',
          document: allow([
            'logs:CreateLogGroup',
            'logs:CreateLogStream',
            'logs:PutLogEvents',
            'logs:DescribeLogGroups',
            'logs:DescribeLogStreams',
          ]),
        },
      ],
    },
    theirPings: [],
    pings: [ping(IDS.private2, 0, 60), ping(IDS.public2, 5, 59), ping(IDS.private2, 5, 30)],
    live: { transmitted: 5, received: 5 },
    streams: [{ name: 'eni-1-all', lastEventAt: NOW - 2 * MINUTE }],
    events: [line(IDS.private1, IDS.private2, 60), ...pair(IDS.public2, 59), ...pair(IDS.private2, 30)],
    queries: [
      {
        id: 'q-1',
        query: 'stats sum(bytes) as bytesTransferred by srcAddr, dstAddr',
        status: 'Complete',
        at: NOW - 10 * MINUTE,
        rows: [{ srcAddr: IDS.private1, dstAddr: IDS.private2, bytesTransferred: '840' }],
      },
    ],
    elsewhere: [],
    denied: [],
  };
}

/** As a learner without instance profile sees the lab: no Run Command. */
export function byHand(world: World): void {
  world.slices.managedInstances = [];
  world.pings = [];
}

export function unpeer({ slices }: World): void {
  slices.peeringConnections = [];
  for (const table of slices.routeTables) table.routes = table.routes.filter(({ target }) => target.kind !== 'peering');
}

export function empty(): World {
  const none = Object.keys(solved().slices).map((name) => [name, []]);
  return {
    now: NOW,
    slices: Object.fromEntries(none),
    role: null,
    theirPings: [],
    pings: [],
    live: { transmitted: 5, received: 5 },
    streams: [],
    events: [],
    queries: [],
    elsewhere: [],
    denied: [],
  };
}

export function trust(principal: object | string, extra: object = {}): string {
  return document({ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole', ...extra });
}

export function allow(actions: string | readonly string[], resource: string | readonly string[] = '*'): string {
  return document({ Effect: 'Allow', Action: actions, Resource: resource });
}

export function document(...statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** Asks and judges as the engine does, with the lab's own parameters. `asked` is every question in the order of asking. */
export function run(useId: string, world: World): Judgement & { readonly asked: readonly Question[] } {
  const use = lab.steps.flatMap((step) => step.checks).find(({ id }) => id === useId);
  const check = use && checks[use.use];
  if (!check) throw new Error(`the lab has no check ${useId}`);
  const readings = Object.fromEntries(
    Object.entries(world.slices).map(([name, value]) => [name, { ok: true, value }]),
  ) as unknown as { [N in SliceName]: Reading<Slices[N]> };
  const identity = { kind: 'aws', account: '123456789012', region: 'us-east-1', partition: 'aws' } as const;
  const bindings = bind(lab.resources, world.slices);
  const answers = new Map<string, Reading<unknown>>();
  const context = contextOf(use, check, { readings, bindings, identity }, answers, world.now);
  const asked: Question[] = [];
  for (let round = 0; round < 4; round += 1)
    for (const question of check.asks?.(context) ?? []) {
      if (answers.has(JSON.stringify(question))) continue;
      asked.push(question);
      answers.set(JSON.stringify(question), answer(world, question));
    }
  try {
    return { ...check.judge(context), asked };
  } catch (error) {
    if (!(error instanceof UnreadAnswer)) throw error;
    return { verdict: 'unknown', findings: [], evidence: [], asked };
  }
}

export function answer(world: World, question: Question): Reading<unknown> {
  if (world.denied.some((each) => each === question.kind || each === Object.values(question).join(' ')))
    return { ok: false, unread: { reason: 'denied', action: question.kind, message: 'not authorized' } };
  const value = {
    role: () => world.role,
    ping: () => ({ ...ping('address' in question ? question.address : '', world.live.received, 0), ...world.live }),
    pings: () => ('instanceId' in question && question.instanceId === 'i-2' ? world.theirPings : world.pings),
    logStreams: () => world.streams,
    logEvents: () => {
      const terms = 'anyOf' in question ? question.anyOf : [];
      return world.events.filter(({ message }) => terms.some((term) => message.includes(term)));
    },
    queries: () => world.queries,
    elsewhere: () => world.elsewhere,
  }[question.kind]();
  return { ok: true, value };
}

function network(): Omit<Mutable<Slices>, 'flowLogs' | 'logGroups' | 'roles' | 'managedInstances'> {
  const sides = [
    { n: 1, cidr: '10.1.0.0/16', privateIp: IDS.private1, publicIp: IDS.public1, other: '10.2.0.0/16' },
    { n: 2, cidr: '10.2.0.0/16', privateIp: IDS.private2, publicIp: IDS.public2, other: '10.1.0.0/16' },
  ];
  const all = { protocol: '-1', cidr: '0.0.0.0/0' };
  const side = (vpcId: string, cidr: string) => ({
    vpcId,
    ownerId: '123456789012',
    cidrs: [cidr],
    region: 'us-east-1',
  });
  return {
    vpcs: [
      ...sides.map(({ n, cidr }) => ({
        id: `vpc-${n}`,
        cidrs: [cidr],
        isDefault: false,
        ownerId: '123456789012',
        tags: { Name: `NextWork-${n}-vpc` },
      })),
      { id: 'vpc-0', cidrs: ['172.31.0.0/16'], isDefault: true, ownerId: '123456789012', tags: {} },
    ],
    subnets: sides.map(({ n, cidr }) => ({
      id: `subnet-${n}`,
      vpcId: `vpc-${n}`,
      cidr: cidr.replace('/16', '/20'),
      availabilityZone: 'us-east-1a',
      mapPublicIpOnLaunch: false,
      tags: {},
    })),
    routeTables: sides.flatMap(({ n, cidr, other }) => {
      const local = {
        destination: cidr,
        target: { kind: 'local' as const },
        state: 'active' as const,
        propagated: false,
      };
      const gateway = { kind: 'internet-gateway' as const, id: `igw-${n}` };
      const peering = { kind: 'peering' as const, id: 'pcx-1' };
      return [
        {
          id: `rtb-main-${n}`,
          vpcId: `vpc-${n}`,
          main: true,
          subnetIds: [],
          gatewayIds: [],
          routes: [local],
          tags: {},
        },
        {
          id: `rtb-${n}`,
          vpcId: `vpc-${n}`,
          main: false,
          subnetIds: [`subnet-${n}`],
          gatewayIds: [],
          routes: [
            { ...local },
            { destination: '0.0.0.0/0', target: gateway, state: 'active' as const, propagated: false },
            { destination: other, target: peering, state: 'active' as const, propagated: false },
          ],
          tags: {},
        },
      ];
    }),
    natGateways: [],
    prefixLists: [],
    internetGateways: sides.map(({ n }) => ({ id: `igw-${n}`, vpcIds: [`vpc-${n}`], tags: {} })),
    networkAcls: sides.map(({ n }) => ({
      id: `acl-${n}`,
      vpcId: `vpc-${n}`,
      isDefault: true,
      subnetIds: [`subnet-${n}`],
      entries: [false, true].map((egress) => ({ ruleNumber: 100, egress, action: 'allow' as const, ...all })),
    })),
    securityGroups: sides.map(({ n }) => ({
      id: `sg-${n}`,
      name: `NextWork-${n}-SG`,
      vpcId: `vpc-${n}`,
      ingress: [
        { protocol: 'tcp', fromPort: 22, toPort: 22, peer: { kind: 'cidr', cidr: '0.0.0.0/0' } },
        { protocol: 'icmp', fromPort: -1, toPort: -1, peer: { kind: 'cidr', cidr: '0.0.0.0/0' } },
      ],
      egress: [{ protocol: '-1', peer: { kind: 'cidr', cidr: '0.0.0.0/0' } }],
      tags: {},
    })),
    networkInterfaces: sides.map(({ n, privateIp, publicIp }) => ({
      id: `eni-${n}`,
      vpcId: `vpc-${n}`,
      subnetId: `subnet-${n}`,
      addresses: [{ address: privateIp, primary: true, publicIp }],
      groupIds: [`sg-${n}`],
      sourceDestCheck: true,
      attached: true,
      instanceId: `i-${n}`,
    })),
    instances: sides.map(({ n, privateIp, publicIp }) => ({
      id: `i-${n}`,
      state: 'running',
      vpcId: `vpc-${n}`,
      subnetId: `subnet-${n}`,
      privateIp,
      publicIp,
      networkInterfaceIds: [`eni-${n}`],
      tags: { Name: `NextWork instance ${n}` },
    })),
    peeringConnections: [
      {
        id: 'pcx-1',
        status: 'active',
        requester: side('vpc-1', '10.1.0.0/16'),
        accepter: side('vpc-2', '10.2.0.0/16'),
        tags: { Name: 'VPC 1 <> VPC 2' },
      },
    ],
  };
}

/** A learner's way to get it (nearly) right, and what must be said of it. */
export type Row = [
  what: string,
  change: (world: World) => void,
  verdict: Judgement['verdict'],
  codes?: readonly string[],
];

export function outcome(useId: string, change: (world: World) => void) {
  const world = solved();
  change(world);
  const { verdict, findings } = run(useId, world);
  return { verdict, codes: findings.map(({ code }) => code) };
}

/** The one of these ids; for changes that the rows make. */
export function the<T extends { id: string }>(all: readonly T[], id: string): T {
  const found = all.find((each) => each.id === id);
  if (!found) throw new Error(`no ${id}`);
  return found;
}
