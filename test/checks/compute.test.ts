import { expect, test } from 'vitest';
import { outcome, type Row, run, solved, the, type World } from './builders.ts';

const instance = ({ slices }: World) => the(slices.instances, 'i-1');
const face = ({ slices }: World) => the(slices.networkInterfaces, 'eni-1');
const noAddress = (world: World) => {
  delete instance(world).publicIp;
  for (const address of face(world).addresses) delete address.publicIp;
};
const state = (value: ReturnType<typeof instance>['state']) => (world: World) => {
  instance(world).state = value;
};
const moveTo = (vpcId: string) => (world: World) => {
  instance(world).vpcId = vpcId;
};

const rows: Row[] = [
  [
    'an Elastic IP address that only the interface tells',
    (w) => {
      delete instance(w).publicIp;
    },
    'pass',
  ],
  [
    'another one was terminated before',
    (w) => {
      w.slices.instances.unshift({ ...instance(w), id: 'i-0', state: 'terminated' });
    },
    'pass',
  ],
  ['starting', state('pending'), 'waiting', ['INSTANCE_PENDING']],
  ['stopped', state('stopped'), 'fail', ['INSTANCE_NOT_RUNNING']],
  ['stopping', state('stopping'), 'fail', ['INSTANCE_NOT_RUNNING']],
  ['terminated', state('terminated'), 'fail', ['INSTANCE_TERMINATED']],
  [
    'terminated, and AWS no longer tells its VPC',
    (w) => {
      state('terminated')(w);
      delete instance(w).vpcId;
    },
    'fail',
    ['INSTANCE_TERMINATED'],
  ],
  [
    'beside a private subnet, which is listed first',
    (w) => {
      w.slices.subnets.unshift({ ...the(w.slices.subnets, 'subnet-1'), id: 'subnet-p', cidr: '10.1.16.0/20' });
    },
    'pass',
  ],
  [
    'another one, in VPC 2, was terminated, and none was launched here',
    (w) => {
      moveTo('vpc-2')(w);
      state('terminated')(w);
    },
    'fail',
    ['INSTANCE_MISSING'],
  ],
  [
    'terminated in the default VPC',
    (w) => {
      moveTo('vpc-0')(w);
      state('terminated')(w);
    },
    'fail',
    ['INSTANCE_MISSING'],
  ],
  [
    'terminated, and there is no VPC either',
    (w) => {
      w.slices.vpcs = [];
      w.slices.instances = [{ ...instance(w), state: 'terminated' }];
      delete instance(w).vpcId;
    },
    'fail',
    ['INSTANCE_MISSING'],
  ],
  ['in the default VPC', moveTo('vpc-0'), 'fail', ['INSTANCE_IN_DEFAULT_VPC']],
  ['in VPC 2, with the other one', moveTo('vpc-2'), 'fail', ['INSTANCE_IN_OTHER_VPC']],
  [
    'not launched',
    (w) => {
      w.slices.instances = w.slices.instances.filter(({ id }) => id !== 'i-1');
    },
    'fail',
    ['INSTANCE_MISSING'],
  ],
  ['no public address', noAddress, 'fail', ['PUBLIC_ADDRESS_MISSING']],
  [
    'in a VPC without a way to the internet, which is told of the VPC',
    (w) => {
      the(w.slices.routeTables, 'rtb-1').subnetIds = [];
    },
    'pass',
  ],
  [
    'in the subnet without a way to the internet, beside one that has it',
    (w) => {
      w.slices.subnets.push({ ...the(w.slices.subnets, 'subnet-1'), id: 'subnet-9' });
      the(w.slices.routeTables, 'rtb-1').subnetIds = ['subnet-9'];
    },
    'fail',
    ['INTERNET_ROUTE_IN_OTHER_TABLE'],
  ],
  [
    'neither address nor way',
    (w) => {
      noAddress(w);
      the(w.slices.routeTables, 'rtb-1').subnetIds = [];
    },
    'fail',
    ['PUBLIC_ADDRESS_MISSING'],
  ],
];

test.each(rows)('an instance: %s', (_, change, verdict, codes = []) => {
  expect(outcome('instance-1', change)).toEqual({ verdict, codes });
});

test('a near miss is named with both ids', () => {
  const world = solved();
  moveTo('vpc-0')(world);
  const message = run('instance-1', world).findings[0]?.message;
  expect(message).toContain('i-1');
  expect(message).toContain('the default VPC (vpc-0)');
});
