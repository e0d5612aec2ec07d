/**
 * `--enforce-iam` through the SDK: IAM User Guide, "Policy evaluation logic", "Permissions boundaries", "Session policies",
 * "Troubleshoot access denied error messages"; Service Authorization Reference for actions, resources and keys.
 */
import type { Credentials } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientsOf, refusal, type Served, serve, there } from '../clients.ts';
import { trust } from '../lab-world.ts';

let sandbox: Served;
beforeEach(async () => {
  sandbox = await serve({ enforceIam: true });
});
afterEach(() => sandbox.close());

const HOME = '123456789012';
const UserName = 'ada';
const arn = `arn:aws:iam::${HOME}:user/${UserName}`;

const statement = (Action: string | string[], rest: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
  ...rest,
});
const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const deny = (Action: string) => ({ Effect: 'Deny', Action, Resource: '*' });

const clients = (key: string | Credentials) => clientsOf(sandbox.url, key);
type Clients = ReturnType<typeof clients>;

/** A user who may do what these statements say. */
async function user(...statements: object[]): Promise<Clients> {
  await sandbox.iam.createUser({ UserName });
  if (statements.length > 0)
    await sandbox.iam.putUserPolicy({ UserName, PolicyName: 'own', PolicyDocument: document(...statements) });
  const { AccessKey } = await sandbox.iam.createAccessKey({ UserName });
  return clients(there(AccessKey?.AccessKeyId));
}

describe('Who has no policy is told so in each service’s words', () => {
  it.each<[string, string, number, string, (c: Clients) => Promise<unknown>]>([
    [
      'EC2, without a resource',
      'UnauthorizedOperation',
      403,
      `You are not authorized to perform this operation. User: ${arn} is not authorized to perform: ec2:DescribeVpcs because no identity-based policy allows the ec2:DescribeVpcs action`,
      (c) => c.ec2.describeVpcs(),
    ],
    [
      'EC2, with a resource',
      'UnauthorizedOperation',
      403,
      `You are not authorized to perform this operation. User: ${arn} is not authorized to perform: ec2:CreateVpc on resource: arn:aws:ec2:us-east-1:${HOME}:vpc/* because no identity-based policy allows the ec2:CreateVpc action. Encoded authorization failure message: `,
      (c) => c.ec2.createVpc({ CidrBlock: '10.1.0.0/16' }),
    ],
    [
      'EC2, before a dry run',
      'UnauthorizedOperation',
      403,
      'You are not authorized',
      (c) => c.ec2.describeVpcs({ DryRun: true }),
    ],
    [
      'IAM',
      'AccessDenied',
      403,
      `User: ${arn} is not authorized to perform: iam:GetRole on resource: arn:aws:iam::${HOME}:role/labs because no identity-based policy allows the iam:GetRole action`,
      (c) => c.iam.getRole({ RoleName: 'labs' }),
    ],
    [
      'CloudWatch Logs',
      'AccessDeniedException',
      400,
      `User: ${arn} is not authorized to perform: logs:CreateLogGroup on resource: arn:aws:logs:us-east-1:${HOME}:log-group:lab:log-stream: because no identity-based policy allows the logs:CreateLogGroup action`,
      (c) => c.logs.createLogGroup({ logGroupName: 'lab' }),
    ],
    [
      'Systems Manager',
      'AccessDeniedException',
      400,
      `User: ${arn} is not authorized to perform: ssm:SendCommand on resource: arn:aws:ssm:us-east-1::document/AWS-RunShellScript because no identity-based policy allows the ssm:SendCommand action`,
      (c) => c.ssm.sendCommand({ DocumentName: 'AWS-RunShellScript', InstanceIds: ['i-00000000000000001'] }),
    ],
  ])('%s', async (_what, code, status, message, call) => {
    const refused = await refusal(call(await user()));
    expect(refused).toMatchObject({ code, status, message: expect.stringContaining(message) });
  });

  it('but may always ask who it is', async () => {
    expect((await (await user(deny('*'))).sts.getCallerIdentity()).Arn).toBe(arn);
  });

  it('and may have EC2’s message decoded', async () => {
    const { ec2, sts } = await user(statement('sts:DecodeAuthorizationMessage'));
    const { message } = await refusal(ec2.createVpc({ CidrBlock: '10.1.0.0/16' }));
    const EncodedMessage = there(message.split('message: ')[1]);
    const { DecodedMessage = '' } = await sts.decodeAuthorizationMessage({ EncodedMessage });
    expect(JSON.parse(DecodedMessage)).toMatchObject({ allowed: false, context: { action: 'ec2:CreateVpc' } });
  });
});

describe('A policy lets do', () => {
  const vpc = { CidrBlock: '10.1.0.0/16' };
  const tags = (Key: string, Value: string) => [{ ResourceType: 'vpc' as const, Tags: [{ Key, Value }] }];
  const create = (c: Clients) => c.ec2.createVpc(vpc);
  const createTagged = (c: Clients) => c.ec2.createVpc({ ...vpc, TagSpecifications: tags('lab', 'peering') });
  const tagOnCreate = statement('ec2:CreateTags', { Condition: { StringEquals: { 'ec2:CreateAction': 'CreateVpc' } } });
  it.each<[boolean, string, object[], (c: Clients) => Promise<unknown>]>([
    [true, 'what it names', [statement('ec2:Create*')], create],
    [false, 'nothing that another statement denies', [statement('*'), deny('ec2:CreateVpc')], create],
    [
      true,
      'it in this Region',
      [statement('ec2:*', { Condition: { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } } })],
      create,
    ],
    [
      false,
      'it in another Region',
      [statement('ec2:*', { Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } })],
      create,
    ],
    [true, 'it on this resource', [statement('ec2:*', { Resource: `arn:aws:ec2:us-east-1:${HOME}:vpc/*` })], create],
    [
      false,
      'it on another resource',
      [statement('ec2:*', { Resource: `arn:aws:ec2:us-east-1:${HOME}:subnet/*` })],
      create,
    ],
    [false, 'no tags on creation without ec2:CreateTags', [statement('ec2:CreateVpc')], createTagged],
    [true, 'tags on creation', [statement('ec2:CreateVpc'), tagOnCreate], createTagged],
    [
      true,
      'it with this tag',
      [statement('ec2:*', { Condition: { StringEquals: { 'aws:RequestTag/lab': 'peering' } } })],
      createTagged,
    ],
    [false, 'it only with a tag', [statement('ec2:*', { Condition: { Null: { 'aws:TagKeys': 'false' } } })], create],
    [true, 'it for oneself', [statement('ec2:*', { Condition: { ArnEquals: { 'aws:PrincipalArn': arn } } })], create],
    [
      true,
      'what concerns oneself',
      [statement('iam:*', { Resource: 'arn:aws:iam::*:user/${aws:username}' })],
      (c) => c.iam.listAccessKeys(),
    ],
    [
      false,
      'what concerns others',
      [statement('iam:*', { Resource: 'arn:aws:iam::*:user/${aws:username}' })],
      (c) => c.iam.createUser({ UserName: 'bob' }),
    ],
    [
      true,
      'a parameter of AWS',
      [statement('ssm:GetParameter', { Resource: 'arn:aws:ssm:*::parameter/aws/service/*' })],
      (c) => c.ssm.getParameter({ Name: '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64' }),
    ],
  ])('%s: %s', async (allowed, _what, statements, call) => {
    const result = call(await user(...statements)).then(() => true);
    if (allowed) expect(await result).toBe(true);
    else expect((await refusal(result)).code).toMatch(/UnauthorizedOperation|AccessDenied/);
  });

  it('what a group, an attached policy of AWS and its newest default version allow', async () => {
    const { ec2, logs } = await user();
    await sandbox.iam.createGroup({ GroupName: 'students' });
    await sandbox.iam.attachGroupPolicy({
      GroupName: 'students',
      PolicyArn: 'arn:aws:iam::aws:policy/AmazonVPCReadOnlyAccess',
    });
    expect(await refusal(ec2.describeVpcs())).toMatchObject({ code: 'UnauthorizedOperation' });
    await sandbox.iam.addUserToGroup({ GroupName: 'students', UserName });
    await ec2.describeVpcs();
    const { Policy } = await sandbox.iam.createPolicy({
      PolicyName: 'logs',
      PolicyDocument: document(statement('s3:*')),
    });
    const PolicyArn = there(Policy?.Arn);
    await sandbox.iam.attachUserPolicy({ UserName, PolicyArn });
    expect(await refusal(logs.describeLogGroups())).toMatchObject({ code: 'AccessDeniedException' });
    await sandbox.iam.createPolicyVersion({
      PolicyArn,
      PolicyDocument: document(statement('logs:*')),
      SetAsDefault: true,
    });
    await logs.describeLogGroups();
  });

  it('what tags of the resource allow', async () => {
    const own = await sandbox.ec2.createVpc({ CidrBlock: '10.1.0.0/16', TagSpecifications: tags('team', 'a') });
    const other = await sandbox.ec2.createVpc({ CidrBlock: '10.2.0.0/16', TagSpecifications: tags('team', 'b') });
    const { ec2 } = await user(statement('ec2:*', { Condition: { StringEquals: { 'ec2:ResourceTag/team': 'a' } } }));
    expect(await refusal(ec2.deleteVpc({ VpcId: there(other.Vpc?.VpcId) }))).toMatchObject({
      code: 'UnauthorizedOperation',
    });
    await ec2.deleteVpc({ VpcId: there(own.Vpc?.VpcId) });
  });

  it('the passing of a role to the service that it is for', async () => {
    const { Role } = await sandbox.iam.createRole({
      RoleName: 'flow-logs',
      AssumeRolePolicyDocument: trust('vpc-flow-logs.amazonaws.com'),
    });
    const { Vpc } = await sandbox.ec2.createVpc({ CidrBlock: '10.1.0.0/16' });
    const { ec2 } = await user(statement(['ec2:*', 'logs:*']));
    const call = () =>
      ec2.createFlowLogs({
        ResourceIds: [there(Vpc?.VpcId)],
        ResourceType: 'VPC',
        TrafficType: 'ALL',
        LogGroupName: 'lab',
        DeliverLogsPermissionArn: there(Role?.Arn),
      });
    expect((await refusal(call())).message).toContain(`iam:PassRole on resource: ${Role?.Arn}`);
    const passing = (service: string) =>
      statement('iam:PassRole', { Condition: { StringEquals: { 'iam:PassedToService': service } } });
    await sandbox.iam.putUserPolicy({
      UserName,
      PolicyName: 'pass',
      PolicyDocument: document(passing('ec2.amazonaws.com')),
    });
    expect(await refusal(call())).toMatchObject({ code: 'UnauthorizedOperation' });
    await sandbox.iam.putUserPolicy({
      UserName,
      PolicyName: 'pass',
      PolicyDocument: document(passing('vpc-flow-logs.amazonaws.com')),
    });
    expect((await call()).Unsuccessful).toEqual([]);
  });
});

describe('A role is limited', () => {
  const RoleName = 'lab';
  const RoleArn = `arn:aws:iam::${HOME}:role/${RoleName}`;
  async function role(AWS: string, ...statements: object[]) {
    const AssumeRolePolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' },
    });
    await sandbox.iam.createRole({ RoleName, AssumeRolePolicyDocument });
    await sandbox.iam.putRolePolicy({ RoleName, PolicyName: 'own', PolicyDocument: document(...statements) });
  }
  async function assume(sts = sandbox.sts, Policy?: string) {
    const { Credentials } = await sts.assumeRole({ RoleArn, RoleSessionName: 'session', ...(Policy && { Policy }) });
    return clients(there(Credentials));
  }
  const reads = statement(['ec2:DescribeVpcs', 'iam:ListRoles']);

  it('by its session policy, which gives nothing', async () => {
    await role(HOME, reads);
    const { ec2, iam } = await assume(sandbox.sts, document(statement(['ec2:*', 'logs:*'])));
    await ec2.describeVpcs();
    expect((await refusal(iam.listRoles())).message).toBe(
      `User: arn:aws:sts::${HOME}:assumed-role/lab/session is not authorized to perform: iam:ListRoles on resource: arn:aws:iam::${HOME}:role/ because no session policy allows the iam:ListRoles action`,
    );
    expect((await refusal(ec2.describeSubnets())).message).toContain('because no identity-based policy allows');
  });

  it('by its boundary, which gives nothing', async () => {
    await role(HOME, reads);
    const PolicyDocument = document(statement('ec2:*'), deny('iam:*'));
    const { Policy } = await sandbox.iam.createPolicy({ PolicyName: 'boundary', PolicyDocument });
    await sandbox.iam.putRolePermissionsBoundary({ RoleName, PermissionsBoundary: there(Policy?.Arn) });
    const { ec2, iam } = await assume();
    await ec2.describeVpcs();
    expect((await refusal(iam.listRoles())).message).toContain('with an explicit deny in a permissions boundary');
    await sandbox.iam.deleteRolePermissionsBoundary({ RoleName });
    await iam.listRoles();
  });

  it('to those whom it names, or whose own policies let them where it names their account', async () => {
    const { sts } = await user();
    await role(HOME, reads);
    expect(await refusal(assume(sts))).toMatchObject({ code: 'AccessDenied', status: 403 });
    await sandbox.iam.putUserPolicy({
      UserName,
      PolicyName: 'own',
      PolicyDocument: document(statement('sts:AssumeRole', { Resource: RoleArn })),
    });
    await assume(sts);
    await sandbox.iam.deleteUserPolicy({ UserName, PolicyName: 'own' });
    const named = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { AWS: arn }, Action: 'sts:AssumeRole' },
    });
    await sandbox.iam.updateAssumeRolePolicy({ RoleName, PolicyDocument: named });
    await assume(sts);
    await sandbox.iam.putUserPolicy({ UserName, PolicyName: 'own', PolicyDocument: document(deny('sts:*')) });
    expect(await refusal(assume(sts))).toMatchObject({ code: 'AccessDenied' });
  });
});

it('Without the flag, and for keys that nobody issued, nothing is limited', async () => {
  await sandbox.ec2.describeVpcs();
  const open = await serve();
  await open.iam.createUser({ UserName });
  const { AccessKey } = await open.iam.createAccessKey({ UserName });
  await clientsOf(open.url, there(AccessKey?.AccessKeyId)).ec2.describeVpcs();
  await open.close();
});
