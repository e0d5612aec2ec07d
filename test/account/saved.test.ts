/** Saved outputs of the AWS CLI as real accounts give them, made by hand after the AWS CLI's and the API's references. */
import { mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AccountReader } from '../../src/account/reader.ts';
import { openSaved } from '../../src/account/saved/reader.ts';
import { FileError } from '../../src/lib/text-file.ts';
import type { Reading } from '../../src/model/account.ts';
import { verify } from '../../src/run/verify.ts';
import { checks, lab } from '../checks/builders.ts';
import { value } from './recorded.ts';

const ACCOUNT = '210987654321';
const tag = (Name: string) => [{ Key: 'Name', Value: Name }];

/** Two peered VPCs with an instance each, and what else is about in an account that somebody has used. */
const network = {
  'describe-vpcs': {
    Vpcs: [
      { VpcId: 'vpc-d', CidrBlock: '172.31.0.0/16', IsDefault: true, OwnerId: ACCOUNT, State: 'available' },
      // A block that was taken away again.
      {
        VpcId: 'vpc-1',
        CidrBlock: '10.1.0.0/16',
        CidrBlockAssociationSet: [
          { AssociationId: 'a-1', CidrBlock: '10.1.0.0/16', CidrBlockState: { State: 'associated' } },
          { AssociationId: 'a-2', CidrBlock: '10.2.0.0/16', CidrBlockState: { State: 'disassociated' } },
        ],
        IsDefault: false,
        OwnerId: ACCOUNT,
        Tags: tag('NextWork-1-vpc'),
      },
      { VpcId: 'vpc-2', CidrBlock: '10.2.0.0/16', IsDefault: false, OwnerId: ACCOUNT, Tags: tag('NextWork-2-vpc') },
    ],
  },
  'describe-subnets': {
    Subnets: [
      { SubnetId: 'subnet-d', VpcId: 'vpc-d', CidrBlock: '172.31.0.0/20', AvailabilityZone: 'eu-west-3a' },
      { SubnetId: 'subnet-1', VpcId: 'vpc-1', CidrBlock: '10.1.0.0/20', AvailabilityZone: 'eu-west-3a' },
      { SubnetId: 'subnet-2', VpcId: 'vpc-2', CidrBlock: '10.2.0.0/20', AvailabilityZone: 'eu-west-3b' },
      // IPv6 only: it has no CidrBlock.
      { SubnetId: 'subnet-6', VpcId: 'vpc-2', AvailabilityZone: 'eu-west-3b', Ipv6Native: true },
    ],
  },
  'describe-route-tables': {
    RouteTables: [
      {
        RouteTableId: 'rtb-d',
        VpcId: 'vpc-d',
        Associations: [{ Main: true, RouteTableId: 'rtb-d', AssociationState: { State: 'associated' } }],
        Routes: [{ DestinationCidrBlock: '172.31.0.0/16', GatewayId: 'local', State: 'active' }],
      },
      ...[
        ['1', '10.1.0.0/16', '10.2.0.0/16'],
        ['2', '10.2.0.0/16', '10.1.0.0/16'],
      ].map(([n, own, other]) => ({
        RouteTableId: `rtb-${n}`,
        VpcId: `vpc-${n}`,
        Associations: [{ Main: true }, { Main: false, SubnetId: `subnet-${n}` }],
        Routes: [
          { DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: 'eigw-1', State: 'active' },
          { DestinationCidrBlock: other, VpcPeeringConnectionId: 'pcx-1', State: 'active', Origin: 'CreateRoute' },
          { DestinationCidrBlock: '0.0.0.0/0', GatewayId: `igw-${n}`, State: 'active', Origin: 'CreateRoute' },
          { DestinationCidrBlock: own, GatewayId: 'local', State: 'active', Origin: 'CreateRouteTable' },
        ],
      })),
    ],
  },
  'describe-internet-gateways': {
    InternetGateways: [
      { InternetGatewayId: 'igw-0', Attachments: [], OwnerId: ACCOUNT },
      { InternetGatewayId: 'igw-1', Attachments: [{ State: 'available', VpcId: 'vpc-1' }], OwnerId: ACCOUNT },
      { InternetGatewayId: 'igw-2', Attachments: [{ State: 'available', VpcId: 'vpc-2' }], OwnerId: ACCOUNT },
    ],
  },
  'describe-nat-gateways': {
    NatGateways: [
      { NatGatewayId: 'nat-1', State: 'deleted', DeleteTime: '2026-11-20T08:00:00+00:00', NatGatewayAddresses: [] },
    ],
  },
  'describe-managed-prefix-lists': {
    PrefixLists: [{ PrefixListId: 'pl-1', PrefixListName: 'com.amazonaws.eu-west-3.s3', OwnerId: 'AWS' }],
  },
  'describe-network-acls': {
    NetworkAcls: ['1', '2'].map((n) => ({
      NetworkAclId: `acl-${n}`,
      VpcId: `vpc-${n}`,
      IsDefault: true,
      Associations: [{ SubnetId: `subnet-${n}` }],
      Entries: [false, true].flatMap((Egress) => [
        { RuleNumber: 32_767, Egress, RuleAction: 'deny', Protocol: '-1', CidrBlock: '0.0.0.0/0' },
        { RuleNumber: 100, Egress, RuleAction: 'allow', Protocol: '-1', CidrBlock: '0.0.0.0/0' },
      ]),
    })),
  },
  'describe-security-groups': {
    SecurityGroups: [
      ...Array.from({ length: 500 }, (_, n) => ({
        GroupId: `sg-noise${n}`,
        GroupName: `noise ${n}`,
        VpcId: 'vpc-d',
        IpPermissions: [{ IpProtocol: 'tcp', FromPort: n, ToPort: n, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }],
      })),
      ...['1', '2'].map((n) => ({
        GroupId: `sg-${n}`,
        GroupName: 'launch-wizard-1',
        VpcId: `vpc-${n}`,
        IpPermissions: [
          { IpProtocol: 'icmp', FromPort: -1, ToPort: -1, IpRanges: [{ CidrIp: '0.0.0.0/0' }], UserIdGroupPairs: [] },
        ],
        IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      })),
    ],
  },
  'describe-network-interfaces': {
    NetworkInterfaces: [
      { NetworkInterfaceId: 'eni-0', Status: 'available', VpcId: 'vpc-d', SubnetId: 'subnet-d' },
      ...['1', '2'].map((n) => ({
        NetworkInterfaceId: `eni-${n}`,
        Status: 'in-use',
        VpcId: `vpc-${n}`,
        SubnetId: `subnet-${n}`,
        Attachment: { InstanceId: `i-${n}`, DeviceIndex: 0, AttachTime: '2026-11-23T09:00:00+00:00' },
        Groups: [{ GroupId: `sg-${n}`, GroupName: 'launch-wizard-1' }],
        SourceDestCheck: true,
        PrivateIpAddresses: [
          { PrivateIpAddress: `10.${n}.0.5`, Primary: true, Association: { PublicIp: `13.36.0.${n}` } },
        ],
      })),
    ],
  },
  'describe-instances': {
    Reservations: [
      // Terminated an hour ago: it has lost its network.
      {
        Instances: [
          { InstanceId: 'i-0', State: { Code: 48, Name: 'terminated' }, LaunchTime: '2026-11-22T08:00:00+00:00' },
        ],
      },
      ...['1', '2'].map((n) => ({
        OwnerId: ACCOUNT,
        Instances: [
          {
            InstanceId: `i-${n}`,
            State: { Code: 16, Name: 'running' },
            VpcId: `vpc-${n}`,
            SubnetId: `subnet-${n}`,
            PrivateIpAddress: `10.${n}.0.5`,
            PublicIpAddress: `13.36.0.${n}`,
            LaunchTime: '2026-11-23T09:00:00+00:00',
            NetworkInterfaces: [{ NetworkInterfaceId: `eni-${n}` }],
          },
        ],
      })),
    ],
  },
  'describe-vpc-peering-connections': {
    VpcPeeringConnections: [
      // Deleted: both sides have lost their blocks.
      {
        VpcPeeringConnectionId: 'pcx-0',
        Status: { Code: 'deleted', Message: `Deleted by ${ACCOUNT}` },
        RequesterVpcInfo: { OwnerId: ACCOUNT, VpcId: 'vpc-1', Region: 'eu-west-3' },
        AccepterVpcInfo: { OwnerId: ACCOUNT, VpcId: 'vpc-2', Region: 'eu-west-3' },
      },
      {
        VpcPeeringConnectionId: 'pcx-1',
        Status: { Code: 'active', Message: 'Active' },
        RequesterVpcInfo: { CidrBlock: '10.1.0.0/16', OwnerId: ACCOUNT, VpcId: 'vpc-1', Region: 'eu-west-3' },
        AccepterVpcInfo: { CidrBlock: '10.2.0.0/16', OwnerId: ACCOUNT, VpcId: 'vpc-2', Region: 'eu-west-3' },
      },
      {
        VpcPeeringConnectionId: 'pcx-2',
        Status: { Code: 'pending-acceptance' },
        ExpirationTime: '2099-01-01T00:00:00+00:00',
        RequesterVpcInfo: { CidrBlock: '172.31.0.0/16', OwnerId: ACCOUNT, VpcId: 'vpc-d' },
        AccepterVpcInfo: { OwnerId: '111122223333', VpcId: 'vpc-f' },
      },
    ],
  },
} as const;

function folder(outputs: Readonly<Record<string, unknown>>): string {
  const dir = mkdtempSync(join(tmpdir(), 'labproof-saved-'));
  for (const [name, output] of Object.entries(outputs)) {
    const bytes = typeof output === 'string' || Buffer.isBuffer(output) ? output : JSON.stringify(output, null, 4);
    writeFileSync(join(dir, `${name}.json`), bytes);
  }
  return dir;
}

const open = async (outputs: Readonly<Record<string, unknown>>) =>
  (await openSaved(folder(outputs), 'eu-west-3')).reader;

async function verdicts(reader: AccountReader): Promise<Record<string, string>> {
  const { steps } = await verify({ lab, checks, reader, clock: Date.now });
  return Object.fromEntries(steps.flatMap((step) => step.checks.map(({ id, verdict }) => [id, verdict])));
}

async function problemOf(outputs: Readonly<Record<string, unknown>>, region?: string) {
  try {
    await openSaved(folder(outputs), region);
  } catch (error) {
    if (error instanceof FileError) return error.problems[0];
    throw error;
  }
  throw new Error('it was accepted');
}

const unread = <T>(reading: Reading<T>) => (reading.ok ? undefined : reading.unread);

const PROVEN = [
  'vpc-1',
  'vpc-2',
  'cidrs-unique',
  'instance-1',
  'instance-2',
  'ping-allowed',
  'peering-active',
  'peering-routes',
];

test("a used account's network is judged as it is, and what was not saved is unknown", async () => {
  const { reader } = await openSaved(folder(network));
  expect(value(await reader.identity())).toMatchObject({ account: ACCOUNT, region: 'eu-west-3', partition: 'aws' });
  const all = lab.steps.flatMap((step) => step.checks.map(({ id }) => [id, PROVEN.includes(id) ? 'pass' : 'unknown']));
  expect(await verdicts(reader)).toEqual(Object.fromEntries(all));
});

test('a saved list that is empty is empty', async () => {
  const nothing = { 'describe-flow-logs': { FlowLogs: [] }, 'describe-log-groups': { logGroups: [] } };
  expect(await verdicts(await open({ ...network, ...nothing }))).toMatchObject({
    'vpc-1': 'pass',
    'log-group': 'fail',
  });
});

describe('what is not there is unread, never empty', () => {
  test('no file', async () => {
    const { 'describe-vpcs': _, ...rest } = network;
    const message = expect.stringContaining('no file describe-vpcs.json');
    expect(unread(await (await open(rest)).read('vpcs'))).toEqual({
      reason: 'unsupported',
      action: 'ec2:DescribeVpcs',
      message,
    });
  });

  test('an empty file, which a command leaves that was denied', async () => {
    const reader = await open({ ...network, 'describe-vpcs': '' });
    expect(unread(await reader.read('vpcs'))?.message).toContain('describe-vpcs.json is empty');
  });

  test('a ping', async () => {
    const reader = await open(network);
    const asked = await reader.ask({ kind: 'ping', instanceId: 'i-1', address: '10.2.0.5' });
    expect(unread(asked)).toMatchObject({ reason: 'unsupported', action: 'ssm:SendCommand' });
  });

  test("a customer's prefix list without its entries", async () => {
    const list = { PrefixListId: 'pl-2', PrefixListName: 'ours', OwnerId: ACCOUNT };
    const lists = { 'describe-managed-prefix-lists': { PrefixLists: [list] } };
    expect(unread(await (await open({ ...network, ...lists })).read('prefixLists'))?.message).toContain('pl-2');
    const entries = { 'get-managed-prefix-list-entries-pl-2': { Entries: [{ Cidr: '10.9.0.0/16' }] } };
    const reader = await open({ ...network, ...lists, ...entries });
    expect(value(await reader.read('prefixLists'))).toEqual([{ id: 'pl-2', name: 'ours', cidrs: ['10.9.0.0/16'] }]);
  });
});

describe('pages', () => {
  const [first, ...others] = network['describe-instances'].Reservations;
  const pages = {
    ...network,
    'describe-instances': { Reservations: [first], NextToken: 'more' },
    'describe-instances-2': { Reservations: others },
  };

  test('are one list, also where one was saved twice', async () => {
    const reader = await open({ ...pages, 'describe-instances-3': { Reservations: others } });
    expect(
      value(await reader.read('instances'))
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['i-0', 'i-1', 'i-2']);
  });

  test('of which one is missing are unread', async () => {
    const { 'describe-instances-2': _, ...rest } = pages;
    expect(unread(await (await open(rest)).read('instances'))?.message).toContain('one page of several');
  });
});

test('the clock is when the newest output was saved', async () => {
  const dir = folder(network);
  const at = new Date('2026-11-23T12:34:56Z');
  for (const name of Object.keys(network)) utimesSync(join(dir, `${name}.json`), at, at);
  expect((await openSaved(dir)).reader.now()).toBe(at.getTime());
});

test('PowerShell writes UTF-16 with a byte order mark', async () => {
  const text = `\ufeff${JSON.stringify(network['describe-vpcs'], null, 4)}`;
  const reader = await open({ ...network, 'describe-vpcs': Buffer.from(text, 'utf16le') });
  expect(value(await reader.read('vpcs'))).toHaveLength(3);
});

describe('roles', () => {
  const arn = `arn:aws:iam::${ACCOUNT}:role/lab/Writer`;
  const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'a' }, Action: 'x' }] };
  const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'logs:*', Resource: '%41' }] };
  const policyArn = `arn:aws:iam::${ACCOUNT}:policy/Write`;
  const role = { RoleName: 'Writer', Arn: arn, Path: '/lab/', CreateDate: '2026-11-23T09:00:00+00:00' };
  const answered = {
    name: 'Writer',
    arn,
    trustPolicy: JSON.stringify(trust),
    policies: [
      { name: 'Write', arn: policyArn, document: JSON.stringify(document) },
      { name: 'Own', document: JSON.stringify(document) },
    ],
  };
  const single = {
    'get-role': { Role: { ...role, AssumeRolePolicyDocument: trust } },
    'list-attached-role-policies': { AttachedPolicies: [{ PolicyName: 'Write', PolicyArn: policyArn }] },
    'list-role-policies-Writer': { PolicyNames: ['Own'] },
    'get-role-policy': { RoleName: 'Writer', PolicyName: 'Own', PolicyDocument: document },
    'get-policy': { Policy: { Arn: policyArn, DefaultVersionId: 'v2' } },
    'get-policy-version': { PolicyVersion: { VersionId: 'v2', Document: document } },
  };
  const details = {
    UserDetailList: [],
    GroupDetailList: [],
    RoleDetailList: [
      {
        ...role,
        AssumeRolePolicyDocument: trust,
        AttachedManagedPolicies: [{ PolicyName: 'Write', PolicyArn: policyArn }],
        RolePolicyList: [{ PolicyName: 'Own', PolicyDocument: document }],
      },
    ],
    Policies: [
      {
        PolicyName: 'Write',
        Arn: policyArn,
        DefaultVersionId: 'v2',
        PolicyVersionList: [
          { VersionId: 'v1', IsDefaultVersion: false, Document: trust },
          { VersionId: 'v2', IsDefaultVersion: true, Document: document },
        ],
      },
    ],
  };

  test.each([
    ['from a file for each call', single],
    ['from get-account-authorization-details', { 'get-account-authorization-details': details }],
  ])('%s', async (_, saved) => {
    const reader = await open({ ...network, ...saved });
    expect(value(await reader.ask({ kind: 'role', arn }))).toEqual(answered);
  });

  test('a role that the whole list does not have is not there; without the list that is not known', async () => {
    const question = { kind: 'role', arn: `arn:aws:iam::${ACCOUNT}:role/Other` } as const;
    expect(unread(await (await open({ ...network, ...single })).ask(question))?.message).toContain(
      'get-role-Other.json',
    );
    const listed = await open({ ...network, ...single, 'list-roles': { Roles: [role] } });
    expect(value(await listed.ask(question))).toBeNull();
  });

  test("another version than the default one is not the policy's", async () => {
    const other = { 'get-policy-version': { PolicyVersion: { VersionId: 'v1', Document: document } } };
    const reader = await open({ ...network, ...single, ...other });
    expect(unread(await reader.ask({ kind: 'role', arn }))?.message).toContain('get-policy-version-Write.json');
  });
});

describe('logs and pings', () => {
  const groups = {
    'describe-flow-logs': { FlowLogs: [{ FlowLogId: 'fl-1', LogGroupName: 'g', ResourceId: 'vpc-1' }] },
    'describe-log-groups': {
      logGroups: [{ logGroupName: 'g', arn: `arn:aws:logs:eu-west-3:${ACCOUNT}:log-group:g:*`, creationTime: 1 }],
    },
    'filter-log-events': { events: [{ logStreamName: 'eni-1-all', timestamp: 5, message: '10.2.0.5', eventId: '1' }] },
    'describe-queries': {
      queries: [
        { queryId: 'q-1', queryString: 'stats', status: 'Complete', createTime: 7, logGroupName: 'g' },
        { queryId: 'q-2', queryString: 'stats', status: 'Complete', createTime: 8, logGroupName: 'h' },
      ],
    },
    'get-query-results-q-1': {
      results: [[{ field: 'n', value: '1' }], [{ field: 'n', value: '1' }]],
      status: 'Complete',
    },
  };

  test('a file without a name is of the only group that flow logs deliver to', async () => {
    const reader = await open({ ...network, ...groups });
    const events = await reader.ask({ kind: 'logEvents', logGroup: 'g', anyOf: ['10.2.0.5'] });
    expect(value(events)).toEqual([{ stream: 'eni-1-all', at: 5, message: '10.2.0.5' }]);
    const other = await reader.ask({ kind: 'logEvents', logGroup: '/h', anyOf: ['10.2.0.5'] });
    expect(unread(other)?.message).toContain('filter-log-events-h.json');
  });

  test("a query's rows are its own, equal ones too", async () => {
    const reader = await open({ ...network, ...groups });
    const [query, ...more] = value(await reader.ask({ kind: 'queries', logGroup: 'g' }));
    expect([query?.rows, more]).toEqual([[{ n: '1' }, { n: '1' }], []]);
  });

  test('rows that were saved before the query had ended are unread', async () => {
    const early = { 'get-query-results-q-1': { results: [], status: 'Running' } };
    const reader = await open({ ...network, ...groups, ...early });
    expect(unread(await reader.ask({ kind: 'queries', logGroup: 'g' }))?.message).toContain(
      'before the query had ended',
    );
  });

  const invocation = (InstanceId: string, plugins: readonly object[]) => ({
    InstanceId,
    RequestedDateTime: '2026-11-23T09:30:00.123000+00:00',
    CommandPlugins: plugins,
  });
  const output = 'PING 10.2.0.5 (10.2.0.5) 56(84) bytes of data.\n\n5 packets transmitted, 5 received, 0% packet loss';

  test('pings are those of the instance; of one that no file names, nothing is known', async () => {
    const CommandInvocations = [invocation('i-1', [{ Name: 'aws:runShellScript', Output: output }])];
    const reader = await open({ ...network, 'list-command-invocations': { CommandInvocations } });
    const [ping] = value(await reader.ask({ kind: 'pings', instanceId: 'i-1' }));
    expect(ping).toMatchObject({ address: '10.2.0.5', received: 5, at: Date.parse('2026-11-23T09:30:00.123Z') });
    const other = await reader.ask({ kind: 'pings', instanceId: 'i-2' });
    expect(unread(other)?.message).toContain('list-command-invocations-i-2.json');
  });

  test('pings without their outputs are unread', async () => {
    const saved = { 'list-command-invocations': { CommandInvocations: [invocation('i-1', [])] } };
    const reader = await open({ ...network, ...saved });
    expect(unread(await reader.ask({ kind: 'pings', instanceId: 'i-1' }))?.message).toContain('--details');
  });
});

describe('a folder that cannot be right is refused with the place', () => {
  test.each<[string, string, unknown, RegExp, number?, number?]>([
    ['cut off', 'describe-vpcs', '{\n    "Vpcs": [\n', /cut off/, 3, 1],
    ['a table', 'describe-vpcs', '-----\n|DescribeVpcs|\n', /no JSON/, 1, 1],
    ['the output of another command', 'describe-subnets', network['describe-vpcs'], /no Subnets, but Vpcs/, 1, 1],
    ['the output of --query', 'describe-vpcs', network['describe-vpcs'].Vpcs, /--output json/, 1, 1],
    ['a text for a list', 'describe-vpcs', '{"Vpcs":\n "none"}', /a list/, 2, 2],
    [
      'a text for a number',
      'describe-network-acls',
      '{"NetworkAcls": [{"Entries": [{"RuleNumber": "1"}]}]}',
      /a number/,
      1,
      46,
    ],
    [
      'a date that is none',
      'describe-instances',
      '{"Reservations": [{"Instances": [{"LaunchTime": "soon"}]}]}',
      /a date/,
      1,
      49,
    ],
  ])('%s', async (_, name, output, message, line, column) => {
    const problem = await problemOf({ ...network, [name]: output });
    expect(problem).toMatchObject({
      file: expect.stringMatching(`${name}.json$`),
      message: expect.stringMatching(message),
    });
    expect(problem).toMatchObject({ line, column });
  });

  test('outputs of two Regions', async () => {
    const Subnets = [...network['describe-subnets'].Subnets, { SubnetId: 'subnet-9', AvailabilityZone: 'us-east-1a' }];
    expect((await problemOf({ ...network, 'describe-subnets': { Subnets } })).message).toContain(
      'eu-west-3, us-east-1',
    );
    expect((await problemOf(network, 'us-east-1')).message).toContain('of eu-west-3');
  });

  test('nothing that tells the Region or the account', async () => {
    const flowLogs = { 'describe-flow-logs': { FlowLogs: [] } };
    expect((await problemOf(flowLogs)).message).toContain('--region');
    expect((await problemOf(flowLogs, 'eu-west-3')).message).toContain('get-caller-identity.json');
  });

  test('no output at all', async () => {
    expect((await problemOf({ notes: [] })).message).toContain('describe-vpcs.json');
  });
});

test('other files are named and not read', async () => {
  const dir = folder({ ...network, 'describe-vpc-endpoints': '{', 'describe-vpcs-old': '{' });
  expect((await openSaved(dir)).ignored).toEqual(['describe-vpc-endpoints.json', 'describe-vpcs-old.json']);
});
