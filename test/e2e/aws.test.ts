/** `labproof aws …` as users call it: the lab by its words alone, and side by side with a real AWS CLI. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Result } from '../../src/run/result.ts';
import { cli, freshEnv, labproof, type RunningSandbox, run, startSandbox } from './labproof.ts';

/** Debian's; its answers in text and in tables do not depend on how old its models are. */
const AWS = '/usr/bin/aws';
const env = freshEnv();
let sandbox: RunningSandbox;

beforeAll(async () => {
  sandbox = await startSandbox(env, '--time-scale', '1000');
});
afterAll(() => sandbox.stop());

const aws = (...words: readonly string[]) => labproof(['aws', ...words], sandbox.env);

test('the printed solution, run with labproof aws for aws, passes every check', async () => {
  const printed = await labproof(['solve', 'vpc-flow-logs', '--print'], env);
  const script = join(env.HOME ?? '', 'solution.sh');
  writeFileSync(script, `aws() { '${process.execPath}' '${cli}' aws "$@"; }\n${printed.stdout}`);
  const ran = await run('bash', [script], sandbox.env);
  expect(ran.code, `${ran.stdout}\n${ran.stderr}`).toBe(0);
  const verified = await labproof(['verify', 'vpc-flow-logs', '--json', '--timeout', '10'], sandbox.env);
  const result = JSON.parse(verified.stdout) as Result;
  expect(result.points).toEqual({ earned: 100, possible: 100 });
}, 240_000);

describe.runIf(existsSync(AWS))("prints what Debian's aws prints, to the letter", () => {
  test.each([
    // Only what Debian's older client knows every field of.
    ['ec2 describe-internet-gateways', 'text'],
    ['ec2 describe-network-acls', 'table'],
    ['ec2 describe-route-tables', 'table'],
    ['ec2 describe-subnets --query Subnets[].[SubnetId,CidrBlock,MapPublicIpOnLaunch]', 'json'],
    ['ec2 describe-vpc-peering-connections', 'text'],
    ['ec2 describe-route-tables --max-items 1', 'text'],
    ['iam get-role --role-name labproof-ssm', 'json'],
    ['iam list-policies --scope Local', 'table'],
    ['logs describe-log-groups --query logGroups[].[logGroupName,creationTime,storedBytes]', 'table'],
    ['ssm describe-instance-information --query InstanceInformationList[].InstanceId', 'text'],
    ['sts get-caller-identity', 'json'],
    ['ec2 delete-vpc --vpc-id vpc-0', 'json'],
    ['iam get-role --role-name nobody', 'json'],
    ['ec2 wait network-interface-available --network-interface-ids eni-0a0a0a0a', 'json'],
    ['ec2 wait subnet-available --subnet-ids subnet-0a0a0a0a', 'json'],
  ])('%s --output %s', async (line, output) => {
    const words = [...line.split(' '), '--output', output];
    const theirs = await run(AWS, ['--endpoint-url', sandbox.url, ...words], sandbox.env);
    expect(await aws(...words)).toEqual(theirs);
  });
});

test.runIf(existsSync(AWS)).each([
  ['s3api list-buckets', 'ListBuckets', 's3'],
  ['route53 list-hosted-zones', 'ListHostedZones', 'route53'],
  ['lambda list-functions', 'ListFunctions', 'lambda'],
  ['dynamodb list-tables', 'ListTables', 'dynamodb'],
  ['cloudformation list-stacks', 'ListStacks', 'cloudformation'],
])("Debian's aws %s says that the sandbox does not have the service", async (line, operation, service) => {
  const { code, stderr } = await run(AWS, ['--endpoint-url', sandbox.url, ...line.split(' ')], sandbox.env);
  expect(code).toBe(254);
  expect(stderr).toContain(
    `An error occurred (NotImplemented) when calling the ${operation} operation: The sandbox does not have the service ${service}.`,
  );
});

test('--sandbox finds the running sandbox', async () => {
  const { code, stdout } = await labproof(
    ['aws', '--sandbox', 'sts', 'get-caller-identity', '--query', 'Account'],
    env,
  );
  expect({ code, stdout }).toEqual({ code: 0, stdout: '"123456789012"\n' });
});

test('a wait ends when the state is reached', async () => {
  const id = (await aws('ec2', 'describe-vpcs', '--query', 'Vpcs[0].VpcId', '--output', 'text')).stdout.trim();
  expect(await aws('ec2', 'wait', 'vpc-available', '--vpc-ids', id)).toEqual({ code: 0, stdout: '', stderr: '' });
});

test.each([
  [
    'ec2 describe-vpc',
    2,
    "labproof: Invalid choice: 'describe-vpc'. Did you mean describe-vpcs? See: labproof aws ec2 help\n",
  ],
  ['ec3 describe-vpcs', 2, "labproof: Invalid choice: 'ec3'. Did you mean ec2? See: labproof aws help\n"],
  ['ec2 describe-vpcs --filtres Name=a', 2, 'labproof: Unknown options: --filtres (maybe you meant --filters)\n'],
  ['ec2 create-subnet', 2, 'labproof: the following arguments are required: --vpc-id\n'],
  ['ec2 describe-vpcs --endpoint-url http://127.0.0.1:9', 255, 'http://127.0.0.1:9 cannot be reached'],
])(
  'aws %s ends with %i',
  async (line, code, stderr) => {
    const ran = await aws(...line.split(' '));
    expect(ran).toMatchObject({ code, stdout: '' });
    expect(ran.stderr).toContain(stderr);
  },
  30_000,
);

test.each([
  'help',
  'ec2 help',
  'ec2 create-vpc help',
  'ec2 create-vpc --help',
  'ec2 wait instance-running help',
])('aws %s', async (line) => {
  const { code, stdout } = await aws(...line.split(' '));
  expect(code).toBe(0);
  expect(stdout).toContain(`labproof aws ${line.replace(/ ?(--)?help/, '')}`.trim());
});
