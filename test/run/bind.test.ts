import { describe, expect, test } from 'vitest';
import type { FlowLog, SliceName, Slices } from '../../src/model/account.ts';
import { bind, doubtsOf, type Resources } from '../../src/run/bind.ts';
import { instance, NOTHING, peering, vpc } from './account.ts';

const resources: Resources = {
  vpc1: { kind: 'vpc', label: 'VPC 1', name: '*1*', cidr: '10.1.0.0/16', logged: true },
  vpc2: { kind: 'vpc', label: 'VPC 2', name: '*2*', cidr: '10.2.0.0/16', peeredWith: 'vpc1' },
  instance1: { kind: 'instance', label: 'Instance 1', vpc: 'vpc1' },
  instance2: { kind: 'instance', label: 'Instance 2', vpc: 'vpc2' },
  subnet1: { kind: 'subnet', label: 'subnet 1', vpc: 'vpc1', instance: 'instance1' },
  table1: { kind: 'routeTable', label: 'route table 1', subnet: 'subnet1' },
  peering: { kind: 'peering', label: 'peering', between: ['vpc1', 'vpc2'] },
  flowLog: { kind: 'flowLog', label: 'flow log', instance: 'instance1', vpc: 'vpc1' },
  logGroup: { kind: 'logGroup', label: 'log group', flowLog: 'flowLog', name: '*flow*log*' },
  role: { kind: 'role', label: 'role', flowLog: 'flowLog', service: 'vpc-flow-logs.amazonaws.com' },
};

function flowLog(id: string, resourceId: string, more: Partial<FlowLog> = {}): FlowLog {
  return {
    id,
    resourceId,
    trafficType: 'ALL',
    status: 'ACTIVE',
    destinationType: 'cloud-watch-logs',
    logGroupName: 'mine',
    roleArn: 'arn:aws:iam::123456789012:role/mine',
    format: '',
    maxAggregationSeconds: 60,
    createdAt: 0,
    tags: {},
    ...more,
  };
}

function bound(slices: Partial<Slices>): Record<string, string | null> {
  const bindings = bind(resources, { ...NOTHING, ...slices });
  return Object.fromEntries(Object.values(bindings).map(({ name, id }) => [name, id]));
}

const named = [vpc('vpc-a', { tags: { Name: 'NextWork-1-vpc' } }), vpc('vpc-b', { tags: { Name: 'NextWork-2-vpc' } })];

describe('VPCs', () => {
  test('an empty account binds nothing, and the default VPC is never taken', () => {
    const ids = bound({ vpcs: [vpc('vpc-default', { isDefault: true })] });
    expect(Object.values(ids).every((id) => id === null)).toBe(true);
  });

  test.each<[string, Partial<Slices>, [string | null, string | null]]>([
    ['by their Name tags, whatever their CIDRs', { vpcs: named.toReversed() }, ['vpc-a', 'vpc-b']],
    [
      'by CIDR where the names say nothing',
      { vpcs: [vpc('vpc-a', { cidrs: ['10.2.0.0/16'] }), vpc('vpc-b', { cidrs: ['10.1.0.0/16'] })] },
      ['vpc-b', 'vpc-a'],
    ],
    [
      "by the flow log where names and CIDRs are the learner's own",
      { vpcs: [vpc('vpc-a'), vpc('vpc-b')], flowLogs: [flowLog('fl-1', 'vpc-b')] },
      ['vpc-b', 'vpc-a'],
    ],
    [
      'the two that are peered, not an old one with a fitting name',
      {
        vpcs: [...named, vpc('vpc-c', { tags: { Name: 'old-2' } })],
        peeringConnections: [peering('pcx-1', 'vpc-c', 'vpc-a')],
      },
      ['vpc-a', 'vpc-c'],
    ],
    [
      'those with instances rather than those without',
      {
        vpcs: [vpc('vpc-a'), vpc('vpc-b'), vpc('vpc-c')],
        instances: [instance('i-1', 'vpc-b'), instance('i-2', 'vpc-c')],
      },
      ['vpc-b', 'vpc-c'],
    ],
    [
      'names outweigh a flow log on the wrong VPC',
      {
        vpcs: [
          vpc('vpc-a', { tags: { Name: 'NextWork-1' }, cidrs: ['10.1.0.0/16'] }),
          vpc('vpc-b', { tags: { Name: 'NextWork-2' }, cidrs: ['10.2.0.0/16'] }),
        ],
        flowLogs: [flowLog('fl-1', 'vpc-b')],
      },
      ['vpc-a', 'vpc-b'],
    ],
    ['one alone, by its name', { vpcs: [vpc('vpc-b', { tags: { Name: 'lab-2' } })] }, [null, 'vpc-b']],
  ])('are found %s', (_, slices, expected) => {
    const { vpc1, vpc2 } = bound(slices);
    expect([vpc1, vpc2]).toEqual(expected);
  });
});

test.each<[string, (index: number) => string | undefined]>([
  ['none of them peered', () => undefined],
  ['each peered with the next one', (index) => `vpc-${index + 1}`],
  ['each peered with another account', (index) => `vpc-of-others-${index}`],
])('the two of the lab are found among 500 that look like them, %s', (_, peer) => {
  const vpcs = Array.from({ length: 500 }, (_none, index) =>
    vpc(`vpc-${index}`, { tags: { Name: `1 and 2, no. ${index}` }, cidrs: ['10.1.0.0/16', '10.2.0.0/16'] }),
  );
  const peeringConnections = vpcs.flatMap(({ id }, index) => {
    const other = peer(index);
    return other === undefined ? [] : [peering(`pcx-${index}`, id, other)];
  });
  const instances = ['vpc-400', 'vpc-401'].map((id) => instance(`i-in-${id}`, id));
  const slices = { ...NOTHING, vpcs, peeringConnections, instances, flowLogs: [flowLog('fl-1', 'vpc-401')] };
  const started = performance.now();
  expect(bound(slices)).toMatchObject({ vpc1: 'vpc-401', vpc2: 'vpc-400' });
  doubtsOf(resources, slices, ['internetGateways', 'flowLogs']);
  expect(performance.now() - started).toBeLessThan(2000);
});

describe('what hangs on them', () => {
  test('of two instances the running one with a public address is taken, and a terminated one never', () => {
    const instances = [
      instance('i-1', 'vpc-a', { state: 'terminated' }),
      instance('i-2', 'vpc-a', { state: 'stopped', publicIp: '54.0.0.2' }),
      instance('i-3', 'vpc-a'),
      instance('i-4', 'vpc-a', { publicIp: '54.0.0.1' }),
    ];
    expect(bound({ vpcs: named, instances }).instance1).toBe('i-4');
    expect(bound({ vpcs: named, instances: instances.slice(0, 1) }).instance1).toBeNull();
  });

  test('of two that are alike the one that was there first is taken, and of two others the one that is logged', () => {
    const two = [
      instance('i-1', 'vpc-a', { publicIp: '54.0.0.1', launchedAt: 2000 }),
      instance('i-2', 'vpc-a', { publicIp: '54.0.0.2', launchedAt: 1000 }),
    ];
    expect(bound({ vpcs: named, instances: two }).instance1).toBe('i-2');
    expect(bound({ vpcs: named, instances: two, flowLogs: [flowLog('fl-1', 'eni-i-1')] }).instance1).toBe('i-1');
  });

  test("the subnet is the instance's, and the route table the one that this subnet really uses", () => {
    const table = {
      vpcId: 'vpc-a',
      gatewayIds: [],
      routes: [],
      tags: {},
    };
    const ids = bound({
      vpcs: named,
      subnets: ['subnet-1', 'subnet-2'].map((id) => ({
        id,
        vpcId: 'vpc-a',
        cidr: '10.1.0.0/20',
        availabilityZone: 'a',
        mapPublicIpOnLaunch: true,
        tags: {},
      })),
      instances: [instance('i-1', 'vpc-a', { subnetId: 'subnet-2' })],
      routeTables: [
        { ...table, id: 'rtb-other', main: false, subnetIds: ['subnet-1'] },
        { ...table, id: 'rtb-main', main: true, subnetIds: [] },
      ],
    });
    expect(ids).toMatchObject({ subnet1: 'subnet-2', table1: 'rtb-main' });
  });

  test('a dead peering connection beside a live one is passed over, in either direction', () => {
    const peeringConnections = [
      peering('pcx-1', 'vpc-a', 'vpc-b', 'failed'),
      peering('pcx-2', 'vpc-b', 'vpc-a', 'pending-acceptance'),
    ];
    expect(bound({ vpcs: named, peeringConnections }).peering).toBe('pcx-2');
    expect(bound({ vpcs: named, peeringConnections: peeringConnections.slice(0, 1) }).peering).toBeNull();
  });

  test.each([
    'vpc-a',
    'subnet-1',
    'eni-i-1',
  ])('a flow log on %s covers instance 1, and its links give group and role', (resourceId) => {
    const ids = bound({
      vpcs: named,
      instances: [instance('i-1', 'vpc-a', { subnetId: 'subnet-1' })],
      flowLogs: [flowLog('fl-other', 'vpc-b'), flowLog('fl-1', resourceId)],
    });
    expect(ids).toMatchObject({ flowLog: 'fl-1', logGroup: 'mine', role: 'arn:aws:iam::123456789012:role/mine' });
  });

  test('before there is a flow log, the group is found by a pattern and the role by whom it trusts', () => {
    const trusting = (service: string) =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' },
      });
    const ids = bound({
      logGroups: [
        { name: '/aws/lambda/x', arn: '', createdAt: 0 },
        { name: 'NextWorkVPCFlowLogsGroup', arn: '', createdAt: 0 },
      ],
      roles: [
        { name: 'a', arn: 'arn:a', trustPolicy: trusting('ec2.amazonaws.com') },
        { name: 'b', arn: 'arn:b', trustPolicy: trusting('vpc-flow-logs.amazonaws.com') },
        { name: 'c', arn: 'arn:c', trustPolicy: 'not json' },
      ],
    });
    expect(ids).toMatchObject({ flowLog: null, logGroup: 'NextWorkVPCFlowLogsGroup', role: 'arn:b' });
  });
});

describe('where a slice could not be read', () => {
  const VPCS = ['vpc-a', 'vpc-b', 'vpc-c'];
  const subsets = Array.from({ length: 8 }, (_, bits) => VPCS.filter((_vpc, index) => bits & (1 << index)));
  const gateway = (vpcId: string) => ({ id: `igw-${vpcId}`, vpcIds: [vpcId], tags: {} });
  const tagged = [
    [{}, {}, {}],
    [{ Name: 'lab-1' }, {}, { Name: 'other-2' }],
    [{ Name: 'lab-1' }, { Name: 'lab-2' }, { Name: 'prod-2' }],
  ];
  const accounts = tagged.flatMap((tags) =>
    subsets.flatMap((withInstance) =>
      [undefined, 'vpc-a', 'vpc-b', 'eni-i-vpc-b'].flatMap((logged) =>
        [[], [peering('pcx-1', 'vpc-a', 'vpc-b')], [peering('pcx-1', 'vpc-b', 'vpc-c')]].flatMap((peeringConnections) =>
          [[], ['vpc-c'], VPCS].map(
            (withGateway): Slices => ({
              ...NOTHING,
              vpcs: VPCS.map((id, index) => vpc(id, { tags: tags[index] ?? {} })),
              instances: withInstance.flatMap((id) => [
                instance(`i-${id}`, id, { publicIp: '54.0.0.1' }),
                instance(`i-second-${id}`, id, { publicIp: '54.0.0.2' }),
              ]),
              flowLogs: logged === undefined ? [] : [flowLog('fl-1', logged)],
              peeringConnections,
              internetGateways: withGateway.map(gateway),
            }),
          ),
        ),
      ),
    ),
  );

  // What each kind is recognised by is asked for anyway; the other kinds are found through these.
  test.each<[SliceName, readonly string[]]>([
    ['instances', ['vpc1', 'vpc2']],
    ['flowLogs', ['vpc1', 'vpc2', 'instance1', 'instance2']],
    ['peeringConnections', ['vpc1', 'vpc2', 'instance1', 'instance2']],
    ['internetGateways', ['vpc1', 'vpc2', 'instance1', 'instance2']],
  ])('%s: whatever would be another thing with it is in doubt without it', (slice, names) => {
    const missed = accounts.flatMap((account) => {
      const without = { ...account, [slice]: [] };
      const [full, guessed] = [bind(resources, account), bind(resources, without)];
      const doubts = doubtsOf(resources, without, [slice]);
      return names.filter((name) => full[name]?.id !== guessed[name]?.id && !doubts.get(name)?.has(slice));
    });
    expect(accounts.length).toBeGreaterThan(800);
    expect(missed).toEqual([]);
  });

  test.each<SliceName>([
    'instances',
    'flowLogs',
    'peeringConnections',
    'internetGateways',
    'subnets',
  ])('%s: nothing is in doubt where names and blocks tell, even beside a third VPC', (slice) => {
    const vpcs = [
      vpc('vpc-a', { tags: { Name: 'NextWork-1' }, cidrs: ['10.1.0.0/16'] }),
      vpc('vpc-b', { tags: { Name: 'NextWork-2' }, cidrs: ['10.2.0.0/16'] }),
      vpc('vpc-c', { tags: { Name: 'shop' } }),
    ];
    const account = {
      vpcs,
      instances: [instance('i-1', 'vpc-a'), instance('i-2', 'vpc-b')],
      flowLogs: [flowLog('fl-1', 'vpc-a')],
      peeringConnections: [peering('pcx-1', 'vpc-a', 'vpc-b')],
      internetGateways: ['vpc-a', 'vpc-b'].map(gateway),
    };
    const doubts = doubtsOf(resources, { ...NOTHING, ...account, [slice]: [] }, [slice]);
    expect([...doubts].filter(([, slices]) => slices.size > 0)).toEqual([]);
  });
});
