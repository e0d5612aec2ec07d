/**
 * Every finding that a documented code can lead to, as the learner reads it: each in a scene of its own. Who changes a word
 * renews findings.txt by `vitest run test/checks/findings.test.ts --update`, and reads its difference.
 */
import { expect, test } from 'vitest';
import { safe } from '../../src/lib/terminal-text.ts';
import {
  allow,
  byHand,
  checks,
  document,
  IDS,
  lab,
  line,
  MINUTE,
  NOW,
  pair,
  ping,
  run,
  solved,
  the,
  trust,
  unpeer,
  type World,
} from './builders.ts';

type Change = (world: World) => unknown;
const all =
  (...changes: Change[]): Change =>
  (world) => {
    for (const change of changes) change(world);
  };
type Slice = keyof World['slices'];
const none =
  (...slices: Slice[]): Change =>
  (world) => {
    for (const name of slices) world.slices[name] = [];
  };
const edit =
  (slice: Slice, id: string, changes: object): Change =>
  ({ slices }) =>
    Object.assign(the(slices[slice] as unknown as { id: string }[], id), changes);
const drop =
  (slice: Slice, id: string): Change =>
  ({ slices }) =>
    Object.assign(slices, { [slice]: (slices[slice] as unknown as { id: string }[]).filter((each) => each.id !== id) });
const answers =
  (changes: Partial<World>): Change =>
  (world) =>
    Object.assign(world, changes);

const routes =
  (id: string, ...list: [destination: string, kind: string, target: string, state?: string][]): Change =>
  (world) =>
    edit('routeTables', id, {
      routes: list.map(([destination, kind, target, state = 'active']) => ({
        destination,
        target: kind === 'local' ? { kind } : { kind, id: target },
        state,
        propagated: false,
      })),
    })(world);
const home = ['10.1.0.0/16', 'local', ''] as const;
const out = ['0.0.0.0/0', 'internet-gateway', 'igw-1'] as const;
const across = ['10.2.0.0/16', 'peering', 'pcx-1'] as const;

const flowLog = (changes: object) => edit('flowLogs', 'fl-1', changes);
const silent = answers({ streams: [] });
const unheard = all(byHand, answers({ events: [] }));
const noWayBack = routes('rtb-2', ['10.2.0.0/16', 'local', ''], ['0.0.0.0/0', 'internet-gateway', 'igw-2']);
const role =
  (changes: object): Change =>
  (world) =>
    Object.assign(world.role ?? {}, changes);
const policy = (text: string) => role({ policies: [{ name: 'mine', document: text }] });
const query =
  (changes: object): Change =>
  ({ queries }) =>
    Object.assign(queries[0] ?? {}, changes);
const noAddress = all(edit('instances', 'i-1', { publicIp: undefined }), ({ slices }: World) => {
  for (const { addresses } of slices.networkInterfaces) for (const each of addresses) delete each.publicIp;
});
const aclDenies =
  (ruleNumber: number): Change =>
  ({ slices }) =>
    the(slices.networkAcls, 'acl-2').entries.push({
      ruleNumber,
      egress: false,
      action: 'deny',
      protocol: '-1',
      cidr: '0.0.0.0/0',
    });
const ingress = (...rules: object[]) => edit('securityGroups', 'sg-2', { ingress: rules });
const SSH = { protocol: 'tcp', fromPort: 22, toPort: 22, peer: { kind: 'cidr', cidr: '0.0.0.0/0' } };
const list = { protocol: '-1', peer: { kind: 'prefix-list', id: 'pl-1' } };
const abroad = (...found: { id: string; name?: string }[]) => answers({ elsewhere: [{ region: 'eu-west-1', found }] });
const onlyDefault: Change = ({ slices }) => Object.assign(slices, { vpcs: slices.vpcs.filter((vpc) => vpc.isDefault) });
const ambiguous = all(byHand, answers({ events: pair(IDS.private2, 30), theirPings: [ping(IDS.private1, 5, 30)] }));
const peering = (changes: object) => edit('peeringConnections', 'pcx-1', changes);
const stray =
  (id: string, vpcId: string): Change =>
  ({ slices }) => {
    slices.instances = slices.instances.filter((each) => each.id !== 'i-1' && each.id !== 'i-2');
    const instance = the(solved().slices.instances, 'i-1');
    for (const suffix of ['a', 'b']) slices.instances.push({ ...instance, id: `${id}${suffix}`, vpcId });
  };

/** What both checks of a way to the internet say. */
const INTERNET: Record<string, Change> = {
  'the subnet has no route table': none('routeTables'),
  'no route leads out': routes('rtb-1', [...home]),
  'no route leads out, and no gateway is there': all(routes('rtb-1', [...home]), none('internetGateways')),
  'the route is in another table': all(routes('rtb-1', [...home]), routes('rtb-main-1', [...home], [...out])),
  'the route is a blackhole': routes('rtb-1', [...home], ['0.0.0.0/0', 'internet-gateway', 'igw-1', 'blackhole']),
  'the route is a blackhole, as the gateway was detached': all(
    routes('rtb-1', [...home], ['0.0.0.0/0', 'internet-gateway', 'igw-1', 'blackhole']),
    edit('internetGateways', 'igw-1', { vpcIds: [] }),
  ),
  'the route leads to a NAT gateway': routes('rtb-1', [...home], ['0.0.0.0/0', 'nat-gateway', 'nat-1']),
  'the gateway is detached': edit('internetGateways', 'igw-1', { vpcIds: [] }),
};

/** Another subnet of VPC 1 leads to the internet: the instance's own is the wrong one. */
const anotherWay =
  (...destinations: string[]): Change =>
  ({ slices }) => {
    slices.subnets.push({ ...the(slices.subnets, 'subnet-1'), id: 'subnet-9' });
    slices.internetGateways.push({ id: 'igw-9', vpcIds: ['vpc-1'], tags: {} });
    slices.routeTables.push({
      id: 'rtb-9',
      vpcId: 'vpc-1',
      main: false,
      subnetIds: ['subnet-9'],
      gatewayIds: [],
      routes: destinations.map((destination) => ({
        destination,
        target: { kind: 'internet-gateway', id: 'igw-9' },
        state: 'active',
        propagated: false,
      })),
      tags: {},
    });
  };
const INTERNET_BESIDE = Object.fromEntries(
  Object.entries(INTERNET).map(([scene, change]) => [scene, all(change, anotherWay('0.0.0.0/0'))]),
);

const SCENES: Record<string, Record<string, Change>> = {
  'vpc-1': {
    'there is only the default VPC': onlyDefault,
    'there is nothing': none('vpcs'),
    'the VPCs are in another Region': all(onlyDefault, abroad({ id: 'vpc-7', name: 'mine' }, { id: 'vpc-8' })),
    'many VPCs are in another Region': all(
      onlyDefault,
      abroad({ id: 'vpc-5' }, { id: 'vpc-6' }, { id: 'vpc-7' }, { id: 'vpc-8' }, { id: 'vpc-9' }),
    ),
    'it has no subnet': none('subnets'),
    ...INTERNET,
  },
  'cidrs-unique': {
    'one is not there': drop('vpcs', 'vpc-2'),
    'neither is there': onlyDefault,
    'they overlap': edit('vpcs', 'vpc-2', { cidrs: ['10.1.128.0/17'] }),
  },
  'instance-1': {
    'it is not launched': drop('instances', 'i-1'),
    'it is not launched, and there is no subnet for it': all(drop('instances', 'i-1'), none('subnets')),
    'nothing was ever launched': none('instances'),
    'it is starting': edit('instances', 'i-1', { state: 'pending' }),
    'it is stopped': edit('instances', 'i-1', { state: 'stopped' }),
    'it is terminated': edit('instances', 'i-1', { state: 'terminated' }),
    'both are in the default VPC': stray('i-7', 'vpc-0'),
    'one is in the default VPC': edit('instances', 'i-1', { vpcId: 'vpc-0' }),
    'both are in VPC 2': stray('i-7', 'vpc-2'),
    'it has no public address': noAddress,
    ...INTERNET_BESIDE,
    'no route leads out, and another subnet has one in two halves': all(
      routes('rtb-1', [...home]),
      anotherWay('0.0.0.0/1', '128.0.0.0/1'),
    ),
  },
  'ping-allowed': {
    'instance 1 is not there': drop('instances', 'i-1'),
    'neither instance is there': none('instances'),
    'no rule of the group fits': ingress(SSH),
    'the group has no rules': ingress(),
    'nothing may leave instance 1': edit('securityGroups', 'sg-1', { egress: [] }),
    'the network ACL denies': aclDenies(90),
    'the network ACL denies with its first number': aclDenies(1),
    'answers may not leave': ({ slices }) => the(slices.networkAcls, 'acl-2').entries.splice(1),
    'only the private ping is allowed': ingress({
      protocol: 'icmp',
      fromPort: -1,
      toPort: -1,
      peer: { kind: 'cidr', cidr: '10.1.0.0/16' },
    }),
    'a prefix list decides': ingress(list),
    'a group of an account that is peered instead decides': all(
      ingress({ protocol: '-1', peer: { kind: 'group', groupId: 'sg-9' } }),
      peering({ requester: { vpcId: 'vpc-9', ownerId: '999999999999' } }),
    ),
    'the group is not known': none('securityGroups'),
  },
  'flow-log-active': {
    'there is none': none('flowLogs'),
    'there is none, and no VPC': none('flowLogs', 'vpcs'),
    'it is on another VPC': flowLog({ resourceId: 'vpc-2' }),
    'it is not active': flowLog({ status: 'INACTIVE' }),
    'it delivers to S3': flowLog({
      destinationType: 's3',
      logDestination: 'arn:aws:s3:::mine',
      logGroupName: undefined,
      roleArn: undefined,
    }),
    'it records rejected traffic only': flowLog({ trafficType: 'REJECT' }),
    'it records accepted traffic only, in a group with an odd name': flowLog({
      trafficType: 'ACCEPT',
      logGroupName: "my group's",
    }),
    'its format lacks fields': flowLog({ format: '${srcaddr} ${dstaddr} ${bytes}' }),
    'it sums up over ten minutes': flowLog({ maxAggregationSeconds: 600 }),
    'the instance is not there': drop('instances', 'i-1'),
  },
  'log-group': {
    'there is none': none('logGroups', 'flowLogs'),
    'one is in another Region': all(none('logGroups', 'flowLogs'), abroad({ id: 'other' }, { id: 'MyFlowLogs' })),
    'only others are in another Region': all(none('logGroups', 'flowLogs'), abroad({ id: 'other' })),
    'it was deleted': ({ slices }) => Object.assign(slices.logGroups[0] ?? {}, { name: 'another' }),
    'it keeps its events for ever': ({ slices }) =>
      Object.assign(slices.logGroups[0] ?? {}, { retentionDays: undefined }),
  },
  'role-trusted': {
    'there is none': all(none('flowLogs'), answers({ role: null })),
    'it was deleted': answers({ role: null }),
    'an account is trusted': role({ trustPolicy: trust({ AWS: '123456789012' }) }),
    'other services are trusted': role({
      trustPolicy: trust({ Service: ['ec2.amazonaws.com', 'lambda.amazonaws.com'] }),
    }),
    'under a condition for another account': role({
      trustPolicy: trust(
        { Service: 'vpc-flow-logs.amazonaws.com' },
        { Condition: { StringEquals: { 'aws:SourceAccount': ['999999999999', '888888888888'] } } },
      ),
    }),
    'under a condition that only AWS can decide': role({
      trustPolicy: trust(
        { Service: 'vpc-flow-logs.amazonaws.com' },
        { Condition: { StringEquals: { 'sts:ExternalId': 'x' } } },
      ),
    }),
    'VPC Flow Logs is denied': role({
      trustPolicy: trust({ Service: 'vpc-flow-logs.amazonaws.com' }, { Effect: 'Deny' }),
    }),
    'its policy is no JSON': role({ trustPolicy: 'Hello' }),
  },
  'role-can-write': {
    'it was deleted': answers({ role: null }),
    'there is none': all(none('flowLogs'), answers({ role: null })),
    'there is no log group': all(none('logGroups'), flowLog({ logGroupName: undefined })),
    'it has no policies': role({ policies: [] }),
    'it may not put events': policy(allow(['logs:CreateLogStream'])),
    'it is denied': policy(
      document({ Effect: 'Allow', Action: '*', Resource: '*' }, { Effect: 'Deny', Action: 'logs:Put*', Resource: '*' }),
    ),
    'its boundary forbids it': role({
      boundary: { arn: 'arn:aws:iam::123456789012:policy/b', document: allow('ec2:*') },
    }),
    'under a condition that only AWS can decide': policy(
      document({
        Effect: 'Allow',
        Action: '*',
        Resource: '*',
        Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
      }),
    ),
    'only what delivery needs': policy(allow(['logs:CreateLogStream', 'logs:PutLogEvents'])),
  },
  'flow-log-delivers': {
    'there is no flow log and no group': none('flowLogs', 'logGroups'),
    'there is no group': none('logGroups'),
    'access is refused': flowLog({ deliverStatus: 'FAILED', deliverError: 'Access error' }),
    'it is throttled': flowLog({ deliverStatus: 'FAILED', deliverError: 'Rate limited', roleArn: undefined }),
    'it failed for no known reason': flowLog({ deliverStatus: 'FAILED' }),
    'it is new': all(silent, flowLog({ createdAt: NOW - MINUTE, deliverStatus: undefined })),
    'the instance is new': all(silent, edit('instances', 'i-1', { launchedAt: NOW - MINUTE })),
    'nothing came': all(silent, flowLog({ createdAt: NOW - 120 * MINUTE })),
    "only another interface's records came": answers({
      streams: [{ name: 'eni-9-all', lastEventAt: NOW }, { name: 'eni-8-all' }],
    }),
    'the instance is not there': drop('instances', 'i-1'),
  },
  'private-unanswered': {
    'the instances are not there': none('instances'),
    'nobody pinged': unheard,
    'nobody pinged, with Run Command at hand': answers({ pings: [], events: [] }),
    'nobody pinged, and the flow log is new': all(
      unheard,
      flowLog({ createdAt: NOW - MINUTE, deliverStatus: undefined }),
    ),
    'it was answered': answers({ events: [], pings: [ping(IDS.private2, 5, 30)] }),
    'answers may still come': all(byHand, answers({ events: [line(IDS.private1, IDS.private2, 2)] })),
    'instance 2 pinged at the same time': ambiguous,
    'the format lacks fields': all(unheard, flowLog({ format: '${srcaddr} ${dstaddr} ${bytes}' })),
    'it was sent before the peering': all(unpeer, answers({ events: [] })),
    'it was sent by hand before the peering': all(byHand, unpeer),
  },
  'public-answered': {
    'the instances are not there': none('instances'),
    'instance 2 has no public address': all(noAddress, edit('instances', 'i-2', { publicIp: undefined })),
    'it was not answered, and two filters stop it': all(
      aclDenies(90),
      ingress(),
      answers({ events: [], pings: [ping(IDS.public2, 0, 5)] }),
    ),
    'it was not answered, and no rule fits': all(
      ingress(SSH),
      answers({ events: [], pings: [ping(IDS.public2, 0, 5)] }),
    ),
    'it was not answered, and nothing stops it': answers({ events: [], pings: [ping(IDS.public2, 0, 5)] }),
    'nobody pinged, with Run Command at hand': answers({ pings: [], events: [] }),
    'the records of two pings look alike': all(
      byHand,
      answers({ events: pair(IDS.public2, 30), theirPings: [ping(IDS.public1, 5, 30)] }),
    ),
    'the format lacks fields': all(unheard, flowLog({ format: '${srcaddr} ${dstaddr} ${bytes}' })),
    'nobody pinged, and the flow log is new': all(unheard, flowLog({ createdAt: NOW - MINUTE })),
  },
  'peering-active': {
    'there is none': unpeer,
    'there is none, and no VPC': all(unpeer, onlyDefault),
    'it is with the default VPC': peering({ accepter: { vpcId: 'vpc-0', ownerId: '123456789012' } }),
    'it is asked of another account': peering({
      status: 'pending-acceptance',
      accepter: { vpcId: 'vpc-9', ownerId: '999988887777' },
    }),
    'it is being set up': peering({ status: 'provisioning' }),
    'it is not accepted': peering({ status: 'pending-acceptance' }),
    'it failed': peering({ status: 'failed' }),
    'it was rejected': peering({ status: 'rejected' }),
    'it expired': peering({ status: 'expired' }),
    'it was deleted': peering({ status: 'deleted' }),
  },
  'peering-routes': {
    'the instances are not there': none('instances'),
    'there is no peering connection': unpeer,
    'no way back': noWayBack,
    'packets take the way to the internet': routes('rtb-1', [...home], [...out]),
    'the destination has another target': routes('rtb-1', [...home], ['10.2.0.0/16', 'internet-gateway', 'igw-1']),
    'a blackhole': routes('rtb-1', [...home], ['10.2.0.0/16', 'peering', 'pcx-1', 'blackhole']),
    'a deleted peering connection': routes('rtb-1', [...home], ['10.2.0.0/16', 'peering', 'pcx-0', 'blackhole']),
    'a more specific route': routes('rtb-1', [...home], [...across], ['10.2.0.0/20', 'nat-gateway', 'nat-1']),
    'the route is in the main table': all(routes('rtb-1', [...home]), routes('rtb-main-1', [...home], [...across])),
    'other addresses': routes('rtb-1', [...home], ['10.20.0.0/16', 'peering', 'pcx-1']),
    'a prefix list decides': routes('rtb-1', [...home], ['pl-1', 'nat-gateway', 'nat-1']),
    'the table is not known': none('routeTables'),
  },
  'private-answered': {
    'the instances are not there': none('instances'),
    'it is unanswered, and the way back is missing': all(
      noWayBack,
      answers({ events: [], pings: [ping(IDS.private2, 0, 60)], live: { transmitted: 5, received: 0 } }),
    ),
    'it is unanswered, and filters stop it': all(
      ingress(),
      aclDenies(90),
      answers({ events: [], pings: [], live: { transmitted: 5, received: 0 } }),
    ),
    'it is unanswered, and no rule fits': all(
      ingress(SSH),
      answers({ events: [], pings: [ping(IDS.private2, 0, 60)], live: { transmitted: 5, received: 0 } }),
    ),
    'it was unanswered, and the way is open now': all(
      byHand,
      answers({ events: [line(IDS.private1, IDS.private2, 4)] }),
    ),
    'it was unanswered, the way is open now, and labproof may not ping': answers({
      events: [],
      pings: [ping(IDS.private2, 0, 60)],
      denied: ['ping'],
    }),
    'instance 2 pinged at the same time': ambiguous,
    'nobody pinged': unheard,
    'nobody pinged, and labproof may not': answers({ events: [], pings: [], denied: ['ping'] }),
    'the format lacks fields': all(unheard, flowLog({ format: '${srcaddr} ${dstaddr} ${bytes}' })),
  },
  'ping-recorded': {
    'the instances are not there': none('instances'),
    'there is no flow log': none('flowLogs'),
    'there is no group': none('logGroups'),
    'there are no answers': answers({ pings: [], events: [line(IDS.private1, IDS.private2, 60)] }),
    'answers may still come': answers({ pings: [], events: [line(IDS.private1, IDS.private2, 2)] }),
    'the ping is new': answers({ events: [], pings: [ping(IDS.private2, 5, 3)] }),
    'the flow log is new': all(answers({ events: [], pings: [] }), flowLog({ createdAt: NOW - MINUTE })),
    'instance 2 pinged at the same time': ambiguous,
    'the format lacks fields': all(answers({ events: [] }), flowLog({ format: '${srcaddr} ${dstaddr} ${bytes}' })),
    'there is no record': answers({ events: [] }),
  },
  'insights-query': {
    'there is no log group': none('flowLogs', 'logGroups'),
    'none was run': answers({ queries: [] }),
    'none was run of late': all(
      answers({ queries: [] }),
      ({ slices }) => void Object.assign(slices.logGroups[0] ?? {}, { createdAt: NOW - 8 * 24 * 60 * MINUTE }),
    ),
    'it is running': query({ status: 'Running', rows: [] }),
    'it failed': query({ status: 'Timeout', rows: [] }),
    'it returned nothing': query({ rows: [], query: 'filter srcaddr = "10.1.0.5" or dstport = 22' }),
    'it ran too long ago': query({ rows: [], at: NOW - 8 * 24 * 60 * MINUTE }),
    'a field is misspelt': query({ query: 'stats sum(bytes) by srcaddr' }),
    'it returned many rows': query({ rows: Array.from({ length: 25 }, (_, n) => ({ srcAddr: `10.1.0.${n}` })) }),
  },
};

const RIGHT = 'everything is right';
const uses = lab.steps.flatMap((step) => step.checks);

function told(): string {
  const scenes = Object.entries(SCENES).flatMap(([use, changes]) =>
    Object.entries<Change>({ [RIGHT]: () => {}, ...changes }).map(([scene, change]) => {
      const world = solved();
      change(world);
      const { verdict, share, findings, evidence } = run(use, world);
      return [
        `## ${use}: ${scene}`,
        share === undefined ? verdict : `${verdict}, ${share}`,
        ...findings.flatMap(({ code, severity, message, resources, expected, actual, fix }) => [
          `- ${severity} ${code} [${resources.join(' ')}]`,
          `  ${message}`,
          ...Object.entries({ expected, actual, ...fix }).flatMap(([name, text]) =>
            text ? [`  ${name}: ${text}`] : [],
          ),
        ]),
        ...evidence.flatMap(({ kind, title, content }) => [
          `* ${kind}: ${title}`,
          ...(scene === RIGHT || kind === 'document' ? content.split('\n').map((text) => `  | ${text}`.trimEnd()) : []),
        ]),
      ].join('\n');
    }),
  );
  return `${scenes.join('\n\n')}\n`;
}

test('every scene is told in these words', async () => {
  await expect(told()).toMatchFileSnapshot('findings.txt');
});

test('every documented code is told in a scene of its check', () => {
  const scenes = told().split(/^## /m);
  const untold = uses
    .filter(({ id }) => SCENES[id])
    .flatMap(({ id, use }) => {
      const own = scenes.filter((scene) => scene.startsWith(`${id}:`)).join('');
      const codes = Object.keys(checks[use]?.codes ?? {}).filter((code) => !own.includes(` ${code} [`));
      return codes.map((code) => `${use} ${code}`);
    });
  expect(untold).toEqual([]);
});

test('every command is one line that can be pasted', () => {
  for (const [, command = ''] of told().matchAll(/^ {2}command: (.*)$/gm)) {
    expect(safe(command)).toBe(command);
    expect(command).toMatch(/^(id=\$\()?(aws [a-z0-9]+ [a-z-]+( |$)|ping -c 5 )/);
  }
});
