/** From the words of a command to the input that is sent. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ServiceName } from '../../src/account/connection.ts';
import { readService } from '../../src/account/operations.ts';
import { readRequest } from '../../src/awscli/request.ts';

const folder = mkdtempSync(join(tmpdir(), 'labproof-awscli-'));
writeFileSync(join(folder, 'data.sh'), 'echo "hällo"\n');

async function request(service: ServiceName, operation: string, ...words: readonly string[]) {
  const model = (await readService(service)).operation(operation);
  if (!model) throw new Error(`There is no ${operation}.`);
  return readRequest(service, model, words);
}

const permission = (rest: object) => ({ GroupId: 'sg-1', IpPermissions: [rest] });

test.each([
  [
    'ec2',
    'DescribeVpcs',
    '--filter Name=state,Values=available,pending --vpc-ids a b',
    {
      Filters: [{ Name: 'state', Values: ['available', 'pending'] }],
      VpcIds: ['a', 'b'],
    },
  ],
  [
    'ec2',
    'DescribeVpcs',
    '--filters {"Name":"a","Values":["b"]} {"Name":"c"}',
    {
      Filters: [{ Name: 'a', Values: ['b'] }, { Name: 'c' }],
    },
  ],
  ['ec2', 'DescribeVpcs', '--dry-run --no-dry-run', { DryRun: false }],
  [
    'ec2',
    'DescribeVpcs',
    '--vpc-ids a --cli-input-json {"VpcIds":["b"],"DryRun":true}',
    { VpcIds: ['a'], DryRun: true },
  ],
  [
    'ec2',
    'ModifySubnetAttribute',
    '--subnet-id s --no-map-public-ip-on-launch',
    {
      SubnetId: 's',
      MapPublicIpOnLaunch: { Value: false },
    },
  ],
  [
    'ec2',
    'ModifyVpcAttribute',
    '--vpc-id v --enable-dns-support Value=false',
    {
      VpcId: 'v',
      EnableDnsSupport: { Value: false },
    },
  ],
  [
    'ec2',
    'ModifyInstanceAttribute',
    '--instance-id i --instance-initiated-shutdown-behavior stop',
    {
      InstanceId: 'i',
      InstanceInitiatedShutdownBehavior: { Value: 'stop' },
    },
  ],
  [
    'ec2',
    'AuthorizeSecurityGroupIngress',
    '--group-id sg-1 --protocol tcp --port 22-25 --cidr 10.0.0.0/8',
    permission({
      IpProtocol: 'tcp',
      FromPort: 22,
      ToPort: 25,
      IpRanges: [{ CidrIp: '10.0.0.0/8' }],
    }),
  ],
  [
    'ec2',
    'RevokeSecurityGroupEgress',
    '--group-id sg-1 --protocol all --source-group sg-2 --group-owner 123456789012',
    permission({
      IpProtocol: '-1',
      UserIdGroupPairs: [{ GroupId: 'sg-2', UserId: '123456789012' }],
    }),
  ],
  [
    'ec2',
    'CreateNetworkAclEntry',
    '--network-acl-id a --ingress --rule-number 1 --protocol icmp --icmp-type-code Type=-1,Code=-1 --rule-action deny',
    {
      NetworkAclId: 'a',
      Egress: false,
      RuleNumber: 1,
      Protocol: '1',
      IcmpTypeCode: { Type: -1, Code: -1 },
      RuleAction: 'deny',
    },
  ],
  [
    'ec2',
    'RunInstances',
    `--image-id a --count 1:2 --user-data file://${folder}/data.sh`,
    {
      ImageId: 'a',
      MinCount: 1,
      MaxCount: 2,
      UserData: 'ZWNobyAiaMOkbGxvIgo=',
    },
  ],
  [
    'ec2',
    'RunInstances',
    '--associate-public-ip-address --subnet-id s --security-group-ids g h',
    {
      MinCount: 1,
      MaxCount: 1,
      NetworkInterfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: true, SubnetId: 's', Groups: ['g', 'h'] }],
    },
  ],
  [
    'ssm',
    'SendCommand',
    '--document-name AWS-RunShellScript --instance-ids i --parameters commands=[ls,pwd],executionTimeout=60',
    {
      DocumentName: 'AWS-RunShellScript',
      InstanceIds: ['i'],
      Parameters: { commands: ['ls', 'pwd'], executionTimeout: ['60'] },
    },
  ],
  [
    'ssm',
    'SendCommand',
    '--document-name AWS-RunShellScript --parameters {"commands":["a"]} --targets Key=tag:Name,Values=a,b',
    {
      DocumentName: 'AWS-RunShellScript',
      Parameters: { commands: ['a'] },
      Targets: [{ Key: 'tag:Name', Values: ['a', 'b'] }],
    },
  ],
  [
    'logs',
    'PutLogEvents',
    '--log-group-name g --log-stream-name s --log-events timestamp=1,message=a',
    {
      logGroupName: 'g',
      logStreamName: 's',
      logEvents: [{ timestamp: 1, message: 'a' }],
    },
  ],
  ['iam', 'ListRoles', '--no-paginate --max-items 3', { MaxItems: 3 }],
] as const)('%s %s %s', async (service, operation, line, input) => {
  expect((await request(service, operation, ...line.split(' '))).input).toEqual(input);
});

test.each([
  ['ec2', 'CreateSubnet', '--cidr-block 10.0.0.0/24', 'the following arguments are required: --vpc-id'],
  [
    'ec2',
    'DescribeVpcs',
    '--filters Name=a,Value=b',
    'Unknown parameter in Filters[0]: "Value", must be one of: Name, Values',
  ],
  [
    'ec2',
    'DescribeVpcs',
    '--cli-input-json {"VpcIds":"v"}',
    'Invalid type for parameter VpcIds, value: v, valid type: list',
  ],
  ['ec2', 'CreateSubnet', '--cli-input-json {}', 'Missing required parameter in input: "VpcId"'],
  ['ec2', 'DescribeVpcs', '--vpc-ids file:///nowhere', 'Unable to load paramfile file:///nowhere'],
  ['ec2', 'DescribeVpcs', '--filters [1', "Error parsing parameter '--filters': Invalid JSON"],
  [
    'ec2',
    'DescribeVpcs',
    '--no-paginate --max-items 1',
    'Cannot specify --no-paginate along with pagination arguments: --max-items',
  ],
  [
    'ec2',
    'AuthorizeSecurityGroupIngress',
    '--ip-permissions IpProtocol=tcp --cidr a',
    'The --cidr option is not compatible with the --ip-permissions option',
  ],
  [
    'ec2',
    'AuthorizeSecurityGroupIngress',
    '--protocol tcp --port x',
    'port parameter should be of the form <from[-to]>',
  ],
  [
    'ec2',
    'RunInstances',
    '--network-interfaces DeviceIndex=0 --associate-public-ip-address',
    'Mixing the --network-interfaces option',
  ],
  ['ec2', 'DescribeVpcs', 'extra', 'Unknown options: extra'],
] as const)('%s %s %s is refused', async (service, operation, line, message) => {
  await expect(request(service, operation, ...line.split(' '))).rejects.toThrow(message);
});

test("pages are turned by the command, unless the service's own paging parameters are given", async () => {
  const paging = async (...words: readonly string[]) =>
    (await request('ec2', 'DescribeSubnets', ...words)).paging?.options;
  expect(await paging()).toEqual({});
  expect(await paging('--max-items', '2', '--page-size', '5', '--starting-token', 'x')).toEqual({
    maxItems: 2,
    startingToken: 'x',
  });
  expect(await paging('--max-results', '5')).toBeUndefined();
  expect(await paging('--no-paginate')).toBeUndefined();
});
