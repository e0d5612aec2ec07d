/** What a snapshot must look like to be believed: every member of the model, so that no file can surprise a check. */
import { z } from 'zod';
import type * as Account from '../model/account.ts';
import type * as Network from '../model/network/topology.ts';
import { SNAPSHOT_SCHEMA, type Snapshot, type SnapshotAnswer } from './snapshot.ts';

/** A schema for every member, whose optional ones may be left out: what the model has and this has not is no program. */
type Members<T> = {
  readonly [K in keyof T]-?: Partial<Pick<T, K>> extends Pick<T, K>
    ? z.ZodExactOptional<z.ZodType<Required<T>[K]>>
    : z.ZodType<T[K]>;
};
function shape<T extends object>(members: Members<T>): z.ZodType<T> {
  // Zod writes optional members and arrays with types of its own, which mean the same.
  return z.strictObject(members) as unknown as z.ZodType<T>;
}
const optional = <T>(schema: z.ZodType<T>) => z.exactOptional(schema);

const text = z.string();
/** Ids, addresses and the like become parts of commands that are shown to be pasted: none may hold more than AWS's do. */
const word = z.string().regex(/^[\w:/.-]*$/, 'It may hold letters, digits and any of : / . - _ only');
const ids = z.array(word);
const yes = z.boolean();
const whole = z.int();
const words = <const W extends string>(...all: readonly [W, ...W[]]) => z.enum(all);
/** Epoch milliseconds, within what a date can hold. */
const time = z.int().min(-8.64e15).max(8.64e15);
const tags: z.ZodType<Network.Tags> = z.record(text, text);

const vpc = shape<Network.Vpc>({ id: word, cidrs: ids, isDefault: yes, ownerId: word, tags });

const subnet = shape<Network.Subnet>({
  id: word,
  vpcId: word,
  cidr: word,
  availabilityZone: word,
  mapPublicIpOnLaunch: yes,
  internetGatewayBlock: optional(words('block-bidirectional', 'block-ingress')),
  tags,
});

const target = (kind: Exclude<Network.RouteTarget['kind'], 'local'>) =>
  z.strictObject({ kind: z.literal(kind), id: word });
const routeTarget: z.ZodType<Network.RouteTarget> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('local') }),
  target('internet-gateway'),
  target('peering'),
  target('nat-gateway'),
  target('network-interface'),
  target('other'),
]) as z.ZodType<Network.RouteTarget>;

const route = shape<Network.Route>({
  destination: word,
  target: routeTarget,
  state: words('active', 'blackhole', 'filtered'),
  propagated: yes,
});

const routeTable = shape<Network.RouteTable>({
  id: word,
  vpcId: word,
  main: yes,
  subnetIds: ids,
  gatewayIds: ids,
  routes: z.array(route),
  tags,
});

const internetGateway = shape<Network.InternetGateway>({ id: word, vpcIds: ids, tags });

const natGateway = shape<Network.NatGateway>({
  id: word,
  vpcId: word,
  subnetId: word,
  state: words('pending', 'failed', 'available', 'deleting', 'deleted'),
  networkInterfaceId: word,
  tags,
});

const prefixList = shape<Network.PrefixList>({ id: word, name: text, cidrs: ids });

const networkAclEntry = shape<Network.NetworkAclEntry>({
  ruleNumber: whole,
  egress: yes,
  action: words('allow', 'deny'),
  protocol: word,
  cidr: word,
  ports: optional(shape<NonNullable<Network.NetworkAclEntry['ports']>>({ from: whole, to: whole })),
  icmp: optional(shape<NonNullable<Network.NetworkAclEntry['icmp']>>({ type: whole, code: whole })),
});

const networkAcl = shape<Network.NetworkAcl>({
  id: word,
  vpcId: word,
  isDefault: yes,
  subnetIds: ids,
  entries: z.array(networkAclEntry),
});

const rulePeer: z.ZodType<Network.RulePeer> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('cidr'), cidr: word }),
  z.strictObject({ kind: z.literal('cidr6'), cidr: word }),
  z.strictObject({
    kind: z.literal('group'),
    groupId: word,
    ownerId: optional(word),
    peeringId: optional(word),
  }),
  z.strictObject({ kind: z.literal('prefix-list'), id: word }),
]);

const securityGroupRule = shape<Network.SecurityGroupRule>({
  protocol: word,
  fromPort: optional(whole),
  toPort: optional(whole),
  peer: rulePeer,
});

const securityGroup = shape<Network.SecurityGroup>({
  id: word,
  name: text,
  vpcId: word,
  ingress: z.array(securityGroupRule),
  egress: z.array(securityGroupRule),
  tags,
});

const privateAddress = shape<Network.PrivateAddress>({ address: word, primary: yes, publicIp: optional(word) });

const networkInterface = shape<Network.NetworkInterface>({
  id: word,
  vpcId: word,
  subnetId: word,
  addresses: z.array(privateAddress),
  groupIds: ids,
  sourceDestCheck: yes,
  instanceId: optional(word),
  deviceIndex: optional(whole),
  attached: yes,
});

const instance = shape<Network.Instance>({
  id: word,
  state: words('pending', 'running', 'shutting-down', 'terminated', 'stopping', 'stopped'),
  vpcId: optional(word),
  subnetId: optional(word),
  privateIp: optional(word),
  publicIp: optional(word),
  networkInterfaceIds: ids,
  profileArn: optional(text),
  launchedAt: optional(time),
  tags,
});

const peeringSide = shape<Network.PeeringSide>({
  vpcId: word,
  ownerId: word,
  cidrs: optional(ids),
  region: optional(word),
});

const peeringConnection = shape<Network.PeeringConnection>({
  id: word,
  status: words(
    'initiating-request',
    'pending-acceptance',
    'active',
    'deleted',
    'rejected',
    'failed',
    'expired',
    'provisioning',
    'deleting',
  ),
  requester: peeringSide,
  accepter: peeringSide,
  tags,
});

const flowLog = shape<Account.FlowLog>({
  id: word,
  resourceId: word,
  trafficType: words('ACCEPT', 'REJECT', 'ALL'),
  status: text,
  deliverStatus: optional(words('SUCCESS', 'FAILED')),
  deliverError: optional(text),
  roleArn: optional(text),
  destinationType: words('cloud-watch-logs', 's3', 'kinesis-data-firehose'),
  logGroupName: optional(text),
  logDestination: optional(text),
  format: text,
  maxAggregationSeconds: whole,
  createdAt: time,
  tags,
});

const logGroup = shape<Account.LogGroup>({ name: text, arn: text, createdAt: time, retentionDays: optional(whole) });
const role = shape<Account.Role>({ name: text, arn: text, trustPolicy: text });
const managedInstance = shape<Account.ManagedInstance>({ instanceId: word, pingStatus: text });

const unread = shape<Account.Unread>({
  reason: words('denied', 'throttled', 'unreachable', 'credentials', 'timeout', 'unsupported', 'error'),
  action: text,
  message: text,
});
function reading<T>(value: z.ZodType<T>): z.ZodType<Account.Reading<T>> {
  return z.discriminatedUnion('ok', [
    z.strictObject({ ok: z.literal(true), value }),
    z.strictObject({ ok: z.literal(false), unread }),
  ]) as unknown as z.ZodType<Account.Reading<T>>;
}
const listed = <T>(item: z.ZodType<T>) => optional(reading<readonly T[]>(z.array(item)));

const slices = shape<Snapshot['slices']>({
  vpcs: listed(vpc),
  subnets: listed(subnet),
  routeTables: listed(routeTable),
  internetGateways: listed(internetGateway),
  natGateways: listed(natGateway),
  prefixLists: listed(prefixList),
  networkAcls: listed(networkAcl),
  securityGroups: listed(securityGroup),
  networkInterfaces: listed(networkInterface),
  instances: listed(instance),
  peeringConnections: listed(peeringConnection),
  flowLogs: listed(flowLog),
  logGroups: listed(logGroup),
  roles: listed(role),
  managedInstances: listed(managedInstance),
});

const question: z.ZodType<Account.Question> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('role'), arn: text }),
  z.strictObject({ kind: z.literal('ping'), instanceId: word, address: word }),
  z.strictObject({ kind: z.literal('pings'), instanceId: word }),
  z.strictObject({ kind: z.literal('logStreams'), logGroup: text }),
  z.strictObject({ kind: z.literal('logEvents'), logGroup: text, anyOf: ids }),
  z.strictObject({ kind: z.literal('queries'), logGroup: text }),
  z.strictObject({ kind: z.literal('elsewhere'), what: words('vpcs', 'logGroups') }),
]);

type RolePolicy = Account.RoleAnswer['policies'][number];
const roleAnswer = shape<Account.RoleAnswer>({
  name: text,
  arn: text,
  trustPolicy: text,
  policies: z.array(shape<RolePolicy>({ name: text, arn: optional(text), document: text })),
  boundary: optional(shape<NonNullable<Account.RoleAnswer['boundary']>>({ arn: text, document: text })),
});
const pingAnswer = shape<Account.PingAnswer>({
  address: word,
  transmitted: whole,
  received: whole,
  at: time,
  probe: optional(z.literal(true)),
  output: text,
});
const queryAnswer = shape<Account.QueryAnswer>({
  id: word,
  query: text,
  status: text,
  at: time,
  rows: z.array(z.record(text, text)),
});
const elsewhereAnswer = shape<Account.ElsewhereAnswer>({
  region: word,
  found: z.array(shape<Account.ElsewhereAnswer['found'][number]>({ id: text, name: optional(text) })),
});
const answers: { readonly [K in Account.QuestionKind]: z.ZodType<Account.Reading<Account.Answers[K]>> } = {
  role: reading(roleAnswer.nullable()),
  ping: reading(pingAnswer),
  pings: reading(z.array(pingAnswer)),
  logStreams: reading(z.array(shape<Account.LogStreamAnswer>({ name: text, lastEventAt: optional(time) }))),
  logEvents: reading(z.array(shape<Account.LogEventAnswer>({ stream: text, at: time, message: text }))),
  queries: reading(z.array(queryAnswer)),
  elsewhere: reading(z.array(elsewhereAnswer)),
};

/** The answer must be one to its own question. */
const answered: z.ZodType<SnapshotAnswer> = z.tuple([question, z.unknown()]).transform(([asked, told], context) => {
  const found = answers[asked.kind].safeParse(told);
  if (found.success) return [asked, found.data] as const;
  for (const issue of found.error.issues)
    context.issues.push({ code: 'custom', message: issue.message, input: told, path: [1, ...issue.path] });
  return z.NEVER;
});

export const snapshotSchema: z.ZodType<Snapshot> = shape<Snapshot>({
  schema: z.literal(SNAPSHOT_SCHEMA),
  takenAt: z.iso.datetime(),
  cloud: shape<Snapshot['cloud']>({
    kind: words('aws', 'sandbox'),
    account: word,
    region: word,
    partition: word,
  }),
  slices,
  answers: z.array(answered),
});
