import { describe, expect, test } from 'vitest';
import { outcome, type Row, run, solved, the, unpeer, type World } from './builders.ts';

const table = ({ slices }: World, id = 'rtb-1') => the(slices.routeTables, id);
const group = ({ slices }: World, id = 'sg-2') => the(slices.securityGroups, id);
const acl = ({ slices }: World, id = 'acl-2') => the(slices.networkAcls, id);
const route = (destination: string, id: string, state: 'active' | 'blackhole' = 'active') => {
  const kind = id.startsWith('pcx') ? 'peering' : id.startsWith('igw') ? 'internet-gateway' : 'nat-gateway';
  return { destination, target: { kind, id } as const, state, propagated: false };
};
const without = (world: World, destination: string, id = 'rtb-1') => {
  table(world, id).routes = table(world, id).routes.filter((each) => each.destination !== destination);
};
const cidr = (text: string) => ({ kind: 'cidr', cidr: text }) as const;
const icmp = (peer: string, type = -1, code = -1) => ({
  protocol: 'icmp',
  fromPort: type,
  toPort: code,
  peer: cidr(peer),
});

describe('a VPC with a public subnet', () => {
  const rows: Row[] = [
    [
      'the subnet uses the main table, which has the route',
      (w) => {
        table(w).subnetIds = [];
        table(w).main = true;
        the(w.slices.routeTables, 'rtb-main-1').main = false;
      },
      'pass',
    ],
    [
      'a second, private subnet is there too',
      (w) => {
        w.slices.subnets.push({ ...the(w.slices.subnets, 'subnet-1'), id: 'subnet-p', cidr: '10.1.16.0/20' });
      },
      'pass',
    ],
    [
      'there is only the default VPC',
      (w) => {
        w.slices.vpcs = w.slices.vpcs.filter((vpc) => vpc.isDefault);
      },
      'fail',
      ['VPC_MISSING'],
    ],
    [
      'it has no subnet',
      (w) => {
        w.slices.subnets = [];
      },
      'fail',
      ['SUBNET_MISSING'],
    ],
    [
      'no route leads out',
      (w) => {
        without(w, '0.0.0.0/0');
      },
      'partial',
      ['NO_ROUTE_TO_DESTINATION'],
    ],
    [
      'the route is in the main table, which the subnet does not use',
      (w) => {
        without(w, '0.0.0.0/0');
        table(w, 'rtb-main-1').routes.push(route('0.0.0.0/0', 'igw-1'));
      },
      'partial',
      ['INTERNET_ROUTE_IN_OTHER_TABLE'],
    ],
    [
      'the route is a blackhole',
      (w) => {
        without(w, '0.0.0.0/0');
        table(w).routes.push(route('0.0.0.0/0', 'igw-1', 'blackhole'));
      },
      'partial',
      ['BAD_STATE_ROUTE'],
    ],
    [
      'the route leads to a NAT gateway',
      (w) => {
        without(w, '0.0.0.0/0');
        table(w).routes.push(route('0.0.0.0/0', 'nat-1'));
      },
      'partial',
      ['DEFAULT_ROUTE_ELSEWHERE'],
    ],
    [
      "the gateway is another VPC's",
      (w) => {
        the(w.slices.internetGateways, 'igw-1').vpcIds = ['vpc-0'];
      },
      'partial',
      ['BAD_STATE_ATTACHMENT'],
    ],
    [
      'no route leads out, and the one of the main table leads to a NAT gateway',
      (w) => {
        without(w, '0.0.0.0/0');
        table(w, 'rtb-main-1').routes.push(route('0.0.0.0/0', 'nat-1'));
      },
      'partial',
      ['NO_ROUTE_TO_DESTINATION'],
    ],
    [
      "no route leads out, and another VPC's does",
      (w) => {
        without(w, '0.0.0.0/0');
        table(w, 'rtb-main-2').routes.push(route('0.0.0.0/0', 'igw-2'));
      },
      'partial',
      ['NO_ROUTE_TO_DESTINATION'],
    ],
    [
      "the route leads to another VPC's gateway, and its own is attached",
      (w) => {
        without(w, '0.0.0.0/0');
        table(w).routes.push(route('0.0.0.0/0', 'igw-2'));
      },
      'partial',
      ['BAD_STATE_ATTACHMENT'],
    ],
    [
      'no route leads out, and the one of the main table is a blackhole',
      (w) => {
        without(w, '0.0.0.0/0');
        table(w, 'rtb-main-1').routes.push(route('0.0.0.0/0', 'igw-1', 'blackhole'));
      },
      'partial',
      ['NO_ROUTE_TO_DESTINATION'],
    ],
    [
      'the internet is routed in two halves',
      (w) => {
        without(w, '0.0.0.0/0');
        table(w).routes.push(route('0.0.0.0/1', 'igw-1'), route('128.0.0.0/1', 'igw-1'));
      },
      'pass',
    ],
    [
      'only a part of the internet is routed',
      (w) => {
        without(w, '0.0.0.0/0');
        table(w).routes.push(route('3.0.0.0/8', 'igw-1'));
      },
      'partial',
      ['NO_ROUTE_TO_DESTINATION'],
    ],
  ];
  test.each(rows)('%s', (_, change, verdict, codes = []) => {
    expect(outcome('vpc-1', change)).toEqual({ verdict, codes });
  });

  test('the fix can be pasted', () => {
    const world = solved();
    without(world, '0.0.0.0/0');
    expect(run('vpc-1', world).findings[0]).toMatchObject({
      expected: '0.0.0.0/0 -> igw-1',
      fix: {
        command: 'aws ec2 create-route --route-table-id rtb-1 --destination-cidr-block 0.0.0.0/0 --gateway-id igw-1',
      },
    });
  });
});

describe('address ranges', () => {
  const blocks = (one: readonly string[], two: readonly string[]) => (w: World) => {
    the(w.slices.vpcs, 'vpc-1').cidrs = [...one];
    the(w.slices.vpcs, 'vpc-2').cidrs = [...two];
  };
  const rows: Row[] = [
    ['next to each other', blocks(['10.1.0.0/24'], ['10.1.1.0/24']), 'pass'],
    ['the same', blocks(['10.1.0.0/16'], ['10.1.0.0/16']), 'fail', ['CIDR_OVERLAP']],
    ['one inside of the other', blocks(['10.0.0.0/8'], ['10.2.0.0/16']), 'fail', ['CIDR_OVERLAP']],
    [
      'secondary blocks',
      blocks(['10.1.0.0/16', '10.9.0.0/16'], ['10.2.0.0/16', '10.9.128.0/20']),
      'fail',
      ['CIDR_OVERLAP'],
    ],
    [
      'two clashes',
      blocks(['10.1.0.0/16', '10.3.0.0/16'], ['10.1.0.0/17', '10.3.0.0/17']),
      'fail',
      ['CIDR_OVERLAP', 'CIDR_OVERLAP'],
    ],
    [
      'the default VPC, listed first, overlaps both',
      (w) => {
        the(w.slices.vpcs, 'vpc-0').cidrs = ['10.0.0.0/8'];
        w.slices.vpcs.reverse();
      },
      'pass',
    ],
    [
      'one VPC is not there',
      (w) => {
        w.slices.vpcs = w.slices.vpcs.filter(({ id }) => id !== 'vpc-2');
      },
      'fail',
      ['VPC_MISSING'],
    ],
  ];
  test.each(rows)('%s', (_, change, verdict, codes = []) => {
    expect(outcome('cidrs-unique', change)).toEqual({ verdict, codes });
  });
});

describe('ping allowed', () => {
  const rules =
    (...ingress: ReturnType<typeof group>['ingress']) =>
    (w: World) => {
      group(w).ingress = ingress;
    };
  const list = { protocol: 'icmp', fromPort: -1, toPort: -1, peer: { kind: 'prefix-list', id: 'pl-1' } } as const;
  const rows: Row[] = [
    ['all ICMP from everywhere', () => {}, 'pass'],
    ['all traffic', rules({ protocol: '-1', peer: cidr('0.0.0.0/0') }), 'pass'],
    ['echo request, every code', rules(icmp('0.0.0.0/0', 8)), 'pass'],
    ['echo request, code 0', rules(icmp('0.0.0.0/0', 8, 0)), 'pass'],
    ['protocol by number', rules({ ...icmp('0.0.0.0/0'), protocol: '1' }), 'pass'],
    ['just the two addresses', rules(icmp('10.1.0.5/32', 8), icmp('3.80.0.1/32', 8)), 'pass'],
    ['not yet peered', unpeer, 'pass'],
    [
      'the other VPC only: the public ping will be silent',
      rules(icmp('10.1.0.0/16')),
      'pass',
      ['PUBLIC_PING_NOT_ALLOWED'],
    ],
    [
      "the other VPC's group only",
      rules({ protocol: '-1', peer: { kind: 'group', groupId: 'sg-1' } }),
      'pass',
      ['PUBLIC_PING_NOT_ALLOWED'],
    ],
    ['the public address only', rules(icmp('3.80.0.1/32')), 'fail', ['ENI_SG_RULES_MISMATCH']],
    ['echo reply only', rules(icmp('0.0.0.0/0', 0)), 'fail', ['ENI_SG_RULES_MISMATCH']],
    ['ICMP for IPv6', rules({ ...icmp('0.0.0.0/0'), protocol: 'icmpv6' }), 'fail', ['ENI_SG_RULES_MISMATCH']],
    [
      'SSH only',
      rules({ protocol: 'tcp', fromPort: 22, toPort: 22, peer: cidr('0.0.0.0/0') }),
      'fail',
      ['ENI_SG_RULES_MISMATCH'],
    ],
    ['its own VPC only', rules(icmp('10.2.0.0/16')), 'fail', ['ENI_SG_RULES_MISMATCH']],
    [
      'its own group only, as default groups have it',
      rules({ protocol: '-1', peer: { kind: 'group', groupId: 'sg-2' } }),
      'fail',
      ['ENI_SG_RULES_MISMATCH'],
    ],
    [
      'IPv6 from everywhere',
      rules({ protocol: '-1', peer: { kind: 'cidr6', cidr: '::/0' } }),
      'fail',
      ['ENI_SG_RULES_MISMATCH'],
    ],
    ['no rules', rules(), 'fail', ['SG_HAS_NO_RULES']],
    ['a prefix list', rules(list), 'unknown', ['PREFIX_LIST_NOT_READ']],
    [
      'a prefix list, and the other VPC: the public ping may be silent',
      rules(list, icmp('10.1.0.0/16')),
      'pass',
      ['PREFIX_LIST_NOT_READ'],
    ],
    ['a prefix list, and a rule that fits', rules(list, icmp('0.0.0.0/0')), 'pass'],
    [
      'a second group allows it',
      (w) => {
        rules()(w);
        w.slices.securityGroups.push({ ...group(w, 'sg-1'), id: 'sg-3', vpcId: 'vpc-2' });
        the(w.slices.networkInterfaces, 'eni-2').groupIds.push('sg-3');
      },
      'pass',
    ],
    [
      'a second interface of instance 2, listed first, is closed',
      (w) => {
        const first = the(w.slices.networkInterfaces, 'eni-2');
        const second = { ...first, id: 'eni-3', addresses: [{ address: '10.2.0.8', primary: true }], groupIds: [] };
        w.slices.networkInterfaces.unshift(second);
      },
      'pass',
    ],
    [
      'an interface of another VPC, listed first, is closed and has the same address',
      (w) => {
        const own = the(w.slices.networkInterfaces, 'eni-2');
        const other = { ...own, id: 'eni-9', instanceId: 'i-9', vpcId: 'vpc-0', subnetId: 'subnet-9', groupIds: [] };
        w.slices.networkInterfaces.unshift(other);
      },
      'pass',
    ],
    [
      'only the private address, and instance 1 has no other',
      (w) => {
        rules(icmp('10.1.0.0/16'))(w);
        delete the(w.slices.instances, 'i-1').publicIp;
        for (const address of the(w.slices.networkInterfaces, 'eni-1').addresses) delete address.publicIp;
      },
      'pass',
    ],
    [
      'only the private address, and the public one is told by the instance alone',
      (w) => {
        rules(icmp('10.1.0.0/16'))(w);
        for (const address of the(w.slices.networkInterfaces, 'eni-1').addresses) delete address.publicIp;
      },
      'pass',
      ['PUBLIC_PING_NOT_ALLOWED'],
    ],
    [
      'nothing may leave instance 1',
      (w) => {
        group(w, 'sg-1').egress = [];
      },
      'fail',
      ['SG_HAS_NO_RULES'],
    ],
    [
      'answers may not leave the subnet of instance 2',
      (w) => {
        acl(w).entries = acl(w).entries.filter(({ egress }) => !egress);
      },
      'fail',
      ['SUBNET_ACL_RESTRICTION'],
    ],
    [
      'answers may not enter the subnet of instance 1',
      (w) => {
        acl(w, 'acl-1').entries = acl(w, 'acl-1').entries.filter(({ egress }) => egress);
      },
      'fail',
      ['SUBNET_ACL_RESTRICTION'],
    ],
    [
      'an ACL denies before it allows',
      (w) => {
        acl(w).entries.push({
          ruleNumber: 90,
          egress: false,
          action: 'deny',
          protocol: '1',
          cidr: '10.0.0.0/8',
          icmp: { type: -1, code: -1 },
        });
      },
      'fail',
      ['SUBNET_ACL_RESTRICTION'],
    ],
    [
      'group and ACL refuse',
      (w) => {
        rules()(w);
        acl(w).entries = [];
      },
      'fail',
      ['SUBNET_ACL_RESTRICTION', 'SG_HAS_NO_RULES', 'SUBNET_ACL_RESTRICTION'],
    ],
    [
      'instance 2 is not there',
      (w) => {
        w.slices.instances = w.slices.instances.filter(({ id }) => id !== 'i-2');
      },
      'fail',
      ['INSTANCE_MISSING'],
    ],
  ];
  test.each(rows)('%s', (_, change, verdict, codes = []) => {
    expect(outcome('ping-allowed', change)).toEqual({ verdict, codes });
  });

  test('the rule that is added to a network ACL comes before the one that denies', () => {
    const world = solved();
    const all = { protocol: '-1', cidr: '0.0.0.0/0' };
    acl(world).entries.push({ ...all, ruleNumber: 10, egress: false, action: 'deny' });
    acl(world).entries.push({ ...all, ruleNumber: 4, egress: true, action: 'allow' });
    expect(run('ping-allowed', world).findings[0]?.fix?.command).toContain('--ingress --rule-number 5 ');
  });
});

describe('the peering connection', () => {
  const status = (value: World['slices']['peeringConnections'][number]['status']) => (w: World) => {
    the(w.slices.peeringConnections, 'pcx-1').status = value;
  };
  const rows: Row[] = [
    [
      'requested from the other side',
      (w) => {
        const peering = the(w.slices.peeringConnections, 'pcx-1');
        [peering.requester, peering.accepter] = [peering.accepter, peering.requester];
      },
      'pass',
    ],
    [
      'a failed one beside it',
      (w) => {
        w.slices.peeringConnections.unshift({
          ...the(w.slices.peeringConnections, 'pcx-1'),
          id: 'pcx-0',
          status: 'failed',
        });
      },
      'pass',
    ],
    ['not accepted', status('pending-acceptance'), 'fail', ['PEERING_PENDING_ACCEPTANCE']],
    ['failed', status('failed'), 'fail', ['PEERING_FAILED']],
    ['rejected', status('rejected'), 'fail', ['PEERING_REJECTED']],
    ['expired', status('expired'), 'fail', ['PEERING_EXPIRED']],
    ['deleted', status('deleted'), 'fail', ['PEERING_DELETED']],
    ['being set up', status('provisioning'), 'waiting', ['PEERING_STARTING']],
    ['being requested', status('initiating-request'), 'waiting', ['PEERING_STARTING']],
    ['being deleted', status('deleting'), 'fail', ['PEERING_DELETED']],
    [
      'deleted, and requested again',
      (w) => {
        status('deleted')(w);
        const deleted = the(w.slices.peeringConnections, 'pcx-1');
        w.slices.peeringConnections.push({ ...deleted, id: 'pcx-2', status: 'pending-acceptance' });
      },
      'fail',
      ['PEERING_PENDING_ACCEPTANCE'],
    ],
    [
      'between VPC 2 and the default VPC',
      (w) => {
        the(w.slices.peeringConnections, 'pcx-1').requester.vpcId = 'vpc-0';
      },
      'fail',
      ['PEERING_WITH_OTHER_VPC'],
    ],
    [
      'with the default VPC, and deleted',
      (w) => {
        status('deleted')(w);
        the(w.slices.peeringConnections, 'pcx-1').accepter.vpcId = 'vpc-0';
      },
      'fail',
      ['PEERING_MISSING'],
    ],
    [
      'between two other VPCs',
      (w) => {
        const peering = the(w.slices.peeringConnections, 'pcx-1');
        [peering.requester.vpcId, peering.accepter.vpcId] = ['vpc-0', 'vpc-9'];
      },
      'fail',
      ['PEERING_MISSING'],
    ],
    [
      'with the default VPC',
      (w) => {
        the(w.slices.peeringConnections, 'pcx-1').accepter.vpcId = 'vpc-0';
      },
      'fail',
      ['PEERING_WITH_OTHER_VPC'],
    ],
    ['none', unpeer, 'fail', ['PEERING_MISSING']],
  ];
  test.each(rows)('%s', (_, change, verdict, codes = []) => {
    expect(outcome('peering-active', change)).toEqual({ verdict, codes });
  });
});

describe("the peering connection's routes", () => {
  const move = (id: string, to: string, destination: string) => (w: World) => {
    without(w, destination, id);
    table(w, to).routes.push(route(destination, 'pcx-1'));
  };
  const replace =
    (destination: string, ...by: ReturnType<typeof route>[]) =>
    (w: World) => {
      without(w, destination);
      table(w).routes.push(...by);
    };
  const rows: Row[] = [
    ['to the address alone', replace('10.2.0.0/16', route('10.2.0.7/32', 'pcx-1')), 'pass'],
    ["to the subnet's block", replace('10.2.0.0/16', route('10.2.0.0/20', 'pcx-1')), 'pass'],
    ['to more than the VPC', replace('10.2.0.0/16', route('10.0.0.0/8', 'pcx-1')), 'pass'],
    [
      'in the main table, where the subnet uses that',
      (w) => {
        table(w, 'rtb-2').subnetIds = [];
        table(w, 'rtb-main-2').main = false;
        table(w, 'rtb-2').main = true;
      },
      'pass',
    ],
    [
      'no way back',
      (w) => {
        without(w, '10.1.0.0/16', 'rtb-2');
      },
      'fail',
      ['ROUTE_MISSING'],
    ],
    [
      'neither way',
      (w) => {
        without(w, '10.2.0.0/16');
        without(w, '10.1.0.0/16', 'rtb-2');
      },
      'fail',
      ['ROUTE_MISSING', 'ROUTE_MISSING'],
    ],
    [
      'in the main table, which the subnet does not use',
      move('rtb-1', 'rtb-main-1', '10.2.0.0/16'),
      'fail',
      ['ROUTE_IN_OTHER_TABLE'],
    ],
    [
      'to a deleted peering connection',
      replace('10.2.0.0/16', route('10.2.0.0/16', 'pcx-0', 'blackhole')),
      'fail',
      ['BAD_STATE_ROUTE'],
    ],
    [
      'a blackhole to the right one',
      replace('10.2.0.0/16', route('10.2.0.0/16', 'pcx-1', 'blackhole')),
      'fail',
      ['BAD_STATE_ROUTE'],
    ],
    [
      'a more specific route leads elsewhere',
      (w) => {
        table(w).routes.push(route('10.2.0.0/20', 'nat-1'));
      },
      'fail',
      ['MORE_SPECIFIC_ROUTE'],
    ],
    [
      'through another peering connection',
      replace('10.2.0.0/16', route('10.2.0.0/16', 'pcx-9')),
      'fail',
      ['ROUTE_MISSING'],
    ],
    [
      'into the blackhole of a NAT gateway',
      replace('10.2.0.0/16', route('10.2.0.0/16', 'nat-1', 'blackhole')),
      'fail',
      ['ROUTE_MISSING'],
    ],
    [
      'in a table of the other VPC only',
      (w) => {
        without(w, '10.2.0.0/16');
        table(w, 'rtb-main-2').routes.push(route('10.0.0.0/8', 'pcx-1'));
      },
      'fail',
      ['ROUTE_MISSING'],
    ],
    [
      'to other addresses',
      replace('10.2.0.0/16', route('10.20.0.0/16', 'pcx-1')),
      'fail',
      ['ROUTE_TO_OTHER_ADDRESSES'],
    ],
    [
      'a prefix list could hold the address',
      (w) => {
        table(w).routes.push(route('pl-1', 'nat-1'));
      },
      'unknown',
      ['PREFIX_LIST_NOT_READ'],
    ],
    ['no peering connection', unpeer, 'fail', ['PEERING_MISSING']],
  ];
  test.each(rows)('%s', (_, change, verdict, codes = []) => {
    expect(outcome('peering-routes', change)).toEqual({ verdict, codes });
  });

  test('the example of the contract', () => {
    const world = solved();
    without(world, '10.1.0.0/16', 'rtb-2');
    expect(run('peering-routes', world).findings).toMatchObject([
      {
        code: 'ROUTE_MISSING',
        severity: 'error',
        resources: ['rtb-2'],
        expected: '10.1.0.0/16 -> pcx-1 (active)',
        actual: '10.2.0.0/16 -> local, 0.0.0.0/0 -> igw-2 (active)',
        fix: {
          command:
            'aws ec2 create-route --route-table-id rtb-2 --destination-cidr-block 10.1.0.0/16 --vpc-peering-connection-id pcx-1',
        },
      },
    ]);
  });

  test('a destination that is taken by another target is replaced, as a table holds it once', () => {
    const world = solved();
    replace('10.2.0.0/16', route('10.2.0.0/16', 'igw-1'))(world);
    expect(run('peering-routes', world).findings[0]?.fix?.command).toBe(
      'aws ec2 replace-route --route-table-id rtb-1 --destination-cidr-block 10.2.0.0/16 --vpc-peering-connection-id pcx-1',
    );
  });

  test('of several blocks of the other VPC, the one that holds the instance is wanted', () => {
    const world = solved();
    the(world.slices.vpcs, 'vpc-2').cidrs.unshift('10.9.0.0/16');
    without(world, '10.2.0.0/16');
    expect(run('peering-routes', world).findings[0]?.expected).toBe('10.2.0.0/16 -> pcx-1 (active)');
  });

  test('shows both tables, whatever the verdict', () => {
    const world = solved();
    without(world, '10.1.0.0/16', 'rtb-2');
    expect(run('peering-routes', world).evidence.map(({ title }) => title)).toEqual([
      'Route table rtb-1, used by the subnet of Instance 1',
      'Route table rtb-2, used by the subnet of Instance 2',
    ]);
  });
});
